//! The operations.

use super::{Expr, Name, Span, Type, Word};

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
        /// What it promises.
        volatility: Volatility,
        /// Whether only triggers can call it.
        of_trigger: bool,
        /// Whether its body may drop, rename or alter something, where nobody reads that.
        drops: bool,
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
    /// Understood, and of no interest to rule or model: COMMENT, ANALYZE, GRANT.
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

/// What has a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum ObjectKind {
    Table,
    ForeignTable,
    Index,
    View,
    MaterializedView,
    Sequence,
    Type,
    Domain,
    Function,
    Procedure,
    Aggregate,
    Schema,
    Trigger,
    Rule,
    Policy,
    Extension,
    Column,
    Other,
}

impl ObjectKind {
    /// The word for it in a sentence.
    pub const fn word(self) -> &'static str {
        match self {
            ObjectKind::Table => "table",
            ObjectKind::ForeignTable => "foreign table",
            ObjectKind::Index => "index",
            ObjectKind::View => "view",
            ObjectKind::MaterializedView => "materialized view",
            ObjectKind::Sequence => "sequence",
            ObjectKind::Type => "type",
            ObjectKind::Domain => "domain",
            ObjectKind::Function => "function",
            ObjectKind::Procedure => "procedure",
            ObjectKind::Aggregate => "aggregate",
            ObjectKind::Schema => "schema",
            ObjectKind::Trigger => "trigger",
            ObjectKind::Rule => "rule",
            ObjectKind::Policy => "policy",
            ObjectKind::Extension => "extension",
            ObjectKind::Column => "column",
            ObjectKind::Other => "object",
        }
    }
}

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
    /// The columns it is partitioned by; an expression is an empty name.
    pub partitioned: Option<Vec<String>>,
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
    /// Whether a table of that name is dropped first.
    pub or_replace: bool,
    /// Where it says that its columns hold values of their types only.
    pub strict: Option<Span>,
    /// Whether it has no row number beside its key.
    pub without_rowid: bool,
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
    OfType,
    /// A module that makes a virtual table: its name.
    Module(String),
    /// PARTITION OF a table.
    PartitionOf(Name, Bound),
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
    /// A hash.
    Hash,
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
    /// CHARACTER SET.
    pub charset: Option<String>,
    /// COMMENT, without quotes.
    pub comment: Option<String>,
    /// ON UPDATE, as written.
    pub on_update: Option<String>,
    /// INVISIBLE.
    pub invisible: bool,
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

/// One action of an ALTER.
// A list of actions is short, and boxing what a rule looks at would only hide it.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
pub enum Action {
    /// ADD COLUMN.
    AddColumn {
        /// The column.
        column: Box<ColumnDef>,
        /// Whether it may exist.
        if_not_exists: bool,
    },
    /// DROP COLUMN.
    DropColumn {
        /// The column.
        column: Word,
        /// Whether it may be missing.
        if_exists: bool,
        /// Whether what depends on it goes too.
        cascade: bool,
    },
    /// ALTER COLUMN.
    AlterColumn {
        /// The column.
        column: Word,
        /// What changes.
        change: ColumnChange,
        /// Where the action stands.
        span: Span,
    },
    /// ADD CONSTRAINT.
    AddConstraint(Box<Constraint>),
    /// VALIDATE CONSTRAINT.
    ValidateConstraint(Word),
    /// ALTER CONSTRAINT, with what it says of DEFERRABLE as a constraint's behaviour has it.
    AlterConstraint(Word, String),
    /// DROP CONSTRAINT.
    DropConstraint {
        /// Its name.
        name: Word,
        /// Whether it may be missing.
        if_exists: bool,
        /// Whether what depends on it goes too.
        cascade: bool,
    },
    /// RENAME TO.
    RenameTo(Word),
    /// RENAME COLUMN.
    RenameColumn(Word, Word),
    /// RENAME CONSTRAINT.
    RenameConstraint(Word, Word),
    /// ALTER TRIGGER … RENAME TO, as an action on its table.
    RenameTrigger(Word, Word),
    /// SET SCHEMA.
    SetSchema(Word),
    /// ATTACH PARTITION.
    AttachPartition(Name, Bound),
    /// DETACH PARTITION.
    DetachPartition {
        /// The partition.
        child: Name,
        /// Whether it waits for others without keeping them out.
        concurrently: bool,
        /// Whether it ends one that waited and was interrupted.
        finalize: bool,
    },
    /// ALTER INDEX … ATTACH PARTITION.
    AttachIndex(Name),
    /// SET LOGGED and SET UNLOGGED.
    SetLogged(bool),
    /// SET TABLESPACE, with its name.
    SetTablespace(Word),
    /// SET ACCESS METHOD, with its name.
    SetAccessMethod(Word),
    /// ENABLE ROW LEVEL SECURITY, or another of its four forms.
    RowSecurity {
        /// Whether rows are hidden from here on.
        hides: bool,
    },
    /// ENABLE and DISABLE of triggers and rules.
    Toggle(Toggle),
    /// INHERIT and NO INHERIT.
    Inherit {
        /// The parent.
        parent: Name,
        /// Whether it starts.
        on: bool,
    },
    /// MODIFY and CHANGE: a column defined anew.
    Redefine {
        /// The column as it is called so far.
        column: Word,
        /// All that it is from here on.
        definition: Box<ColumnDef>,
        /// Whether it may be missing.
        if_exists: bool,
        /// Where the action stands.
        span: Span,
    },
    /// ADD INDEX.
    AddIndex(Box<Index>),
    /// DROP INDEX, where indexes belong to their tables.
    DropIndex {
        /// Its name.
        name: Word,
        /// Whether it may be missing.
        if_exists: bool,
    },
    /// RENAME INDEX.
    RenameIndex(Word, Word),
    /// DROP PRIMARY KEY.
    DropPrimaryKey(Span),
    /// A table option that MySQL and MariaDB have.
    Option(TableOption, Span),
    /// How the server is told to do the other actions.
    Online(Online),
    /// `foreign_key_checks` is off for this statement alone: SET STATEMENT of MariaDB.
    Unchecked,
    /// Anything that only takes a moment: SET (…), CLUSTER ON, OWNER TO.
    Harmless,
    /// Not understood.
    Unknown(Span),
}

