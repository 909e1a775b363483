//! Why a pool gave no connection.

use std::time::Duration;

use crate::error::{Error, Kind, counted};

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;

#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::database) use server::{Place, Rows, Server, acquire, not_connected, pool_rows};

/// All connections of a pool are with others.
pub(in crate::database) fn exhausted(most: u32, waited: Duration) -> Error {
    let message = match most {
        1 => "the only connection of the pool is in use".to_owned(),
        _ => format!("all {} of the pool are in use", counted(most, "connection")),
    };
    let message = format!("{message}, and none came back within {waited:.1?}");
    Error::new(Kind::Connection, message)
        .help(
            "let what holds them give them back before it calls the migrator, which needs one of its own; or give the \
             pool more (`max_connections`). `acquire_timeout` is how long it waits for one",
        )
        .source(sqlx::Error::PoolTimedOut)
}
