//! Changes: their states, the gates of their contracts, the builds that live, and the way back.

mod counts;
mod development;
mod drafts;
mod dual_write;
mod gates;
mod health;
mod live;
mod log;
mod rollback;
mod soak;
mod strangers;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use migrate_core::change::{Approval, Change, ChangeState, Occurrence};
use migrate_core::migrator::{Event, MigratorBuilder};
use migrate_core::{Migrator, Policy, Report};

use crate::backfill::{EXPAND, FILL, FILLED, PEOPLE, begun, filled, rows};
use crate::kind::{Kind, left, version, versions};

crate::on_every_database! {
    the_whole_life_of_a_change
    a_worker_applies_the_contract
    a_worker_waits_for_the_expand
    a_build_of_the_new_shape_waits_for_the_data
    a_contract_alone_needs_no_expand
    a_worker_outlives_a_contract_that_is_refused
    a_worker_leaves_a_backfill_to_its_window
}

pub(super) const CONTRACTED: u64 = 20260104000000;

/// Removes what only old builds read.
pub(super) const CONTRACT: (&str, &str) = (
    "20260104000000_contract",
    "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:unsync people.name <-> nick\n\
     -- migrate:irreversible \"the names stand in nick\"\n\
     -- migrate:requires 20260103000000\n\
     -- migrate:up\nALTER TABLE people DROP COLUMN name;\n",
);

/// A clock that tests put forward.
#[derive(Clone, Default)]
pub(super) struct TestClock(Arc<AtomicU64>);

impl TestClock {
    pub(super) fn forward(&self, time: Duration) {
        self.0.fetch_add(time.as_millis() as u64, Ordering::SeqCst);
    }

    fn now(&self) -> SystemTime {
        SystemTime::now() + Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A migrator that need not wait for what is seen once, and goes by that clock.
pub(super) fn builder<K: Kind>(db: &K, files: &[(&str, &str)], clock: &TestClock) -> MigratorBuilder {
    let clock = clock.clone();
    // The testkit's own connections are of no instance.
    Migrator::new(db.pool(), db.set(files))
        .settle(Duration::ZERO)
        .ignore_application("*")
        .clock(move || clock.now())
}

pub(super) fn approval() -> Approval {
    Approval {
        by: "an operator".to_owned(),
        backup: "backup-7".to_owned(),
        restore_tested: "2026-01-05".to_owned(),
        owner: "the shop".to_owned(),
    }
}

pub(super) async fn change(migrator: &Migrator, name: &str) -> Change {
    let changes = migrator.changes().await.expect("the changes");
    let found = changes.into_iter().find(|change| change.name == name);
    found.unwrap_or_else(|| panic!("there is no change {name}"))
}

/// The gates that are closed.
pub(super) fn closed(change: &Change) -> Vec<&str> {
    let closed = change.gates.iter().filter(|gate| !gate.open);
    closed.map(|gate| &*gate.gate).collect()
}

/// What a report says of the gates that are closed.
pub(super) fn waits(report: &Report) -> String {
    let lines = report.waiting.iter().flat_map(|waiting| waiting.closed());
    lines.map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A database with 50 people, of a first build that stays registered.
pub(super) async fn peopled<K: Kind>(clock: &TestClock) -> K {
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], clock).build();
    first.run().await.expect("a build");
    db.execute(&rows(1, 50)).await;
    db
}

/// A database with a change up to its verified data, and no instance on it.
pub(super) async fn verified<K: Kind>(clock: &TestClock) -> K {
    let db = K::create().await;
    for files in [&[PEOPLE][..], &[PEOPLE, EXPAND]] {
        let migrator = builder(&db, files, clock).build();
        migrator.run().await.expect("a build");
        if files.len() == 1 {
            db.execute(&rows(1, 50)).await;
        }
        migrator.leave().await;
    }
    let migrator = builder(&db, &[PEOPLE, EXPAND, FILL], clock).build();
    migrator.run_to_completion().await.expect("the data is moved");
    left(&migrator).await;
    db
}

/// Waits until the worker has moved the data of the change, and compared it.
pub(super) async fn verifies(migrator: &Migrator) {
    for _ in 0..300 {
        if change(migrator, "nick").await.state == ChangeState::Verified {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the worker does not begin");
}

async fn the_whole_life_of_a_change<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let last = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    last.run().await.expect("the build before");
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    // The build before embeds what the contract requires, so it is in use, and soaks.
    assert_eq!(change(&last, "nick").await.state, ChangeState::Verified);
    let report = next.run_to_completion().await.expect("the job");
    assert!(report.applied.is_empty(), "{report}");
    let seen = change(&next, "nick").await;
    assert_eq!(
        (seen.state, closed(&seen)),
        (ChangeState::Soaking, vec!["soak", "approval"])
    );
    next.approve("nick", &approval()).await.expect("an approval");
    assert_eq!(closed(&change(&next, "nick").await), ["soak"]);
    clock.forward(Duration::from_secs(23 * 3600));
    assert_eq!(closed(&change(&next, "nick").await), ["soak"]);
    clock.forward(Duration::from_secs(2 * 3600));
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [CONTRACTED], "{report}");
    assert_eq!(change(&next, "nick").await.state, ChangeState::Contracted);
    let said: Vec<Occurrence> = next
        .events()
        .await
        .expect("the log")
        .iter()
        .filter(|entry| entry.what != Occurrence::Noted)
        .map(|entry| entry.what)
        .collect();
    let expected = [
        Occurrence::Expanded,
        Occurrence::Verified,
        Occurrence::InUse,
        Occurrence::Approved,
        Occurrence::Contracted,
    ];
    assert_eq!(said, expected);
    // The build before goes on; the one before that may not start.
    last.run().await.expect("it embeds what the contract requires");
    let old = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    let error = old.run().await.expect_err("its column is gone");
    assert!(error.is_older_build(), "{error}");
}

async fn a_worker_applies_the_contract<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .without_approval()
        .build();
    next.run().await.expect("the build");
    let worker = next.spawn_worker();
    let mut state = ChangeState::Planned;
    for turn in 0..300 {
        state = change(&next, "nick").await.state;
        if state == ChangeState::Soaking {
            clock.forward(Duration::from_secs(25 * 3600));
        }
        if state == ChangeState::Contracted {
            break;
        }
        assert!(turn < 299, "it stays {state}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(state, ChangeState::Contracted);
    worker.shutdown().await.expect("an end");
    assert!(next.run().await.expect("nothing to do").applied.is_empty());
}

/// A worker may be there before `run` is through: the data it would move has no place yet, and nothing keeps it equal.
async fn a_worker_waits_for_the_expand<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    let worker = next.spawn_worker();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let begun = next.backfill(version(20260103000000)).await.expect("a status");
    assert!(begun.is_none(), "{begun:?}");
    next.run().await.expect("the expand");
    verifies(&next).await;
    worker.shutdown().await.expect("an end");
}

/// It embeds the contract, so its code reads only the new shape.
async fn a_build_of_the_new_shape_waits_for_the_data<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    let error = next.run().await.expect_err("the data is not moved");
    assert!(error.is_not_ready(), "{error}");
    assert!(error.to_string().contains("20260103000000 fill"), "{error}");
    let report = next.run_to_completion().await.expect("the job");
    assert!(
        waits(&report).contains("live-builds: 1 of 1 instances do not embed 20260103000000"),
        "{report}"
    );
    next.run().await.expect("the data is there, and contracts wait");
}

