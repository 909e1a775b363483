//! PostgreSQL 13 and newer.

mod backend;
mod concurrently;
mod facts;
mod live;
mod lock;
mod naming;
mod place;
mod standing;
mod watcher;

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, PgPool};

use self::backend::PostgresBackend;
use self::live::PostgresLine;
use self::naming::OwnName;
use self::place::Place;
use self::standing::{cannot_plan_late, standing_and_place, standing_query};
use super::mover::Mover;
use super::presence::{Arrival, Arriving, Presence};
use super::sql::live::unique_id;
use super::sql::presence::{self, Line as _, SqlPresence};
use super::sql::rows::{all_texts, database_error};
use super::sql::unreached::{Place as ServerPlace, Rows, Server, acquire, not_connected, pool_rows};
use super::sql::{DatabaseError, SqlMover, SqlSession, Tables, connection_error, rows_of_history};
use super::{Driver, Namespace, Pool, Session, SessionOptions};
use crate::error::Error;
use crate::history::{History, Standing};
use crate::model::{Digest, Postgres};

pub use facts::facts;
#[doc(hidden)]
pub use facts::facts_again;

impl Pool<Postgres> for PgPool {
    fn driver(self) -> Arc<dyn Driver> {
        let name = OwnName::give(&self).map(Arc::new);
        Arc::new(PostgresDriver { pool: self, name })
    }
}

struct PostgresDriver {
    pool: PgPool,
    /// The name that the library gave the pool.
    name: Option<Arc<OwnName>>,
}

impl PostgresDriver {
    /// Names what has no name yet, where the library named the pool.
    async fn name_idle(&self) {
        if let Some(name) = &self.name {
            name.name_idle(&self.pool).await;
        }
    }

    /// A connection taken out of the pool, so that what the pool sets up for its connections holds, and so that
    /// dropping it closes it.
    async fn session(
        &self,
        namespace: &Namespace,
        options: &SessionOptions,
        makes_schema: bool,
    ) -> Result<SqlSession, Error> {
        self.name_idle().await;
        let connection = acquire(&self.pool).await?.detach();
        let connect = self.pool.connect_options();
        let mut backend = PostgresBackend::open(connection, connect, options.clone()).await?;
        if let Some(schema) = namespace.schema.as_ref().filter(|_| makes_schema) {
            let made = backend.make_schema(schema).await;
            made.map_err(|error| connection_error("the schema of the history cannot be made", error))?;
        }
        let place = backend.place(namespace).await?;
        let namespace = resolved(namespace, &place);
        backend.key_is(&namespace);
        let tables = place.tables(&namespace.prefix);
        Ok(SqlSession::new(Box::new(backend), tables, namespace))
    }
}

/// The namespace with its schema by name: who names the schema and who has it on the search path share locks.
fn resolved(namespace: &Namespace, place: &Place) -> Namespace {
    Namespace {
        schema: place.name().map(str::to_owned),
        ..namespace.clone()
    }
}

/// The history in that place.
async fn history_in(
    connection: &mut PgConnection,
    namespace: &Namespace,
    place: &Place,
) -> Result<History, Error> {
    if !place.is_found() {
        return Ok(History::default());
    }
    let select = place
        .tables(&namespace.prefix)
        .select(&namespace.set, crate::model::Dialect::Postgres);
    match raw_rows(connection, &select).await {
        Ok(rows) => rows_of_history(rows),
        Err(error) if error.is_missing_table => Ok(History::default()),
        Err(error) => Err(connection_error("the history cannot be read", error)),
    }
}

#[async_trait]
impl Driver for PostgresDriver {
    async fn read_standing(&self, namespace: &Namespace, expected: &Digest) -> Result<Standing, Error> {
        let tables = Tables::new(&namespace.prefix, namespace.schema.as_deref(), quoted);
        match pool_rows(&self.pool, &standing_query(namespace, &tables, expected)).await? {
            Ok(rows) => match standing_and_place(rows) {
                Some((standing, _)) => Ok(standing),
                None => Ok(self.read_history(namespace).await?.standing()),
            },
            Err(error) if error.is_missing_table => Ok(Standing::default()),
            Err(error) if cannot_plan_late(&error) => Ok(self.read_history(namespace).await?.standing()),
            Err(error) => Err(connection_error("the history cannot be read", error)),
        }
    }

