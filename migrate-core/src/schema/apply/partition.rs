//! Partitions: what they have in common with their table, and what they may not have with each other.

use std::cmp::Ordering;

use super::super::{Column, ConstraintModel, Fault, Key, Schema, TableModel};
use super::Class;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::bound::compare;
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
        self.expect_moduli(key, bound, child.span, faults);
        let overlaps = |table: &TableModel| matches!(&table.partition_of, Some((parent, other)) if parent == key && other.overlaps(bound));
        let mut tables = self
            .tables()
            .filter(|(other, _)| **other != child_key && !self.doubted.contains(*other));
        if let Some((other, _)) = tables.find(|(_, table)| overlaps(table)) {
            let message = format!("rows of `{child_key}` would belong to `{other}` too");
            faults.push(refused(child.span, message));
        }
    }

    /// A bound is of the kind by which the table is partitioned, for as many columns, and has room for rows.
    pub(super) fn expect_bound(&self, key: &Key, bound: &Bound, span: Span, faults: &mut Vec<Fault>) {
        let Some(table) = self.certain_table(key) else {
            return;
        };
        let (Some(by), Some(strategy)) = (&table.partitioned, &table.strategy) else {
            return;
        };
        let wanted = match bound {
            Bound::Default if strategy == "hash" => {
                return faults.push(refused(
                    span,
                    format!("`{key}` is partitioned by hash, and has no default partition"),
                ));
            }
            Bound::Default => return,
            Bound::Range(..) => "range",
            Bound::List(_) => "list",
            Bound::Hash(None) => return,
            Bound::Hash(_) => "hash",
        };
        if strategy != wanted {
            let message = format!("`{key}` is partitioned by {strategy}, and this is a bound of {wanted}");
            return faults.push(refused(span, message));
        }
        let literals: Vec<(usize, &String)> = match bound {
            Bound::Range(from, to) => {
                if from.len() != by.len() || to.len() != by.len() {
                    let message = format!("`{key}` is partitioned by {} columns", by.len());
                    return faults.push(refused(span, message));
                }
                if let ([Some(from)], [Some(to)]) = (&**from, &**to)
                    && compare(from, to).is_some_and(|order| order != Ordering::Less)
                {
                    let message = format!("no row is from {from} and below {to}");
                    return faults.push(refused(span, message));
                }
                let all = from.iter().enumerate().chain(to.iter().enumerate());
                all.filter_map(|(at, limit)| Some((at, limit.as_ref()?)))
                    .collect()
            }
            Bound::List(values) => values.iter().map(|value| (0, value)).collect(),
            _ => Vec::new(),
        };
        for (at, literal) in literals {
            let column = by.get(at).and_then(|column| table.column(column));
            let kind = column.and_then(|column| self.kind_of(column.ty.as_ref()?));
            let text = literal
                .strip_prefix('\'')
                .and_then(|text| text.strip_suffix('\''));
            if let (Some(kind), Some(text)) = (kind, text)
                && !text.replace("''", "").contains('\'')
                && !self.may_be(&text.replace("''", "'"), &kind)
            {
                return faults.push(refused(span, format!("{literal} is no {}", kind.word())));
            }
        }
    }

    /// Each modulus of a hash is a multiple of the smaller ones.
    pub(super) fn expect_moduli(&self, key: &Key, bound: &Bound, span: Span, faults: &mut Vec<Fault>) {
        let Bound::Hash(Some((modulus, _))) = bound else {
            return;
        };
        let apart = |other: &u32| {
            let (small, great) = (modulus.min(other), modulus.max(other));
            *small > 0 && !great.is_multiple_of(*small)
        };
        let moduli = self.tables().filter_map(|(_, table)| match &table.partition_of {
            Some((parent, Bound::Hash(Some((other, _))))) if parent == key => Some(*other),
            _ => None,
        });
        if let Some(other) = moduli.into_iter().find(apart) {
            let message =
                format!("the modulus {modulus} stands beside {other}, and one has to divide the other");
            faults.push(refused(span, message));
        }
    }

    /// The keys of a table, its own and those that it has from the table whose partition it is; none where not all are
    /// known. The primary key comes first, and is empty where there is none.
    pub(crate) fn keys_of(&self, key: &Key) -> Option<Vec<Vec<String>>> {
        let table = self
            .certain_table(key)
            .filter(|table| table.complete && !table.copied)?;
        let mut keys = match &table.partition_of {
            Some((parent, _)) if parent == key => return None,
            Some((parent, _)) => self.keys_of(parent)?,
            None => vec![Vec::new()],
        };
        for one in &table.constraints {
            match &one.kind {
                ConstraintModel::PrimaryKey(columns) => keys[0].clone_from(columns),
                ConstraintModel::Unique(columns) => keys.push(columns.clone()),
                _ => {}
            }
        }
        let whole = table
            .indexes
            .iter()
            .filter(|index| index.unique && index.predicate.is_none());
        keys.extend(whole.map(|index| index.columns.clone()));
        Some(keys)
    }

    pub(super) fn expect_no_partition(&self, child: &Name, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, child);
        if let Some((parent, _)) = self
            .certain_table(&key)
            .and_then(|table| table.partition_of.as_ref())
        {
            faults.push(refused(
                child.span,
                format!("`{key}` is a partition of `{parent}` already"),
            ));
        }
    }

    pub(super) fn expect_partition(&self, parent: &Key, child: &Name, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, child);
        let whole = self.certain_table(parent).is_some();
        let Some(table) = self.certain_table(&key).filter(|table| whole && table.complete) else {
            return;
        };
        if table.partition_of.as_ref().is_none_or(|(of, _)| of != parent) {
            faults.push(refused(
                child.span,
                format!("`{key}` is no partition of `{parent}`"),
            ));
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
                Some(own) if !self.is_same_type(own, column) => {
                    format!(
                        "`{child_key}.{}` is of another type than that of `{key}`",
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

    /// Whether two columns may be of one type, as far as that is known.
    pub(super) fn is_same_type(&self, one: &Column, other: &Column) -> bool {
        let (Some(one), Some(other)) = (&one.ty, &other.ty) else {
            return true;
        };
        let (Some(first), Some(second)) = (self.kind_of(one), self.kind_of(other)) else {
            return true;
        };
        let plain = |of: &crate::sql::Type| of.arguments.iter().all(|text| text.parse::<u32>().is_ok());
        let cut = matches!(&*one.name, "varchar" | "char") && plain(one) && plain(other);
        first == second && (!cut || one.name != other.name || one.arguments == other.arguments)
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
