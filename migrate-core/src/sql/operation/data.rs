//! Queries and writes, and views.

use crate::sql::{Given, Name, Span, Word};

/// CREATE VIEW.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// Whether it keeps its rows.
    pub materialized: bool,
    /// Whether it goes with the session.
    pub temporary: bool,
    /// Whether it replaces one.
    pub or_replace: bool,
    /// Whether it may exist.
    pub if_not_exists: bool,
    /// The one table it selects from, where it is simple enough to be written through.
    pub updatable: Option<Name>,
    /// The columns it shows, `old AS new` as pairs of new and old; `*` as an empty pair. Only for an updatable one.
    pub targets: Vec<(String, String)>,
    /// Whether it shows something beside these, such as what it computes.
    pub computes: bool,
    /// All the columns it shows, where it or its query names each; else none.
    pub gives: Vec<String>,
    /// Its query as written.
    pub query: String,
    /// What its query reads.
    pub reads: Reads,
    /// How many columns it names and how many its query gives, where both can be told.
    pub counts: Option<(usize, usize)>,
    /// A column that it would show twice.
    pub twice: Option<Word>,
}

impl View {
    /// The names of the columns it shows, where they can be told without knowing the table.
    pub(crate) fn shown(&self) -> Option<Vec<String>> {
        if !self.gives.is_empty() {
            return Some(self.gives.clone());
        }
        let all = self.targets.iter().any(|(shown, _)| shown.is_empty());
        (!all && !self.computes && !self.targets.is_empty())
            .then(|| self.targets.iter().map(|(shown, _)| shown.clone()).collect())
    }
}

/// What a query reads, as far as its text tells for sure.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// The tables and views in FROM.
    pub tables: Vec<Name>,
    /// Columns, each with the table that it can only be of.
    pub columns: Vec<(Name, Word)>,
}

/// One write to a table.
#[derive(Clone, Debug, Default)]
pub struct Write {
    /// The table.
    pub table: Name,
    /// How it is written.
    pub kind: WriteKind,
    /// Which rows.
    pub filter: Filter,
    /// Whether the rows come from a query or a file, so that there may be any number.
    pub bulk: bool,
    /// The columns an UPDATE sets or an INSERT names.
    pub columns: Vec<Word>,
    /// The columns to which a value is given that may be another one than DEFAULT; PostgreSQL's are not looked for.
    pub given: Vec<Word>,
    /// How many values the rows have that an INSERT lists, each number once.
    pub widths: Vec<usize>,
    /// What the query of an INSERT gives where `*` is a part of it; PostgreSQL's is not looked for.
    pub all: Vec<Given>,
    /// The columns that the condition of an UPDATE or DELETE names, where they can be of its table only.
    pub read: Vec<Word>,
    /// The columns of ON CONFLICT, where it has no condition.
    pub conflict: Vec<Word>,
    /// A column that it gives a value twice, where the server takes it once.
    pub twice: Option<Word>,
    /// The literals that an INSERT lists and an UPDATE assigns; PostgreSQL's are not looked for.
    pub values: Vec<Literal>,
    /// Whether what a row does wrong is passed over: IGNORE, OR REPLACE.
    pub lenient: bool,
    /// Whether an INSERT gives no column a value: DEFAULT VALUES, VALUES ().
    pub bare: bool,
    /// The only table that an INSERT which overwrites rows takes its rows from, and which of them; PostgreSQL's is not
    /// looked for.
    pub again: Option<(Name, Filter)>,
    /// Where a query in its condition reads the table that is written.
    pub own: Option<Span>,
    /// Where the write stands.
    pub span: Span,
}

/// A literal that a row gets.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The column that an assignment names.
    pub column: Option<Word>,
    /// Its place in the row where none is named.
    pub at: usize,
    /// The literal as written, a text in single quotes; `null` for NULL.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// What the body of a trigger says of the rows OLD and NEW.
#[derive(Clone, Debug, Default)]
pub struct TriggerBody {
    /// The columns of them that it names.
    pub columns: Vec<Word>,
    /// A row that it has not or cannot change, as a sentence.
    pub misused: Option<(String, Span)>,
    /// The rows that it writes; MySQL's are not looked for.
    pub writes: Vec<Write>,
    /// The trigger behind or before which it fires.
    pub beside: Option<Word>,
    /// Whether the trigger may exist.
    pub if_not_exists: bool,
    /// When it fires and what it does then, in one spelling, in MySQL and MariaDB.
    pub definition: String,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum WriteKind {
    #[default]
    Insert,
    Update,
    Delete,
    Merge,
    Copy,
}

/// Which rows a write touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// There is no condition.
    #[default]
    Missing,
    /// The condition holds for every row.
    Always,
    /// It holds for every row that has values in these columns.
    NotNull(Vec<String>),
    /// It holds for every row that has no values in these columns.
    Null(Vec<String>),
    /// Which rows of these tables go together is all that is asked.
    Joined {
        /// The tables, that which is written among them.
        tables: Vec<Name>,
        /// Whether WHERE says it, and not the joins.
        by_where: bool,
    },
    /// It may leave rows out.
    Some,
}
