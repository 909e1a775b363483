//! What a rule asks about the text of a statement that no other dialect has, and that the operations do not carry.

use super::{Expr, Filter, Name, Span};
use crate::model::{Dialect, ServerVersion};

/// An INSERT … SELECT from one table, which in SQLite is the step of a rebuild that says which column becomes which.
pub(crate) struct Copied {
    /// The table that is written.
    pub(crate) into: Name,
    /// The columns that are written, where they are named.
    pub(crate) columns: Option<Vec<String>>,
    /// The values, in the order of the columns; none for `*`.
    pub(crate) values: Option<Vec<Expr>>,
    /// The table that is read, where it is one.
    pub(crate) from: Option<Name>,
    /// Which rows are read.
    pub(crate) filter: Filter,
    /// What else may leave rows out, such as LIMIT.
    pub(crate) limit: Option<&'static str>,
    /// Whether rows that the new table does not take are passed over.
    pub(crate) lenient: bool,
}

/// A part of a statement and the version that brought it.
pub(crate) struct Demand {
    pub(crate) version: ServerVersion,
    pub(crate) what: &'static str,
    /// The name, where it is a function that may be somebody's own; only of PostgreSQL.
    pub(crate) function: Option<&'static str>,
    pub(crate) span: Span,
}

/// Reads an INSERT … SELECT from one table; `None` for anything else.
pub(crate) fn copied(statement: &str, dialect: Dialect) -> Option<Copied> {
    match dialect {
        #[cfg(feature = "analyze-sqlite")]
        Dialect::Sqlite => super::sqlite::copied(statement),
        _ => {
            let _ = statement;
            None
        }
    }
}

/// A version, or none where the server has never learnt it.
pub(crate) type Since = Option<(u32, u32, u32)>;

/// What only one of MySQL and MariaDB understands, or newer ones: since when each does, where it stands and what it is.
pub(crate) fn peculiar(statement: &str) -> Vec<(Since, Since, Span, &'static str)> {
    #[cfg(feature = "analyze-mysql")]
    return super::mysql::peculiar(statement);
    #[cfg(not(feature = "analyze-mysql"))]
    {
        let _ = statement;
        Vec::new()
    }
}

/// What of a statement servers of the version may not understand, where its words tell.
pub(crate) fn demands(statement: &str, dialect: Dialect, since: ServerVersion) -> Vec<Demand> {
    let _ = since;
    match dialect {
        #[cfg(feature = "analyze-sqlite")]
        Dialect::Sqlite => super::sqlite::demands(statement),
        #[cfg(feature = "analyze-postgres")]
        Dialect::Postgres => super::postgres::demands(statement, since),
        _ => {
            let _ = statement;
            Vec::new()
        }
    }
}

/// A name that every server from that version on takes for a word of its own; only of MySQL and MariaDB.
pub(crate) fn reserved_name(
    operation: &super::Operation,
    text: &str,
    dialect: Dialect,
    since: crate::model::ServerVersion,
) -> Option<super::SyntaxFault> {
    match dialect {
        #[cfg(feature = "analyze-mysql")]
        Dialect::Mysql | Dialect::MariaDb => super::reserved::reserved_name(operation, text, dialect, since),
        _ => {
            let _ = (operation, text, since);
            None
        }
    }
}

/// The word that no server reads, of a statement that is not understood. Of SQLite, MySQL and MariaDB their own parsers
/// tell.
pub(crate) fn unheard(statement: &str, dialect: Dialect) -> Option<super::SyntaxFault> {
    match dialect {
        #[cfg(feature = "analyze-postgres")]
        Dialect::Postgres => super::postgres::unheard(statement),
        _ => {
            let _ = statement;
            None
        }
    }
}
