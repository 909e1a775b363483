//! Backfills: moved in batches, by one worker or several, compared, and recorded.

mod again;
mod ahead;
mod busy;
mod checks;
mod code;
mod copied_types;
mod counted;
mod gone;
pub(crate) mod held;
mod in_place;
mod kept;
mod keys;
mod raised;
mod rates;
mod recovery;
mod repair;
mod replica;
mod rounded;
mod served;
mod states;
mod steered;
mod texts;
mod throttled;
mod together;

use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) use held::Full;

use migrate_core::backfill::{BackfillState, BackfillStatus};
use migrate_core::migrator::Event;
use migrate_core::{Dialect, Migrator};

use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    the_data_is_moved_and_recorded
    what_is_right_already_is_not_written
    a_new_build_s_rows_are_left_alone
    an_empty_table_is_done_at_once
    rows_go_to_another_table
    a_worker_in_the_background_moves_it
    start_up_does_not_move
    no_rule_is_no_comparison
    what_is_refused_before_its_first_batch_is_blocked
}

/// The schema before the change.
pub(crate) const PEOPLE: (&str, &str) = (
    "20260101000000_create_people",
    "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50));\n-- migrate:down\nDROP TABLE people;\n",
);
pub(crate) const EXPAND: (&str, &str) = (
    "20260102000000_expand",
    "-- migrate:change nick\n-- migrate:sync people.name <-> nick\n-- migrate:up\n\
     ALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
     -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
);
pub(crate) const FILL: (&str, &str) = (
    "20260103000000_fill",
    "-- migrate:change nick\n-- migrate:phase migrate\n\
     -- migrate:backfill table=people key=id batch=100 pause=0ms\n\
     -- migrate:up\nUPDATE people SET nick = name;\n\
     -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n",
);
pub(crate) const FILLED: u64 = 20260103000000;

/// Rows `from` to `to`, written in one statement.
pub(crate) fn rows(from: u32, to: u32) -> String {
    let rows: Vec<String> = (from..=to).map(|id| format!("({id}, 'name {id}')")).collect();
    format!("INSERT INTO people (id, name) VALUES {}", rows.join(", "))
}

/// A database in use, with so many rows that are not moved.
pub(crate) async fn in_use<K: Kind>(count: u32) -> K {
    let db = K::create().await;
    db.ran(&[PEOPLE]).await;
    if count > 0 {
        db.execute(&rows(1, count)).await;
    }
    db.ran(&[PEOPLE, EXPAND]).await;
    db
}

/// How many rows are not what they should be.
pub(crate) async fn wrong<K: Kind>(db: &K) -> String {
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    db.value(&format!(
        "SELECT CAST(count(*) AS {text}) FROM people WHERE nick IS NULL OR nick <> name"
    ))
    .await
}

/// A migrator, and what it tells.
pub(crate) fn heard<K: Kind>(db: &K, files: &[(&str, &str)]) -> (Migrator, Arc<Mutex<Vec<Event>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&events);
    let migrator = Migrator::new(db.pool(), db.set(files))
        .observer(move |event: &Event| kept.lock().expect("the events").push(event.clone()))
        .build();
    (migrator, events)
}

/// How far the backfill of [`FILL`] is.
pub(crate) async fn filled(migrator: &Migrator) -> BackfillStatus {
    migrator
        .backfill(version(FILLED))
        .await
        .expect("a status")
        .expect("a backfill")
}

