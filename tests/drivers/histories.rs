//! Histories and builds that do not fit each other.

use migrate_core::Migrator;

use crate::applying::{EMAIL, USERS};
use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    a_comment_edit_never_stops_production
    an_edited_migration_is_refused_until_repaired
    an_edited_migration_that_is_half_done_is_dirty
    repair_goes_on_with_a_corrected_statement
    what_is_written_into_the_history_by_hand_is_noticed
    baseline_records_without_running
    a_used_database_without_history_says_what_to_do
    two_sets_share_one_database
    tables_can_be_called_otherwise
    an_older_build_passes_expands_and_stops_at_contracts
    bad_names_are_refused
    a_newer_format_is_refused
}

async fn a_comment_edit_never_stops_production<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let commented = USERS
        .1
        .replace("-- migrate:up\n", "-- migrate:up\n-- the people\r\n\n  ");
    let report = db.migrator(&[(USERS.0, &commented), EMAIL]).run().await.unwrap();
    assert_eq!(report.applied.len(), 1);
    assert!(
        report.notes.iter().any(|note| note.contains("only comments")),
        "{report}"
    );
}

async fn an_edited_migration_is_refused_until_repaired<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let edited = USERS.1.replace("VARCHAR(50)", "VARCHAR(60)");
    let migrator = db.migrator(&[(USERS.0, &edited)]);
    let error = migrator.run().await.unwrap_err();
    assert!(error.is_digest_mismatch(), "{error}");
    assert!(
        error.to_string().contains("20260101000000_create_users.sql"),
        "{error}"
    );
    let status = migrator.status().await.unwrap();
    assert!(!status.may_serve && status.fault.is_some(), "{status}");
    let report = migrator.repair().await.unwrap();
    assert_eq!(report.recorded.len(), 1, "{report}");
    migrator.run().await.unwrap();
}

fn half(last: &str) -> (&'static str, String) {
    let text = format!(
        "-- migrate:transaction off\n-- migrate:up\nCREATE TABLE half (id INTEGER);\n{last};\n\
         -- migrate:down\nDROP TABLE half;\n"
    );
    ("20260102000000_half", text)
}

async fn an_edited_migration_that_is_half_done_is_dirty<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let (name, text) = half("INSERT INTO missing VALUES (1)");
    db.migrator(&[USERS, (name, &text)]).run().await.unwrap_err();
    let edited = text.replace("half (id INTEGER)", "half (id BIGINT)");
    let migrator = db.migrator(&[USERS, (name, &edited)]);
    let error = migrator.run().await.unwrap_err();
    assert!(error.is_dirty(), "{error}");
    // What is done was edited, so repair refuses as well.
    let error = migrator.repair().await.unwrap_err();
    assert!(error.is_dirty(), "{error}");
}

async fn repair_goes_on_with_a_corrected_statement<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let (name, text) = half("INSERT INTO missing VALUES (1)");
    db.migrator(&[USERS, (name, &text)]).run().await.unwrap_err();
    let (_, corrected) = half("INSERT INTO half VALUES (7)");
    let migrator = db.migrator(&[USERS, (name, &corrected)]);
    assert!(migrator.run().await.unwrap_err().is_dirty());
    migrator.repair().await.unwrap();
    migrator.run().await.unwrap();
    assert_eq!(db.value("SELECT id FROM half").await, "7");
}

async fn what_is_written_into_the_history_by_hand_is_noticed<K: Kind>() {
    let by_hand = [
        "DELETE FROM _migrate_history WHERE version = 20260102000000",
        "UPDATE _migrate_history SET state = 'reverted' WHERE version = 20260102000000",
    ];
    for edit in by_hand {
        let db = K::create().await;
        let migrator = db.migrator(&[USERS, EMAIL]);
        migrator.run().await.unwrap();
        assert!(migrator.run().await.unwrap().applied.is_empty());
        db.execute("ALTER TABLE users DROP COLUMN email").await;
        db.execute(edit).await;
        if edit.starts_with("DELETE") {
            db.execute("DELETE FROM _migrate_sql WHERE version = 20260102000000")
                .await;
        }
        let report = migrator.run().await.unwrap();
        assert_eq!(versions(&report), [20260102000000], "{edit}: {report}");
        assert!(migrator.run().await.unwrap().applied.is_empty());
    }
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    migrator.run().await.unwrap();
    let digest = "0".repeat(64);
    db.execute(&format!(
        "UPDATE _migrate_history SET semantic_digest = '{digest}' WHERE version = 20260101000000"
    ))
    .await;
    let error = migrator.run().await.unwrap_err();
    assert!(error.to_string().contains("20260101000000"), "{error}");
}

