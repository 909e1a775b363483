//! What each operation does to the model.

mod alter;
mod by_table;
mod defined;
mod drop;
mod needed;
mod reads;
mod refused;
mod side;
mod sound;
mod sqlite;
mod table;
mod write;

pub(super) use alter::class;
pub(super) use table::unknown_column;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::constraint::object_name;
use super::{Class, Fault, FaultKind, Key, Object, Origin, Schema, TableIndex, TableKind, TableModel};
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{
    DomainChange, Expr, Index, IndexKind, Name, ObjectKind, Operation, Span, Type, TypeChange, TypeKind,
    View, Volatility, Word,
};

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
            Operation::Drop {
                kind,
                names,
                on,
                if_exists,
                cascade,
                ..
            } => {
                // MySQL and MariaDB read CASCADE and do nothing with it.
                if !cascade || self.indexes_by_table() {
                    self.expect_independent(*kind, names, faults);
                }
                for name in names {
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
                if self.may_create(&key, name.span, *if_not_exists, faults) {
                    self.put(key, Object::Sequence { origin });
                }
            }
            Operation::CreateType { name, kind } => self.create_type(name, kind, origin, faults),
            Operation::AlterType { name, change } => self.alter_type(name, change, faults),
            Operation::AlterDomain { name, change } => self.alter_domain(name, change),
            Operation::CreateFunction {
                name,
                or_replace,
                volatility,
                of_trigger,
                drops,
                ..
            } => {
                let key = self.creation(Class::Function, name);
                let object = match self.get(&key) {
                    Some(Object::Function {
                        volatility: known,
                        of_trigger: only,
                        drops: before,
                        ..
                    }) => Object::Function {
                        volatility: if *or_replace {
                            *volatility
                        } else {
                            (*known).max(*volatility)
                        },
                        // ALTER FUNCTION does not say what it returns.
                        of_trigger: *only || *of_trigger,
                        drops: *drops || *before,
                        origin,
                    },
                    _ => Object::Function {
                        volatility: *volatility,
                        of_trigger: *of_trigger,
                        drops: *drops,
                        origin,
                    },
                };
                self.put(key, object);
            }
            Operation::CreateTrigger {
                name,
                table,
                or_replace,
                function,
                columns,
            } => {
                self.expect_no_user(ObjectKind::Trigger, table, name, *or_replace, faults);
                self.expect_used(table, name, columns, faults);
                let function = function.as_ref().map(|name| self.resolve(Class::Function, name));
                self.change_table(table, |table| {
                    _ = table.triggers.insert(name.text.clone(), function);
                    table.set_user(ObjectKind::Trigger, &name.text, columns);
                });
            }
            Operation::CreateNamedTrigger {
                name,
                table,
                if_not_exists,
                body,
            } => {
                self.create_named_trigger(name, table, *if_not_exists, body, origin, faults);
            }
            Operation::CreateRule { name, table } => {
                self.change_table(table, |table| _ = table.rules.insert(name.text.clone()));
            }
            Operation::CreatePolicy { name, table, columns } => {
                self.expect_no_user(ObjectKind::Policy, table, name, false, faults);
                self.expect_used(table, name, columns, faults);
                self.change_table(table, |table| {
                    _ = table.policies.insert(name.text.clone());
                    table.set_user(ObjectKind::Policy, &name.text, columns);
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
            Operation::Set { name, values, .. } => self.set(operation, name, values),
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
            Operation::Call { .. } => self.doubt(),
            Operation::Opaque { .. } => self.doubt_names(),
            // How far it goes back is not followed.
            Operation::Rollback { .. } | Operation::RollbackTo if self.dialect.has_transactional_ddl() => {
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
                for nested in body {
                    self.operation(&nested.operation, origin, &mut Vec::new());
                }
                if dynamic.is_some() {
                    self.doubt_names();
                }
            }
            _ => {}
        }
    }

    /// Whether an object can be made under that key. Says why not, unless it may exist.
    fn may_create(&self, key: &Key, span: Span, if_not_exists: bool, faults: &mut Vec<Fault>) -> bool {
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
        let object = self
            .objects
            .entry(key.clone())
            .or_insert_with(|| Object::Table(Rc::new(TableModel::unknown())));
        if let Object::Table(table) = object {
            change(Rc::make_mut(table));
        }
    }

    fn create_index(&mut self, index: &Index, faults: &mut Vec<Fault>) {
        let table_key = self.resolve(Class::Relation, &index.table);
        if self.expect(&table_key, index.table.span, "table", faults) {
            return;
        }
        let name = match &index.name {
            Some(name) => name.name.clone(),
            None => object_name(&table_key.name, &parts(index).join("_"), "idx"),
        };
        let key = Key::new(Class::Relation, &table_key.schema, &name);
        let span = index.name.as_ref().map_or(Span::default(), |name| name.span);
        if index.name.is_some() && !self.may_create(&key, span, index.if_not_exists, faults) {
            return;
        }
        if let Some(table) = self.table_at(&table_key) {
            let quoted = |column: &String| {
                // SQLite takes a name in double quotes that no column has for a string.
                self.dialect == Dialect::Sqlite
                    && index.definition.to_lowercase().contains(&format!("\"{column}\""))
            };
            for column in index
                .columns
                .iter()
                .filter(|column| !column.is_empty() && !quoted(column))
            {
                let word = Word {
                    text: column.clone(),
                    span: index.table.span,
                };
                missing_column(table, &table_key, &word, faults);
            }
        }
        self.expect_table(&table_key, index.table.span, "which has no indexes", faults);
        for value in index.expressions.iter().chain(&index.predicate) {
            self.expect_columns(&table_key, value, faults);
        }
        let model = TableIndex {
            name: name.clone(),
            unique: index.unique,
            columns: index.columns.clone(),
            definition: index.definition.clone(),
            predicate: index.predicate.as_ref().map(|predicate| predicate.normal()),
            constraint: false,
            kind: IndexKind::Plain,
            part_of: None,
        };
        let known = self.objects.contains_key(&key);
        self.change_table_at(&table_key, |table| {
            if known {
                table.indexes.retain(|known| known.name != name);
            }
            table.indexes.push(model);
        });
        if !index.only {
            self.adopt_parts(&table_key, index, &name);
        }
        self.put(key, Object::Index { table: table_key });
    }

    /// Makes indexes of partitions parts of one on their parent that does the same, as the server does.
    ///
    /// A table that is not known otherwise, and is called after the parent, may be a partition that a function made.
    fn adopt_parts(&mut self, parent: &Key, index: &Index, name: &str) {
        let partitioned = self
            .table_at(parent)
            .is_some_and(|table| table.partitioned.is_some());
        if !partitioned && !self.has_partitions {
            return;
        }
        let may_be = |key: &Key, table: &TableModel| {
            partitioned
                && table.origin == Origin::Unknown
                && key.schema == parent.schema
                && key.name.starts_with(&parent.name)
        };
        let of_it = |key: &Key, table: &TableModel| match &table.partition_of {
            Some((of, _)) => of == parent,
            None => key != parent && may_be(key, table),
        };
        let partitions: Vec<Key> = self
            .tables()
            .filter(|(key, table)| of_it(key, table))
            .map(|(key, _)| key.clone())
            .collect();
        for partition in partitions {
            self.change_table_at(&partition, |table| {
                let same = table.indexes.iter_mut().find(|known| {
                    known.part_of.is_none() && known.unique == index.unique && known.columns == index.columns
                });
                if let Some(same) = same {
                    same.part_of = Some(name.to_owned());
                }
            });
        }
    }

    fn create_view(&mut self, view: &View, origin: Origin, faults: &mut Vec<Fault>) {
        // It goes with the session, so only what is done now can be about it.
        if view.temporary && !matches!(origin, Origin::Draft(_)) {
            return;
        }
        let mut key = self.creation(Class::Relation, &view.name);
        if view.temporary {
            key.schema = self.temporary().to_owned();
        }
        let replaces = view.or_replace && matches!(self.get(&key), Some(Object::View { .. }));
        if !replaces && !self.may_create(&key, view.name.span, view.if_not_exists, faults) {
            return;
        }
        let told = faults.len();
        self.expect_reads(&view.reads, faults);
        if faults.len() == told {
            self.expect_shown(view, faults);
        }
        if let Some(column) = &view.twice {
            let message = format!("`{key}` would show `{column}` twice");
            faults.push(refused::refused(column.span, message));
        }
        if view.materialized {
            let table = TableModel {
                kind: TableKind::MaterializedView,
                origin,
                query: Some(view.query.clone()),
                ..TableModel::unknown()
            };
            self.put(key, Object::Table(Rc::new(table)));
        } else {
            // A replaced view is as old as it was: builds may use it.
            let origin = self.get(&key).filter(|_| replaces).map_or(origin, Object::origin);
            if replaces {
                self.expect_kept_columns(&key, view, faults);
            }
            let columns = self.view_columns(view);
            self.put(
                key,
                Object::View {
                    query: view.query.clone(),
                    columns,
                    origin,
                },
            );
        }
    }

    fn create_type(&mut self, name: &Name, kind: &TypeKind, origin: Origin, faults: &mut Vec<Fault>) {
        let key = self.creation(Class::Type, name);
        if !self.may_create(&key, name.span, false, faults) {
            return;
        }
        self.expect_free_type(&key, name.span, faults);
        let object = match kind {
            TypeKind::Enum(values) => Object::Enum {
                values: Rc::new(values.clone()),
                origin,
            },
            TypeKind::Domain {
                base,
                checks,
                not_null,
                default,
            } => self.new_domain(&key, base, checks, *not_null, default.as_deref(), origin),
            TypeKind::Other => Object::Type { origin },
        };
        self.put(key, object);
    }

    /// A domain is bound by what the domain under it demands, and has its default unless it says otherwise.
    fn new_domain(
        &self,
        key: &Key,
        base: &Type,
        checks: &[Option<Word>],
        not_null: bool,
        default: Option<&Expr>,
        origin: Origin,
    ) -> Object {
        let under = Name {
            schema: base.schema.clone(),
            ..Name::plain(&*base.name)
        };
        let (bound, inherited) = match self.get(&self.resolve(Class::Type, &under)) {
            Some(Object::Domain {
                constrained, default, ..
            }) => (*constrained, default.clone()),
            _ => (false, None),
        };
        let mut constraints = BTreeMap::new();
        for check in checks {
            let name = check.as_ref().map_or_else(
                || free_name(&format!("{}_check", key.name), &constraints),
                |check| check.text.clone(),
            );
            constraints.insert(name, true);
        }
        let always_constrained = bound || not_null;
        Object::Domain {
            base: base.clone(),
            constrained: always_constrained || !constraints.is_empty(),
            always_constrained,
            default: default.cloned().map(Rc::new).or(inherited),
            constraints,
            origin,
        }
    }

    fn alter_type(&mut self, name: &Name, change: &TypeChange, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Type, name);
        self.expect(&key, name.span, "type", faults);
        let Some(Object::Enum { values, origin }) = self.get(&key).cloned() else {
            return;
        };
        let mut changed = (*values).clone();
        match change {
            TypeChange::AddValue {
                value,
                beside,
                if_not_exists,
            } => {
                if let Some(beside) = beside.as_ref().filter(|beside| !changed.contains(beside)) {
                    faults.push(no_value(&key, beside, &values, name.span));
                    return;
                }
                if changed.contains(value) {
                    if !if_not_exists {
                        let message = format!("the enum `{key}` has the value '{value}' already");
                        faults.push(Fault {
                            kind: FaultKind::Exists,
                            span: name.span,
                            message,
                            nearest: None,
                        });
                    }
                    return;
                }
                changed.push(value.clone());
            }
            TypeChange::RenameValue(from, to) => match changed.iter_mut().find(|value| *value == from) {
                Some(value) => {
                    value.clone_from(to);
                    self.rename_in_defaults(&key, from, to);
                }
                None => {
                    faults.push(no_value(&key, from, &values, name.span));
                }
            },
            TypeChange::Attribute => return,
        }
        self.put(
            key,
            Object::Enum {
                values: Rc::new(changed),
                origin,
            },
        );
    }

    /// Lets the defaults of columns of an enum follow one of its values to its new name.
    fn rename_in_defaults(&mut self, key: &Key, from: &str, to: &str) {
        let literal = |value: &str| format!("'{}'", value.replace('\'', "''"));
        let (from, to) = (literal(from), literal(to));
        for table in self.tables_with(|column| alter::is_of_type(column, key)) {
            self.change_table_at(&table, |table| {
                for column in &mut table.columns {
                    let of_it = alter::is_of_type(column, key);
                    if let Some(default) = column.default.as_mut().filter(|_| of_it) {
                        default.text = default.text.replace(&from, &to);
                    }
                }
            });
        }
    }

    fn alter_domain(&mut self, name: &Name, change: &DomainChange) {
        let key = self.resolve(Class::Type, name);
        let Some(Object::Domain {
            base,
            constrained,
            mut always_constrained,
            default,
            mut constraints,
            origin,
        }) = self.get(&key).cloned()
        else {
            return;
        };
        let constrained = match change {
            DomainChange::AddConstraint(constraint) => {
                let name = match &constraint.name {
                    Some(name) => name.text.clone(),
                    None => free_name(&format!("{}_check", key.name), &constraints),
                };
                constraints.insert(name, !constraint.not_valid);
                true
            }
            DomainChange::Validate(name) => {
                constraints.insert(name.text.clone(), true);
                constrained
            }
            DomainChange::DropConstraint(name) => {
                // One that is not known may be one of several.
                let known = constraints.remove(&name.text).is_some();
                always_constrained || !known || !constraints.is_empty()
            }
            DomainChange::SetNotNull => {
                always_constrained = true;
                true
            }
            DomainChange::Harmless => constrained,
        };
        self.put(
            key,
            Object::Domain {
                base,
                constrained,
                always_constrained,
                default,
                constraints,
                origin,
            },
        );
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
            "timezone" => {
                let utc = ["utc", "gmt", "etc/utc", "zulu", "0", "etc/gmt", "universal"];
                self.utc = values
                    .first()
                    .is_some_and(|zone| utc.contains(&zone.to_lowercase().as_str()));
            }
            _ => {}
        }
    }

    /// What a function promises, where the model has seen it.
    pub fn volatility(&self, name: &Name) -> Option<Volatility> {
        match self.get(&self.resolve(Class::Function, name)) {
            Some(Object::Function { volatility, .. }) => Some(*volatility),
            _ => None,
        }
    }
}

