//! Backfills that lose their connection, their locks, their part or their room, and go on.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use migrate_core::backfill::{BackfillStatus, Throttled};
use migrate_core::migrator::Stop;
use migrate_testkit::{PostgresDatabase, SqliteDatabase};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;

use super::served::Served;
use super::*;

crate::on_every_database! {
    a_row_that_is_refused_blocks_it
    a_lock_past_the_budget_stops_it
    a_worker_that_comes_back_late_writes_nothing
}

const FILES: [(&str, &str); 3] = [PEOPLE, EXPAND, FILL];

/// Somebody else's write to row 150, not committed.
const HELD: &str = "UPDATE people SET name = 'held' WHERE id = 150";

async fn status(migrator: &Migrator) -> BackfillStatus {
    let status = migrator.backfill(version(FILLED)).await.expect("a status");
    status.expect("a backfill")
}

/// That each of the rows was visited once and moved once.
async fn check<K: Kind>(db: &K, migrator: &Migrator, rows: u64) {
    let status = status(migrator).await;
    assert_eq!(status.state, BackfillState::Verified);
    assert_eq!((status.visited, status.changed), (rows, rows), "{status}");
    assert_eq!(wrong(db).await, "0");
}

/// The connection of the server that waits for a lock.
pub(super) async fn waiting<K: Served>(db: &K) -> String {
    for _ in 0..500 {
        let id = db.value(&K::waiting("UPDATE people%")).await;
        if !id.is_empty() {
            return id;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waits for a lock");
}

crate::on_servers! {
    a_connection_ended_in_a_batch
    a_held_row_makes_batches_small
    a_late_commit_is_fenced_off
    a_victim_of_a_deadlock_tries_again
}

async fn a_connection_ended_in_a_batch<K: Served>() {
    let db: K = in_use(1_000).await;
    let held = db.hold(HELD).await;
    let migrator = Migrator::new(db.pool(), db.set(&FILES))
        .lock_timeout(Duration::from_secs(20))
        .lease(Duration::from_millis(300))
        .build();
    let run = {
        let migrator = migrator.clone();
        tokio::spawn(async move { migrator.run_to_completion().await })
    };
    let id = waiting(&db).await;
    db.execute(&K::END.replace("{}", &id)).await;
    drop(held);
    run.await.expect("no panic").expect("it connects again");
    check(&db, &migrator, 1_000).await;
}

async fn a_held_row_makes_batches_small<K: Served>() {
    let db: K = in_use(1_000).await;
    let held = db.hold(HELD).await;
    let events = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&events);
    let migrator = Migrator::new(db.pool(), db.set(&FILES))
        .lock_timeout(Duration::from_millis(100))
        .observer(move |event: &Event| kept.lock().expect("the events").push(event.clone()))
        .build();
    let run = {
        let migrator = migrator.clone();
        tokio::spawn(async move { migrator.run_to_completion().await })
    };
    let waited = || {
        let events = events.lock().expect("the events");
        let is_lock = |event: &&Event| matches!(event, Event::Progress(progress) if progress.throttled == Some(Throttled::Locks));
        events.iter().filter(is_lock).count()
    };
    while waited() < 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(held);
    run.await.expect("no panic").expect("the lock is given up");
    check(&db, &migrator, 1_000).await;
    let events = events.lock().expect("the events");
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Progress(progress) => Some(progress),
            _ => None,
        })
        .collect();
    let last = told
        .iter()
        .rposition(|progress| progress.throttled == Some(Throttled::Locks));
    let next = told[last.expect("a wait") + 1].batch;
    // It had a hundred rows and more, and was halved three times.
    assert!(
        (1..=50).contains(&next),
        "the batch behind the lock has {next} rows"
    );
}

