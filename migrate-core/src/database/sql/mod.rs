//! What the SQL drivers share: the tables of the history, and how a migration is applied over them.
//!
//! A database is a [`Backend`]: a connection with few differences from the others. Everything else is written once,
//! in [`session`], [`ledger`] and [`reading`].

mod adopt;
mod assess;
mod attempts;
pub(super) mod backend;
mod backfill;
mod beside;
mod catalog;
mod counting;
mod cursor;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) mod joined;
mod ledger;
pub(super) mod live;
mod lost;
mod making;
mod marked;
mod own_tables;
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) mod presence;
mod reading;
mod revert;
pub(super) mod rows;
pub(super) mod session;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod standing;
mod stored;
mod sync;
mod tables;
mod transaction;
pub(super) mod unreached;
mod verify;

pub(super) use backend::{Backend, DatabaseError, Nature, Transacted, Value};
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) use backend::{Ended, Ran};
pub(super) use backfill::SqlMover;
pub(super) use reading::rows_of_history;
pub(super) use session::SqlSession;
#[cfg(feature = "postgres")]
pub(super) use standing::WRITING;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(super) use standing::standing_of;
pub(super) use tables::Tables;

use crate::error::{Error, Kind};

/// An error of the database outside any migration.
pub(super) fn connection_error(what: &str, error: DatabaseError) -> Error {
    let kind = if error.is_connection {
        Kind::Connection
    } else {
        Kind::History
    };
    let told = Error::new(kind, format!("{what}: {}", error.message));
    let told = match error.detail {
        Some(detail) => told.note(detail),
        None => told,
    };
    let told = match error.help {
        Some(help) => told.help(help),
        None => told,
    };
    told.source(*error.source)
}
