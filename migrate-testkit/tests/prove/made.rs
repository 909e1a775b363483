//! The tests that the macros make.

#[path = "../common/sets.rs"]
mod sets;

use std::process::Command;

use migrate_testkit::Check;
use sets::{OnMariaDb, OnPostgres, OnSqlite};

use super::ACCOUNT;

migrate_testkit::prove! {
    pg: OnPostgres => |prove| prove.no_rewrite("*"),
    lite: self::OnSqlite => |prove| prove.rows(super::super::ACCOUNT, "INSERT INTO account VALUES (7, 'ada')"),
    maria: OnMariaDb,
}

mod one_set {
    use super::OnSqlite as Schema;

    migrate_testkit::prove!(Schema);
}

mod of_a_folder {
    migrate_testkit::prove_dir!("tests/migrations", layout = "native", dialect = "sqlite");
}

mod of_a_folder_with_options {
    migrate_testkit::prove_dir!("tests/migrations", layout = "native", dialect = "sqlite" => |prove| prove.strict_order());
}

#[test]
fn names_tell_the_check_and_the_database() {
    let list = Command::new(std::env::current_exe().unwrap())
        .arg("--list")
        .output()
        .unwrap();
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    let checks = [
        "round_trip",
        "data_survival",
        "builds",
        "order",
        "backfills",
        "locks",
        "schema",
    ];
    for check in checks {
        for place in [
            "prove::pg",
            "prove::lite",
            "prove::maria",
            "one_set::prove",
            "of_a_folder::prove",
        ] {
            let name = format!("made::{place}::{check}: test");
            assert!(list.lines().any(|line| line == name), "no {name} in\n{list}");
        }
    }
    assert_eq!(checks.len(), Check::ALL.len());
}

/// What cargo did not see is proved by nothing: the tests of a set that lacks a file of its folder fail.
#[test]
fn a_file_that_is_not_embedded_fails_the_tests() {
    use migrate_core::source::{Options, files_in_folder};
    use migrate_core::{Set, Sqlite};

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations");
    let options = Options {
        rules: None,
        ..Options::new(migrate_core::Dialect::Sqlite)
    };
    let files = files_in_folder(folder.as_ref()).unwrap();
    let mut set = options.read(files).into_result().unwrap();
    set.folder = Some(folder);
    let whole = Set::<Sqlite>::typed(set.clone()).unwrap();
    let last = set.migrations.to_mut().pop().unwrap();
    let older = Set::<Sqlite>::typed(set).unwrap();
    let proved = |set: Set<Sqlite>| {
        let prove = || migrate_testkit::Prove::new(set);
        let test = std::panic::AssertUnwindSafe(|| {
            migrate_testkit::__private::prove(Check::Order, "of_a_set", prove);
        });
        let failure = std::panic::catch_unwind(test).err()?;
        Some(*failure.downcast::<String>().unwrap())
    };
    assert_eq!(proved(whole), None);
    let failure = proved(older).unwrap();
    let file = last.path.rsplit('/').next().unwrap();
    assert!(
        failure.contains(file) && failure.contains("rerun-if-changed"),
        "{failure}"
    );
}

mod short {
    migrate_testkit::prove_dir!("tests/short", layout = "native", dialect = "sqlite");
}

/// A test that passes tells what it did not prove without being asked to, on a line of its own; and fails in strict mode.
#[test]
fn what_is_not_proved_is_seen() {
    let run = |check: &str, strict: &str| {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("made::short::prove::{check}")])
            .env("MIGRATE_TESTKIT_STRICT", strict)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<String> = errors
            .lines()
            .filter_map(|line| line.strip_prefix("migrate-testkit: "))
            .map(str::to_owned)
            .collect();
        (output.status.success(), lines)
    };
    let short = [
        (
            "data_survival",
            "not proved: odd has no rows: the generator finds none",
        ),
        ("builds", "not proved: no build is named, so no query was tried"),
        ("schema", "not proved: there is no schema.sqlite.facts yet"),
    ];
    let nothing = [
        ("round_trip", "nothing to check: no migration has a down"),
        ("order", "nothing to check: no migration comes behind a contract"),
        ("backfills", "nothing to check: no migration moves data"),
        ("locks", "nothing to check: sqlite does not tell its locks"),
    ];
    let cases = short.map(|case| (true, case)).into_iter();
    for (falls_short, (check, says)) in cases.chain(nothing.map(|case| (false, case))) {
        let (passed, lines) = run(check, "");
        let expected = format!("made::short::prove::{check}: {says}");
        assert!(
            passed && lines.len() == 1 && lines[0].contains(&expected),
            "{check}: {lines:?}"
        );
        assert_eq!(run(check, "1").0, !falls_short, "{check}");
    }
}
