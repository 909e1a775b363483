//! A start with nothing to do needs no more than reading: a role with SELECT only, and a hot standby.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use migrate_core::{Migrator, Postgres, Sqlite};
use migrate_testkit::{PostgresDatabase, SqliteDatabase};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgPool};

use crate::{run, set};

#[test]
fn a_role_that_may_only_read_starts() {
    run(async {
        let db = PostgresDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<Postgres>(false))
            .build()
            .run()
            .await
            .unwrap();
        let role = format!("reader_{}", std::process::id());
        let grant = format!(
            "CREATE ROLE {role} LOGIN; GRANT SELECT ON _migrate_history, _migrate_sets TO {role}; \
             REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        );
        sqlx::raw_sql(AssertSqlSafe(grant))
            .execute(db.pool())
            .await
            .unwrap();
        let reader = PgPool::connect_with(db.options().username(&role)).await.unwrap();
        let report = Migrator::new(reader.clone(), set::<Postgres>(true))
            .build()
            .run()
            .await
            .unwrap();
        assert!(report.applied.is_empty());
        reader.close().await;
        let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
        sqlx::raw_sql(AssertSqlSafe(drop))
            .execute(db.pool())
            .await
            .unwrap();
    });
}

#[test]
fn a_read_only_file_starts() {
    run(async {
        let db = SqliteDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<Sqlite>(false))
            .build()
            .run()
            .await
            .unwrap();
        let reader = sqlx::SqlitePool::connect_with(db.options().read_only(true))
            .await
            .unwrap();
        let report = Migrator::new(reader, set::<Sqlite>(true))
            .build()
            .run()
            .await
            .unwrap();
        assert!(report.applied.is_empty());
    });
}

/// A PostgreSQL server of this test alone.
struct Server {
    process: Child,
    folder: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGQUIT ends the server at once and lets it clean up its shared memory.
        let _ = Command::new("kill")
            .args(["-QUIT", &self.process.id().to_string()])
            .status();
        let _ = self.process.wait();
    }
}

/// PostgreSQL refuses to run as root.
fn as_postgres(command: &mut Command) -> &mut Command {
    let id = |flag: &str, user: &str| {
        let output = Command::new("id").args([flag, user]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    let own = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&own.stdout).trim() == "0" {
        let uid = id("-u", "postgres").or_else(|| id("-u", "nobody")).unwrap();
        let gid = id("-g", "postgres").or_else(|| id("-g", "nobody")).unwrap();
        command.uid(uid).gid(gid);
    }
    command.current_dir("/")
}

fn binaries() -> PathBuf {
    if let Ok(folder) = std::env::var("MIGRATE_TESTKIT_POSTGRES_BIN") {
        return folder.into();
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed")
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("postgres").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL is installed")
}

fn succeed(command: &mut Command) {
    let output = as_postgres(command).output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn start(folder: &Path) -> Server {
    let mut command = Command::new(binaries().join("postgres"));
    command.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    for setting in [
        "listen_addresses=",
        "wal_level=replica",
        "max_wal_senders=4",
        "hot_standby=on",
        "fsync=off",
    ] {
        command.arg("-c").arg(setting);
    }
    let process = as_postgres(command.stdout(Stdio::null()).stderr(Stdio::null()))
        .spawn()
        .unwrap();
    Server {
        process,
        folder: folder.to_owned(),
    }
}

impl Server {
    fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.folder)
            .username("postgres")
            .database("postgres")
    }

    async fn pool(&self) -> PgPool {
        for _ in 0..600 {
            if let Ok(pool) = PgPool::connect_with(self.options()).await {
                return pool;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server does not answer");
    }
}

/// A folder that only its owner can enter, for the account that runs the server.
fn folder(base: &Path, name: &str) -> PathBuf {
    let folder = base.join(name);
    succeed(Command::new("mkdir").arg("-m").arg("700").arg(&folder));
    folder
}

#[test]
fn a_hot_standby_starts() {
    run(async {
        let base = tempfile::Builder::new()
            .prefix("standby")
            .tempdir_in("/tmp")
            .unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(base.path(), open).unwrap();
        let (first, second) = (folder(base.path(), "1"), folder(base.path(), "2"));
        let binaries = binaries();
        let data = first.join("data");
        succeed(
            Command::new(binaries.join("initdb"))
                .arg("-D")
                .arg(&data)
                .args(["-N", "-U", "postgres", "-A", "trust"]),
        );
        let primary = start(&first);
        let pool = primary.pool().await;
        Migrator::new(pool.clone(), set::<Postgres>(false))
            .build()
            .run()
            .await
            .unwrap();
        let mut backup = Command::new(binaries.join("pg_basebackup"));
        backup
            .arg("-h")
            .arg(&first)
            .args(["-U", "postgres", "-R", "-X", "stream", "-c", "fast", "-N", "-D"]);
        succeed(backup.arg(second.join("data")));
        let standby = start(&second);
        let pool = standby.pool().await;
        let recovering: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert!(recovering);
        let migrator = Migrator::new(pool.clone(), set::<Postgres>(true)).build();
        assert!(migrator.run().await.unwrap().applied.is_empty());
        assert!(migrator.status().await.unwrap().may_serve);
        pool.close().await;
        drop(standby);
        drop(primary);
        // What the servers wrote belongs to their account.
        succeed(Command::new("rm").arg("-rf").arg(&first).arg(&second));
    });
}
