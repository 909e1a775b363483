//! The life of the servers: shared by all test processes, and nothing left behind however a process ends.
#![cfg(all(
    target_os = "linux",
    feature = "postgres",
    feature = "mysql",
    feature = "sqlite"
))]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use common::{KINDS, OF_A_RUNNER, Run, SERVERS, environment, eventually, is_running, kill};
use migrate_testkit::{BoxError, MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sqlx::{Connection, MySqlConnection, PgConnection};

/// The scratch and kept databases at the server of `url`.
async fn databases(kind: &str, url: &str) -> BTreeSet<String> {
    let names: Vec<String> = if kind == "postgres" {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar("SELECT datname::text FROM pg_database")
            .fetch_all(&mut connection)
            .await
            .unwrap()
    } else {
        let mut connection = MySqlConnection::connect(url).await.unwrap();
        let sql = "SELECT CAST(schema_name AS CHAR) FROM information_schema.schemata";
        sqlx::query_scalar(sql).fetch_all(&mut connection).await.unwrap()
    };
    let is_ours = |name: &String| {
        ["migrate_test_", "kept_", "template_"]
            .iter()
            .any(|p| name.starts_with(p))
    };
    names.into_iter().filter(is_ours).collect()
}

fn database_of(url: &str) -> String {
    url.split('?')
        .next()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn databases_are_fresh_and_apart() {
    macro_rules! check {
        ($database:ty) => {
            let (first, second) = tokio::join!(<$database>::create(), <$database>::create());
            let (first, second) = (first.unwrap(), second.unwrap());
            assert_ne!(first.url(), second.url());
            sqlx::query("CREATE TABLE t (id int, name varchar(20))")
                .execute(first.pool())
                .await
                .unwrap();
            sqlx::query("CREATE TABLE t (id int)")
                .execute(second.pool())
                .await
                .unwrap();
            sqlx::query("INSERT INTO t VALUES (1, 'žluťoučký 🐎')")
                .execute(first.pool())
                .await
                .unwrap();
            let name: String = sqlx::query_scalar("SELECT name FROM t")
                .fetch_one(first.pool())
                .await
                .unwrap();
            assert_eq!(name, "žluťoučký 🐎");
            // The URL serves other processes; the options serve connections of the test's own.
            for options in [first.url().parse().unwrap(), first.options()] {
                let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
                let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM t")
                    .fetch_one(&mut connection)
                    .await
                    .unwrap();
                assert_eq!(rows, 1);
            }
            first.close().await;
        };
    }
    check!(PostgresDatabase);
    check!(MysqlDatabase);
    check!(SqliteDatabase);
}

#[tokio::test]
async fn templates_give_content_and_isolation() {
    macro_rules! check {
        ($database:ty, $builds:expr) => {
            static BUILT: AtomicU32 = AtomicU32::new(0);
            let key = format!("key-{}", std::process::id());
            let get = || {
                <$database>::from_template(&key, async |pool| {
                    BUILT.fetch_add(1, Ordering::SeqCst);
                    sqlx::query("CREATE TABLE t (id int)")
                        .execute(&pool)
                        .await?;
                    sqlx::query("INSERT INTO t VALUES (7)")
                        .execute(&pool)
                        .await?;
                    Ok(())
                })
            };
            let failing =
                <$database>::from_template(&key, async |_| Err(BoxError::from("out of cheese"))).await;
            let message = format!("{:#}", failing.unwrap_err());
            assert!(message.contains("out of cheese"), "{message}");
            let (a, b, c) = tokio::try_join!(get(), get(), get()).unwrap();
            assert_eq!(BUILT.load(Ordering::SeqCst), $builds);
            sqlx::query("DELETE FROM t")
                .execute(a.pool())
                .await
                .unwrap();
            for (database, rows) in [(&a, 0), (&b, 1), (&c, 1)] {
                let found: i64 = sqlx::query_scalar("SELECT count(*) FROM t")
                    .fetch_one(database.pool())
                    .await
                    .unwrap();
                assert_eq!(found, rows);
            }
        };
    }
    {
        check!(PostgresDatabase, 1);
    }
    {
        check!(SqliteDatabase, 1);
    }
    // These servers cannot copy a database.
    check!(MysqlDatabase, 3);
}

#[test]
fn many_processes_start_one_server() {
    for kind in KINDS {
        let run = Run::new();
        let mut processes: Vec<_> = (0..41).map(|_| run.start("hold", kind)).collect();
        let urls: Vec<String> = processes.iter_mut().map(|process| process.url()).collect();
        assert_eq!(urls.iter().collect::<BTreeSet<_>>().len(), 41, "{kind}");
        let [directory] = &run.leftovers()[..] else {
            panic!("{kind}: {:?}", run.leftovers())
        };
        assert_eq!(fs::metadata(directory).unwrap().mode() & 0o066, 0);
        assert_eq!(run.supervisors().len(), 1, "{kind}");
        let starts = run
            .log()
            .lines()
            .filter(|line| line.starts_with("migrate-testkit: starting "))
            .count();
        assert_eq!(starts, usize::from(kind != "sqlite"), "{kind}: {}", run.log());
        for process in processes {
            assert!(process.finish().0);
        }
        run.wait_until_clean();
    }
}

#[test]
fn killed_clients_leave_nothing() {
    for kind in KINDS {
        let run = Run::new();
        let (mut first, mut second) = (run.start("hold", kind), run.start("hold", kind));
        first.url();
        second.url();
        first.kill();
        second.kill();
        run.wait_until_clean();
    }
}

#[test]
fn a_killed_runner_leaves_nothing() {
    for kind in KINDS {
        let run = Run::new().with("CARGO", "cargo");
        let mut runner = run.start("runner", kind);
        let tests = (0..OF_A_RUNNER).map(|_| runner.line("stays ").unwrap().parse().unwrap());
        let tests: Vec<u32> = tests.collect();
        runner.kill();
        eventually("its tests end", || !tests.iter().any(|pid| is_running(*pid)));
        run.wait_until_clean();
    }
}

#[test]
fn a_client_killed_while_it_prepares_the_server_leaves_nothing() {
    for kind in SERVERS {
        for _ in 0..3 {
            let cache = tempfile::tempdir().unwrap();
            let run = Run::new().with("XDG_CACHE_HOME", cache.path().to_str().unwrap());
            let client = run.start("hold", kind);
            eventually("the reaper is there", || !run.helpers().is_empty());
            client.kill();
            run.wait_until_clean();
        }
    }
}

#[test]
fn a_killed_supervisor_takes_its_server_along() {
    for kind in KINDS {
        let run = Run::new();
        let mut client = run.start("hold", kind);
        client.url();
        let supervisor = run.supervisors()[0];
        let servers = run.servers();
        assert_eq!(servers.len(), usize::from(kind != "sqlite"));
        kill(supervisor);
        eventually("both end", || {
            !is_running(supervisor) && !servers.iter().any(|pid| is_running(*pid))
        });
        // While the client that lost its server lives on, the next one gets a new server.
        let mut next = run.start("hold", kind);
        next.url();
        assert_ne!(run.supervisors(), [supervisor]);
        client.kill();
        assert!(next.finish().0);
        run.wait_until_clean();
    }
}

#[test]
fn a_supervisor_killed_without_a_next_run_leaves_nothing() {
    for kind in KINDS {
        let run = Run::new();
        let mut client = run.start("hold", kind);
        client.url();
        let supervisor = run.supervisors()[0];
        client.kill();
        kill(supervisor);
        run.wait_until_clean();
    }
}

/// A dying process's pipe may be closed before its locks are free: the reaper waits for both.
#[test]
fn a_supervisor_that_takes_its_time_to_die_leaves_nothing() {
    let run = Run::new();
    let directory = run.path().join("migrate-testkit-left");
    fs::create_dir(&directory).unwrap();
    let lock = fs::File::create(directory.join("supervisor")).unwrap();
    lock.lock().unwrap();
    let mut reaper = run.start_reaper(&directory);
    drop(reaper.stdin.take());
    thread::sleep(Duration::from_millis(300));
    drop(lock);
    assert!(reaper.wait().unwrap().success());
    assert_eq!(run.leftovers(), Vec::<PathBuf>::new());
}

#[test]
fn a_killed_server_leaves_nothing_and_the_next_run_recovers() {
    for kind in SERVERS {
        let run = Run::new();
        let mut client = run.start("hold", kind);
        client.url();
        kill(run.servers()[0]);
        eventually("the supervisor notices", || run.supervisors().is_empty());
        let mut next = run.start("hold", kind);
        next.url();
        client.kill();
        next.kill();
        run.wait_until_clean();
    }
}

#[tokio::test]
async fn databases_are_dropped_by_panics_and_by_the_next_process() {
    for kind in SERVERS {
        let run = Run::new();
        let mut holder = run.start("hold", kind);
        let url = holder.url();
        let held = BTreeSet::from([database_of(&url)]);

        let mut panicking = run.start("panic", kind);
        panicking.url();
        assert_eq!(databases(kind, &url).await.len(), 2);
        assert!(!panicking.finish().0);
        assert_eq!(databases(kind, &url).await, held, "{kind}");

        let mut killed = run.start("hold", kind);
        killed.url();
        killed.kill();
        // The server frees the dead process's lock when it notices; so this may take a few processes.
        let deadline = Instant::now() + std::time::Duration::from_secs(60);
        while databases(kind, &url).await != held {
            assert!(
                Instant::now() < deadline,
                "{kind}: {:?}",
                databases(kind, &url).await
            );
            run.start("hold", kind).finish();
        }
        assert!(holder.finish().0);
        run.wait_until_clean();
    }
}

#[test]
fn kept_databases_stay_until_their_marker_is_removed() {
    for kind in KINDS {
        let run = Run::new().with("MIGRATE_TESTKIT_KEEP", "1");
        let mut process = run.start("hold", kind);
        let url = process.url();
        let (done, errors) = process.finish();
        assert!(done);
        let kept = errors.lines().find(|line| line.contains("kept ")).unwrap();
        let place = if kind == "sqlite" {
            url.trim_start_matches("sqlite://").split('?').next().unwrap()
        } else {
            &url
        };
        assert!(kept.contains(place), "{kept}");
        let marker = kept.rsplit_once(' ').unwrap().1.to_owned();

        // Another run shares the server, and leaves kept databases alone.
        let mut next = run.start("hold", kind);
        next.url();
        next.finish();
        std::thread::sleep(std::time::Duration::from_secs(3));
        if kind == "sqlite" {
            assert!(Path::new(place).exists());
        } else {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            assert!(
                runtime
                    .block_on(databases(kind, &url))
                    .contains(&database_of(&url))
            );
        }
        fs::remove_file(marker).unwrap();
        run.wait_until_clean();
    }
}

#[test]
fn works_for_users_other_than_root() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        eprintln!("skipped: not root, so all other tests show this");
        return;
    }
    for kind in KINDS {
        let run = Run::new().for_user(65534);
        let mut process = run.start("hold", kind);
        process.url();
        for pid in run.helpers() {
            assert_eq!(
                fs::metadata(format!("/proc/{pid}")).unwrap().uid(),
                65534,
                "{kind}"
            );
        }
        process.kill();
        eventually("nothing is left behind", || {
            run.helpers().is_empty() && fs::read_dir(run.path().join("servers")).unwrap().next().is_none()
        });
    }
}

