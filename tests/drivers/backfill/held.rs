//! Backfills that somebody, or something, stopped.

use migrate_core::backfill::{BackfillSettings, Throttle, Verdict};

use super::*;

crate::on_every_database! {
    a_pause_holds_it_until_it_is_resumed
    a_cancelled_one_keeps_what_it_moved
    settings_hold_at_once
    a_throttle_that_says_stop_blocks_it
    a_throttle_without_an_answer_does_not_keep_the_worker
    rows_that_are_not_right_block_it
    a_verify_query_may_take_longer_than_a_batch
    a_rerun_takes_what_came_behind_the_former_end
}

// In SQLite a reader keeps writers away, so that nobody can step in.
crate::on_servers! {
    who_steps_in_during_the_last_look_is_heard
}

/// So slow that somebody can step in.
const SLOW: Duration = Duration::from_millis(100);

fn slow() -> (&'static str, String) {
    (
        FILL.0,
        FILL.1.replace("batch=100 pause=0ms", "batch=10 pause=100ms"),
    )
}

async fn a_pause_holds_it_until_it_is_resumed<K: Kind>() {
    let db: K = in_use(1_000).await;
    let fill = slow();
    let migrator = db.migrator(&[PEOPLE, EXPAND, (fill.0, &fill.1)]);
    let worker = migrator.spawn_worker();
    begun(&migrator).await;
    migrator
        .pause(version(FILLED), "the shop opens")
        .await
        .expect("a pause");
    tokio::time::sleep(SLOW * 12).await;
    let status = filled(&migrator).await;
    assert_eq!(
        (status.state, status.reason.as_deref()),
        (BackfillState::Paused, Some("the shop opens"))
    );
    assert!(status.workers.is_empty(), "{:?} hold parts", status.workers);
    let before = status.visited;
    tokio::time::sleep(SLOW * 5).await;
    let status = filled(&migrator).await;
    assert_eq!(status.visited, before);
    let shown = migrator.status().await.expect("a status").to_string();
    assert!(
        shown.contains("paused: ") && shown.contains("the shop opens"),
        "{shown}"
    );
    let error = migrator.run_to_completion().await.expect_err("it is paused");
    assert!(
        error.is_backfill() && error.to_string().contains("paused: the shop opens"),
        "{error}"
    );
    migrator.resume(version(FILLED)).await.expect("to go on");
    let fast = BackfillSettings {
        pause: Some(Duration::ZERO),
        ..BackfillSettings::default()
    };
    migrator.configure(version(FILLED), fast).await.expect("settings");
    migrator.run_to_completion().await.expect("the rest");
    worker.shutdown().await.expect("a worker that ended well");
    assert_eq!(wrong(&db).await, "0");
}

async fn a_cancelled_one_keeps_what_it_moved<K: Kind>() {
    let db: K = in_use(1_000).await;
    let fill = slow();
    let migrator = db.migrator(&[PEOPLE, EXPAND, (fill.0, &fill.1)]);
    let worker = migrator.spawn_worker();
    begun(&migrator).await;
    migrator
        .cancel(version(FILLED), "another way")
        .await
        .expect("an end");
    worker.shutdown().await.expect("a worker that ended well");
    let error = migrator.run_to_completion().await.expect_err("it is cancelled");
    assert!(error.to_string().contains("cancelled: another way"), "{error}");
    assert_ne!(wrong(&db).await, "1000");
}

async fn settings_hold_at_once<K: Kind>() {
    let db: K = in_use(400).await;
    let fill = (FILL.0, FILL.1.replace("batch=100 pause=0ms", "batch=1 pause=10s"));
    let migrator = db.migrator(&[PEOPLE, EXPAND, (fill.0, &fill.1)]);
    let worker = migrator.spawn_worker();
    begun(&migrator).await;
    // The worker is in its pause of ten seconds; another one does not wait for it.
    let fast = BackfillSettings {
        max_batch: Some(50),
        pause: Some(Duration::ZERO),
        ..BackfillSettings::default()
    };
    migrator.configure(version(FILLED), fast).await.expect("settings");
    worker.shutdown().await.expect("a worker that ended well");
    migrator.run_to_completion().await.expect("the rest");
    let status = filled(&migrator).await;
    assert_eq!(status.settings, fast);
    assert!(status.visited == 400 && status.batches >= 8, "{status}");
}

