//! Renaming and moving anything, and what follows it to its new name.

use std::rc::Rc;

use super::super::{Class, ConstraintModel, Fault, FaultKind, Key, Object, Origin, Schema};
use super::column::is_of_type;
use super::column::unknown_column;
use crate::sql::{Generated, Name, ObjectKind, Word};

impl Schema {
    /// ALTER EVENT: what it says of when and what is not looked at.
    pub(super) fn alter_event(&mut self, name: &Name, to: Option<&Name>, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Event, name);
        if self.expect(&key, name.span, "event", faults) {
            return;
        }
        let Some(Object::Event { origin, .. }) = self.take(&key) else {
            return;
        };
        let target = match to {
            Some(to) => self.creation(Class::Event, to),
            None => key.clone(),
        };
        if target != key {
            self.dropped.insert(key, ObjectKind::Event);
        }
        let definition = String::new();
        self.put(target, Object::Event { definition, origin });
    }

    pub(super) fn rename(
        &mut self,
        from: &Key,
        schema: &str,
        name: &str,
        at: &Word,
        faults: &mut Vec<Fault>,
    ) {
        if from.class == Class::Schema {
            return self.rename_schema(from, name);
        }
        let to = Key::new(from.class, schema, name);
        if to == *from {
            return;
        }
        if let Some(there) = self.objects.get(&to)
            && !matches!(there, Object::Table(table) if table.origin == Origin::Unknown)
            && !self.doubted.contains(&to)
        {
            let message = format!("the {} `{to}` exists already", there.kind().word());
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: at.span,
                message,
                nearest: None,
            });
        }
        match self.take(from) {
            Some(Object::Index { table }) => {
                self.change_table_at(&table, |table| {
                    for index in table.indexes.iter_mut().filter(|index| index.name == from.name) {
                        index.name = name.to_owned();
                    }
                    for constraint in table
                        .constraints
                        .iter_mut()
                        .filter(|constraint| constraint.name == from.name)
                    {
                        constraint.name = name.to_owned();
                    }
                });
                self.rename_whole(from, name);
                self.put(to, Object::Index { table });
            }
            Some(Object::Table(table)) => {
                self.dropped.insert(from.clone(), ObjectKind::Table);
                let table = self.takes_place(&to, table);
                self.displaced.insert(from.clone(), (Rc::clone(&table), true));
                self.rename_shadows(from, &to, &table);
                self.put(to.clone(), Object::Table(table));
                self.repoint(from, &to);
                if from.schema != to.schema {
                    self.move_counters(&from.schema, &to.schema);
                }
            }
            Some(object) => {
                self.dropped.insert(from.clone(), object.kind());
                self.put(to.clone(), object);
                match from.class {
                    Class::Type => self.retype(from, &to),
                    Class::Function => self.recall(from, &to),
                    _ => {}
                }
            }
            None => {
                self.rename_counter(from, &to);
                // Nothing is known of it, and it is there under its new name.
                self.dropped.remove(&to);
                if from.class == Class::Relation {
                    self.strange = true;
                    self.dropped.insert(from.clone(), ObjectKind::Table);
                    let unknown = Rc::new(super::super::TableModel::unknown());
                    self.displaced.insert(from.clone(), (unknown, true));
                }
            }
        }
    }

    /// Lets everything that names a table by its key follow it.
    fn repoint(&mut self, from: &Key, to: &Key) {
        let touching: Vec<Key> = self
            .objects
            .iter()
            .filter(|(_, object)| match object {
                Object::Index { table } | Object::Trigger { table, .. } => table == from,
                Object::Table(table) => {
                    table.partition_of.as_ref().is_some_and(|(parent, _)| parent == from)
                        || table.inherits.contains(from)
                        || table
                            .constraints
                            .iter()
                            .any(|one| matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, _) if parent == from))
                }
                _ => false,
            })
            .map(|(key, _)| key.clone())
            .collect();
        self.rewrite_texts(&from.name, &to.name, &from.name);
        if self.parents.contains(from) {
            self.parents.insert(to.clone());
        }
        for key in touching {
            self.remember(&key);
            match self.objects.get_mut(&key) {
                Some(Object::Index { table } | Object::Trigger { table, .. }) => *table = to.clone(),
                Some(Object::Table(table)) => {
                    let table = Rc::make_mut(table);
                    if let Some((parent, _)) = &mut table.partition_of
                        && parent == from
                    {
                        *parent = to.clone();
                    }
                    for parent in table.inherits.iter_mut().filter(|parent| *parent == from) {
                        *parent = to.clone();
                    }
                    for constraint in &mut table.constraints {
                        if let ConstraintModel::ForeignKey(_, parent, _) = &mut constraint.kind
                            && parent == from
                        {
                            *parent = to.clone();
                        }
                    }
                }
                _ => {}
            }
            // Indexes live in the schema of their table.
            if key.schema == from.schema
                && to.schema != from.schema
                && let Some(Object::Index { table }) = self.objects.get(&key)
                && table == to
                && let Some(object) = self.take(&key)
            {
                self.put(
                    Key {
                        schema: to.schema.clone(),
                        ..key
                    },
                    object,
                );
            }
        }
    }

    /// Lets triggers follow the function that they call to its new name.
    pub(super) fn recall(&mut self, from: &Key, to: &Key) {
        let calls = |function: &Option<Key>| function.as_ref() == Some(from);
        let calling = self
            .tables()
            .filter(|(_, table)| table.triggers.values().any(calls));
        let keys: Vec<Key> = calling.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.change_table_at(&key, |table| {
                let of_it = table.triggers.values_mut().filter(|function| calls(function));
                of_it.for_each(|function| *function = Some(to.clone()));
            });
        }
    }

    /// Lets columns follow their type to its new name.
    fn retype(&mut self, from: &Key, to: &Key) {
        for key in self.tables_with(|column| is_of_type(column, from)) {
            self.change_table_at(&key, |table| {
                let of_it = table.columns.iter_mut().filter(|column| is_of_type(column, from));
                for ty in of_it.filter_map(|column| column.ty.as_mut()) {
                    ty.text = replace_word(&ty.text, &ty.name, &to.name);
                    ty.name.clone_from(&to.name);
                }
            });
        }
    }

    fn rename_schema(&mut self, from: &Key, name: &str) {
        if let Some(object) = self.take(from) {
            self.put(Key::new(Class::Schema, "", name), object);
        }
        self.dropped.insert(from.clone(), ObjectKind::Schema);
        let inside: Vec<Key> = self
            .objects
            .keys()
            .filter(|key| key.schema == from.name)
            .cloned()
            .collect();
        for key in inside {
            if let Some(object) = self.take(&key) {
                let to = Key {
                    schema: name.to_owned(),
                    ..key.clone()
                };
                self.dropped.insert(key.clone(), object.kind());
                let is_table = matches!(object, Object::Table(_));
                self.put(to.clone(), object);
                if is_table {
                    self.repoint(&key, &to);
                }
            }
        }
    }

    pub(super) fn rename_column(&mut self, key: &Key, from: &str, to: &str) {
        self.rewrite_texts(from, to, &key.name);
        let rename = |names: &mut Vec<String>| {
            for name in names.iter_mut().filter(|name| *name == from) {
                *name = to.to_owned();
            }
        };
        self.change_table_at(key, |table| {
            for column in table.columns.iter_mut().filter(|column| column.name == from) {
                column.name = to.to_owned();
            }
            if table.column(to).is_none() {
                table.columns.push(unknown_column(to));
            }
            table.users.values_mut().for_each(rename);
            for manner in table.manners.values_mut() {
                *manner = replace_word(manner, from, to);
            }
            for index in &mut table.indexes {
                rename(&mut index.columns);
                for text in [&mut index.definition, &mut index.manner]
                    .into_iter()
                    .chain(&mut index.predicate)
                {
                    *text = replace_name(text, from, to);
                }
            }
            for column in &mut table.columns {
                if let Some(Generated::Stored(value) | Generated::Virtual(value)) = &mut column.generated {
                    rename_in(value, from, to);
                }
            }
            for constraint in &mut table.constraints {
                if constraint.written_at.as_deref() == Some(from) {
                    constraint.written_at = Some(to.to_owned());
                }
                match &mut constraint.kind {
                    ConstraintModel::Unique(columns)
                    | ConstraintModel::PrimaryKey(columns)
                    | ConstraintModel::ForeignKey(columns, _, _) => rename(columns),
                    ConstraintModel::NotNull(column) if column == from => *column = to.to_owned(),
                    ConstraintModel::Check(check) => rename_in(check, from, to),
                    _ => {}
                }
            }
        });
    }
}

