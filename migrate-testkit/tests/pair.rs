//! A primary with its standby: what it can do, and nothing left behind however its process ends.
#![cfg(all(
    target_os = "linux",
    feature = "postgres",
    feature = "mysql",
    feature = "sqlite"
))]
#![allow(
    dead_code,
    reason = "the other tests of the servers use more of what they share"
)]

mod common;

use std::fs;
use std::os::unix::fs::MetadataExt;

use common::{Run, eventually, is_running, kill};
use migrate_testkit::PostgresPair;
use sqlx::PgPool;

async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM t")
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn insert(pair: &PostgresPair) {
    sqlx::query("INSERT INTO t VALUES (1)")
        .execute(pair.primary())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_standby_follows_unless_it_is_held() {
    let pair = PostgresPair::create().await.unwrap();
    sqlx::query("CREATE TABLE t (id int)")
        .execute(pair.primary())
        .await
        .unwrap();
    insert(&pair).await;
    pair.catch_up().await.unwrap();
    assert_eq!(count(pair.standby()).await, 1);
    let refused = sqlx::query("INSERT INTO t VALUES (2)")
        .execute(pair.standby())
        .await;
    assert!(
        refused.unwrap_err().to_string().contains("read-only transaction"),
        "a standby only reads"
    );

    pair.pause_replay().await.unwrap();
    insert(&pair).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(count(pair.standby()).await, 1, "paused");
    pair.resume_replay().await.unwrap();
    pair.catch_up().await.unwrap();
    assert_eq!(count(pair.standby()).await, 2);

    pair.disconnect().await.unwrap();
    insert(&pair).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(count(pair.standby()).await, 2, "disconnected");
    pair.reconnect().await.unwrap();
    pair.catch_up().await.unwrap();
    assert_eq!(count(pair.standby()).await, 3);

    pair.pause_replay().await.unwrap();
    pair.disconnect().await.unwrap();
    insert(&pair).await;
    pair.resume_replay().await.unwrap();
    pair.reconnect().await.unwrap();
    pair.catch_up().await.unwrap();
    assert_eq!(count(pair.standby()).await, 4);
}

#[test]
fn pairs_are_apart_and_go_with_their_process() {
    let run = Run::new();
    let (mut first, mut second) = (run.start("hold", "pair"), run.start("hold", "pair"));
    first.url();
    second.url();
    assert_eq!(run.supervisors().len(), 4);
    first.kill();
    assert!(second.finish().0);
    run.wait_until_clean();
}

#[test]
fn a_process_killed_while_it_prepares_a_pair_leaves_nothing() {
    for helpers in [1, 3, 5] {
        let run = Run::new();
        let process = run.start("hold", "pair");
        eventually("some of it is there", || run.helpers().len() >= helpers);
        process.kill();
        run.wait_until_clean();
    }
}

/// A process may be killed right after it has made the directory of its standby, before anybody watches over that.
#[test]
fn what_nobody_watches_over_goes_with_what_somebody_does() {
    let run = Run::new();
    let uid = fs::metadata("/proc/self").unwrap().uid();
    let unwatched =
        ["standby-1", "standby-2"].map(|name| run.path().join(format!("migrate-testkit-{uid}-{name}")));
    for place in &unwatched {
        fs::create_dir(place).unwrap();
    }
    fs::create_dir(unwatched[1].join("r0000000")).unwrap();
    fs::write(unwatched[1].join("lease"), "").unwrap();
    let held = run.path().join(format!("migrate-testkit-{uid}-standby-3"));
    fs::create_dir(&held).unwrap();
    let lease = fs::File::create(held.join("lease")).unwrap();
    lease.lock_shared().unwrap();
    let mut process = run.start("hold", "sqlite");
    process.url();
    process.kill();
    eventually("only what is held stays", || run.leftovers() == [held.clone()]);
    assert!(held.join("lease").exists());
    drop(lease);
    fs::remove_dir_all(held).unwrap();
    run.wait_until_clean();
}

#[test]
fn killed_supervisors_take_their_servers_along_and_the_next_run_starts_anew() {
    let run = Run::new();
    let mut process = run.start("hold", "pair");
    process.url();
    let servers = run.servers();
    for supervisor in run.supervisors() {
        kill(supervisor);
    }
    eventually("the servers end", || !servers.iter().any(|pid| is_running(*pid)));
    let mut next = run.start("hold", "pair");
    next.url();
    process.kill();
    assert!(next.finish().0);
    run.wait_until_clean();
}

#[test]
fn works_for_users_other_than_root() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        eprintln!("skipped: not root, so all other tests show this");
        return;
    }
    let run = Run::new().for_user(65534);
    let mut process = run.start("hold", "pair");
    process.url();
    for pid in run.helpers() {
        assert_eq!(fs::metadata(format!("/proc/{pid}")).unwrap().uid(), 65534);
    }
    process.kill();
    eventually("nothing is left behind", || {
        run.helpers().is_empty() && fs::read_dir(run.path().join("servers")).unwrap().next().is_none()
    });
}
