//! CREATE VIEW.

use std::rc::Rc;

use super::super::{Class, Fault, Key, Object, Origin, Schema, TableKind, TableModel};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{View, Word};

impl Schema {
    pub(super) fn create_view(&mut self, view: &View, origin: Origin, faults: &mut Vec<Fault>) {
        // It goes with the session, so only what is done now can be about it.
        if view.temporary && !matches!(origin, Origin::Draft(_)) {
            return;
        }
        let mut key = self.creation(Class::Relation, &view.name);
        if view.temporary {
            key.schema = self.temporary().to_owned();
        }
        let replaces = view.or_replace && matches!(self.get(&key), Some(Object::View { .. }));
        if !replaces && !self.may_create(&key, view.name.span, view.if_not_exists, faults) {
            return;
        }
        let told = faults.len();
        self.expect_reads(&view.reads, faults);
        if faults.len() == told {
            self.expect_shown(view, faults);
        }
        if let Some((named, given)) = view.counts.filter(|(named, given)| named != given) {
            let message = format!("`{key}` names {named} columns, and its query gives {given}");
            faults.push(refused(view.name.span, message));
        }
        if let Some(column) = &view.twice {
            let message = format!("`{key}` would show `{column}` twice");
            faults.push(refused(column.span, message));
        }
        if view.materialized {
            let table = TableModel {
                kind: TableKind::MaterializedView,
                origin,
                query: Some(view.query.clone()),
                ..TableModel::unknown()
            };
            self.put(key, Object::Table(Rc::new(table)));
        } else {
            // A replaced view is as old as it was: builds may use it.
            let origin = self.get(&key).filter(|_| replaces).map_or(origin, Object::origin);
            if replaces {
                self.expect_kept_columns(&key, view, faults);
            }
            let columns = self.view_columns(view);
            self.put(
                key,
                Object::View {
                    query: view.query.clone(),
                    columns,
                    follows: false,
                    origin,
                },
            );
        }
    }

    /// A view keeps its columns, and gets new ones behind them.
    pub(super) fn expect_kept_columns(&self, key: &Key, view: &View, faults: &mut Vec<Fault>) {
        let Some(Object::View {
            columns: Some(old), ..
        }) = self.certain(key)
        else {
            return;
        };
        let Some(new) = self
            .view_columns(view)
            .filter(|_| self.dialect == Dialect::Postgres)
        else {
            return;
        };
        let mut new = new.iter();
        if let Some(lost) = old.iter().find(|column| new.next() != Some(*column)) {
            let message = format!(
                "the view `{key}` shows `{lost}` at this place, and OR REPLACE only adds columns at the end"
            );
            faults.push(refused(view.name.span, message));
        }
    }

    /// The columns that a view shows. PostgreSQL writes `*` out when it makes the view.
    pub(super) fn view_columns(&self, view: &View) -> Option<Vec<String>> {
        let all = view.targets.iter().any(|(shown, _)| shown.is_empty());
        if !all || self.dialect != Dialect::Postgres {
            return view.shown();
        }
        let of = self.resolve(
            Class::Relation,
            view.updatable.as_ref().filter(|_| !view.computes)?,
        );
        let table = self.certain_table(&of).filter(|table| table.complete)?;
        let mut columns = Vec::new();
        for (shown, _) in &view.targets {
            match shown.is_empty() {
                true => columns.extend(table.columns.iter().map(|column| column.name.clone())),
                false => columns.push(shown.clone()),
            }
        }
        Some(columns)
    }

    /// Reports a column that a view over one table shows and the table has not.
    pub(super) fn expect_shown(&self, view: &View, faults: &mut Vec<Fault>) {
        let Some(of) = view
            .updatable
            .as_ref()
            .filter(|_| self.dialect != Dialect::Sqlite)
        else {
            return;
        };
        let key = self.resolve(Class::Relation, of);
        let Some(table) = self.table_at(&key) else {
            return;
        };
        // Words that are values without parentheses.
        let values = [
            "null",
            "true",
            "false",
            "localtime",
            "localtimestamp",
            "current_timestamp",
            "current_date",
            "current_time",
            "current_user",
            "current_role",
            "utc_date",
            "utc_time",
            "utc_timestamp",
        ];
        let is_value = |name: &str| self.dialect.is_mysql_family() && values.contains(&name);
        for (_, column) in view
            .targets
            .iter()
            .filter(|(_, column)| !column.is_empty() && *column != of.name && !is_value(column))
        {
            let word = Word {
                text: column.clone(),
                span: view.name.span,
            };
            if self.missing_value(table, &key, &word, faults) {
                return;
            }
        }
    }
}
