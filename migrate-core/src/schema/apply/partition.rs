//! Partitions: what they have in common with their table, and what they may not have with each other.

use super::super::{Fault, Key, Schema, TableModel};
use super::Class;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Bound, Name, Span, Word};

impl Schema {
    /// Only a table that is partitioned has partitions.
    pub(super) fn expect_partitioned(&self, key: &Key, span: Span, faults: &mut Vec<Fault>) {
        let plain = self
            .certain_table(key)
            .is_some_and(|table| table.partitioned.is_none());
        // A partition may be partitioned by what nobody has read.
        let table = self
            .table_at(key)
            .filter(|table| plain && table.complete && table.partition_of.is_none());
        if table.is_some() && self.dialect == Dialect::Postgres {
            faults.push(refused(span, format!("`{key}` is not partitioned")));
        }
    }

    /// A row belongs to one partition.
    pub(super) fn expect_free_bound(&self, key: &Key, child: &Name, bound: &Bound, faults: &mut Vec<Fault>) {
        let child_key = self.resolve(Class::Relation, child);
        let overlaps = |table: &TableModel| matches!(&table.partition_of, Some((parent, other)) if parent == key && other.overlaps(bound));
        let mut tables = self
            .tables()
            .filter(|(other, _)| **other != child_key && !self.doubted.contains(*other));
        if let Some((other, _)) = tables.find(|(_, table)| overlaps(table)) {
            let message = format!("rows of `{child_key}` would belong to `{other}` too");
            faults.push(refused(child.span, message));
        }
    }

    pub(super) fn expect_same_columns(&self, key: &Key, child: &Name, faults: &mut Vec<Fault>) {
        let child_key = self.resolve(Class::Relation, child);
        let (Some(parent), Some(table)) = (self.certain_table(key), self.certain_table(&child_key)) else {
            return;
        };
        if !parent.complete || !table.complete {
            return;
        }
        for column in &parent.columns {
            let message = match table.column(&column.name) {
                None => format!("`{child_key}` has no column `{}`, which `{key}` has", column.name),
                Some(own) if column.not_null && !table.is_not_null(&own.name) => {
                    format!(
                        "`{child_key}.{}` is not NOT NULL, as that of `{key}` is",
                        column.name
                    )
                }
                Some(_) => continue,
            };
            faults.push(refused(child.span, message));
            return;
        }
        if let Some(extra) = table
            .columns
            .iter()
            .find(|column| parent.column(&column.name).is_none())
        {
            let message = format!(
                "`{child_key}` has a column `{}`, which `{key}` has not",
                extra.name
            );
            faults.push(refused(child.span, message));
        }
    }

    pub(super) fn expect_no_default(&self, key: &Key, span: Span, faults: &mut Vec<Fault>) {
        let rest = |table: &TableModel| matches!(&table.partition_of, Some((parent, Bound::Default)) if parent == key);
        let mut tables = self.tables().filter(|(other, _)| !self.doubted.contains(*other));
        if let Some((other, _)) = tables.find(|(_, table)| rest(table)) {
            let message = format!(
                "`{key}` has the default partition `{other}`, beside which nothing is detached CONCURRENTLY"
            );
            faults.push(refused(span, message));
        }
    }

    /// What is unique in a partitioned table is so within each partition, so it has to name what they are told apart by.
    pub(super) fn expect_partition_key(
        &self,
        key: &Key,
        columns: &[String],
        span: Span,
        faults: &mut Vec<Fault>,
    ) {
        let Some(by) = self.table_at(key).and_then(|table| table.partitioned.as_ref()) else {
            return;
        };
        if self.dialect == Dialect::Postgres
            && let Some(missing) = by
                .iter()
                .find(|column| !column.is_empty() && !columns.contains(column))
        {
            let message =
                format!("`{key}` is partitioned by `{missing}`, which each of its keys has to name");
            faults.push(refused(span, message));
        }
    }

    /// Reports a column by which a table is partitioned.
    pub(super) fn expect_no_partition_key(&self, key: &Key, column: &Word, faults: &mut Vec<Fault>) {
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        if table
            .and_then(|table| table.partitioned.as_ref())
            .is_some_and(|by| by.contains(&column.text))
        {
            faults.push(refused(
                column.span,
                format!("`{key}` is partitioned by `{column}`"),
            ));
        }
    }
}