/// An enum is known not to have a value.
fn no_value(key: &Key, value: &str, values: &[String], span: Span) -> Fault {
    Fault {
        kind: FaultKind::Missing,
        span,
        message: format!("the enum `{key}` has no value '{value}'"),
        nearest: nearest(value, values.iter().map(String::as_str)).map(str::to_owned),
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

/// What an index is named after where it has no name: its columns, and the functions that its expressions call.
fn parts(index: &Index) -> Vec<String> {
    let list = index.definition.trim();
    let inner = list.strip_prefix('(').and_then(|list| list.strip_suffix(')'));
    let mut items = split_list(inner.unwrap_or(list)).into_iter();
    let part = |column: &String| {
        let item = items.next().unwrap_or_default().trim();
        if !column.is_empty() {
            return column.clone();
        }
        let (called, _) = item.split_once('(').unwrap_or(("", ""));
        let word = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
        match !called.is_empty() && called.chars().all(word) {
            true => called.rsplit('.').next().unwrap_or(called).to_owned(),
            false => "expr".to_owned(),
        }
    };
    index.columns.iter().map(part).collect()
}

/// The items of a list, at the commas that stand in no parentheses.
fn split_list(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0_i32, 0, Vec::new());
    for (at, character) in list.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&list[start..]);
    items
}

/// The name the server gives: the wanted one, or the first with a number behind it that is free.
fn free_name(wanted: &str, taken: &BTreeMap<String, bool>) -> String {
    if !taken.contains_key(wanted) {
        return wanted.to_owned();
    }
    (1..)
        .map(|number| format!("{wanted}{number}"))
        .find(|name| !taken.contains_key(name))
        .unwrap_or_default()
}
