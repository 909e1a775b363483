//! What a rule can ask about a statement.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::change::Change;
use super::config::Config;
use super::effect::Effect;
use super::file::Landmarks;
use crate::model::{Dialect, Layout, Migration, MigrationSet, Phase, ServerVersion};
use crate::schema::{Class, Fault, FaultKind, Key, Object, Origin, Schema, TableModel};
use crate::script::demand::{Demand, transaction_demand};
use crate::script::semantic::semantic_tokens;
use crate::sql::{Action, Name, ObjectKind, Operation, Parsed, Span, View};

/// A statement with everything around it.
pub(crate) struct Context<'a> {
    /// The schema before the statement.
    pub(crate) schema: &'a Schema,
    pub(crate) operation: &'a Operation,
    pub(crate) migration: &'a Migration,
    /// The change it belongs to, where that has a name.
    pub(crate) change: Option<&'a Change<'a>>,
    pub(crate) set: &'a MigrationSet,
    /// The statements of its `down`.
    pub(crate) down: Option<&'a [Parsed]>,
    /// The index of the migration in its set.
    pub(crate) index: usize,
    pub(crate) dialect: Dialect,
    pub(crate) since: ServerVersion,
    pub(crate) layout: Layout,
    pub(crate) config: &'a Config,
    /// What the transaction did before the statement.
    pub(crate) transaction: &'a Transaction,
    /// The operations of the whole section, and which of them this is.
    pub(crate) all: &'a [Operation],
    pub(crate) at: usize,
    /// What is worth finding in `all` without reading it.
    pub(crate) landmarks: &'a Landmarks,
    /// The texts of the whole section.
    pub(crate) texts: &'a [&'a str],
    /// The text of the statement.
    pub(crate) sql: &'a str,
    /// Whether it stands in the body of another statement.
    pub(crate) nested: bool,
    /// Whether it stands in `down`, which nothing runs in batches.
    pub(crate) back: bool,
    /// The table that it alters, once a rule has asked: most rules do.
    pub(crate) altered: OnceCell<Option<Key>>,
    /// Whether a rule was told that something is new which another draft makes.
    pub(crate) spared: Cell<bool>,
}

/// What a transaction has done so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transaction {
    /// Whether statements share a transaction at all.
    pub(crate) open: bool,
    /// Whether what runs is a body that stands in it, and cannot end it.
    pub(crate) enclosing: bool,
    /// Whether a BEGIN of the file opened it.
    pub(crate) explicit: bool,
    /// The locks and the work on existing tables, with the index of their statement.
    pub(crate) effects: Vec<(usize, Effect)>,
    /// Constraints that were added NOT VALID: table and name, which is empty where the server made it.
    pub(crate) not_valid: Vec<(Key, String)>,
    /// Enum values that were added.
    pub(crate) enum_values: Vec<String>,
    /// Foreign keys that were added, by their existing parent.
    pub(crate) parents: Vec<Key>,
}

/// A table that exists, and the actions on it.
#[derive(Clone)]
pub(crate) struct Altered<'a> {
    pub(crate) name: &'a Name,
    pub(crate) key: Key,
    pub(crate) table: Option<&'a TableModel>,
    pub(crate) actions: &'a [Action],
}

impl Transaction {
    /// What the server does not do within a transaction that the file begins, where no rule tells it. `alone` says that
    /// each statement of the file is sent by itself; else that is told of the file.
    pub(super) fn refuses(
        &self,
        operation: &Operation,
        sql: &str,
        alone: bool,
        dialect: Dialect,
    ) -> Option<Fault> {
        let message = match dialect {
            Dialect::Sqlite if matches!(operation, Operation::Vacuum { .. }) => {
                "VACUUM cannot run in a transaction"
            }
            Dialect::Sqlite => barred_pragma(operation)?,
            Dialect::Postgres if alone && is_outside(sql) => {
                "this statement cannot run inside a transaction block"
            }
            _ => return None,
        };
        self.explicit.then(|| Fault {
            kind: FaultKind::Refused,
            span: Span::default(),
            message: message.to_owned(),
            nearest: None,
        })
    }
}

impl Transaction {
    /// What SQLite says of a BEGIN where the file has begun a transaction already; the others commit it or warn.
    pub(super) fn begins_twice(&self, dialect: Dialect) -> Option<Fault> {
        (self.explicit && dialect == Dialect::Sqlite).then(|| Fault {
            kind: FaultKind::Refused,
            span: Span::default(),
            message: "a transaction cannot begin within another one; SAVEPOINT can".to_owned(),
            nearest: None,
        })
    }
}

/// A pragma that SQLite refuses within a transaction.
fn barred_pragma(operation: &Operation) -> Option<&'static str> {
    let Operation::Set { name, values, .. } = operation else {
        return None;
    };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    match () {
        () if is("journal_mode") && values.iter().any(|value| value.eq_ignore_ascii_case("wal")) => {
            Some("within a transaction the journal does not become WAL")
        }
        () if is("synchronous") && !values.is_empty() => {
            Some("PRAGMA synchronous cannot be set in a transaction")
        }
        () => None,
    }
}

