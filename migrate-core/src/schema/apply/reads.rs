//! What a query reads and what the rows that are written have to find: what is known not to be there.

use super::super::{Class, Fault, FaultKind, Key, Object, Schema, TableModel};
use super::refused::refused;
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{Name, Reads, TriggerBody, Word, Write};

impl Schema {
    /// Reports tables that a query reads and that are gone, and columns that its tables never had.
    pub(super) fn expect_reads(&self, reads: &Reads, faults: &mut Vec<Fault>) {
        for table in &reads.tables {
            let key = self.resolve(Class::Relation, table);
            // An extension may have brought a view that no file makes; one that is nearly there is mistyped.
            let gone = self.was_dropped(&key) || (self.nearly(&key) && self.dialect != Dialect::Sqlite);
            if gone && self.expect(&key, table.span, "table", faults) {
                return;
            }
        }
        for (table, column) in &reads.columns {
            // What is written is looked at before.
            if faults.iter().any(|fault| fault.span == column.span) {
                continue;
            }
            let key = self.resolve(Class::Relation, table);
            let Some(model) = self.table_at(&key).filter(|_| !self.doubted.contains(&key)) else {
                continue;
            };
            if self.missing_value(model, &key, column, faults) {
                return;
            }
        }
    }

    /// Reports a column that is missing and no function either: one of a row is written like a column of it.
    pub(super) fn missing_value(
        &self,
        table: &TableModel,
        key: &Key,
        column: &Word,
        faults: &mut Vec<Fault>,
    ) -> bool {
        let call = self.resolve(Class::Function, &Name::plain(&*column.text));
        self.get(&call).is_none() && super::missing_column(table, key, column, faults)
    }

    fn nearly(&self, key: &Key) -> bool {
        let names = self
            .objects
            .keys()
            .filter(|other| other.class == key.class)
            .map(|other| other.name.as_str());
        !self.objects.contains_key(key) && crate::diagnostic::slip(&key.name, names).is_some()
    }

    /// Reports a column that a trigger or a policy names and its table has not.
    pub(super) fn expect_used(&self, table: &Name, user: &Word, columns: &[String], faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, table);
        let Some(model) = self
            .certain_table(&key)
            .filter(|_| self.dialect == Dialect::Postgres)
        else {
            return;
        };
        let rows = ["old", "new", &*key.name];
        for text in columns.iter().filter(|column| !rows.contains(&column.as_str())) {
            let word = Word {
                text: text.clone(),
                span: user.span,
            };
            if super::missing_column(model, &key, &word, faults) {
                return;
            }
        }
    }

    /// Reports a trigger of MySQL whose name another one has.
    pub(super) fn expect_free_trigger(&self, key: &Key, name: &Word, faults: &mut Vec<Fault>) {
        let of = self.table_of_trigger(&name.text);
        if let Some(other) = of.filter(|of| of.schema == key.schema && !self.doubted.contains(*of)) {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: name.span,
                message: format!("the table `{other}` has a trigger `{name}` already"),
                nearest: None,
            });
        }
    }

    /// Reports a trigger of MySQL on a view, and one beside a trigger that is not there.
    pub(super) fn expect_trigger_place(
        &self,
        key: &Key,
        table: &Name,
        body: Option<&TriggerBody>,
        faults: &mut Vec<Fault>,
    ) {
        if !self.dialect.is_mysql_family() {
            return;
        }
        if let Some(Object::View { .. }) = self.certain(key) {
            faults.push(refused(
                table.span,
                format!("`{key}` is a view, which has no triggers"),
            ));
        }
        let Some((model, body)) = self.certain_table(key).filter(|model| model.complete).zip(body) else {
            return;
        };
        let mut names = model.triggers.keys();
        if let Some(other) = &body.beside
            && !names.any(|name| name.eq_ignore_ascii_case(&other.text))
        {
            faults.push(Fault {
                kind: FaultKind::Missing,
                span: other.span,
                message: format!("the table `{key}` has no trigger `{other}`"),
                nearest: nearest(&other.text, model.triggers.keys().map(String::as_str)).map(str::to_owned),
            });
        }
    }

    /// Reports a row that a trigger has not, and a column that its row has not.
    pub(super) fn expect_rows(&self, key: &Key, body: &TriggerBody, faults: &mut Vec<Fault>) {
        if let Some((why, span)) = &body.misused {
            faults.push(refused(*span, why.clone()));
            return;
        }
        let Some(table) = self.certain_table(key) else {
            return;
        };
        let told = body
            .columns
            .iter()
            .any(|column| super::missing_column(table, key, column, faults));
        if told {
            return;
        }
        // A table of its body may be made behind it.
        for write in &body.writes {
            let key = self.resolve(Class::Relation, &write.table);
            let Some(table) = self.certain_table(&key) else {
                continue;
            };
            let mut columns = write.columns.iter();
            if columns.any(|column| super::missing_column(table, &key, column, faults)) {
                return;
            }
            self.expect_values(&key, write, faults);
        }
    }

    /// Reports an ON CONFLICT over columns that nothing makes unique together.
    pub(super) fn expect_conflict(&self, write: &Write, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, &write.table);
        let Some(first) = write.conflict.first() else {
            return;
        };
        let table = self
            .certain_table(&key)
            .filter(|table| !self.dialect.is_mysql_family() && !table.temporary);
        let Some((table, keys)) = table.zip(self.keys_of(&key)) else {
            return;
        };
        let sorted = |columns: &[String]| {
            let mut columns = columns.to_vec();
            columns.sort();
            columns
        };
        let wanted: Vec<String> = write.conflict.iter().map(|column| column.text.clone()).collect();
        let wanted = sorted(&wanted);
        if wanted.iter().any(|column| table.column(column).is_none()) {
            return;
        }
        let unique = keys.iter().any(|columns| sorted(columns) == wanted);
        if !unique {
            let message = format!(
                "nothing makes `{}` of `{key}` unique, which ON CONFLICT needs",
                wanted.join(", ")
            );
            faults.push(refused(first.span, message));
        }
    }
}
