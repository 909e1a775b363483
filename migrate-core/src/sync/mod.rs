//! Dual write in the database: the triggers that keep two sides equal while both builds run, of one table or of two.
//!
//! Architecture invariant: nothing here asks a database. What the triggers are follows from the file alone, so the
//! plan shows what will run; whether a table allows them is decided by [`refusals`] over facts that a driver reads.

mod mend;
mod mysql;
mod pair;
mod postgres;
#[cfg(feature = "sql")]
pub(crate) mod refusal;
mod section;
mod sqlite;
mod tables;
#[cfg(all(test, feature = "sql"))]
mod tests;

pub(crate) use mend::{drop_default, drop_not_null};
pub(crate) use pair::Pair;
#[cfg(feature = "sql")]
pub(crate) use pair::quoted;
#[cfg(feature = "sql")]
pub(crate) use refusal::{Column, Refusal, TableFacts, TableKind, Trigger, refusals};
#[cfg(feature = "sql")]
pub(crate) use section::pairs;
pub(crate) use section::with_triggers;
#[cfg(feature = "sql")]
pub(crate) use tables::Side;
pub(crate) use tables::TablePair;
#[cfg(feature = "sql")]
pub(crate) use tables::refusal::{KeyFacts, Reference, table_refusals};

use std::borrow::Cow;

use crate::model::Dialect;
use crate::model::directives::Sync;

/// What the names of all triggers and functions of ours start with.
///
/// PostgreSQL fires triggers in the order of their names, and these have to see what the others did.
pub(crate) const PREFIX: &str = "zz_migrate_";

/// What a sync keeps equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Two sides of each row.
    Row(Pair),
    /// Rows of two tables.
    Tables(TablePair),
}

impl Kept {
    /// What the sync of that change keeps equal, or what is wrong with it.
    pub(crate) fn new(sync: &Sync, dialect: Dialect, set: &str, change: &str) -> Result<Self, String> {
        if sync.on.is_some() {
            TablePair::new(sync, dialect, set, change).map(Self::Tables)
        } else {
            Pair::new(sync, dialect, set, change).map(Self::Row)
        }
    }
}

/// The statements that install the triggers of a sync.
pub(crate) fn install(kept: &Kept) -> Vec<String> {
    match kept {
        Kept::Tables(pair) => tables::install(pair),
        Kept::Row(pair) => match pair.dialect {
            Dialect::Postgres => postgres::install(pair),
            Dialect::Sqlite => sqlite::install(pair),
            Dialect::Mysql | Dialect::MariaDb => mysql::install(pair),
        },
    }
}

/// What to judge a statement by that installs a trigger: the one that it runs in the end.
pub(crate) fn judged(statement: &str) -> Cow<'_, str> {
    postgres::made_by(statement).map_or(Cow::Borrowed(statement), Cow::Owned)
}

/// The statements that remove the triggers of a sync. They pass where a statement before them took a table away.
pub(crate) fn remove(kept: &Kept) -> Vec<String> {
    match kept {
        Kept::Tables(pair) => tables::remove(pair),
        Kept::Row(pair) => match pair.dialect {
            Dialect::Postgres => postgres::remove(pair),
            Dialect::Sqlite => sqlite::remove(pair),
            Dialect::Mysql | Dialect::MariaDb => mysql::remove(pair),
        },
    }
}
