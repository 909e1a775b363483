//! Writing the library's own tables: their transactions, the mark of a fresh run, and the digest of what is applied.

use std::time::Instant;

use futures_timer::Delay;

use super::attempts::{CONFLICTS, FIRST_PAUSE};
use super::backend::{DatabaseError, Transacted};
use super::backfill::for_workers;
use super::connection_error;
use super::making::missing;
use super::reading::rows_of_history;
use super::session::SqlSession;
use crate::error::Error;

/// Which tables are made.
#[derive(Clone, Copy)]
enum Made {
    /// Those of the history, with the row of the set; `fresh` marks a run on a database that nobody uses.
    History {
        fresh: bool,
    },
    ForWorkers,
}

impl Made {
    fn cannot(self) -> &'static str {
        match self {
            Made::History { .. } => "the tables of the history cannot be made",
            Made::ForWorkers => "the tables of backfills cannot be made",
        }
    }
}

/// What is said where the tables are there.
const UNWRITTEN: &str = "the history cannot be written";

/// Why tables were not made.
enum NotMade {
    /// The transaction could not be begun.
    Begun(Error),
    Refused {
        what: &'static str,
        error: DatabaseError,
    },
}

impl NotMade {
    fn told(self) -> Error {
        let (what, error) = match self {
            NotMade::Begun(error) => return error,
            NotMade::Refused { what, error } => (what, error),
        };
        // Where the error knows what helps, that is no question of roles.
        if error.help.is_some() {
            return connection_error(what, error);
        }
        let help = if error.is_locked {
            "somebody holds a lock on them; `lock_retry` sets how long it is tried"
        } else if what == UNWRITTEN {
            "the role that migrates has to be able to read and write the library's tables"
        } else {
            "the role that migrates has to be able to create tables"
        };
        connection_error(what, error).help(help)
    }
}

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
        let made = self.make(Made::History { fresh }).await;
        made.map_err(NotMade::told)
    }

    /// Makes the tables of the history in the transaction that is open.
    pub(super) async fn prepare_within(&mut self) -> Result<(), Error> {
        let (what, made) = self.make_within(Made::History { fresh: false }).await;
        made.map_err(|error| NotMade::Refused { what, error }.told())
    }

    /// Makes the tables that workers need. Where this role may not, the answer says what is to be done: what it came for
    /// needs none of them.
    pub(super) async fn make_for_workers(&mut self) -> Result<Option<String>, Error> {
        let tables = for_workers(&self.tables, &*self.backend);
        let lacking = match missing(&mut *self.backend, tables).await {
            Ok(lacking) if lacking.is_empty() => return Ok(None),
            Ok(lacking) => lacking,
            // They are there, and are no business of this role.
            Err(error) if error.is_denied() && !self.batch => return Ok(None),
            Err(error) => {
                return Err(connection_error(
                    "the tables of backfills cannot be looked for",
                    error,
                ));
            }
        };
        if self.batch {
            let (what, made) = self.make_within(Made::ForWorkers).await;
            return made
                .map(|()| None)
                .map_err(|error| NotMade::Refused { what, error }.told());
        }
        match self.make(Made::ForWorkers).await {
            Err(NotMade::Refused { what, error }) if error.is_denied() => {
                let wanted = self.wanted_of_workers(&lacking).await;
                Ok(Some(format!("{what}: {}. {wanted}", error.message)))
            }
            made => made.map(|()| None).map_err(NotMade::told),
        }
    }

    async fn make(&mut self, made: Made) -> Result<(), NotMade> {
        let (mut attempts, started) = (0, Instant::now());
        let budget = self.backend.options().lock_retry;
        loop {
            attempts += 1;
            self.begin(Transacted::Ours).await.map_err(NotMade::Begun)?;
            let (what, result) = self.make_within(made).await;
            match self.commit_or_undo(result).await {
                // Another set makes the same tables just now, under a lock of its own.
                Err(error) if (error.is_there || error.is_retryable) && attempts <= CONFLICTS => {
                    Delay::new(FIRST_PAUSE).await;
                }
                // It is waited for no longer than one lock time-out, which a slow machine may need for that.
                Err(error) if error.is_locked && started.elapsed() < budget => {
                    Delay::new(FIRST_PAUSE).await;
                }
                result => return result.map_err(|error| NotMade::Refused { what, error }),
            }
        }
    }

    /// Makes them in the transaction that is open; says as well what it could not do where it is refused.
    async fn make_within(&mut self, made: Made) -> (&'static str, Result<(), DatabaseError>) {
        let mut what = made.cannot();
        let tables = for_workers(&self.tables, &*self.backend);
        let (ledger, backend) = self.ledger();
        let result = async {
            match made {
                Made::History { fresh } => {
                    ledger.create(backend).await?;
                    what = UNWRITTEN;
                    ledger.enter(backend).await?;
                    if fresh {
                        ledger.mark_fresh(backend, true).await?;
                    }
                }
                Made::ForWorkers => {
                    for (_, statement) in missing(backend, tables).await? {
                        backend.run(&statement).await?;
                    }
                }
            }
            Ok(())
        }
        .await;
        (what, result)
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
