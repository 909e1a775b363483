//! What a table has from others, and what stands in the way of an ALTER because of what the object is.

use std::rc::Rc;

use super::super::{Class, ConstraintModel, Fault, FaultKind, Key, Object, Schema, TableKind, TableModel};
use super::kinds::Kind;
use super::refused::refused;
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{Action, ColumnDef, ForeignKey, Generated, Name, ObjectKind, Span, Table, Word};

impl Schema {
    /// A table inherits from a table whose columns do not contradict its own.
    pub(super) fn expect_heritable(&self, parent: &Key, table: &Table, span: Span, faults: &mut Vec<Fault>) {
        if let Some(Object::View { .. }) = self.certain(parent) {
            faults.push(refused(
                span,
                format!("`{parent}` is a view, from which nothing inherits"),
            ));
            return;
        }
        let Some(known) = self.certain_table(parent) else {
            return;
        };
        if known.partitioned.is_some() {
            let message = format!("`{parent}` is partitioned, and nothing inherits from it");
            return faults.push(refused(span, message));
        }
        for column in &table.columns {
            let of_parent = known.column(&column.name.text);
            let own = super::column::column_model(column, None);
            if of_parent.is_some_and(|other| !self.is_same_type(&own, other)) {
                let message = format!("`{}` is of another type in `{parent}`", column.name);
                faults.push(refused(column.name.span, message));
            }
        }
    }

    /// A column that a table has from another one goes and changes with that.
    pub(super) fn expect_own(&self, key: &Key, column: &Word, what: &str, faults: &mut Vec<Fault>) {
        let Some(table) = self.certain_table(key) else {
            return;
        };
        let of = |parent: &&Key| {
            self.certain_table(parent)
                .is_some_and(|parent| parent.column(&column.text).is_some())
        };
        if let Some(parent) = table.inherits.iter().find(of) {
            let message = format!("`{key}` has `{column}` from `{parent}`, and it cannot be {what} here");
            faults.push(refused(column.span, message));
        }
    }

    /// The table that inherits from one.
    pub(super) fn heir(&self, key: &Key, gone: &[Key]) -> Option<String> {
        let heir = |(other, table): &(&Key, &Rc<TableModel>)| {
            let lasts = !table.temporary && !self.doubted.contains(*other);
            lasts && !gone.contains(other) && table.inherits.contains(key)
        };
        let found = self.tables().find(heir);
        found.map(|(other, _)| format!("the table `{other}`, which inherits from it,"))
    }

    /// Removes the tables that inherit from one, and those that inherit from them.
    pub(super) fn forget_heirs(&mut self, key: &Key) {
        let heirs = self.tables().filter(|(_, table)| table.inherits.contains(key));
        for heir in heirs.map(|(heir, _)| heir.clone()).collect::<Vec<_>>() {
            // Gone before its own heirs are looked for: a circle, which no server makes, ends here.
            if let Some(Object::Table(table)) = self.take(&heir) {
                self.forget_table(&heir, &table);
                self.forget_heirs(&heir);
            }
        }
    }

    /// Whether one table inherits from another one, directly or by way of others.
    fn comes_from(&self, key: &Key, other: &Key) -> bool {
        let mut seen: Vec<&Key> = Vec::new();
        let mut next = vec![key];
        while let Some(key) = next.pop() {
            let Some(table) = self.table_at(key).filter(|_| !seen.contains(&key)) else {
                continue;
            };
            seen.push(key);
            if table.inherits.contains(other) {
                return true;
            }
            next.extend(&table.inherits);
        }
        false
    }

