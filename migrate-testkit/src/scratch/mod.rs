//! Databases for single tests: fresh, empty or cloned from a template, and dropped at the end.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod pair;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use std::hash::{DefaultHasher, Hash, Hasher};

#[cfg(feature = "mysql")]
pub use mysql::MysqlDatabase;
#[cfg(feature = "postgres")]
pub use pair::PostgresPair;
#[cfg(feature = "postgres")]
pub use postgres::PostgresDatabase;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteDatabase;

use crate::error::{BoxError, Error};

/// The template's name for any text as key.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
fn template_name(key: &str) -> String {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    format!("template_{:016x}", hasher.finish())
}

fn build_failed(error: BoxError) -> Error {
    Error::caused("building the test database failed", error)
}

fn connect_failed(url: &str, error: sqlx::Error) -> Error {
    Error::caused(format!("cannot connect to the test database {url}"), error)
}
