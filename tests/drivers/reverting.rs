//! Taking back.

use crate::applying::{EMAIL, USERS};
use crate::kind::{Kind, version};

crate::on_every_database! {
    down_takes_the_newest_back
    down_to_goes_newest_first
    an_unknown_target_is_refused
    an_irreversible_one_is_refused_and_nothing_is_touched
    a_build_without_the_file_uses_the_history
    a_history_of_other_migrations_is_said
    redo_applies_again
    a_failed_down_changes_nothing
}

async fn down_takes_the_newest_back<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    migrator.run().await.unwrap();
    let report = migrator.down().await.unwrap();
    assert_eq!(
        report.reverted,
        [(version(20260102000000), "add_email".to_owned())]
    );
    let report = migrator.run().await.unwrap();
    assert_eq!(report.applied.len(), 1);
    assert!(!report.fresh);
}

async fn down_to_goes_newest_first<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    migrator.run().await.unwrap();
    let report = migrator.down_to(version(20260102000000)).await.unwrap();
    assert!(report.reverted.is_empty(), "{report}");
    let report = migrator.down_to(version(0)).await.unwrap();
    assert_eq!(report.reverted.len(), 2, "{report}");
    assert_eq!(db.tables("users").await, "0");
    migrator.run().await.unwrap();
    assert_eq!(db.value("SELECT count(email) FROM users").await, "0");
}

async fn an_unknown_target_is_refused<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    migrator.run().await.unwrap();
    let error = migrator.down_to(version(20200101000000)).await.unwrap_err();
    assert!(error.is_unknown_version(), "{error}");
    assert!(migrator.status().await.unwrap().may_serve);
}

async fn an_irreversible_one_is_refused_and_nothing_is_touched<K: Kind>() {
    let db = K::create().await;
    let one_way = (
        "20260101120000_one_way",
        "-- migrate:irreversible \"the past is gone\"\n-- migrate:up\nINSERT INTO users VALUES (2, 'bob');\n",
    );
    let migrator = db.migrator(&[USERS, one_way, EMAIL]);
    migrator.run().await.unwrap();
    let error = migrator.down_to(version(0)).await.unwrap_err();
    assert!(
        error.is_irreversible() && error.to_string().contains("the past is gone"),
        "{error}"
    );
    assert!(migrator.status().await.unwrap().may_serve);
    assert_eq!(db.value("SELECT count(email) FROM users").await, "0");
    // The same from the history, by a build that does not have the files.
    let other = db.migrator(&[USERS]);
    let error = other.down_to(version(20260101000000)).await.unwrap_err();
    assert!(
        error.is_irreversible() && error.to_string().contains("the past is gone"),
        "{error}"
    );
    assert!(
        migrator.status().await.unwrap().may_serve,
        "nothing may be touched"
    );
}

async fn a_build_without_the_file_uses_the_history<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS, EMAIL]).run().await.unwrap();
    let older = db.migrator(&[USERS]);
    let report = older.run().await.unwrap();
    assert!(report.applied.is_empty());
    let report = older.down().await.unwrap();
    assert_eq!(
        report.reverted,
        [(version(20260102000000), "add_email".to_owned())]
    );
    let is_said = |note: &String| note.contains("does not have 20260102000000 add_email");
    assert!(report.notes.iter().any(is_said), "{report}");
    let report = db.migrator(&[USERS, EMAIL]).run().await.unwrap();
    assert_eq!(report.applied.len(), 1, "the column was gone");
}

async fn a_history_of_other_migrations_is_said<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let other = (
        "20260103000000_mails",
        "-- migrate:up\nCREATE TABLE mails (id INTEGER);\n-- migrate:down\nDROP TABLE mails;\n",
    );
    let other = db.migrator(&[other]);
    let notes = |notes: &[String]| notes.iter().any(|note| note.contains("the right set? (`--set`)"));
    assert!(notes(&other.plan().await.unwrap().notes));
    assert!(notes(&other.status().await.unwrap().notes));
    let report = other.run().await.unwrap();
    assert!(notes(&report.notes), "{report}");
    let report = other.run().await.unwrap();
    assert!(report.notes.is_empty(), "its own is among them: {report}");
    other.down().await.unwrap();
    let report = other.down().await.unwrap();
    assert!(notes(&report.notes), "{report}");
}

async fn redo_applies_again<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    migrator.run().await.unwrap();
    let report = migrator.redo().await.unwrap();
    assert_eq!((report.reverted.len(), report.applied.len()), (1, 1), "{report}");
    assert!(migrator.status().await.unwrap().may_serve);
}

async fn a_failed_down_changes_nothing<K: Kind>() {
    let db = K::create().await;
    let bad = (
        "20260102000000_bad_down",
        "-- migrate:up\nCREATE TABLE bad (id INTEGER);\n-- migrate:down\nDROP TABLE no_such_table;\n",
    );
    let migrator = db.migrator(&[USERS, bad]);
    migrator.run().await.unwrap();
    let error = migrator.down().await.unwrap_err();
    assert!(error.is_statement(), "{error}");
    assert_eq!(error.line(), Some(4), "{error}");
    assert_eq!(db.tables("bad").await, "1");
    // The way back can go on once its reason is gone.
    db.execute("CREATE TABLE no_such_table (id INTEGER)").await;
    migrator.down().await.unwrap();
    assert_eq!(db.tables("no_such_table").await, "0");
}
