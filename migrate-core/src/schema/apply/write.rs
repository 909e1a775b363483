//! Rows that are written: whose columns they name, and how many.

use super::super::{Class, Column, Fault, Key, Schema};
use super::missing_column;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Generated, Name, Write};

impl Schema {
    pub(super) fn write(&self, write: &Write, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, &write.table);
        if self.expect(&key, write.table.span, "table", faults) {
            return;
        }
        if let Some(table) = self.table_at(&key) {
            for column in write.columns.iter().chain(&write.read) {
                missing_column(table, &key, column, faults);
            }
            self.expect_values(&key, write, faults);
        }
        if let Some(column) = &write.twice {
            let message = format!("the column `{column}` of `{key}` is given a value twice");
            faults.push(refused(column.span, message));
        }
        self.expect_required(&key, write, faults);
        self.expect_conflict(write, faults);
    }

    /// Reports a column that an INSERT of listed rows leaves out and that takes no NULL, where nothing else fills it.
    fn expect_required(&self, key: &Key, write: &Write, faults: &mut Vec<Fault>) {
        let Some(table) = self.certain_table(key).filter(|table| {
            table.complete && !table.copied && table.triggers.is_empty() && table.rules.is_empty()
        }) else {
            return;
        };
        let first = write.columns.first().filter(|_| !write.widths.is_empty());
        let Some(first) = first.filter(|_| self.dialect == Dialect::Postgres) else {
            return;
        };
        let fills = |column: &Column| {
            let Some(ty) = &column.ty else { return true };
            // A domain may have a default.
            let name = Name::plain(&*ty.name);
            let own = ty.schema.is_some() || self.get(&self.resolve(Class::Type, &name)).is_some();
            column.default.is_some() || column.generated.is_some() || ty.is_serial() || own
        };
        let named = |column: &Column| write.columns.iter().any(|word| word.text == column.name);
        let left = table
            .columns
            .iter()
            .find(|column| table.is_not_null(&column.name) && !named(column) && !fills(column));
        if let Some(column) = left {
            let message = format!(
                "the column `{}` of `{key}` takes no NULL and is left out",
                column.name
            );
            faults.push(refused(first.span, message));
        }
    }

    /// Reports values that have no column, and a value for a column that computes its own.
    fn expect_values(&self, key: &Key, write: &Write, faults: &mut Vec<Fault>) {
        let Some(table) = self.certain_table(key).filter(|table| table.complete) else {
            return;
        };
        let computed = |name: &str| {
            let generated = table.column(name).and_then(|column| column.generated.as_ref());
            matches!(generated, Some(Generated::Stored(_) | Generated::Virtual(_)))
        };
        if let Some(column) = write.given.iter().find(|column| computed(&column.text)) {
            let message = format!("the column `{column}` of `{key}` is computed and cannot be written");
            faults.push(refused(column.span, message));
            return;
        }
        // PostgreSQL fills the columns at the end by itself, and what MySQL hides or computes may be written or not.
        let plain = |column: &Column| column.generated.is_none() && !column.attributes.invisible;
        let columns = match (write.columns.len(), self.dialect) {
            (0, Dialect::Postgres) => table.columns.len(),
            (0, Dialect::Sqlite) => table
                .columns
                .iter()
                .filter(|column| !computed(&column.name))
                .count(),
            (0, _) if table.columns.iter().all(plain) => table.columns.len(),
            (0, _) => return,
            (named, _) => named,
        };
        let fewer = write.columns.is_empty() && self.dialect == Dialect::Postgres;
        let wrong = |given: &&usize| **given > columns || (**given < columns && !fewer);
        if let Some(given) = write.widths.iter().find(wrong) {
            let message = format!("a row has {given} values for the {columns} columns of `{key}`");
            faults.push(refused(write.span, message));
        }
    }
}
