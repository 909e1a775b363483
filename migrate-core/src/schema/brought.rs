//! What is there although no statement says its name: the sequences behind columns, and tables that are not of the files.

use super::constraint::object_name;
use super::{Class, Column, Key, Origin, Schema};
use crate::model::Dialect;
use crate::sql::{ColumnChange, Generated, Word};

/// The tables in which tools that run migrations keep what they ran, sorted.
const HISTORIES: &[&str] = &[
    "__diesel_schema_migrations",
    "__drizzle_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "databasechangelog",
    "databasechangeloglock",
    "flyway_schema_history",
    "goose_db_version",
    "refinery_schema_history",
    "schema_migrations",
];

/// Whether the server or a tool makes a relation of that name.
pub(super) fn is_of_others(key: &Key, dialect: Dialect) -> bool {
    let of_server = match dialect {
        Dialect::Sqlite => key.name.starts_with("sqlite_"),
        // Its catalog is looked through before all schemas of the path.
        Dialect::Postgres => key.name.starts_with("pg_"),
        Dialect::Mysql | Dialect::MariaDb => false,
    };
    of_server || (key.class == Class::Relation && HISTORIES.contains(&&*key.name.to_lowercase()))
}

/// Whether a column has a sequence that came with it.
pub(super) fn counts(column: &Column) -> bool {
    column.ty.as_ref().is_some_and(|ty| ty.is_serial())
        || matches!(column.generated, Some(Generated::Identity { .. }))
}

impl Schema {
    /// Takes note of the sequences that the serial and identity columns of a table bring, or only one of them.
    pub(super) fn bring_counters(&mut self, table: &Key, only: Option<&str>, origin: Origin) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        let Some(model) = self.table_at(table) else { return };
        // One column is found by its name: a table may have thousands, each of an ALTER TABLE of its own.
        let meant: Vec<&Column> = match only {
            Some(only) => model.column(only).into_iter().collect(),
            None => model.columns.iter().collect(),
        };
        let counting = meant.into_iter().filter(|column| counts(column));
        let names: Vec<String> = counting
            .map(|column| object_name(&table.name, &column.name, "seq"))
            .collect();
        for name in names {
            let key = Key::new(Class::Relation, &table.schema, &name);
            self.dropped.remove(&key);
            // One that a table of this name brought may be there still, under another table: then it gets a number.
            if self.objects.contains_key(&key) || self.counters.contains_key(&key) {
                let numbered =
                    (1..).map(|at| Key::new(Class::Relation, &table.schema, &format!("{name}{at}")));
                let mut free = numbered.filter(|key| !self.counters.contains_key(key));
                if let Some(key) = free.next() {
                    self.dropped.remove(&key);
                    self.counters.insert(key, origin);
                }
            }
            self.counters.entry(key).or_insert(origin);
        }
    }

    /// The same where ALTER COLUMN makes a column one that counts.
    pub(super) fn bring_counter(
        &mut self,
        table: &Key,
        column: &Word,
        change: &ColumnChange,
        origin: Origin,
    ) {
        if matches!(change, ColumnChange::AddIdentity { .. }) {
            self.bring_counters(table, Some(&column.text), origin);
        }
    }

    /// Where the sequence of that name comes from, if a column brought it.
    pub(crate) fn counter(&self, key: &Key) -> Option<Origin> {
        self.counters.get(key).copied()
    }

    /// Lets a sequence that a column brought have another name from here on.
    pub(super) fn rename_counter(&mut self, from: &Key, to: &Key) {
        if let Some(origin) = self.counters.remove(from) {
            self.counters.insert(to.clone(), origin);
        }
    }

    /// Takes the sequences of a schema, of which a table moves, to be in that of the table too.
    pub(super) fn move_counters(&mut self, from: &str, to: &str) {
        let inside = self.counters.iter().filter(|(key, _)| key.schema == from);
        let moved: Vec<(Key, Origin)> = inside
            .map(|(key, origin)| (Key::new(key.class, to, &key.name), *origin))
            .collect();
        for (key, origin) in moved {
            self.counters.entry(key).or_insert(origin);
        }
    }
}
