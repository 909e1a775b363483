//! CREATE TABLE.

use std::rc::Rc;

use super::super::constraint::{self, server_name};
use super::super::{
    Class, Column, ConstraintModel, Fault, FaultKind, Key, Object, Origin, Schema, TableConstraint,
    TableIndex, TableKind, TableModel,
};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{
    Attributes, ColumnDef, Constraint, ConstraintKind, Generated, Given, IndexKind, Name, Table, TableSource,
};

impl Schema {
    pub(super) fn create_table(&mut self, table: &Table, origin: Origin, faults: &mut Vec<Fault>) {
        let name = match table.temporary {
            true => Name {
                schema: Some(self.temporary().to_owned()),
                ..table.name.clone()
            },
            false => table.name.clone(),
        };
        let key = self.creation(Class::Relation, &name);
        if !table.or_replace && !self.may_create(&key, name.span, table.if_not_exists, faults) {
            return;
        }
        // What the server may have had before is not known, so that IF NOT EXISTS may have done nothing.
        let unsure = table.if_not_exists && origin == Origin::History;
        let mut model = TableModel {
            kind: match &table.source {
                TableSource::Module(_) => TableKind::Virtual,
                _ if table.foreign => TableKind::Foreign,
                _ => TableKind::Plain,
            },
            origin,
            temporary: table.temporary,
            complete: !unsure,
            partitioned: table.partitioned.clone(),
            strategy: table.strategy.clone(),
            parts: table.parts.clone(),
            charset: table.charset.clone(),
            collation: table.collation.clone(),
            engine: table.engine.clone(),
            compressed: table.compressed,
            strict: table.strict.is_some(),
            copied: matches!(table.source, TableSource::Like(_)) && !self.indexes_by_table(),
            logged: !table.unlogged,
            without_rowid: table.without_rowid,
            ..TableModel::unknown()
        };
        self.has_partitions |= matches!(table.source, TableSource::PartitionOf(..));
        self.inherit(table, &mut model, faults);
        self.expect_free_type(&key, name.span, faults);
        self.expect_definable(table, faults);
        let draft = match origin {
            Origin::Draft(index) => Some(index),
            _ => None,
        };
        for column in &table.columns {
            if model.column(&column.name.text).is_some()
                && matches!(table.source, TableSource::None | TableSource::Like(_))
            {
                let message = format!("the column `{}` is defined twice", column.name.text);
                faults.push(Fault {
                    kind: FaultKind::Exists,
                    span: column.name.span,
                    message,
                    nearest: None,
                });
            }
            model.columns.retain(|known| known.name != column.name.text);
            model.columns.push(column_model(column, draft));
        }
        let model = self.makes_room(&key, model);
        self.remember(&key);
        self.objects.remove(&key);
        self.put(key.clone(), Object::Table(Rc::new(model)));
        if let TableSource::Module(module) = &table.source {
            self.create_shadows(&key, module, origin);
        }
        for column in &table.columns {
            if let Some(Generated::Stored(value) | Generated::Virtual(value)) = &column.generated {
                self.expect_columns(&key, value, faults);
                self.expect_immutable(&key, value, "what is computed", faults);
            }
        }
        for column in &table.columns {
            for constraint in &column.constraints {
                self.add_inline_constraint(&key, &column.name.text, constraint, faults);
            }
        }
        // A foreign key makes an index where none of the statement serves it.
        for index in &table.indexes {
            self.add_index(&key, index, faults);
        }
        let foreign = |one: &&Constraint| matches!(one.kind, ConstraintKind::ForeignKey(_));
        for constraint in table.constraints.iter().filter(|one| !foreign(one)) {
            self.add_constraint(&key, constraint, faults);
        }
        for constraint in table.constraints.iter().filter(foreign) {
            self.add_constraint(&key, constraint, faults);
        }
        self.expect_partition_columns(&key, name.span, faults);
        self.expect_sound(&key, None, name.span, faults);
    }