#[tokio::test]
async fn a_server_that_is_there_is_used_and_left_as_it_was() {
    for kind in SERVERS {
        let host = Run::new();
        let mut holder = host.start("hold", kind);
        let url = holder.url();
        let variable = if kind == "postgres" {
            "MIGRATE_TESTKIT_POSTGRES_URL"
        } else {
            "MIGRATE_TESTKIT_MYSQL_URL"
        };
        let guest = Run::new().with(variable, &url);
        let role = if kind == "postgres" { "template" } else { "hold" };
        let mut process = guest.start(role, kind);
        let guest_database = database_of(&process.url());
        assert!(databases(kind, &url).await.contains(&guest_database));
        assert_eq!(guest.leftovers().len(), 0);
        assert!(process.finish().0);
        assert_eq!(databases(kind, &url).await, BTreeSet::from([database_of(&url)]));
        assert!(holder.finish().0);
        host.wait_until_clean();
    }
}

#[test]
fn skipping_is_said_and_a_missing_server_is_an_error() {
    let run = Run::new().with("MIGRATE_TESTKIT_SKIP", "mysql, postgres");
    let (done, errors) = run.start("hold", "postgres").finish();
    assert!(done && errors.contains("child: skipped on postgres"), "{errors}");

    let run = Run::new().with("MIGRATE_TESTKIT_POSTGRES_BIN", "/nowhere");
    let (done, errors) = run.start("hold", "postgres").finish();
    assert!(
        !done && errors.contains("MIGRATE_TESTKIT_POSTGRES_BIN names /nowhere"),
        "{errors}"
    );
    assert_eq!(run.leftovers().len(), 0);
}

