//! A transaction pooler between us and PostgreSQL: a real PgBouncer.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use migrate_core::Migrator;
use migrate_testkit::PostgresDatabase;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::applying::{EMAIL, USERS};
use crate::kind::{Kind, versions};

struct Pooler {
    process: Child,
    folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first number that `id` prints.
fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

impl Pooler {
    /// `turns` hands out the server connections in turn: the one given back last comes last.
    fn start(server: &PgConnectOptions, mode: &str, turns: bool) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("pooler")
            .tempdir_in("/tmp")
            .unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let socket = server
            .get_socket()
            .expect("the server of the testkit listens on a Unix socket");
        let config = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={} port={} user={}\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\n\
             unix_socket_dir = {}\nauth_type = any\npool_mode = {mode}\nserver_round_robin = {}\nignore_startup_parameters = extra_float_digits\n",
            socket.display(),
            server.get_port(),
            server.get_username(),
            folder.path().display(),
            u8::from(turns),
        );
        std::fs::write(&config, text).unwrap();
        let program = [
            "/usr/sbin/pgbouncer",
            "/usr/bin/pgbouncer",
            "/opt/homebrew/bin/pgbouncer",
        ];
        let program = program
            .into_iter()
            .find(|path| std::path::Path::new(path).exists());
        let mut command = Command::new(program.expect("PgBouncer is installed: apt-get install pgbouncer"));
        command
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/");
        // PgBouncer refuses to run as root, and the socket belongs to the account that runs the server.
        if id(&["-u"]) == Some(0) {
            let account = if id(&["-u", "postgres"]).is_some() {
                "postgres"
            } else {
                "nobody"
            };
            command
                .uid(id(&["-u", account]).unwrap())
                .gid(id(&["-g", account]).unwrap());
        }
        let process = command.spawn().unwrap();
        Self { process, folder }
    }

    async fn pool(&self, server: &PgConnectOptions) -> sqlx::PgPool {
        // Named statements do not survive a change of the server connection, so nothing is cached.
        let options = server
            .clone()
            .socket(self.folder.path())
            .port(6432)
            .statement_cache_capacity(0);
        for _ in 0..200 {
            let pool = PgPoolOptions::new().acquire_timeout(Duration::from_secs(5));
            if let Ok(pool) = pool.connect_with(options.clone()).await {
                return pool;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("PgBouncer does not answer");
    }
}

#[test]
fn a_transaction_pooler_is_refused_with_a_way_out() {
    crate::run(async {
        refused(false).await;
        refused(true).await;
    });
}

async fn refused(turns: bool) {
    let db = <PostgresDatabase as Kind>::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let pooler = Pooler::start(&db.options(), "transaction", turns);
    let pool = pooler.pool(&db.options()).await;
    // Others use the pooler, too, so that it has several connections to give.
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(pool.begin().await.unwrap());
    }
    drop(clients);
    // With nothing to do there is nothing to refuse.
    Migrator::new(pool.clone(), db.set(&[USERS]))
        .build()
        .run()
        .await
        .unwrap();
    let error = Migrator::new(pool, db.set(&[USERS, EMAIL]))
        .build()
        .run()
        .await
        .unwrap_err();
    assert!(error.is_pooler(), "{error}");
    assert!(error.to_string().contains("direct connection"), "{error}");
    // Nothing stays locked behind, although the pooler keeps its connections.
    let report = db.migrator(&[USERS, EMAIL]).run().await.unwrap();
    assert_eq!(versions(&report), [20260102000000]);
}

#[test]
fn a_session_pooler_is_as_good_as_a_connection() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let pooler = Pooler::start(&db.options(), "session", false);
        let pool = pooler.pool(&db.options()).await;
        let report = Migrator::new(pool, db.set(&[USERS, EMAIL]))
            .build()
            .run()
            .await
            .unwrap();
        assert_eq!(report.applied.len(), 2, "{report}");
    });
}
