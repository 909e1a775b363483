//! ALTER TABLE, and the ALTER of what else has a name.

use std::rc::Rc;

use super::super::{
    Class, Column, ConstraintModel, Fault, FaultKind, Key, Object, Origin, Schema, TableConstraint,
    TableIndex, TableModel,
};
use super::by_table::put_column;
use super::column::{change_column, column_model, set_not_null, unknown_column};
use super::defaults::refused_new_default;
use super::missing_column;
use super::refused::refused;
use super::table_options::expect_stored;
use crate::model::Dialect;
use crate::sql::{
    Action, ColumnChange, Constraint, ConstraintKind, Generated, Name, ObjectKind, TableOption, Word,
};

/// The name space of a kind of object.
pub(in super::super) const fn class(kind: ObjectKind) -> Option<Class> {
    Some(match kind {
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::Index
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence => Class::Relation,
        ObjectKind::Type | ObjectKind::Domain => Class::Type,
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => Class::Function,
        ObjectKind::Schema => Class::Schema,
        ObjectKind::Event => Class::Event,
        _ => return None,
    })
}

impl Schema {
    pub(super) fn alter(
        &mut self,
        kind: ObjectKind,
        name: &Name,
        if_exists: bool,
        actions: &[Action],
        origin: Origin,
        faults: &mut Vec<Fault>,
    ) {
        let Some(class) = class(kind) else { return };
        let key = match class {
            Class::Schema => Key::new(class, "", &name.name),
            _ => self.resolve(class, name),
        };
        if !if_exists && self.expect(&key, name.span, kind.word(), faults) {
            return;
        }
        if if_exists && !self.objects.contains_key(&key) && self.was_dropped(&key) {
            return;
        }
        let is_table = kind == ObjectKind::Table;
        self.expect_alterable(kind, &key, name, actions, faults);
        let before = (self.indexes_by_table() && is_table).then(|| self.table_at(&key).cloned());
        if before.is_some() {
            self.expect_unneeded(&key, actions, faults);
            self.expect_places(&key, actions, faults);
            self.expect_no_history(&key, actions, faults);
            self.expect_unnamed(&key, actions, faults);
            self.expect_untouched(&key, actions, faults);
            self.expect_still_required(&key, actions, faults);
        }
        let changes = |action: &Action| {
            matches!(
                action,
                Action::AddColumn { .. } | Action::DropColumn { .. } | Action::AddConstraint(_)
            )
        };
        if is_table && self.dialect == Dialect::Postgres && actions.iter().any(changes) {
            self.expect_table(&key, name.span, "whose columns come from its query", faults);
        }
        let checks = self.foreign_key_checks;
        self.foreign_key_checks &= !actions.iter().any(|action| matches!(action, Action::Unchecked));
        let around = is_table.then(|| self.rename_around(&key, actions)).flatten();
        let actions_of = actions;
        let mut actions: Vec<&Action> = around.as_deref().unwrap_or(actions).iter().collect();
        match self.dialect {
            Dialect::Postgres => actions.sort_by_key(|action| pass(action)),
            // Indexes go before their columns would take them along, and keys are made over the columns as all the
            // other actions leave them.
            Dialect::Mysql | Dialect::MariaDb => actions.sort_by_key(|action| turn(action)),
            Dialect::Sqlite => {}
        }
        for action in actions {
            if self.move_overload(&key, action, actions_of, faults) {
                continue;
            }
            match action {
                Action::RenameTo(to) => self.rename(&key, &key.schema.clone(), &to.text, to, faults),
                Action::SetSchema(schema) => {
                    self.rename(&key, &schema.text, &key.name.clone(), schema, faults)
                }
                Action::RenameColumn(from, to, _) if matches!(self.get(&key), Some(Object::View { .. })) => {
                    self.rename_shown(&key, from, to, faults);
                }
                Action::RenameConstraint(from, to)
                    if matches!(self.get(&key), Some(Object::Domain { .. })) =>
                {
                    if let Some(Object::Domain { constraints, .. }) = self.changed_object(&key)
                        && let Some(valid) = constraints.remove(&from.text)
                    {
                        constraints.insert(to.text.clone(), valid);
                    }
                }
                Action::AttachIndex(child) => {
                    self.expect_attachable(&key, child, faults);
                    let child = self.resolve(Class::Relation, child);
                    if let Some(Object::Index { table }) = self.get(&child).cloned() {
                        self.change_table_at(&table, |table| {
                            let of_it = table.indexes.iter_mut().filter(|index| index.name == child.name);
                            of_it.for_each(|index| index.part_of = Some(key.name.clone()));
                        });
                    }
                }
                _ if matches!(
                    kind,
                    ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::MaterializedView
                ) =>
                {
                    self.alter_table(&key, action, origin, faults);
                }
                _ => {}
            }
        }
        if let Some(before) = before {
            self.expect_sound(&key, before.as_deref(), name.span, faults);
        }
        self.foreign_key_checks = checks;
    }

