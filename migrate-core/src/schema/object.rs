//! The objects of the model.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Column, Columns, ConstraintModel, Key, TableConstraint, TableIndex};
use crate::sql::{
    Bound, Constraint, Expr, ObjectKind, Part, Partitioning, Signature, TriggerBody, Type, Volatility, Word,
};

/// Who made an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody the model has seen.
    Unknown,
    /// A migration that is history.
    History,
    /// A draft, by its index in the set.
    Draft(usize),
}

/// An object of the schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// A table, partitioned or foreign ones and materialized views included.
    Table(Rc<TableModel>),
    /// A view, by its query.
    View {
        /// The query as written.
        query: String,
        /// The columns it shows, where its query is simple enough to tell.
        columns: Option<Vec<String>>,
        /// Whether something that the query names has another name since, which the server has in its place.
        follows: bool,
        /// Who made it.
        origin: Origin,
    },
    /// An index; what is known of it stands at its table.
    Index {
        /// The table.
        table: Key,
    },
    /// A sequence.
    Sequence {
        /// Who made it.
        origin: Origin,
    },
    /// An enum, by its values.
    Enum {
        /// The values in their order.
        values: Rc<Vec<String>>,
        /// Who made it.
        origin: Origin,
    },
    /// A domain.
    Domain {
        /// The type under it.
        base: Type,
        /// Whether it has a CHECK or NOT NULL.
        constrained: bool,
        /// Whether that is so whichever of its own CHECKs are dropped.
        always_constrained: bool,
        /// The value of a column that says nothing else.
        default: Option<Rc<Expr>>,
        /// The names of its constraints and whether they are valid.
        constraints: BTreeMap<String, bool>,
        /// Who made it.
        origin: Origin,
    },
    /// Another type.
    Type {
        /// Its attributes, where it is a composite one.
        attributes: Option<Rc<Vec<String>>>,
        /// Who made it.
        origin: Origin,
    },
    /// A function, or several of one name.
    Function {
        /// What the least reliable of them promises.
        volatility: Volatility,
        /// The same of those that the model cannot tell apart.
        rest: Option<Volatility>,
        /// Whether only triggers can call them.
        of_trigger: bool,
        /// Whether one of them takes something away that others may name.
        drops: bool,
        /// The whole of it, as MySQL and MariaDB have one of a name; where that is sure.
        definition: Option<String>,
        /// What those take and return that the model has seen being made.
        overloads: Rc<Vec<Signature>>,
        /// Whether it has ever seen more than one of them.
        several: bool,
        /// Who made it.
        origin: Origin,
    },
    /// A schema.
    Schema {
        /// Who made it.
        origin: Origin,
    },
    /// An extension.
    Extension {
        /// Whether it is sure that it was not there before.
        sure: bool,
        /// Who made it.
        origin: Origin,
    },
    /// A trigger whose name is not its table's alone.
    Trigger {
        /// The table or view.
        table: Key,
        /// Its definition as written.
        body: String,
        /// Who made it.
        origin: Origin,
    },
    /// An event of MySQL or MariaDB.
    Event {
        /// When it runs and what it does then; empty where that was altered.
        definition: String,
        /// Who made it.
        origin: Origin,
    },
}

impl Object {
    /// What it is.
    pub fn kind(&self) -> ObjectKind {
        match self {
            Object::Table(table) => match table.kind {
                TableKind::Plain | TableKind::Virtual => ObjectKind::Table,
                TableKind::Foreign => ObjectKind::ForeignTable,
                TableKind::MaterializedView => ObjectKind::MaterializedView,
            },
            Object::View { .. } => ObjectKind::View,
            Object::Index { .. } => ObjectKind::Index,
            Object::Sequence { .. } => ObjectKind::Sequence,
            Object::Enum { .. } | Object::Type { .. } => ObjectKind::Type,
            Object::Domain { .. } => ObjectKind::Domain,
            Object::Function { .. } => ObjectKind::Function,
            Object::Schema { .. } => ObjectKind::Schema,
            Object::Extension { .. } => ObjectKind::Extension,
            Object::Trigger { .. } => ObjectKind::Trigger,
            Object::Event { .. } => ObjectKind::Event,
        }
    }

