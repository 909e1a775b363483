//! The schema as the migrations make it, as far as their text tells.
//!
//! The model is folded over all migrations in order. It never claims to be whole: what it has not seen created is
//! assumed to exist, because a set may have started on a database that was there before it.

pub(crate) mod apply;
mod brought;
mod column;
mod columns;
mod constraint;
mod demand;
mod difference;
mod key;
mod named;
mod object;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use column::Column;
pub use columns::Columns;
pub use demand::{ConstraintModel, TableConstraint, TableIndex};
pub use difference::difference;
pub use key::{Class, Key};
pub use object::{Fired, Object, Origin, TableKind, TableModel};

use named::Named;

use crate::model::{Dialect, ServerVersion};
use crate::sql::{Name, ObjectKind, Span};

/// Something a statement cannot do, because of what the migrations before it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which kind of fault it is.
    pub kind: FaultKind,
    /// Where in the statement.
    pub span: Span,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The name that was probably meant.
    pub nearest: Option<String>,
}

/// The kinds of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An object does not exist.
    Missing,
    /// An object exists already.
    Exists,
    /// Two columns do not fit.
    Mismatch,
    /// Something else needs what is dropped or changed.
    Needed,
    /// The server refuses it for another reason, whatever rows there are.
    Refused,
}

/// The schema at one point of the migrations.
#[derive(Clone, Debug)]
pub struct Schema {
    objects: BTreeMap<Key, Object>,
    /// What was there and is gone, with its kind.
    dropped: BTreeMap<Key, ObjectKind>,
    search_path: Vec<String>,
    /// Whether the session's time zone is known to be UTC.
    utc: bool,
    /// Both as they are again when the transaction ends, where a SET LOCAL has changed one.
    outside: Option<(Vec<String>, bool)>,
    /// The tables and views that something may have changed or dropped whose effects nobody can know.
    doubted: BTreeSet<Key>,
    /// Whether ALTER TABLE looks at what foreign keys refer to.
    foreign_key_checks: bool,
    /// Whether the file sets the mode of the session, which decides what a literal in double quotes is and how strictly
    /// values are taken.
    own_mode: bool,
    /// Whether columns of tables that keep their earlier rows may change: `system_versioning_alter_history` of MariaDB.
    keeps_history: bool,
    /// Whose rules names and indexes follow.
    dialect: Dialect,
    /// The oldest server that the files are meant for, where they say so.
    server: Option<ServerVersion>,
    /// Whether what the model has not seen does not exist.
    strict: bool,
    /// Whether a table was there that no file made.
    strange: bool,
    /// Whether something ran of which nobody knows what it made.
    obscured: bool,
    /// Whether casts or operators were made, so that nobody knows which types go together.
    widened: bool,
    /// Whether any table has been a partition.
    has_partitions: bool,
    /// The tables that others have inherited from.
    parents: BTreeSet<Key>,
    /// Whether anything has been temporary.
    has_temporary: bool,
    /// The views by the words of their queries, of those that they once had too.
    named: Named,
    /// The sequences that serial and identity columns brought, by the name that the server gave or a file did.
    counters: BTreeMap<Key, Origin>,
    /// Tables that lost their name in this file, and whether they live on under another one.
    displaced: BTreeMap<Key, (Rc<TableModel>, bool)>,
    /// The values before the first change of each key, while somebody wants to go back.
    journal: Option<BTreeMap<Key, Option<Object>>>,
    /// What was dropped since then that no file made.
    unmade: BTreeSet<Key>,
}

impl Schema {
    /// An empty model. With `strict`, the migrations start from an empty database.
    pub fn new(strict: bool) -> Self {
        Self {
            objects: BTreeMap::new(),
            dropped: BTreeMap::new(),
            search_path: vec!["public".to_owned()],
            outside: None,
            utc: false,
            strict,
            strange: false,
            obscured: false,
            widened: false,
            has_partitions: false,
            parents: BTreeSet::new(),
            has_temporary: false,
            named: Named::default(),
            dialect: Dialect::Postgres,
            doubted: BTreeSet::new(),
            foreign_key_checks: true,
            own_mode: false,
            keeps_history: false,
            server: None,
            counters: BTreeMap::new(),
            displaced: BTreeMap::new(),
            journal: None,
            unmade: BTreeSet::new(),
        }
    }

    /// The model of a database that speaks that dialect instead of PostgreSQL's.
    pub fn speaking(self, dialect: Dialect) -> Self {
        Self { dialect, ..self }
    }

