//! The names of the library's tables, and how they are made.

use super::backend::Backend;
use super::making::OwnTable;

/// The column of the library's version: a reserved word of MySQL 9.
pub(super) const LIBRARY: &str = "library";

/// The quoted, qualified names of the library's tables.
#[derive(Clone, Debug)]
pub(in crate::database) struct Tables {
    /// The name of what guards the standing, quoted and qualified, and as it is.
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(super) guard: (String, String),
    pub(in crate::database) sets: String,
    pub(super) history: String,
    pub(super) sql: String,
    pub(super) backfills: String,
    pub(super) parts: String,
    pub(in crate::database) builds: String,
    pub(in crate::database) instances: String,
    pub(in crate::database) arrivals: String,
    pub(super) log: String,
    pub(super) failures: String,
    pub(super) rates: String,
}

impl Tables {
    /// The tables of that prefix, in that schema if one is named.
    pub(in crate::database) fn new(
        prefix: &str,
        schema: Option<&str>,
        quoted: impl Fn(&str) -> String,
    ) -> Self {
        let schema = schema.map_or(String::new(), |schema| format!("{}.", quoted(schema)));
        let name = |table: &str| format!("{schema}{}", quoted(&format!("{prefix}{table}")));
        Self {
            #[cfg(any(feature = "postgres", feature = "sqlite"))]
            guard: (name("standing"), format!("{prefix}standing")),
            sets: name("sets"),
            history: name("history"),
            sql: name("sql"),
            backfills: name("backfills"),
            parts: name("parts"),
            builds: name("builds"),
            instances: name("instances"),
            arrivals: name("arrivals"),
            log: name("log"),
            failures: name("failures"),
            rates: name("rates"),
        }
    }

    /// The tables that every run needs.
    pub(super) fn create(&self, backend: &dyn Backend) -> Vec<OwnTable> {
        let Self {
            sets, history, sql, ..
        } = self;
        let [word, text, time] = backend.types();
        let suffix = backend.table_suffix();
        let library = backend.quoted(LIBRARY);
        let tables = [
            // One row per set: the marker of a fresh run lives here, the digest of what is applied, and later the
            // state of the set's changes.
            format!(
                "CREATE TABLE IF NOT EXISTS {sets} (set_name {word} NOT NULL PRIMARY KEY, format INTEGER NOT NULL, \
                 fresh_since {time}, standing {text}, created_at {time} NOT NULL){suffix}"
            ),
            // One row per attempt at a migration. What every start reads comes first, because a database walks a row
            // from its beginning.
            format!(
                "CREATE TABLE IF NOT EXISTS {history} (set_name {word} NOT NULL, version BIGINT NOT NULL, \
                 attempt INTEGER NOT NULL, state {word} NOT NULL, semantic_digest {word} NOT NULL, \
                 requires {text} NOT NULL, exact_digest {word} NOT NULL, phase {word} NOT NULL, \
                 change_name {word} NOT NULL, name {text} NOT NULL, reason {word} NOT NULL, done INTEGER NOT NULL, catalog_digest {word}, \
                 instance {text} NOT NULL, {library} {word} NOT NULL, started_at {time} NOT NULL, \
                 changed_at {time} NOT NULL, PRIMARY KEY (set_name, version, attempt)){suffix}"
            ),
            // The text of what ran, so that a rollback needs no build that has the file.
            format!(
                "CREATE TABLE IF NOT EXISTS {sql} (set_name {word} NOT NULL, version BIGINT NOT NULL, \
                 attempt INTEGER NOT NULL, up_sql {text} NOT NULL, down_sql {text}, up_transaction {word} NOT NULL, \
                 down_transaction {word}, irreversible {text}, PRIMARY KEY (set_name, version, attempt)){suffix}"
            ),
        ];
        let names = [
            sets,
            history,
            sql,
            &self.builds,
            &self.instances,
            &self.arrivals,
            &self.log,
        ];
        let tables = tables.into_iter().chain(self.create_register(backend));
        names.into_iter().cloned().zip(tables).collect()
    }

    /// The statements that guard the standing, where that is not done yet.
    pub(super) fn create_guards(&self, backend: &dyn Backend) -> Vec<String> {
        #[cfg(any(feature = "postgres", feature = "sqlite"))]
        let guards = self.guards(backend.dialect());
        #[cfg(not(any(feature = "postgres", feature = "sqlite")))]
        let guards = {
            let _ = backend;
            Vec::new()
        };
        guards
    }
}
