//! The operations.

mod alter;
mod data;
mod kind;
mod table;
mod unchecked;

pub use alter::*;
pub use data::*;
pub use kind::*;
pub use table::*;

use super::{Expr, Name, Span, Type, Value, Word};

/// What a statement does.
#[derive(Clone, Debug)]
pub enum Operation {
    /// CREATE TABLE in every form, SELECT INTO included.
    CreateTable(Box<Table>),
    /// ALTER TABLE and the ALTER of what else has columns or a name.
    Alter {
        /// What is altered.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// Whether it may be missing.
        if_exists: bool,
        /// The actions, in the order written.
        actions: Vec<Action>,
    },
    /// DROP of anything that has a name.
    Drop {
        /// What is dropped.
        kind: ObjectKind,
        /// The names.
        names: Vec<Name>,
        /// The types by which each of them is told from others of its name, where they are functions.
        takes: Vec<Option<Vec<Type>>>,
        /// The table, for a trigger, rule or policy.
        on: Option<Name>,
        /// Whether they may be missing.
        if_exists: bool,
        /// Whether what depends on them goes too.
        cascade: bool,
        /// Whether it waits for others without keeping them out.
        concurrently: bool,
    },
    /// CREATE INDEX.
    CreateIndex(Box<Index>),
    /// CREATE VIEW, materialized or not.
    CreateView(Box<View>),
    /// CREATE SEQUENCE.
    CreateSequence {
        /// Its name.
        name: Name,
        /// Whether it may exist.
        if_not_exists: bool,
    },
    /// CREATE TYPE or CREATE DOMAIN.
    CreateType {
        /// Its name.
        name: Name,
        /// What it is.
        kind: TypeKind,
    },
    /// ALTER TYPE, other than renaming and moving it.
    AlterType {
        /// Its name.
        name: Name,
        /// What changes.
        change: TypeChange,
    },
    /// ALTER DOMAIN, other than renaming and moving it.
    AlterDomain {
        /// Its name.
        name: Name,
        /// What changes.
        change: DomainChange,
    },
    /// CREATE FUNCTION or PROCEDURE.
    CreateFunction {
        /// Its name.
        name: Name,
        /// Whether it replaces one.
        or_replace: bool,
        /// Whether it is ALTER, which makes none.
        alters: bool,
        /// What it promises.
        volatility: Volatility,
        /// Whether only triggers can call it.
        of_trigger: bool,
        /// Whether its body may drop, rename or alter something, where nobody reads that.
        drops: bool,
        /// The whole of it in one spelling, in MySQL and MariaDB.
        definition: Option<String>,
        /// What it takes and returns, where the statement says so.
        signature: Option<Box<Signature>>,
        /// The types by which ALTER says which of several of one name it means.
        of: Option<Vec<Type>>,
        /// What it does when it is called, as a [`Do`](Self::Do), where that could be read.
        body: Option<Box<Operation>>,
    },
    /// CALL.
    Call {
        /// The procedure.
        name: Name,
    },
    /// CREATE TRIGGER.
    CreateTrigger {
        /// Its name.
        name: Word,
        /// Its table.
        table: Name,
        /// Whether it replaces one.
        or_replace: bool,
        /// The function it calls, where it is not a body of its own.
        function: Option<Name>,
        /// The columns that UPDATE OF and WHEN name.
        columns: Vec<String>,
        /// When it fires and for what, in one spelling, where that is read.
        manner: Option<String>,
        /// What its body says of the rows OLD and NEW, where it is a body of its own.
        body: Option<Box<TriggerBody>>,
    },
    /// CREATE TRIGGER where a trigger's name is not its table's alone.
    CreateNamedTrigger {
        /// Its name.
        name: Name,
        /// Its table or view.
        table: Name,
        /// Whether it may exist.
        if_not_exists: bool,
        /// Its definition as written, from the name on.
        body: String,
        /// What it says of the rows OLD and NEW.
        rows: TriggerBody,
    },
    /// CREATE EVENT of MySQL and MariaDB.
    CreateEvent {
        /// Its name.
        name: Name,
        /// Whether it may exist.
        if_not_exists: bool,
        /// Whether it replaces one.
        or_replace: bool,
        /// When it runs and what it does then, in one spelling.
        definition: String,
    },
    /// ALTER EVENT.
    AlterEvent {
        /// Its name.
        name: Name,
        /// The name that it gets.
        to: Option<Name>,
    },
    /// CREATE RULE.
    CreateRule {
        /// Its name.
        name: Word,
        /// Its table.
        table: Name,
    },
    /// CREATE POLICY.
    CreatePolicy {
        /// Its name.
        name: Word,
        /// Its table.
        table: Name,
        /// The columns of its table that it names, as far as no query is in it.
        columns: Vec<String>,
        /// Whom it lets do what with which rows, in one spelling.
        manner: String,
    },
    /// CREATE SCHEMA.
    CreateSchema {
        /// Its name.
        name: Word,
        /// Whether it may exist.
        if_not_exists: bool,
        /// What is made in it by the same statement.
        elements: Vec<Operation>,
    },
    /// CREATE EXTENSION.
    CreateExtension {
        /// Its name.
        name: Word,
        /// Whether it may exist.
        if_not_exists: bool,
    },
    /// ALTER … ALL IN TABLESPACE … SET TABLESPACE.
    MoveAll {
        /// What is moved: every table, index or materialized view of a tablespace.
        kind: ObjectKind,
        /// The tablespace they are in.
        from: Word,
        /// The one they go to.
        to: Word,
    },
    /// RENAME TABLE: pairs of old and new name, in the order written.
    RenameTables(Vec<(Name, Name)>),
    /// TRUNCATE.
    Truncate {
        /// The tables.
        tables: Vec<Name>,
        /// Whether what refers to them is emptied too.
        cascade: bool,
    },
    /// LOCK TABLE.
    Lock {
        /// The tables.
        tables: Vec<Name>,
        /// The mode.
        mode: LockMode,
    },
    /// REINDEX.
    Reindex {
        /// A table or an index; none for a whole database.
        target: Option<(ObjectKind, Name)>,
        /// Whether writers go on.
        concurrently: bool,
    },
    /// CLUSTER; without a name all tables that were clustered before.
    Cluster {
        /// The table.
        table: Option<Name>,
    },
    /// VACUUM.
    Vacuum {
        /// The tables; none for all.
        tables: Vec<Name>,
        /// Whether it rewrites them.
        full: bool,
    },
    /// REFRESH MATERIALIZED VIEW.
    Refresh {
        /// The view.
        name: Name,
        /// Whether readers go on.
        concurrently: bool,
    },
    /// REVOKE.
    Revoke {
        /// The tables and functions, where it names such.
        objects: Vec<Name>,
    },
    /// SET, and what amounts to it.
    Set {
        /// The setting, folded.
        name: String,
        /// Its values, without quotes.
        values: Vec<String>,
        /// Whether it ends with the transaction.
        local: bool,
    },
    /// BEGIN, START TRANSACTION.
    Begin,
    /// COMMIT, END.
    Commit {
        /// Whether the next transaction begins at once: AND CHAIN.
        chain: bool,
    },
    /// ROLLBACK, ABORT.
    Rollback {
        /// Whether the next transaction begins at once: AND CHAIN.
        chain: bool,
    },
    /// ROLLBACK TO a savepoint.
    RollbackTo,
    /// Reading and writing rows.
    Data {
        /// Every write in it, those in a CTE included.
        writes: Vec<Write>,
        /// The functions it calls.
        calls: Vec<Name>,
        /// The literals in it, for what uses a new enum value.
        literals: Vec<String>,
        /// What it reads.
        reads: Reads,
    },
    /// DO with a body that could be read.
    Do {
        /// The statements of the body that could be found.
        body: Vec<Nested>,
        /// Where it runs SQL that is put together at run time.
        dynamic: Option<Span>,
    },
    /// Says something of tables and columns and changes nothing that they do: COMMENT, GRANT.
    Mention(Reads),
    /// Understood, and of no interest to rule or model: ANALYZE, COMMENT on other objects.
    Harmless,
    /// Not understood.
    Opaque {
        /// Its first words.
        what: String,
    },
}

