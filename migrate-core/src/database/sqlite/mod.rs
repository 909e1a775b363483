//! SQLite 3.35 and newer.
//!
//! A run has one connection of the pool, so `:memory:` databases and pools of one work. The lock is the database's
//! own write lock (`BEGIN IMMEDIATE`), so whoever gets it looks again what is left to do.

mod backend;
mod facts;
mod live;
mod stop;

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_timer::Delay;
use sqlx::pool::PoolConnection;
use sqlx::{SqliteConnection, SqlitePool};

use self::backend::SqliteBackend;
use self::live::{Register, SqlitePresence};
use super::mover::Mover;
use super::presence::{Arrival, Arriving, Presence};
use super::sql::rows::{all_texts, database_error};
use super::sql::unreached::exhausted;
use super::sql::{
    DatabaseError, SqlMover, SqlSession, Tables, connection_error, rows_of_history, standing_of,
};
use super::{Driver, Namespace, Pool, Session, SessionOptions, SignOfLife};
use crate::error::{Error, Kind};
use crate::history::{History, Standing};
use crate::model::{Digest, Sqlite};

pub use facts::facts;
#[doc(hidden)]
pub use facts::{FactsMemory, facts_again};

/// How often the history is asked for while another process commits; each time SQLite itself waits for the pool's
/// `busy_timeout`.
const READS: u32 = 20;

/// How often a full pool is asked whether a connection came back.
const ACQUIRE_PAUSE: Duration = Duration::from_millis(2);

/// How long it is rested before something is tried again that others were in the way of.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

impl Pool<Sqlite> for SqlitePool {
    fn driver(self) -> Arc<dyn Driver> {
        Arc::new(SqliteDriver { pool: self })
    }
}

struct SqliteDriver {
    pool: SqlitePool,
}

impl SqliteDriver {
    /// A connection of the pool. `Pool::acquire` pings an idle one first, and closes it if it is cancelled there: a
    /// database in memory would be gone. So a full pool is only asked for what it has.
    async fn acquire(&self) -> Result<PoolConnection<sqlx::Sqlite>, Error> {
        let options = self.pool.options();
        let started = Instant::now();
        loop {
            if let Some(connection) = self.pool.try_acquire() {
                return Ok(connection);
            }
            let is_full = self.pool.size() >= options.get_max_connections();
            if !is_full || self.pool.is_closed() {
                return self.pool.acquire().await.map_err(not_reached);
            }
            if started.elapsed() >= options.get_acquire_timeout() {
                return Err(exhausted(
                    options.get_max_connections(),
                    options.get_acquire_timeout(),
                ));
            }
            Delay::new(ACQUIRE_PAUSE).await;
        }
    }

    /// The rows of a query on our tables; `None` where these are not there.
    async fn pool_rows(&self, sql: &str) -> Result<Option<Vec<Vec<Option<String>>>>, Error> {
        let mut connection = self.acquire().await?;
        let mut reads = 0;
        loop {
            reads += 1;
            // Kept prepared, because services that start often in one process, such as tests, ask again.
            match prepared_rows(&mut connection, sql).await {
                Ok(rows) => return Ok(Some(rows)),
                Err(error) if error.is_missing_table => return Ok(None),
                Err(error) if error.is_locked && reads < READS => Delay::new(Duration::from_millis(50)).await,
                Err(error) => return Err(connection_error("the history cannot be read", error)),
            }
        }
    }

    async fn session(&self, namespace: &Namespace, options: &SessionOptions) -> Result<SqlSession, Error> {
        let tables = tables(namespace)?;
        let started = Instant::now();
        let connection = loop {
            match self.acquire().await {
                // What is set for each new connection may need the database, as `journal_mode` does.
                Err(error) if error.is_lock_timeout() && started.elapsed() < options.lock_retry => {
                    Delay::new(BUSY_PAUSE).await;
                }
                acquired => break acquired?,
            }
        };
        let connect = self.pool.connect_options();
        let register = Register::of(connect.get_filename(), namespace);
        let file = connect.get_filename().display().to_string();
        let backend = SqliteBackend::open(connection, options.clone(), register, file).await?;
        Ok(SqlSession::new(Box::new(backend), tables, namespace.clone()))
    }
}

#[async_trait]
impl Driver for SqliteDriver {
    async fn read_standing(&self, namespace: &Namespace, expected: &Digest) -> Result<Standing, Error> {
        let select = tables(namespace)?.standing(&namespace.set, expected, gathered);
        let Some(rows) = self.pool_rows(&select).await? else {
            return Ok(Standing::default());
        };
        match standing_of(&rows) {
            Some(standing) => Ok(standing),
            None => Ok(self.read_history(namespace).await?.standing()),
        }
    }

    async fn read_history(&self, namespace: &Namespace) -> Result<History, Error> {
        let select = tables(namespace)?.select(&namespace.set, crate::model::Dialect::Sqlite);
        let rows = self.pool_rows(&select).await?;
        rows.map_or_else(|| Ok(History::default()), rows_of_history)
    }

