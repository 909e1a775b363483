//! DROP.

use super::super::named::words;
use super::super::{
    Class, ConstraintModel, Fault, FaultKind, Key, Object, Schema, TableConstraint, TableIndex, TableModel,
};
use super::alter::class;
use super::column::is_of_type;
use crate::model::Dialect;
use crate::sql::{Name, ObjectKind, Operation, Signature};

impl Schema {
    pub(super) fn drop(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        on: Option<&Name>,
        if_exists: bool,
        cascade: bool,
        faults: &mut Vec<Fault>,
    ) {
        if let Some(table) = on {
            return self.detach(kind, name, table, if_exists, faults);
        }
        if kind == ObjectKind::Trigger && self.dialect.is_mysql_family() {
            if let Some(table) = self.table_of_trigger(&name.name).cloned() {
                self.change_table_at(&table, |table| {
                    table.triggers.remove(&name.name);
                    table.fired.remove(&name.name);
                });
            }
            return;
        }
        let class = match class(kind) {
            Some(class) => class,
            // Without a table its name is its own.
            None if kind == ObjectKind::Trigger => Class::Trigger,
            None => return,
        };
        if class == Class::Schema {
            return self.drop_schema(&name.name, cascade);
        }
        let key = self.resolve(class, name);
        if !if_exists && self.expect(&key, name.span, kind.word(), faults) {
            return;
        }
        if self.dialect.is_mysql_family() && key.schema == self.temporary() && self.get(&key).is_none() {
            if !if_exists {
                let message = format!("no table `{}` goes with the session", key.name);
                faults.push(Fault {
                    kind: FaultKind::Missing,
                    span: name.span,
                    message,
                    nearest: None,
                });
            }
            return;
        }
        if kind == ObjectKind::Table {
            self.displace(&key);
        }
        if cascade {
            self.forget_dependents(kind, &key);
        }
        self.note_unmade(&key);
        let known = self.take(&key);
        // What only triggers call takes nothing, so there is one of it.
        let only = matches!(&known, Some(Object::Function { of_trigger: true, overloads, .. }) if overloads.len() == 1);
        match known {
            Some(Object::Index { table }) => {
                self.change_table_at(&table, |table| {
                    table.indexes.retain(|index| index.name != key.name)
                });
                self.forget_parts(&key);
            }
            Some(Object::Table(table)) => {
                self.forget_table(&key, &table);
                self.indexes_went(&key, table.indexes.iter().map(|index| &*index.name));
            }
            Some(Object::View { .. }) if self.dialect == Dialect::Sqlite => {
                self.forget_attached(&key, &TableModel::unknown());
            }
            _ => {}
        }
        // Overloads share a key, so a function of that name may still be there.
        if class != Class::Function || only {
            self.dropped.insert(key, kind);
        }
    }

    /// What a DROP names that no file made, or removed before. It may be there from before the files, or be a slip.
    pub(crate) fn strangers(&self, operation: &Operation) -> Vec<Key> {
        let Operation::Drop {
            kind,
            names,
            on: None,
            ..
        } = operation
        else {
            return Vec::new();
        };
        let Some(class) = class(*kind).filter(|class| *class != Class::Schema) else {
            return Vec::new();
        };
        let keys = names.iter().map(|name| self.resolve(class, name));
        keys.filter(|key| self.get(key).is_none() && !self.was_dropped(key))
            .collect()
    }