    pub(super) fn inherit_from(&mut self, key: &Key, parent: &Name, on: bool, faults: &mut Vec<Fault>) {
        let parent_key = self.resolve(Class::Relation, parent);
        if self.expect(&parent_key, parent.span, "table", faults) {
            return;
        }
        if on && (parent_key == *key || self.comes_from(&parent_key, key)) {
            let message = format!("`{parent_key}` inherits from `{key}` itself");
            return faults.push(refused(parent.span, message));
        }
        if let (Some(table), Some(of)) = (self.certain_table(key), self.certain_table(&parent_key)) {
            let known = table.complete && !table.copied;
            let has = table.inherits.contains(&parent_key);
            let lacks = of
                .columns
                .iter()
                .find(|column| table.column(&column.name).is_none());
            let differs = of.columns.iter().find(|column| {
                table
                    .column(&column.name)
                    .is_some_and(|own| !self.is_same_type(own, column))
            });
            let message = match (on, lacks, differs) {
                (false, _, _) if known && !has => {
                    Some(format!("`{key}` does not inherit from `{parent_key}`"))
                }
                (true, _, _) if has => Some(format!("`{key}` inherits from `{parent_key}` already")),
                (true, Some(column), _) if known => Some(format!(
                    "`{key}` has no column `{}`, which `{parent_key}` has",
                    column.name
                )),
                (true, _, Some(column)) => {
                    Some(format!("`{}` is of another type in `{parent_key}`", column.name))
                }
                _ => None,
            };
            faults.extend(message.map(|message| refused(parent.span, message)));
        }
        if on {
            self.parents.insert(parent_key.clone());
        }
        self.change_table_at(key, |table| {
            table.inherits.retain(|other| *other != parent_key);
            if on {
                table.inherits.push(parent_key.clone());
                table.complete = false;
            }
        });
    }

    /// The partitions of a table and the tables that inherit from it, which change with it.
    pub(super) fn each_child(&mut self, key: &Key, mut change: impl FnMut(&mut Self, &Key)) {
        let partitioned = self
            .table_at(key)
            .is_some_and(|table| table.partitioned.is_some());
        if !partitioned && !self.parents.contains(key) {
            return;
        }
        let mut family = vec![key.clone()];
        let mut at = 0;
        while let Some(parent) = family.get(at).cloned() {
            let of_parent = |table: &TableModel| {
                let is_part = table.partition_of.as_ref().is_some_and(|(of, _)| *of == parent);
                is_part || table.inherits.contains(&parent)
            };
            let children = self.tables().filter(|(_, table)| of_parent(table));
            let new: Vec<Key> = children
                .filter(|(key, _)| !family.contains(key))
                .map(|(key, _)| key.clone())
                .collect();
            family.extend(new);
            at += 1;
        }
        for child in family.iter().skip(1) {
            change(self, child);
        }
    }

    /// Takes a column from a table that has it from another one. One that inherits may have had it by itself too.
    pub(super) fn drop_inherited(&mut self, key: &Key, column: &str) {
        self.drop_column(key, column);
        if self.table_at(key).is_some_and(|table| !table.inherits.is_empty()) {
            self.change_table_at(key, |table| table.complete = false);
        }
    }

    /// What is computed is computed from what is not.
    pub(super) fn expect_no_chain(&self, key: &Key, column: &ColumnDef, faults: &mut Vec<Fault>) {
        let Some(Generated::Stored(value) | Generated::Virtual(value)) = &column.generated else {
            return;
        };
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        let computed = |name: &&String| {
            let of_it = table.and_then(|table| table.column(name));
            of_it.is_some_and(|other| {
                matches!(
                    other.generated,
                    Some(Generated::Stored(_) | Generated::Virtual(_))
                )
            })
        };
        if let Some(other) = value.columns.iter().find(computed) {
            let message = format!(
                "`{}` is computed from `{other}`, which is computed itself",
                column.name
            );
            faults.push(refused(value.span, message));
        }
    }

    /// A partition has NULL where its table may have it.
    pub(super) fn expect_nullable_parent(&self, key: &Key, column: &Word, faults: &mut Vec<Fault>) {
        let Some((parent, _)) = self
            .certain_table(key)
            .and_then(|table| table.partition_of.as_ref())
        else {
            return;
        };
        if self
            .certain_table(parent)
            .is_some_and(|table| table.is_not_null(&column.text))
        {
            let message = format!("`{parent}`, whose partition `{key}` is, takes no NULL in `{column}`");
            faults.push(refused(column.span, message));
        }
    }

