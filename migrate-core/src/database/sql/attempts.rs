//! Attempts at statements and transactions: which failures may be gone the next time, and what is told of the rest.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_timer::Delay;
use futures_util::future::{Either, select};

use super::backend::{DatabaseError, Ended, Transacted, Watcher};
use super::session::SqlSession;
use crate::error::{Error, Kind};
use crate::migrator::Event;
use crate::model::{Migration, Section, TransactionMode, Version};

/// The first pause before a statement that did not get its lock is tried again, and the longest.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How often a transaction is repeated that was the victim of a deadlock or could not be serialised.
pub(super) const CONFLICTS: u32 = 10;

/// A statement that failed, or the whole attempt around it.
pub(super) enum Failure {
    /// The database refused the statement with that index; who held its lock, where that was the reason.
    Statement(usize, DatabaseError, Vec<String>),
    /// The database refused the commit behind all statements.
    Commit(DatabaseError),
    /// Something else is wrong; it is not tried again.
    Fatal(Error),
    /// Another instance applied the migration meanwhile.
    ByAnother,
}

/// The attempts at one statement, or at one transaction.
pub(super) struct Retry {
    version: Version,
    started: Instant,
    pause: Duration,
    conflicts: u32,
    /// Which attempt it is, from 1.
    pub(super) number: u32,
}

impl Retry {
    pub(super) fn new(version: Version) -> Self {
        Self {
            version,
            started: Instant::now(),
            pause: FIRST_PAUSE,
            conflicts: 0,
            number: 1,
        }
    }

    /// Whether the same may succeed the next time.
    fn again(&mut self, error: &DatabaseError, budget: Duration) -> bool {
        if error.is_locked {
            // At least one attempt is watched, so that the error can name who is in the way.
            return self.number == 1 || self.started.elapsed() + self.pause < budget;
        }
        self.conflicts += 1;
        error.is_retryable && self.conflicts <= CONFLICTS
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Fatal(error)
    }
}

impl SqlSession {
    /// Runs a statement of a migration. From the second attempt on, looks from beside who it waits for.
    pub(super) async fn run_statement(
        &mut self,
        sql: &str,
        attempt: u32,
    ) -> Result<(), (DatabaseError, Vec<String>)> {
        let watcher = self.watcher_of(attempt);
        let watcher = watcher.then_some(&mut self.watcher).and_then(Option::as_mut);
        let (result, blockers) = watched(watcher, self.backend.run(sql)).await;
        result.map_err(|error| (error, blockers))
    }

    /// Runs the statements of a section in a transaction, which is begun first where `begin` says how; watched as
    /// [`run_statement`](Self::run_statement) is.
    pub(super) async fn run_section(
        &mut self,
        section: &Section,
        begin: Option<Transacted>,
        version: Version,
        attempt: u32,
    ) -> Result<(), Failure> {
        let statements: Vec<&str> = section.iter().map(|(_, sql)| sql).collect();
        let of = statements.len() as u32;
        let observer = self.backend.options().observer.clone();
        let tell = |number: u32| {
            if number <= of {
                observer.event(&Event::Statement { version, number, of });
            }
        };
        tell(1);
        let mut ended = |index: usize| tell(index as u32 + 2);
        let Some(at) = self.install.as_ref().map(|install| install.at) else {
            return self.run_watched(&statements, begin, attempt, 0, &mut ended).await;
        };
        let (own, install) = statements.split_at(at.min(statements.len()));
        self.run_watched(own, begin, attempt, 0, &mut ended).await?;
        self.check_install().await?;
        self.run_watched(install, None, attempt, own.len(), &mut ended)
            .await
    }

    /// Runs statements of a section, the first of which has the index `first` there.
    async fn run_watched(
        &mut self,
        statements: &[&str],
        begin: Option<Transacted>,
        attempt: u32,
        first: usize,
        ended: Ended<'_>,
    ) -> Result<(), Failure> {
        let watcher = self.watcher_of(attempt);
        let watcher = watcher.then_some(&mut self.watcher).and_then(Option::as_mut);
        let backend = &mut *self.backend;
        let mut ended = |index: usize| ended(first + index);
        let work = async {
            match begin {
                Some(what) => backend.begin_with(what, statements, &mut ended).await,
                None => Ok(backend.run_all(statements, &mut ended).await),
            }
        };
        let (result, blockers) = watched(watcher, work).await;
        result?.map_err(|(index, error)| Failure::Statement(first + index, error, blockers))
    }