    async fn read_history(&self, namespace: &Namespace) -> Result<History, Error> {
        self.name_idle().await;
        let mut connection = acquire(&self.pool).await?;
        let place = place::locate(&mut connection, namespace).await?;
        history_in(&mut connection, namespace, &place).await
    }

    async fn arrive(
        &self,
        namespace: &Namespace,
        arriving: &Arriving,
        expected: &Digest,
    ) -> Result<Arrival, Error> {
        let visible = Tables::new(&namespace.prefix, namespace.schema.as_deref(), quoted);
        let id = unique_id();
        let first = live::words(namespace, &visible, arriving, &id);
        let select = standing_query(namespace, &visible, expected);
        let mut idle = self.pool.try_acquire();
        loop {
            // An idle connection is taken without the ping that `acquire` makes. If the server has ended it meanwhile,
            // that shows now.
            let was_idle = idle.is_some();
            let connection = match idle.take() {
                Some(connection) => connection,
                None => acquire(&self.pool).await?,
            };
            let (connect, closed) = (self.pool.connect_options(), self.pool.close_event());
            let unnamed = self.name.as_deref().filter(|_| was_idle);
            let naming = unnamed.map(OwnName::in_front).unwrap_or_default();
            let mut line = Box::new(PostgresLine::new(connection.detach(), connect, closed, naming));
            let answer = presence::arrive(&mut *line, &first, &select).await;
            let read = match answer.error {
                Some(error) if error.is_connection && was_idle => continue,
                Some(error) if error.is_missing_table || cannot_plan_late(&error) => None,
                Some(error) => return Err(connection_error("the history cannot be read", error)),
                None => standing_and_place(answer.rows),
            };
            if let Some(name) = unnamed {
                name.taken(line.name_before());
            }
            self.name_idle().await;
            // An instance that serves does not come by here again.
            if let Some(name) = self.name.as_ref().filter(|name| name.is_to_be_watched()) {
                self.spawn(Box::pin(Arc::clone(name).name_the_busy(self.pool.clone())));
            }
            let is_visible = read.is_some();
            let (mut standing, place) = match read {
                Some(read) => read,
                None => {
                    let connection = line.connection().map_err(|error| not_reached(*error.source))?;
                    let place = place::locate(connection, namespace).await?;
                    let history = history_in(connection, namespace, &place).await?;
                    (history.standing(), place)
                }
            };
            // From here on each table is named with its schema: another one may come before it on the search path later,
            // and a connection made anew may have another search path.
            let tables = place.tables(&namespace.prefix);
            let (asked, namespace) = (namespace, resolved(namespace, &place));
            let words = live::words(&namespace, &tables, arriving, &id);
            let (mut registered, mut door_closed) = (answer.registered, answer.door_closed);
            if !is_visible && line.is_elsewhere(asked, &place, arriving).await? {
                // It registered where another history is, or none.
                let _ = line.ask(&first.leave).await;
                let select = tables.select(&namespace.set, crate::model::Dialect::Postgres);
                let answer = presence::arrive(&mut *line, &words, &select).await;
                standing = match answer.error {
                    Some(error) if error.is_missing_table => History::default().standing(),
                    Some(error) => return Err(connection_error("the history cannot be read", error)),
                    None => rows_of_history(answer.rows)?.standing(),
                };
                (registered, door_closed) = (answer.registered, answer.door_closed);
            }
            let arriving = arriving.clone();
            let history = tables.select(&namespace.set, crate::model::Dialect::Postgres);
            let presence = registered.then(|| {
                let own = arriving.clone();
                let reword = move || live::words(&namespace, &tables, &arriving, &unique_id());
                Box::new(SqlPresence::new(line, words, Box::new(reword), history, own)) as Box<dyn Presence>
            });
            return Ok(Arrival {
                presence,
                standing,
                door_closed,
            });
        }
    }

