//! A start with nothing to do costs one round trip: counted on the wire, at the server, and in the driver's log.
//!
//! Each database is counted where that is exact: PostgreSQL and MariaDB by a proxy that reads the protocol, SQLite by the
//! statements that its driver logs.

mod proxy;
mod read_only;

use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_core::source::lockfile::{FILE_NAME, Lockfile};
use migrate_core::source::{Options, SourceFile};
use migrate_core::{MariaDb, Migrator, Postgres, Set, Sqlite, model::Database};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sqlx::postgres::PgConnectOptions;

fn files(contract: bool) -> Vec<(&'static str, &'static str)> {
    let mut files = vec![
        (
            "20260101000000_users.sql",
            "-- migrate:up\nCREATE TABLE users (id INTEGER, name VARCHAR(9));\n-- migrate:down\nDROP TABLE users;\n",
        ),
        (
            "20260102000000_mail.sql",
            "-- migrate:up\nALTER TABLE users ADD COLUMN mail VARCHAR(9);\n-- migrate:down\nALTER TABLE users DROP COLUMN mail;\n",
        ),
    ];
    if contract {
        files.push(("20260103000000_name.sql", "-- migrate:change name\n-- migrate:phase contract\n-- migrate:irreversible \"x\"\n-- migrate:up\nALTER TABLE users DROP COLUMN name;\n"));
    }
    files
}

/// A set with an applied and a waiting part: contracts that wait do not cost anything either.
fn set<D: Database>(contract: bool) -> Set<D> {
    let files = files(contract)
        .into_iter()
        .map(|(path, text)| SourceFile {
            path: path.to_owned(),
            content: Ok(text.as_bytes().to_vec()),
        })
        .collect();
    // Some of these must not be safe.
    let options = Options {
        rules: None,
        ..Options::new(D::DIALECT)
    };
    let set = options.read(files).into_result().expect("a good set");
    Set::typed(set).expect("the dialect fits")
}

fn run(case: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(case);
}

#[test]
fn postgres_on_the_wire() {
    run(async {
        let db = PostgresDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<Postgres>(false))
            .build()
            .run()
            .await
            .unwrap();
        starts_in_one_query(&db.options(), &set(true)).await;
        // Where a file is recorded that stands for others, their rows are in the history as well.
        let squashed = squashed::<Postgres>();
        let report = Migrator::new(db.pool().clone(), squashed.clone())
            .build()
            .run()
            .await
            .unwrap();
        assert_eq!(report.recorded.len(), 1);
        starts_in_one_query(&db.options(), &squashed).await;
    });
}

/// The part that is applied, as one file.
fn squashed<D: Database>() -> Set<D> {
    let options = Options {
        rules: None,
        ..Options::new(D::DIALECT)
    };
    let set = set::<D>(false);
    let lock = Lockfile::default().release(set.migrations.iter(), &options.folder);
    let file = |path: &str, text: String| SourceFile {
        path: path.to_owned(),
        content: Ok(text.into_bytes()),
    };
    let mut files: Vec<SourceFile> = files(false)
        .into_iter()
        .map(|(path, text)| file(path, text.to_owned()))
        .collect();
    files.push(file(FILE_NAME, lock.render()));
    let newest = set.newest().expect("a file");
    let squash = options
        .squash(files, newest, "squashed")
        .expect("a squashed file");
    let set = options.read(vec![file(&squash.path, squash.text)]).into_result();
    Set::typed(set.expect("a good set")).expect("the dialect fits")
}

/// Where there is nothing to do.
async fn starts_in_one_query(server: &PgConnectOptions, set: &Set<Postgres>) {
    let proxy = proxy::Proxy::start(server);
    let options = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let pool = options.connect_with(proxy.options(server)).await.unwrap();
    let migrator = Migrator::new(pool, set.clone()).build();
    for _ in 0..3 {
        proxy.settle().await;
        let before = proxy.counts();
        let report = migrator.run().await.unwrap();
        assert!(report.applied.is_empty());
        let after = proxy.counts();
        assert_eq!(after.queries - before.queries, 1, "one simple query");
        assert_eq!(after.parses - before.parses, 0, "nothing is prepared");
        // The pool's ping, when the connection goes back, is a Sync without anything before it.
        assert!(after.syncs - before.syncs <= 1);
    }
}

#[test]
fn mariadb_on_the_wire() {
    run(async {
        let db = MysqlDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<MariaDb>(false))
            .build()
            .run()
            .await
            .unwrap();
        let proxy = proxy::Proxy::start_mysql(&db.options());
        let options = sqlx::mysql::MySqlPoolOptions::new().max_connections(1);
        let pool = options
            .connect_with(proxy.mysql_options(&db.options()))
            .await
            .unwrap();
        let migrator = Migrator::new(pool.clone(), set::<MariaDb>(true)).build();
        for _ in 0..3 {
            // The first run takes the connection out of the pool, to register over it; a new one is set up by queries.
            drop(pool.acquire().await.unwrap());
            proxy.settle().await;
            let before = proxy.counts();
            migrator.run().await.unwrap();
            let after = proxy.counts();
            assert_eq!(after.queries - before.queries, 1, "one query");
            assert_eq!(after.parses - before.parses, 0, "nothing is prepared");
        }
    });
}

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// Counts what sqlx logs of statements on the table prefix of this test, and of any other statement in between.
struct Counter;

impl tracing::Subscriber for Counter {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        // Only the SQLite pool of this test logs at this level.
        if *event.metadata().level() == tracing::Level::INFO {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn sqlite_by_the_drivers_log() {
    use sqlx::ConnectOptions;
    tracing::subscriber::set_global_default(Counter).unwrap();
    run(async {
        let db = SqliteDatabase::create().await.unwrap();
        Migrator::new(db.pool().clone(), set::<Sqlite>(false))
            .build()
            .run()
            .await
            .unwrap();
        let options = db.options().log_statements("info".parse().unwrap());
        // One connection, so that none is opened, and set up, in between.
        let one = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
        let pool = one.connect_with(options).await.unwrap();
        sqlx::raw_sql("SELECT 1").execute(&pool).await.unwrap();
        let migrator = Migrator::new(pool.clone(), set::<Sqlite>(true)).build();
        for _ in 0..3 {
            let before = STATEMENTS.load(Ordering::SeqCst);
            migrator.run().await.unwrap();
            let counted = STATEMENTS.load(Ordering::SeqCst) - before;
            assert_eq!(counted, 1, "one statement");
        }
        // The counter counts: a statement of ours shows.
        let before = STATEMENTS.load(Ordering::SeqCst);
        sqlx::raw_sql("SELECT 1").execute(&pool).await.unwrap();
        assert_eq!(STATEMENTS.load(Ordering::SeqCst) - before, 1);
    });
}