    /// Whether that attempt is watched; the watcher is made where it is the first such one.
    fn watcher_of(&mut self, attempt: u32) -> bool {
        if attempt > 1 && self.watcher.is_none() {
            self.watcher = self.backend.watcher();
        }
        attempt > 1
    }

    /// Waits before the next attempt, where the failure is a lock or a conflict that may be gone by then; else gives
    /// the failure back.
    pub(super) async fn wait(&mut self, retry: &mut Retry, failure: Failure) -> Result<(), Failure> {
        let (error, blockers) = match &failure {
            Failure::Statement(_, error, blockers) => (error, blockers.clone()),
            Failure::Commit(error) => (error, Vec::new()),
            Failure::Fatal(_) | Failure::ByAnother => return Err(failure),
        };
        let options = self.backend.options();
        if self.batch || !retry.again(error, options.lock_retry) {
            return Err(failure);
        }
        let pause = retry.pause;
        options.observer.event(&Event::Blocked {
            version: retry.version,
            blockers,
            retry_in: pause,
        });
        Delay::new(pause).await;
        retry.number += 1;
        retry.pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        Ok(())
    }

    pub(super) fn error_of(
        &self,
        name: &str,
        migration: Option<&Migration>,
        section: &Section,
        failure: Failure,
    ) -> Error {
        match failure {
            Failure::Fatal(error) => error,
            Failure::ByAnother => Error::new(
                Kind::LockLost,
                format!("another instance applied migration {name}"),
            ),
            Failure::Commit(error) => {
                let told = refused_commit(&format!("migration {name}"), error);
                match migration {
                    Some(migration) => told.migration(migration),
                    None => told,
                }
            }
            Failure::Statement(index, error, blockers) => {
                let locked = error.is_locked;
                let outside = error.is_outside && section.transaction == TransactionMode::One;
                let connection = error.is_connection;
                let kind = if locked {
                    Kind::Blocked
                } else if connection {
                    Kind::Connection
                } else {
                    Kind::Statement
                };
                let what = if locked {
                    "a statement did not get its lock"
                } else if connection {
                    "the connection broke during a statement"
                } else {
                    "the database refused a statement"
                };
                let mut told = Error::new(kind, format!("{what} of migration {name}: {}", error.message));
                if let Some(migration) = migration {
                    told = told.migration(migration);
                }
                if let Some(statement) = section.statements.get(index) {
                    told = told.statement(section, statement, error.position);
                }
                // SQLite's 1 stands for whatever has no code of its own.
                if let Some(code) = error.code.as_ref().filter(|code| *code != "1") {
                    told = told.note(format!("the database's code is {code}"));
                }
                if let Some(detail) = &error.detail {
                    told = told.note(detail.clone());
                }
                for blocker in blockers {
                    told = told.note(format!("held by {blocker}"));
                }
                if locked {
                    told = told.help(
                        "let that end, or stop it, and run again; `lock_retry` sets how long it is tried",
                    );
                }
                if outside {
                    told = told.help(
                        "it commits by itself, or does not run in a transaction: move it to a file of its own with \
                         `-- migrate:transaction off`.\nThere it has to be one that may run again after it failed half-way",
                    );
                }
                told.source(*error.source)
            }
        }
    }
}

/// A commit that was refused. No statement of the file is to blame more than another: what the database looks at
/// only then, such as a key that is deferred, it does not say where it comes from.
pub(super) fn refused_commit(of: &str, error: DatabaseError) -> Error {
    let (kind, what) = match () {
        () if error.is_connection => (Kind::Connection, "the connection broke during the commit of"),
        () if error.is_locked => (Kind::Blocked, "others were in the way of the commit of"),
        () => (Kind::Statement, "the database refused the commit of"),
    };
    let mut told = Error::new(kind, format!("{what} {of}: {}", error.message));
    if let Some(code) = &error.code {
        told = told.note(format!("the database's code is {code}"));
    }
    if let Some(detail) = error.detail {
        told = told.note(detail);
    }
    told.source(*error.source)
}

/// Waits for work at the database, and tells who it waited for last.
async fn watched<T>(
    watcher: Option<&mut Box<dyn Watcher>>,
    work: impl Future<Output = T>,
) -> (T, Vec<String>) {
    let Some(watcher) = watcher else {
        return (work.await, Vec::new());
    };
    let mut seen = Vec::new();
    let result = {
        let watch = pin!(async {
            loop {
                Delay::new(watcher.after()).await;
                let blockers = watcher.blockers().await;
                if !blockers.is_empty() {
                    seen = blockers;
                }
            }
        });
        match select(pin!(work), watch).await {
            Either::Left((result, _)) => result,
            Either::Right((never, _)) => never,
        }
    };
    (result, seen)
}