    /// Who made it; an index is as old as its table is, for all that matters.
    pub fn origin(&self) -> Origin {
        match self {
            Object::Table(table) => table.origin,
            Object::View { origin, .. }
            | Object::Sequence { origin }
            | Object::Enum { origin, .. }
            | Object::Domain { origin, .. }
            | Object::Type { origin, .. }
            | Object::Function { origin, .. }
            | Object::Schema { origin }
            | Object::Extension { origin, .. }
            | Object::Trigger { origin, .. }
            | Object::Event { origin, .. } => *origin,
            Object::Index { .. } => Origin::Unknown,
        }
    }
}

/// What a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum TableKind {
    #[default]
    Plain,
    Foreign,
    MaterializedView,
    Virtual,
}

/// What a trigger of MySQL or MariaDB does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// When it fires and what it does then, in one spelling.
    pub definition: String,
    /// The columns of OLD and NEW that it names.
    pub columns: Vec<String>,
}

impl Fired {
    pub(super) fn of(body: &TriggerBody) -> Self {
        Self {
            definition: body.definition.clone(),
            columns: body.columns.iter().map(|column| column.text.clone()).collect(),
        }
    }
}

/// What is known of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableModel {
    /// What it is.
    pub kind: TableKind,
    /// Who made it.
    pub origin: Origin,
    /// Whether it goes with the session.
    pub temporary: bool,
    /// Whether `columns` are all it has.
    pub complete: bool,
    /// The columns known.
    pub columns: Columns,
    /// The constraints known.
    pub constraints: Vec<TableConstraint>,
    /// A constraint that was validated here and that no file made: it may prove anything of a table that is not known.
    pub validated: Option<String>,
    /// The indexes known.
    pub indexes: Vec<TableIndex>,
    /// The columns it is partitioned by; empty names for expressions.
    pub partitioned: Option<Vec<String>>,
    /// How PostgreSQL partitions it: `range`, `list` or `hash`.
    pub strategy: Option<String>,
    /// The tables it inherits from.
    pub inherits: Vec<Key>,
    /// The composite type that its columns come from.
    pub typed: Option<Key>,
    /// The table it is a partition of, and which rows it takes.
    pub partition_of: Option<(Key, Bound)>,
    /// How MySQL and MariaDB tell its rows apart, where that is known.
    pub partitioning: Option<Partitioning>,
    /// The partitions of MySQL and MariaDB, where each is known.
    pub parts: Option<Vec<Part>>,
    /// Its triggers, each with the function it calls where it calls one.
    pub triggers: BTreeMap<String, Option<Key>>,
    /// What those of MySQL and MariaDB do.
    pub fired: BTreeMap<String, Fired>,
    /// Its rules.
    pub rules: BTreeSet<String>,
    /// Its policies.
    pub policies: BTreeSet<String>,
    /// What of these names columns, and which: [`user`](Self::user) says what a user is called.
    pub users: BTreeMap<String, Vec<String>>,
    /// What a trigger or a policy does, in one spelling, as far as that was read; called as in `users`.
    pub manners: BTreeMap<String, String>,
    /// Whether it may have keys and indexes of the table that it is like.
    pub copied: bool,
    /// Whether its rows are known to be in the log.
    pub logged: bool,
    /// Whether its policies are in force.
    pub row_security: bool,
    /// Its character set in MySQL and MariaDB, where one was named.
    pub charset: Option<String>,
    /// The collation of its columns that name none in MySQL and MariaDB, where one was named.
    pub collation: Option<String>,
    /// Its storage engine in MySQL and MariaDB, where one was named.
    pub engine: Option<String>,
    /// Whether its rows are stored compressed.
    pub compressed: bool,
    /// Whether they are stored in a way that leaves keys fewer bytes: COMPACT and REDUNDANT.
    pub short_keys: bool,
    /// Whether they are stored with the length of each value, whatever its type: REDUNDANT.
    pub redundant: bool,
    /// Whether MariaDB keeps the rows that were, and so lets no column change unless told to.
    pub versioned: bool,
    /// Whether its columns hold values of their types only.
    pub strict: bool,
    /// Whether it has no row number beside its key.
    pub without_rowid: bool,
    /// The query of a materialized view.
    pub query: Option<String>,
    /// Whether something that the query names has another name since.
    pub follows: bool,
}

