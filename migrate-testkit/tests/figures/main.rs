//! What the testkit costs, in the figures of `docs/performance.md`. Nothing is judged here: how fast it is depends on the
//! machine.
//!
//! ```text
//! cargo test -p migrate-testkit --test figures -- --ignored --nocapture --test-threads=1
//! ```
//!
//! `CHECK=round_trip` makes one check of the long chain only, `FILES=50` makes a shorter one.
#![cfg(all(
    target_os = "linux",
    feature = "postgres",
    feature = "mysql",
    feature = "sqlite"
))]

mod chain;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "another test program uses the rest")]
mod common;

use std::time::{Duration, Instant};

use common::{KINDS, Run};
use migrate_core::{MariaDb, Postgres, Sqlite};
use migrate_testkit::{Check, MysqlDatabase, PostgresDatabase, SqliteDatabase, TestDatabase, TestKind};

#[tokio::test]
#[ignore = "prints figures, checks nothing"]
async fn databases() {
    async fn measure<D: TestDatabase>() {
        let started = Instant::now();
        let first = D::create().await.unwrap();
        let start = started.elapsed();
        let started = Instant::now();
        let further = 20;
        let mut others = Vec::new();
        for _ in 0..further {
            others.push(D::create().await.unwrap());
        }
        let each = started.elapsed() / further;
        let started = Instant::now();
        drop(others);
        let dropped = started.elapsed() / further;
        println!(
            "{}: first {start:.0?}, each further {each:.1?}, dropped in {dropped:.1?}",
            D::KIND
        );
        drop(first);
    }
    measure::<PostgresDatabase>().await;
    measure::<MysqlDatabase>().await;
    measure::<SqliteDatabase>().await;
}

#[test]
#[ignore = "prints figures, checks nothing"]
fn many_processes() {
    for kind in KINDS {
        let run = Run::new();
        let started = Instant::now();
        let mut processes: Vec<_> = (0..40).map(|_| run.start("hold", kind)).collect();
        for process in &mut processes {
            process.url();
        }
        let all = started.elapsed();
        for process in processes {
            assert!(process.finish().0);
        }
        let ended = Instant::now();
        run.wait_until_clean();
        println!(
            "{kind}: 40 processes have a database after {all:.2?}; all gone {:.1?} after the last",
            ended.elapsed()
        );
    }
}

#[test]
#[ignore = "prints figures, checks nothing"]
fn killed() {
    for kind in KINDS {
        let run = Run::new();
        let mut process = run.start("hold", kind);
        process.url();
        let killed = Instant::now();
        process.kill();
        run.wait_until_clean();
        let client = killed.elapsed();

        let run = Run::new();
        let mut process = run.start("hold", kind);
        process.url();
        let killed = Instant::now();
        common::kill(run.supervisors()[0]);
        process.kill();
        run.wait_until_clean();
        println!(
            "{kind}: nothing is left {client:.1?} after kill -9 of the test, {:.1?} after kill -9 of test and supervisor",
            killed.elapsed()
        );
    }
}

/// How long each check of the long chain takes, one after the other and all at once.
async fn long_chain<K: TestKind>() {
    let files = std::env::var("FILES").map_or(200, |count| count.parse().unwrap());
    let wanted = std::env::var("CHECK").ok();
    let folder = tempfile::tempdir().unwrap();
    chain::write(folder.path(), K::DIALECT, files);
    let mut all = Duration::ZERO;
    for check in Check::ALL {
        if wanted.as_deref().is_some_and(|wanted| wanted != check.name()) {
            continue;
        }
        let started = Instant::now();
        let proof = chain::prove::<K>(folder.path()).check(check).await;
        let took = started.elapsed();
        all += took;
        match proof {
            Ok(proof) => println!(
                "{}: {files} migrations, {}: {took:.1?} ({})",
                K::DIALECT,
                check.name(),
                proof.summary
            ),
            Err(error) => panic!("{error:#}"),
        }
    }
    println!(
        "{}: {files} migrations, all checks one after the other: {all:.1?}",
        K::DIALECT
    );
}

#[tokio::test]
#[ignore = "prints figures, checks nothing"]
async fn long_chain_sqlite() {
    long_chain::<Sqlite>().await;
}

#[tokio::test]
#[ignore = "prints figures, checks nothing"]
async fn long_chain_postgres() {
    long_chain::<Postgres>().await;
}

#[tokio::test]
#[ignore = "prints figures, checks nothing"]
async fn long_chain_mariadb() {
    long_chain::<MariaDb>().await;
}
