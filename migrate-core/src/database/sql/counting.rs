//! Counting what a section drops, transforms or defaults, before it runs and for a limited time.

use std::time::{Duration, Instant};

use super::backend::{Backend, DatabaseError};
use super::session::SqlSession;
use crate::database::Counted;
use crate::error::Error;
use crate::gates::{Touched, Way, touched};
use crate::history::Row;
use crate::model::{Dialect, Migration, Section};
use crate::sync::with_triggers;

impl SqlSession {
    /// What the up of a migration does to what is there.
    pub(super) async fn count_up_of(
        &mut self,
        migration: &Migration,
        limit: Duration,
    ) -> Result<Vec<Counted>, Error> {
        let whole = with_triggers(migration, &self.namespace.set, self.backend.dialect())?;
        Ok(self.count_section(&whole.up, limit).await)
    }

    /// What the down of a row does to what is there: the embedded one, or the one that the history keeps.
    pub(super) async fn count_down_of(
        &mut self,
        row: &Row,
        embedded: Option<&Migration>,
        limit: Duration,
    ) -> Result<Vec<Counted>, Error> {
        let stored;
        let section = match embedded {
            Some(migration) => migration.down.as_ref(),
            None => {
                stored = self.kept_down(row).await?;
                stored.as_ref()
            }
        };
        match section {
            Some(section) if !row.did_nothing() => Ok(self.count_section(section, limit).await),
            _ => Ok(Vec::new()),
        }
    }

    async fn count_section(&mut self, section: &Section, limit: Duration) -> Vec<Counted> {
        let started = Instant::now();
        let mut counted = Vec::new();
        for one in touched(section, self.backend.dialect()) {
            match one {
                Touched::Unread(what) => counted.push(Counted {
                    way: Way::Drops.name(),
                    table: String::new(),
                    column: None,
                    rows: None,
                    told: format!("not counted: {what}"),
                }),
                Touched::Rows {
                    way,
                    table,
                    column,
                    condition,
                } => {
                    let left = limit.saturating_sub(started.elapsed());
                    let count = self
                        .count_one(&table, column.as_deref(), (way, condition), (left, limit))
                        .await;
                    counted.push(count);
                }
                Touched::Rebuilt { table, kept } => {
                    for column in self.columns_left_out(&table, &kept).await {
                        let left = limit.saturating_sub(started.elapsed());
                        let count = self
                            .count_one(&table, Some(&column), (Way::Drops, None), (left, limit))
                            .await;
                        counted.push(count);
                    }
                }
            }
        }
        counted
    }

    async fn count_one(
        &mut self,
        table: &[String],
        column: Option<&str>,
        (way, condition): (Way, Option<String>),
        (left, limit): (Duration, Duration),
    ) -> Counted {
        let quoted: Vec<String> = table.iter().map(|part| self.backend.quoted(part)).collect();
        let name = table.join(".");
        // A column that is added has no values yet: every row gets its default.
        let counts_values = way != Way::Defaults;
        let condition = match (column, condition) {
            (Some(column), _) if counts_values => {
                format!(" WHERE {} IS NOT NULL", self.backend.quoted(column))
            }
            (_, Some(condition)) => format!(" WHERE {condition}"),
            _ => String::new(),
        };
        let what = match column {
            Some(column) if counts_values => format!("values of `{name}.{column}`"),
            Some(column) => format!("rows of `{name}` (`{column}`)"),
            None => format!("rows of `{name}`"),
        };
        let sql = format!("SELECT count(*) FROM {}{condition}", quoted.join("."));
        let (rows, told) = match count_within(&mut *self.backend, &sql, left).await {
            Ok(Some(count)) => (Some(count), format!("{count} {what}")),
            Ok(None) => (None, format!("{what}, not counted: over {}", seconds(limit))),
            Err(error) => (None, format!("{what}, not counted: {}", error.message)),
        };
        Counted {
            way: way.name(),
            table: name,
            column: column.map(str::to_owned),
            rows,
            told,
        }
    }

    /// The columns of a table, in SQLite, that are not named when its rows are copied.
    async fn columns_left_out(&mut self, table: &[String], kept: &[String]) -> Vec<String> {
        if kept.iter().any(|name| name == "*") {
            return Vec::new();
        }
        let name = table.last().map(String::as_str).unwrap_or_default();
        let sql = format!(
            "SELECT name FROM pragma_table_info('{}')",
            name.replace('\'', "''")
        );
        // What cannot be looked at is refused by the migration itself.
        let rows = self.backend.rows(&sql, &[]).await.unwrap_or_default();
        let names = rows.into_iter().flatten().flatten();
        names
            .filter(|name| !kept.contains(&name.to_lowercase()))
            .collect()
    }
}

/// The count that a query answers, unless that takes longer; nothing is written meanwhile, and no lock kept.
async fn count_within(
    backend: &mut dyn Backend,
    sql: &str,
    limit: Duration,
) -> Result<Option<u64>, DatabaseError> {
    let ms = limit.as_millis();
    if ms == 0 {
        return Ok(None);
    }
    let (begin, before, sql) = match backend.dialect() {
        Dialect::Postgres => (
            Some("BEGIN READ ONLY"),
            Some(format!(
                "SELECT pg_catalog.set_config('statement_timeout', '{ms}', true), \
                 pg_catalog.set_config('lock_timeout', '0', true)"
            )),
            sql.to_owned(),
        ),
        Dialect::MariaDb => (
            Some("START TRANSACTION READ ONLY"),
            None,
            format!(
                "SET STATEMENT max_statement_time={} FOR {sql}",
                ms as f64 / 1000.0
            ),
        ),
        Dialect::Mysql => (
            Some("START TRANSACTION READ ONLY"),
            None,
            sql.replacen("SELECT ", &format!("SELECT /*+ MAX_EXECUTION_TIME({ms}) */ "), 1),
        ),
        // One may be open, under which the history was read.
        Dialect::Sqlite => (None, None, sql.to_owned()),
    };
    if let Some(begin) = begin {
        backend.rows(begin, &[]).await?;
    }
    let started = Instant::now();
    backend.limit_time(Some(limit));
    let counted = async {
        if let Some(before) = before {
            backend.rows(&before, &[]).await?;
        }
        backend.rows(&sql, &[]).await
    }
    .await;
    backend.limit_time(None);
    let ended = match begin {
        Some(_) => backend.rows("ROLLBACK", &[]).await.map(drop),
        None => Ok(()),
    };
    let rows = match counted {
        Err(error) if error.is_timeout || started.elapsed() >= limit => return Ok(None),
        rows => rows?,
    };
    ended?;
    let count = rows.into_iter().flatten().flatten().next();
    Ok(count.and_then(|count| count.parse().ok()))
}

fn seconds(limit: Duration) -> String {
    match limit.as_millis() {
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{ms} ms"),
    }
}
