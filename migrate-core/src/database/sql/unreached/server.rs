//! A connection of a server's pool, or why there is none.

use std::pin::pin;
use std::time::Duration;

use futures_timer::Delay;
use futures_util::future::{Either, select};
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Pool};

use super::exhausted;
use crate::database::sql::{DatabaseError, connection_error};
use crate::error::{Error, Kind};

/// How long a connection beside the pool may take to come about.
const BESIDE: Duration = Duration::from_secs(3);

/// The server of a pool, as a person names it. Nothing of how one logs in is in it.
pub(in crate::database) struct Place {
    /// What kind of server it is.
    pub(in crate::database) server: &'static str,
    /// Its socket, or its host and port.
    pub(in crate::database) at: String,
}

impl Place {
    /// Says that the server cannot be reached or logged in to, or refuses the connection, and why.
    pub(in crate::database) fn not_reached(&self, error: DatabaseError) -> Error {
        let what = not_connected(&error);
        connection_error(&format!("{} at {} {what}", self.server, self.at), error)
    }
}

/// What became of a connection: a server that says why there is none was reached, and so was one whose way of logging in, or
/// whose certificate, is of no use to this program.
pub(in crate::database) fn not_connected(error: &DatabaseError) -> &'static str {
    match &*error.source {
        sqlx::Error::Database(_) => "refuses the connection",
        sqlx::Error::Configuration(_) | sqlx::Error::Tls(_) => "cannot be logged in to",
        _ => "cannot be reached",
    }
}

/// The rows of a query, as texts.
pub(in crate::database) type Rows = Vec<Vec<Option<String>>>;

/// How one logs in.
type LogIn<D> = <<D as sqlx::Database>::Connection as Connection>::Options;

/// A kind of server.
pub(in crate::database) trait Server: sqlx::Database {
    /// Where the server is that these options lead to.
    fn place_of(connect: &LogIn<Self>) -> Place;

    /// What its codes mean.
    fn refused(source: sqlx::Error, sql: &str) -> DatabaseError;

    /// The rows of a query without values, in one round trip.
    fn rows(
        connection: &mut Self::Connection,
        sql: &str,
    ) -> impl Future<Output = Result<Rows, DatabaseError>> + Send;
}

/// The rows of a query without values, on a connection of the pool.
pub(in crate::database) async fn pool_rows<D: Server>(
    pool: &Pool<D>,
    sql: &str,
) -> Result<Result<Rows, DatabaseError>, Error> {
    // An idle connection is taken without the ping that `acquire` makes. If the server has ended it meanwhile,
    // that shows now.
    if let Some(mut idle) = pool.try_acquire() {
        match D::rows(&mut idle, sql).await {
            Err(error) if error.is_connection => idle.close_on_drop(),
            result => return Ok(result),
        }
    }
    let mut connection = acquire(pool).await?;
    Ok(D::rows(&mut connection, sql).await)
}

/// A connection of the pool, or why it has none.
pub(in crate::database) async fn acquire<D: Server>(pool: &Pool<D>) -> Result<PoolConnection<D>, Error> {
    match pool.acquire().await {
        Ok(connection) => Ok(connection),
        Err(error) => Err(not_acquired(pool, error).await),
    }
}

/// Why the pool gave no connection. One that waited until its time was over does not say what it waited for, so a
/// connection beside it is tried: its error is the one to tell.
async fn not_acquired<D: Server>(pool: &Pool<D>, error: sqlx::Error) -> Error {
    let connect = pool.connect_options();
    let place = D::place_of(&connect);
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return place.not_reached(D::refused(error, ""));
    }
    let (most, waited) = (
        pool.options().get_max_connections(),
        pool.options().get_acquire_timeout(),
    );
    let is_full = pool.size() >= most;
    let tried = match select(pin!(D::Connection::connect_with(&connect)), Delay::new(BESIDE)).await {
        Either::Left((tried, _)) => Some(tried),
        Either::Right(_) => None,
    };
    match tried {
        // A server that answers is there, also where it has no room for one more.
        Some(Err(sqlx::Error::Database(_))) | None if is_full => exhausted(most, waited),
        Some(Err(direct)) => place.not_reached(D::refused(direct, "")),
        None => {
            let Place { server, at } = place;
            let message = format!("{server} at {at} cannot be reached: it does not answer");
            Error::new(Kind::Connection, message)
                .help("are host and port right, and does a firewall let this machine through?")
                .source(error)
        }
        Some(Ok(connection)) => {
            // It was only to be tried.
            let _ = connection.close().await;
            if is_full {
                return exhausted(most, waited);
            }
            let Place { server, at } = place;
            let message = format!("the pool gave no connection to {server} at {at} within {waited:.1?}");
            Error::new(Kind::Connection, message)
                .note("the server can be reached: a connection beside the pool came about")
                .help("is `acquire_timeout` long enough for what the pool does with a new connection (`after_connect`)?")
                .source(error)
        }
    }
}