/// The worker is stopped in its transaction, with its rows written; another one takes its part over; then it goes on.
async fn a_late_commit_is_fenced_off<K: Served>() {
    let db: K = in_use(1_000).await;
    let held = db.hold(HELD).await;
    let build = |name: &str| {
        Migrator::new(db.pool(), db.set(&FILES))
            .instance(name)
            .lock_timeout(Duration::from_secs(1))
            .lease(Duration::from_millis(500))
    };
    let (late, stop) = (
        build("late").lock_timeout(Duration::from_secs(20)).build(),
        Stop::new(),
    );
    let mut work = pin!(late.worker(&stop));
    tokio::select! {
        ended = &mut work => panic!("it ended: {ended:?}"),
        _ = waiting(&db) => {}
    }
    // Its statement ends at the server, and nobody hears that.
    drop(held);
    tokio::time::sleep(Duration::from_millis(800)).await;
    let other = build("other").build();
    let run = {
        let other = other.clone();
        tokio::spawn(async move { other.run_to_completion().await })
    };
    let fence = format!(
        "SELECT CAST(MAX(fence) AS {}) FROM _migrate_parts",
        if K::DIALECT.is_mysql_family() {
            "CHAR"
        } else {
            "TEXT"
        }
    );
    for _ in 0..500 {
        if db.value(&fence).await == "2" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(db.value(&fence).await, "2", "nobody took the part over");
    assert!(!run.is_finished());
    let completed = async {
        run.await.expect("no panic").expect("the other one goes on");
        stop.stop();
    };
    let (ended, ()) = tokio::join!(work, completed);
    ended.expect("a worker that lost its part goes on with others");
    check(&db, &other, 1_000).await;
}

async fn a_victim_of_a_deadlock_tries_again<K: Served>() {
    let db: K = in_use(1_000).await;
    // Of two, InnoDB undoes the one that wrote less.
    let mut held = db.hold("UPDATE people SET name = 'held' WHERE id > 50").await;
    if K::DIALECT == Dialect::Postgres {
        held.execute("SET deadlock_timeout = '30s'").await;
    }
    let migrator = Migrator::new(db.pool(), db.set(&FILES))
        .lock_timeout(Duration::from_secs(20))
        .build();
    let run = {
        let migrator = migrator.clone();
        tokio::spawn(async move { migrator.run_to_completion().await })
    };
    waiting(&db).await;
    held.execute("UPDATE people SET name = 'held' WHERE id = 10")
        .await;
    held.commit().await;
    run.await.expect("no panic").expect("the batch is repeated");
    let status = status(&migrator).await;
    assert_eq!((status.visited, status.changed), (1_000, 49), "{status}");
    assert_eq!(wrong(&db).await, "0");
}

/// Where the role's transactions see one state, a row that somebody wrote meanwhile is a serialisation failure.
#[test]
fn a_serialisation_failure_is_tried_again() {
    crate::run(async {
        let db: PostgresDatabase = in_use(1_000).await;
        let options = db
            .options()
            .options([("default_transaction_isolation", "repeatable read")]);
        let pool = PgPoolOptions::new().connect_with(options).await.expect("a pool");
        let mut held = db.hold(HELD).await;
        let migrator = Migrator::new(pool, db.set(&FILES))
            .lock_timeout(Duration::from_secs(20))
            .build();
        let run = {
            let migrator = migrator.clone();
            tokio::spawn(async move { migrator.run_to_completion().await })
        };
        waiting(&db).await;
        held.execute("UPDATE people SET name = 'held' WHERE id = 151")
            .await;
        held.commit().await;
        run.await.expect("no panic").expect("the batch is repeated");
        let status = status(&migrator).await;
        assert_eq!((status.visited, status.changed), (1_000, 998), "{status}");
        assert_eq!(wrong(&db).await, "0");
    });
}

async fn a_lock_past_the_budget_stops_it<K: Kind>() {
    let db: K = in_use(1_000).await;
    let migrator = Migrator::new(db.pool(), db.set(&FILES))
        .lock_timeout(Duration::from_millis(200))
        .lock_retry(Duration::from_millis(500))
        .lock_wait(Duration::from_secs(1))
        .build();
    let begun = Migrator::new(db.pool(), db.set(&FILES))
        .throttle(held::Full)
        .build();
    begun.run_to_completion().await.expect_err("it only begins");
    begun.resume(version(FILLED)).await.expect("to go on");
    let held = db.hold(HELD).await;
    let error = migrator.run_to_completion().await.expect_err("the row is held");
    if K::DIALECT == Dialect::Sqlite {
        // The state cannot be written while somebody else writes to the database.
        assert!(error.is_lock_timeout(), "{error}");
    } else {
        let status = status(&migrator).await;
        assert_eq!(status.state, BackfillState::Blocked);
        let reason = status.reason.expect("a reason");
        assert!(reason.to_lowercase().contains("lock"), "{reason}");
        assert!(error.to_string().contains(&reason), "{error}");
    }
    drop(held);
    if K::DIALECT != Dialect::Sqlite {
        migrator.resume(version(FILLED)).await.expect("to go on");
    }
    migrator.run_to_completion().await.expect("the lock is given up");
    check(&db, &migrator, 1_000).await;
}

/// The worker does not run for longer than its lease, in the pause behind a batch.
async fn a_worker_that_comes_back_late_writes_nothing<K: Kind>() {
    let db: K = in_use(1_000).await;
    let fill = (FILL.0, FILL.1.replace("pause=0ms", "pause=200ms"));
    let build = |fill| {
        Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, fill]))
            .lease(Duration::from_millis(900))
            .build()
    };
    let (late, stop) = (build((fill.0, &*fill.1)), Stop::new());
    let mut work = pin!(late.worker(&stop));
    let begun = async {
        while late
            .backfill(version(FILLED))
            .await
            .expect("a status")
            .is_none_or(|status| status.visited == 0)
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        ended = &mut work => panic!("it ended: {ended:?}"),
        () = begun => {}
    }
    let other = build(FILL);
    other
        .run_to_completion()
        .await
        .expect("the other one takes it over");
    check(&db, &other, 1_000).await;
    let asked = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.stop();
    };
    let (ended, ()) = tokio::join!(work, asked);
    ended.expect("there is nothing left to do");
    check(&db, &other, 1_000).await;
}

