//! MySQL 8 and MariaDB 10.6 and newer.
//!
//! Both speak one protocol. The driver asks the server which of the two it is, and a set for the other one is
//! refused. What is said of either is run on it (`tests/run`, and `tests/run mysql` for MySQL).

mod backend;
mod dropping;
mod facts;
mod live;
mod nature;
mod overdue;
mod skipped;
mod watcher;

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{Connection, MySqlConnection, MySqlPool};

use self::backend::MysqlBackend;
use self::live::MysqlLine;
use super::mover::Mover;
use super::presence::{Arrival, Arriving, Presence};
use super::sql::presence::{self, SqlPresence};
use super::sql::rows::{all_texts, database_error};
use super::sql::unreached::{Place, Rows, Server, acquire, not_connected, pool_rows};
use super::sql::{DatabaseError, SqlMover, SqlSession, Tables, connection_error, rows_of_history};
use super::{Driver, Namespace, Pool, Session, SessionOptions};
use crate::error::{Error, Kind};
use crate::history::History;
use crate::model::{Digest, MariaDb, Mysql};

pub use facts::facts;

impl Pool<Mysql> for MySqlPool {
    fn driver(self) -> Arc<dyn Driver> {
        Arc::new(MysqlDriver { pool: self })
    }
}

impl Pool<MariaDb> for MySqlPool {
    fn driver(self) -> Arc<dyn Driver> {
        Arc::new(MysqlDriver { pool: self })
    }
}

struct MysqlDriver {
    pool: MySqlPool,
}

impl MysqlDriver {
    async fn session(&self, namespace: &Namespace, options: &SessionOptions) -> Result<SqlSession, Error> {
        let connection = acquire(&self.pool).await?.detach();
        let connect = self.pool.connect_options();
        let backend = MysqlBackend::open(connection, connect, namespace, options.clone()).await?;
        let schema = namespace.schema.as_deref().or(backend.database());
        let tables = Tables::new(&namespace.prefix, schema, quoted);
        Ok(SqlSession::new(Box::new(backend), tables, namespace.clone()))
    }
}

#[async_trait]
impl Driver for MysqlDriver {
    async fn read_history(&self, namespace: &Namespace) -> Result<History, Error> {
        let tables = Tables::new(&namespace.prefix, namespace.schema.as_deref(), quoted);
        match pool_rows(
            &self.pool,
            &tables.select(&namespace.set, crate::model::Dialect::MariaDb),
        )
        .await?
        {
            Ok(rows) => rows_of_history(rows),
            Err(error) if error.is_missing_table => Ok(History::default()),
            Err(error) => Err(connection_error("the history cannot be read", error)),
        }
    }

    async fn arrive(
        &self,
        namespace: &Namespace,
        arriving: &Arriving,
        _expected: &Digest,
    ) -> Result<Arrival, Error> {
        let tables = Tables::new(&namespace.prefix, namespace.schema.as_deref(), quoted);
        let select = tables.select(&namespace.set, crate::model::Dialect::MariaDb);
        let mut idle = self.pool.try_acquire();
        let mut line: Option<Box<MysqlLine>> = None;
        let mut tries = 0;
        loop {
            // Where a place is taken, another one is tried.
            let words = live::words(namespace, &tables, arriving);
            let was_idle = idle.is_some();
            let mut here = match line.take() {
                Some(line) => line,
                None => {
                    let connection = match idle.take() {
                        Some(connection) => connection,
                        None => acquire(&self.pool).await?,
                    };
                    let (connect, closed) = (self.pool.connect_options(), self.pool.close_event());
                    Box::new(MysqlLine::new(connection.detach(), connect, closed))
                }
            };
            let answer = presence::arrive(&mut *here, &words, &select).await;
            tries += 1;
            let history = match answer.error {
                Some(error) if error.is_connection && was_idle => continue,
                Some(error) if error.is_missing_table => History::default(),
                Some(error) => return Err(connection_error("the history cannot be read", error)),
                None if !answer.registered && tries < live::TRIES => {
                    line = Some(here);
                    continue;
                }
                // Who is not registered is not seen, and may meet what a contract leaves.
                None if !answer.registered => {
                    let message = "the instance cannot register: GET_LOCK gives it no place";
                    return Err(Error::new(Kind::Connection, message)
                        .help("where the server or a proxy has no GET_LOCK, choose `Liveness::Heartbeat`"));
                }
                None => rows_of_history(answer.rows)?,
            };
            let (namespace, arriving) = (namespace.clone(), arriving.clone());
            let presence = answer.registered.then(|| {
                let own = arriving.clone();
                let reword = move || live::words(&namespace, &tables, &arriving);
                Box::new(SqlPresence::new(here, words, Box::new(reword), select, own)) as Box<dyn Presence>
            });
            return Ok(Arrival {
                presence,
                standing: history.standing(),
                door_closed: answer.door_closed,
            });
        }
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

    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) {
        sqlx::__rt::spawn(work);
    }
}

