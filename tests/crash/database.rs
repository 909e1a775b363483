//! The three databases behind one face: what the tests do with them, in each one's SQL.

use std::path::Path;
use std::time::Duration;

use migrate_core::facts::{Facts, Scope};
use migrate_core::migrator::MigratorBuilder;
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, MariaDb, MigrationSet, Migrator, Mysql, Postgres, Set, Sqlite, database};
use migrate_testkit::{Error, MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, MySqlPool, PgPool, Row, SqlitePool};

/// How long the tests wait for what has to happen soon. Generous, because the machine may be busy.
pub(crate) const SOON: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mysql,
    Sqlite,
    /// SQLite without the last file of its set, so that a fresh run is one transaction.
    SqliteAtOnce,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Postgres => "postgres",
            Kind::Mysql => "mysql",
            Kind::Sqlite => "sqlite",
            Kind::SqliteAtOnce => "sqlite_at_once",
        }
    }

    pub(crate) fn from_name(name: &str) -> Self {
        let all = [Kind::Postgres, Kind::Mysql, Kind::Sqlite, Kind::SqliteAtOnce];
        all.into_iter()
            .find(|kind| kind.name() == name)
            .expect("a kind of database")
    }
}

/// A database for one round, dropped with this value.
pub(crate) enum Scratch {
    Postgres(PostgresDatabase),
    Mysql(MysqlDatabase),
    Sqlite(SqliteDatabase, Kind),
}

impl Scratch {
    /// An empty database but for the table `audit`, into which migrations write what they did. `None` where the user
    /// left this kind out.
    pub(crate) async fn create(kind: Kind) -> Option<Self> {
        let created: Result<Self, Error> = match kind {
            Kind::Postgres => PostgresDatabase::create().await.map(Scratch::Postgres),
            Kind::Mysql => MysqlDatabase::create().await.map(Scratch::Mysql),
            Kind::Sqlite | Kind::SqliteAtOnce => SqliteDatabase::create()
                .await
                .map(|database| Scratch::Sqlite(database, kind)),
        };
        match created {
            Ok(scratch) => {
                let client = scratch.client(1).await;
                client.execute("CREATE TABLE audit (line varchar(100))").await;
                client.close().await;
                Some(scratch)
            }
            Err(error) if error.is_skipped() => {
                eprintln!("{} is left out", kind.name());
                None
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Scratch::Postgres(_) => Kind::Postgres,
            Scratch::Mysql(_) => Kind::Mysql,
            Scratch::Sqlite(_, kind) => *kind,
        }
    }

    pub(crate) fn url(&self) -> &str {
        match self {
            Scratch::Postgres(database) => database.url(),
            Scratch::Mysql(database) => database.url(),
            Scratch::Sqlite(database, _) => database.url(),
        }
    }

    pub(crate) async fn client(&self, connections: u32) -> Client {
        Client::connect(self.kind(), self.url(), connections).await
    }
}

/// What became of a write.
pub(crate) enum Written {
    /// It is there, with so many rows.
    Rows(u64),
    /// It is not there.
    Refused,
    /// The connection ended: it may be there.
    Lost,
}

/// A pool of connections to a database.
#[derive(Clone)]
pub(crate) enum Client {
    Postgres(PgPool),
    Mysql(MySqlPool, Dialect),
    Sqlite(SqlitePool, Kind),
}

impl Client {
    pub(crate) async fn connect(kind: Kind, url: &str, connections: u32) -> Self {
        Self::try_connect(kind, url, connections).await.unwrap()
    }

    /// As [`connect`](Self::connect), of a server that may be down.
    pub(crate) async fn try_connect(kind: Kind, url: &str, connections: u32) -> Result<Self, sqlx::Error> {
        Ok(match kind {
            Kind::Postgres => {
                let options = PgPoolOptions::new().max_connections(connections);
                Client::Postgres(options.connect(url).await?)
            }
            Kind::Mysql => {
                let options = MySqlPoolOptions::new().max_connections(connections);
                let pool = options.connect(url).await?;
                let version: String = sqlx::query_scalar("SELECT VERSION()").fetch_one(&pool).await?;
                let is_mariadb = version.contains("MariaDB");
                Client::Mysql(
                    pool,
                    if is_mariadb {
                        Dialect::MariaDb
                    } else {
                        Dialect::Mysql
                    },
                )
            }
            Kind::Sqlite | Kind::SqliteAtOnce => {
                let options = SqlitePoolOptions::new().max_connections(connections);
                Client::Sqlite(options.connect(url).await?, kind)
            }
        })
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Client::Postgres(_) => Kind::Postgres,
            Client::Mysql(..) => Kind::Mysql,
            Client::Sqlite(_, kind) => *kind,
        }
    }

    pub(crate) async fn close(self) {
        match self {
            Client::Postgres(pool) => pool.close().await,
            Client::Mysql(pool, _) => pool.close().await,
            Client::Sqlite(pool, _) => pool.close().await,
        }
    }

