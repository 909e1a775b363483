//! What a database says of a table: how large it is, what hangs on it, who uses it.

use std::time::Duration;

use super::TableName;

/// Something that is known, or why it is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It is this.
    Is(T),
    /// It is not known, for this reason.
    Not(String),
}

impl<T> Known<T> {
    /// What is known.
    pub fn get(&self) -> Option<&T> {
        match self {
            Known::Is(value) => Some(value),
            Known::Not(_) => None,
        }
    }

    #[cfg(feature = "sql")]
    pub(crate) fn not(why: impl Into<String>) -> Self {
        Known::Not(why.into())
    }
}

/// How many rows there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// So many.
    pub count: u64,
    /// Whether they were counted; else the number is an estimate.
    pub exact: bool,
    /// Who says so.
    pub source: &'static str,
}

/// How large a table is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its rows, with values that are stored aside.
    pub table: u64,
    /// Its indexes.
    pub indexes: u64,
}

/// An index of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexAssessment {
    /// Its name.
    pub name: String,
    /// What it is over, in the words of the database.
    pub definition: String,
    /// Its size in bytes, where the database tells.
    pub bytes: Option<u64>,
    /// Whether it can be used: a concurrent build that failed leaves one that cannot.
    pub valid: bool,
}

/// A foreign key from or to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKeyAssessment {
    /// Its name, where it has one.
    pub name: String,
    /// The table that refers.
    pub from: String,
    /// Its columns.
    pub columns: String,
    /// The table that is referred to.
    pub to: String,
    /// Its columns; empty means its primary key.
    pub to_columns: String,
    /// What happens when a row is deleted that is referred to.
    pub on_delete: String,
    /// What happens when its key changes.
    pub on_update: String,
    /// Whether the rows that are there were checked.
    pub valid: bool,
}

/// Something that depends on a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependent {
    /// What it is: `view`, `trigger`, `function`, ….
    pub kind: String,
    /// Its name.
    pub name: String,
    /// More about it; how it is known, where that is only by its text.
    pub detail: String,
}

/// A kind of statement that applications send, and what it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementUse {
    /// The statement, without its values.
    pub sql: String,
    /// How often it ran since the statistics began.
    pub calls: u64,
    /// How long it took on average, in milliseconds.
    pub mean_ms: f64,
    /// The median, in milliseconds, where the source has it.
    pub p50_ms: Option<f64>,
    /// The 99th percentile, in milliseconds, where the source has it.
    pub p99_ms: Option<f64>,
}

/// Rows that were read to see how fast that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How many were read.
    pub rows: u64,
    /// How long that took.
    pub took: Duration,
    /// Whether these are all.
    pub whole: bool,
}

/// How fast rows of a table were moved on this database.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveRate {
    /// Rows per second, pauses and throttling included.
    pub rows_per_second: f64,
    /// What was measured.
    pub source: String,
}

/// What is known of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// The table.
    pub table: TableName,
    /// Whether it exists.
    pub exists: bool,
    /// How many rows the catalog says it has, or were counted.
    pub rows: Known<Rows>,
    /// How large it is.
    pub size: Known<Size>,
    /// Its indexes.
    pub indexes: Vec<IndexAssessment>,
    /// Foreign keys from it and to it.
    pub foreign_keys: Vec<ForeignKeyAssessment>,
    /// Views, triggers and functions that depend on it.
    pub dependents: Vec<Dependent>,
    /// The statements that touch it and take most time.
    pub statements: Known<Vec<StatementUse>>,
    /// How fast its rows are read.
    pub sample: Known<Sample>,
    /// How fast its rows were moved before.
    pub moves: Known<MoveRate>,
}

#[cfg(feature = "sql")]
impl Assessment {
    /// Of a table of which nothing is known.
    pub(crate) fn nothing(table: TableName, why: &str) -> Self {
        Self {
            table,
            exists: false,
            rows: Known::not(why),
            size: Known::not(why),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            dependents: Vec::new(),
            statements: Known::not(why),
            sample: Known::not(why),
            moves: Known::not(why),
        }
    }
}

/// Applications of one name that are connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// What they call themselves; on MySQL and MariaDB the user.
    pub name: String,
    /// How many connections they have.
    pub connections: u64,
}

/// What a database says of tables, all of it seen within one session.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessments {
    /// One for each table, in the order asked for.
    pub tables: Vec<Assessment>,
    /// Who is connected, beside whoever asks.
    pub applications: Known<Vec<Application>>,
}

impl Assessments {
    /// What is known of that table.
    pub fn get(&self, table: &TableName) -> Option<&Assessment> {
        self.tables.iter().find(|one| one.table == *table)
    }
}
