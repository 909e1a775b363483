//! The expected schema's file, drift, and folders that cannot be read.

use std::process::Command;

use migrate_core::{Migrator, Sqlite};
use migrate_testkit::{Error, Prove, TestDatabase, TestKind};

use super::{ACCOUNT, ADD, USERS, set};

#[tokio::test]
async fn drift_is_what_somebody_did_by_hand() {
    async fn body<K: TestKind>() {
        let set = set::<K>(&[USERS, ADD]);
        let live = K::Database::create().await.unwrap();
        let migrator = Migrator::new(live.pool().clone(), set.clone()).build();
        // A database that is behind is compared with what it should be.
        migrator.up_to(ACCOUNT).await.unwrap();
        let prove = Prove::new(set);
        let difference = prove.drift(live.pool()).await.unwrap();
        assert!(difference.is_empty(), "{difference}");
        live.execute("CREATE INDEX by_hand ON users (name)")
            .await
            .unwrap();
        let difference = prove.drift(live.pool()).await.unwrap().to_string();
        assert!(
            difference.contains("by_hand") && difference.contains("users\n"),
            "{difference}"
        );
    }
    on_each!(body);
}

#[test]
fn the_expected_schema_is_written_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let run = |update: &str| {
        let output = Command::new(&this)
            .args([
                "--exact",
                "schema::with_a_schema_file",
                "--ignored",
                "--nocapture",
            ])
            .env("MIGRATE_UPDATE", update)
            .env("SCHEMA_FOLDER", folder.path())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    };
    for (update, says) in [
        (
            "0",
            "there is no schema.sqlite.facts yet; MIGRATE_UPDATE=1 writes it",
        ),
        ("1", "schema.sqlite.facts is written"),
        ("1", "schema.sqlite.facts is as it should be"),
        ("0", "facts are those of schema.mariadb.facts"),
    ] {
        let (passed, text) = run(update);
        assert!(passed && text.contains(says), "{says}: {text}");
    }
    for dialect in ["postgres", "sqlite", "mariadb"] {
        let text = std::fs::read_to_string(folder.path().join(format!("schema.{dialect}.facts"))).unwrap();
        assert!(
            text.starts_with("# The schema") && text.contains("column handle"),
            "{text}"
        );
    }
}

#[tokio::test]
#[ignore = "a part of the_expected_schema_is_written_and_compared"]
async fn with_a_schema_file() {
    async fn body<K: TestKind>() {
        let folder = std::env::var("SCHEMA_FOLDER").unwrap();
        println!(
            "{}",
            Prove::new(set::<K>(&[USERS, ADD]))
                .schema_in(folder)
                .schema()
                .await
                .unwrap()
        );
    }
    on_each!(body);
}

/// A foreign folder with a fault is told at once, and so is a layout that does not exist.
#[tokio::test]
async fn folders_that_cannot_be_read() -> Result<(), Error> {
    let error = Prove::<Sqlite>::folder("no/such/folder", migrate_core::Layout::Sqlx)
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("no/such/folder cannot be read"),
        "{error}"
    );
    Ok(())
}