    /// The set of eight migrations of this kind of database.
    pub(crate) fn set(&self) -> MigrationSet {
        let folder = match self {
            Client::Postgres(_) => "postgres",
            Client::Mysql(..) => "mysql",
            Client::Sqlite(..) => "sqlite",
        };
        let sets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/sets");
        let set = self.options().read_folder(sets.join(folder));
        let mut set = set.unwrap_or_else(|faults| panic!("{faults}"));
        if self.kind() == Kind::SqliteAtOnce {
            let count = set.migrations.len() - 1;
            set.migrations = set.migrations[..count].to_vec().into();
        }
        set
    }

    /// A set of these texts, as version 1 and on.
    pub(crate) fn set_of(&self, name: &'static str, texts: &[&str]) -> MigrationSet {
        let files = texts.iter().enumerate().map(|(index, text)| SourceFile {
            path: format!("202601010000{:02}_step.sql", index + 1),
            content: Ok(text.as_bytes().to_vec()),
        });
        let mut options = self.options();
        options.name = name.into();
        let set = options.read(files.collect()).into_result();
        set.unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// Unsafe statements are what breaks best, so the rules rest.
    fn options(&self) -> Options {
        Options {
            rules: None,
            ..Options::new(self.dialect())
        }
    }

    fn dialect(&self) -> Dialect {
        match self {
            Client::Postgres(_) => Dialect::Postgres,
            Client::Mysql(_, dialect) => *dialect,
            Client::Sqlite(..) => Dialect::Sqlite,
        }
    }

    pub(crate) fn migrator(&self, set: MigrationSet) -> MigratorBuilder {
        match self {
            Client::Postgres(pool) => {
                Migrator::new(pool.clone(), Set::<Postgres>::typed(set).expect("for PostgreSQL"))
            }
            Client::Mysql(pool, Dialect::MariaDb) => {
                Migrator::new(pool.clone(), Set::<MariaDb>::typed(set).expect("for MariaDB"))
            }
            Client::Mysql(pool, _) => {
                Migrator::new(pool.clone(), Set::<Mysql>::typed(set).expect("for MySQL"))
            }
            Client::Sqlite(pool, _) => {
                Migrator::new(pool.clone(), Set::<Sqlite>::typed(set).expect("for SQLite"))
            }
        }
    }

    pub(crate) async fn execute(&self, sql: &str) {
        let sql_text = sqlx::raw_sql(AssertSqlSafe(sql));
        let result = match self {
            Client::Postgres(pool) => sql_text.execute(pool).await.map(drop),
            Client::Mysql(pool, _) => sql_text.execute(pool).await.map(drop),
            Client::Sqlite(pool, _) => sql_text.execute(pool).await.map(drop),
        };
        result.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// A statement that may be refused, or whose answer may be lost with its connection.
    pub(crate) async fn write(&self, sql: &str) -> Written {
        match self.attempt(sql).await {
            Ok(rows) => Written::Rows(rows),
            Err(error) if self.is_lost(&error) => Written::Lost,
            Err(_) => Written::Refused,
        }
    }

    /// The same, with what was refused. Gives back how many rows it was about.
    pub(crate) async fn attempt(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Client::Postgres(pool) => sql.execute(pool).await.map(|done| done.rows_affected()),
            Client::Mysql(pool, _) => sql.execute(pool).await.map(|done| done.rows_affected()),
            Client::Sqlite(pool, _) => sql.execute(pool).await.map(|done| done.rows_affected()),
        }
    }

    /// Whether a statement was not refused, but lost with its connection.
    pub(crate) fn is_lost(&self, error: &sqlx::Error) -> bool {
        let sqlx::Error::Database(error) = error else {
            return true;
        };
        match self {
            // A connection that the server ends says so.
            Client::Postgres(_) => error
                .code()
                .is_some_and(|code| code.starts_with("57P") || code.starts_with("08")),
            Client::Mysql(..) => {
                let error = error.downcast_ref::<sqlx::mysql::MySqlDatabaseError>();
                matches!(error.number(), 1053 | 1317 | 1927 | 2006 | 2013)
            }
            Client::Sqlite(..) => false,
        }
    }

    /// The first value of the first row, if there is one that is not NULL.
    pub(crate) async fn first(&self, sql: &str) -> Result<Option<String>, sqlx::Error> {
        macro_rules! first {
            ($pool:expr) => {{
                let row = sqlx::raw_sql(AssertSqlSafe(sql))
                    .fetch_optional($pool)
                    .await?;
                row.map_or(Ok(None), |row| row.try_get_unchecked(0))
            }};
        }
        match self {
            Client::Postgres(pool) => first!(pool),
            Client::Mysql(pool, _) => first!(pool),
            Client::Sqlite(pool, _) => first!(pool),
        }
    }

    /// The answer of a query with one column of texts. `None` where a table is missing.
    pub(crate) async fn try_texts(&self, sql: &str) -> Option<Vec<String>> {
        macro_rules! texts {
            ($pool:expr) => {
                sqlx::raw_sql(AssertSqlSafe(sql))
                    .fetch_all($pool)
                    .await
                    .map(|rows| {
                        rows.iter()
                            .map(|row| row.try_get_unchecked::<Option<String>, _>(0).unwrap())
                            .map(|text| text.unwrap_or_else(|| "NULL".to_owned()))
                            .collect()
                    })
            };
        }
        let result = match self {
            Client::Postgres(pool) => texts!(pool),
            Client::Mysql(pool, _) => texts!(pool),
            Client::Sqlite(pool, _) => texts!(pool),
        };
        match result {
            Ok(texts) => Some(texts),
            Err(sqlx::Error::Database(error))
                if error.message().contains("exist") || error.message().contains("no such table") =>
            {
                None
            }
            Err(error) => panic!("{sql}: {error}"),
        }
    }

    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        self.try_texts(sql)
            .await
            .unwrap_or_else(|| panic!("{sql}: a table is missing"))
    }

