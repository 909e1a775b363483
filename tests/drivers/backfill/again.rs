//! Data that was right, looked at again until its contract; and what is written down when it is not.

use migrate_core::change::{LogEntry, Occurrence};

use super::*;
use crate::changes::{CONTRACTED, TestClock, builder, change, closed, waits};
use crate::kind::left;

crate::on_every_database! {
    what_is_not_right_any_more_closes_the_gate
    what_is_not_right_any_more_is_moved_again
    what_is_right_stays_so
    what_fires_is_in_the_log
    a_rerun_is_shown_as_waiting_and_taken_up_soon
}

/// So often that a test need not wait.
const OFTEN: Duration = Duration::from_millis(300);

/// Nothing keeps the two columns equal.
fn expand() -> (&'static str, String) {
    (
        EXPAND.0,
        EXPAND.1.replace("-- migrate:sync people.name <-> nick\n", ""),
    )
}

const CONTRACT: (&str, &str) = (
    "20260104000000_contract",
    "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:irreversible \"the names stand in nick\"\n\
     -- migrate:requires 20260103000000\n-- migrate:soak 1h\n-- migrate:up\nALTER TABLE people DROP COLUMN name;\n",
);

/// A database whose data is moved, and nobody on it.
async fn moved<K: Kind>(clock: &TestClock) -> K {
    let db = K::create().await;
    let expand = expand();
    let files = [PEOPLE, (expand.0, &*expand.1), FILL];
    let first = builder(&db, &files[..1], clock).build();
    first.run().await.expect("the first build");
    first.leave().await;
    db.execute(&rows(1, 100)).await;
    let migrator = builder(&db, &files, clock).build();
    migrator.run_to_completion().await.expect("the data is moved");
    left(&migrator).await;
    db
}

