//! What hangs on a table under a name of its own: triggers, rules, policies.

use super::super::{Class, Fault, FaultKind, Key, Object, Schema, TableModel};
use super::refused::refused;
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{Name, ObjectKind, Word};

impl Schema {
    /// Reports a trigger or a policy that the table has already.
    pub(super) fn expect_no_user(
        &self,
        kind: ObjectKind,
        table: &Name,
        name: &Word,
        replaces: bool,
        faults: &mut Vec<Fault>,
    ) {
        let key = self.resolve(Class::Relation, table);
        let certain = self.dialect == Dialect::Postgres && !replaces && !self.doubted.contains(&key);
        let there = self
            .table_at(&key)
            .filter(|_| certain)
            .is_some_and(|table| match kind {
                ObjectKind::Trigger => table.triggers.contains_key(&name.text),
                _ => table.policies.contains(&name.text),
            });
        if there {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: name.span,
                message: format!("the table `{key}` has a {} `{name}` already", kind.word()),
                nearest: None,
            });
        }
    }

    /// Whether a table is known not to have a trigger, rule or policy of that name.
    pub(crate) fn lacks_attached(&self, kind: ObjectKind, table: &Name, name: &str) -> bool {
        let key = self.resolve(Class::Relation, table);
        let table = self
            .certain_table(&key)
            .filter(|table| table.complete && table.partition_of.is_none());
        self.dialect == Dialect::Postgres && table.is_some_and(|table| !attached(kind, table).contains(&name))
    }

    /// Takes a trigger, rule or policy off its table.
    pub(super) fn detach(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        table: &Name,
        if_exists: bool,
        faults: &mut Vec<Fault>,
    ) {
        let key = self.resolve(Class::Relation, table);
        if !if_exists && self.lacks_attached(kind, table, &name.name) {
            let known = self.table_at(&key).map(|table| attached(kind, table));
            let near = nearest(&name.name, known.into_iter().flatten()).map(str::to_owned);
            faults.push(Fault {
                kind: FaultKind::Missing,
                span: name.span,
                message: format!("the table `{key}` has no {} `{}`", kind.word(), name.name),
                nearest: near,
            });
        }
        self.change_table_at(&key, |table| match kind {
            ObjectKind::Trigger => {
                table.triggers.remove(&name.name);
                table.set_user(kind, &name.name, &[]);
                table.set_manner(kind, &name.name, None);
            }
            ObjectKind::Rule => _ = table.rules.remove(&name.name),
            ObjectKind::Policy => {
                table.policies.remove(&name.name);
                table.set_user(kind, &name.name, &[]);
                table.set_manner(kind, &name.name, None);
            }
            _ => {}
        });
    }

    /// Gives a trigger or a policy another name.
    pub(super) fn rename_attached(&mut self, kind: ObjectKind, key: &Key, from: &Word, to: &Word) {
        self.change_table_at(key, |table| {
            match kind {
                ObjectKind::Trigger => {
                    let function = table.triggers.remove(&from.text);
                    table.triggers.insert(to.text.clone(), function.flatten());
                }
                _ => {
                    table.policies.remove(&from.text);
                    table.policies.insert(to.text.clone());
                }
            }
            let user = TableModel::user(kind, &from.text);
            if let Some(columns) = table.users.remove(&user) {
                table.set_user(kind, &to.text, &columns);
            }
            let manner = table.manners.remove(&user);
            table.set_manner(kind, &to.text, manner);
        });
    }

    /// A trigger calls a function that is there and was made for triggers.
    pub(super) fn expect_trigger_function(&self, function: &Name, faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        let key = self.resolve(Class::Function, function);
        if self.expect(&key, function.span, "function", faults) {
            return;
        }
        if let Some(Object::Function {
            of_trigger: false,
            overloads,
            ..
        }) = self.certain(&key)
            && !overloads.is_empty()
        {
            let message = format!("the function `{key}` does not return trigger, so no trigger can call it");
            faults.push(refused(function.span, message));
        }
    }
}

fn attached(kind: ObjectKind, table: &TableModel) -> Vec<&str> {
    match kind {
        ObjectKind::Trigger => table.triggers.keys().map(String::as_str).collect(),
        ObjectKind::Rule => table.rules.iter().map(String::as_str).collect(),
        _ => table.policies.iter().map(String::as_str).collect(),
    }
}
