//! Values that columns get, and columns that queries give: what of them the types and the model refuse.

use super::super::{Class, Column, ConstraintModel, Fault, Key, Object, Schema, TableKind};
use super::kinds::{is_assignable, is_castable};
use super::refused::refused;
use super::typing::Rows;
use crate::sql::{Assigned, Check, Generated, Name, Shape, Shown, Source, Term, Type, Value, Word};

impl Schema {
    /// A default names no column, and is a value of its type.
    pub(super) fn ask_default(&self, ty: &Type, value: &Value, faults: &mut Vec<Fault>) {
        // A name alone is told of by the definition.
        if !matches!(value.term, Term::Column(..))
            && let Some(column) = column_in(value)
        {
            let message = format!("a default names no column, and this names `{column}`");
            faults.push(refused(value.span, message));
            return;
        }
        let rows = Rows::of(self, &[]);
        if let Term::Array(items) = &value.term
            && items.is_empty()
        {
            let message = "nothing tells the type of an empty ARRAY[]; '{}' is one of any type".to_owned();
            faults.push(refused(value.span, message));
            return;
        }
        match self.kind_of(ty) {
            Some(kind) => rows.expect_fit(value, &kind, "the column", faults),
            None => _ = rows.kind(value, faults),
        }
    }

    pub(super) fn ask_assigned(&self, assigned: &Assigned, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, &assigned.table);
        match self.certain(&key) {
            Some(Object::Sequence { .. }) => {
                let message = format!("`{key}` is a sequence, which nothing is written to");
                return faults.push(refused(assigned.table.span, message));
            }
            Some(Object::Table(table)) if table.kind == TableKind::MaterializedView => {
                let message = format!("`{key}` is a materialized view, which only REFRESH writes");
                return faults.push(refused(assigned.table.span, message));
            }
            _ => {}
        }
        let Some(table) = self.certain_table(&key) else {
            return;
        };
        // What SET computes names columns of the table and of what stands in FROM, and of nothing else.
        let rows = Rows {
            closed: !assigned.inserts,
            ..Rows::of(self, &assigned.scope)
        };
        let columns: Vec<Option<&Column>> = match &assigned.columns {
            Some(named) => named.iter().map(|word| table.column(&word.text)).collect(),
            None if table.complete => table.columns.iter().map(Some).collect(),
            None => return,
        };
        if assigned.columns.is_none() && assigned.values.len() > columns.len() {
            // Rows that are listed are counted where the table is known.
            return;
        }
        let told = faults.len();
        for (column, value) in columns.into_iter().zip(&assigned.values) {
            let Some(column) = column.filter(|_| faults.len() == told) else {
                continue;
            };
            if let Some(message) = self.unwritable(&key, column, value, assigned) {
                faults.push(refused(value.span, message));
                continue;
            }
            if let Some(kind) = column.ty.as_ref().and_then(|ty| self.kind_of(ty)) {
                let what = format!("the column `{}`", column.name);
                rows.expect_fit(value, &kind, &what, faults);
            }
            let beyond = column.ty.as_ref().and_then(|ty| super::room::beyond(ty, value));
            if let Some(message) = beyond.filter(|_| faults.len() == told) {
                faults.push(refused(value.span, format!("`{}`: {message}", column.name)));
            }
        }
    }

    fn unwritable(&self, key: &Key, column: &Column, value: &Value, assigned: &Assigned) -> Option<String> {
        let table = self.certain_table(key)?;
        if matches!(value.term, Term::Default) || !table.rules.is_empty() {
            return None;
        }
        let name = &column.name;
        match &column.generated {
            Some(Generated::Stored(_) | Generated::Virtual(_)) => {
                return Some(format!(
                    "the column `{name}` of `{key}` is computed and cannot be written"
                ));
            }
            Some(Generated::Identity { always: true }) if assigned.inserts && !assigned.overriding => {
                return Some(format!(
                    "the column `{name}` of `{key}` is GENERATED ALWAYS, and takes a value with OVERRIDING SYSTEM VALUE"
                ));
            }
            Some(Generated::Identity { always: true }) if !assigned.inserts => {
                return Some(format!(
                    "the column `{name}` of `{key}` is GENERATED ALWAYS, and takes DEFAULT only"
                ));
            }
            _ => {}
        }
        let null = matches!(value.term, Term::Null);
        // A trigger may give it a value before it is looked at; an UPDATE may find no row.
        (null
            && assigned.inserts
            && assigned.scope.is_empty()
            && table.triggers.is_empty()
            && table.is_not_null(name))
        .then(|| format!("the column `{name}` of `{key}` takes no NULL"))
    }

    /// What is not grouped by has one value only where the primary key tells the rows apart.
    pub(super) fn ask_grouped(&self, table: &Name, by: &[String], shown: &[Word], faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, table);
        let Some(table) = self.certain_table(&key).filter(|table| {
            table.complete && !table.copied && table.partition_of.is_none() && table.kind == TableKind::Plain
        }) else {
            return;
        };
        let by_key = table.constraints.iter().any(|one| match &one.kind {
            ConstraintModel::PrimaryKey(columns) => columns.iter().all(|column| by.contains(column)),
            _ => false,
        });
        let own = |word: &&Word| table.column(&word.text).is_some();
        if let Some(column) = shown.iter().find(own).filter(|_| !by_key) {
            let message = format!("`{column}` is not in GROUP BY, and may have many values in a group");
            faults.push(refused(column.span, message));
        }
    }

    pub(super) fn ask_shown(&self, shown: &[Shown], faults: &mut Vec<Fault>) {
        let mut seen: Vec<String> = Vec::new();
        for one in shown {
            let (names, span) = match one {
                Shown::One(word) => (vec![word.text.clone()], word.span),
                Shown::All(table, span) => {
                    let key = self.resolve(Class::Relation, table);
                    match self.certain_table(&key).filter(|table| table.complete) {
                        Some(table) => (
                            table.columns.iter().map(|column| column.name.clone()).collect(),
                            *span,
                        ),
                        None => continue,
                    }
                }
            };
            if let Some(again) = names.iter().find(|name| seen.contains(name)) {
                faults.push(refused(span, format!("`{again}` would be shown twice")));
                return;
            }
            seen.extend(names);
        }
    }

    pub(super) fn ask_converted(
        &self,
        table: &Name,
        column: &Word,
        ty: &Type,
        using: Option<&Value>,
        loses_default: bool,
        faults: &mut Vec<Fault>,
    ) {
        let key = self.resolve(Class::Relation, table);
        let Some(known) = self.certain_table(&key) else {
            return;
        };
        let scope = [Source {
            called: table.name.clone(),
            table: Some(table.clone()),
        }];
        let rows = Rows::of(self, &scope);
        let to = self.kind_of(ty);
        if let Some(using) = using {
            match &to {
                Some(to) => rows.expect_fit(using, to, "the column", faults),
                None => _ = rows.kind(using, faults),
            }
        }
        if known
            .partitioned
            .as_ref()
            .is_some_and(|by| by.contains(&column.text))
        {
            faults.push(refused(
                column.span,
                format!("`{key}` is partitioned by `{column}`"),
            ));
        }
        let Some(column_model) = known.column(&column.text) else {
            return;
        };
        if column_model.generated.is_some() || loses_default {
            return;
        }
        let from = column_model.ty.as_ref().and_then(|ty| self.kind_of(ty));
        let default = column_model.default.as_ref();
        // What a default is cast to by itself is what an assignment takes; a text in quotes was made the old type before.
        if let (Some(from), Some(to), Some(default)) = (from, &to, default)
            && default.shape != Shape::Null
            && !is_assignable(&from, to)
        {
            let message = format!(
                "the default of `{column}` is {}, and does not become {} by itself; drop it before",
                from.word(),
                to.word()
            );
            faults.push(refused(column.span, message));
        } else if using.is_none()
            && let (Some(from), Some(to)) = (column_model.ty.as_ref().and_then(|ty| self.kind_of(ty)), &to)
            && !is_assignable(&from, to)
        {
            let how = match is_castable(&from, to) {
                true => "; say how with USING",
                false => "",
            };
            let message = format!("no {} becomes {} by itself{how}", from.word(), to.word());
            faults.push(refused(column.span, message));
        }
    }

    /// A view that replaces another one keeps the types of its columns.
    pub(super) fn ask_replaced(
        &self,
        view: &Name,
        columns: &[(String, Value)],
        scope: &[Source],
        faults: &mut Vec<Fault>,
    ) {
        let key = self.resolve(Class::Relation, view);
        let Some(Object::View { query, .. }) = self.certain(&key) else {
            return;
        };
        let before = crate::sql::parse(&format!("CREATE VIEW v AS {query}"), self.dialect);
        let old = before.checks.iter().find_map(|check| match check {
            Check::Replaced { columns, scope, .. } => Some((columns, scope)),
            _ => None,
        });
        let Some((old, old_scope)) = old else { return };
        let of = |value: &Value, scope: &[Source]| {
            let kind = Rows::of(self, scope).kind(value, &mut Vec::new());
            kind.filter(|kind| !kind.is_open())
        };
        for ((name, now), (was_named, was)) in columns.iter().zip(old) {
            if name != was_named {
                return;
            }
            if let (Some(kind), Some(was)) = (of(now, scope), of(was, old_scope))
                && kind != was
            {
                let message = format!(
                    "the view `{key}` shows `{name}` as {}, which OR REPLACE does not make {}",
                    was.word(),
                    kind.word()
                );
                faults.push(refused(now.span, message));
                return;
            }
        }
    }
}

/// A column that a value names.
fn column_in(value: &Value) -> Option<&str> {
    match &value.term {
        Term::Column(_, name) => Some(name),
        Term::Truth(parts)
        | Term::Logic(parts)
        | Term::Array(parts)
        | Term::Either(parts)
        | Term::Call(_, parts) => parts.iter().find_map(column_in),
        Term::Cast(inner, _) => column_in(inner),
        Term::Operation(left, _, right) => column_in(left).or_else(|| column_in(right)),
        _ => None,
    }
}
