//! Why the pool of a server gave no connection.

use std::pin::pin;
use std::time::Duration;

use futures_timer::Delay;
use futures_util::future::{Either, select};
use sqlx::{Connection as _, Pool};

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
    /// Says that the server cannot be reached, and why.
    pub(in crate::database) fn not_reached(&self, error: DatabaseError) -> Error {
        connection_error(
            &format!("{} at {} cannot be reached", self.server, self.at),
            error,
        )
    }
}

/// Why the pool gave no connection. One that waited until its time was over does not say what it waited for, so a
/// connection beside it is tried: its error is the one to tell.
pub(in crate::database) async fn not_acquired<D: sqlx::Database>(
    pool: &Pool<D>,
    error: sqlx::Error,
    place: &Place,
    refused: fn(sqlx::Error, &str) -> DatabaseError,
    beside: impl Future<Output = Result<D::Connection, sqlx::Error>>,
) -> Error {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return place.not_reached(refused(error, ""));
    }
    let (most, waited) = (
        pool.options().get_max_connections(),
        pool.options().get_acquire_timeout(),
    );
    let is_full = pool.size() >= most;
    let tried = match select(pin!(beside), Delay::new(BESIDE)).await {
        Either::Left((tried, _)) => Some(tried),
        Either::Right(_) => None,
    };
    match tried {
        // A server that answers is there, also where it has no room for one more.
        Some(Err(sqlx::Error::Database(_))) | None if is_full => exhausted(most, waited),
        Some(Err(direct)) => place.not_reached(refused(direct, "")),
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