    async fn open(&self, namespace: &Namespace, options: &SessionOptions) -> Result<Box<dyn Session>, Error> {
        Ok(Box::new(self.session(namespace, options, true).await?))
    }

    async fn open_to_look(
        &self,
        namespace: &Namespace,
        options: &SessionOptions,
    ) -> Result<Box<dyn Session>, Error> {
        Ok(Box::new(self.session(namespace, options, false).await?))
    }

    async fn open_mover(
        &self,
        namespace: &Namespace,
        options: &SessionOptions,
    ) -> Result<Box<dyn Mover>, Error> {
        let session = self.session(namespace, options, true).await?;
        Ok(Box::new(SqlMover::open(session).await?))
    }

    fn spawn(&self, work: Pin<Box<dyn Future<Output = ()> + Send>>) {
        sqlx::__rt::spawn(work);
    }
}

impl Server for sqlx::Postgres {
    fn place_of(connect: &PgConnectOptions) -> ServerPlace {
        let (host, port) = (connect.get_host(), connect.get_port());
        let folder = connect.get_socket().map(|folder| folder.display().to_string());
        let folder = folder.or_else(|| host.starts_with('/').then(|| host.to_owned()));
        ServerPlace {
            server: "PostgreSQL",
            at: match folder {
                Some(folder) => format!("{folder}/.s.PGSQL.{port}"),
                None => format!("{host}:{port}"),
            },
        }
    }

    fn refused(source: sqlx::Error, sql: &str) -> DatabaseError {
        refused(source, sql)
    }

    async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Rows, DatabaseError> {
        raw_rows(connection, sql).await
    }
}

/// An identifier in double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The rows of a query without values, in one round trip.
async fn raw_rows(connection: &mut PgConnection, sql: &str) -> Result<Rows, DatabaseError> {
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await;
    all_texts(rows).map_err(|error| refused(error, sql))
}

/// What PostgreSQL's codes mean.
fn refused(source: sqlx::Error, sql: &str) -> DatabaseError {
    let mut error = database_error(source);
    if let sqlx::Error::Database(database) = &*error.source
        && let Some(postgres) = database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
    {
        error.position = match postgres.position() {
            Some(sqlx::postgres::PgErrorPosition::Original(character)) => sql
                .char_indices()
                .nth(character.saturating_sub(1))
                .map(|(byte, _)| byte)
                .or(Some(sql.len())),
            _ => None,
        };
        let more = [
            postgres.detail().map(|detail| format!("detail: {detail}")),
            postgres.hint().map(|hint| format!("hint: {hint}")),
            postgres.r#where().map(|place| format!("where: {place}")),
        ];
        let more: Vec<String> = more.into_iter().flatten().collect();
        error.detail = (!more.is_empty()).then(|| more.join("\n"));
        let code = postgres.code();
        error.is_locked = code == "55P03";
        error.is_retryable = matches!(code, "40001" | "40P01");
        error.is_timeout = code == "57014";
        // IF NOT EXISTS looks before it makes. Who makes the same at the same moment meets the second look, or the
        // catalog's own key.
        error.is_there = matches!(code, "42P06" | "42P07" | "42710" | "42723")
            || (code == "23505" && postgres.schema() == Some("pg_catalog"));
        // Data exceptions, integrity constraints, a view's check, and what a trigger raises.
        error.is_of_values =
            !error.is_there && (["22", "23", "44"].contains(&&code[..2.min(code.len())]) || code == "P0001");
        // An active transaction, and one that is ended within another.
        error.is_outside = matches!(code, "25001" | "2D000");
        error.is_missing_table = matches!(code, "42P01" | "3F000");
        error.is_connection = code.starts_with("08") || matches!(code, "57P01" | "57P02" | "57P03" | "25P03");
    }
    error
}

fn not_reached(error: sqlx::Error) -> Error {
    let error = refused(error, "");
    connection_error(&format!("PostgreSQL {}", not_connected(&error)), error)
}

/// A second connection beside the pool, for looking at the first one and for stopping it.
async fn beside(connect: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    PgConnection::connect_with(connect).await
}
