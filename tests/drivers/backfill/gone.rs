//! Parts whose worker is gone.

use std::time::Instant;

use migrate_core::migrator::Stop;
use migrate_testkit::SqliteDatabase;

use super::*;

/// What a worker had whose process died is free at once where its file shows that; else its lease is waited for.
#[test]
fn sqlite_takes_the_part_of_a_dead_worker_at_once() {
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
            while file.exists() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if dead {
                // As a process leaves it that is killed: there, and not locked.
                std::fs::create_dir_all(&folder).expect("the folder");
                std::fs::write(&file, "").expect("a file");
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
