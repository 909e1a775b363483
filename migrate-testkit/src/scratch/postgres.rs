use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use super::{build_failed, connect_failed, template_name};
use crate::error::{BoxError, Error};
use crate::server::{Lodging, Server, postgres};

/// How long the connections of a template's builder may take to end after its pool is closed.
const QUIET_WITHIN: Duration = Duration::from_secs(30);

/// A PostgreSQL database of its own for one test, dropped with this value, also when the test panics.
///
/// Encoding UTF8, collation C, time zone UTC; the user is a superuser. Dropping it waits for the server and
/// disconnects whoever still uses the database.
#[derive(Debug)]
pub struct PostgresDatabase {
    // The pool comes first, so that it is closed before the database is dropped.
    pool: PgPool,
    url: String,
    options: PgConnectOptions,
    _lodging: Lodging,
}

impl PostgresDatabase {
    /// An empty database.
    ///
    /// # Errors
    /// If there is no server and none can be started, or the user left this kind out
    /// ([`Error::is_skipped`]).
    ///
    /// # Cancellation
    /// The database is dropped if this future is.
    pub async fn create() -> Result<Self, Error> {
        Self::open(postgres::server().await?, None).await
    }

    /// A copy of the template `key`, which `build` fills if no test process has done so yet.
    ///
    /// The key has to change with everything that `build` depends on. The template is shared by all processes
    /// that use the server and ends with it. In a server named by `MIGRATE_TESTKIT_POSTGRES_URL` nothing is to
    /// be left behind: there, `build` fills each database anew.
    ///
    /// # Errors
    /// As for [`create`](Self::create), and if `build` fails; the next test then builds the template again.
    ///
    /// # Cancellation
    /// A template whose building was cancelled is built again.
    pub async fn from_template(
        key: &str,
        build: impl AsyncFnOnce(PgPool) -> Result<(), BoxError>,
    ) -> Result<Self, Error> {
        let server = postgres::server().await?;
        if !server.is_private() {
            let database = Self::open(server, None).await?;
            build(database.pool.clone()).await.map_err(build_failed)?;
            return Ok(database);
        }
        let template = template_name(key);
        ensure_template(server, &template, build).await?;
        Self::open(server, Some(template)).await
    }

    async fn open(server: &'static Server, template: Option<String>) -> Result<Self, Error> {
        let lodging = server.create(template).await?;
        let url = lodging.url();
        let options = PgConnectOptions::from_str(&url).map_err(|error| connect_failed(&url, error))?;
        let pool = connect(&url, &options).await?;
        Ok(Self {
            pool,
            url,
            options,
            _lodging: lodging,
        })
    }

    /// The database's URL, which other processes can use as well.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Options for connections of your own.
    pub fn options(&self) -> PgConnectOptions {
        self.options.clone()
    }

    /// A pool of connections to the database.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Closes the pool once its connections have come back, then drops the database.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

async fn connect(url: &str, options: &PgConnectOptions) -> Result<PgPool, Error> {
    PgPoolOptions::new()
        .connect_with(options.clone())
        .await
        .map_err(|error| connect_failed(url, error))
}

/// Only a complete template is marked as one, so a builder that dies midway leaves a database that the next
/// one replaces. The lock is freed with this connection.
async fn ensure_template(
    server: &Server,
    template: &str,
    build: impl AsyncFnOnce(PgPool) -> Result<(), BoxError>,
) -> Result<(), Error> {
    let failed = |error| Error::caused(format!("cannot prepare the database {template}"), error);
    let mut admin = PgConnection::connect(server.admin_url()).await.map_err(failed)?;
    if !is_complete(&mut admin, template).await.map_err(failed)? {
        sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))")
            .bind(template)
            .execute(&mut admin)
            .await
            .map_err(failed)?;
        if !is_complete(&mut admin, template).await.map_err(failed)? {
            run(
                &mut admin,
                format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"),
            )
            .await
            .map_err(failed)?;
            run(
                &mut admin,
                format!("CREATE DATABASE {template} TEMPLATE template0"),
            )
            .await
            .map_err(failed)?;
            let url = server.url(template);
            let options = PgConnectOptions::from_str(&url).map_err(failed)?;
            let pool = connect(&url, &options).await?;
            let built = build(pool.clone()).await;
            pool.close().await;
            built.map_err(build_failed)?;
            complete(&mut admin, template).await?;
        }
    }
    admin.close().await.map_err(failed)
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}

async fn is_complete(admin: &mut PgConnection, template: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1 AND datistemplate)",
    )
    .bind(template)
    .fetch_one(admin)
    .await
}

/// A database can be copied only while nobody is connected, and backends end a little after their client.
async fn complete(admin: &mut PgConnection, template: &str) -> Result<(), Error> {
    let failed = |error| Error::caused(format!("cannot complete the database {template}"), error);
    let deadline = tokio::time::Instant::now() + QUIET_WITHIN;
    loop {
        let done = sqlx::query(
            "UPDATE pg_catalog.pg_database SET datistemplate = true, datallowconn = false \
             WHERE datname = $1 AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE datname = $1)",
        )
        .bind(template)
        .execute(&mut *admin)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 1 {
            return Ok(());
        }
        if tokio::time::Instant::now() > deadline {
            return Err(Error::new(
                "a connection to the template is still open; the closure that builds it must end its own",
            ));
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
