//! Looks from beside who holds what the run waits for.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, Row};

use super::beside;
use crate::database::sql::backend::Watcher;

/// A connection of its own, made when it is needed first.
pub(super) struct PostgresWatcher {
    connect: Arc<PgConnectOptions>,
    connection: Option<PgConnection>,
    pid: i32,
    lock_timeout: Duration,
}

impl PostgresWatcher {
    pub(super) fn new(connect: Arc<PgConnectOptions>, pid: i32, lock_timeout: Duration) -> Self {
        Self {
            connect,
            connection: None,
            pid,
            lock_timeout,
        }
    }

    async fn look(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(beside(&self.connect).await?),
        };
        let sql = "SELECT pg_catalog.format('pid %s (user %s, application %s, %s for %s s): %s', pid, usename, \
                   coalesce(nullif(application_name, ''), '-'), coalesce(state, '-'), \
                   pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - \
                   coalesce(xact_start, state_change, backend_start))::numeric, 1), \
                   pg_catalog.left(pg_catalog.regexp_replace(query, '\\s+', ' ', 'g'), 200)) \
                   FROM pg_catalog.pg_stat_activity WHERE pid = ANY(pg_catalog.pg_blocking_pids($1)) ORDER BY pid";
        let rows = sqlx::query(sql).bind(self.pid).fetch_all(connection).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }
}

#[async_trait]
impl Watcher for PostgresWatcher {
    async fn blockers(&mut self) -> Vec<String> {
        // An observer that cannot look has nothing to tell; the statement's own error is told anyway.
        self.look().await.unwrap_or_default()
    }

    fn after(&self) -> Duration {
        self.lock_timeout / 3
    }
}
