//! What a model is told of a contract that has not run yet.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::apply::{class, unknown_column};
use super::{Class, Key, Object, Origin, Schema, TableModel};
use crate::sql::{Action, Name, ObjectKind, Operation};

impl Schema {
    /// Every object, by key.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (&Key, &Object)> {
        self.objects.iter()
    }

    /// Takes what a waiting contract is about to remove to be there, and what it is about to make not to be.
    ///
    /// The model may know neither, where the database is older than the migrations.
    pub(crate) fn awaits(&mut self, contract: &[Operation]) {
        let mut waiting = Waiting {
            schema: self,
            settled: BTreeSet::new(),
        };
        for operation in contract {
            waiting.operation(operation);
        }
    }
}

struct Waiting<'a> {
    schema: &'a mut Schema,
    /// Objects, and columns of tables, that the contract made, or may have removed, before.
    settled: BTreeSet<(Key, String)>,
}

impl Waiting<'_> {
    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::Drop {
                kind,
                names,
                if_exists,
                ..
            } => {
                for name in names {
                    let Some(class) = class(*kind) else { continue };
                    let key = self.schema.resolve(class, name);
                    if *kind == ObjectKind::Table && !if_exists {
                        self.assume_table(&key);
                    }
                    self.settle(&key);
                }
            }
            Operation::CreateTable(table) if !table.temporary => {
                self.makes(
                    Class::Relation,
                    &table.name,
                    ObjectKind::Table,
                    table.if_not_exists,
                );
            }
            Operation::CreateView(view) if !view.temporary => {
                self.makes(
                    Class::Relation,
                    &view.name,
                    ObjectKind::View,
                    view.or_replace || view.if_not_exists,
                );
            }
            Operation::CreateType { name, .. } => self.makes(Class::Type, name, ObjectKind::Type, false),
            Operation::Alter {
                kind,
                name,
                if_exists,
                actions,
            } => {
                let Some(class) = class(*kind) else { return };
                let key = self.schema.resolve(class, name);
                for action in actions {
                    self.action(*kind, &key, *if_exists, action);
                }
            }
            _ => {}
        }
    }

    fn action(&mut self, kind: ObjectKind, key: &Key, unsure: bool, action: &Action) {
        let is_table = kind == ObjectKind::Table;
        match action {
            Action::RenameTo(to) => {
                if is_table && !unsure {
                    self.assume_table(key);
                }
                self.settle(key);
                let to = Key {
                    name: to.text.clone(),
                    ..key.clone()
                };
                self.lacks(&to, kind, unsure);
            }
            Action::AddColumn { column, .. } => {
                self.settled.insert((key.clone(), column.name.text.clone()));
            }
            Action::RenameColumn(from, to, if_exists) if is_table => {
                self.assume_column(key, &from.text, unsure || *if_exists);
                self.settled.insert((key.clone(), to.text.clone()));
            }
            Action::Redefine {
                column,
                definition,
                if_exists,
                ..
            } => {
                self.assume_column(key, &column.text, unsure || *if_exists);
                self.settled.insert((key.clone(), definition.name.text.clone()));
            }
            Action::DropColumn {
                column, if_exists, ..
            } if is_table => {
                self.assume_column(key, &column.text, unsure || *if_exists);
            }
            _ => {}
        }
    }

    fn makes(&mut self, class: Class, name: &Name, kind: ObjectKind, unsure: bool) {
        let key = self.schema.creation(class, name);
        self.lacks(&key, kind, unsure);
    }

    fn lacks(&mut self, key: &Key, kind: ObjectKind, unsure: bool) {
        if !unsure && !self.is_settled(key, "") && !self.schema.objects.contains_key(key) {
            self.schema.dropped.insert(key.clone(), kind);
        }
        self.settle(key);
    }

    fn settle(&mut self, key: &Key) {
        self.settled.insert((key.clone(), String::new()));
    }

    fn is_settled(&self, key: &Key, column: &str) -> bool {
        self.settled.contains(&(key.clone(), column.to_owned()))
    }

    fn assume_table(&mut self, key: &Key) {
        if self.is_settled(key, "") || self.schema.objects.contains_key(key) || self.schema.was_dropped(key) {
            return;
        }
        let table = TableModel {
            origin: Origin::History,
            ..TableModel::unknown()
        };
        self.schema.put(key.clone(), Object::Table(Rc::new(table)));
    }

    fn assume_column(&mut self, key: &Key, column: &str, unsure: bool) {
        let settled = self.is_settled(key, "") || self.is_settled(key, column);
        if unsure || settled || self.schema.was_dropped(key) {
            return;
        }
        let table = self.schema.objects.entry(key.clone());
        let table = table.or_insert_with(|| Object::Table(Rc::new(TableModel::unknown())));
        if let Object::Table(table) = table
            && !table.complete
            && table.column(column).is_none()
        {
            Rc::make_mut(table).columns.push(unknown_column(column));
        }
    }
}
