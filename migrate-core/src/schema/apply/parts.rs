//! Indexes that the server makes: of partitions, for one of their table, and of a table that is like another one.

use super::super::constraint::object_name;
use super::super::{
    Class, ConstraintModel, Key, Object, Origin, Schema, TableConstraint, TableIndex, TableModel,
};
use super::index::split_list;
use crate::model::Dialect;
use crate::sql::{Name, Table, TableSource};

impl Schema {
    /// The name that the server gives an index.
    pub(super) fn index_name(
        &self,
        table: &Key,
        columns: &[String],
        definition: &str,
        manner: &str,
    ) -> String {
        let name = object_name(&table.name, &parts(columns, definition, manner).join("_"), "idx");
        self.free_name(&table.schema, name)
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

    /// Makes indexes of partitions parts of one on their parent that does the same, and makes one where there is none, as the
    /// server does.
    ///
    /// A table that is not known otherwise, and is called after the parent, may be a partition that a function made.
    pub(super) fn adopt_parts(&mut self, parent: &Key, index: &TableIndex) {
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
            self.adopt_part(&partition, index);
        }
    }

    /// Gives a partition its part of an index, and its own partitions theirs.
    fn adopt_part(&mut self, partition: &Key, index: &TableIndex) {
        let mut adopted = false;
        self.change_table_at(partition, |table| {
            let same = table.indexes.iter_mut().find(|known| {
                known.part_of.is_none() && known.unique == index.unique && known.columns == index.columns
            });
            if let Some(same) = same {
                same.part_of = Some(index.name.clone());
                adopted = true;
            }
        });
        let whole = |table: &&std::rc::Rc<TableModel>| {
            table.complete && !table.copied && table.partition_of.is_some() && table.origin != Origin::Unknown
        };
        let known = self
            .certain_table_rc(partition)
            .is_some_and(|table| whole(&table));
        if adopted || !known || self.dialect != Dialect::Postgres {
            return;
        }
        let name = self.index_name(partition, &index.columns, &index.definition, &index.manner);
        let made = TableIndex {
            name: name.clone(),
            constraint: false,
            part_of: Some(index.name.clone()),
            made: true,
            ..index.clone()
        };
        self.change_table_at(partition, |table| table.indexes.push(made.clone()));
        let key = Key::new(Class::Relation, &partition.schema, &name);
        self.put(
            key,
            Object::Index {
                table: partition.clone(),
            },
        );
        self.adopt_parts(partition, &made);
    }

    fn certain_table_rc(&self, key: &Key) -> Option<&std::rc::Rc<TableModel>> {
        self.table_at(key).filter(|_| !self.is_doubted(key))
    }

    /// Gives a table that has become a partition its parts of the indexes of its parent. Those of keys are not followed.
    pub(super) fn take_parts(&mut self, parent: &Key, partition: &Key) {
        let Some(table) = self.certain_table_rc(parent).filter(|table| table.complete) else {
            return;
        };
        let indexes: Vec<TableIndex> = table
            .indexes
            .iter()
            .filter(|index| !index.constraint)
            .cloned()
            .collect();
        for index in indexes {
            self.adopt_part(partition, &index);
        }
    }

    /// Lets the indexes of a table that is no partition any more be its own. What becomes of those that the server made is not
    /// followed.
    pub(super) fn leave_parts(&mut self, partition: &Key) {
        let mut gone = Vec::new();
        self.change_table_at(partition, |table| {
            table.indexes.retain_mut(|index| {
                index.part_of = None;
                if index.made {
                    gone.push(index.name.clone());
                }
                !index.made
            });
        });
        for name in gone {
            self.take(&Key::new(Class::Relation, &partition.schema, &name));
        }
    }

    /// Lets the parts of an index follow it to its new name.
    pub(super) fn rename_whole(&mut self, from: &Key, to: &str) {
        if !self.has_partitions {
            return;
        }
        let is_part = |index: &TableIndex| index.part_of.as_ref() == Some(&from.name);
        let having = self
            .tables()
            .filter(|(_, table)| table.indexes.iter().any(is_part));
        let keys: Vec<Key> = having.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.change_table_at(&key, |table| {
                for index in table.indexes.iter_mut().filter(|index| is_part(index)) {
                    index.part_of = Some(to.to_owned());
                }
            });
        }
    }

    /// Gives a table the indexes and keys of those that it is like, where it asks for them.
    pub(super) fn copy_indexes(&mut self, key: &Key, table: &Table) {
        let TableSource::Like(parents) = &table.source else {
            return;
        };
        if !table.takes_indexes || self.dialect != Dialect::Postgres {
            return;
        }
        let all = |parent: &Name| {
            let key = self.resolve(Class::Relation, parent);
            let table = self.certain_table_rc(&key)?;
            (table.complete && !table.copied).then(|| (table.indexes.clone(), table.constraints.clone()))
        };
        // The server numbers names that are taken in an order that one that is not known would change.
        let Some(parents) = parents.iter().map(all).collect::<Option<Vec<_>>>() else {
            return;
        };
        for (indexes, constraints) in parents {
            for index in indexes {
                let of = constraints
                    .iter()
                    .find(|one| one.name == index.name)
                    .map(|one| &one.kind);
                let name = match of.filter(|_| index.constraint) {
                    Some(ConstraintModel::PrimaryKey(_)) => object_name(&key.name, "", "pkey"),
                    Some(ConstraintModel::Unique(columns)) => {
                        object_name(&key.name, &columns.join("_"), "key")
                    }
                    Some(_) => continue,
                    None => self.index_name(key, &index.columns, &index.definition, &index.manner),
                };
                let name = self.free_name(&key.schema, name);
                let constraint = of.filter(|_| index.constraint).map(|kind| TableConstraint {
                    name: name.clone(),
                    generated_name: true,
                    kind: kind.clone(),
                    valid: true,
                    behaviour: String::new(),
                    written_at: None,
                });
                let copy = TableIndex {
                    name: name.clone(),
                    part_of: None,
                    made: false,
                    ..index
                };
                self.change_table_at(key, |table| {
                    table.constraints.extend(constraint);
                    table.indexes.push(copy);
                });
                let at = Key::new(Class::Relation, &key.schema, &name);
                self.put(at, Object::Index { table: key.clone() });
            }
        }
    }
}

/// What an index is named after where it has no name: its columns, the functions that its expressions call, and what it
/// includes.
fn parts(columns: &[String], definition: &str, manner: &str) -> Vec<String> {
    let list = definition.trim();
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
    let mut named: Vec<String> = columns.iter().map(part).collect();
    let included = manner
        .split_once("include")
        .and_then(|(_, rest)| rest.trim_start().strip_prefix('('));
    if let Some((list, _)) = included.and_then(|rest| rest.split_once(')')) {
        named.extend(
            list.split(',')
                .map(|column| column.trim().trim_matches('"').to_owned()),
        );
    }
    named
}
