//! How fast the rows of a table are read: a bounded read, in a transaction that can write nothing.

use std::time::Instant;

use crate::database::sql::backend::{Backend, DatabaseError};
use crate::document::{IndexAssessment, Known, Sample, TableName};
use crate::model::Dialect;

/// What the sample is called in its statement, so that it is not counted as one of an application.
pub(super) const ALIAS: &str = "_migrate_sample";

/// How many rows are read; where that takes too long, the second number.
const ROWS: [u64; 2] = [100_000, 1_000];

/// How long reading them may take.
const LONGEST_MS: u32 = 2_000;

/// Reads up to 100,000 rows of a table from its beginning, for two seconds at most.
///
/// It takes the lock of a SELECT and waits for it as long as any of our statements. A rolled-back UPDATE would tell
/// more, but fires triggers, locks rows and leaves dead ones, and cannot be made on a replica.
pub(super) async fn read(
    backend: &mut dyn Backend,
    table: &TableName,
    indexes: &[IndexAssessment],
) -> Known<Sample> {
    let mut why = String::new();
    for limit in ROWS {
        match within(backend, table, indexes, limit).await {
            Ok(sample) => return Known::Is(sample),
            Err(error) => why = error.message,
        }
    }
    Known::Not(format!("no sample could be read: {why}"))
}

async fn within(
    backend: &mut dyn Backend,
    table: &TableName,
    indexes: &[IndexAssessment],
    limit: u64,
) -> Result<Sample, DatabaseError> {
    let dialect = backend.dialect();
    let (begin, before) = match dialect {
        Dialect::Postgres => (
            "BEGIN READ ONLY",
            Some(format!("SET LOCAL statement_timeout = {LONGEST_MS}")),
        ),
        Dialect::Mysql | Dialect::MariaDb => ("START TRANSACTION READ ONLY", None),
        Dialect::Sqlite => ("BEGIN DEFERRED", None),
    };
    backend.rows(begin, &[]).await?;
    let sql = statement(&*backend, table, indexes, limit);
    let counted = async {
        if let Some(before) = before {
            backend.rows(&before, &[]).await?;
        }
        let started = Instant::now();
        let rows = backend.rows(&sql, &[]).await?;
        Ok((rows, started.elapsed()))
    }
    .await;
    let ended = backend.rows("ROLLBACK", &[]).await;
    let (rows, took) = counted?;
    ended?;
    let rows = rows.into_iter().flatten().flatten().next();
    let rows = rows.and_then(|rows| rows.parse().ok()).unwrap_or(0);
    Ok(Sample {
        rows,
        took,
        whole: rows < limit,
    })
}

fn statement(backend: &dyn Backend, table: &TableName, indexes: &[IndexAssessment], limit: u64) -> String {
    let name = match &table.schema {
        Some(schema) => format!("{}.{}", backend.quoted(schema), backend.quoted(&table.name)),
        None => backend.quoted(&table.name),
    };
    match backend.dialect() {
        // The whole row is asked for, because an index alone would answer faster than any scan.
        Dialect::Postgres => format!(
            "SELECT pg_catalog.count(whole)::text FROM (SELECT t AS whole FROM {name} AS t LIMIT {limit}) AS {ALIAS}"
        ),
        Dialect::Sqlite => format!(
            "SELECT CAST(count(*) AS TEXT) FROM (SELECT 1 FROM {name} NOT INDEXED LIMIT {limit}) AS {ALIAS}"
        ),
        dialect => {
            let seconds = LONGEST_MS / 1000;
            let (before, hint) = match dialect {
                Dialect::Mysql => (String::new(), format!("/*+ MAX_EXECUTION_TIME({LONGEST_MS}) */ ")),
                _ => (
                    format!("SET STATEMENT max_statement_time={seconds} FOR "),
                    String::new(),
                ),
            };
            // The rows stand in the primary key; any other index would answer faster.
            let primary = indexes.iter().any(|index| index.name == "PRIMARY");
            let force = if primary { " FORCE INDEX (PRIMARY)" } else { "" };
            format!(
                "{before}SELECT {hint}CAST(COUNT(*) AS CHAR) FROM (SELECT 1 FROM {name}{force} LIMIT {limit}) AS {ALIAS}"
            )
        }
    }
}
