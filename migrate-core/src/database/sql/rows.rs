//! What all drivers do with sqlx alike: rows as texts, bound values, errors.

use std::borrow::Cow;

use sqlx::{ColumnIndex, Decode, Row};

use super::backend::DatabaseError;
use super::ledger::Texts;

/// The row as texts. Only for queries whose columns are texts on the wire.
pub(in crate::database) fn texts<R>(row: &R) -> Result<Texts, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database>,
    for<'r> String: Decode<'r, R::Database>,
{
    (0..row.len()).map(|index| row.try_get_unchecked(index)).collect()
}

/// The rows that a query gave, as texts.
pub(in crate::database) fn all_texts<R>(rows: Result<Vec<R>, sqlx::Error>) -> Result<Vec<Texts>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database>,
    for<'r> String: Decode<'r, R::Database>,
{
    rows?.iter().map(texts).collect()
}

/// Binds the values in order.
macro_rules! bind {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                $crate::database::sql::Value::Number(number) => query.bind(*number),
                $crate::database::sql::Value::Real(number) => query.bind(*number),
                $crate::database::sql::Value::Text(text) => query.bind(text.clone().into_owned()),
                $crate::database::sql::Value::Null => query.bind(None::<String>),
            };
        }
        query
    }};
}
pub(in crate::database) use bind;

/// What sqlx says, before the driver adds what the codes of its database mean.
pub(in crate::database) fn database_error(source: sqlx::Error) -> DatabaseError {
    let (message, code, is_connection) = match &source {
        sqlx::Error::Database(error) => (
            error.message().to_owned(),
            error.code().map(Cow::into_owned),
            false,
        ),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => (source.to_string(), None, true),
        other => (other.to_string(), None, false),
    };
    DatabaseError {
        message,
        code,
        position: None,
        detail: None,
        is_connection,
        is_locked: false,
        is_busy: false,
        is_retryable: false,
        is_timeout: false,
        is_of_values: false,
        is_there: false,
        help: None,
        is_outside: false,
        is_missing_table: false,
        source: Box::new(source),
    }
}

/// Runs a future after the one it cleans up for was dropped. Without a runtime, as while the process ends, there is
/// nobody to run it: then the server notices the closed connection by itself.
pub(in crate::database) fn spawn_cleanup(cleanup: impl Future<Output = ()> + Send + 'static) {
    let spawn = std::panic::AssertUnwindSafe(|| {
        sqlx::__rt::spawn(cleanup);
    });
    // Spawning panics where no runtime is entered, and a panic in a destructor could end the process.
    let _ = std::panic::catch_unwind(spawn);
}
