//! Parts whose worker is gone.

use std::time::Instant;

use migrate_core::migrator::Stop;
use migrate_testkit::SqliteDatabase;

use super::recovery::waiting;
use super::served::Served;
use super::*;

crate::on_every_database! {
    a_dropped_run_leaves_nothing_to_wait_for
}

crate::on_servers! {
    a_run_dropped_in_a_batch_leaves_nothing_to_wait_for
}

/// A lease that no test waits for, and how long one waits at most.
const LONG: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_secs(120);

fn slow<K: Kind>(db: &K) -> Migrator {
    let slow = FILL.1.replace("batch=100 pause=0ms", "batch=10 pause=30s");
    Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, (FILL.0, &*slow)]))
        .lease(LONG)
        .build()
}

/// Runs it to its end from another process's point of view.
async fn goes_on<K: Kind>(db: &K) {
    let other = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let run = tokio::time::timeout(SOON, other.run_to_completion()).await;
    run.expect("nobody waits for a lease").expect("the rest");
    assert_eq!(wrong(db).await, "0");
}

async fn a_dropped_run_leaves_nothing_to_wait_for<K: Kind>() {
    let db: K = in_use(1_000).await;
    let migrator = slow(&db);
    let run = {
        let migrator = migrator.clone();
        tokio::spawn(async move { migrator.run_to_completion().await })
    };
    begun(&migrator).await;
    run.abort();
    assert!(run.await.expect_err("it was dropped").is_cancelled());
    goes_on(&db).await;
}

/// The batch holds the row of its part until the server has undone it.
async fn a_run_dropped_in_a_batch_leaves_nothing_to_wait_for<K: Served>() {
    let db: K = in_use(1_000).await;
    let held = db.hold("UPDATE people SET name = 'held' WHERE id = 5").await;
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .lock_timeout(Duration::from_secs(60))
        .lease(LONG)
        .build();
    let run = tokio::spawn(async move { migrator.run_to_completion().await });
    waiting(&db).await;
    let parts = format!("SELECT CAST(count(*) AS {}) FROM _migrate_parts", text(&db));
    while db.value(&parts).await == "0" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    waiting(&db).await;
    run.abort();
    assert!(run.await.expect_err("it was dropped").is_cancelled());
    drop(held);
    goes_on(&db).await;
}

fn text<K: Kind>(_: &K) -> &'static str {
    if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    }
}

/// What a worker had that is gone is free at once where its file shows that; else its lease is waited for.
#[test]
fn sqlite_takes_the_part_of_a_worker_that_is_gone_at_once() {
    crate::run(async {
        for dead in [true, false] {
            let db: SqliteDatabase = in_use(1_000).await;
            let paused = FILL.1.replace("batch=100 pause=0ms", "batch=10 pause=10s");
            let build = |text: &str| {
                Migrator::new(Kind::pool(&db), db.set(&[PEOPLE, EXPAND, (FILL.0, text)]))
                    .lease(Duration::from_secs(12))
                    .build()
            };
            let first = build(&paused);
            let worker = {
                let first = first.clone();
                tokio::spawn(async move { first.worker(&Stop::new()).await })
            };
            begun(&first).await;
            let folder =
                std::path::PathBuf::from(format!("{}-instances", db.options().get_filename().display()));
            let is_of_worker = |path: &std::path::PathBuf| path.extension().is_some_and(|is| is == "worker");
            let files = std::fs::read_dir(&folder).expect("the folder");
            let file = files.map(|file| file.expect("a file").path()).find(is_of_worker);
            let file = file.expect("the file of the worker");
            worker.abort();
            let _ = worker.await;
            // There, and not locked: as a process leaves it that is killed.
            assert!(file.exists());
            if !dead {
                std::fs::remove_file(&file).expect("the file");
            }
            let status = filled(&first).await;
            assert_eq!(status.workers.is_empty(), dead, "{status}");
            let began = Instant::now();
            build(FILL.1).run_to_completion().await.expect("the rest");
            let took = began.elapsed();
            assert_eq!(took < Duration::from_secs(6), dead, "{took:?}");
            assert_eq!(wrong(&db).await, "0");
        }
    });
}
