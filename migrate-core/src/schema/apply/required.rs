//! Columns of a primary key that are said to be NULL, which MySQL refuses and MariaDB passes over.

use super::super::{ConstraintModel, Fault, Key, Schema, TableModel};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Action, ColumnDef, Constraint, ConstraintKind, Shape, Table};

impl Schema {
    /// Reports them of CREATE TABLE.
    pub(super) fn expect_key_required(&self, table: &Table, faults: &mut Vec<Fault>) {
        if self.dialect == Dialect::Mysql {
            let key: Vec<&str> = table.constraints.iter().flat_map(of_key).collect();
            let columns = table.columns.iter();
            faults.extend(columns.filter_map(|column| refused_null(column, &key)));
        }
    }

    /// Reports them of ALTER TABLE.
    pub(super) fn expect_still_required(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let known = self.table_at(key).filter(|_| self.dialect == Dialect::Mysql);
        let Some(table) = known else { return };
        let drops = |action: &Action| matches!(action, Action::DropPrimaryKey(_));
        let mut required = match actions.iter().any(drops) {
            true => Vec::new(),
            false => key_of(table),
        };
        required.extend(actions.iter().flat_map(|action| match action {
            Action::AddConstraint(one) => of_key(one),
            _ => Vec::new(),
        }));
        for action in actions {
            let column = match action {
                Action::AddColumn { column, .. } => column,
                Action::Redefine {
                    column, definition, ..
                } => {
                    // It stays in the key under its new name.
                    if required.contains(&&*column.text) {
                        required.push(&definition.name.text);
                    }
                    definition
                }
                _ => continue,
            };
            faults.extend(refused_null(column, &required));
        }
    }
}

fn key_of(table: &TableModel) -> Vec<&str> {
    let keys = table.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintModel::PrimaryKey(columns) => Some(columns.iter().map(String::as_str)),
        _ => None,
    });
    keys.flatten().collect()
}

fn of_key(constraint: &Constraint) -> Vec<&str> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } => columns.iter().map(|column| &*column.text).collect(),
        _ => Vec::new(),
    }
}

fn refused_null(column: &ColumnDef, key: &[&str]) -> Option<Fault> {
    let own = |one: &Constraint| matches!(one.kind, ConstraintKind::PrimaryKey { .. });
    let required = key.contains(&&*column.name.text) || column.constraints.iter().any(own);
    let starts_null = column
        .default
        .as_ref()
        .is_some_and(|value| value.shape == Shape::Null);
    (required && (column.attributes.null || starts_null)).then(|| {
        let message = format!("`{}` is in the primary key and cannot be NULL", column.name);
        refused(column.span, message)
    })
}
