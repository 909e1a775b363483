//! What a statement takes for granted beside what its operation says. Only PostgreSQL's statements are asked, and SQLite's
//! what it refuses whatever there is.

use super::{Name, ObjectKind, Span, Type, Word};

/// Something a statement takes for granted.
#[derive(Clone, Debug)]
pub enum Check {
    /// The server refuses it whatever the schema is; a sentence without a full stop.
    Refused(Span, String),
    /// Casts or operators are made that nobody knows the meaning of.
    Widens,
    /// A literal has room in a column that is added, which the rows that are there get at once.
    Room(Type, Value),
    /// A value is one of a type: a default, or what is computed over rows.
    Fits(Type, Value, Vec<Source>),
    /// The CHECK of a domain, which is there or is made over that type.
    Domain(Option<Name>, Option<Type>, Value),
    /// Columns of a table get values.
    Assigned(Box<Assigned>),
    /// A value is computed over rows, and is true or false where `condition` says what it is.
    Computed {
        /// Whose columns it may name.
        scope: Vec<Source>,
        /// The value.
        value: Value,
        /// Where it stands, if only a condition can stand there.
        condition: Option<&'static str>,
        /// Whether it can name columns of nothing else.
        closed: bool,
    },
    /// A value is the default of a column.
    Default {
        /// The table.
        table: Name,
        /// The column.
        column: Word,
        /// The value.
        value: Value,
    },
    /// Two queries give a column together: the value of each, and whose columns it may name.
    Matched {
        /// The one of the first query.
        first: (Value, Vec<Source>),
        /// The one of the second query.
        second: (Value, Vec<Source>),
    },
    /// Columns are shown beside what is computed over many rows.
    Grouped {
        /// The one table they are of.
        table: Name,
        /// What it is grouped by.
        by: Vec<String>,
        /// The columns.
        shown: Vec<Word>,
    },
    /// A view or a table has the columns that its query gives: names, or all columns of a table.
    Shown(Vec<Shown>),
    /// A column becomes one of another type, by a value computed from the row.
    Converted {
        /// The table.
        table: Name,
        /// The column.
        column: Word,
        /// Its new type.
        ty: Type,
        /// What USING says.
        using: Option<Value>,
        /// Whether its default goes in the same statement.
        loses_default: bool,
    },
    /// Types exist.
    Types(Vec<Type>),
    /// Something is there: a table, a sequence.
    There(ObjectKind, Name),
    /// A part of a table is there.
    Part {
        /// The table.
        table: Name,
        /// What it is.
        part: Part,
        /// What it is called.
        name: Word,
    },
    /// A table is altered without those that are parts of it.
    Only {
        /// The table.
        table: Name,
        /// What its parts would need too.
        span: Span,
    },
    /// A CHECK is left to the table alone.
    NoInherit(Name, Span),
    /// An attribute of a composite type gets another type.
    Retyped(Name),
    /// A view is put in the place of one, and shows these.
    Replaced {
        /// The view.
        view: Name,
        /// Its columns, as far as they are all told, and what each is.
        columns: Vec<(String, Value)>,
        /// Whose columns they may name.
        scope: Vec<Source>,
    },
    /// A trigger is put on something.
    Trigger {
        /// The table or view.
        table: Name,
        /// Whether it stands in for the write.
        instead: bool,
        /// Whether it is called for each row.
        row: bool,
    },
    /// An index is built over columns.
    Index(Box<Indexed>),
    /// A column of a table owns a sequence.
    Owner {
        /// The sequence.
        sequence: Name,
        /// Whether the statement makes it.
        made: bool,
        /// The table.
        table: Name,
    },
}

/// A column that a query gives.
#[derive(Clone, Debug)]
pub enum Shown {
    /// One of that name.
    One(Word),
    /// All of a table.
    All(Name, Span),
}

/// A part of a table that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Part {
    Column,
    Constraint,
    Index,
    UniqueIndex,
    Trigger,
    Policy,
}

/// What stands in FROM, with the name by which its columns are called.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name.
    pub called: String,
    /// The table; none for what is none.
    pub table: Option<Name>,
}

/// Columns that get values.
#[derive(Clone, Debug)]
pub struct Assigned {
    /// The table.
    pub table: Name,
    /// The columns; none for all of the table in their order.
    pub columns: Option<Vec<Word>>,
    /// The values of a row, where it can be told which column each is for.
    pub values: Vec<Value>,
    /// Whose columns the values may name.
    pub scope: Vec<Source>,
    /// Whether it makes a row.
    pub inserts: bool,
    /// Whether OVERRIDING says that an identity takes a value.
    pub overriding: bool,
}

/// A column or an expression of an index.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// The table.
    pub table: Name,
    /// The access method.
    pub method: String,
    /// The value.
    pub value: Value,
    /// The operator class, where one is named.
    pub class: Option<Word>,
    /// The collation, where one is named.
    pub collation: Option<Span>,
}

/// A value as it is written.
#[derive(Clone, Debug)]
pub struct Value {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub term: Term,
}

/// The forms of a value that a type can be told from.
#[derive(Clone, Debug)]
pub enum Term {
    /// NULL.
    Null,
    /// DEFAULT.
    Default,
    /// A text in quotes, which becomes whatever is wanted.
    Text(String),
    /// A number, with its sign.
    Number(String),
    /// Anything that is true or false, with what it is made of.
    Truth(Vec<Value>),
    /// What AND, OR and NOT join.
    Logic(Vec<Value>),
    /// A column, with the name before it.
    Column(Option<String>, String),
    /// A cast.
    Cast(Box<Value>, Type),
    /// A call of a function.
    Call(Name, Vec<Value>),
    /// Two values with an operator between them.
    Operation(Box<Value>, String, Box<Value>),
    /// ARRAY[…].
    Array(Vec<Value>),
    /// The values of CASE and COALESCE: one of these.
    Either(Vec<Value>),
    /// A value of a type that its keyword tells.
    Of(&'static str),
    /// VALUE, as the CHECK of a domain calls what it is about.
    Domain,
    /// Anything else.
    Other,
}
