//! Writing the library's own tables: their transactions, the mark of a fresh run, and the digest of what is applied.

use std::time::Instant;

use futures_timer::Delay;

use super::attempts::{CONFLICTS, FIRST_PAUSE};
use super::backend::{DatabaseError, Transacted};
use super::connection_error;
use super::reading::rows_of_history;
use super::session::SqlSession;
use crate::error::Error;

impl SqlSession {
    /// Begins a transaction on our own tables, unless one holds the whole run.
    pub(super) async fn begin_ours(&mut self) -> Result<(), Error> {
        match self.batch {
            true => Ok(()),
            false => self.begin(Transacted::Ours).await,
        }
    }

    pub(super) async fn end_ours(&mut self, result: Result<(), Error>) -> Result<(), Error> {
        if self.batch {
            return result;
        }
        match result {
            Ok(()) => {
                let committed = self.backend.commit().await;
                committed.map_err(|error| connection_error("the library's tables cannot be written", error))
            }
            Err(error) => {
                let _ = self.backend.rollback().await;
                Err(error)
            }
        }
    }

    /// Commits what succeeded, undoes what failed. The reason of a failure is the one to tell.
    pub(super) async fn commit_or_undo(
        &mut self,
        result: Result<(), DatabaseError>,
    ) -> Result<(), DatabaseError> {
        match result {
            Ok(()) => self.backend.commit().await,
            Err(error) => {
                let _ = self.backend.rollback().await;
                Err(error)
            }
        }
    }

    /// Makes the tables of the history, and marks a fresh run in the same transaction.
    pub(super) async fn prepare_and_mark(&mut self, fresh: bool) -> Result<(), Error> {
        let (mut attempts, started) = (0, Instant::now());
        let budget = self.backend.options().lock_retry;
        loop {
            attempts += 1;
            self.begin(Transacted::Ours).await?;
            let (ledger, backend) = self.ledger();
            let mut result = ledger.create(backend).await;
            if result.is_ok() && fresh {
                result = ledger.mark_fresh(backend, true).await;
            }
            match self.commit_or_undo(result).await {
                // Another set makes the same tables just now, under a lock of its own.
                Err(error) if (error.is_there || error.is_retryable) && attempts <= CONFLICTS => {
                    Delay::new(FIRST_PAUSE).await;
                }
                // It is waited for no longer than one lock time-out, which a slow machine may need for that.
                Err(error) if error.is_locked && started.elapsed() < budget => {
                    Delay::new(FIRST_PAUSE).await;
                }
                result => {
                    return result.map_err(|error| {
                        let help = match error.is_locked {
                            true => "somebody holds a lock on them; `lock_retry` sets how long it is tried",
                            false => "the role that migrates has to be able to create tables",
                        };
                        connection_error("the tables of the history cannot be made", error).help(help)
                    });
                }
            }
        }
    }

    /// Writes what the end of a run on a fresh database leaves.
    pub(super) async fn write_end(&mut self, batch: bool, complete: bool) -> Result<(), DatabaseError> {
        let unwritten = std::mem::take(&mut self.unwritten);
        let (ledger, backend) = self.ledger();
        ledger.insert_all(backend, &unwritten).await?;
        // A batch has no need of the mark while it runs, because it leaves nothing behind unless it is committed.
        if batch || complete {
            ledger.mark_fresh(backend, !complete).await?;
        }
        // Nobody starts on a database that is half made.
        if complete && backend.keeps_standing() {
            self.keep_standing().await?;
        }
        Ok(())
    }

    /// Takes the digest of the history away before this session writes to it for the first time.
    pub(super) async fn unsettle(&mut self) -> Result<(), Error> {
        let guarded = self.backend.guards_every_write();
        if self.unsettled || guarded || !self.backend.keeps_standing() {
            return Ok(());
        }
        let (ledger, backend) = self.ledger();
        let settled = ledger.settle(backend, None).await;
        settled.map_err(|error| connection_error("the history cannot be written", error))?;
        self.unsettled = true;
        Ok(())
    }

    /// Writes the digest of the history, in the transaction that is open.
    pub(super) async fn keep_standing(&mut self) -> Result<(), DatabaseError> {
        let select = self.tables.select(&self.namespace.set, self.backend.dialect());
        let rows = self.backend.rows(&select, &[]).await?;
        // What cannot be read is told by whoever reads it next.
        let digest = rows_of_history(rows).ok().and_then(|history| history.digest());
        let (ledger, backend) = self.ledger();
        ledger.settle(backend, digest).await?;
        self.unsettled = false;
        Ok(())
    }
}