/// Waits until the backfill of [`FILL`] has moved a row.
pub(crate) async fn begun(migrator: &Migrator) {
    for _ in 0..500 {
        let status = migrator.backfill(version(FILLED)).await.expect("a status");
        if status.is_some_and(|status| status.visited > 0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no row was moved");
}

async fn the_data_is_moved_and_recorded<K: Kind>() {
    let db: K = in_use(1_000).await;
    assert_eq!(wrong(&db).await, "1000");
    let (migrator, events) = heard(&db, &[PEOPLE, EXPAND, FILL]);
    let report = migrator.run_to_completion().await.expect("a backfill");
    assert_eq!(versions(&report), [FILLED]);
    assert_eq!(wrong(&db).await, "0");
    let status = filled(&migrator).await;
    assert_eq!(status.state, BackfillState::Verified);
    assert_eq!((status.visited, status.changed), (1_000, 1_000));
    assert!(status.batches >= 3, "{status}");
    let report = status.report.expect("a report");
    assert_eq!(
        report,
        "1000 rows compared, 0 differ; 1000 random rows read, 0 differ; 1 verify query answers as expected"
    );
    let progress = events
        .lock()
        .expect("the events")
        .iter()
        .filter(|event| matches!(event, Event::Progress(_)))
        .count();
    assert!(progress >= 3, "{progress} batches told");
    let again = migrator.run_to_completion().await.expect("nothing to do");
    assert!(again.applied.is_empty());
}

async fn what_is_right_already_is_not_written<K: Kind>() {
    let db: K = in_use(300).await;
    db.execute("UPDATE people SET nick = name WHERE id <= 100").await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    migrator.run_to_completion().await.expect("a backfill");
    let status = filled(&migrator).await;
    assert_eq!((status.visited, status.changed), (300, 200));
}

/// What the new build wrote follows from its own side: the old one computes to something else.
async fn a_new_build_s_rows_are_left_alone<K: Kind>() {
    let db = K::create().await;
    let people = (
        "20260101000000_people",
        "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY, cents INTEGER, note VARCHAR(20));\n\
         -- migrate:down\nDROP TABLE people;\n",
    );
    let whole = if matches!(K::DIALECT, Dialect::Mysql | Dialect::MariaDb) {
        "euros DIV 1"
    } else {
        "CAST(euros AS INTEGER)"
    };
    let expand = format!(
        "-- migrate:change euros\n\
         -- migrate:sync people.cents <-> people.euros using (cents) <- using ({whole})\n-- migrate:up\n\
         ALTER TABLE people ADD COLUMN euros DECIMAL(10,2);\n-- migrate:down\nALTER TABLE people DROP COLUMN euros;\n"
    );
    let fill = (
        "20260103000000_fill",
        "-- migrate:change euros\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\nUPDATE people SET euros = cents;\n\
         -- migrate:verify zero\nSELECT count(*) FROM people WHERE euros IS NULL;\n",
    );
    db.ran(&[people]).await;
    db.execute("INSERT INTO people (id, cents) VALUES (1, 5), (2, 6)")
        .await;
    let files = [people, ("20260102000000_expand", &*expand), fill];
    db.ran(&files[..2]).await;
    db.execute("INSERT INTO people (id, euros) VALUES (3, 7.25)")
        .await;
    let migrator = db.migrator(&files);
    migrator.run_to_completion().await.expect("a backfill");
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    let kept = db
        .value(&format!(
            "SELECT CAST(count(*) AS {text}) FROM people WHERE id = 3 AND euros > 7 AND cents = 7"
        ))
        .await;
    assert_eq!(kept, "1", "the new build's value is kept");
    let moved = db
        .value(&format!(
            "SELECT CAST(count(*) AS {text}) FROM people WHERE id < 3 AND euros = cents"
        ))
        .await;
    assert_eq!(moved, "2");
}

async fn an_empty_table_is_done_at_once<K: Kind>() {
    let db: K = in_use(0).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let report = migrator.run_to_completion().await.expect("a backfill of nothing");
    assert_eq!(versions(&report), [FILLED]);
}

async fn rows_go_to_another_table<K: Kind>() {
    let db = K::create().await;
    let names = (
        "20260102000000_names",
        "-- migrate:change names\n-- migrate:up\n\
         CREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n-- migrate:down\nDROP TABLE names;\n",
    );
    let fill = (
        "20260103000000_fill",
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id batch=50 pause=0ms\n\
         -- migrate:up\nINSERT INTO names (person, name) SELECT p.id, p.name FROM people p WHERE p.name <> 'name 7';\n\
         -- migrate:verify equals '399'\nSELECT count(*) FROM names;\n",
    );
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 400)).await;
    let migrator = db.migrator(&[PEOPLE, names, fill]);
    let report = migrator.run_to_completion().await.expect("a backfill");
    assert_eq!(versions(&report), [20260102000000, FILLED]);
    let status = filled(&migrator).await;
    assert_eq!((status.visited, status.changed), (400, 399));
}

