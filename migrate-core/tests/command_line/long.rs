//! Processes that run for a while: looked at and steered from others, and stopped by signals.

use std::io::Read;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::json;
use crate::place::Place;

/// How long something may take before it counts as hanging.
const LONGEST: Duration = Duration::from_secs(60);

const EXPAND: &str = "-- migrate:change names\n-- migrate:phase expand\n-- migrate:sync users.name <-> users.display\n-- migrate:up\n\
                      ALTER TABLE users ADD COLUMN display TEXT;\n-- migrate:down\nALTER TABLE users DROP COLUMN display;\n";
const MOVE: &str = "-- migrate:change names\n-- migrate:phase migrate\n\
                    -- migrate:backfill table=users key=id batch=100 pause=50ms\n-- migrate:up\n\
                    UPDATE users SET display = name;\n-- migrate:verify zero\n\
                    SELECT count(*) FROM users WHERE display IS NULL;\n";

/// A database with rows that a worker needs a while for.
async fn with_rows(name: &str, database: &str) -> Place {
    let place = Place::new(name, database).await;
    place.write(
        "migrations/20260101120000_users.sql",
        "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n-- migrate:down\nDROP TABLE users;\n",
    );
    assert!(place.run(&["up"]).await.status.success());
    let rows = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) \
                INSERT INTO users (id, name) SELECT n, 'user ' || n FROM n";
    place.database.execute(rows).await;
    place.write("migrations/20260102120000_full.sql", EXPAND);
    place.write("migrations/20260102130000_fill.sql", MOVE);
    let up = place.run(&["up"]).await;
    assert!(up.status.success(), "{up:?}");
    place
}

/// A process that is ended with the test, whatever becomes of it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// The exit status, and what the process wrote.
    async fn end(mut self) -> (Option<i32>, String, String) {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < LONGEST, "it does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let (mut out, mut err) = (String::new(), String::new());
        self.0.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (status.code(), out, err)
    }
}

