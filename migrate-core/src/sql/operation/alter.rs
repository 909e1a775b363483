//! The actions of ALTER.

use super::{Bound, ColumnDef, Constraint, Index};
use crate::sql::{Expr, Name, Span, Type, Word};

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
    /// RENAME COLUMN, and whether that is said of a column that there need not be.
    RenameColumn(Word, Word, bool),
    /// RENAME CONSTRAINT.
    RenameConstraint(Word, Word),
    /// ALTER TRIGGER … RENAME TO, as an action on its table.
    RenameTrigger(Word, Word),
    /// ALTER POLICY … RENAME TO, as an action on its table.
    RenamePolicy(Word, Word),
    /// ALTER POLICY, where it changes what the policy says, as an action on its table.
    ChangePolicy(Word),
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
        /// Whether it is the owner that FORCE is about.
        owner: bool,
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
    /// `system_versioning_alter_history` is KEEP for this statement alone: SET STATEMENT of MariaDB.
    KeepHistory,
    /// `foreign_key_checks` is off for this statement alone: SET STATEMENT of MariaDB.
    Unchecked,
    /// What the function takes that the other actions are of, where there may be several of its name.
    Takes(Vec<Type>),
    /// OF a composite type, or NOT OF one.
    Typed(Option<Name>),
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
    /// What changes only what is written down about the table: COMMENT, AUTO_INCREMENT.
    Noted,
    /// Whether queries use an index: VISIBLE and INVISIBLE in MySQL, NOT IGNORED and IGNORED in MariaDB.
    Visible(Word, bool),
    /// What rebuilds the table while it is in use: FORCE, ROW_FORMAT, KEY_BLOCK_SIZE, OPTIMIZE TABLE.
    Rebuild,
    /// PARTITION BY, which copies the table.
    PartitionBy(Box<Split>),
    /// What copies the table: REMOVE PARTITIONING, system versioning, ORDER BY; its words.
    Copy(&'static str),
    /// What removes rows: DROP PARTITION, TRUNCATE PARTITION; of which partitions, and whether these stay.
    DropRows {
        /// The partitions, where there is a list.
        of: Vec<Word>,
        /// Whether only their rows go.
        stay: bool,
    },
    /// What takes a moment and needs a way without a copy all the same: ADD PARTITION.
    Partition(Vec<Part>),
}

/// How MySQL and MariaDB split a table into partitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The columns that its rows are told apart by; an expression without any is an empty name.
    pub by: Vec<String>,
    /// How.
    pub how: super::Partitioning,
    /// The partitions, where they are listed.
    pub parts: Option<Vec<Part>>,
}

/// A partition of MySQL and MariaDB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: Word,
    /// What its values are less than, as written; none for other kinds.
    pub less_than: Option<String>,
    /// The values of a list, as written.
    pub values: Vec<String>,
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
    DropIdentity {
        /// Whether it may be none.
        if_exists: bool,
    },
    /// SET EXPRESSION.
    SetExpression(Expr),
    /// DROP EXPRESSION.
    DropExpression {
        /// Whether it may be none.
        if_exists: bool,
    },
    /// What does not change its values: statistics, storage, compression, options.
    Harmless,
}
