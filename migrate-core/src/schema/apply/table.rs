//! CREATE TABLE.

use std::rc::Rc;

use super::super::{
    Class, Column, ConstraintModel, Fault, FaultKind, Object, Origin, Schema, TableConstraint, TableKind,
    TableModel,
};
use super::column::{column_model, unknown_column};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Attributes, Constraint, ConstraintKind, Generated, Given, Name, Table, TableSource};

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
            partitioning: table.partitioning.clone(),
            parts: table.parts.clone(),
            charset: table.charset.clone(),
            collation: table.collation.clone(),
            engine: table.engine.clone(),
            compressed: table.compressed,
            short_keys: table.short_keys,
            redundant: table.redundant,
            versioned: table.versioned,
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
        self.expect_key_required(table, faults);
        if let Some(column) = &table.twice {
            let message = format!("`{key}` would have the column `{column}` twice");
            faults.push(refused(column.span, message));
        }
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
        self.bring_counters(&key, None, origin);
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
        self.copy_indexes(&key, table);
        if let Some((parent, _)) = self.table_at(&key).and_then(|table| table.partition_of.clone()) {
            self.take_parts(&parent, &key);
        }
        let has_times = table.columns.iter().any(|column| column.attributes.row_time);
        let lacks = match (has_times, table.system_period) {
            (true, false) if table.versioned => Some("PERIOD FOR SYSTEM_TIME"),
            (false, true) => Some("AS ROW START and AS ROW END"),
            _ => None,
        };
        if let Some(lacks) = lacks {
            faults.push(refused(
                name.span,
                format!("the versions of the rows of `{key}` lack {lacks}"),
            ));
        }
        if let Some(model) = self.table_at(&key).filter(|_| self.dialect == Dialect::MariaDb) {
            for column in &table.periods {
                super::missing_column(model, &key, column, faults);
            }
        }
        self.expect_partition_columns(&key, name.span, faults);
        self.expect_sound(&key, None, name.span, faults);
    }

    fn inherit(&mut self, table: &Table, model: &mut TableModel, faults: &mut Vec<Fault>) {
        let parents = match &table.source {
            TableSource::None => return,
            TableSource::Query => {
                self.fill(table.given.as_deref(), model);
                self.expect_reads(&table.reads, faults);
                self.expect_single(table, model, faults);
                return;
            }
            TableSource::OfType(of) => return self.have_attributes(of.as_ref(), model, faults),
            TableSource::Module(_) => {
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
        let all = like && self.indexes_by_table();
        for parent in parents {
            let key = self.resolve(Class::Relation, &parent);
            self.expect(&key, parent.span, "table", faults);
            if matches!(table.source, TableSource::Inherits(_)) {
                self.expect_heritable(&key, table, parent.span, faults);
                model.inherits.push(key.clone());
                self.parents.insert(key.clone());
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
                model.short_keys = known.short_keys;
                model.redundant = known.redundant;
                model.versioned = known.versioned;
                let copied = known.constraints.iter();
                let named = copied
                    .filter(|one| !matches!(one.kind, ConstraintModel::ForeignKey(..)))
                    .cloned();
                let mut checks = 0;
                model.constraints.extend(named.map(|mut one| {
                    // MySQL names a CHECK once in a database, and so gives the copy a name of its own.
                    if self.dialect == Dialect::Mysql && matches!(one.kind, ConstraintModel::Check(_)) {
                        checks += 1;
                        one.name = format!("{}_chk_{checks}", table.name.name);
                        one.generated_name = true;
                    }
                    one
                }));
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
            } else if table.takes_checks {
                let checks = known.constraints.iter();
                let checks = checks.filter(|one| matches!(one.kind, ConstraintModel::Check(_)));
                // There are no rows yet.
                model.constraints.extend(checks.map(|one| TableConstraint {
                    valid: true,
                    ..one.clone()
                }));
            }
        }
    }

    /// Reports a column that a query would give twice.
    fn expect_single(&self, table: &Table, model: &TableModel, faults: &mut Vec<Fault>) {
        let columns: Vec<&str> = model.columns.iter().map(|column| column.name.as_str()).collect();
        let twice = (1..columns.len()).find(|at| columns[..*at].contains(&columns[*at]));
        if let Some(at) = twice.filter(|_| self.dialect.is_mysql_family() && columns.len() < 500) {
            let message = format!("the query gives `{}` twice", columns[at]);
            faults.push(refused(table.name.span, message));
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
}
