//! What is said to a backfill before it has begun: it can be deployed held.

use migrate_core::backfill::BackfillSettings;
use migrate_core::change::Occurrence;

use super::*;

crate::on_every_database! {
    a_pause_before_it_begins_is_kept_to
    a_pause_before_its_columns_are_there_is_kept_to
    settings_before_it_begins_are_kept_to
    what_will_not_begin_cannot_be_paused
}

async fn a_pause_before_it_begins_is_kept_to<K: Kind>() {
    let db: K = in_use(100).await;
    let (migrator, events) = heard(&db, &[PEOPLE, EXPAND, FILL]);
    migrator
        .pause(version(FILLED), "after the sale")
        .await
        .expect("a pause");
    let status = filled(&migrator).await;
    assert_eq!(
        (status.state, status.has_begun, status.reason.as_deref()),
        (BackfillState::Paused, false, Some("after the sale"))
    );
    let shown = migrator.status().await.expect("a status").to_string();
    assert!(shown.contains("paused: not begun; after the sale"), "{shown}");

    let worker = migrator.spawn_worker();
    let held = |event: &Event| matches!(event, Event::BackfillHeld { reason, .. } if reason.as_deref() == Some("after the sale"));
    for _ in 0..500 {
        if events.lock().expect("the events").iter().any(held) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(
        events.lock().expect("the events").iter().any(held),
        "no worker came"
    );
    worker.shutdown().await.expect("a worker that ended well");
    let error = migrator.run_to_completion().await.expect_err("it is paused");
    assert!(
        error.is_backfill() && error.to_string().contains("is paused: after the sale"),
        "{error}"
    );
    assert_eq!(wrong(&db).await, "100");
    let status = filled(&migrator).await;
    assert_eq!((status.state, status.has_begun), (BackfillState::Paused, false));
    // Of what has not begun nothing is to be waited for, or to be stopped.
    let changes = migrator.changes().await.expect("the changes");
    assert_eq!(changes[0].state.name(), "expanded");

    migrator.resume(version(FILLED)).await.expect("to begin");
    migrator.run_to_completion().await.expect("the data is moved");
    assert_eq!(wrong(&db).await, "0");
    let status = filled(&migrator).await;
    assert_eq!(
        (status.state, status.has_begun, status.visited),
        (BackfillState::Verified, true, 100)
    );
    let log = migrator.events().await.expect("the log");
    let said = log.iter().filter(|entry| entry.what == Occurrence::Steered);
    let said: Vec<_> = said
        .map(|entry| ["by", "was", "became", "reason"].map(|name| entry.figure(name)))
        .collect();
    assert_eq!(
        said,
        [
            [
                Some("pause"),
                Some("not begun"),
                Some("paused"),
                Some("after the sale")
            ],
            [Some("resume"), Some("paused"), Some("moving"), None],
        ]
    );
}

/// The command stands before the one that applies the expand file.
async fn a_pause_before_its_columns_are_there_is_kept_to<K: Kind>() {
    let db = K::create().await;
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 10)).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    migrator.pause(version(FILLED), "not yet").await.expect("a pause");
    let again = migrator.pause(version(FILLED), "not yet").await;
    again.expect("it is as it should be");
    let error = migrator.run_to_completion().await.expect_err("it is paused");
    assert!(error.to_string().contains("is paused: not yet"), "{error}");
    assert_eq!(wrong(&db).await, "10");
    migrator.resume(version(FILLED)).await.expect("to begin");
    migrator.run_to_completion().await.expect("the data is moved");
    assert_eq!(wrong(&db).await, "0");
}

async fn settings_before_it_begins_are_kept_to<K: Kind>() {
    let db: K = in_use(100).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let settings = BackfillSettings {
        max_batch: Some(10),
        pause: Some(Duration::ZERO),
        ..BackfillSettings::default()
    };
    migrator
        .configure(version(FILLED), settings)
        .await
        .expect("settings");
    let status = filled(&migrator).await;
    assert_eq!((status.settings, status.has_begun), (settings, false));
    let shown = migrator.status().await.expect("a status").to_string();
    assert!(shown.contains("not begun; waits for a worker"), "{shown}");
    migrator.run_to_completion().await.expect("the data is moved");
    let status = filled(&migrator).await;
    assert_eq!(status.settings, settings);
    assert!(status.visited == 100 && status.batches >= 10, "{status}");
    assert_eq!(wrong(&db).await, "0");
}

/// Where all data is there already, or comes straight through, nothing is going to begin.
async fn what_will_not_begin_cannot_be_paused<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let refused = async |says: &str| {
        let paused = migrator.pause(version(FILLED), "x").await.expect_err(says);
        let set = migrator
            .configure(version(FILLED), BackfillSettings::default())
            .await;
        for error in [paused, set.expect_err(says)] {
            let told = error.to_string();
            assert!(error.is_backfill() && told.contains(says), "{told}");
        }
    };
    refused("the database has no history of the set yet").await;
    assert_eq!(db.tables("_migrate_backfills").await, "0");
    migrator.run().await.expect("a fresh database");
    refused("none is going to: it is applied").await;

    let db: K = in_use(1).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let plain = migrator.pause(version(20260102000000), "x").await;
    assert!(plain.expect_err("no data is moved").is_backfill());
    migrator.run_to_completion().await.expect("a backfill");
    let over = migrator
        .pause(version(FILLED), "x")
        .await
        .expect_err("it is over");
    let told = over.to_string();
    assert!(told.contains("is verified, and cannot become paused"), "{told}");
}