impl Operation {
    /// Whether it gives that setting a value that means no.
    pub(crate) fn switches_off(&self, setting: &str) -> bool {
        let off = |value: &String| matches!(value.as_str(), "0" | "off" | "false" | "no");
        matches!(self, Operation::Set { name, values, .. } if name == setting && values.first().is_some_and(off))
    }
}

/// A statement in the body of another.
#[derive(Clone, Debug)]
pub struct Nested {
    /// What it does. Spans count from `at`.
    pub operation: Operation,
    /// Its place in the outer statement.
    pub span: Span,
    /// Whether it may run never or often.
    pub conditional: bool,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An enum and its values.
    Enum(Vec<String>),
    /// A domain.
    Domain {
        /// The type under it.
        base: Type,
        /// The names of its CHECKs, where they have one.
        checks: Vec<Option<Word>>,
        /// Whether it takes no NULL.
        not_null: bool,
        /// The value of a column that says nothing else.
        default: Option<Box<Expr>>,
    },
    /// A composite type and its attributes.
    Composite(Vec<Word>),
    /// Anything else.
    Other,
}

/// What changes in a type.
#[derive(Clone, Debug)]
pub enum TypeChange {
    /// ADD VALUE.
    AddValue {
        /// The value.
        value: String,
        /// The value that it stands before or after.
        beside: Option<String>,
        /// Whether it stands before that.
        before: bool,
        /// Whether it may exist.
        if_not_exists: bool,
    },
    /// RENAME VALUE.
    RenameValue(String, String),
    /// Attributes of a composite type.
    Attributes(Vec<AttributeChange>),
}