    /// The model of databases of that server and newer ones.
    pub fn meant_for(self, server: Option<ServerVersion>) -> Self {
        Self { server, ..self }
    }

    /// Whose rules names and indexes follow.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The schema of temporary tables.
    pub(crate) fn temporary(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "temp",
            _ => crate::sql::TEMPORARY,
        }
    }

    /// Forgets what the session had set, as between two files.
    pub fn reset_session(&mut self) {
        self.search_path = vec!["public".to_owned()];
        self.utc = false;
        self.outside = None;
        self.foreign_key_checks = true;
        self.own_mode = false;
        self.keeps_history = false;
        self.displaced.clear();
    }

    /// Whether ALTER TABLE looks at what foreign keys refer to: `foreign_key_checks` of MySQL and MariaDB.
    pub fn checks_foreign_keys(&self) -> bool {
        self.foreign_key_checks
    }

    /// Whether indexes belong to their tables and have names of their own there, as in MySQL and MariaDB.
    fn indexes_by_table(&self) -> bool {
        self.dialect.is_mysql_family()
    }

    /// Whether the session's time zone is known to be UTC.
    pub fn session_is_utc(&self) -> bool {
        self.utc
    }

    /// The key a name stands for: the first object of that name on the search path, or where it would be made.
    pub fn resolve(&self, class: Class, name: &Name) -> Key {
        if let Some(schema) = &name.schema {
            return Key::new(class, schema, &name.name);
        }
        // Where there is one place only, it is there or would be made there.
        if let ([_], false) = (&*self.search_path, self.has_temporary) {
            return self.creation(class, name);
        }
        let temporary = self.has_temporary.then(|| self.temporary());
        let path = temporary
            .into_iter()
            .chain(self.search_path.iter().map(String::as_str));
        let found = path
            .map(|schema| Key::new(class, schema, &name.name))
            .find(|key| self.objects.contains_key(key));
        found.unwrap_or_else(|| self.creation(class, name))
    }

    /// The trigger's table, where the statement names the trigger alone.
    pub fn table_of_trigger(&self, trigger: &str) -> Option<&Key> {
        let mut tables = self
            .tables()
            .filter(|(_, table)| table.triggers.contains_key(trigger));
        tables.next().map(|(key, _)| key)
    }

    /// The key under which an object of that name would be created.
    pub fn creation(&self, class: Class, name: &Name) -> Key {
        let schema = name
            .schema
            .as_deref()
            .or(self.search_path.first().map(String::as_str));
        Key::new(class, schema.unwrap_or("public"), &name.name)
    }

    /// The object of that key, if the model has seen it.
    pub fn get(&self, key: &Key) -> Option<&Object> {
        self.objects.get(key)
    }

    /// The table of that name, if the model knows anything about it.
    pub fn table(&self, name: &Name) -> Option<&Rc<TableModel>> {
        self.table_at(&self.resolve(Class::Relation, name))
    }

    /// Whether something may have changed or dropped it whose effects nobody can know.
    pub(crate) fn is_doubted(&self, key: &Key) -> bool {
        self.doubted.contains(key)
    }

    /// The table of that key, if the model knows anything about it.
    pub fn table_at(&self, key: &Key) -> Option<&Rc<TableModel>> {
        match self.objects.get(key) {
            Some(Object::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// The table and the index of that name.
    pub fn index(&self, name: &Name) -> Option<(&Key, &TableIndex)> {
        let key = self.resolve(Class::Relation, name);
        let Some(Object::Index { table }) = self.objects.get(&key) else {
            return None;
        };
        let index = self
            .table_at(table)?
            .indexes
            .iter()
            .find(|index| index.name == key.name)?;
        Some((table, index))
    }

    /// Every table the model knows anything about.
    pub fn tables(&self) -> impl Iterator<Item = (&Key, &Rc<TableModel>)> {
        self.relations().filter_map(|(key, object)| match object {
            Object::Table(table) => Some((key, table)),
            _ => None,
        })
    }

    fn relations(&self) -> impl Iterator<Item = (&Key, &Object)> {
        let all = self.objects.iter();
        all.take_while(|(key, _)| key.class == Class::Relation)
    }

    /// The views and materialized views whose queries have that word, in the order of their keys.
    fn naming(&self, word: &str) -> impl Iterator<Item = (&Key, &str)> {
        let keys = self.named.by(word);
        keys.into_iter().filter_map(|key| match self.objects.get(key)? {
            Object::View { query, .. } => Some((key, query.as_str())),
            Object::Table(table) => Some((key, table.query.as_deref()?)),
            _ => None,
        })
    }

    /// Every view, with its query.
    pub fn views(&self) -> impl Iterator<Item = (&Key, &str)> {
        self.relations().filter_map(|(key, object)| match object {
            Object::View { query, .. } => Some((key, query.as_str())),
            _ => None,
        })
    }

    /// Every trigger that has a name of its own, with its table and its definition.
    pub fn triggers(&self) -> impl Iterator<Item = (&Key, &Key, &str)> {
        let first = Key::new(Class::Trigger, "", "");
        self.objects
            .range(first..)
            .filter_map(|(key, object)| match object {
                Object::Trigger { table, body, .. } => Some((key, table, body.as_str())),
                _ => None,
            })
    }

    /// Whether the model saw the object being dropped.
    pub fn was_dropped(&self, key: &Key) -> bool {
        self.dropped.contains_key(key)
    }

    /// Whether nothing of that key can be there, because the migrations start from an empty database.
    pub fn was_never_made(&self, key: &Key) -> bool {
        self.strict
            && key.schema == "public"
            && !self.objects.contains_key(key)
            && !self.counters.contains_key(key)
            && !brought::is_of_others(key, self.dialect)
    }

    /// Whether an object is known not to be there: dropped, or never made where the files started from nothing.
    pub fn is_absent(&self, key: &Key) -> bool {
        !self.objects.contains_key(key) && (self.was_dropped(key) || self.was_never_made(key))
    }

    /// Starts to remember what is changed.
    pub fn begin(&mut self) {
        self.journal = Some(BTreeMap::new());
        self.unmade.clear();
    }

    /// What was dropped since [`begin`](Self::begin), of what no file made.
    pub(crate) fn unmade(&self) -> BTreeSet<Key> {
        self.unmade.clone()
    }

    /// Notes what is dropped and no file made.
    fn note_unmade(&mut self, key: &Key) {
        if self.get(key).is_none() && !self.was_dropped(key) {
            self.unmade.insert(key.clone());
        }
    }

    /// The objects that were changed since [`begin`](Self::begin), as they were; stops remembering.
    pub fn changed(&mut self) -> BTreeMap<Key, Option<Object>> {
        self.journal.take().unwrap_or_default()
    }

    /// Applies something, looks at what it made and at the objects it changed as they were, and takes it back.
    pub fn rehearse<R>(
        &mut self,
        apply: impl FnOnce(&mut Self),
        look: impl FnOnce(&Self, &BTreeMap<Key, Option<Object>>) -> R,
    ) -> R {
        let dropped = self.dropped.clone();
        let search_path = self.search_path.clone();
        let (utc, foreign_key_checks, own_mode) = (self.utc, self.foreign_key_checks, self.own_mode);
        let (keeps_history, strange) = (self.keeps_history, self.strange);
        let displaced = self.displaced.clone();
        let counters = self.counters.clone();
        let outer = self.journal.take();
        self.begin();
        apply(self);
        let changed = self.changed();
        let result = look(self, &changed);
        for (key, object) in changed {
            match object {
                Some(object) => self.objects.insert(key, object),
                None => self.objects.remove(&key),
            };
        }
        self.dropped = dropped;
        self.search_path = search_path;
        self.utc = utc;
        self.foreign_key_checks = foreign_key_checks;
        self.own_mode = own_mode;
        self.keeps_history = keeps_history;
        self.strange = strange;
        self.displaced = displaced;
        self.counters = counters;
        self.journal = outer;
        result
    }

    fn remember(&mut self, key: &Key) {
        if let Some(journal) = &mut self.journal
            && !journal.contains_key(key)
        {
            journal.insert(key.clone(), self.objects.get(key).cloned());
        }
    }

    fn put(&mut self, key: Key, object: Object) {
        self.remember(&key);
        self.dropped.remove(&key);
        self.doubted.remove(&key);
        self.has_temporary |= key.schema == self.temporary();
        self.named.read(&key, &object);
        self.objects.insert(key, object);
    }

    /// The object of that key, to be changed.
    fn changed_object(&mut self, key: &Key) -> Option<&mut Object> {
        self.remember(key);
        self.objects.get_mut(key)
    }

    fn take(&mut self, key: &Key) -> Option<Object> {
        self.remember(key);
        self.objects.remove(key)
    }
}