impl Server for sqlx::MySql {
    fn place_of(connect: &MySqlConnectOptions) -> Place {
        let socket = connect.get_socket().map(|socket| socket.display().to_string());
        Place {
            server: "the MySQL or MariaDB server",
            at: socket.unwrap_or_else(|| format!("{}:{}", connect.get_host(), connect.get_port())),
        }
    }

    fn refused(source: sqlx::Error, sql: &str) -> DatabaseError {
        refused(source, sql)
    }

    async fn rows(connection: &mut MySqlConnection, sql: &str) -> Result<Rows, DatabaseError> {
        raw_rows(connection, sql).await
    }
}

/// An identifier in backticks.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The rows of a query without values, in one round trip.
async fn raw_rows(connection: &mut MySqlConnection, sql: &str) -> Result<Rows, DatabaseError> {
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await;
    all_texts(rows).map_err(|error| refused(error, sql))
}

/// What the codes of MySQL and MariaDB mean.
fn refused(source: sqlx::Error, sql: &str) -> DatabaseError {
    let mut error = database_error(source);
    if let sqlx::Error::Database(database) = &*error.source
        && let Some(mysql) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
    {
        let number = mysql.number();
        // The number says more than the SQLSTATE, which is HY000 for most.
        error.code = Some(number.to_string());
        error.is_locked = matches!(number, 1205 | 3572);
        error.is_retryable = matches!(number, 1213 | 1020);
        error.is_timeout = matches!(number, 1969 | 3024);
        error.is_missing_table = matches!(number, 1146 | 1049);
        // Data exceptions, integrity constraints, and what a trigger signals; the rest have no class of their own.
        let class = mysql.code().and_then(|state| state.get(..2));
        error.is_of_values = matches!(class, Some("22" | "23" | "45"))
            || matches!(number, 1265 | 1292 | 1366 | 3140 | 3819 | 4025);
        error.is_connection = matches!(number, 1053 | 1927 | 2006 | 2013);
        error.position = near(&error.message, sql);
        if number == 1602 {
            error.detail = Some(
                "MariaDB keeps a trigger that it had half read when a connection was killed; \
                 `FLUSH TABLES` makes it read the file again"
                    .to_owned(),
            );
        }
    }
    error
}

/// The place in `… near '…' at line N`: the server quotes what follows the place, up to 80 characters.
fn near(message: &str, sql: &str) -> Option<usize> {
    let (rest, line) = message.rsplit_once("' at line ")?;
    let (_, quoted) = rest.split_once(" near '")?;
    let line: usize = line.trim().parse().ok()?;
    let line_start = sql
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum::<usize>();
    if quoted.is_empty() {
        return Some(sql.trim_end().len());
    }
    // A text of several lines is counted from its last line by some servers, so the whole statement is searched too.
    let found = sql
        .get(line_start..)
        .and_then(|rest| rest.find(quoted))
        .map(|at| line_start + at);
    found.or_else(|| sql.find(quoted))
}

fn not_reached(error: sqlx::Error) -> Error {
    let error = refused(error, "");
    let what = not_connected(&error);
    connection_error(&format!("the MySQL or MariaDB server {what}"), error)
}

/// A second connection beside the pool, for looking at the first one and for stopping it.
async fn beside(connect: &MySqlConnectOptions) -> Result<MySqlConnection, sqlx::Error> {
    MySqlConnection::connect_with(connect).await
}
