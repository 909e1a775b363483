//! Looks from beside who may hold what the run waits for.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::MySqlConnection;
use sqlx::mysql::MySqlConnectOptions;

use super::{beside, raw_rows};
use crate::database::sql::backend::Watcher;

/// A connection of its own, made when it is needed first.
pub(super) struct MysqlWatcher {
    connect: Arc<MySqlConnectOptions>,
    connection: Option<MySqlConnection>,
    id: u64,
    lock_timeout: Duration,
}

impl MysqlWatcher {
    pub(super) fn new(connect: Arc<MySqlConnectOptions>, id: u64, lock_timeout: Duration) -> Self {
        Self {
            connect,
            connection: None,
            id,
            lock_timeout,
        }
    }

    /// Who holds a metadata lock is only told where an optional plugin or schema is on, so every connection with an
    /// open transaction or a running statement in the same database is named.
    async fn look(&mut self) -> Option<Vec<String>> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(beside(&self.connect).await.ok()?),
        };
        let sql = format!(
            "SELECT CONCAT('connection ', p.id, ' (user ', p.user, ', ', p.command, ' for ', p.time, ' s', \
             IF(t.trx_id IS NULL, '', ', in a transaction'), '): ', LEFT(COALESCE(p.info, t.trx_query, '-'), 200)) \
             FROM information_schema.processlist p \
             LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id \
             WHERE p.id <> {} AND p.id <> CONNECTION_ID() AND p.db = DATABASE() \
             AND (t.trx_id IS NOT NULL OR p.command IN ('Query', 'Execute')) ORDER BY p.id",
            self.id
        );
        let rows = raw_rows(connection, &sql).await.ok()?;
        Some(rows.into_iter().flatten().flatten().collect())
    }
}

#[async_trait]
impl Watcher for MysqlWatcher {
    async fn blockers(&mut self) -> Vec<String> {
        // An observer that cannot look has nothing to tell; the statement's own error is told anyway.
        self.look().await.unwrap_or_default()
    }

    fn after(&self) -> Duration {
        self.lock_timeout / 3
    }
}
