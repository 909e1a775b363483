//! What the databases of all kinds have in common, for tests that are written once and run on each.

#[cfg(feature = "postgres")]
use migrate_core::Postgres;
#[cfg(feature = "sqlite")]
use migrate_core::Sqlite;
use migrate_core::database::Pool;
#[cfg(feature = "sqlite")]
use migrate_core::database::sqlite;
use migrate_core::facts::{Facts, Scope};
use migrate_core::model::Database;
#[cfg(feature = "mysql")]
use migrate_core::{MariaDb, Mysql};
use migrate_core::{Migrator, Set};

use crate::error::{BoxError, Error};
#[cfg(feature = "mysql")]
use crate::scratch::MysqlDatabase;
#[cfg(feature = "postgres")]
use crate::scratch::PostgresDatabase;
#[cfg(feature = "sqlite")]
use crate::scratch::SqliteDatabase;

/// A database of its own for one test, of whatever kind. Implemented by the databases of this crate and by nothing
/// else.
///
/// ```no_run
/// use migrate_testkit::{Error, TestDatabase, migrate_test};
///
/// #[migrate_test(postgres, sqlite, mysql)]
/// async fn names_are_unique<D: TestDatabase>(database: D) -> Result<(), Error> {
///     database.execute("CREATE TABLE account (name varchar(40) UNIQUE)").await?;
///     database.execute("INSERT INTO account VALUES ('ada')").await?;
///     assert!(database.execute("INSERT INTO account VALUES ('ada')").await.is_err());
///     Ok(())
/// }
/// ```
#[expect(
    async_fn_in_trait,
    reason = "tests run on one thread, and so do closures that build templates"
)]
pub trait TestDatabase: sealed::Sealed + Sized + 'static {
    /// What the kind is called: `postgres`, `sqlite` or `mysql`.
    const KIND: &'static str;

    /// The kind's pool of connections.
    type Pool;

    /// An empty database.
    ///
    /// # Errors
    /// If there is no server and none can be started, or the user left this kind out
    /// ([`Error::is_skipped`]).
    ///
    /// # Cancellation
    /// The database is dropped if this future is.
    async fn create() -> Result<Self, Error>;

    /// A copy of the template `key`, which `build` fills if no test process has done so yet. Where a server cannot
    /// copy databases, `build` runs each time. The key has to change with everything that `build` depends on.
    ///
    /// # Errors
    /// As for [`create`](Self::create), and if `build` fails.
    ///
    /// # Cancellation
    /// A template whose building was cancelled is built again.
    async fn from_template(
        key: &str,
        build: impl AsyncFnOnce(Self::Pool) -> Result<(), BoxError>,
    ) -> Result<Self, Error>;

    /// A pool of connections to the database.
    fn pool(&self) -> &Self::Pool;

    /// The database's URL, which other processes can use as well.
    fn url(&self) -> &str;

    /// The shell command with which a person looks at the database.
    fn client(&self) -> String;

    /// Runs SQL: one statement, or several where the database takes them at once.
    ///
    /// # Errors
    /// If the database refuses it.
    async fn execute(&self, sql: &str) -> Result<(), Error>;

    /// What the catalog says about the schema.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    async fn facts(&self, scope: &Scope<'_>) -> Result<Facts, Error> {
        Self::facts_of(self.pool(), scope).await
    }

    /// What the catalog of any database of this kind says about its schema.
    ///
    /// # Errors
    /// If the catalog cannot be read.
    async fn facts_of(pool: &Self::Pool, scope: &Scope<'_>) -> Result<Facts, Error>;

    /// A pool of its own whose one connection stays open.
    #[doc(hidden)]
    async fn pool_of_one(&self) -> Result<Self::Pool, Error>;
}

/// A kind of database for which sets are written, and on which this crate can run them.
pub trait TestKind: Database + Sized {
    /// Its databases.
    type Database: TestDatabase<Pool: Pool<Self>>;
}

pub(crate) mod sealed {
    use migrate_core::facts::{Facts, Scope};

    use crate::error::Error;
    use crate::link::Link;

    #[expect(async_fn_in_trait, reason = "tests run on one thread")]
    pub trait Sealed {
        /// Its connections.
        type Link: Link;
        /// What one look at the catalog leaves to the next.
        type Memory: Default;

        /// A connection that belongs to no pool.
        async fn link(&self) -> Result<Self::Link, Error>;

        /// What the catalog says, on a connection that is used for nothing else.
        async fn facts_again(
            link: &mut Self::Link,
            scope: &Scope<'_>,
            memory: &mut Self::Memory,
        ) -> Result<Facts, Error>;
    }
}