async fn until<T>(what: &str, mut seen: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(seen) = seen().await {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not come about: {what}");
}

async fn state<K: Kind>(migrator: &Migrator, _db: &K) -> (BackfillState, String) {
    let status = filled(migrator).await;
    (status.state, status.reason.unwrap_or_default())
}

fn fired(log: &[LogEntry]) -> Vec<String> {
    let noted = log.iter().filter(|entry| entry.what == Occurrence::Noted);
    let fired = noted.filter(|entry| entry.figure("trigger").is_some());
    fired
        .map(|entry| {
            let figures = entry
                .figures
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            figures.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

async fn what_is_not_right_any_more_closes_the_gate<K: Kind>() {
    let clock = TestClock::default();
    let db: K = moved(&clock).await;
    let expand = expand();
    let files = [PEOPLE, (expand.0, &*expand.1), FILL, CONTRACT];
    let migrator = builder(&db, &files, &clock)
        .without_approval()
        .verify_again(OFTEN)
        .build();
    migrator.run().await.expect("it may serve");
    let worker = migrator.spawn_worker();
    db.execute("UPDATE people SET nick = 'other' WHERE id = 7").await;
    let reason = until("the change is blocked", async || {
        change(&migrator, "nick").await.blocked
    })
    .await;
    assert!(
        reason.starts_with("it was right before; 1 of 100 rows are not right after the backfill: 7"),
        "{reason}"
    );
    let seen = change(&migrator, "nick").await;
    assert!(closed(&seen).contains(&"data"), "{seen}");
    clock.forward(Duration::from_secs(3 * 3600));
    let report = migrator.run_to_completion().await.expect("the job");
    assert!(
        waits(&report).contains("data: the change is blocked: it was right before"),
        "{report}"
    );
    // The job may write that it is blocked before the worker has written why.
    let log = until("it is in the log", async || {
        let log = migrator.events().await.expect("the log");
        let is_blocked = log.iter().any(|entry| entry.what == Occurrence::Blocked);
        (is_blocked && !fired(&log).is_empty()).then_some(log)
    })
    .await;
    let comparison = "trigger=divergence check=comparison looked=100 differ=1 keys=7";
    let sample = "check=sample looked=100 differ=1 keys=7 became=blocked";
    assert_eq!(fired(&log), [format!("{comparison} {sample}")]);
    // Somebody mends it, and it is believed once it was looked at.
    db.execute("UPDATE people SET nick = name WHERE id = 7").await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    until("it is right again", async || {
        (state(&migrator, &db).await.0 == BackfillState::Verified).then_some(())
    })
    .await;
    until("the contract is applied", async || {
        clock.forward(Duration::from_secs(3600));
        let status = migrator.status().await.expect("a status");
        let done = status.lines.iter().any(|line| {
            line.version == version(CONTRACTED)
                && matches!(line.state, migrate_core::migrator::StatusState::Recorded { .. })
        });
        done.then_some(())
    })
    .await;
    worker.shutdown().await.expect("a worker that ended well");
    let log = migrator.events().await.expect("the log");
    let said: Vec<Occurrence> = log.iter().map(|entry| entry.what).collect();
    let place = |what| said.iter().position(|other| *other == what);
    assert!(
        place(Occurrence::Blocked) < place(Occurrence::Unblocked),
        "{said:?}"
    );
    assert!(
        place(Occurrence::Unblocked) < place(Occurrence::Contracted),
        "{said:?}"
    );
    migrator.leave().await;
    left(&migrator).await;
}

async fn what_is_not_right_any_more_is_moved_again<K: Kind>() {
    let clock = TestClock::default();
    let db: K = moved(&clock).await;
    let expand = expand();
    let files = [PEOPLE, (expand.0, &*expand.1), FILL];
    let migrator = builder(&db, &files, &clock).verify_again(OFTEN).build();
    let worker = migrator.spawn_worker();
    db.execute("UPDATE people SET name = 'late' WHERE id IN (3, 90)")
        .await;
    until("it is blocked", async || {
        (state(&migrator, &db).await.0 == BackfillState::Blocked).then_some(())
    })
    .await;
    migrator.rerun(version(FILLED)).await.expect("to begin again");
    until("it is right again", async || {
        (state(&migrator, &db).await.0 == BackfillState::Verified).then_some(())
    })
    .await;
    worker.shutdown().await.expect("a worker that ended well");
    assert_eq!(wrong(&db).await, "0");
    let status = filled(&migrator).await;
    assert_eq!((status.visited, status.changed), (100, 2), "{status}");
    assert_eq!(change(&migrator, "nick").await.blocked, None);
}

async fn what_is_right_stays_so<K: Kind>() {
    let clock = TestClock::default();
    let db: K = moved(&clock).await;
    let expand = expand();
    let files = [PEOPLE, (expand.0, &*expand.1), FILL];
    let never = builder(&db, &files, &clock).verify_again(Duration::ZERO).build();
    let worker = never.spawn_worker();
    let report = async || filled(&never).await.report;
    let first = report().await.expect("a report");
    db.execute("INSERT INTO people (id, name, nick) VALUES (101, 'new', 'new')")
        .await;
    tokio::time::sleep(OFTEN * 4).await;
    assert_eq!(report().await.as_ref(), Some(&first), "nobody looked");
    worker.shutdown().await.expect("a worker that ended well");
    let often = builder(&db, &files, &clock).verify_again(OFTEN).build();
    let worker = often.spawn_worker();
    until("it is looked at again", async || {
        report()
            .await
            .filter(|report| report.starts_with("101 rows compared, 0 differ"))
    })
    .await;
    worker.shutdown().await.expect("a worker that ended well");
    assert_eq!(state(&often, &db).await.0, BackfillState::Verified);
    assert_eq!(fired(&often.events().await.expect("the log")), [""; 0]);
}

async fn what_fires_is_in_the_log<K: Kind>() {
    let db: K = in_use(100).await;
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(held::Full)
        .build();
    migrator.run_to_completion().await.expect_err("it is stopped");
    let log = migrator.events().await.expect("the log");
    assert_eq!(
        fired(&log),
        ["trigger=throttle said=the queue is full became=blocked"]
    );
    let blocked = log.iter().find(|entry| entry.what == Occurrence::Blocked);
    let blocked = blocked.and_then(|entry| entry.figure("reason"));
    assert_eq!(blocked, Some("the queue is full"));
}

async fn a_rerun_is_shown_as_waiting_and_taken_up_soon<K: Kind>() {
    let clock = TestClock::default();
    let db: K = moved(&clock).await;
    let expand = expand();
    let files = [PEOPLE, (expand.0, &*expand.1), FILL];
    let migrator = builder(&db, &files, &clock).build();
    migrator.run().await.expect("it may serve");
    db.execute("UPDATE people SET nick = 'other' WHERE id = 7").await;
    migrator.rerun(version(FILLED)).await.expect("once more");
    let status = filled(&migrator).await;
    assert_eq!(
        (status.state, status.waits.as_deref(), status.report.as_deref()),
        (BackfillState::Moving, Some("a worker"), None),
        "{status}"
    );
    assert!(status.to_string().contains("; waits for a worker"), "{status}");
    // The first turn of a worker, and one that had nothing to do.
    let worker = migrator.spawn_worker();
    for _ in 0..2 {
        let began = std::time::Instant::now();
        until("it is moved again", async || {
            (state(&migrator, &db).await.0 == BackfillState::Verified).then_some(())
        })
        .await;
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        assert_eq!(wrong(&db).await, "0");
        tokio::time::sleep(Duration::from_secs(1)).await;
        db.execute("UPDATE people SET nick = 'other' WHERE id = 7").await;
        migrator.rerun(version(FILLED)).await.expect("once more");
    }
    worker.shutdown().await.expect("a worker that ended well");
    migrator.leave().await;
    left(&migrator).await;
}