    /// Remembers that indexes went with their table, or with what they are over.
    fn indexes_went<'a>(&mut self, table: &Key, names: impl Iterator<Item = &'a str>) {
        if self.indexes_by_table() {
            return;
        }
        for name in names {
            let key = Key::new(Class::Relation, &table.schema, name);
            if self.get(&key).is_none() {
                self.dropped.insert(key, ObjectKind::Index);
            }
        }
    }

    /// Removes the parts of an index that is gone.
    fn forget_parts(&mut self, gone: &Key) {
        let is_part = |index: &TableIndex| index.part_of.as_ref() == Some(&gone.name);
        let parts: Vec<(Key, String)> = self
            .tables()
            .flat_map(|(key, table)| {
                let parts = table.indexes.iter().filter(|index| is_part(index));
                parts.map(move |index| (key.clone(), index.name.clone()))
            })
            .collect();
        for (table, name) in parts {
            self.change_table_at(&table, |table| table.indexes.retain(|index| index.name != name));
            let key = Key::new(Class::Relation, &table.schema, &name);
            self.take(&key);
            self.forget_parts(&key);
        }
    }

    /// Removes what CASCADE takes along. What goes by a guess is unknown from here on, not gone.
    fn forget_dependents(&mut self, kind: ObjectKind, key: &Key) {
        self.forget_functions_of(&key.name);
        match kind {
            ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::ForeignTable => {
                self.forget_views(key, None);
                self.forget_heirs(key);
            }
            ObjectKind::Index => {
                if let Some(Object::Index { table }) = self.get(key).cloned() {
                    self.forget_references(&table, &key.name);
                }
            }
            ObjectKind::Function => self.forget_triggers(|function| function == key),
            ObjectKind::Type | ObjectKind::Domain => {
                for table in self.tables_with(|column| is_of_type(column, key)) {
                    let known = self.table_at(&table).cloned();
                    let of_it = known.iter().flat_map(|table| &table.columns);
                    for column in of_it.filter(|column| is_of_type(column, key)) {
                        self.drop_column(&table, &column.name);
                    }
                }
            }
            _ => {}
        }
    }

    /// Removes the views whose query names a relation, and a column of it where only that goes, and so on.
    pub(super) fn forget_views(&mut self, key: &Key, column: Option<&str>) {
        let mut gone = vec![key.clone()];
        let mut at = 0;
        while let Some(of) = gone.get(at).cloned() {
            let column = column.filter(|_| at == 0);
            at += 1;
            let names = |query: &str| {
                has_word(query, &of.name)
                    && column.is_none_or(|column| has_word(query, column) || query.contains('*'))
            };
            let dependents: Vec<Key> = self
                .naming(&of.name)
                .filter(|(view, query)| !gone.contains(view) && names(query))
                .map(|(view, _)| view.clone())
                .collect();
            for view in dependents {
                if let Some(Object::Table(table)) = self.take(&view) {
                    self.forget_table(&view, &table);
                }
                gone.push(view);
            }
        }
    }

    /// Removes the foreign keys that a key or unique index of their parent stood behind.
    pub(super) fn forget_references(&mut self, parent: &Key, name: &str) {
        let Some(table) = self.table_at(parent) else {
            return;
        };
        let by_constraint = table.constraint(name).and_then(|one| match &one.kind {
            ConstraintModel::PrimaryKey(columns) => Some((columns.clone(), true)),
            ConstraintModel::Unique(columns) => Some((columns.clone(), false)),
            _ => None,
        });
        let by_index = || {
            let index = table.indexes.iter().find(|index| index.name == name)?;
            index.unique.then(|| (index.columns.clone(), false))
        };
        let Some((mut columns, primary)) = by_constraint.or_else(by_index) else {
            return;
        };
        columns.sort();
        let refers = |one: &TableConstraint| match &one.kind {
            ConstraintModel::ForeignKey(_, of, named) if of == parent => {
                let mut named = named.clone();
                named.sort();
                named == columns || (primary && named.is_empty())
            }
            _ => false,
        };
        self.drop_constraints(refers);
    }

    /// Removes the constraints of that kind, of all tables.
    fn drop_constraints(&mut self, is_such: impl Fn(&TableConstraint) -> bool) {
        let having: Vec<Key> = self
            .tables()
            .filter(|(_, table)| table.constraints.iter().any(&is_such))
            .map(|(key, _)| key.clone())
            .collect();
        for key in having {
            self.change_table_at(&key, |table| table.constraints.retain(|one| !is_such(one)));
        }
    }

    /// Removes the functions that take or return something of that type; tables and views are types too.
    fn forget_functions_of(&mut self, ty: &str) {
        let of_it = |one: &Signature| {
            let returned = one.returns.as_deref();
            returned.is_some_and(|returns| has_word(returns, ty))
                || one.takes.iter().any(|(_, taken)| taken.name == ty)
        };
        let such = |object: &Object| matches!(object, Object::Function { overloads, .. } if overloads.iter().any(of_it));
        let functions = self.objects.iter().filter(|(_, object)| such(object));
        for key in functions.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            self.take(&key);
        }
    }

    /// Removes the triggers that call such a function.
    fn forget_triggers(&mut self, is_such: impl Fn(&Key) -> bool) {
        let calls = |function: &Option<Key>| function.as_ref().is_some_and(&is_such);
        let tables: Vec<Key> = self
            .tables()
            .filter(|(_, table)| table.triggers.values().any(calls))
            .map(|(key, _)| key.clone())
            .collect();
        for key in tables {
            self.change_table_at(&key, |table| {
                table.triggers.retain(|_, function| !calls(function));
                let kept: Vec<String> = table
                    .triggers
                    .keys()
                    .map(|name| TableModel::user(ObjectKind::Trigger, name))
                    .collect();
                let policies = table
                    .policies
                    .iter()
                    .map(|name| TableModel::user(ObjectKind::Policy, name));
                let kept: Vec<String> = kept.into_iter().chain(policies).collect();
                table.users.retain(|user, _| kept.contains(user));
                table.manners.retain(|user, _| kept.contains(user));
            });
        }
    }

    /// Removes what goes with a table: its indexes, its partitions, the foreign keys that refer to it.
    pub(super) fn forget_table(&mut self, key: &Key, gone: &TableModel) {
        for index in gone
            .indexes
            .iter()
            .filter(|_| !self.dialect.is_mysql_family())
            .cloned()
            .collect::<Vec<_>>()
        {
            // Another table may have an index of that name by now.
            let name = Key::new(Class::Relation, &key.schema, &index.name);
            if matches!(self.get(&name), Some(Object::Index { table }) if table == key) {
                self.take(&name);
            }
        }
        // Those of its columns go with it; which they are, their names tell.
        let prefix = format!("{}_", key.name);
        let counts = |other: &Key, object: &Object| {
            other.schema == key.schema
                && matches!(object, Object::Sequence { .. })
                && other.name.starts_with(&prefix)
                && other.name.ends_with("_seq")
        };
        let sequences: Vec<Key> = self
            .objects
            .iter()
            .filter(|(other, object)| counts(other, object))
            .map(|(key, _)| key.clone())
            .collect();
        for sequence in sequences {
            self.take(&sequence);
        }
        if self.dialect == Dialect::Sqlite {
            // The foreign keys that refer to it stay, and refer to whatever gets its name.
            return self.forget_attached(key, gone);
        }
        let is_partition = |table: &TableModel| {
            table
                .partition_of
                .as_ref()
                .is_some_and(|(parent, _)| parent == key)
        };
        let partitions: Vec<Key> = match gone.partitioned {
            Some(_) => self
                .tables()
                .filter(|(_, table)| is_partition(table))
                .map(|(key, _)| key.clone())
                .collect(),
            None => Vec::new(),
        };
        for partition in partitions {
            if let Some(Object::Table(table)) = self.take(&partition) {
                self.forget_table(&partition, &table);
            }
            self.dropped.insert(partition, ObjectKind::Table);
        }
        let refers = |one: &TableConstraint| matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, _) if parent == key);
        self.drop_constraints(refers);
    }

    fn drop_schema(&mut self, name: &str, cascade: bool) {
        let key = Key::new(Class::Schema, "", name);
        self.note_unmade(&key);
        self.take(&key);
        self.dropped.insert(key, ObjectKind::Schema);
        if cascade {
            let inside: Vec<Key> = self
                .objects
                .keys()
                .filter(|key| key.schema == name)
                .cloned()
                .collect();
            for key in inside {
                if let Some(object) = self.take(&key) {
                    self.dropped.insert(key, object.kind());
                }
            }
            self.forget_triggers(|function| function.schema == name);
        }
    }

    /// Removes a column with the indexes and constraints over it.
    pub(super) fn drop_column(&mut self, key: &Key, column: &str) {
        let (mut gone, mut sure) = (Vec::new(), Vec::new());
        let by_table = self.indexes_by_table();
        self.change_table_at(key, |table| {
            table.columns.retain(|known| known.name != column);
            table.constraints.retain(|known| {
                let over = match &known.kind {
                    ConstraintModel::Unique(columns)
                    | ConstraintModel::PrimaryKey(columns)
                    | ConstraintModel::ForeignKey(columns, _, _) => columns.iter().any(|name| name == column),
                    ConstraintModel::Check(check) => check.columns.iter().any(|name| name == column),
                    ConstraintModel::NotNull(name) => name == column,
                    ConstraintModel::Exclude => false,
                };
                !over
            });
            if by_table {
                // An index over several columns goes on over the others.
                for index in &mut table.indexes {
                    index.columns.retain(|name| name != column);
                }
                table.indexes.retain(|index| !index.columns.is_empty());
                return;
            }
            table.indexes.retain(|index| {
                // One whose expression or condition names the column goes as well.
                let named = |text: &String| names_column(text, column);
                let over = index.columns.iter().any(|name| name == column)
                    || named(&index.definition)
                    || index.predicate.as_ref().is_some_and(named);
                if over {
                    gone.push(index.name.clone());
                    // A word may be a type.
                    let cast = |text: &str| text.contains("::") || text.contains("cast");
                    let text = index.predicate.as_deref().unwrap_or_default();
                    if index.columns.iter().any(|name| name == column)
                        || !(cast(&index.definition) || cast(&text.to_lowercase()))
                    {
                        sure.push(index.name.clone());
                    }
                }
                !over
            });
        });
        for name in gone {
            self.take(&Key::new(Class::Relation, &key.schema, &name));
        }
        // SQLite refuses to drop the column as long as there is one.
        if self.dialect == Dialect::Postgres {
            self.indexes_went(key, sure.iter().map(String::as_str));
        }
    }

    /// Removes a constraint with the index under it.
    pub(super) fn drop_constraint(&mut self, key: &Key, name: &str) {
        let mut indexed = false;
        self.change_table_at(key, |table| {
            let gone = table.constraints.iter().filter(|known| known.name == name);
            let columns: Vec<String> = gone
                .filter_map(|known| match &known.kind {
                    ConstraintModel::NotNull(column) => Some(column.clone()),
                    _ => None,
                })
                .collect();
            table.constraints.retain(|known| known.name != name);
            // A column has one such constraint, so nothing else forbids NULL but a key.
            for column in table.columns.iter_mut().filter(|one| columns.contains(&one.name)) {
                column.not_null = false;
            }
            table.indexes.retain(|index| {
                let under = index.constraint && index.name == name;
                indexed |= under;
                !under
            });
        });
        if indexed && !self.indexes_by_table() {
            self.take(&Key::new(Class::Relation, &key.schema, name));
            self.indexes_went(key, std::iter::once(name));
        }
    }
}

/// Whether an expression names that column: not in a text, and not as a function.
fn names_column(text: &str, column: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    text.split('\'').step_by(2).any(|piece| {
        let lower = piece.to_lowercase();
        lower.match_indices(column).any(|(at, _)| {
            let behind = &lower[at + column.len()..];
            !lower[..at].ends_with(part) && !behind.starts_with(part) && !behind.trim_start().starts_with('(')
        })
    })
}

/// Whether a text has that word, however it is quoted.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    words(text).any(|piece| piece.eq_ignore_ascii_case(word))
}