/// Whether a statement of PostgreSQL begins no transaction and can be in none; `concurrently-in-transaction` tells the rest.
fn is_outside(sql: &str) -> bool {
    matches!(transaction_demand(sql, Dialect::Postgres), Demand::Outside(_))
        && !semantic_tokens(sql, Dialect::Postgres).any(|word| word.eq_ignore_ascii_case("concurrently"))
}

impl<'a> Context<'a> {
    pub(crate) fn phase(&self) -> Phase {
        self.migration.phase
    }

    /// Whether every server the set is meant for has that version at least.
    pub(crate) fn at_least(&self, major: u32) -> bool {
        self.since >= ServerVersion::new(major, 0, 0)
    }

    /// Whether nobody can be using what that origin made.
    pub(crate) fn is_new(&self, origin: Origin) -> bool {
        match origin {
            Origin::Draft(index) if index == self.index => true,
            Origin::Draft(_) => {
                let new = !self.config.new_in_same_file_only;
                self.spared.set(self.spared.get() || new);
                new
            }
            Origin::Unknown | Origin::History => false,
        }
    }

    /// The key of a table that exists in databases in use; none for a new or temporary one.
    pub(crate) fn existing(&self, name: &Name) -> Option<Key> {
        let key = self.schema.resolve(Class::Relation, name);
        self.exists(&key).then_some(key)
    }

    pub(crate) fn exists(&self, key: &Key) -> bool {
        match self.schema.get(key) {
            Some(Object::Table(table)) => !table.temporary && !self.is_new(table.origin),
            Some(object) => !self.is_new(object.origin()),
            None => key.schema != self.schema.temporary() && !self.schema.is_absent(key),
        }
    }

    /// Whether an object other than a table exists in databases in use.
    pub(crate) fn object_exists(&self, class: Class, name: &Name) -> bool {
        let key = match class {
            Class::Schema => Key::new(class, "", &name.name),
            _ => self.schema.resolve(class, name),
        };
        let origin = match self.schema.get(&key) {
            Some(object) => Some(object.origin()),
            None => self.schema.counter(&key),
        };
        origin.is_none_or(|origin| !self.is_new(origin)) && key.schema != self.schema.temporary()
    }

    /// ALTER TABLE of a table that exists.
    pub(crate) fn altered(&self) -> Option<Altered<'a>> {
        let Operation::Alter {
            kind: ObjectKind::Table,
            name,
            actions,
            ..
        } = self.operation
        else {
            return None;
        };
        let key = self.altered.get_or_init(|| self.existing(name)).clone()?;
        let table = self.schema.table_at(&key).map(|table| &**table);
        Some(Altered {
            name,
            key,
            table,
            actions,
        })
    }

    /// The text of a place in the statement.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        span.of(self.sql)
    }

    /// The whole statement.
    pub(crate) fn whole(&self) -> Span {
        Span {
            start: 0,
            end: self.sql.len() as u32,
        }
    }

    /// The operations after this one that are sure to commit together with it.
    pub(crate) fn later_in_transaction(&self) -> &'a [Operation] {
        if !self.transaction.open || self.dialect.is_mysql_family() {
            return &[];
        }
        let end = self.landmarks.end_after(self.at).unwrap_or(self.all.len());
        self.all.get(self.at + 1..end).unwrap_or_default()
    }

    /// The operations before this one that are sure to commit together with it.
    pub(crate) fn earlier_in_transaction(&self) -> &'a [Operation] {
        if !self.transaction.open || self.dialect.is_mysql_family() {
            return &[];
        }
        self.all
            .get(self.landmarks.end_before(self.at)..self.at)
            .unwrap_or_default()
    }

    /// The views that are made after this statement and are sure to commit together with it.
    pub(crate) fn later_views(&self) -> impl Iterator<Item = &'a View> {
        let from = self.at + 1;
        let to = from + self.later_in_transaction().len();
        let all = self.all;
        self.landmarks
            .views_in(from..to)
            .iter()
            .filter_map(move |at| match all.get(*at)? {
                Operation::CreateView(view) => Some(&**view),
                _ => None,
            })
    }

    /// The statements in a stretch of the file that give a table that name, by making or renaming it.
    pub(crate) fn naming(&self, name: &str, range: Range<usize>) -> impl Iterator<Item = &'a Operation> {
        let all = self.all;
        let places = self.landmarks.naming(name, range);
        places.iter().filter_map(move |at| all.get(*at))
    }

    /// The texts of the statements after this one that are sure to commit together with it.
    pub(crate) fn later_texts(&self) -> &'a [&'a str] {
        let count = self.later_in_transaction().len();
        self.texts
            .get(self.at + 1..)
            .and_then(|rest| rest.get(..count))
            .unwrap_or_default()
    }
}