    /// What is altered is what the statement calls it.
    pub(super) fn expect_alterable(
        &self,
        kind: ObjectKind,
        key: &Key,
        name: &Name,
        actions: &[Action],
        faults: &mut Vec<Fault>,
    ) {
        let Some(there) = self.certain(key).map(Object::kind) else {
            return;
        };
        if self.dialect.is_mysql_family() && kind == ObjectKind::Table && there == ObjectKind::View {
            let message = format!("`{key}` is a view, which this does not alter");
            faults.push(refused(name.span, message));
        }
        if self.dialect != Dialect::Postgres {
            return;
        }
        let adds = |action: &Action| {
            matches!(
                action,
                Action::AddColumn { .. } | Action::DropColumn { .. } | Action::AddConstraint(_)
            )
        };
        // ALTER TABLE alters views, indexes and sequences too, and ALTER INDEX renames tables.
        let wrong = match (kind, there) {
            (ObjectKind::View, other) => other != ObjectKind::View,
            (ObjectKind::MaterializedView, other) => other != ObjectKind::MaterializedView,
            (ObjectKind::Sequence, other) => other != ObjectKind::Sequence,
            (ObjectKind::Table, ObjectKind::MaterializedView) => actions.iter().any(adds),
            (ObjectKind::Domain, other) => other != ObjectKind::Domain,
            _ => false,
        };
        if wrong {
            let message = format!("`{key}` is a {}, which this does not alter", there.word());
            faults.push(refused(name.span, message));
        }
    }

    /// Gives a column of a view another name.
    pub(super) fn rename_shown(&mut self, key: &Key, from: &Word, to: &Word, faults: &mut Vec<Fault>) {
        let Some(Object::View {
            query,
            columns: Some(columns),
            follows,
            origin,
        }) = self.get(key).cloned()
        else {
            return;
        };
        if !columns.contains(&from.text) {
            let near = nearest(&from.text, columns.iter().map(String::as_str)).map(str::to_owned);
            if self.certain(key).is_some() {
                faults.push(Fault {
                    kind: FaultKind::Missing,
                    span: from.span,
                    message: format!("the view `{key}` has no column `{from}`"),
                    nearest: near,
                });
            }
            return;
        }
        let columns = columns.into_iter().map(|column| match column == from.text {
            true => to.text.clone(),
            false => column,
        });
        let columns = Some(columns.collect());
        self.put(
            key.clone(),
            Object::View {
                query,
                columns,
                follows,
                origin,
            },
        );
    }

    /// An index becomes a part of one on the table whose partition its own is, over the same columns.
    pub(super) fn expect_attachable(&self, parent: &Key, child: &Name, faults: &mut Vec<Fault>) {
        let of = |key: &Key| {
            self.index(&Name {
                schema: Some(key.schema.clone()),
                ..Name::plain(&*key.name)
            })
        };
        let child_key = self.resolve(Class::Relation, child);
        let (Some((table, whole)), Some((part_table, part))) = (of(parent), of(&child_key)) else {
            return;
        };
        let (Some(of_whole), Some(of_part)) = (self.certain_table(table), self.certain_table(part_table))
        else {
            return;
        };
        let belongs = of_part.partition_of.as_ref().map(|(parent, _)| parent == table);
        let plain = |columns: &[String]| columns.iter().all(|column| !column.is_empty());
        let why = if of_whole.partitioned.is_none() && of_whole.complete && of_whole.partition_of.is_none() {
            format!(
                "`{table}` is not partitioned, so its index `{}` has no parts",
                whole.name
            )
        } else if belongs == Some(false) {
            format!("`{part_table}` is no partition of `{table}`")
        } else if plain(&whole.columns) && plain(&part.columns) && whole.columns != part.columns {
            format!(
                "the index `{}` is over other columns than `{}`",
                part.name, whole.name
            )
        } else {
            return;
        };
        faults.push(refused(child.span, why));
    }