/// A table option of MySQL and MariaDB that does something to the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableOption {
    /// CONVERT TO CHARACTER SET, with the collation.
    Convert(String, Option<String>),
    /// DEFAULT CHARACTER SET.
    Charset(String),
    /// ENGINE.
    Engine(String),
    /// What rebuilds the table while it is in use: FORCE, ROW_FORMAT, KEY_BLOCK_SIZE, OPTIMIZE TABLE.
    Rebuild,
    /// What copies the table: PARTITION BY, REMOVE PARTITIONING, system versioning, ORDER BY; its words.
    Copy(&'static str),
    /// What removes rows: DROP PARTITION, TRUNCATE PARTITION.
    DropRows,
    /// What takes a moment and needs a way without a copy all the same: ADD PARTITION.
    Partition,
}

/// ALGORITHM and LOCK.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Online {
    /// ALGORITHM; none for DEFAULT.
    pub algorithm: Option<Algorithm>,
    /// LOCK; none for DEFAULT.
    pub lock: Option<TableLock>,
    /// Where the first of them stands.
    pub span: Span,
}

/// How ALTER TABLE works, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Algorithm {
    Instant,
    Nocopy,
    Inplace,
    Copy,
}

impl Algorithm {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Algorithm::Instant => "INSTANT",
            Algorithm::Nocopy => "NOCOPY",
            Algorithm::Inplace => "INPLACE",
            Algorithm::Copy => "COPY",
        }
    }
}

/// Whom ALTER TABLE keeps out while it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum TableLock {
    None,
    Shared,
    Exclusive,
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

/// ENABLE and DISABLE of triggers and rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toggle {
    /// Whether it is about a trigger; else a rule.
    pub trigger: bool,
    /// Its name; none for ALL and USER.
    pub name: Option<String>,
    /// Whether it is switched off.
    pub disable: bool,
}

/// What changes in a column.
#[derive(Clone, Debug)]
pub enum ColumnChange {
    /// TYPE.
    Type {
        /// The new type.
        ty: Type,
        /// The collation, where one is named.
        collation: Option<String>,
        /// The expression that gives the value.
        using: Option<Expr>,
    },
    /// SET DEFAULT.
    SetDefault(Expr),
    /// DROP DEFAULT.
    DropDefault,
    /// SET NOT NULL.
    SetNotNull,
    /// DROP NOT NULL.
    DropNotNull,
    /// ADD GENERATED … AS IDENTITY.
    AddIdentity {
        /// Whether a value given is refused.
        always: bool,
    },
    /// SET GENERATED.
    SetIdentity,
    /// DROP IDENTITY.
    DropIdentity,
    /// SET EXPRESSION.
    SetExpression(Expr),
    /// DROP EXPRESSION.
    DropExpression,
    /// What does not change its values: statistics, storage, compression, options.
    Harmless,
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
    /// The columns; an expression is an empty name.
    pub columns: Vec<String>,
    /// The expressions as written, for a comparison.
    pub definition: String,
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
    /// Its query as written.
    pub query: String,
    /// What its query reads.
    pub reads: Reads,
    /// A column that it would show twice.
    pub twice: Option<Word>,
}

impl View {
    /// The names of the columns it shows, where they can be told without knowing the table.
    pub(crate) fn shown(&self) -> Option<Vec<String>> {
        let all = self.targets.iter().any(|(shown, _)| shown.is_empty());
        (!all && !self.computes && !self.targets.is_empty())
            .then(|| self.targets.iter().map(|(shown, _)| shown.clone()).collect())
    }
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
        /// Whether it may exist.
        if_not_exists: bool,
    },
    /// RENAME VALUE.
    RenameValue(String, String),
    /// An attribute of a composite type.
    Attribute,
}

/// What changes in a domain.
#[derive(Clone, Debug)]
pub enum DomainChange {
    /// ADD CONSTRAINT.
    AddConstraint(Constraint),
    /// VALIDATE CONSTRAINT.
    Validate(Word),
    /// DROP CONSTRAINT.
    DropConstraint(Word),
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

/// What a query reads, as far as its text tells for sure.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// The tables and views in FROM.
    pub tables: Vec<Name>,
    /// Columns, each with the table that it can only be of.
    pub columns: Vec<(Name, Word)>,
}

/// One write to a table.
#[derive(Clone, Debug)]
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
    /// How many values the rows have that an INSERT lists, each number once.
    pub widths: Vec<usize>,
    /// The columns that the condition of an UPDATE or DELETE names, where they can be of its table only.
    pub read: Vec<Word>,
    /// The columns of ON CONFLICT, where it has no condition.
    pub conflict: Vec<Word>,
    /// Where the write stands.
    pub span: Span,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum WriteKind {
    Insert,
    Update,
    Delete,
    Merge,
    Copy,
}

/// Which rows a write touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// There is no condition.
    Missing,
    /// The condition holds for every row.
    Always,
    /// It holds for every row that has values in these columns.
    NotNull(Vec<String>),
    /// It may leave rows out.
    Some,
}
