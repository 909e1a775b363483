//! What SQL statements do, in one small vocabulary for all dialects.
//!
//! A maintained parser per dialect, each behind a feature, is lowered to [`Operation`]; the schema model and the rules
//! see nothing else. What a parser does not understand becomes [`Operation::Opaque`].

#[cfg(any(
    feature = "analyze-postgres",
    feature = "analyze-mysql",
    feature = "analyze-sqlite"
))]
mod behaviour;
#[cfg(any(feature = "analyze-postgres", feature = "analyze-mysql"))]
mod body;
pub(crate) mod bound;
mod canonical;
mod check;
mod expression;
#[cfg(feature = "analyze-mysql")]
mod mysql;
mod name;
#[cfg(feature = "analyze-mysql")]
mod names;
mod operation;
mod particular;
#[cfg(feature = "analyze-postgres")]
mod postgres;
mod reserved;
#[cfg(feature = "analyze-sqlite")]
mod sqlite;

pub(crate) use canonical::{canonical, canonical_list, canonical_query, words};
pub use check::{Assigned, Check, Indexed, Part as TablePart, Shown, Source, Term, Value};
#[cfg(feature = "analyze-mysql")]
pub(crate) use expression::normal;
pub use expression::{Conjunct, Expr, Shape, Type};
pub(crate) use name::Quoting;
pub use name::{Name, Word, quote};
pub use operation::{
    Action, Algorithm, Arguments, AttributeChange, Attributes, Bound, ColumnChange, ColumnDef, Constraint,
    ConstraintKind, DomainChange, Filter, ForeignKey, Generated, Given, Index, IndexKind, Literal, LockMode,
    Nested, ObjectKind, Online, Operation, Part, Partitioning, Reads, Signature, Split, Table, TableLock,
    TableOption, TableSource, Toggle, TriggerBody, TypeChange, TypeKind, View, Volatility, Write, WriteKind,
};
#[cfg(any(feature = "analyze-mysql", feature = "analyze-sqlite"))]
pub(crate) use operation::{counted, single, uncounted};
pub(crate) use particular::{Copied, Since, copied, demands, peculiar, reserved_name, unheard};

use crate::model::Dialect;

/// The schema of what goes with the session, as the model calls it.
pub(crate) const TEMPORARY: &str = "pg_temp";

/// The manner of an index that MySQL and MariaDB keep and do not use.
pub(crate) const HIDDEN: &str = "INVISIBLE";

/// A range of bytes of a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Offset of its first byte.
    pub start: u32,
    /// Offset behind its last byte.
    pub end: u32,
}

impl Span {
    /// The text within the statement; empty for another text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// A place where the parser gave up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    /// What it expected, as the end of a sentence.
    pub message: String,
    /// Offset in the statement.
    pub at: u32,
}

/// A statement and what it does.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What it does.
    pub operation: Operation,
    /// What the server would refuse to read, where the parser can be trusted to know.
    pub fault: Option<SyntaxFault>,
    /// What it takes for granted beside what its operation says.
    pub checks: Vec<Check>,
}

/// Whether this build can analyse the dialect.
pub const fn supports(dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => cfg!(feature = "analyze-postgres"),
        Dialect::Mysql | Dialect::MariaDb => cfg!(feature = "analyze-mysql"),
        Dialect::Sqlite => cfg!(feature = "analyze-sqlite"),
    }
}

/// The fault of a statement that another one follows with nothing between.
pub(crate) const SECOND: &str = "a second statement begins here";

/// Reads one statement. Without the feature of its dialect everything is opaque.
pub fn parse(statement: &str, dialect: Dialect) -> Parsed {
    match dialect {
        #[cfg(feature = "analyze-postgres")]
        Dialect::Postgres => postgres::parse(statement),
        #[cfg(feature = "analyze-mysql")]
        Dialect::Mysql | Dialect::MariaDb => mysql::parse(statement, dialect, 0),
        #[cfg(feature = "analyze-sqlite")]
        Dialect::Sqlite => sqlite::parse(statement),
        #[cfg(not(all(
            feature = "analyze-postgres",
            feature = "analyze-mysql",
            feature = "analyze-sqlite"
        )))]
        _ => Parsed {
            operation: opaque(statement, dialect),
            fault: None,
            checks: Vec::new(),
        },
    }
}

/// What a function does when it is called, by the statement that makes it, where that does not tell at once.
pub(crate) fn function_body(statement: &str, dialect: Dialect) -> Option<Operation> {
    match dialect {
        #[cfg(feature = "analyze-postgres")]
        Dialect::Postgres => postgres::body_of(statement),
        _ => {
            let _ = statement;
            None
        }
    }
}

/// A statement that is only known by its first words.
pub(crate) fn opaque(statement: &str, dialect: Dialect) -> Operation {
    let words = crate::script::words::Words::new(statement, dialect);
    let what: Vec<String> = words.take(2).map(|word| word.text.to_uppercase()).collect();
    Operation::Opaque { what: what.join(" ") }
}
