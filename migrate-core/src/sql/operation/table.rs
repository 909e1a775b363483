//! What a table is made of: columns, constraints, indexes.

use super::{Online, Part, Reads};
use crate::sql::{Expr, Name, Span, Type, Word};

/// CREATE TABLE.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Whether it goes with the session.
    pub temporary: bool,
    /// Whether it may exist.
    pub if_not_exists: bool,
    /// Whether it is a foreign table.
    pub foreign: bool,
    /// Whether its rows are left out of the log.
    pub unlogged: bool,
    /// Its columns, with their constraints.
    pub columns: Vec<ColumnDef>,
    /// Its table constraints.
    pub constraints: Vec<Constraint>,
    /// Where further columns come from.
    pub source: TableSource,
    /// Whether PostgreSQL's LIKE brings the CHECKs along.
    pub takes_checks: bool,
    /// Whether it brings the indexes along, and the keys.
    pub takes_indexes: bool,
    /// The columns that the query of its source gives it, where they can be told.
    pub given: Option<Vec<Given>>,
    /// A column that the query of its source would give it twice.
    pub twice: Option<Word>,
    /// What that query reads.
    pub reads: Reads,
    /// The columns it is partitioned by; an expression is an empty name.
    pub partitioned: Option<Vec<String>>,
    /// How PostgreSQL partitions it: `range`, `list` or `hash`.
    pub strategy: Option<String>,
    /// How MySQL and MariaDB tell its rows apart.
    pub partitioning: Option<Partitioning>,
    /// The partitions of MySQL and MariaDB that its statement lists.
    pub parts: Option<Vec<Part>>,
    /// The columns that periods of MariaDB go from and to.
    pub periods: Vec<Word>,
    /// Whether one of them is that of the versions of a row.
    pub system_period: bool,
    /// The indexes its statement lists beside constraints.
    pub indexes: Vec<Index>,
    /// The character set of MySQL and MariaDB.
    pub charset: Option<String>,
    /// The collation of columns that name none, in MySQL and MariaDB.
    pub collation: Option<String>,
    /// The storage engine of MySQL and MariaDB, where one was named.
    pub engine: Option<String>,
    /// Whether its rows are stored compressed, which rules out changes without a rebuild.
    pub compressed: bool,
    /// Whether its rows are stored in a way that leaves keys fewer bytes: COMPACT and REDUNDANT.
    pub short_keys: bool,
    /// Whether they are stored with the length of each value, whatever its type: REDUNDANT.
    pub redundant: bool,
    /// Whether MariaDB keeps the rows that were: WITH SYSTEM VERSIONING.
    pub versioned: bool,
    /// Whether a table of that name is dropped first.
    pub or_replace: bool,
    /// Where it says that its columns hold values of their types only.
    pub strict: Option<Span>,
    /// Whether it has no row number beside its key.
    pub without_rowid: bool,
}

/// How MySQL and MariaDB tell the rows of a partitioned table apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partitioning {
    /// RANGE, LIST, HASH or KEY, in small letters.
    pub method: String,
    /// Whether it is by the values of columns, of any type, instead of by a number.
    pub columns: bool,
    /// Whether columns are all it names, without an expression.
    pub plain: bool,
}

/// Where a table gets columns from that its statement does not list.
#[derive(Clone, Debug, Default)]
pub enum TableSource {
    /// Nowhere.
    #[default]
    None,
    /// A query: CREATE TABLE AS, SELECT INTO.
    Query,
    /// LIKE one or more tables, beside its own columns.
    Like(Vec<Name>),
    /// INHERITS.
    Inherits(Vec<Name>),
    /// A composite type.
    OfType(Option<Name>),
    /// A module that makes a virtual table: its name.
    Module(String),
    /// PARTITION OF a table.
    PartitionOf(Name, Bound),
}

/// A column that a query gives to the table it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// All columns of a table.
    All(Name),
    /// One column.
    One {
        /// What it is called.
        name: String,
        /// The column that it is a copy of.
        of: Option<(Name, String)>,
    },
}

/// The names of the columns that a query gives, where it names each; else none.
#[cfg(any(feature = "analyze-mysql", feature = "analyze-sqlite"))]
pub(crate) fn single(given: Option<Vec<Given>>) -> Vec<String> {
    let one = |given: Given| match given {
        Given::One { name, .. } => Some(name),
        Given::All(_) => None,
    };
    let all: Option<Vec<String>> = given.unwrap_or_default().into_iter().map(one).collect();
    all.unwrap_or_default()
}

/// How many columns a query gives, where that can be told without knowing its tables.
#[cfg(any(feature = "analyze-mysql", feature = "analyze-sqlite"))]
pub(crate) fn counted(given: Option<Vec<Given>>) -> Option<usize> {
    let given = given?;
    let all = given.iter().any(|one| matches!(one, Given::All(_)));
    (!all).then_some(given.len())
}

/// What a query gives where `*` is a part of it, so that its tables tell how many columns these are.
#[cfg(any(feature = "analyze-mysql", feature = "analyze-sqlite"))]
pub(crate) fn uncounted(given: Option<Vec<Given>>) -> Vec<Given> {
    let given = given.unwrap_or_default();
    let all = given.iter().any(|one| matches!(one, Given::All(_)));
    if all { given } else { Vec::new() }
}