    /// The tables with such a column.
    pub(super) fn tables_with(&self, is_such: impl Fn(&Column) -> bool) -> Vec<Key> {
        let having = self
            .tables()
            .filter(|(_, table)| table.columns.iter().any(&is_such));
        having.map(|(key, _)| key.clone()).collect()
    }

    fn alter_table(&mut self, key: &Key, action: &Action, origin: Origin, faults: &mut Vec<Fault>) {
        let known = self.table_at(key).cloned();
        let missing = |column: &Word, faults: &mut Vec<Fault>| {
            known
                .as_ref()
                .is_some_and(|table| missing_column(table, key, column, faults))
        };
        match action {
            Action::AddColumn {
                column,
                if_not_exists,
            } => {
                if known
                    .as_ref()
                    .is_some_and(|table| table.column(&column.name.text).is_some())
                {
                    if !if_not_exists && !self.doubted.contains(key) {
                        let message =
                            format!("the table `{key}` has a column `{}` already", column.name.text);
                        faults.push(Fault {
                            kind: FaultKind::Exists,
                            span: column.name.span,
                            message,
                            nearest: None,
                        });
                    }
                    return;
                }
                self.expect_whole_table(key, &column.name, faults);
                self.expect_column(column, &[], faults);
                self.expect_no_chain(key, column, faults);
                let draft = match origin {
                    Origin::Draft(index) => Some(index),
                    _ => None,
                };
                let model = column_model(column, draft);
                // A table that is held twice would be copied to be changed.
                drop(known);
                self.change_table_at(key, |table| put_column(&mut table.columns, model, column));
                self.bring_counters(key, Some(&column.name.text), origin);
                if let Some(Generated::Stored(value) | Generated::Virtual(value)) = &column.generated {
                    self.expect_columns(key, value, faults);
                    self.expect_immutable(key, value, "what is computed", faults);
                }
                // SQLite adds no key to a table that is there, whatever it has; a rule says so.
                let sqlite = self.dialect == Dialect::Sqlite;
                let told = |one: &Constraint| sqlite && matches!(one.kind, ConstraintKind::PrimaryKey { .. });
                for constraint in column.constraints.iter().filter(|one| !told(one)) {
                    self.add_inline_constraint(key, &column.name.text, constraint, faults);
                }
                self.each_child(key, |schema, child| {
                    schema.alter_table(child, action, origin, &mut Vec::new())
                });
            }
            Action::DropColumn {
                column,
                if_exists,
                cascade,
            } => {
                if !if_exists && missing(column, faults) {
                    return;
                }
                drop(known);
                self.expect_whole_table(key, column, faults);
                self.expect_own(key, column, "dropped", faults);
                self.expect_no_partition_key(key, column, faults);
                if !cascade {
                    self.expect_unshown(key, column, "dropped without CASCADE", faults);
                    self.expect_unused(key, column, faults);
                    self.expect_no_reference(key, column, faults);
                }
                if *cascade {
                    self.forget_views(key, Some(&column.text));
                }
                self.drop_column(key, &column.text);
                self.each_child(key, |schema, child| schema.drop_inherited(child, &column.text));
            }
            Action::AlterColumn { column, change, .. } => {
                if missing(column, faults) {
                    return;
                }
                drop(known);
                self.expect_changeable(key, column, change, faults);
                if let ColumnChange::SetDefault(value) = change {
                    let of = self.table_at(key).and_then(|table| table.column(&column.text));
                    let ty = of.and_then(|column| column.ty.clone()).unwrap_or_default();
                    self.expect_default(&ty, value, faults);
                    if self.dialect == Dialect::Mysql
                        && !self.own_mode
                        && let Some(why) = refused_new_default(&column.text, &ty, value)
                    {
                        faults.push(refused(value.span, why));
                    }
                }
                if matches!(change, ColumnChange::DropNotNull) {
                    self.expect_nullable(key, column, faults);
                    self.expect_nullable_parent(key, column, faults);
                }
                if matches!(change, ColumnChange::Type { .. }) {
                    self.expect_whole_table(key, column, faults);
                    self.expect_own(key, column, "given another type", faults);
                    self.expect_unshown(key, column, "given another type", faults);
                    self.expect_unused(key, column, faults);
                }
                self.change_table_at(key, |table| {
                    if table.column(&column.text).is_none() {
                        table.columns.push(unknown_column(&column.text));
                    }
                    if matches!(change, ColumnChange::SetNotNull) {
                        set_not_null(table, &column.text);
                    }
                    if let Some(model) = table.columns.iter_mut().find(|known| known.name == column.text) {
                        change_column(model, change);
                    }
                    if let ColumnChange::Type { ty, .. } = change {
                        table
                            .indexes
                            .iter_mut()
                            .for_each(|index| without_cast(index, &column.text, &ty.name));
                    }
                });
                self.bring_counter(key, column, change, origin);
            }
            Action::AddConstraint(constraint) => {
                drop(known);
                self.change_table_at(key, |_| {});
                self.add_constraint(key, constraint, faults);
            }
            Action::ValidateConstraint(name) => {
                self.expect_constraint(key, name, faults);
                self.expect_kind_of_constraint(key, name, true, faults);
                drop(known);
                self.change_table_at(key, |table| {
                    let Some(found) = table.constraints.iter_mut().find(|known| known.name == name.text)
                    else {
                        table.validated = Some(name.text.clone()).filter(|_| !table.complete);
                        return;
                    };
                    found.valid = true;
                    if let ConstraintModel::NotNull(column) = found.kind.clone() {
                        set_not_null(table, &column);
                    }
                });
            }
            Action::AlterConstraint(name, deferrable) => {
                self.expect_constraint(key, name, faults);
                self.expect_kind_of_constraint(key, name, false, faults);
                drop(known);
                self.change_table_at(key, |table| {
                    let found = table.constraints.iter_mut().find(|known| known.name == name.text);
                    let Some(found) = found else { return };
                    let rest = found.behaviour.trim_end_matches("initially deferred");
                    let rest = rest.trim_end_matches("deferrable").trim_end();
                    found.behaviour = format!("{rest} {deferrable}").trim().to_owned();
                });
            }
            Action::DropConstraint {
                name,
                if_exists,
                cascade,
            } => {
                if !if_exists {
                    self.expect_constraint(key, name, faults);
                }
                drop(known);
                // A constraint of another name than the model has may be one that it knows by a guess; so may a UNIQUE
                // over the columns of a key, of which PostgreSQL makes one constraint, under the name of either.
                let is_key = |one: &TableConstraint, columns: &[String]| matches!(&one.kind, ConstraintModel::PrimaryKey(key) if key == columns);
                let guessed = |table: &Rc<TableModel>| match table.constraint(&name.text).map(|one| &one.kind)
                {
                    Some(ConstraintModel::Unique(columns)) => {
                        table.constraints.iter().any(|one| is_key(one, columns))
                    }
                    Some(_) => false,
                    None => true,
                };
                if self.table_at(key).is_some_and(guessed) {
                    self.doubted.insert(key.clone());
                }
                if *cascade {
                    self.forget_references(key, &name.text);
                } else {
                    self.expect_unreferred(key, name, faults);
                }
                self.drop_constraint(key, &name.text);
            }
            Action::RenameConstraint(from, to) => {
                self.expect_constraint(key, from, faults);
                self.expect_free_constraint(key, to, faults);
                self.change_table_at(key, |table| {
                    for constraint in table
                        .constraints
                        .iter_mut()
                        .filter(|known| known.name == from.text)
                    {
                        constraint.name = to.text.clone();
                    }
                    for index in table
                        .indexes
                        .iter_mut()
                        .filter(|index| index.constraint && index.name == from.text)
                    {
                        index.name = to.text.clone();
                    }
                });
                let old = Key::new(Class::Relation, &key.schema, &from.text);
                if matches!(self.get(&old), Some(Object::Index { .. }))
                    && let Some(index) = self.take(&old)
                {
                    self.put(Key::new(Class::Relation, &key.schema, &to.text), index);
                }
            }
            Action::RenameColumn(from, to, if_exists) => {
                let mut asked = Vec::new();
                let told = if *if_exists { &mut asked } else { &mut *faults };
                if missing(from, told) {
                    return;
                }
                // Another case is no other name, but in PostgreSQL.
                let same = from.text == to.text && self.dialect != Dialect::Postgres;
                if let Some(table) = known
                    .as_ref()
                    .filter(|table| !same && table.column(&to.text).is_some())
                {
                    let message = format!("the table `{key}` has a column `{}` already", to.text);
                    let _ = table;
                    faults.push(Fault {
                        kind: FaultKind::Exists,
                        span: to.span,
                        message,
                        nearest: None,
                    });
                }
                self.expect_whole_table(key, from, faults);
                self.expect_own(key, from, "renamed", faults);
                self.rename_column(key, &from.text, &to.text);
                self.each_child(key, |schema, child| {
                    schema.rename_column(child, &from.text, &to.text)
                });
            }
            Action::AttachPartition(child, bound) => {
                let child = self.resolve(Class::Relation, child);
                let parent = key.clone();
                self.has_partitions = true;
                self.change_table_at(&child, |table| table.partition_of = Some((parent, bound.clone())));
                self.take_parts(key, &child);
            }
            Action::DetachPartition { child, .. } => {
                let child = self.resolve(Class::Relation, child);
                self.change_table_at(&child, |table| table.partition_of = None);
                self.leave_parts(&child);
            }
            Action::Redefine {
                column,
                definition,
                if_exists,
                ..
            } => {
                if !if_exists && missing(column, faults) {
                    return;
                }
                let old = known.as_ref().and_then(|table| table.column(&column.text));
                if let Some(old) = old.filter(|old| old.ty.is_some()) {
                    expect_stored(old, definition, column, faults);
                }
                self.redefine(key, column, definition, origin, faults);
            }
            Action::AddIndex(index) => self.add_index(key, index, faults),
            Action::DropIndex { name, if_exists } => self.drop_index(key, name, *if_exists, faults),
            Action::RenameIndex(from, to) => self.rename_index(key, from, to, faults),
            Action::DropPrimaryKey(_) => self.drop_constraint(key, "primary"),
            Action::Option(option, span) => {
                if let TableOption::Visible(name, _) = option {
                    self.expect_index(key, name, faults);
                }
                self.change_partitions(key, option, *span, faults);
                self.table_option(key, option);
            }
            Action::RenameTrigger(from, to) => self.rename_attached(ObjectKind::Trigger, key, from, to),
            Action::RenamePolicy(from, to) => self.rename_attached(ObjectKind::Policy, key, from, to),
            // What of it stays as it was is not followed.
            Action::ChangePolicy(name) => self.change_table_at(key, |table| {
                table.set_manner(ObjectKind::Policy, &name.text, None);
                table.set_user(ObjectKind::Policy, &name.text, &[]);
            }),
            Action::Inherit { parent, on } => self.inherit_from(key, parent, *on, faults),
            Action::Typed(of) => self.become_typed(key, of.as_ref(), faults),
            Action::SetLogged(logged) => self.change_table_at(key, |table| table.logged = *logged),
            Action::RowSecurity { owner: true, .. } => {}
            Action::RowSecurity { hides, .. } => {
                self.change_table_at(key, |table| table.row_security = *hides)
            }
            _ => {}
        }
    }
}