/// What changes in an attribute of a composite type.
#[derive(Clone, Debug)]
pub enum AttributeChange {
    /// RENAME ATTRIBUTE.
    Rename(Word, Word),
    /// DROP ATTRIBUTE, and whether it may be missing.
    Drop(Word, bool),
    /// ADD ATTRIBUTE.
    Add(Word),
    /// Another type.
    Other,
}

/// What changes in a domain.
#[derive(Clone, Debug)]
pub enum DomainChange {
    /// ADD CONSTRAINT.
    AddConstraint(Box<Constraint>),
    /// VALIDATE CONSTRAINT.
    Validate(Word),
    /// DROP CONSTRAINT, and whether it may be missing.
    DropConstraint(Word, bool),
    /// SET NOT NULL.
    SetNotNull,
    /// Anything that looks at no row.
    Harmless,
}

/// What a function promises about its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volatility {
    /// The same for the same arguments, always.
    Immutable,
    /// The same within a statement.
    Stable,
    /// Nothing.
    Volatile,
}

/// What tells functions of one name apart, and what replacing one cannot change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What it takes: each parameter's name, where it has one, and type.
    pub takes: Vec<(Option<String>, Type)>,
    /// What it returns in one spelling, where that is told by a type alone.
    pub returns: Option<String>,
    /// Whether it is a procedure.
    pub procedure: bool,
    /// Whether it is in SQL, so that the server may put its body in the place of a call and ask no more what it promises.
    pub inlined: bool,
    /// What it promises.
    pub volatility: Volatility,
    /// The value of each parameter that a call need not give.
    pub defaults: Vec<Option<Expr>>,
    /// Whether it takes any number of values for its last parameter.
    pub variadic: bool,
}

impl Signature {
    /// Whether two functions of one name take the same, so that there can be one of them only.
    pub fn takes_same(&self, other: &Self) -> bool {
        let mut pairs = self.takes.iter().zip(&other.takes);
        self.takes.len() == other.takes.len() && pairs.all(|((_, one), (_, other))| one.is_spelt(other))
    }
}

/// What a call gives a function: values, each with the name of its parameter where that is said.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The values.
    pub values: Vec<(Option<String>, Value)>,
    /// Whether it may be more or other values than these.
    pub open: bool,
}

/// A table lock, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// Of a SELECT.
    AccessShare,
    /// Of SELECT FOR UPDATE.
    RowShare,
    /// Of a write.
    RowExclusive,
    /// Of VACUUM and CREATE INDEX CONCURRENTLY.
    ShareUpdateExclusive,
    /// Of CREATE INDEX: writers wait.
    Share,
    /// Of CREATE TRIGGER and foreign keys: writers wait.
    ShareRowExclusive,
    /// Of REFRESH … CONCURRENTLY: writers wait.
    Exclusive,
    /// Of most ALTER TABLE: readers wait too.
    AccessExclusive,
}

impl LockMode {
    /// As the server writes it.
    pub const fn name(self) -> &'static str {
        match self {
            LockMode::AccessShare => "ACCESS SHARE",
            LockMode::RowShare => "ROW SHARE",
            LockMode::RowExclusive => "ROW EXCLUSIVE",
            LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            LockMode::Share => "SHARE",
            LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            LockMode::Exclusive => "EXCLUSIVE",
            LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}
