//! Tests made by `#[migrate_test]`, what they are called, and what `MIGRATE_TESTKIT_SKIP` does to them.

#[path = "common/sets.rs"]
mod sets;

use std::process::Command;

use migrate_testkit::{Error, MysqlDatabase, PostgresDatabase, SqliteDatabase, TestDatabase, migrate_test};
use sets::{OnMariaDb, OnPostgres, OnSqlite};

#[migrate_test(postgres, sqlite, mysql)]
async fn stores_text<D: TestDatabase>(database: D) -> Result<(), Error> {
    database.execute("CREATE TABLE note (body text)").await?;
    assert!(database.execute("CREATE TABLE note (body text)").await.is_err());
    Ok(())
}

#[migrate_test(postgres)]
async fn has_a_pool(database: PostgresDatabase) {
    let one: i32 = sqlx::query_scalar("SELECT 1")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(one, 1);
}

#[migrate_test(sqlite)]
#[should_panic = "the test returned an error"]
async fn errors_fail(_database: SqliteDatabase) -> Result<(), &'static str> {
    Err("this test has to fail")
}

#[migrate_test(mysql)]
#[ignore = "attributes of tests go to the tests"]
async fn is_ignored(_database: MysqlDatabase) {}

/// What each test does with the database that has the set.
async fn add_ada<D: TestDatabase>(database: D) -> Result<(), Error> {
    // Twice, if the database were not the test's own.
    database.execute("INSERT INTO account VALUES (1, 'ada')").await
}

#[migrate_test(postgres, set = OnPostgres)]
async fn has_the_set_on_postgres(database: PostgresDatabase) -> Result<(), Error> {
    add_ada(database).await
}

#[migrate_test(postgres, set = self::OnPostgres)]
async fn has_it_again_on_postgres(database: PostgresDatabase) -> Result<(), Error> {
    add_ada(database).await
}

#[migrate_test(sqlite, set = OnSqlite)]
async fn has_the_set_on_sqlite(database: SqliteDatabase) -> Result<(), Error> {
    add_ada(database).await
}

#[migrate_test(sqlite, set = OnSqlite)]
async fn has_it_again_on_sqlite(database: SqliteDatabase) -> Result<(), Error> {
    add_ada(database).await
}

#[migrate_test(mariadb, set = OnMariaDb)]
async fn has_the_set_on_mariadb(database: MysqlDatabase) -> Result<(), Error> {
    add_ada(database).await
}

/// The crate may have another name.
mod renamed {
    pub(crate) mod kit {
        pub(crate) use migrate_testkit::*;
    }

    #[kit::migrate_test(sqlite, crate = kit)]
    async fn is_found(database: kit::SqliteDatabase) {
        assert!(database.path().exists());
    }
}

fn this_program(arguments: &[&str], skip: &str) -> (bool, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(arguments)
        .env("MIGRATE_TESTKIT_SKIP", skip)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

#[test]
fn names_tell_the_database() {
    let (_, list) = this_program(&["--list"], "");
    for name in [
        "stores_text::postgres",
        "stores_text::sqlite",
        "stores_text::mysql",
        "renamed::is_found::sqlite",
    ] {
        assert!(
            list.lines().any(|line| line == format!("{name}: test")),
            "no {name} in\n{list}"
        );
    }
}

#[test]
fn what_is_skipped_passes_and_says_so() {
    let (passed, text) = this_program(&["--exact", "stores_text::postgres"], "postgres,mysql");
    assert!(passed, "{text}");
    assert!(text.contains("skipped on postgres"), "{text}");
}