    fn inherit(&self, table: &Table, model: &mut TableModel, faults: &mut Vec<Fault>) {
        let parents = match &table.source {
            TableSource::None => return,
            TableSource::Query => {
                self.fill(table.given.as_deref(), model);
                return;
            }
            TableSource::OfType | TableSource::Module(_) => {
                model.complete = false;
                return;
            }
            TableSource::Like(parents) | TableSource::Inherits(parents) => parents.clone(),
            TableSource::PartitionOf(parent, bound) => {
                let key = self.resolve(Class::Relation, parent);
                self.expect_partitioned(&key, parent.span, faults);
                self.expect_bound(&key, bound, parent.span, faults);
                self.expect_free_bound(&key, &table.name, bound, faults);
                model.partition_of = Some((key, bound.clone()));
                vec![parent.clone()]
            }
        };
        let like = matches!(table.source, TableSource::Like(_));
        // It gets what its parents get from here on.
        model.complete &= !matches!(table.source, TableSource::Inherits(_));
        let all = like && self.indexes_by_table();
        for parent in parents {
            let key = self.resolve(Class::Relation, &parent);
            self.expect(&key, parent.span, "table", faults);
            if matches!(table.source, TableSource::Inherits(_)) {
                self.expect_heritable(&key, table, parent.span, faults);
                model.inherits.push(key.clone());
            }
            let Some(known) = self.table_at(&key) else {
                model.complete = false;
                continue;
            };
            model.complete &= known.complete;
            if all {
                model.indexes.clone_from(&known.indexes);
                model.charset.clone_from(&known.charset);
                model.collation.clone_from(&known.collation);
                model.engine.clone_from(&known.engine);
                model.compressed = known.compressed;
                let copied = known.constraints.iter();
                model.constraints.extend(
                    copied
                        .filter(|one| !matches!(one.kind, ConstraintModel::ForeignKey(..)))
                        .cloned(),
                );
            }
            for column in &known.columns {
                let mut column = column.clone();
                if like && !all {
                    column.default = None;
                    column.generated = None;
                }
                model.columns.retain(|own| own.name != column.name);
                model.columns.push(column);
            }
            if !like {
                let checks = known.constraints.iter();
                model.constraints.extend(
                    checks
                        .filter(|one| {
                            matches!(one.kind, ConstraintModel::Check(_) | ConstraintModel::NotNull(_))
                        })
                        .cloned(),
                );
            }
        }
    }

    /// Gives a table the columns that its query gives, as far as they are known.
    fn fill(&self, given: Option<&[Given]>, model: &mut TableModel) {
        let keeps = self.dialect.is_mysql_family();
        let copy = |column: &Column| Column {
            default: column.default.clone().filter(|_| keeps),
            not_null: column.not_null && keeps,
            generated: None,
            attributes: Attributes {
                auto_increment: false,
                ..column.attributes.clone()
            },
            ..column.clone()
        };
        for given in given.unwrap_or_default() {
            let of = match given {
                Given::All(table)
                | Given::One {
                    of: Some((table, _)), ..
                } => self
                    .certain_table(&self.resolve(Class::Relation, table))
                    .filter(|table| table.complete),
                Given::One { of: None, .. } => None,
            };
            match (given, of) {
                (Given::All(_), Some(table)) => {
                    let all = table.columns.iter().map(copy);
                    all.for_each(|column| model.columns.push(column));
                }
                (Given::All(_), None) => model.complete = false,
                (Given::One { name, of: source }, of) => {
                    let source = source.as_ref().and_then(|(_, column)| of?.column(column));
                    model.columns.push(Column {
                        name: name.clone(),
                        ..source.map_or_else(|| unknown_column(name), copy)
                    });
                }
            }
        }
        model.complete &= given.is_some();
    }

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
        let ignored = self.dialect == Dialect::Mysql && matches!(added.kind, ConstraintKind::ForeignKey(_));
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
        self.expect_no_query(added, faults);
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
                if self.foreign_key_checks {
                    constraint::mismatches_of_mysql(table, parent, foreign, faults);
                }
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
                if let Some(parent) = parent.as_ref().filter(|_| early) {
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
                    predicate: None,
                    constraint: false,
                    kind: IndexKind::Plain,
                    part_of: None,
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
                    predicate: None,
                    constraint: true,
                    kind: IndexKind::Plain,
                    part_of: None,
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
}

pub(super) fn set_not_null(table: &mut TableModel, column: &str) {
    if let Some(column) = table.columns.iter_mut().find(|known| known.name == column) {
        column.not_null = true;
    } else if !table.complete {
        table.columns.push(Column {
            not_null: true,
            ..unknown_column(column)
        });
    }
}

/// A column of which only the name is known.
pub(in super::super) fn unknown_column(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        ty: None,
        collation: None,
        not_null: false,
        default: None,
        generated: None,
        attributes: Attributes::default(),
        added_by: None,
    }
}

/// The column as the model keeps it.
pub(super) fn column_model(column: &ColumnDef, added_by: Option<usize>) -> Column {
    let identity = matches!(column.generated, Some(Generated::Identity { .. }));
    let key = column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }));
    Column {
        name: column.name.text.clone(),
        ty: Some(column.ty.clone()),
        collation: column.collation.clone(),
        not_null: column.not_null.is_some() || identity || key || column.ty.is_serial(),
        default: column.default.clone(),
        generated: column.generated.clone(),
        attributes: column.attributes.clone(),
        added_by,
    }
}
