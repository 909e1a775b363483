//! CREATE INDEX where indexes have a name space of their own.

use super::super::{Class, Fault, Key, Object, Schema, TableIndex, TableKind};
use super::missing_column;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Index, IndexKind, Span, Word};

impl Schema {
    pub(super) fn create_index(&mut self, index: &Index, faults: &mut Vec<Fault>) {
        let table_key = self.resolve(Class::Relation, &index.table);
        if self.expect(&table_key, index.table.span, "table", faults) {
            return;
        }
        let name = match &index.name {
            Some(name) => name.name.clone(),
            None => self.index_name(&table_key, &index.columns, &index.definition, &index.manner),
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
        self.expect_no_row_number(&table_key, index, faults);
        self.expect_table(&table_key, index.table.span, "which has no indexes", faults);
        self.expect_here(&table_key, "indexes", index.table.span, faults);
        if let Some(table) = self.certain_table(&table_key)
            && table.kind == TableKind::Virtual
        {
            let message = format!("`{table_key}` is a virtual table, which has no indexes");
            faults.push(refused(index.table.span, message));
        }
        self.expect_indexable(&table_key, index, faults);
        if index.unique {
            self.expect_partition_key(&table_key, &index.columns, index.table.span, faults);
        }
        if self.dialect == Dialect::Postgres {
            self.expect_brought_class(&index.definition, index.table.span, faults);
        }
        for value in index.expressions.iter().chain(&index.predicate) {
            self.expect_columns(&table_key, value, faults);
            self.expect_immutable(&table_key, value, "what an index holds", faults);
        }
        let model = TableIndex {
            name: name.clone(),
            unique: index.unique,
            columns: index.columns.clone(),
            definition: index.definition.clone(),
            manner: index.manner.clone(),
            predicate: index.predicate.as_ref().map(|predicate| predicate.normal()),
            constraint: false,
            kind: IndexKind::Plain,
            part_of: None,
            made: false,
        };
        let part = (!index.only).then(|| model.clone());
        let known = self.objects.contains_key(&key);
        self.change_table_at(&table_key, |table| {
            if known {
                table.indexes.retain(|known| known.name != name);
            }
            table.indexes.push(model);
        });
        self.put(
            key,
            Object::Index {
                table: table_key.clone(),
            },
        );
        if let Some(index) = part {
            self.adopt_parts(&table_key, &index);
        }
    }

    /// Reports an index of SQLite over the number of the row, which is a column of queries only.
    fn expect_no_row_number(&self, key: &Key, index: &Index, faults: &mut Vec<Fault>) {
        let table = self
            .certain_table(key)
            .filter(|table| self.dialect == Dialect::Sqlite && table.complete);
        let Some(table) = table else { return };
        let within = index.expressions.iter().flat_map(|value| &value.columns);
        let number = index.columns.iter().chain(within).find(|column| {
            matches!(column.as_str(), "rowid" | "_rowid_" | "oid")
                && table.column(column).is_none()
                && !index.definition.to_lowercase().contains(&format!("\"{column}\""))
        });
        if let Some(number) = number {
            let message = format!("`{number}` is the number of the row, which no index of SQLite is over");
            faults.push(refused(index.table.span, message));
        }
    }

    /// What is in order can be in the usual index, and only that can forbid duplicates.
    fn expect_indexable(&self, table: &Key, index: &Index, faults: &mut Vec<Fault>) {
        let method = index.method.as_deref().unwrap_or("btree");
        if index.unique && matches!(method, "hash" | "gin" | "gist" | "brin" | "spgist") {
            let message = format!("an index of the kind {method} forbids no duplicates");
            faults.push(refused(index.table.span, message));
        }
        if method != "btree" {
            return;
        }
        let columns = index.columns.iter().filter(|column| !column.is_empty());
        let words: Vec<Word> = columns
            .map(|column| Word {
                text: column.clone(),
                span: index.table.span,
            })
            .collect();
        // Another operator class may bring an order.
        let classes = split_list(index.definition.trim_start_matches('(').trim_end_matches(')'));
        if classes.iter().all(|item| !item.trim().contains(' ')) {
            self.expect_ordered(table, &words, index.table.span, faults);
        }
    }
}

/// The items of a list, at the commas that stand in no parentheses.
pub(super) fn split_list(list: &str) -> Vec<&str> {
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
