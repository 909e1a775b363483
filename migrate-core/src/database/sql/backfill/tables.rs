//! The tables in which the state of backfills is kept.

use crate::database::sql::making::OwnTable;
use crate::database::sql::{Backend, Tables};

/// The tables that only who moves data needs. The one that is looked at comes last: a worker may die between them.
pub(in crate::database::sql) fn for_workers(tables: &Tables, backend: &dyn Backend) -> Vec<OwnTable> {
    let [word, text, _] = backend.types();
    let suffix = backend.table_suffix();
    let job = format!("set_name {word} NOT NULL, version BIGINT NOT NULL, attempt INTEGER NOT NULL");
    let counts = "visited BIGINT NOT NULL, changed BIGINT NOT NULL, batches BIGINT NOT NULL";
    let statements = [
        // One row per part that somebody works on. A part that is done is added to its backfill and goes.
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({job}, part BIGINT NOT NULL, cursor_key {text}, high_key {text} NOT NULL, \
             fence BIGINT NOT NULL, owner {text} NOT NULL, lease_until_ms BIGINT NOT NULL, {counts}, \
             PRIMARY KEY (set_name, version, attempt, part)){suffix}",
            tables.parts
        ),
        // One row per row of a table that Rust code could not move, or that somebody wrote meanwhile. Keys are texts of
        // any length, so the digest of one stands in the primary key.
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({job}, key_digest {word} NOT NULL, row_key {text} NOT NULL, \
             shown_key {text} NOT NULL, state {word} NOT NULL, reason {text} NOT NULL, attempts INTEGER NOT NULL, \
             failed_ms BIGINT NOT NULL, PRIMARY KEY (set_name, version, attempt, key_digest)){suffix}",
            tables.failures
        ),
        // One row per backfill and ten seconds in which rows were moved. Only the newest are kept.
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({job}, window_ms BIGINT NOT NULL, visited_table {text} NOT NULL, \
             first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL, worked_ms BIGINT NOT NULL, {counts}, \
             PRIMARY KEY (set_name, version, attempt, window_ms)){suffix}",
            tables.rates
        ),
        // One row per backfill. Parts are given away from the beginning of the table on; `frontier` is the key up to
        // which they are. `moved_by` is the text of its file that counts, and `moved_otherwise` how many rows had been
        // visited when it took over from another one.
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({job}, state {word} NOT NULL, reason {text}, last_key {text}, \
             frontier {text}, exhausted INTEGER NOT NULL, next_part BIGINT NOT NULL, estimate BIGINT NOT NULL, \
             {counts}, set_batch BIGINT, set_pause_ms BIGINT, set_max_lag_ms BIGINT, set_failures BIGINT, owner {text}, \
             lease_until_ms BIGINT, values_before {text}, moved_by {word}, moved_otherwise BIGINT, report {text}, \
             verified_ms BIGINT, started_ms BIGINT NOT NULL, \
             changed_ms BIGINT NOT NULL, PRIMARY KEY (set_name, version, attempt)){suffix}",
            tables.backfills
        ),
    ];
    let names = [&tables.parts, &tables.failures, &tables.rates, &tables.backfills];
    names.into_iter().cloned().zip(statements).collect()
}

/// The SQL of the current time in milliseconds since 1970.
pub(in crate::database) fn now_ms(backend: &dyn Backend) -> &'static str {
    use crate::model::Dialect;
    match backend.dialect() {
        Dialect::Postgres => "CAST(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp()) * 1000 AS BIGINT)",
        Dialect::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        Dialect::Mysql | Dialect::MariaDb => "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000 AS SIGNED)",
    }
}
