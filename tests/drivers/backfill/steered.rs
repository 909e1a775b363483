//! What people say to a backfill stands in the log, with what it replaces.

use std::time::Duration;

use migrate_core::backfill::BackfillSettings;
use migrate_core::change::{LogEntry, Occurrence};

use super::*;

crate::on_every_database! {
    what_is_said_to_a_backfill_is_in_the_log
    a_rerun_of_all_rows_keeps_what_was_found
    what_changes_nothing_is_not_told
}

async fn said(migrator: &Migrator) -> Vec<LogEntry> {
    let mut log = migrator.events().await.expect("the log");
    log.retain(|entry| entry.what == Occurrence::Steered);
    log
}

/// A backfill that something stopped before its first row.
async fn stopped<K: Kind>() -> (K, Migrator) {
    let db: K = in_use(100).await;
    let stopped = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(Full)
        .build();
    stopped.run_to_completion().await.expect_err("it is stopped");
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .instance("okafor")
        .build();
    (db, migrator)
}

async fn what_is_said_to_a_backfill_is_in_the_log<K: Kind>() {
    let (_db, migrator) = stopped::<K>().await;
    let version = version(FILLED);
    let status = migrator.backfill(version).await.expect("a status");
    let blocked = status.expect("a backfill").reason.expect("a reason");
    migrator.resume(version).await.expect("to go on");
    migrator.pause(version, "the shop\nopens").await.expect("a pause");
    migrator.cancel(version, "another way").await.expect("an end");
    let settings = BackfillSettings {
        max_batch: Some(50),
        pause: Some(Duration::from_millis(40)),
        ..BackfillSettings::default()
    };
    migrator.configure(version, settings).await.expect("settings");
    let less = BackfillSettings {
        max_batch: None,
        max_lag: Some(Duration::from_secs(3)),
        failures: Some(7),
        ..settings
    };
    migrator.configure(version, less).await.expect("settings");
    migrator.rerun(version).await.expect("to begin again");

    let log = said(&migrator).await;
    let each: Vec<_> = log.iter().map(|entry| entry.figure("by")).collect();
    let by = ["resume", "pause", "cancel", "configure", "configure", "rerun"];
    assert_eq!(each, by.map(Some));
    for entry in &log {
        assert_eq!((&*entry.change, entry.version), ("nick", Some(version)));
        assert_eq!(entry.instance, "okafor");
        assert!(!entry.build.is_empty() && entry.at_ms > 0, "{entry}");
        assert_eq!(entry.figure("attempt"), Some("1"), "{entry}");
    }
    let turned = |index: usize| {
        let entry: &LogEntry = &log[index];
        ["was", "became", "reason", "reason-before"].map(|name| entry.figure(name))
    };
    assert_eq!(
        turned(0),
        [Some("blocked"), Some("moving"), None, Some(&*blocked)]
    );
    let shop = Some("the shop\nopens");
    assert_eq!(turned(1), [Some("moving"), Some("paused"), shop, None]);
    assert_eq!(
        turned(2),
        [Some("paused"), Some("cancelled"), Some("another way"), shop]
    );
    assert_eq!(
        turned(5),
        [Some("cancelled"), Some("moving"), None, Some("another way")]
    );
    for entry in log.iter().filter(|entry| entry.figure("by") != Some("configure")) {
        let figures = ["visited", "changed", "batches", "set-aside"].map(|name| entry.figure(name));
        assert_eq!(figures, [Some("0"); 4], "{entry}");
    }
    let set = |entry: &LogEntry| {
        let figures = entry.figures.iter();
        let set = figures.filter(|(name, _)| !["by", "attempt"].contains(&&**name));
        set.map(|(name, value)| format!("{name}: {value}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        set(&log[3]),
        [
            "max-batch-before: as the file says",
            "max-batch: 50 rows",
            "pause-before: as the file says",
            "pause: 40 ms"
        ]
    );
    assert_eq!(
        set(&log[4]),
        [
            "max-batch-before: 50 rows",
            "max-batch: as the file says",
            "max-lag-before: as the file says",
            "max-lag: 3000 ms",
            "failures-before: as the file says",
            "failures: 7 rows"
        ]
    );
}

async fn a_rerun_of_all_rows_keeps_what_was_found<K: Kind>() {
    let db: K = in_use(100).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    migrator.run_to_completion().await.expect("a backfill");
    let before = migrator.backfill(version(FILLED)).await.expect("a status");
    let before = before.expect("a backfill");
    migrator.rerun(version(FILLED)).await.expect("to begin again");
    let log = said(&migrator).await;
    assert_eq!(log.len(), 1, "{log:?}");
    let figure = |name| log[0].figure(name);
    assert_eq!(
        (figure("was"), figure("became"), figure("visits")),
        (Some("verified"), Some("moving"), Some("all rows"))
    );
    assert_eq!((figure("visited"), figure("changed")), (Some("100"), Some("100")));
    assert_eq!(figure("batches"), Some(&*before.batches.to_string()));
    assert_eq!(figure("report-before"), before.report.as_deref());
    assert!(before.report.is_some());
}

async fn what_changes_nothing_is_not_told<K: Kind>() {
    let (_db, migrator) = stopped::<K>().await;
    let version = version(FILLED);
    migrator.resume(version).await.expect("to go on");
    migrator.resume(version).await.expect("it moves already");
    migrator.rerun(version).await.expect("it moves already");
    let default = BackfillSettings::default();
    migrator.configure(version, default).await.expect("settings");
    let log = said(&migrator).await;
    assert_eq!(log.len(), 1, "{log:?}");
    migrator.run_to_completion().await.expect("a backfill");
    migrator.pause(version, "x").await.expect_err("it is over");
    assert_eq!(said(&migrator).await, log);
}
