//! What each operation does to the model.

mod alter;
mod asked;
mod assigned;
mod attached;
mod by_table;
pub(crate) mod called;
mod column;
mod constraint;
mod defaults;
mod defined;
mod drop;
mod extension;
pub(crate) mod fitting;
mod function;
mod heritage;
mod immutable;
mod index;
pub(super) mod keys;
mod kinds;
mod literal;
mod mysql_partitions;
mod needed;
mod over_values;
mod partition;
mod parts;
mod reads;
mod references;
mod refused;
mod rename;
mod required;
mod room;
mod side;
mod slips;
mod sound;
mod sqlite;
mod table;
mod table_options;
mod typed;
mod typed_table;
mod types;
mod typing;
mod view;
mod write;

pub(super) use alter::class;
pub(super) use column::unknown_column;

use std::rc::Rc;

use super::{Class, Fault, FaultKind, Fired, Key, Object, Origin, Schema, TableIndex, TableModel};
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{Name, Nested, ObjectKind, Operation, Span, Word};

impl Schema {
    /// Applies an operation, and says what of it cannot work. The model goes on as if it had worked.
    pub fn apply(&mut self, operation: &Operation, origin: Origin) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.operation(operation, origin, &mut faults);
        faults
    }

    fn operation(&mut self, operation: &Operation, origin: Origin, faults: &mut Vec<Fault>) {
        self.expect_possible(operation, faults);
        match operation {
            Operation::CreateTable(table) => self.create_table(table, origin, faults),
            Operation::Alter {
                kind,
                name,
                if_exists,
                actions,
            } => {
                self.alter(*kind, name, *if_exists, actions, origin, faults);
            }
            Operation::CreateExtension { name, if_not_exists } => {
                self.create_extension(name, *if_not_exists, origin, faults);
            }
            Operation::Drop {
                kind: ObjectKind::Extension,
                names,
                if_exists,
                cascade,
                ..
            } => self.drop_extensions(names, *if_exists, *cascade, faults),
            Operation::Drop {
                kind,
                names,
                takes,
                on,
                if_exists,
                cascade,
                ..
            } => {
                // MySQL and MariaDB read CASCADE and do nothing with it.
                if !cascade || self.indexes_by_table() {
                    let lacked = |(at, name): &(usize, &Name)| {
                        let takes = takes.get(*at).and_then(Option::as_deref);
                        takes.is_some_and(|takes| self.lacks_function(name, takes))
                    };
                    match names.iter().enumerate().any(|one| lacked(&one)) {
                        true => {
                            let meant = names.iter().enumerate().filter(|one| !lacked(one));
                            let meant: Vec<Name> = meant.map(|(_, name)| name.clone()).collect();
                            self.expect_independent(*kind, &meant, faults);
                        }
                        false => self.expect_independent(*kind, names, faults),
                    }
                }
                // CASCADE may take what is named behind it.
                let key_of =
                    |schema: &Self, name: &Name| alter::class(*kind).map(|class| schema.resolve(class, name));
                let before: Vec<Option<Key>> = names
                    .iter()
                    .map(|name| key_of(self, name).filter(|key| *cascade && self.get(key).is_some()))
                    .collect();
                for (at, (name, there)) in names.iter().zip(before).enumerate() {
                    if there.is_some_and(|key| self.get(&key).is_none()) {
                        continue;
                    }
                    let takes = takes.get(at).and_then(Option::as_deref);
                    if takes.is_some_and(|takes| self.drop_overload(name, takes, *if_exists, faults)) {
                        continue;
                    }
                    self.drop(*kind, name, on.as_ref(), *if_exists, *cascade, faults);
                }
            }
            Operation::CreateIndex(index) if self.indexes_by_table() => {
                self.create_index_of_table(index, faults);
            }
            Operation::CreateIndex(index) => self.create_index(index, faults),
            Operation::RenameTables(pairs) => self.rename_tables(pairs, faults),
            Operation::CreateView(view) => self.create_view(view, origin, faults),
            Operation::CreateSequence { name, if_not_exists } => {
                let key = self.creation(Class::Relation, name);
                if !if_not_exists {
                    self.expect_uncounted(&key, name.span, faults);
                }
                if self.may_create(&key, name.span, *if_not_exists, faults) {
                    self.put(key, Object::Sequence { origin });
                }
            }
            Operation::CreateType { name, kind } => self.create_type(name, kind, origin, faults),
            Operation::AlterType { name, change } => self.alter_type(name, change, faults),
            Operation::AlterDomain { name, change } => self.alter_domain(name, change, faults),
            Operation::CreateFunction { .. } => self.create_function(operation, origin, faults),
            Operation::CreateTrigger {
                name,
                table,
                or_replace,
                function,
                columns,
                manner,
                body,
            } => {
                let key = self.resolve(Class::Relation, table);
                if self.dialect.is_mysql_family() && self.expect(&key, table.span, "table", faults) {
                    return;
                }
                self.expect_trigger_place(&key, table, body.as_deref(), faults);
                if let Some(body) = body {
                    if !or_replace && !body.if_not_exists {
                        self.expect_free_trigger(&key, name, faults);
                    }
                    self.expect_rows(&key, body, faults);
                }
                self.expect_no_user(ObjectKind::Trigger, table, name, *or_replace, faults);
                self.expect_used(table, name, columns, faults);
                if let Some(function) = function {
                    self.expect_trigger_function(function, faults);
                }
                let function = function.as_ref().map(|name| self.resolve(Class::Function, name));
                self.change_table(table, |table| {
                    _ = table.triggers.insert(name.text.clone(), function);
                    table.fired.remove(&name.text);
                    if let Some(body) = body.as_deref().filter(|body| !body.if_not_exists) {
                        table.fired.insert(name.text.clone(), Fired::of(body));
                    }
                    table.set_user(ObjectKind::Trigger, &name.text, columns);
                    table.set_manner(ObjectKind::Trigger, &name.text, manner.clone());
                });
            }
            Operation::CreateNamedTrigger {
                name,
                table,
                if_not_exists,
                body,
                rows,
            } => {
                let key = self.resolve(Class::Relation, table);
                self.expect_rows(&key, rows, faults);
                self.create_named_trigger(name, table, *if_not_exists, body, origin, faults);
            }
            Operation::CreateEvent {
                name,
                if_not_exists,
                or_replace,
                definition,
            } => {
                let key = self.creation(Class::Event, name);
                if *or_replace {
                    self.take(&key);
                }
                if self.may_create(&key, name.span, *if_not_exists, faults) {
                    let definition = definition.clone();
                    self.put(key, Object::Event { definition, origin });
                }
            }
            Operation::AlterEvent { name, to } => self.alter_event(name, to.as_ref(), faults),
            Operation::CreateRule { name, table } => {
                self.change_table(table, |table| _ = table.rules.insert(name.text.clone()));
            }
            Operation::CreatePolicy {
                name,
                table,
                columns,
                manner,
            } => {
                self.expect_no_user(ObjectKind::Policy, table, name, false, faults);
                self.expect_used(table, name, columns, faults);
                self.change_table(table, |table| {
                    _ = table.policies.insert(name.text.clone());
                    table.set_user(ObjectKind::Policy, &name.text, columns);
                    table.set_manner(ObjectKind::Policy, &name.text, Some(manner.clone()));
                });
            }
            Operation::CreateSchema {
                name,
                if_not_exists,
                elements,
            } => {
                let key = Key::new(Class::Schema, "", &name.text);
                if self.may_create(&key, name.span, *if_not_exists, faults) {
                    self.put(key, Object::Schema { origin });
                }
                let path = std::mem::replace(&mut self.search_path, vec![name.text.clone()]);
                for element in elements {
                    self.operation(element, origin, faults);
                }
                self.search_path = path;
            }
            Operation::Set { name, values, local } => {
                if *local && self.outside.is_none() {
                    self.outside = Some((self.search_path.clone(), self.utc));
                }
                self.set(operation, name, values);
            }
            Operation::Commit { .. } => self.end_transaction(),
            Operation::Data {
                writes, calls, reads, ..
            } => {
                for write in writes {
                    self.write(write, faults);
                }
                self.expect_reads(reads, faults);
                let drops = |name: &Name| {
                    let called = self.get(&self.resolve(Class::Function, name));
                    matches!(called, Some(Object::Function { drops: true, .. }))
                };
                if calls.iter().any(drops) {
                    self.doubt_names();
                }
            }
            Operation::Mention(reads) => self.expect_reads(reads, faults),
            Operation::Call { .. } => self.doubt(),
            Operation::Opaque { .. } => self.doubt_names(),
            // How far it goes back is not followed.
            Operation::Rollback { .. } | Operation::RollbackTo if self.dialect.has_transactional_ddl() => {
                if matches!(operation, Operation::Rollback { .. }) {
                    self.end_transaction();
                }
                self.doubt_names();
            }
            Operation::Do { body, .. } if self.dialect.is_mysql_family() => {
                for nested in body {
                    self.operation(&nested.operation, origin, &mut Vec::new());
                }
                self.doubt();
            }
            Operation::Do { body, dynamic } => {
                // What a body does may depend on anything: it changes the model, and is not judged by it.
                let ends = |nested: &&Nested| {
                    matches!(
                        nested.operation,
                        Operation::Commit { .. } | Operation::Rollback { .. }
                    )
                };
                for nested in body.iter().filter(|nested| !ends(nested)) {
                    self.operation(&nested.operation, origin, &mut Vec::new());
                }
                if dynamic.is_some() {
                    self.doubt_names();
                }
            }
            _ => {}
        }
    }

    /// Whether a relation or type of that name is looked for in no schema.
    fn is_nowhere(&self, key: &Key) -> bool {
        self.dialect == Dialect::Postgres
            && key.schema.is_empty()
            && matches!(key.class, Class::Relation | Class::Type)
            && !super::brought::is_of_others(key, self.dialect)
    }

    /// Whether an object can be made under that key. Says why not, unless it may exist.
    fn may_create(&self, key: &Key, span: Span, if_not_exists: bool, faults: &mut Vec<Fault>) -> bool {
        if self.is_nowhere(key) {
            let message = format!(
                "the search_path is empty, so nothing says in which schema `{}` is made",
                key.name
            );
            faults.push(refused::refused(span, message));
            return true;
        }
        let Some(there) = self.objects.get(key) else {
            return true;
        };
        let unknown = matches!(there, Object::Table(table) if table.origin == Origin::Unknown)
            || self.doubted.contains(key);
        if if_not_exists {
            return false;
        }
        if !unknown {
            let message = format!("the {} `{key}` exists already", there.kind().word());
            faults.push(Fault {
                kind: FaultKind::Exists,
                span,
                message,
                nearest: None,
            });
        }
        true
    }

    /// Reports an object that is known not to be there. Whether it was reported.
    fn expect(&self, key: &Key, span: Span, word: &str, faults: &mut Vec<Fault>) -> bool {
        if self.objects.contains_key(key) {
            return false;
        }
        if self.is_nowhere(key) {
            let message = format!(
                "the search_path is empty, so the {word} `{}` is not found without its schema",
                key.name
            );
            faults.push(Fault {
                kind: FaultKind::Missing,
                span,
                message,
                nearest: None,
            });
            return true;
        }
        // SQLite keeps tables of its own, some of which it makes when they are first needed.
        let own = self.dialect == Dialect::Sqlite && key.name.starts_with("sqlite_");
        if own || !(self.was_dropped(key) || self.was_never_made(key)) {
            return false;
        }
        let names = self
            .objects
            .keys()
            .filter(|other| other.class == key.class)
            .map(|other| other.name.as_str());
        let near = nearest(&key.name, names).map(str::to_owned);
        let how = if self.was_dropped(key) {
            "was dropped or renamed before"
        } else {
            "does not exist"
        };
        let message = format!("the {word} `{key}` {how}");
        faults.push(Fault {
            kind: FaultKind::Missing,
            span,
            message,
            nearest: near,
        });
        true
    }

    /// Changes what is known of a table, which may be nothing so far.
    fn change_table(&mut self, name: &Name, change: impl FnOnce(&mut TableModel)) {
        let key = self.resolve(Class::Relation, name);
        self.change_table_at(&key, change);
    }

    fn change_table_at(&mut self, key: &Key, change: impl FnOnce(&mut TableModel)) {
        self.remember(key);
        let strange = &mut self.strange;
        let object = self.objects.entry(key.clone()).or_insert_with(|| {
            *strange = true;
            Object::Table(Rc::new(TableModel::unknown()))
        });
        if let Object::Table(table) = object {
            change(Rc::make_mut(table));
        }
    }

    /// Gives back what SET LOCAL changed.
    fn end_transaction(&mut self) {
        if let Some((search_path, utc)) = self.outside.take() {
            (self.search_path, self.utc) = (search_path, utc);
        }
    }

    fn set(&mut self, operation: &Operation, name: &str, values: &[String]) {
        match name {
            "search_path" if values.is_empty() => self.search_path = vec!["public".to_owned()],
            "search_path" => {
                let path = values
                    .iter()
                    .filter(|schema| !matches!(schema.as_str(), "$user" | "pg_catalog"));
                self.search_path = path.cloned().collect();
            }
            "foreign_key_checks" => {
                self.foreign_key_checks = !operation.switches_off(name);
            }
            // In a transaction it does nothing, and nobody knows how the connection began.
            "foreign_keys" if self.dialect == Dialect::Sqlite => {
                self.foreign_key_checks = !operation.switches_off(name);
            }
            "sql_mode" => self.own_mode = true,
            "system_versioning_alter_history" => {
                self.keeps_history = values
                    .first()
                    .is_some_and(|value| matches!(&*value.to_lowercase(), "keep" | "1"));
            }
            "timezone" => {
                let utc = ["utc", "gmt", "etc/utc", "zulu", "0", "etc/gmt", "universal"];
                self.utc = values
                    .first()
                    .is_some_and(|zone| utc.contains(&zone.to_lowercase().as_str()));
            }
            _ => {}
        }
    }
}

/// Reports a column that a table is known not to have. Whether it was reported.
fn missing_column(table: &TableModel, key: &Key, column: &Word, faults: &mut Vec<Fault>) -> bool {
    let system = [
        "ctid", "xmin", "xmax", "tableoid", "cmin", "cmax", "oid", "rowid", "_rowid_",
    ]
    .contains(&column.text.as_str());
    if !table.complete || system || table.column(&column.text).is_some() {
        return false;
    }
    let names = table.columns.iter().map(|column| column.name.as_str());
    let near = nearest(&column.text, names).map(str::to_owned);
    let message = format!("the table `{key}` has no column `{}`", column.text);
    faults.push(Fault {
        kind: FaultKind::Missing,
        span: column.span,
        message,
        nearest: near,
    });
    true
}