    /// The schema without the library's own tables.
    pub(crate) async fn facts(&self) -> Facts {
        let scope = Scope {
            exclude_prefix: "_migrate_",
            names: None,
        };
        let facts = match self {
            Client::Postgres(pool) => {
                database::postgres::facts(&mut pool.acquire().await.unwrap(), &scope).await
            }
            Client::Mysql(pool, _) => {
                database::mysql::facts(&mut pool.acquire().await.unwrap(), &scope).await
            }
            Client::Sqlite(pool, _) => {
                database::sqlite::facts(&mut pool.acquire().await.unwrap(), &scope).await
            }
        };
        facts.unwrap()
    }

    /// Ends the connection that migrates, at the server, if there is one. Not for SQLite.
    pub(crate) async fn disconnect_migrator(&self) -> bool {
        match self {
            Client::Postgres(_) => {
                let ended = self
                    .texts(
                        "SELECT pg_terminate_backend(l.pid)::text FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                         WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()",
                    )
                    .await;
                !ended.is_empty()
            }
            Client::Mysql(..) => {
                let busy = self.texts(BUSY_MYSQL).await;
                let Some(id) = busy.first() else {
                    return false;
                };
                // It may be gone meanwhile.
                self.try_execute(&format!("KILL CONNECTION {id}")).await
            }
            Client::Sqlite(..) => unreachable!("SQLite has no server"),
        }
    }

    /// Ends every other connection to the database, idle ones included. Not for SQLite.
    pub(crate) async fn disconnect_others(&self) {
        match self {
            Client::Postgres(_) => {
                let end = "SELECT pg_terminate_backend(pid, 5000)::text FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";
                self.texts(end).await;
            }
            Client::Mysql(..) => {
                let others = "SELECT CAST(id AS char) FROM information_schema.processlist \
                              WHERE db = DATABASE() AND id <> CONNECTION_ID()";
                for id in self.texts(others).await {
                    self.try_execute(&format!("KILL CONNECTION {id}")).await;
                }
            }
            Client::Sqlite(..) => unreachable!("SQLite has no server"),
        }
    }

    pub(crate) async fn try_execute(&self, sql: &str) -> bool {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Client::Postgres(pool) => sql.execute(pool).await.is_ok(),
            Client::Mysql(pool, _) => sql.execute(pool).await.is_ok(),
            Client::Sqlite(pool, _) => sql.execute(pool).await.is_ok(),
        }
    }

    /// How many other connections run a statement, wait in a transaction, or hold a lock of the library. The
    /// registration of an instance that runs, a lock with two keys, is no work.
    pub(crate) async fn busy(&self) -> usize {
        match self {
            Client::Postgres(_) => {
                let busy = "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() \
                            AND pid <> pg_backend_pid() AND state <> 'idle' UNION ALL \
                            SELECT l.pid::text FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                            WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND d.datname = current_database()";
                self.texts(busy).await.len()
            }
            Client::Mysql(..) => self.texts(BUSY_MYSQL).await.len(),
            Client::Sqlite(pool, _) => {
                let mut connection = pool.acquire().await.unwrap();
                let begun = sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await;
                if begun.is_err() {
                    return 1;
                }
                sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.unwrap();
                0
            }
        }
    }

    /// Waits until nothing runs and no lock is held any more. For a client that is not the migrator's.
    pub(crate) async fn wait_until_quiet(&self) {
        let deadline = tokio::time::Instant::now() + SOON;
        while self.busy().await > 0 {
            assert!(
                tokio::time::Instant::now() < deadline,
                "what was cancelled still runs or holds a lock"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if let Client::Mysql(..) = self {
            // MariaDB 10.11 that is told to KILL while it reads a trigger keeps the half of it for everybody (1602,
            // corrupted file). It reads the whole again after this.
            self.try_execute("FLUSH TABLES orders").await;
        }
    }
}

const BUSY_MYSQL: &str = "SELECT CAST(p.id AS char) FROM information_schema.processlist p \
                          LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id \
                          WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID() \
                          AND (p.command IN ('Query', 'Execute', 'Killed') OR t.trx_id IS NOT NULL)";
