//! SQLite has one lock for all who write: who waits for it does so as documented, whatever the batches.

use std::sync::atomic::{AtomicBool, Ordering};

use migrate_core::backfill::Throttled;
use migrate_testkit::SqliteDatabase;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::*;

/// How long the application keeps the lock each time: five times as long as a batch may take.
const WRITES: Duration = Duration::from_millis(150);

/// A connection of the application to a database without a write-ahead log, as SQLite makes one.
async fn application(db: &SqliteDatabase) -> SqliteConnection {
    let options: SqliteConnectOptions = db.options();
    let mut connection = options.connect().await.expect("a connection");
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
        .fetch_one(&mut connection)
        .await
        .expect("a mode");
    assert_eq!(mode, "delete");
    connection
}

async fn say(connection: &mut SqliteConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(connection).await.expect(sql);
}

#[test]
fn waiting_for_who_writes_makes_no_batch_smaller() {
    crate::run(async {
        let db: SqliteDatabase = in_use(3_000).await;
        let mut application = application(&db).await;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let writer = tokio::spawn(async move {
            while !stopped.load(Ordering::Relaxed) {
                say(&mut application, "BEGIN IMMEDIATE").await;
                tokio::time::sleep(WRITES).await;
                say(&mut application, "COMMIT").await;
                tokio::time::sleep(WRITES / 10).await;
            }
        });
        let fill = (FILL.0, FILL.1.replace("batch=100 pause=0ms", "batch=100"));
        let migrator = db.migrator(&[PEOPLE, EXPAND, (fill.0, &fill.1)]);
        let run = migrator.run_to_completion().await;
        stop.store(true, Ordering::Relaxed);
        writer.await.expect("no panic");
        run.expect("its turn comes again and again");
        let status = filled(&migrator).await;
        assert_eq!(
            (status.visited, wrong(&db).await.as_str()),
            (3_000, "0"),
            "{status}"
        );
        assert!(
            status.batches <= 30,
            "the first batch has 100 rows, and none is smaller for having waited: {status}"
        );
    });
}

#[test]
fn a_lock_that_is_never_free_is_said_for_what_it_is() {
    crate::run(async {
        let db: SqliteDatabase = in_use(1_000).await;
        let mut application = application(&db).await;
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&events);
        let options = db.options().busy_timeout(Duration::from_millis(100));
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("a pool");
        let slow = FILL.1.replace("batch=100 pause=0ms", "batch=100 pause=100ms");
        let migrator = Migrator::new(pool, db.set(&[PEOPLE, EXPAND, (FILL.0, &slow)]))
            .lock_retry(Duration::from_secs(4))
            .observer(move |event: &Event| kept.lock().expect("the events").push(event.clone()))
            .build();
        let worker = migrator.spawn_worker();
        begun(&migrator).await;
        say(&mut application, "BEGIN IMMEDIATE").await;
        let told = || {
            let events = events.lock().expect("the events");
            events.iter().find_map(|event| match event {
                Event::Trouble { message } => Some(message.clone()),
                _ => None,
            })
        };
        let began = std::time::Instant::now();
        let told = loop {
            if let Some(told) = told() {
                break told;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "nothing is told");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert!(began.elapsed() >= Duration::from_secs(4), "it is waited for");
        for word in [
            "is busy",
            "only write lock",
            "`busy_timeout`",
            "WAL",
            "`lock_retry`",
        ] {
            assert!(told.contains(word), "{told}");
        }
        assert!(!told.contains("opened"), "{told}");
        say(&mut application, "COMMIT").await;
        // What could not be written down is not blocked, and goes on by itself.
        while filled(&migrator).await.state != BackfillState::Verified {
            assert!(began.elapsed() < Duration::from_secs(120), "it does not go on");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        worker.shutdown().await.expect("a worker that ended well");
        assert_eq!(wrong(&db).await, "0");
        let events = events.lock().expect("the events");
        let is_busy = |event: &Event| matches!(event, Event::Progress(progress) if progress.throttled == Some(Throttled::Busy));
        assert!(events.iter().any(is_busy), "{events:?}");
    });
}