async fn baseline_records_without_running<K: Kind>() {
    let db = K::create().await;
    db.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50))")
        .await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    let error = migrator.baseline(version(20260101000001)).await.unwrap_err();
    assert!(
        error.is_unknown_version() && error.to_string().contains("20260101000000"),
        "{error}"
    );
    let report = migrator.baseline(version(20260101000000)).await.unwrap();
    assert_eq!(report.recorded.len(), 1);
    let report = migrator.run().await.unwrap();
    assert_eq!(versions(&report), [20260102000000]);
    assert!(!report.fresh);
}

async fn a_used_database_without_history_says_what_to_do<K: Kind>() {
    let db = K::create().await;
    db.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)").await;
    let error = db.migrator(&[USERS]).run().await.unwrap_err();
    assert!(error.is_statement(), "{error}");
    assert!(error.to_string().contains("baseline"), "{error}");
}

async fn two_sets_share_one_database<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    // The same version in another set is another migration.
    let cats = (
        "20260101000000_create_cats",
        "-- migrate:up\nCREATE TABLE cats (id INTEGER);\n-- migrate:down\nDROP TABLE cats;\n",
    );
    let other = Migrator::new(db.pool(), db.set(&[cats])).set_name("cats").build();
    let report = other.run().await.unwrap();
    assert!(report.fresh && report.applied.len() == 1, "{report}");
    other.down().await.unwrap();
    assert_eq!(db.tables("users").await, "1");
    assert!(db.migrator(&[USERS]).status().await.unwrap().may_serve);
}

async fn tables_can_be_called_otherwise<K: Kind>() {
    let db = K::create().await;
    let migrator = Migrator::new(db.pool(), db.set(&[USERS]))
        .table_prefix("steps_")
        .build();
    migrator.run().await.unwrap();
    assert_eq!(db.tables("steps_history").await, "1");
    assert_eq!(db.tables("_migrate_history").await, "0");
    assert!(migrator.run().await.unwrap().applied.is_empty());
}

async fn an_older_build_passes_expands_and_stops_at_contracts<K: Kind>() {
    let db = K::create().await;
    let drop = (
        "20260103000000_drop_name",
        "-- migrate:change name\n-- migrate:phase contract\n-- migrate:requires 20260102000000\n\
         -- migrate:irreversible \"gone\"\n-- migrate:up\nALTER TABLE users DROP COLUMN name;\n",
    );
    db.migrator(&[USERS, EMAIL, drop]).run().await.unwrap();
    // It does not know the contract, but embeds what that requires.
    db.migrator(&[USERS, EMAIL]).run().await.unwrap();
    let error = db.migrator(&[USERS]).run().await.unwrap_err();
    assert!(error.is_older_build(), "{error}");
    assert!(error.to_string().contains("20260102000000"), "{error}");
}

async fn bad_names_are_refused<K: Kind>() {
    let db = K::create().await;
    for name in ["", "Main", "a'b", "a-b", "ü", &"x".repeat(61)] {
        let migrator = Migrator::new(db.pool(), db.set(&[USERS])).set_name(name).build();
        assert!(migrator.run().await.unwrap_err().is_configuration(), "{name}");
    }
    let migrator = Migrator::new(db.pool(), db.set(&[USERS]))
        .table_prefix("x\"y")
        .build();
    assert!(migrator.status().await.unwrap_err().is_configuration());
}

async fn a_newer_format_is_refused<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS]);
    migrator.run().await.unwrap();
    db.execute("UPDATE _migrate_sets SET format = 99").await;
    let error = migrator.run().await.unwrap_err();
    assert!(error.to_string().contains("format 99"), "{error}");
}