/// Which rows a partition takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Those no other partition takes.
    Default,
    /// A range; literals as written, `None` for MINVALUE and MAXVALUE.
    Range(Vec<Option<String>>, Vec<Option<String>>),
    /// A list of values as written.
    List(Vec<String>),
    /// A hash: the modulus and the remainder, where they are told.
    Hash(Option<(u32, u32)>),
}

/// A column as it is defined.
#[derive(Clone, Debug, Default)]
pub struct ColumnDef {
    /// Its name.
    pub name: Word,
    /// Its type.
    pub ty: Type,
    /// The collation, where one is named.
    pub collation: Option<String>,
    /// Whether NOT NULL is written, and where.
    pub not_null: Option<Span>,
    /// Its default.
    pub default: Option<Expr>,
    /// How it is computed.
    pub generated: Option<Generated>,
    /// CHECK, UNIQUE, PRIMARY KEY and REFERENCES written at the column.
    pub constraints: Vec<Constraint>,
    /// What MySQL and MariaDB attach to a column beside that.
    pub attributes: Attributes,
    /// Whether FIRST or AFTER gives it a place.
    pub placed: bool,
    /// The column that AFTER puts it behind.
    pub after: Option<Word>,
    /// The CHECK of its own that its default is sure not to fulfil. It is looked for where SQLite adds a column, because
    /// that fails as soon as there is a row.
    pub refused: Option<Span>,
    /// Where the definition stands.
    pub span: Span,
}

/// What MySQL and MariaDB attach to a column, and lose when it is defined again without.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// AUTO_INCREMENT.
    pub auto_increment: bool,
    /// Whether NULL is written.
    pub null: bool,
    /// Whether DEFAULT NULL is written.
    pub default_null: bool,
    /// CHARACTER SET.
    pub charset: Option<String>,
    /// COMMENT, without quotes.
    pub comment: Option<String>,
    /// ON UPDATE, as written.
    pub on_update: Option<String>,
    /// INVISIBLE.
    pub invisible: bool,
    /// SRID, the system of coordinates of MySQL.
    pub srid: Option<String>,
    /// Whether it says when a version of a row began or ended: ROW START, ROW END of MariaDB.
    pub row_time: bool,
}

/// How a column gets its value.
#[derive(Clone, Debug)]
pub enum Generated {
    /// From an expression, stored.
    Stored(Expr),
    /// From an expression, computed when read.
    Virtual(Expr),
    /// From a sequence of its own.
    Identity {
        /// Whether a value given is refused.
        always: bool,
    },
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name, where one is given.
    pub name: Option<Word>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// Whether existing rows are not looked at.
    pub not_valid: bool,
    /// Whether it may exist, which MariaDB can be told.
    pub if_not_exists: bool,
    /// The columns of a key of MySQL as written, where it is over the beginnings of values.
    pub cut: Option<String>,
    /// ON DELETE, MATCH, DEFERRABLE and their like in one spelling; empty for what goes without saying.
    pub behaviour: String,
    /// Where it stands.
    pub span: Span,
}

/// What a constraint demands.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// CHECK.
    Check(Expr),
    /// NOT NULL as a table constraint.
    NotNull(Word),
    /// UNIQUE, over columns or by an index that exists.
    Unique {
        /// The columns.
        columns: Vec<Word>,
        /// The index it takes over.
        using_index: Option<Name>,
    },
    /// PRIMARY KEY, over columns or by an index that exists.
    PrimaryKey {
        /// The columns.
        columns: Vec<Word>,
        /// The index it takes over.
        using_index: Option<Name>,
    },
    /// FOREIGN KEY or REFERENCES.
    ForeignKey(ForeignKey),
    /// EXCLUDE.
    Exclude,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns that refer; one where it is written at a column.
    pub columns: Vec<Word>,
    /// The table referred to.
    pub parent: Name,
    /// The columns referred to; empty means the primary key.
    pub parent_columns: Vec<Word>,
}

/// CREATE INDEX.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Its name, where one is given.
    pub name: Option<Name>,
    /// Its table.
    pub table: Name,
    /// Whether it is for the parent alone.
    pub only: bool,
    /// Whether it forbids duplicates.
    pub unique: bool,
    /// Whether writers go on.
    pub concurrently: bool,
    /// Whether it may exist.
    pub if_not_exists: bool,
    /// Whether one of that name is dropped first.
    pub or_replace: bool,
    /// The access method, where PostgreSQL is told one.
    pub method: Option<String>,
    /// The columns; an expression is an empty name.
    pub columns: Vec<String>,
    /// The expressions as written, for a comparison.
    pub definition: String,
    /// What else PostgreSQL is told that makes it another index, in one spelling: the method, INCLUDE, NULLS NOT DISTINCT.
    pub manner: String,
    /// The condition of a partial index.
    pub predicate: Option<Expr>,
    /// The expressions among its columns.
    pub expressions: Vec<Expr>,
    /// What it is for.
    pub kind: IndexKind,
    /// How the server is told to build it.
    pub online: Online,
    /// Where it stands.
    pub span: Span,
}

/// What an index is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum IndexKind {
    #[default]
    Plain,
    FullText,
    Spatial,
    Vector,
}
