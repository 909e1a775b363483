//! Every `tests/split/<dialect>/<case>.sql` is split as its `.expected` says: statements between `--==--` lines, each
//! under the line it starts on, or the error. `MIGRATE_UPDATE=1` writes the files anew.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use migrate_core::Dialect;
use migrate_core::script::split::split;

const SEPARATOR: &str = "--==--\n";

fn outcome(text: &str, dialect: Dialect) -> String {
    let spans = match split(text, dialect) {
        Ok(spans) => spans,
        Err(error) => {
            let line = text[..error.start].matches('\n').count() + 1;
            let opening = &text[error.start..error.end];
            return format!("error in line {line}: {error}: {opening}\n");
        }
    };
    let mut outcome = String::new();
    for span in spans {
        let before = if outcome.is_empty() { "" } else { SEPARATOR };
        writeln!(outcome, "{before}line {}\n{}", span.line, span.text(text)).unwrap();
    }
    outcome
}

fn check(path: &Path, dialects: &[Dialect]) {
    let text = fs::read_to_string(path).unwrap();
    let expected_path = path.with_extension("expected");
    for dialect in dialects {
        let outcome = outcome(&text, *dialect);
        if env::var_os("MIGRATE_UPDATE").is_some() {
            fs::write(&expected_path, &outcome).unwrap();
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        assert!(
            outcome == expected,
            "{} as {dialect}\n--- expected\n{expected}\n--- found\n{outcome}",
            path.display()
        );
    }
}

fn check_folder(name: &str, dialects: &[Dialect]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/split")
        .join(name);
    let mut cases = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            check(&path, dialects);
            cases += 1;
        }
    }
    assert!(cases > 0, "no cases for {name}");
}

#[test]
fn postgres() {
    check_folder("postgres", &[Dialect::Postgres]);
}

#[test]
fn sqlite() {
    check_folder("sqlite", &[Dialect::Sqlite]);
}

#[test]
fn mysql() {
    check_folder("mysql", &[Dialect::Mysql, Dialect::MariaDb]);
}

#[test]
fn mariadb() {
    check_folder("mariadb", &[Dialect::MariaDb]);
}