async fn a_row_that_is_refused_blocks_it<K: Kind>() {
    let db = K::create().await;
    let expand = (
        EXPAND.0,
        EXPAND.1.replace(
            "nick VARCHAR(50);",
            "nick VARCHAR(50) CHECK (nick <> 'name 777');",
        ),
    );
    let files = [PEOPLE, (expand.0, &*expand.1), FILL];
    db.ran(&files[..1]).await;
    db.execute(&rows(1, 1_000)).await;
    db.ran(&files[..2]).await;
    let migrator = db.migrator(&files);
    let error = migrator.run_to_completion().await.expect_err("a row is refused");
    assert!(error.is_backfill(), "{error:?}");
    let status_then = status(&migrator).await;
    assert_eq!(status_then.state, BackfillState::Blocked);
    assert!(status_then.visited < 777, "{status_then}");
    let reason = status_then.reason.expect("a reason");
    let message = match K::DIALECT {
        Dialect::Postgres => "violates check constraint",
        Dialect::Sqlite => "CHECK constraint failed",
        Dialect::MariaDb => "CONSTRAINT `people.nick` failed",
        Dialect::Mysql => "Check constraint 'people_chk_1' is violated",
    };
    for part in ["20260103000000_fill.sql", ":5", message] {
        assert!(reason.contains(part), "`{part}` is not in: {reason}");
        assert!(error.to_string().contains(part), "`{part}` is not in: {error}");
    }
    db.execute("UPDATE people SET name = 'mended' WHERE id = 777")
        .await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    migrator
        .run_to_completion()
        .await
        .expect("what was mended is moved");
    let status = status(&migrator).await;
    assert_eq!((status.visited, status.changed), (1_000, 999), "{status}");
    assert_eq!(wrong(&db).await, "0");
}

#[test]
fn a_full_disk_stops_it_until_there_is_room() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        let wide = (PEOPLE.0, PEOPLE.1.replace("name VARCHAR(50)", "name TEXT"));
        let also_wide = EXPAND.1.replace("nick VARCHAR(50)", "nick TEXT");
        let files = [(wide.0, &*wide.1), (EXPAND.0, &*also_wide), FILL];
        db.ran(&files[..1]).await;
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
             INSERT INTO people SELECT i, printf('%0200d', i) FROM n",
        )
        .await;
        db.ran(&files[..2]).await;
        let pages: u32 = db
            .value("SELECT CAST(page_count AS TEXT) FROM pragma_page_count")
            .await
            .parse()
            .unwrap();
        let small = db.options().pragma("max_page_count", (pages + 30).to_string());
        let small = SqlitePoolOptions::new()
            .connect_with(small)
            .await
            .expect("a pool");
        let full = Migrator::new(small, db.set(&files)).build();
        let error = full.run_to_completion().await.expect_err("there is no room");
        assert!(error.to_string().contains("database or disk is full"), "{error}");
        let roomy = db.migrator(&files);
        let then = status(&roomy).await;
        assert!(then.visited < 2_000, "{then}");
        if then.state == BackfillState::Blocked {
            roomy.resume(version(FILLED)).await.expect("to go on");
        }
        roomy.run_to_completion().await.expect("there is room");
        check(&db, &roomy, 2_000).await;
    });
}

