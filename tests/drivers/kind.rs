//! The three databases behind one trait, so that each case is written once.

#[cfg(not(feature = "mysql-server"))]
use migrate_core::MariaDb;
#[cfg(feature = "mysql-server")]
use migrate_core::Mysql;
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, MigrationSet, Migrator, Policy, Pool, Postgres, Set, Sqlite, Version, model};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, PostgresPair, SqliteDatabase};
use sqlx::{AssertSqlSafe, Row};

/// One kind of database.
pub(crate) trait Kind: Sized {
    type Marker: model::Database;
    type Pool: Pool<Self::Marker>;
    const DIALECT: Dialect;

    async fn create() -> Self;
    fn pool(&self) -> Self::Pool;
    async fn execute(&self, sql: &str) {
        self.attempt(sql)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    /// Runs what may be refused.
    async fn attempt(&self, sql: &str) -> Result<(), sqlx::Error>;
    /// The first value of the first row, as text.
    async fn value(&self, sql: &str) -> String;
    /// A transaction of somebody else with that statement in it.
    async fn hold(&self, sql: &str) -> Held;

    fn set(&self, files: &[(&str, &str)]) -> Set<Self::Marker> {
        Set::typed(read(Self::DIALECT, files)).expect("the dialect fits")
    }

    fn migrator(&self, files: &[(&str, &str)]) -> Migrator {
        Migrator::new(self.pool(), self.set(files)).build()
    }

    /// Lets an instance of a build run, and end: data that builds write in both shapes is moved once the old ones are gone.
    async fn ran(&self, files: &[(&str, &str)]) {
        let migrator = self.migrator(files);
        migrator.run().await.expect("a build");
        migrator.leave().await;
        left(&migrator).await;
    }

    /// Who works under the development policy.
    fn developer(&self, files: &[(&str, &str)]) -> Migrator {
        let builder = Migrator::new(self.pool(), self.set(files));
        builder.policy(Policy::Development).build()
    }

    async fn tables(&self, name: &str) -> String {
        let sql = match Self::DIALECT {
            Dialect::Sqlite => {
                format!("SELECT CAST(count(*) AS TEXT) FROM sqlite_schema WHERE name = '{name}'")
            }
            Dialect::Postgres => {
                format!("SELECT count(*)::text FROM pg_class WHERE relname = '{name}' AND relkind = 'r'")
            }
            _ => format!(
                "SELECT CAST(count(*) AS CHAR) FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = '{name}'"
            ),
        };
        self.value(&sql).await
    }
}

/// The set of those files, as a run-time source reads it.
pub(crate) fn read(dialect: Dialect, files: &[(&str, &str)]) -> MigrationSet {
    let files = files
        .iter()
        .map(|(name, text)| SourceFile {
            path: format!("{name}.sql"),
            content: Ok(text.as_bytes().to_vec()),
        })
        .collect();
    // The drivers have to manage what the rules would refuse.
    let options = Options {
        rules: None,
        ..Options::new(dialect)
    };
    match options.read(files).into_result() {
        Ok(set) => set,
        Err(faults) => panic!("{faults}"),
    }
}

/// Versions of a report, as numbers.
pub(crate) fn versions(report: &migrate_core::Report) -> Vec<u64> {
    report.applied.iter().map(|applied| applied.version.0).collect()
}

pub(crate) fn version(number: u64) -> Version {
    Version(number)
}

/// A transaction that is open; undone when it is dropped.
pub(crate) enum Held {
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Mysql(sqlx::Transaction<'static, sqlx::MySql>),
}

impl Held {
    pub(crate) async fn execute(&mut self, sql: &str) {
        let text = sqlx::raw_sql(AssertSqlSafe(sql));
        let result = match self {
            Held::Postgres(open) => text.execute(&mut **open).await.map(drop),
            Held::Sqlite(open) => text.execute(&mut **open).await.map(drop),
            Held::Mysql(open) => text.execute(&mut **open).await.map(drop),
        };
        result.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub(crate) async fn commit(self) {
        let result = match self {
            Held::Postgres(open) => open.commit().await,
            Held::Sqlite(open) => open.commit().await,
            Held::Mysql(open) => open.commit().await,
        };
        result.expect("a commit");
    }
}

macro_rules! kind {
    ($database:ident, $server:ident, $dialect:ident, $pool:ty, $held:ident) => {
        impl Kind for $database {
            type Marker = $dialect;
            type Pool = $pool;
            const DIALECT: Dialect = Dialect::$dialect;

            async fn create() -> Self {
                $database::create().await.expect("a database")
            }

            fn pool(&self) -> Self::Pool {
                $database::$server(self).clone()
            }

            async fn attempt(&self, sql: &str) -> Result<(), sqlx::Error> {
                let result = sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute($database::$server(self))
                    .await;
                result.map(drop)
            }

            async fn hold(&self, sql: &str) -> Held {
                let open = $database::$server(self)
                    .begin()
                    .await
                    .expect("a transaction");
                let mut held = Held::$held(open);
                held.execute(sql).await;
                held
            }

            async fn value(&self, sql: &str) -> String {
                let row = sqlx::raw_sql(AssertSqlSafe(sql))
                    .fetch_one($database::$server(self))
                    .await;
                let row = row.unwrap_or_else(|error| panic!("{sql}: {error}"));
                row.try_get_unchecked::<Option<String>, _>(0)
                    .unwrap_or_else(|error| panic!("{sql}: {error}"))
                    .unwrap_or_else(|| "NULL".to_owned())
            }
        }
    };
}

kind!(PostgresDatabase, pool, Postgres, sqlx::PgPool, Postgres);
kind!(PostgresPair, primary, Postgres, sqlx::PgPool, Postgres);
kind!(SqliteDatabase, pool, Sqlite, sqlx::SqlitePool, Sqlite);
#[cfg(not(feature = "mysql-server"))]
kind!(MysqlDatabase, pool, MariaDb, sqlx::MySqlPool, Mysql);
#[cfg(feature = "mysql-server")]
kind!(MysqlDatabase, pool, Mysql, sqlx::MySqlPool, Mysql);

/// Waits until no instance is registered: a connection that is closed is gone a moment later.
pub(crate) async fn left(migrator: &Migrator) {
    for _ in 0..200 {
        let live = migrator.instances().await.expect("the instances");
        if live.instances.is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("instances are still registered");
}