fn rename_in(check: &mut crate::sql::Expr, from: &str, to: &str) {
    use crate::sql::Conjunct;
    check.text = replace_name(&check.text, from, to);
    for column in check.columns.iter_mut().filter(|column| *column == from) {
        *column = to.to_owned();
    }
    for part in &mut check.conjuncts {
        match part {
            Conjunct::NotNull(column) | Conjunct::Compare { column, .. } | Conjunct::In { column, .. }
                if column == from =>
            {
                *column = to.to_owned();
            }
            _ => {}
        }
    }
}

/// Replaces an identifier in an expression, and no word of its literals.
fn replace_name(text: &str, from: &str, to: &str) -> String {
    let pieces = text.split('\'').enumerate().map(|(at, piece)| match at % 2 {
        0 => replace_word(piece, from, to),
        _ => piece.to_owned(),
    });
    pieces.collect::<Vec<String>>().join("'")
}

/// Replaces an identifier in a text, wherever it stands as a word of its own.
pub(super) fn replace_word(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        out.push_str(if word.eq_ignore_ascii_case(from) { to } else { word });
        word.clear();
    };
    for character in text.chars() {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
        } else {
            flush(&mut word, &mut out);
            out.push(character);
        }
    }
    flush(&mut word, &mut out);
    out
}
