//! What MySQL and MariaDB refuse of a table because of other tables: foreign keys, and names of CHECKs.

use super::super::{
    ConstraintModel, FaultKind, Key, Origin, Schema, TableConstraint, TableIndex, TableModel,
};
use super::index::split_list;
use crate::model::Dialect;
use crate::sql::Generated;

impl Schema {
    /// The name of a CHECK is one for all tables in MySQL.
    pub(super) fn checks_of_others(
        &self,
        key: &Key,
        table: &TableModel,
        found: &mut Vec<(FaultKind, String)>,
    ) {
        let is_check =
            |one: &&TableConstraint| matches!(one.kind, ConstraintModel::Check(_)) && !one.generated_name;
        for one in table.constraints.iter().filter(is_check) {
            let twin = self.tables().find(|(other, model)| {
                *other != key
                    && other.schema == key.schema
                    && !self.doubted.contains(*other)
                    && model
                        .constraints
                        .iter()
                        .filter(is_check)
                        .any(|known| known.name == one.name)
            });
            if let Some((other, _)) = twin {
                let message = format!("the table `{other}` has a CHECK `{}` already", one.name);
                found.push((FaultKind::Exists, message));
            }
        }
    }

    pub(super) fn references(&self, key: &Key, table: &TableModel, found: &mut Vec<(FaultKind, String)>) {
        for one in table.constraints.iter().filter(|one| self.is_enforced(one)) {
            let ConstraintModel::ForeignKey(columns, parent_key, named) = &one.kind else {
                continue;
            };
            let computed = |wanted: fn(&Generated) -> bool| {
                let generated =
                    |name: &&String| table.column(name).and_then(|column| column.generated.as_ref());
                columns.iter().find(|name| generated(name).is_some_and(wanted))
            };
            let changes = ["set null", "set default", "on update cascade"];
            if let Some(column) = computed(|one| matches!(one, Generated::Stored(_)))
                && changes.iter().any(|change| one.behaviour.contains(change))
            {
                let message = format!(
                    "the foreign key `{}` changes `{column}` by itself, which is computed",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            if let Some(column) = computed(|one| matches!(one, Generated::Virtual(_)))
                && self.dialect == Dialect::Mysql
            {
                let message = format!("`{column}` is computed when it is read, so no foreign key is over it");
                found.push((FaultKind::Refused, message));
            }
            let computes = table.columns.iter().find(|other| {
                matches!(&other.generated, Some(Generated::Stored(value))
                    if columns.iter().any(|column| value.columns.contains(column)))
            });
            let cascades = self.dialect == Dialect::Mysql && one.behaviour.contains("on delete cascade");
            if let Some(other) = computes
                && (cascades || changes.iter().any(|change| one.behaviour.contains(change)))
            {
                let message = format!(
                    "`{}` is computed and stored from what the foreign key `{}` changes by itself",
                    other.name, one.name
                );
                found.push((FaultKind::Refused, message));
            }
            if table.temporary {
                let message = format!("`{key}` is temporary and has the foreign key `{}`", one.name);
                found.push((FaultKind::Refused, message));
            }
            let emptied = columns.iter().find(|column| table.is_not_null(column));
            if let Some(column) = emptied.filter(|_| one.behaviour.contains("set null")) {
                let message = format!(
                    "the foreign key `{}` sets `{column}` to NULL, which is NOT NULL",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            let twin = self.tables().find(|(other, model)| {
                *other != key
                    && other.schema == key.schema
                    && !self.doubted.contains(*other)
                    && model.constraints.iter().any(|known| {
                        matches!(known.kind, ConstraintModel::ForeignKey(..)) && known.name == one.name
                    })
            });
            if let Some((other, _)) = twin.filter(|_| !one.generated_name) {
                let message = format!("the table `{other}` has a foreign key `{}` already", one.name);
                found.push((FaultKind::Exists, message));
            }
            let takes_key = self.dialect == Dialect::Mysql && self.is_at_least(9, 0);
            if named.is_empty() && !takes_key && self.foreign_key_checks {
                let message = format!(
                    "the foreign key `{}` does not say which columns of `{parent_key}` it refers to",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            let parent = match parent_key == key {
                true => Some(table),
                false => self.table_at(parent_key).map(|parent| &**parent),
            };
            let Some(parent) = parent.filter(|parent| {
                parent.complete
                    && parent.origin != Origin::Unknown
                    && !self.doubted.contains(parent_key)
                    && named.iter().all(|column| parent.column(column).is_some())
            }) else {
                continue;
            };
            let other = parent.engine.as_deref().filter(|engine| {
                matches!(
                    *engine,
                    "myisam" | "memory" | "csv" | "archive" | "aria" | "merge"
                )
            });
            if let Some(engine) = other.filter(|_| self.foreign_key_checks) {
                let message = format!(
                    "`{parent_key}` is kept by {engine}, so the foreign key `{}` cannot refer to it",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            if parent.partitioned.is_some() && (self.foreign_key_checks || self.dialect == Dialect::Mysql) {
                let message = format!(
                    "`{parent_key}` is partitioned, so the foreign key `{}` cannot refer to it",
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            let serves = |index: &TableIndex| index.columns.starts_with(named) && !is_cut(index, named.len());
            let tells_apart =
                |index: &TableIndex| index.unique && index.columns == *named && !is_cut(index, named.len());
            let demands_unique =
                self.dialect == Dialect::Mysql && self.is_at_least(8, 4) && !named.is_empty();
            if demands_unique && parent.indexes.iter().any(serves) && !parent.indexes.iter().any(tells_apart)
            {
                let message = format!(
                    "nothing makes `{}` of `{parent_key}` unique, which MySQL 8.4 wants of what the foreign key `{}` refers to",
                    named.join(", "),
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
            if !named.is_empty() && !parent.indexes.iter().any(serves) {
                let message = format!(
                    "no index of `{parent_key}` begins with `{}`, which the foreign key `{}` refers to",
                    named.join(", "),
                    one.name
                );
                found.push((FaultKind::Refused, message));
            }
        }
    }
}

/// Whether one of the first columns of an index is kept by the beginnings of its values only.
fn is_cut(index: &TableIndex, first: usize) -> bool {
    let list = index
        .definition
        .strip_prefix('(')
        .and_then(|list| list.strip_suffix(')'))
        .unwrap_or(&index.definition);
    split_list(list)
        .into_iter()
        .take(first)
        .any(|item| item.contains('('))
}