/// A lock that is not had while the statement is tried says nothing of the statement. Without its guard the backfill
/// would write over what the new build wrote.
#[test]
fn a_locked_table_does_not_cost_a_new_build_s_write() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let moved = "replace(name, ' ', '_')";
        let expand = EXPAND
            .1
            .replace("<-> nick", &format!("<-> nick using ({moved}) <- using (nick)"));
        let fill = FILL.1.replace("SET nick = name", &format!("SET nick = {moved}"));
        let files = [PEOPLE, (EXPAND.0, &*expand), (FILL.0, &*fill)];
        db.ran(&files[..1]).await;
        db.execute(&rows(1, 100)).await;
        db.ran(&files[..2]).await;
        db.execute("UPDATE people SET nick = 'of the new build' WHERE id = 7")
            .await;
        let migrator = Migrator::new(Kind::pool(&db), db.set(&files))
            .lock_timeout(Duration::from_millis(600))
            .build();
        let locked = db.hold("LOCK TABLE people IN ACCESS EXCLUSIVE MODE").await;
        let unlocked = async {
            waiting(&db).await;
            // Behind the first attempt, within the second.
            tokio::time::sleep(Duration::from_millis(850)).await;
            drop(locked);
        };
        let (completed, ()) = tokio::join!(migrator.run_to_completion(), unlocked);
        completed.expect("the lock is given up");
        let nick = db.value("SELECT nick FROM people WHERE id = 7").await;
        assert_eq!(nick, "of the new build");
        let report = status(&migrator).await.report.expect("a report");
        assert!(report.starts_with("100 rows compared, 0 differ"), "{report}");
    });
}

/// Another instance may migrate for hours while the last row is moved. That is nothing for a person to see to.
#[test]
fn a_migration_of_another_instance_does_not_block_its_end() {
    crate::run(async {
        let db: PostgresDatabase = in_use(100).await;
        let slow = (
            "20260104000000_slow",
            "-- migrate:irreversible \"test\"\n-- migrate:up\nSELECT pg_sleep(3);\n",
        );
        let other = db.migrator(&[PEOPLE, EXPAND, slow]);
        let run = tokio::spawn(async move { other.run().await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        let migrator = Migrator::new(Kind::pool(&db), db.set(&FILES))
            .lock_wait(Duration::from_millis(500))
            .lease(Duration::from_secs(1))
            .build();
        let worker = migrator.spawn_worker();
        run.await
            .expect("no panic")
            .expect("the other one does not wait for the data");
        let then = status(&migrator).await;
        assert_eq!(then.state, BackfillState::Verifying, "{then}");
        while status(&migrator).await.state == BackfillState::Verifying {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        worker.shutdown().await.expect("a worker that ended well");
        check(&db, &migrator, 100).await;
    });
}

/// The time without its connection, and while its own part is still leased, is no time of waiting for a lock.
#[test]
fn a_lost_connection_does_not_use_up_the_patience_for_locks() {
    crate::run(async {
        let db: PostgresDatabase = in_use(1_000).await;
        let held = db.hold(HELD).await;
        let locked = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&locked);
        let migrator = Migrator::new(Kind::pool(&db), db.set(&FILES))
            .lock_timeout(Duration::from_secs(1))
            .lock_retry(Duration::from_secs(2))
            .lease(Duration::from_secs(3))
            .observer(move |event: &Event| {
                if matches!(event, Event::Progress(progress) if progress.throttled == Some(Throttled::Locks))
                {
                    seen.store(true, Ordering::Relaxed);
                }
            })
            .build();
        let run = {
            let migrator = migrator.clone();
            tokio::spawn(async move { migrator.run_to_completion().await })
        };
        let id = waiting(&db).await;
        db.execute(&PostgresDatabase::END.replace("{}", &id)).await;
        while !locked.load(Ordering::Relaxed) && !run.is_finished() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        drop(held);
        run.await
            .expect("no panic")
            .expect("the lock is given up in time");
        check(&db, &migrator, 1_000).await;
    });
}
