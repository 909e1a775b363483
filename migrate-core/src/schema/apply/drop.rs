//! DROP.

use super::super::{Class, ConstraintModel, Fault, Key, Object, Schema, TableModel};
use super::alter::class;
use crate::model::Dialect;
use crate::sql::{Name, ObjectKind};

impl Schema {
    pub(super) fn drop(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        on: Option<&Name>,
        if_exists: bool,
        cascade: bool,
        faults: &mut Vec<Fault>,
    ) {
        if let Some(table) = on {
            return self.change_table(table, |table| match kind {
                ObjectKind::Trigger => _ = table.triggers.remove(&name.name),
                ObjectKind::Rule => _ = table.rules.remove(&name.name),
                ObjectKind::Policy => _ = table.policies.remove(&name.name),
                _ => {}
            });
        }
        if kind == ObjectKind::Trigger && self.dialect.is_mysql_family() {
            if let Some(table) = self.table_of_trigger(&name.name).cloned() {
                self.change_table_at(&table, |table| _ = table.triggers.remove(&name.name));
            }
            return;
        }
        let class = match class(kind) {
            Some(class) => class,
            // Without a table its name is its own.
            None if kind == ObjectKind::Trigger => Class::Trigger,
            None => return,
        };
        if class == Class::Schema {
            return self.drop_schema(&name.name, cascade);
        }
        let key = self.resolve(class, name);
        if !if_exists && self.expect(&key, name.span, kind.word(), faults) {
            return;
        }
        if kind == ObjectKind::Table {
            self.displace(&key);
        }
        match self.take(&key) {
            Some(Object::Index { table }) => {
                self.change_table_at(&table, |table| {
                    table.indexes.retain(|index| index.name != key.name)
                });
            }
            Some(Object::Table(table)) => self.forget_table(&key, &table),
            _ => {}
        }
        // Overloads share a key, so a function of that name may still be there.
        if class != Class::Function {
            self.dropped.insert(key, kind);
        }
    }

    /// Removes what goes with a table: its indexes, its partitions, the foreign keys that refer to it.
    fn forget_table(&mut self, key: &Key, gone: &TableModel) {
        for index in gone
            .indexes
            .iter()
            .filter(|_| !self.dialect.is_mysql_family())
            .cloned()
            .collect::<Vec<_>>()
        {
            self.take(&Key::new(Class::Relation, &key.schema, &index.name));
        }
        if self.dialect == Dialect::Sqlite {
            // The foreign keys that refer to it stay, and refer to whatever gets its name.
            return self.forget_attached(key, gone);
        }
        let is_partition = |table: &TableModel| {
            table
                .partition_of
                .as_ref()
                .is_some_and(|(parent, _)| parent == key)
        };
        let partitions: Vec<Key> = match gone.partitioned {
            Some(_) => self
                .tables()
                .filter(|(_, table)| is_partition(table))
                .map(|(key, _)| key.clone())
                .collect(),
            None => Vec::new(),
        };
        for partition in partitions {
            if let Some(Object::Table(table)) = self.take(&partition) {
                self.forget_table(&partition, &table);
            }
            self.dropped.insert(partition, ObjectKind::Table);
        }
        let refers = |one: &super::super::TableConstraint| matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, _) if parent == key);
        let children: Vec<Key> = self
            .tables()
            .filter(|(_, table)| table.constraints.iter().any(refers))
            .map(|(key, _)| key.clone())
            .collect();
        for child in children {
            self.change_table_at(&child, |table| table.constraints.retain(|one| !refers(one)));
        }
    }

    fn drop_schema(&mut self, name: &str, cascade: bool) {
        let key = Key::new(Class::Schema, "", name);
        self.take(&key);
        self.dropped.insert(key, ObjectKind::Schema);
        if cascade {
            let inside: Vec<Key> = self
                .objects
                .keys()
                .filter(|key| key.schema == name)
                .cloned()
                .collect();
            for key in inside {
                if let Some(object) = self.take(&key) {
                    self.dropped.insert(key, object.kind());
                }
            }
        }
    }

    /// Removes a column with the indexes and constraints over it.
    pub(super) fn drop_column(&mut self, key: &Key, column: &str) {
        let mut gone = Vec::new();
        let by_table = self.indexes_by_table();
        self.change_table_at(key, |table| {
            table.columns.retain(|known| known.name != column);
            table.constraints.retain(|known| {
                let over = match &known.kind {
                    ConstraintModel::Unique(columns)
                    | ConstraintModel::PrimaryKey(columns)
                    | ConstraintModel::ForeignKey(columns, _, _) => columns.iter().any(|name| name == column),
                    ConstraintModel::Check(check) => check.columns.iter().any(|name| name == column),
                    ConstraintModel::NotNull(name) => name == column,
                    ConstraintModel::Exclude => false,
                };
                !over
            });
            if by_table {
                // An index over several columns goes on over the others.
                for index in &mut table.indexes {
                    index.columns.retain(|name| name != column);
                }
                table.indexes.retain(|index| !index.columns.is_empty());
                return;
            }
            table.indexes.retain(|index| {
                let over = index.columns.iter().any(|name| name == column);
                if over {
                    gone.push(index.name.clone());
                }
                !over
            });
        });
        for name in gone {
            self.take(&Key::new(Class::Relation, &key.schema, &name));
        }
    }

    /// Removes a constraint with the index under it.
    pub(super) fn drop_constraint(&mut self, key: &Key, name: &str) {
        let mut indexed = false;
        self.change_table_at(key, |table| {
            table.constraints.retain(|known| known.name != name);
            table.indexes.retain(|index| {
                let under = index.constraint && index.name == name;
                indexed |= under;
                !under
            });
        });
        if indexed && !self.indexes_by_table() {
            self.take(&Key::new(Class::Relation, &key.schema, name));
        }
    }
}
