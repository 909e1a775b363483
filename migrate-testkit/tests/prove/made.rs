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
