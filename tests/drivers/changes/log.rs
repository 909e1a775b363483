//! What people do to the history stands in the log, and nothing that it replaces is gone.

use migrate_core::change::LogEntry;

use super::*;

crate::on_every_database! {
    a_repair_keeps_what_it_replaces
    a_baseline_is_told
    a_redo_is_told
    a_rollback_is_told_for_each_migration
}

async fn log_of(migrator: &Migrator, what: Occurrence) -> Vec<LogEntry> {
    let mut log = migrator.events().await.expect("the log");
    log.retain(|entry| entry.what == what);
    log
}

async fn a_repair_keeps_what_it_replaces<K: Kind>() {
    let db = K::create().await;
    let first = db.migrator(&[PEOPLE]);
    first.run().await.expect("a fresh database");
    let before = first.set().get(version(20260101000000)).expect("it").clone();
    let history = "SELECT semantic_digest FROM _migrate_history WHERE version = 20260101000000";
    for (name, text) in [
        (
            "20260101000000_create_people",
            PEOPLE.1.replace("VARCHAR(50)", "VARCHAR(60)"),
        ),
        (
            "20260101000000_people",
            PEOPLE.1.replace("VARCHAR(50)", "VARCHAR(70)"),
        ),
    ] {
        let edited = db.migrator(&[(name, &text)]);
        edited.repair().await.expect("a repair");
        let now = edited.set().get(version(20260101000000)).expect("it").clone();
        assert_eq!(db.value(history).await, now.semantic.to_string());
        let repaired = log_of(&edited, Occurrence::Repaired).await;
        let entry = repaired.last().expect("an entry");
        assert_eq!(entry.version, Some(version(20260101000000)));
        assert_eq!(entry.figure("digest"), Some(&*now.semantic.to_string()));
        assert_eq!(entry.figure("exact"), Some(&*now.exact.to_string()));
        assert!(!entry.instance.is_empty() && !entry.build.is_empty() && entry.at_ms > 0);
        // Nothing is to do any more, and nothing is said.
        edited.repair().await.expect("a repair");
        assert_eq!(log_of(&edited, Occurrence::Repaired).await.len(), repaired.len());
    }
    let repaired = log_of(&first, Occurrence::Repaired).await;
    assert_eq!(repaired.len(), 2, "{repaired:?}");
    assert_eq!(
        repaired[0].figure("digest-before"),
        Some(&*before.semantic.to_string())
    );
    assert_eq!(
        repaired[0].figure("exact-before"),
        Some(&*before.exact.to_string())
    );
    assert_eq!(repaired[0].figure("up-before"), Some(&*before.up.text));
    let down = before.down.as_ref().map(|down| &*down.text);
    assert_eq!(repaired[0].figure("down-before"), down);
    assert_eq!(repaired[1].figure("digest-before"), repaired[0].figure("digest"));
    assert!(
        repaired[1]
            .figure("up-before")
            .is_some_and(|text| text.contains("VARCHAR(60)"))
    );
    assert_eq!(repaired[1].figure("name-before"), Some("create_people"));
}

async fn a_baseline_is_told<K: Kind>() {
    let db = K::create().await;
    db.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50))")
        .await;
    let migrator = db.migrator(&[PEOPLE]);
    migrator
        .baseline(version(20260101000000))
        .await
        .expect("a baseline");
    let recorded = log_of(&migrator, Occurrence::Recorded).await;
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    assert_eq!(recorded[0].figure("reason"), Some("baseline"));
    assert_eq!(recorded[0].version, Some(version(20260101000000)));
}

async fn a_redo_is_told<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[PEOPLE]);
    migrator.run().await.expect("a fresh database");
    migrator.redo().await.expect("a redo");
    let taken = log_of(&migrator, Occurrence::TakenBack).await;
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(
        (taken[0].figure("by"), taken[0].figure("attempt")),
        (Some("redo"), Some("1"))
    );
    assert_eq!(taken[0].figure("drops"), Some("0 rows of `people`"));
    let redone = log_of(&migrator, Occurrence::Redone).await;
    assert_eq!(redone.len(), 1, "{redone:?}");
    assert_eq!(redone[0].figure("attempt"), Some("2"));
    assert!(
        redone[0].figure("digest-before").is_none(),
        "its text is the same"
    );
}

async fn a_rollback_is_told_for_each_migration<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let migrator = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    migrator.rollback("nick").await.expect("a rollback");
    let taken = log_of(&migrator, Occurrence::TakenBack).await;
    let each: Vec<_> = taken
        .iter()
        .map(|entry| (entry.version.map(|version| version.0), entry.figure("by")))
        .collect();
    assert_eq!(
        each,
        [
            (Some(20260103000000), Some("rollback")),
            (Some(20260102000000), Some("rollback"))
        ]
    );
}