/// A database to which `set` was applied already: a copy, where the server can copy databases.
///
/// # Errors
/// As for [`TestDatabase::create`], and if a migration fails.
///
/// # Cancellation
/// The database is dropped if this future is.
pub async fn migrated<K: TestKind>(set: Set<K>) -> Result<K::Database, Error> {
    let mut key = format!("{} {}", set.name, set.dialect);
    for migration in set.migrations.iter() {
        key.push_str(&format!(" {} {}", migration.version, migration.exact));
    }
    K::Database::from_template(&key, async |pool| {
        Migrator::new(pool, set)
            .made_here()
            .build()
            .run_to_completion()
            .await?;
        Ok(())
    })
    .await
}

macro_rules! test_databases {
    ($($feature:literal $module:ident: $name:ident, $pool:ident, $connection:ident, $memory:ty, $again:expr, $client:expr,
        [$($marker:ident)+];)*) => {$(
        #[cfg(feature = $feature)]
        impl sealed::Sealed for $name {
            type Link = sqlx::$connection;
            type Memory = $memory;

            async fn link(&self) -> Result<Self::Link, Error> {
                let link = sqlx::ConnectOptions::connect(&self.options()).await;
                link.map_err(|error| Error::caused("cannot connect to the test database", error))
            }

            async fn facts_again(
                link: &mut Self::Link,
                scope: &Scope<'_>,
                memory: &mut $memory,
            ) -> Result<Facts, Error> {
                let facts = $again(link, scope, memory).await;
                facts.map_err(|error| Error::caused("cannot read the catalog", error))
            }
        }

        #[cfg(feature = $feature)]
        impl TestDatabase for $name {
            const KIND: &'static str = $feature;
            type Pool = sqlx::$pool;

            async fn create() -> Result<Self, Error> {
                Self::create().await
            }

            async fn from_template(
                key: &str,
                build: impl AsyncFnOnce(Self::Pool) -> Result<(), BoxError>,
            ) -> Result<Self, Error> {
                Self::from_template(key, build).await
            }

            fn pool(&self) -> &Self::Pool {
                self.pool()
            }

            fn url(&self) -> &str {
                self.url()
            }

            fn client(&self) -> String {
                $client(self)
            }

            async fn execute(&self, sql: &str) -> Result<(), Error> {
                let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(self.pool()).await;
                done.map(drop)
                    .map_err(|error| Error::caused(format!("the {} database refused a statement", $feature), error))
            }

            async fn facts_of(pool: &Self::Pool, scope: &Scope<'_>) -> Result<Facts, Error> {
                let unread = |error| Error::caused("cannot read the catalog", error);
                let mut connection = pool.acquire().await.map_err(unread)?;
                let connection: &mut sqlx::$connection = &mut connection;
                migrate_core::database::$module::facts(connection, scope).await.map_err(unread)
            }

            async fn pool_of_one(&self) -> Result<Self::Pool, Error> {
                let pool = sqlx::pool::PoolOptions::new()
                    .max_connections(1)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .connect_with(self.options())
                    .await;
                pool.map_err(|error| Error::caused("cannot connect to the test database", error))
            }
        }

        $(
            #[cfg(feature = $feature)]
            impl TestKind for $marker {
                type Database = $name;
            }
        )+
    )*};
}

test_databases! {
    "postgres" postgres: PostgresDatabase, PgPool, PgConnection, (), postgres_facts,
        |database: &PostgresDatabase| format!("psql '{}'", database.url()), [Postgres];
    "sqlite" sqlite: SqliteDatabase, SqlitePool, SqliteConnection, sqlite::FactsMemory, sqlite::facts_again,
        |database: &SqliteDatabase| format!("sqlite3 '{}'", database.path().display()), [Sqlite];
    "mysql" mysql: MysqlDatabase, MySqlPool, MySqlConnection, (), mysql_facts, mysql_client, [Mysql MariaDb];
}

#[cfg(feature = "postgres")]
async fn postgres_facts(
    link: &mut sqlx::PgConnection,
    scope: &Scope<'_>,
    (): &mut (),
) -> Result<Facts, sqlx::Error> {
    migrate_core::database::postgres::facts_again(link, scope).await
}

#[cfg(feature = "mysql")]
async fn mysql_facts(
    link: &mut sqlx::MySqlConnection,
    scope: &Scope<'_>,
    (): &mut (),
) -> Result<Facts, sqlx::Error> {
    migrate_core::database::mysql::facts(link, scope).await
}

/// The clients of these servers take no URL.
#[cfg(feature = "mysql")]
fn mysql_client(database: &MysqlDatabase) -> String {
    let options = database.options();
    let place = match options.get_socket() {
        Some(socket) => format!("--socket='{}'", socket.display()),
        None => format!(
            "--host={} --port={} --password",
            options.get_host(),
            options.get_port()
        ),
    };
    let name = options.get_database().unwrap_or_default();
    format!("mariadb {place} --user={} {name}", options.get_username())
}
