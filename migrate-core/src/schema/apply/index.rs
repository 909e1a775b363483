//! CREATE INDEX where indexes have a name space of their own.

use super::super::constraint::object_name;
use super::super::{Class, Fault, Key, Object, Origin, Schema, TableIndex, TableKind, TableModel};
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
            None => {
                let name = object_name(&table_key.name, &parts(index).join("_"), "idx");
                self.free_name(&table_key.schema, name)
            }
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
        self.expect_table(&table_key, index.table.span, "which has no indexes", faults);
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
        };
        let known = self.objects.contains_key(&key);
        self.change_table_at(&table_key, |table| {
            if known {
                table.indexes.retain(|known| known.name != name);
            }
            table.indexes.push(model);
        });
        if !index.only {
            self.adopt_parts(&table_key, index, &name);
        }
        self.put(key, Object::Index { table: table_key });
    }

    /// The name that the server gives where that one is taken.
    fn free_name(&self, schema: &str, name: String) -> String {
        let taken = |name: &String| {
            self.objects
                .contains_key(&Key::new(Class::Relation, schema, name))
        };
        if self.dialect != Dialect::Postgres || !taken(&name) {
            return name;
        }
        let mut numbered = (1..1000).map(|number| format!("{name}{number}"));
        numbered.find(|name| !taken(name)).unwrap_or(name)
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

    /// Makes indexes of partitions parts of one on their parent that does the same, as the server does.
    ///
    /// A table that is not known otherwise, and is called after the parent, may be a partition that a function made.
    fn adopt_parts(&mut self, parent: &Key, index: &Index, name: &str) {
        let partitioned = self
            .table_at(parent)
            .is_some_and(|table| table.partitioned.is_some());
        if !partitioned && !self.has_partitions {
            return;
        }
        let may_be = |key: &Key, table: &TableModel| {
            partitioned
                && table.origin == Origin::Unknown
                && key.schema == parent.schema
                && key.name.starts_with(&parent.name)
        };
        let of_it = |key: &Key, table: &TableModel| match &table.partition_of {
            Some((of, _)) => of == parent,
            None => key != parent && may_be(key, table),
        };
        let partitions: Vec<Key> = self
            .tables()
            .filter(|(key, table)| of_it(key, table))
            .map(|(key, _)| key.clone())
            .collect();
        for partition in partitions {
            self.change_table_at(&partition, |table| {
                let same = table.indexes.iter_mut().find(|known| {
                    known.part_of.is_none() && known.unique == index.unique && known.columns == index.columns
                });
                if let Some(same) = same {
                    same.part_of = Some(name.to_owned());
                }
            });
        }
    }
}

/// What an index is named after where it has no name: its columns, and the functions that its expressions call.
fn parts(index: &Index) -> Vec<String> {
    let list = index.definition.trim();
    let inner = list.strip_prefix('(').and_then(|list| list.strip_suffix(')'));
    let mut items = split_list(inner.unwrap_or(list)).into_iter();
    let part = |column: &String| {
        let item = items.next().unwrap_or_default().trim();
        if !column.is_empty() {
            return column.clone();
        }
        let (called, _) = item.split_once('(').unwrap_or(("", ""));
        let word = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
        match !called.is_empty() && called.chars().all(word) {
            true => called.rsplit('.').next().unwrap_or(called).to_owned(),
            false => "expr".to_owned(),
        }
    };
    index.columns.iter().map(part).collect()
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