pub(crate) struct Full;

impl Throttle for Full {
    async fn look(&self) -> Result<Verdict, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Verdict::Stop("the queue is full".to_owned()))
    }
}

async fn a_throttle_that_says_stop_blocks_it<K: Kind>() {
    let db: K = in_use(100).await;
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(Full)
        .build();
    let error = migrator.run_to_completion().await.expect_err("it is stopped");
    assert!(
        error.to_string().contains("blocked: the queue is full"),
        "{error}"
    );
    assert_eq!(wrong(&db).await, "100");
    let free = db.migrator(&[PEOPLE, EXPAND, FILL]);
    free.run_to_completion()
        .await
        .expect_err("it stays so until somebody says otherwise");
    free.resume(version(FILLED)).await.expect("to go on");
    free.run_to_completion().await.expect("the data is moved");
}

struct Silent;

impl Throttle for Silent {
    async fn look(&self) -> Result<Verdict, Box<dyn std::error::Error + Send + Sync>> {
        std::future::pending().await
    }
}

async fn a_throttle_without_an_answer_does_not_keep_the_worker<K: Kind>() {
    let db: K = in_use(100).await;
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(Silent)
        .build();
    let worker = migrator.spawn_worker();
    for _ in 0..200 {
        let status = migrator.backfill(version(FILLED)).await.expect("a status");
        if status.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(SLOW).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), worker.shutdown()).await;
    ended
        .expect("it does not wait for the answer")
        .expect("a worker that ended well");
    assert_eq!(wrong(&db).await, "100", "nothing is moved without an answer");
}

/// A build that writes one side only, where no trigger sees it.
async fn rows_that_are_not_right_block_it<K: Kind>() {
    let db = K::create().await;
    let expand = (
        EXPAND.0,
        EXPAND.1.replace("-- migrate:sync people.name <-> nick\n", ""),
    );
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 100)).await;
    let files = [PEOPLE, (expand.0, &*expand.1), FILL];
    db.ran(&files[..2]).await;
    // What is behind the end of the backfill is nobody's.
    let migrator = db.migrator(&files);
    let begun = Migrator::new(db.pool(), db.set(&files)).throttle(Full).build();
    begun
        .run_to_completion()
        .await
        .expect_err("it is stopped at its beginning");
    db.execute("INSERT INTO people (id, name) VALUES (1001, 'late')")
        .await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    let error = migrator
        .run_to_completion()
        .await
        .expect_err("a row was written behind its back");
    assert!(
        error
            .to_string()
            .contains("1 of 101 rows are not right after the backfill: 1001"),
        "{error}"
    );
    db.execute("UPDATE people SET nick = name WHERE id > 1000").await;
    db.execute("UPDATE people SET name = 'other' WHERE id = 5").await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    let error = migrator.run_to_completion().await.expect_err("another one");
    assert!(
        error
            .to_string()
            .contains("rows are not right after the backfill: 5"),
        "{error}"
    );
    migrator.rerun(version(FILLED)).await.expect("to begin again");
    migrator.run_to_completion().await.expect("all of it is right");
    assert_eq!(wrong(&db).await, "0");
}

async fn a_verify_query_may_take_longer_than_a_batch<K: Kind>() {
    let db: K = in_use(20).await;
    let slow = match K::DIALECT {
        Dialect::Postgres => "SELECT count(*) - 1 FROM pg_sleep(1)",
        Dialect::Sqlite => "SELECT 0",
        _ => "SELECT SLEEP(1)",
    };
    let fill = FILL
        .1
        .replace("SELECT count(*) FROM people WHERE nick IS NULL", slow);
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, (FILL.0, &fill)]))
        .batch_timeout(Duration::from_millis(300))
        .build();
    migrator.run_to_completion().await.expect("its own time");
    assert_eq!(wrong(&db).await, "0");
}