async fn a_contract_alone_needs_no_expand<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    let drop = (
        "20260105000000_drop",
        "-- migrate:change no_people\n-- migrate:phase contract\n-- migrate:irreversible \"nobody reads it\"\n\
         -- migrate:soak 0s\n-- migrate:up\nDROP TABLE people;\n",
    );
    let next = builder(&db, &[PEOPLE, drop], &clock).without_approval().build();
    let report = next.run_to_completion().await.expect("the job");
    assert!(waits(&report).starts_with("live-builds: 1 of 1"), "{report}");
    first.leave().await;
    left(&next).await;
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [20260105000000], "{report}");
    assert_eq!(db.tables("people").await, "0");
    let _ = version(0);
}

async fn a_worker_outlives_a_contract_that_is_refused<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    first.leave().await;
    left(&first).await;
    let refused = (
        "20260105000000_tight",
        "-- migrate:change tight\n-- migrate:phase contract\n-- migrate:up\n\
         CREATE INDEX people_name ON people (missing);\n-- migrate:down\nDROP INDEX people_name;\n",
    );
    let (told, heard) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let next = builder(&db, &[PEOPLE, refused], &clock)
        .observer(move |event: &Event| {
            if let Event::Trouble { message } = event {
                let _ = told.lock().expect("a channel").send(message.clone());
            }
        })
        .build();
    next.run().await.expect("a build");
    let worker = next.spawn_worker();
    let mut message = None;
    for _ in 0..300 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        message = heard.try_recv().ok();
        if message.is_some() {
            break;
        }
    }
    let message = message.expect("somebody hears of it");
    assert!(message.contains("20260105000000"), "{message}");
    worker.shutdown().await.expect("a worker that ended well");
}

async fn a_worker_leaves_a_backfill_to_its_window<K: Kind>() {
    // The window is of the day behind tomorrow: it is closed today, and open at some time of that day.
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let fill = FILL.1.replace(
        "-- migrate:backfill",
        &format!(
            "-- migrate:window \"{} 00:00-23:59 UTC\"\n-- migrate:backfill",
            in_two_days()
        ),
    );
    let (told, heard) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let next = builder(&db, &[PEOPLE, EXPAND, (FILL.0, &fill)], &clock)
        .observer(move |event: &Event| {
            if matches!(event, Event::WaitingForWindow { .. } | Event::Trouble { .. }) {
                let _ = told.lock().expect("a channel").send(event.to_string());
            }
        })
        .build();
    next.run().await.expect("the expand");
    let worker = next.spawn_worker();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let seen = change(&next, "nick").await;
    assert_ne!(seen.state, ChangeState::Verified, "{seen}");
    let window = format!("its window {} 00:00-23:59 UTC, which opens at 20", in_two_days());
    let heard: Vec<String> = heard.try_iter().collect();
    let told = format!("the backfill of 20260103000000 waits for {window}");
    assert!(
        matches!(&heard[..], [once] if once.starts_with(&told)),
        "told once, and as no trouble: {heard:?}"
    );
    let status = next.status().await.expect("a status").to_string();
    assert!(status.contains(&format!("; waits for {window}")), "{status}");
    let filled = next.backfill(version(20260103000000)).await.expect("a status");
    let waits = filled.and_then(|filled| filled.waits).unwrap_or_default();
    assert!(waits.starts_with(&window), "{waits}");
    assert!(closed(&seen).contains(&"window"), "{seen}");
    assert!(seen.to_string().contains("which opens at 20"), "{seen}");
    for _ in 0..3 {
        clock.forward(Duration::from_secs(24 * 3600));
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    worker.shutdown().await.expect("a worker that ended well");
    let seen = change(&next, "nick").await;
    assert_eq!(seen.state, ChangeState::Verified, "{seen}");
}

/// The day of the week that the day behind tomorrow is.
pub(super) fn in_two_days() -> &'static str {
    let day = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("a time behind 1970")
        .as_secs()
        / 86_400;
    ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((day + 2) % 7) as usize]
}