impl TableModel {
    /// A table of which nothing is known.
    pub(super) fn unknown() -> Self {
        Self {
            kind: TableKind::Plain,
            origin: Origin::Unknown,
            temporary: false,
            complete: false,
            columns: Columns::default(),
            constraints: Vec::new(),
            validated: None,
            indexes: Vec::new(),
            partitioned: None,
            strategy: None,
            inherits: Vec::new(),
            typed: None,
            partition_of: None,
            partitioning: None,
            parts: None,
            triggers: BTreeMap::new(),
            fired: BTreeMap::new(),
            rules: BTreeSet::new(),
            policies: BTreeSet::new(),
            users: BTreeMap::new(),
            manners: BTreeMap::new(),
            copied: false,
            logged: false,
            row_security: false,
            charset: None,
            collation: None,
            engine: None,
            compressed: false,
            short_keys: false,
            redundant: false,
            versioned: false,
            strict: false,
            without_rowid: false,
            query: None,
            follows: false,
        }
    }

    /// Whether a constraint may exist and does.
    pub(crate) fn has_already(&self, added: &Constraint) -> bool {
        let named = |name: &Word| {
            let mut indexes = self.indexes.iter();
            self.constraint(&name.text).is_some() || indexes.any(|index| index.name == name.text)
        };
        added.if_not_exists && added.name.as_ref().is_some_and(named)
    }

    /// What a trigger or a policy is called among the users of columns.
    pub fn user(kind: ObjectKind, name: &str) -> String {
        format!("the {} `{name}`", kind.word())
    }

    /// Remembers which columns a trigger or a policy names.
    pub(super) fn set_user(&mut self, kind: ObjectKind, name: &str, columns: &[String]) {
        match columns.is_empty() {
            true => _ = self.users.remove(&Self::user(kind, name)),
            false => _ = self.users.insert(Self::user(kind, name), columns.to_vec()),
        }
    }

    /// Remembers what a trigger or a policy does, where that is known.
    pub(super) fn set_manner(&mut self, kind: ObjectKind, name: &str, manner: Option<String>) {
        let user = Self::user(kind, name);
        match manner {
            Some(manner) => _ = self.manners.insert(user, manner),
            None => _ = self.manners.remove(&user),
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.named(name)
    }

    /// The collation of a column, its own or the table's, where it is known.
    pub fn collation_of<'a>(&'a self, own: Option<&'a str>, charset: Option<&str>) -> Option<&'a str> {
        own.or(self.collation.as_deref().filter(|_| charset.is_none()))
    }

    /// The constraint of that name.
    pub fn constraint(&self, name: &str) -> Option<&TableConstraint> {
        self.constraints.iter().find(|constraint| constraint.name == name)
    }

    /// Whether the column is known to be NOT NULL.
    pub fn is_not_null(&self, column: &str) -> bool {
        self.column(column).is_some_and(|column| column.not_null) || self.is_key_column(column)
    }

    /// Whether the column belongs to the primary key.
    pub fn is_key_column(&self, column: &str) -> bool {
        self.constraints.iter().any(|constraint| match &constraint.kind {
            ConstraintModel::PrimaryKey(columns) => columns.iter().any(|name| name == column),
            _ => false,
        })
    }

    /// The valid CHECK that proves the column to be not null.
    pub fn not_null_proof(&self, column: &str) -> Option<&TableConstraint> {
        let proves = |constraint: &&TableConstraint| match &constraint.kind {
            ConstraintModel::Check(check) => check.proves_not_null(column),
            ConstraintModel::NotNull(name) => name == column,
            _ => false,
        };
        let proofs = || self.constraints.iter().filter(|one| one.valid).filter(proves);
        // One that holds for the heirs as well says more.
        proofs()
            .find(|one| one.behaviour != "no inherit")
            .or_else(|| proofs().next())
    }
}