/// A batch of eight takes longer than it may, because a trigger takes its time for each row; one of two does not.
#[test]
fn sqlite_ends_a_batch_for_its_time() {
    crate::run(async {
        let db: migrate_testkit::SqliteDatabase = in_use(8).await;
        db.execute(
            "CREATE TABLE many (n INTEGER); WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 700) \
             INSERT INTO many SELECT n FROM c",
        )
        .await;
        let slow = "SELECT max(a.n * b.n) FROM many a, many b";
        db.execute(&format!(
            "CREATE TRIGGER slow_write AFTER UPDATE OF nick ON people BEGIN {slow}; END"
        ))
        .await;
        let mut once = Duration::MAX;
        for _ in 0..3 {
            let started = std::time::Instant::now();
            db.value(&slow.replace("max(a.n * b.n)", "CAST(max(a.n * b.n) AS TEXT)"))
                .await;
            once = once.min(started.elapsed());
        }
        let fill = FILL.1.replace("batch=100", "batch=8");
        let migrator = Migrator::new(Kind::pool(&db), db.set(&[PEOPLE, EXPAND, (FILL.0, &fill)]))
            .batch_timeout(once * 3)
            .build();
        migrator.run_to_completion().await.expect("smaller batches");
        assert_eq!(wrong(&db).await, "0");
        let status = migrator.backfill(version(FILLED)).await.expect("a status");
        let status = status.expect("a backfill");
        assert!(status.batches > 1, "{status}");
    });
}

/// `statement_timeout` holds for statements of migrations there, too, each on its own.
#[test]
fn sqlite_ends_a_statement_for_its_time() {
    crate::run(async {
        let db = <migrate_testkit::SqliteDatabase as Kind>::create().await;
        let endless = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c";
        let text = format!(
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE kept (id INTEGER);\n{endless};\n"
        );
        let build = |text: &str| {
            Migrator::new(Kind::pool(&db), db.set(&[PEOPLE, ("20260104000000_slow", text)]))
                .statement_timeout(Duration::from_millis(300))
                .build()
        };
        let error = build(&text).run().await.expect_err("its time is over");
        assert!(error.is_statement() && error.line() == Some(4), "{error}");
        assert_eq!(db.tables("kept").await, "0");
        build(&text.replace("FROM c) SELECT", "FROM c WHERE n < 10) SELECT"))
            .run()
            .await
            .expect("in time");
    });
}

async fn who_steps_in_during_the_last_look_is_heard<K: Kind>() {
    let slow = match K::DIALECT {
        Dialect::Postgres => "SELECT count(*) - 1 FROM pg_sleep(3)",
        _ => "SELECT SLEEP(3)",
    };
    let db: K = in_use(20).await;
    let fill = FILL
        .1
        .replace("SELECT count(*) FROM people WHERE nick IS NULL", slow);
    let migrator = db.migrator(&[PEOPLE, EXPAND, (FILL.0, &fill)]);
    let worker = migrator.spawn_worker();
    for _ in 0..200 {
        let status = migrator.backfill(version(FILLED)).await.expect("a status");
        if status.is_some_and(|status| status.state == BackfillState::Verifying) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // By now it asks the verify query.
    tokio::time::sleep(Duration::from_millis(700)).await;
    migrator
        .cancel(version(FILLED), "another way")
        .await
        .expect("an end");
    worker.shutdown().await.expect("a worker that ended well");
    let error = migrator.run_to_completion().await.expect_err("it is cancelled");
    assert!(error.to_string().contains("cancelled: another way"), "{error}");
}

async fn a_rerun_takes_what_came_behind_the_former_end<K: Kind>() {
    let db = K::create().await;
    let expand = (
        EXPAND.0,
        EXPAND.1.replace("-- migrate:sync people.name <-> nick\n", ""),
    );
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 100)).await;
    let migrator = db.migrator(&[PEOPLE, (expand.0, &expand.1), FILL]);
    migrator.run_to_completion().await.expect("the data is moved");
    // Nothing keeps both sides equal, and an old build goes on writing.
    db.execute(&rows(101, 105)).await;
    assert_eq!(wrong(&db).await, "5");
    migrator.rerun(version(FILLED)).await.expect("to begin again");
    migrator.run_to_completion().await.expect("all of it");
    assert_eq!(wrong(&db).await, "0");
    let status = migrator.backfill(version(FILLED)).await.expect("a status");
    let status = status.expect("a backfill");
    assert_eq!((status.state, status.visited), (BackfillState::Verified, 105));
}