    /// VALIDATE is for what can be not valid, ALTER CONSTRAINT for foreign keys.
    pub(super) fn expect_kind_of_constraint(
        &self,
        key: &Key,
        name: &Word,
        validates: bool,
        faults: &mut Vec<Fault>,
    ) {
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        let Some(one) = table.and_then(|table| table.constraint(&name.text)) else {
            return;
        };
        let why = match (&one.kind, validates) {
            (ConstraintModel::Unique(_) | ConstraintModel::PrimaryKey(_), true) => "is always valid",
            (
                ConstraintModel::Check(_) | ConstraintModel::Unique(_) | ConstraintModel::PrimaryKey(_),
                false,
            ) => "is no foreign key, and only those are altered so",
            _ => return,
        };
        faults.push(refused(
            name.span,
            format!("the constraint `{name}` of `{key}` {why}"),
        ));
    }

    pub(super) fn expect_free_constraint(&self, key: &Key, to: &Word, faults: &mut Vec<Fault>) {
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        let taken = table.and_then(|table| table.constraint(&to.text));
        if taken.is_some_and(|taken| !taken.generated_name) {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: to.span,
                message: format!("the table `{key}` has a constraint `{to}` already"),
                nearest: None,
            });
        }
    }

    /// What lasts refers to what lasts as long.
    pub(super) fn expect_lasting(
        &self,
        table: &TableModel,
        parent: &TableModel,
        foreign: &ForeignKey,
        faults: &mut Vec<Fault>,
    ) {
        let known = |table: &TableModel| table.complete && table.kind == TableKind::Plain;
        if self.dialect != Dialect::Postgres || !known(table) || !known(parent) {
            return;
        }
        let why = match (table, parent) {
            _ if table.temporary != parent.temporary => "goes with the session, and one of the two does not",
            _ if table.logged && !parent.logged && !table.temporary => {
                "is unlogged, and what refers to it is not"
            }
            _ => return,
        };
        faults.push(refused(
            foreign.parent.span,
            format!("`{}` {why}", foreign.parent.name),
        ));
    }

    /// What refers can be looked up in the index of what is referred to.
    pub(super) fn expect_kin(
        &self,
        table: &TableModel,
        parent: &TableModel,
        foreign: &ForeignKey,
        faults: &mut Vec<Fault>,
    ) {
        if self.dialect != Dialect::Postgres || !parent.complete || self.widened {
            return;
        }
        let primary = parent.constraints.iter().find_map(|one| match &one.kind {
            ConstraintModel::PrimaryKey(columns) => Some(columns.clone()),
            _ => None,
        });
        let keys: Vec<String> = match (foreign.parent_columns.is_empty(), primary) {
            (false, _) => foreign
                .parent_columns
                .iter()
                .map(|column| column.text.clone())
                .collect(),
            (true, Some(primary)) => primary,
            (true, None) => return,
        };
        if foreign.parent_columns.is_empty() && keys.len() != foreign.columns.len() {
            let message = format!(
                "{} columns refer to the primary key of `{}`, which has {}",
                foreign.columns.len(),
                foreign.parent.name,
                keys.len()
            );
            return faults.push(refused(foreign.parent.span, message));
        }
        for (column, key) in foreign.columns.iter().zip(&keys) {
            let of = |table: &TableModel, name: &str| self.kind_of(table.column(name)?.ty.as_ref()?);
            let (Some(own), Some(other)) = (of(table, &column.text), of(parent, key)) else {
                continue;
            };
            let fraction = |kind: &Kind| kind.is_number() && !kind.is_integer();
            let array = |kind: &Kind| matches!(kind, Kind::Array(_));
            let apart = (fraction(&own) && other.is_integer())
                || array(&own) != array(&other)
                || matches!((&own, &other), (Kind::Enum(one), Kind::Enum(other)) if one != other)
                || (matches!(own, Kind::Enum(_)) != matches!(other, Kind::Enum(_))
                    && own.is_plain()
                    && other.is_plain());
            if apart {
                faults.push(Fault {
                    kind: FaultKind::Mismatch,
                    span: column.span,
                    message: format!(
                        "`{column}` is {} and refers to `{key}`, which is {}",
                        own.word(),
                        other.word()
                    ),
                    nearest: None,
                });
            }
        }
    }
}
