//! Constraints that come to a table, with the index and the NOT NULL that come along.

use super::super::constraint::{self, server_name};
use super::super::{
    Class, ConstraintModel, Fault, FaultKind, Key, Object, Schema, TableConstraint, TableIndex,
};
use super::column::set_not_null;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Constraint, ConstraintKind, IndexKind, Name, Word};

impl Schema {
    /// Adds a constraint that is written at its column.
    pub(super) fn add_inline_constraint(
        &mut self,
        key: &Key,
        column: &str,
        added: &Constraint,
        faults: &mut Vec<Fault>,
    ) {
        let count = self.table_at(key).map_or(0, |table| table.constraints.len());
        // There MySQL reads REFERENCES and makes nothing of it.
        let ignored = self.dialect == Dialect::Mysql
            && !self.is_at_least(9, 0)
            && matches!(added.kind, ConstraintKind::ForeignKey(_));
        match ignored {
            true => self.add_constraint(key, added, &mut Vec::new()),
            false => self.add_constraint(key, added, faults),
        }
        self.change_table_at(key, |table| {
            for constraint in table.constraints.iter_mut().skip(count) {
                constraint.written_at = Some(column.to_owned());
            }
        });
    }

    /// Adds a constraint to a table, with the index and the NOT NULL that come with it.
    pub(super) fn add_constraint(&mut self, key: &Key, added: &Constraint, faults: &mut Vec<Fault>) {
        if self.table_at(key).is_some_and(|table| table.has_already(added)) {
            return;
        }
        self.expect_no_query(added, faults);
        if !matches!(added.kind, ConstraintKind::Check(_) | ConstraintKind::NotNull(_)) {
            self.expect_here(key, "keys", added.span, faults);
        }
        let parent = match &added.kind {
            ConstraintKind::ForeignKey(foreign) => Some(self.resolve(Class::Relation, &foreign.parent)),
            _ => None,
        };
        // SQLite looks for the parent when a row is written, not before.
        let early = self.dialect != Dialect::Sqlite;
        if let (Some(parent_key), ConstraintKind::ForeignKey(foreign)) = (&parent, &added.kind)
            && early
            && !self.expect(parent_key, foreign.parent.span, "table", faults)
            && let (Some(table), Some(parent)) = (self.table_at(key), self.table_at(parent_key))
        {
            for column in &foreign.parent_columns {
                super::missing_column(parent, parent_key, column, faults);
            }
            if self.indexes_by_table() {
                // With the checks off only a table that is missing may be referred to.
                constraint::mismatches_of_mysql(table, parent, foreign, self.dialect, faults);
            } else {
                let (own, keys) = (foreign.columns.len(), foreign.parent_columns.len());
                if keys > 0 && own > 0 && own != keys {
                    let message = format!("{own} columns refer to {keys}");
                    faults.push(super::refused::refused(added.span, message));
                }
                constraint::mismatches(table, parent, foreign, faults);
                self.expect_lasting(table, parent, foreign, faults);
                self.expect_kin(table, parent, foreign, faults);
                self.expect_unique_parent(key, foreign, faults);
            }
        }
        if let ConstraintKind::ForeignKey(foreign) = &added.kind
            && !foreign.parent_columns.is_empty()
            && foreign.parent_columns.len() != foreign.columns.len()
        {
            let (own, other) = (foreign.columns.len(), foreign.parent_columns.len());
            let message = format!("a foreign key over {own} columns refers to {other}");
            faults.push(refused(added.span, message));
        }
        let index = match &added.kind {
            ConstraintKind::Unique {
                using_index: Some(name),
                ..
            }
            | ConstraintKind::PrimaryKey {
                using_index: Some(name),
                ..
            } => {
                let name = Name {
                    schema: Some(key.schema.clone()),
                    ..name.clone()
                };
                let index_key = self.resolve(Class::Relation, &name);
                self.expect(&index_key, name.span, "index", faults);
                self.expect_usable(key, &name, faults);
                self.index(&name).map(|(_, index)| index.clone())
            }
            _ => None,
        };
        let Some(table) = self.table_at(key) else { return };
        let columns = constraint::columns_of(&added.kind).iter();
        for column in columns.filter(|column| !column.text.is_empty()) {
            if super::missing_column(table, key, column, faults) {
                return;
            }
        }
        match &added.kind {
            ConstraintKind::Check(check) => self.expect_columns(key, check, faults),
            ConstraintKind::PrimaryKey { columns, .. } => {
                self.expect_only_key(key, added.span, faults);
                self.expect_ordered(key, columns, added.span, faults);
            }
            ConstraintKind::Unique { columns, .. } => self.expect_ordered(key, columns, added.span, faults),
            ConstraintKind::ForeignKey(foreign) => {
                if let Some(parent) = parent.as_ref().filter(|_| early && self.foreign_key_checks) {
                    let what = "to which no foreign key can refer";
                    self.expect_table(parent, foreign.parent.span, what, faults);
                }
            }
            _ => {}
        }
        let kind = match (&added.kind, parent) {
            (ConstraintKind::Check(check), _) => ConstraintModel::Check(check.clone()),
            (ConstraintKind::NotNull(column), _) => ConstraintModel::NotNull(column.text.clone()),
            (ConstraintKind::Unique { columns, .. }, _) => {
                ConstraintModel::Unique(constraint::key_columns(columns, index.as_ref()))
            }
            (ConstraintKind::PrimaryKey { columns, .. }, _) => {
                ConstraintModel::PrimaryKey(constraint::key_columns(columns, index.as_ref()))
            }
            (ConstraintKind::ForeignKey(foreign), Some(parent)) => ConstraintModel::ForeignKey(
                foreign.columns.iter().map(|column| column.text.clone()).collect(),
                parent,
                foreign
                    .parent_columns
                    .iter()
                    .map(|column| column.text.clone())
                    .collect(),
            ),
            (ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude, _) => ConstraintModel::Exclude,
        };
        let name = match (&added.name, &index) {
            (Some(name), _) => name.text.clone(),
            (None, Some(index)) => index.name.clone(),
            (None, None) if self.indexes_by_table() => constraint::mysql_name(&key.name, table, &kind),
            (None, None) => server_name(&key.name, table, &kind),
        };
        let name = match kind {
            ConstraintModel::PrimaryKey(_) if self.indexes_by_table() => "primary".to_owned(),
            _ => name,
        };
        // In MySQL a foreign key or CHECK and an index may share a name.
        let apart = self.indexes_by_table();
        let is_key = |kind: &ConstraintModel| {
            matches!(kind, ConstraintModel::Unique(_) | ConstraintModel::PrimaryKey(_))
        };
        let same_space = |one: &TableConstraint| !apart || is_key(&one.kind) == is_key(&kind);
        let implied = match &kind {
            ConstraintModel::ForeignKey(columns, _, _) if apart => {
                let served = table
                    .indexes
                    .iter()
                    .any(|index| index.columns.starts_with(columns));
                (!served).then(|| match &added.name {
                    Some(name) => name.text.clone(),
                    None => columns.first().cloned().unwrap_or_default(),
                })
            }
            _ => None,
        };
        if let Some(written) = added.name.as_ref().filter(|name| {
            early
                && table
                    .constraints
                    .iter()
                    .any(|one| one.name == name.text && same_space(one))
        }) {
            let message = format!("the table `{key}` has a constraint `{name}` already");
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: written.span,
                message,
                nearest: None,
            });
        }
        let model = TableConstraint {
            generated_name: added.name.is_none(),
            name: name.clone(),
            valid: !added.not_valid,
            behaviour: added.behaviour.clone(),
            kind: kind.clone(),
            written_at: None,
        };
        if let ConstraintModel::Unique(columns) | ConstraintModel::PrimaryKey(columns) = &kind {
            self.expect_partition_key(key, columns, added.span, faults);
            let taken = Key::new(Class::Relation, &key.schema, &name);
            let own =
                index.as_ref().is_some_and(|index| index.name == name) || table.constraint(&name).is_some();
            if let Some(written) = added
                .name
                .as_ref()
                .filter(|_| !own && self.dialect == Dialect::Postgres)
            {
                _ = self.may_create(&taken, written.span, false, faults);
            }
        }
        let old_index = index.map(|index| index.name);
        let backed = matches!(kind, ConstraintModel::Unique(_) | ConstraintModel::PrimaryKey(_));
        self.change_table_at(key, |table| {
            table
                .constraints
                .retain(|known| known.name != name || !same_space(known));
            table.constraints.push(model);
            if let (Some(index), ConstraintModel::ForeignKey(columns, _, _)) = (&implied, &kind) {
                table.indexes.push(TableIndex {
                    name: index.clone(),
                    unique: false,
                    columns: columns.clone(),
                    definition: format!("({})", columns.join(", ")),
                    manner: String::new(),
                    predicate: None,
                    constraint: false,
                    kind: IndexKind::Plain,
                    part_of: None,
                    made: false,
                });
            }
            match &kind {
                ConstraintModel::NotNull(column) if !added.not_valid => set_not_null(table, column),
                ConstraintModel::PrimaryKey(columns) => {
                    for column in columns {
                        set_not_null(table, column);
                    }
                }
                _ => {}
            }
            if let ConstraintModel::Unique(columns) | ConstraintModel::PrimaryKey(columns) = &kind {
                table
                    .indexes
                    .retain(|index| Some(&index.name) != old_index.as_ref());
                table.indexes.push(TableIndex {
                    name: name.clone(),
                    unique: true,
                    columns: columns.clone(),
                    definition: added
                        .cut
                        .clone()
                        .unwrap_or_else(|| format!("({})", columns.join(", "))),
                    manner: String::new(),
                    predicate: None,
                    constraint: true,
                    kind: IndexKind::Plain,
                    part_of: None,
                    made: false,
                });
            }
        });
        // SQLite's index under a constraint has a name that nobody else can have.
        if backed && early && !apart {
            if let Some(old) = old_index {
                self.take(&Key::new(Class::Relation, &key.schema, &old));
            }
            let index_key = Key::new(Class::Relation, &key.schema, &name);
            if !matches!(self.get(&index_key), Some(Object::Table(_))) {
                self.put(index_key, Object::Index { table: key.clone() });
            }
        }
    }

    /// Says where a table has no constraint of that name.
    pub(super) fn expect_constraint(&self, key: &Key, name: &Word, faults: &mut Vec<Fault>) {
        let Some(table) = self.table_at(key) else { return };
        // The server's names are guessed; where it named one, a name of that form may be right all the same.
        let like_one = |known: &TableConstraint| {
            self.dialect != Dialect::Postgres || is_generated(&name.text, &known.kind)
        };
        let apart = self.indexes_by_table();
        let is_key = |kind: &ConstraintModel| {
            matches!(kind, ConstraintModel::Unique(_) | ConstraintModel::PrimaryKey(_))
        };
        let guessed = table
            .constraints
            .iter()
            .any(|known| known.generated_name && like_one(known) && !(apart && is_key(&known.kind)));
        // LIKE … INCLUDING CONSTRAINTS brings some that the model has not.
        if !table.complete
            || table.copied
            || self.doubted.contains(key)
            || guessed
            || table.constraint(&name.text).is_some()
            || table.partition_of.is_some()
        {
            return;
        }
        // PostgreSQL 18 gives every NOT NULL a name of its own.
        if name.text.contains("not_null") {
            return;
        }
        let names = table.constraints.iter().map(|known| known.name.as_str());
        let nearest = crate::diagnostic::nearest(&name.text, names).map(str::to_owned);
        let message = format!("the table `{key}` has no constraint `{}`", name.text);
        faults.push(Fault {
            kind: FaultKind::Missing,
            span: name.span,
            message,
            nearest,
        });
    }
}

/// Whether a name has the form of those that PostgreSQL gives such constraints where they have none.
fn is_generated(name: &str, kind: &ConstraintModel) -> bool {
    let base = name.trim_end_matches(|last: char| last.is_ascii_digit());
    let ends: &[&str] = match kind {
        // One constraint stands for a key and a UNIQUE over the same columns, under the name of either.
        ConstraintModel::PrimaryKey(_) | ConstraintModel::Unique(_) => &["_pkey", "_key"],
        ConstraintModel::ForeignKey(..) => &["_fkey"],
        ConstraintModel::Check(_) => &["_check"],
        ConstraintModel::NotNull(_) => &["_not_null"],
        // What a foreign key to an unknown place is kept as.
        ConstraintModel::Exclude => &["_excl", "_fkey"],
    };
    ends.iter().any(|end| base.ends_with(end))
}