#[test]
fn a_server_that_does_not_start_is_an_error_with_its_log() {
    use std::os::unix::fs::PermissionsExt;
    let bin = tempfile::tempdir().unwrap();
    fs::set_permissions(bin.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for (name, script) in [
        ("postgres", "echo out of cheese >&2; exit 3"),
        ("initdb", "exit 0"),
    ] {
        fs::write(bin.path().join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(bin.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let cache = tempfile::tempdir().unwrap();
    let run = Run::new()
        .with("MIGRATE_TESTKIT_POSTGRES_BIN", bin.path().to_str().unwrap())
        .with("XDG_CACHE_HOME", cache.path().to_str().unwrap());
    let (done, errors) = run.start("hold", "postgres").finish();
    assert!(!done && errors.contains("out of cheese"), "{errors}");
    run.wait_until_clean();
}

#[test]
fn servers_do_not_inherit_the_role() {
    for kind in SERVERS {
        let run = Run::new().with("PGPORT", "1");
        let mut process = run.start("hold", kind);
        process.url();
        for pid in run.servers() {
            let names: Vec<String> = environment(pid)
                .iter()
                .map(|v| v.split('=').next().unwrap_or_default().to_owned())
                .collect();
            assert!(
                names.contains(&"TZ".to_owned()) && !names.contains(&"PGPORT".to_owned()),
                "{names:?}"
            );
            assert!(
                !names.iter().any(|name| name.starts_with("MIGRATE_TESTKIT")),
                "{names:?}"
            );
        }
        process.kill();
        run.wait_until_clean();
    }
}

/// Containers have a /dev/shm of 64 MB, and some machines have no tmpfs at all: then servers live on disk.
#[test]
fn works_without_room_in_memory() {
    let disk = tempfile::tempdir_in("/tmp").unwrap();
    let small = "mount -t tmpfs -o size=64m,mode=1777 tmpfs /dev/shm".to_owned();
    let none = format!("mount --bind {} /dev/shm", disk.path().display());
    for mount in [small, none] {
        let permitted = Command::new("unshare")
            .args(["--mount", "sh", "-c", &mount])
            .output();
        if !permitted.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: no mounts of our own are permitted here");
            return;
        }
        for kind in SERVERS {
            let run = Run::new().behind(&mount);
            let mut process = run.start("hold", kind);
            let url = process.url();
            let socket = url.split(['=', '&']).find(|part| part.starts_with('/')).unwrap();
            assert!(!socket.starts_with("/dev/shm"), "{mount}: {url}");
            let directory = Path::new(socket)
                .ancestors()
                .find(|path| {
                    path.file_name()
                        .is_some_and(|name| name.to_string_lossy().starts_with("migrate-testkit-"))
                })
                .unwrap();
            assert!(directory.is_dir());
            process.kill();
            eventually("the directory is gone", || !directory.exists());
        }
    }
}