/// When MySQL and MariaDB do an action of ALTER TABLE.
fn turn(action: &Action) -> u8 {
    match action {
        Action::DropIndex { .. } | Action::RenameIndex(..) => 0,
        Action::AddIndex(_) | Action::AddConstraint(_) => 2,
        _ => 1,
    }
}

/// When PostgreSQL does an action of ALTER TABLE: it drops, changes types and adds columns before everything else.
fn pass(action: &Action) -> u8 {
    match action {
        Action::DropColumn { .. } | Action::DropConstraint { .. } => 0,
        Action::AlterColumn {
            change: ColumnChange::DropNotNull | ColumnChange::DropDefault,
            ..
        } => 0,
        Action::AlterColumn {
            change: ColumnChange::Type { .. },
            ..
        } => 1,
        Action::AddColumn { .. } => 2,
        _ => 3,
    }
}

/// Makes an expression of an index that converts a column to the type that it has by now what it is: the column.
fn without_cast(index: &mut TableIndex, column: &str, ty: &str) {
    let call = format!("{ty}({column})");
    if !index.definition.contains(&call) {
        return;
    }
    let Some(list) = index
        .definition
        .strip_prefix('(')
        .and_then(|list| list.strip_suffix(')'))
    else {
        return;
    };
    let mut items: Vec<&str> = super::index::split_list(list)
        .into_iter()
        .map(str::trim)
        .collect();
    for (item, name) in items.iter_mut().zip(&mut index.columns) {
        if *item == call {
            *item = column;
            *name = column.to_owned();
        }
    }
    index.definition = format!("({})", items.join(", "));
}
