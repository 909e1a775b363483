//! A transaction pooler between us and PostgreSQL: a real PgBouncer.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use migrate_core::Migrator;
use migrate_testkit::PostgresDatabase;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::applying::{EMAIL, USERS};
use crate::backfill::{EXPAND, FILL, FILLED, PEOPLE, in_use};
use crate::kind::{Kind, version, versions};

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
        Self::limited(server, mode, turns, "")
    }

    /// With limits as PgBouncer's file has them, a line each.
    fn limited(server: &PgConnectOptions, mode: &str, turns: bool, limits: &str) -> Self {
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
             unix_socket_dir = {}\nauth_type = any\npool_mode = {mode}\nserver_round_robin = {}\n\
             {limits}\nignore_startup_parameters = extra_float_digits\n",
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

/// Where no second connection can be made to find it out with, it is seen by the lock being with another server process.
#[test]
fn a_transaction_pooler_is_seen_when_the_lock_is_elsewhere() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.expect("a start");
        // With a name of its own, so that no connection is taken out to be given one.
        let options = db.options().application_name("the application");
        let pooler = Pooler::start(&options, "transaction", true);
        let pool = pooler.pool(&options).await;
        // All have a server connection, and none is at work.
        let mut clients = Vec::new();
        for _ in 0..10 {
            clients.push(pool.begin().await.expect("a client"));
        }
        for client in clients {
            client.rollback().await.expect("an end");
        }
        while pool.num_idle() < 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        pool.set_connect_options(options.socket("/nonexistent"));
        let migrator = Migrator::new(pool.clone(), db.set(&[USERS, EMAIL])).build();
        let error = migrator.run().await.expect_err("the lock is elsewhere");
        assert!(error.is_pooler(), "{error}");
        let told = error.to_string();
        assert!(told.contains("was given two server processes"), "{told}");
        let report = db
            .migrator(&[USERS, EMAIL])
            .run()
            .await
            .expect("nothing is locked");
        assert_eq!(versions(&report), [20260102000000]);
    });
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

/// One server connection for everybody, which makes it certain who meets what is left behind.
async fn narrow(db: &PostgresDatabase) -> (Pooler, sqlx::PgPool) {
    let pooler = Pooler::limited(&db.options(), "transaction", false, "default_pool_size = 1");
    let pool = pooler.pool(&db.options()).await;
    (pooler, pool)
}

/// What is only read may be read over a transaction pooler; nothing is left there that others would meet.
#[test]
fn behind_a_transaction_pooler_nothing_is_set_and_no_data_is_moved() {
    crate::run(async {
        let db: PostgresDatabase = in_use(10).await;
        let (_pooler, pool) = narrow(&db).await;
        let build = Migrator::new(pool.clone(), db.set(&[PEOPLE, EXPAND, FILL])).build();
        let plan = build.plan().await.expect("a plan");
        assert_eq!(plan.steps.len(), 1, "{plan}");
        assert!(build.backfill(version(FILLED)).await.expect("none").is_none());
        build
            .document(migrate_core::plan::Mode::Completion)
            .await
            .expect("a document");
        for error in [
            build.run_to_completion().await.expect_err("it migrates"),
            build.verify(version(FILLED)).await.expect_err("it compares"),
        ] {
            assert!(error.is_pooler(), "{error}");
        }
        let settings = "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings \
                        WHERE source = 'session' AND name <> 'application_name' \
                        AND name NOT IN ('client_encoding', 'DateStyle', 'TimeZone', 'extra_float_digits', \
                        'standard_conforming_strings', 'IntervalStyle')";
        let left: Option<String> = sqlx::query_scalar(settings)
            .persistent(false)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(left, None);
        let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()";
        let held: i64 = sqlx::query_scalar(locks)
            .persistent(false)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(held, 0);
    });
}

/// Whose statement runs on the server connection when ours is cancelled is not ours to end.
#[test]
fn cancelling_behind_a_transaction_pooler_ends_nobody_else_s_statement() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.expect("a start");
        let (_pooler, pool) = narrow(&db).await;
        let application = tokio::spawn({
            let pool = pool.clone();
            async move {
                for _ in 0..60 {
                    let slept = sqlx::raw_sql("SELECT pg_sleep(0.05)").execute(&pool).await;
                    slept.map(drop)?;
                }
                Ok::<(), sqlx::Error>(())
            }
        });
        for turn in 0..30 {
            let build = Migrator::new(pool.clone(), db.set(&[USERS, EMAIL])).build();
            let patience = Duration::from_millis(10 + 13 * turn);
            let _ = tokio::time::timeout(patience, build.run()).await;
        }
        application
            .await
            .expect("no panic")
            .expect("its statements are its own");
        drop(pool);
        // The lock is not left behind for good.
        let report = db.migrator(&[USERS, EMAIL]).run().await.expect("a start");
        assert!(report.applied.len() <= 1, "{report}");
    });
}
