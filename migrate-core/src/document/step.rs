//! What one statement of a migration does to tables in use.

use core::fmt;

use super::Estimate;

/// A table by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    /// Its schema, where it is not the one in which the connection creates tables.
    pub schema: Option<String>,
    /// Its name, without quotes.
    pub name: String,
}

impl TableName {
    /// The table of a name as it is written in a directive: perhaps with its schema, perhaps in quotes.
    pub(crate) fn written(text: &str) -> Self {
        let plain = |part: &str| part.trim().trim_matches(['"', '`', '[', ']']).to_owned();
        match text.rsplit_once('.') {
            Some((schema, name)) => Self {
                schema: Some(plain(schema)).filter(|schema| schema != "public"),
                name: plain(name),
            },
            None => Self {
                schema: None,
                name: plain(text),
            },
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// Who waits while a statement has its lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptOut {
    /// Nobody, but for writes of the very same rows.
    Nobody,
    /// Other changes of the schema.
    SchemaChanges,
    /// Everybody who writes the table.
    Writers,
    /// Everybody who writes anything in the database.
    AllWriters,
    /// Everybody who reads or writes the table.
    Everybody,
}

impl KeptOut {
    /// In words, as the end of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            KeptOut::Nobody => "keeps nobody out",
            KeptOut::SchemaChanges => "keeps other schema changes out",
            KeptOut::Writers => "keeps writers out",
            KeptOut::AllWriters => "keeps every writer of the database out",
            KeptOut::Everybody => "keeps readers and writers out",
        }
    }

    /// Its name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            KeptOut::Nobody => "nobody",
            KeptOut::SchemaChanges => "schema-changes",
            KeptOut::Writers => "writers",
            KeptOut::AllWriters => "all-writers",
            KeptOut::Everybody => "everybody",
        }
    }
}

/// A lock that a statement takes on a table in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLock {
    /// The table.
    pub table: TableName,
    /// The lock, as the server calls it.
    pub lock: String,
    /// Who waits for it.
    pub keeps_out: KeptOut,
}

/// What takes a statement its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// Nothing in use: it makes something new.
    New,
    /// The catalog only, whatever the size of the table.
    Catalog,
    /// Every row is read.
    Scan,
    /// Every row is read, and an index is built.
    IndexBuild,
    /// Rows are written.
    Write,
    /// Every row is written again.
    Rewrite,
    /// It could not be read what the statement does.
    Unknown,
}

impl Work {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Work::New => "makes something new",
            Work::Catalog => "changes the catalog only",
            Work::Scan => "reads every row",
            Work::IndexBuild => "reads every row and builds an index",
            Work::Write => "writes rows",
            Work::Rewrite => "writes every row again",
            Work::Unknown => "not known",
        }
    }

    /// Its name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Work::New => "new",
            Work::Catalog => "catalog",
            Work::Scan => "scan",
            Work::IndexBuild => "index-build",
            Work::Write => "write",
            Work::Rewrite => "rewrite",
            Work::Unknown => "unknown",
        }
    }

    /// Whether the table is written again; `None` where that is not known.
    pub const fn rewrites(self) -> Option<bool> {
        match self {
            Work::Unknown => None,
            Work::Rewrite => Some(true),
            _ => Some(false),
        }
    }
}

/// What a statement does to tables in use, as far as its text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// The locks on tables that exist, one for each.
    pub locks: Vec<TableLock>,
    /// The locks that statements before it took in the same transaction, where they are stronger than its own.
    pub held: Vec<TableLock>,
    /// What takes its time.
    pub work: Work,
    /// More about it: what a safety rule says, or why it is not known.
    pub note: Option<String>,
}

impl Footprint {
    /// Of a statement of which it cannot be said what it does.
    pub(crate) fn unknown(why: impl Into<String>) -> Self {
        Self {
            note: Some(why.into()),
            ..Self::of(Work::Unknown)
        }
    }

    /// Of a statement that does that, and takes no lock that matters.
    pub(crate) fn of(work: Work) -> Self {
        Self {
            locks: Vec::new(),
            held: Vec::new(),
            work,
            note: None,
        }
    }
}

/// One statement of a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentStep {
    /// Its SQL.
    pub sql: String,
    /// What it does to tables in use.
    pub footprint: Footprint,
    /// How long it takes.
    pub estimate: Estimate,
}