async fn a_worker_in_the_background_moves_it<K: Kind>() {
    let db: K = in_use(500).await;
    let (migrator, events) = heard(&db, &[PEOPLE, EXPAND, FILL]);
    migrator.run().await.expect("the start");
    let worker = migrator.spawn_worker();
    for _ in 0..600 {
        let verified = events
            .lock()
            .expect("the events")
            .iter()
            .any(|event| matches!(event, Event::Verified { .. }));
        if verified {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    worker.shutdown().await.expect("a worker that ended well");
    assert_eq!(wrong(&db).await, "0");
    let status = migrator.status().await.expect("a status");
    assert!(status.may_serve);
    assert!(migrator.run().await.expect("a start").waiting.is_empty());
}

async fn start_up_does_not_move<K: Kind>() {
    let db: K = in_use(10).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    migrator.run().await.expect("a start");
    assert_eq!(wrong(&db).await, "10");
    assert!(
        migrator
            .backfill(version(FILLED))
            .await
            .expect("a status")
            .is_none()
    );
}

/// Where the statement does not say what is right, the verify queries do.
async fn no_rule_is_no_comparison<K: Kind>() {
    let db: K = in_use(100).await;
    let fill = (
        FILL.0,
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\nUPDATE people SET nick = name WHERE id > 50;\n\
         -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n",
    );
    let migrator = db.migrator(&[PEOPLE, EXPAND, fill]);
    let error = migrator
        .run_to_completion()
        .await
        .expect_err("50 rows are not moved");
    assert!(error.is_verification(), "{error}");
    let status = filled(&migrator).await;
    assert_eq!(status.state, BackfillState::Blocked);
    let reason = status.reason.expect("a reason");
    assert!(
        reason.contains("a verify query answers 50, expected 0"),
        "{reason}"
    );
    db.execute("UPDATE people SET nick = name").await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    migrator
        .run_to_completion()
        .await
        .expect("what was mended is right");
}

/// Nothing of it has begun, and a person has to see it all the same.
async fn what_is_refused_before_its_first_batch_is_blocked<K: Kind>() {
    let db: K = in_use(10).await;
    let text = FILL.1.replace("nick = name;", "nick = no_such_column;");
    let migrator = db.migrator(&[PEOPLE, EXPAND, (FILL.0, &text)]);
    let error = migrator.run_to_completion().await.expect_err("no such column");
    assert!(error.to_string().contains("refused a batch"), "{error}");
    let status = filled(&migrator).await;
    assert_eq!(status.state, BackfillState::Blocked);
    let reason = status.reason.expect("a reason");
    assert!(reason.contains("no_such_column"), "{reason}");
    let changes = migrator.changes().await.expect("the changes");
    let blocked = changes[0].blocked.as_deref().expect("it is blocked");
    assert!(blocked.contains("no_such_column"), "{blocked}");
    let error = migrator.run_to_completion().await.expect_err("it is held");
    assert!(error.is_backfill(), "{error}");

    migrator.resume(version(FILLED)).await.expect("to try again");
    migrator.run_to_completion().await.expect_err("as before");
    assert_eq!(filled(&migrator).await.state, BackfillState::Blocked);

    let mended = db.migrator(&[PEOPLE, EXPAND, FILL]);
    mended.resume(version(FILLED)).await.expect("to begin");
    mended.run_to_completion().await.expect("what was mended");
    assert_eq!(wrong(&db).await, "0");
    let status = filled(&mended).await;
    assert_eq!((status.state, status.visited), (BackfillState::Verified, 10));
}
