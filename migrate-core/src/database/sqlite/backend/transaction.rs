//! The transactions of a run on SQLite, and the wait for whoever writes meanwhile.

use std::time::Instant;

use futures_timer::Delay;

use super::SqliteBackend;
use crate::database::sql::{DatabaseError, connection_error};
use crate::database::sqlite::BUSY_PAUSE;
use crate::error::Error;

/// Which transaction is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    None,
    /// Begun to look at the history undisturbed; nothing is written.
    Look,
    /// One migration, or our own tables.
    Transaction,
    /// A whole run on a fresh database.
    Batch,
}

impl SqliteBackend {
    /// Begins a transaction that holds the write lock, waiting for other writers within the budget.
    async fn begin_immediate(&mut self, open: Open) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            match self.raw("BEGIN IMMEDIATE").await {
                Ok(_) => {
                    self.open = open;
                    return Ok(());
                }
                Err(error) if error.is_locked && started.elapsed() < self.patience => {
                    Delay::new(BUSY_PAUSE).await;
                }
                Err(error) if error.is_locked => {
                    return Err(Error::busy(Some(started.elapsed())).source(*error.source));
                }
                Err(error) => return Err(connection_error("the transaction cannot be begun", error)),
            }
        }
    }

    /// Waits a moment before a statement is tried again that another process was in the way of; gives the error back
    /// where that is no reason, or the budget is used up. In a transaction it is none: what was read may be old.
    pub(super) async fn wait_for_others(
        &self,
        error: DatabaseError,
        started: Instant,
    ) -> Result<(), DatabaseError> {
        let in_the_way = error.is_locked && self.open == Open::None;
        if !in_the_way || started.elapsed() >= self.patience {
            return Err(error);
        }
        Delay::new(BUSY_PAUSE).await;
        Ok(())
    }

    /// Lets foreign keys rest, or enforces them again. Has no effect inside a transaction, so it is called outside.
    async fn rest(&mut self, rest: bool) -> Result<(), DatabaseError> {
        if rest != self.resting && self.foreign_keys {
            self.raw(if rest {
                "PRAGMA foreign_keys = OFF"
            } else {
                "PRAGMA foreign_keys = ON"
            })
            .await?;
        }
        self.resting = rest;
        Ok(())
    }

    pub(super) async fn begin_rebuilding(&mut self, open: Open, rebuild: bool) -> Result<(), Error> {
        if rebuild {
            if self.open != Open::None {
                let ended = self.end("ROLLBACK").await;
                ended.map_err(|error| connection_error("the transaction cannot be undone", error))?;
            }
            let resting = self.rest(true).await;
            resting.map_err(|error| connection_error("foreign keys cannot rest", error))?;
        }
        if self.open == Open::None {
            self.begin_immediate(open).await?;
        }
        self.open = open;
        if rebuild {
            let broken = self.broken().await;
            self.broken_before =
                broken.map_err(|error| connection_error("the foreign keys cannot be checked", error))?;
        }
        Ok(())
    }

    /// The references without the row they refer to.
    pub(super) async fn broken(&mut self) -> Result<Vec<String>, DatabaseError> {
        let rows = self.raw("PRAGMA foreign_key_check").await?;
        let shown = |row: Vec<Option<String>>| {
            let mut fields = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || fields.next().unwrap_or_default();
            let (table, row, parent) = (next(), next(), next());
            format!("row {row} of `{table}` refers to `{parent}`")
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    pub(super) async fn end(&mut self, how: &str) -> Result<(), DatabaseError> {
        let started = Instant::now();
        let mut result = self.raw(how).await;
        // A commit waits for readers to end. The transaction stays open meanwhile, so only the commit is repeated.
        while matches!(&result, Err(error) if error.is_locked)
            && how == "COMMIT"
            && started.elapsed() < self.options.lock_retry
        {
            Delay::new(BUSY_PAUSE).await;
            result = self.raw(how).await;
        }
        // A transaction that SQLite undid by itself leaves nothing to undo.
        let undone = matches!(&result, Err(error) if how == "ROLLBACK" && !error.is_connection);
        if result.is_ok() || undone {
            self.open = Open::None;
            self.rest(false).await?;
        }
        if undone { Ok(()) } else { result.map(drop) }
    }
}