    async fn arrive(
        &self,
        namespace: &Namespace,
        arriving: &Arriving,
        expected: &Digest,
    ) -> Result<Arrival, Error> {
        // The file of the database is made by the first connection.
        let connect = self.pool.connect_options();
        let mut register = Register::of(connect.get_filename(), namespace);
        if register.is_none() {
            drop(self.acquire().await?);
            register = Register::of(connect.get_filename(), namespace);
        }
        let mut presence: Option<Box<dyn Presence>> = None;
        let mut door_closed = false;
        if let Some(register) = register {
            let registered = match register.register(arriving) {
                Ok(file) => Some(file),
                // A folder that may not be written is one of a database that may not be written either.
                Err(error) if may_not_write(&error) => None,
                Err(error) => {
                    let message = format!("the instance cannot register beside the database: {error}");
                    return Err(Error::new(Kind::Connection, message).source(error));
                }
            };
            if let Some(file) = registered {
                let tables = tables(namespace)?;
                presence = Some(Box::new(SqlitePresence {
                    file,
                    register: register.clone(),
                    arriving: arriving.clone(),
                    connect: connect.clone(),
                    select: tables.select(&namespace.set, crate::model::Dialect::Sqlite),
                    tables,
                    set: namespace.set.clone(),
                    closed: self.pool.close_event(),
                }));
            }
            door_closed = register.is_door_closed();
        }
        Ok(Arrival {
            presence,
            standing: self.read_standing(namespace, expected).await?,
            door_closed,
        })
    }

    async fn open(&self, namespace: &Namespace, options: &SessionOptions) -> Result<Box<dyn Session>, Error> {
        Ok(Box::new(self.session(namespace, options).await?))
    }

    async fn open_mover(
        &self,
        namespace: &Namespace,
        options: &SessionOptions,
    ) -> Result<Box<dyn Mover>, Error> {
        let session = self.session(namespace, options).await?;
        Ok(Box::new(SqlMover::open(session).await?))
    }

    fn sign_of_life(&self, namespace: &Namespace, worker: &str) -> Option<Box<dyn SignOfLife>> {
        let register = Register::of(self.pool.connect_options().get_filename(), namespace)?;
        // Where none can be given, the lease has to do.
        Some(Box::new(register.sign(worker).ok()?))
    }

    fn lends(&self) -> bool {
        true
    }

    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) {
        sqlx::__rt::spawn(work);
    }
}

fn gathered(rows: &str) -> String {
    format!(
        "(SELECT group_concat(version || ':' || attempt || ':' || state || ':' || semantic_digest || ':' || requires, ',') \
         {rows})"
    )
}

fn tables(namespace: &Namespace) -> Result<Tables, Error> {
    if namespace.schema.is_some() {
        return Err(Error::new(Kind::Configuration, "SQLite has no schemas")
            .help("leave `schema` out; `table_prefix` keeps two histories apart"));
    }
    Ok(Tables::new(&namespace.prefix, None, quoted))
}

/// An identifier in double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The rows of a query without values.
async fn raw_rows(
    connection: &mut SqliteConnection,
    sql: &str,
) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await;
    all_texts(rows).map_err(|error| refused(error, sql))
}

/// As [`raw_rows`], with a statement that the connection keeps.
async fn prepared_rows(
    connection: &mut SqliteConnection,
    sql: &str,
) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await;
    all_texts(rows).map_err(|error| refused(error, sql))
}

/// What SQLite's codes and words mean.
fn refused(source: sqlx::Error, sql: &str) -> DatabaseError {
    let mut error = database_error(source);
    // The lower byte of an extended code is the primary one: 5 is BUSY, 6 is LOCKED.
    let primary = error
        .code
        .as_deref()
        .and_then(|code| code.parse::<u32>().ok())
        .map(|code| code & 0xff);
    error.is_locked = matches!(primary, Some(5 | 6));
    error.is_busy = error.is_locked;
    // Too big, a constraint (what a trigger raises is one), and a type that does not fit.
    error.is_of_values = matches!(primary, Some(18..=20));
    error.is_missing_table = error.message.starts_with("no such table");
    error.position = named_place(&error.message, sql);
    error
}

/// SQLite names what it stumbles over; that is a place if the name stands in the statement only once.
fn named_place(message: &str, sql: &str) -> Option<usize> {
    let named = match message.strip_prefix("near \"") {
        Some(rest) => rest.split_once("\":")?.0,
        None => message.strip_prefix("no such ")?.split_once(": ")?.1,
    };
    let named = named.rsplit('.').next().filter(|named| !named.is_empty())?;
    let mut places = sql.match_indices(named);
    let first = places.next()?.0;
    places.next().is_none().then_some(first)
}

fn not_reached(error: sqlx::Error) -> Error {
    const SQLITE_CANTOPEN: &str = "14";
    let code = error.as_database_error().and_then(|error| error.code());
    let missing = code.is_some_and(|code| code == SQLITE_CANTOPEN);
    let error = refused(error, "");
    if error.is_busy {
        return Error::busy(None).source(*error.source);
    }
    let error = connection_error("the SQLite database cannot be opened", error);
    match missing {
        true => error.help(
            "is the path right, and may its folder be written? The URL of a file that is to be made ends in `?mode=rwc`",
        ),
        false => error,
    }
}

/// Whether that is a place that is only read.
fn may_not_write(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
    )
}