/// Runs a command until what it answers is so.
async fn until(place: &Place, arguments: &[&str], so: impl Fn(&str) -> bool) -> String {
    let started = Instant::now();
    loop {
        let output = place.run(arguments).await;
        let out = String::from_utf8(output.stdout).unwrap();
        if so(&out) {
            return out;
        }
        assert!(started.elapsed() < LONGEST, "{arguments:?} answers {out}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_worker_is_steered_from_elsewhere_and_ends_cleanly_by_ctrl_c() {
    let place = with_rows("worker", "sqlite").await;
    let worker = Running(place.command(&["worker"]).spawn().unwrap());
    let status = ["backfill", "status", "names", "--format", "json"];
    let moves = |out: &str| out.contains("\"state\":\"moving\"") && !out.contains("\"visited\":0,");
    let out = until(&place, &status, moves).await;
    json::check(&out);
    let all = until(&place, &["status", "--format", "json"], |out| {
        out.contains("\"backfill\":{")
    })
    .await;
    json::check(&all);

    let pause = place
        .run(&["backfill", "pause", "fill", "--reason", "a sale"])
        .await;
    let out = String::from_utf8(pause.stdout).unwrap();
    assert!(
        pause.status.success() && out.contains("paused") && out.contains("a sale"),
        "{out}"
    );
    let resume = place.run(&["backfill", "resume", "20260102130000"]).await;
    assert!(resume.status.success(), "{resume:?}");
    let configure = [
        "backfill",
        "configure",
        "names",
        "--pause",
        "40ms",
        "--format",
        "json",
    ];
    let configure = String::from_utf8(place.run(&configure).await.stdout).unwrap();
    json::check(&configure);
    assert!(configure.contains("\"pause_seconds\":0.040"), "{configure}");
    let more = ["backfill", "configure", "names", "--max-batch", "50"];
    let more = String::from_utf8(place.run(&more).await.stdout).unwrap();
    assert!(
        more.contains("batch of at most 50") && more.contains("pause of 40 ms"),
        "{more}"
    );

    worker.signal("-INT");
    let (code, out, err) = worker.end().await;
    assert_eq!(code, Some(0), "{out}{err}");
    assert_eq!(out, "set `main`: the worker has stopped\n");
    assert!(
        err.contains(" rows of about ") && err.contains(", batch of 100"),
        "no line of progress: {err}"
    );
    let left = place.run(&status).await;
    let left = String::from_utf8(left.stdout).unwrap();
    assert!(
        left.contains("\"state\":\"moving\"") && left.contains("\"workers\":[]"),
        "{left}"
    );

    let fast = [
        "backfill",
        "configure",
        "names",
        "--reset",
        "--pause",
        "0ms",
        "--max-batch",
        "20000",
    ];
    assert!(place.run(&fast).await.status.success());
    let watch = ["backfill", "status", "names", "--watch", "--format", "json"];
    let watch = Running(place.command(&watch).spawn().unwrap());
    let up = place.run(&["up", "--all", "--strict", "--format", "json"]).await;
    let out = String::from_utf8(up.stdout).unwrap();
    assert!(up.status.success(), "{out}");
    json::check(&out);
    assert!(out.contains("\"name\":\"fill\""), "{out}");
    let (code, out, err) = watch.end().await;
    assert!(
        code == Some(0) && out.contains("\"state\":\"verified\""),
        "{out}{err}"
    );
}

#[tokio::test]
async fn an_interrupted_up_undoes_what_runs_and_frees_the_lock() {
    let place = Place::new("interrupted", "postgres").await;
    place.write(
        "migrations/20260101120000_slow.sql",
        "-- migrate:up\nCREATE TABLE t (id bigint PRIMARY KEY);\nSELECT pg_sleep(3600);\n-- migrate:down\nDROP TABLE t;\n",
    );
    let up = Running(place.command(&["up", "-v"]).spawn().unwrap());
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid() \
                  AND state = 'active'";
    until_count(&place, sleeps, 1).await;
    up.signal("-TERM");
    let (code, out, err) = up.end().await;
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(err.contains("error: interrupted"), "{err}");
    until_count(&place, sleeps, 0).await;
    until_count(&place, "SELECT count(*) FROM pg_class WHERE relname = 't'", 0).await;
    until_count(
        &place,
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        0,
    )
    .await;
}

#[tokio::test]
async fn nobody_waits_for_an_interrupted_up() {
    for (database, signal) in [("sqlite", "-INT"), ("postgres", "-TERM")] {
        let place = with_rows("interrupted_backfill", database).await;
        let up = Running(place.command(&["up", "--all"]).spawn().unwrap());
        let status = ["backfill", "status", "names", "--format", "json"];
        until(&place, &status, |out| {
            out.contains("\"state\":\"moving\"") && !out.contains("\"visited\":0,")
        })
        .await;
        up.signal(signal);
        let (code, out, err) = up.end().await;
        assert_eq!(code, Some(1), "{database}: {out}{err}");
        assert!(err.contains("error: interrupted"), "{database}: {err}");
        let left = String::from_utf8(place.run(&status).await.stdout).unwrap();
        assert!(left.contains("\"workers\":[]"), "{database}: {left}");
        let fast = [
            "backfill",
            "configure",
            "names",
            "--pause",
            "0ms",
            "--max-batch",
            "20000",
        ];
        assert!(place.run(&fast).await.status.success());
        let again = place.run(&["up", "--all"]).await;
        let err = String::from_utf8(again.stderr).unwrap();
        assert!(again.status.success(), "{database}: {err}");
        assert!(!err.contains("other workers"), "{database}: {err}");
    }
}

async fn until_count(place: &Place, query: &'static str, expected: i64) {
    let crate::place::Database::Postgres(database) = &place.database else {
        panic!("for PostgreSQL");
    };
    let started = Instant::now();
    loop {
        let found: i64 = sqlx::query_scalar(query)
            .fetch_one(migrate_testkit::TestDatabase::pool(database))
            .await
            .unwrap();
        if found == expected {
            return;
        }
        assert!(started.elapsed() < LONGEST, "{query}: {found}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
