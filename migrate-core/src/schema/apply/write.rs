//! Rows that are written: whose columns they name, and how many.

use super::super::{Class, Column, Fault, Key, Schema};
use super::missing_column;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Generated, Write};

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
        self.expect_conflict(write, faults);
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
            (0, Dialect::Postgres) => return,
            (0, Dialect::Sqlite) => table
                .columns
                .iter()
                .filter(|column| !computed(&column.name))
                .count(),
            (0, _) if table.columns.iter().all(plain) => table.columns.len(),
            (0, _) => return,
            (named, _) => named,
        };
        if let Some(given) = write.widths.iter().find(|given| **given != columns) {
            let message = format!("a row has {given} values for the {columns} columns of `{key}`");
            faults.push(refused(write.span, message));
        }
    }
}
