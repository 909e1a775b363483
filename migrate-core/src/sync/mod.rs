//! Dual write in the database: the triggers that keep two sides of a table equal while both builds run.
//!
//! Architecture invariant: nothing here asks a database. What the triggers are follows from the file alone, so the
//! plan shows what will run; whether a table allows them is decided by [`refusals`] over facts that a driver reads.

mod mysql;
mod pair;
mod postgres;
#[cfg(feature = "sql")]
pub(crate) mod refusal;
mod section;
mod sqlite;
#[cfg(all(test, feature = "sql"))]
mod tests;

pub(crate) use pair::Pair;
#[cfg(feature = "sql")]
pub(crate) use pair::quoted;
#[cfg(feature = "sql")]
pub(crate) use refusal::{Column, Refusal, TableFacts, TableKind, Trigger, refusals};
#[cfg(feature = "sql")]
pub(crate) use section::pairs;
pub(crate) use section::with_triggers;

use crate::model::Dialect;

/// What the names of all triggers and functions of ours start with.
///
/// PostgreSQL fires triggers in the order of their names, and these have to see what the others did.
pub(crate) const PREFIX: &str = "zz_migrate_";

/// The statements that install the triggers of a pair.
pub(crate) fn install(pair: &Pair) -> Vec<String> {
    match pair.dialect {
        Dialect::Postgres => postgres::install(pair),
        Dialect::Sqlite => sqlite::install(pair),
        Dialect::Mysql | Dialect::MariaDb => mysql::install(pair),
    }
}

/// The statements that remove the triggers of a pair. They pass where a statement before them took the table away.
pub(crate) fn remove(pair: &Pair) -> Vec<String> {
    match pair.dialect {
        Dialect::Postgres => postgres::remove(pair),
        Dialect::Sqlite => sqlite::remove(pair),
        Dialect::Mysql | Dialect::MariaDb => mysql::remove(pair),
    }
}
