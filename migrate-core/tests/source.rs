//! What a folder of files is read as, and what is said about its faults.
//!
//! Each folder in `tests/source` is a case: `migrations` is read with the options in the file `options`, and what comes
//! out has to be what `expected` says. Where there is a folder `sqlite`, that is another edition, held against the first one.
//! `MIGRATE_UPDATE=1` writes the file anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use migrate_core::diagnostic::codes;
use migrate_core::model::Section;
use migrate_core::source::{Options, Outcome, SourceFile, editions, files_in_folder};
use migrate_core::{Dialect, Layout};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/source");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.retain(|case| case.is_dir());
    cases.sort();
    cases
}

/// `key=value` words: dialect, layout, baseline, since.
fn options(case: &Path) -> Options {
    let mut options = Options::new(Dialect::Postgres);
    // What the SQL does is judged by the tests of the rules and of the derive, in builds with a parser.
    options.rules = None;
    for word in fs::read_to_string(case.join("options"))
        .unwrap_or_default()
        .split_whitespace()
    {
        let (key, value) = word.split_once('=').unwrap();
        match key {
            "dialect" => options.dialect = Dialect::from_name(value).unwrap(),
            "layout" => options.layout = Layout::from_name(value).unwrap(),
            "baseline" => options.baseline = Some(value.parse().unwrap()),
            "since" => options.since = Some(value.parse().unwrap()),
            other => panic!("{}: there is no option {other}", case.display()),
        }
    }
    options
}

fn section(name: &str, section: &Section, shown: &mut String) {
    let mode = section.transaction;
    writeln!(
        shown,
        "    {name} {} line {} {mode:?}",
        section.path, section.line
    )
    .unwrap();
    for (statement, sql) in section.iter() {
        writeln!(shown, "        {}: {sql:?}", statement.line).unwrap();
    }
}

fn show(outcome: &Outcome) -> String {
    let mut shown = String::new();
    for migration in outcome.set.migrations.iter() {
        let released = if migration.released { " released" } else { "" };
        writeln!(
            shown,
            "{migration} {} {}{released}",
            migration.path, migration.phase
        )
        .unwrap();
        section("up", &migration.up, &mut shown);
        migration
            .down
            .iter()
            .for_each(|down| section("down", down, &mut shown));
        migration
            .verify
            .iter()
            .for_each(|verify| section("verify", &verify.query, &mut shown));
        for squashed in migration.squash.iter() {
            writeln!(shown, "    {squashed:?}").unwrap();
        }
        for allow in migration.allow.iter() {
            writeln!(shown, "    {allow:?}").unwrap();
        }
    }
    if !outcome.set.tombstones.is_empty() {
        writeln!(shown, "tombstones {:?}", outcome.set.tombstones).unwrap();
    }
    for diagnostic in &outcome.diagnostics {
        writeln!(shown, "\n{diagnostic}").unwrap();
    }
    shown
}

#[test]
fn every_case_reads_as_expected() {
    let update = env::var_os("MIGRATE_UPDATE").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let files = files_in_folder(&case.join("migrations")).unwrap_or_default();
        let mut outcome = options(&case).read(files);
        if let Ok(files) = files_in_folder(&case.join("sqlite")) {
            let mut options = Options::new(Dialect::Sqlite);
            (options.rules, options.folder) = (None, "sqlite".to_owned());
            let other = options.read(files);
            outcome.diagnostics.extend(other.diagnostics);
            outcome
                .diagnostics
                .extend(editions(&outcome.set, &other.set, "sqlite"));
        }
        let shown = show(&outcome);
        let path = case.join("expected");
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if shown == expected {
            continue;
        }
        if update {
            fs::write(&path, shown).unwrap();
        } else {
            wrong.push(format!(
                "== {}\n-- expected\n{expected}\n-- but it is\n{shown}",
                case.display()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nMIGRATE_UPDATE=1 accepts this",
        wrong.join("\n")
    );
}

#[test]
fn every_code_has_a_case() {
    let all: String = cases()
        .iter()
        .map(|case| fs::read_to_string(case.join("expected")).unwrap_or_default())
        .collect();
    // Options and bindings are those of the derive; its own tests have them. What is not squashed is told by the command
    // line, and has its cases there. A link to nowhere is made at run time, below. What the
    // analysis of the SQL tells has its cases in `rules/`.
    let elsewhere = [
        &codes::BAD_OPTION,
        &codes::UNBOUND_RUST,
        &codes::UNREADABLE,
        &codes::NOT_SQUASHABLE,
        &codes::SYNTAX_ERROR,
        &codes::MISSING_OBJECT,
        &codes::OBJECT_EXISTS,
        &codes::TYPE_MISMATCH,
        &codes::NEEDED_OBJECT,
        &codes::REFUSED_STATEMENT,
        &codes::DOWN_NOT_INVERSE,
        &codes::CONTRACT_IN_THE_WAY,
        &codes::ORDER_DEPENDENT,
        &codes::UNKNOWN_RULE,
        &codes::UNUSED_ALLOW,
        &codes::OLD_DRAFT,
        &codes::NEARLY_A_TABLE,
        &codes::PARAMETER,
        &codes::BACKFILL_KEY,
        &codes::BACKFILL_NOT_UNIQUE,
        &codes::SYNC_CHAIN,
        &codes::BACKFILL_WRITES_KEY,
        &codes::BACKFILL_IN_PLACE,
        &codes::BACKFILL_UNCHECKED,
        &codes::VERIFY_ANSWER,
        &codes::COPY_BESIDE_SYNC,
        &codes::PLACEHOLDER,
        &codes::SYNC_NOT_NULL,
        &codes::SYNC_DEFAULT,
        &codes::SYNC_ON_UPDATE,
    ];
    for code in codes::ALL.iter().filter(|code| !elsewhere.contains(code)) {
        assert!(
            all.contains(&format!("[{}]", code.name)),
            "no case shows {}",
            code.name
        );
    }
}

#[test]
fn a_folder_that_cannot_be_read_is_an_error_in_every_layout() {
    for layout in Layout::ALL.into_iter().chain([Layout::Plain]) {
        let files = [
            ("deep/2026/", Err("Permission denied (os error 13)".to_owned())),
            ("README.md", Err("Permission denied (os error 13)".to_owned())),
        ];
        let files = files.map(|(path, content)| SourceFile {
            path: path.to_owned(),
            content,
        });
        let options = Options {
            layout,
            ..Options::new(Dialect::Sqlite)
        };
        let shown = show(&options.read(files.to_vec()));
        let told = "error[unreadable]: the folder cannot be read: Permission denied (os error 13)\n --> migrations/deep/2026\n";
        assert!(shown.contains(told), "{layout}: {shown}");
        assert_eq!(shown.matches("error[").count(), 1, "{layout}: {shown}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_unreadable() {
    let folder = env::temp_dir().join(format!("migrate-source-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join("20260101120000_a.sql")).unwrap();
    let shown = show(&Options::new(Dialect::Sqlite).read(files_in_folder(&folder).unwrap()));
    fs::remove_dir_all(&folder).unwrap();
    assert!(
        shown.contains("error[unreadable]: the file cannot be read: "),
        "{shown}"
    );
    assert!(shown.contains("--> migrations/20260101120000_a.sql"), "{shown}");
    assert!(!shown.contains("no-files"), "{shown}");
}
