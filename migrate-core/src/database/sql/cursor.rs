//! Statements that commit one by one: the history keeps a cursor.
//!
//! A statement that can be undone commits together with the cursor, so a crash leaves no doubt. Before one that
//! commits by itself, the digest of what it is about in the catalog is stored; after a crash an unchanged catalog
//! means that it did not run, a changed one that it did.
//!
//! Where the lock is held within transactions only, several instances may work on one section at once. Each statement
//! belongs to the one that moves the cursor over it; the others pass on to the next.

use super::attempts::{Failure, Retry};
use super::backend::{DatabaseError, Nature, Transacted};
use super::connection_error;
use super::ledger::RowKey;
use super::session::SqlSession;
use super::transaction::sets_lock_timeout;
use crate::database::Session as _;
use crate::error::{Error, Kind};
use crate::history::{Reason, State};
use crate::model::{Migration, Section};

/// Which way a section goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Direction {
    Up(Reason),
    /// With the state in which the row ends.
    Down(State),
}

/// One run of a section by cursor.
pub(super) struct Run<'a> {
    pub(super) name: String,
    /// The migration, on the way up.
    pub(super) migration: Option<&'a Migration>,
    pub(super) section: &'a Section,
    pub(super) key: RowKey,
    pub(super) direction: Direction,
    /// How many statements an interrupted run did, and the catalog's digest before the one it had begun.
    pub(super) resume: Option<(u32, Option<String>)>,
}

impl Run<'_> {
    fn working(&self) -> State {
        match self.direction {
            Direction::Up(_) => State::Applying,
            Direction::Down(_) => State::Reverting,
        }
    }

    fn finished(&self) -> State {
        match self.direction {
            Direction::Up(_) => State::Applied,
            Direction::Down(state) => state,
        }
    }
}

/// How far the history says that a section is.
enum Standing {
    NotBegun,
    /// How many statements are done, and the catalog's digest before the one that was begun.
    Begun(u32, Option<String>),
    Finished,
}

fn history_error(error: DatabaseError) -> Failure {
    Failure::Fatal(connection_error("the history cannot be written", error))
}

impl SqlSession {
    pub(super) async fn run_by_cursor(&mut self, run: &Run<'_>) -> Result<(), Failure> {
        let own_lock_timeout = sets_lock_timeout(run.section, &*self.backend);
        let mut before = match (run.migration, &run.resume) {
            (Some(migration), None) => self.values_before(migration).await?,
            _ => Vec::new(),
        };
        let (done, mut begun) = match &run.resume {
            Some(resume) => resume.clone(),
            None => self.begin_row(run, &before).await?,
        };
        if let Some(migration) = run.migration
            && (run.resume.is_some() || self.backend.locks_per_transaction())
        {
            let is_untouched = done == 0 && begun.is_none();
            before = self.kept_values(migration, run.key.attempt, is_untouched).await?;
        }
        // One that died half-way has broken what it was about to mend.
        let whole = match run.resume {
            None if self.rebuilds(run.section) => Some(self.broken().await?),
            _ => None,
        };
        let count = run.section.statements.len() as u32;
        // What another session did, of which nothing is left but what it committed.
        let mut elsewhere: Vec<usize> = (0..done as usize).collect();
        if done > 0 {
            self.check_still_there(run, &elsewhere, done as usize)?;
        }
        for (index, (_, sql)) in run.section.iter().enumerate() {
            let number = index as u32;
            let nature = self.backend.nature(sql);
            if number < done {
                // What an earlier statement set for the session is gone with that session.
                if nature == Nature::Session {
                    self.alone(run, index, sql, own_lock_timeout).await?;
                }
                continue;
            }
            if self.install.as_ref().is_some_and(|install| install.at == index) {
                self.check_install().await?;
            }
            self.tell_statement(run.key.version, number, count);
            match nature {
                Nature::Session => {
                    self.alone(run, index, sql, own_lock_timeout).await?;
                    self.advance(run, number, number + 1, None).await?;
                }
                Nature::Transactional => {
                    let marker = match begun.take() {
                        // It was begun outside.
                        Some(marker) => Some(marker),
                        // That it does not run in a transaction is known when the server says so, and has then undone
                        // it.
                        None => match self.together(run, index, sql, own_lock_timeout).await {
                            Err(Failure::Statement(_, error, _)) if error.is_outside => None,
                            result => {
                                if !result? {
                                    elsewhere.push(index);
                                    self.check_still_there(run, &elsewhere, index + 1)?;
                                }
                                continue;
                            }
                        },
                    };
                    let nature = self.backend.nature_outside(sql);
                    self.marked(run, index, sql, nature, marker, own_lock_timeout)
                        .await?;
                }
                Nature::Catalog | Nature::Opaque => {
                    let marker = begun.take();
                    self.marked(run, index, sql, nature, marker, own_lock_timeout)
                        .await?;
                }
            }
        }
        if let Some(broken_before) = whole {
            self.check_broken(run, &broken_before).await?;
        }
        if let Some(migration) = run.migration {
            self.verify(migration, &before).await?;
        }
        self.finish(run, count).await
    }

    /// The references without the row they refer to.
    async fn broken(&mut self) -> Result<Vec<String>, Failure> {
        let broken = self.backend.broken_references().await;
        broken.map_err(|error| connection_error("the foreign keys cannot be checked", error).into())
    }

    /// Refuses to be done with a rebuild that lost rows to which others refer.
    async fn check_broken(&mut self, run: &Run<'_>, before: &[String]) -> Result<(), Failure> {
        let now = self.broken().await?;
        let Some(fault) = now.iter().find(|reference| !before.contains(reference)) else {
            return Ok(());
        };
        let message = format!(
            "migration {} leaves rows without the row they refer to: {fault}",
            run.name
        );
        let error = Error::new(Kind::Verification, message).version_is(run.key.version);
        Err(error
            .help("its statements have committed one by one: mend the rows, and run again")
            .into())
    }

    async fn finish(&mut self, run: &Run<'_>, count: u32) -> Result<(), Failure> {
        self.begin(Transacted::Ours).await?;
        let result = match self.standing(run, Standing::Begun(count, None)).await {
            Ok(Standing::Begun(..)) => {
                let (ledger, backend) = self.ledger();
                let updated = ledger.update(backend, run.key, run.finished(), count, None).await;
                match updated {
                    Ok(()) => self.write_beside(run.finished()).await.map_err(Failure::Fatal),
                    Err(error) => Err(history_error(error)),
                }
            }
            Ok(Standing::NotBegun | Standing::Finished) => Err(Failure::ByAnother),
            Err(error) => Err(Failure::Fatal(error)),
        };
        self.end(result).await
    }

    /// How far the history says that the section is. Where the lock holds all along, that is what it was at the
    /// beginning, `expected`.
    async fn standing(&mut self, run: &Run<'_>, expected: Standing) -> Result<Standing, Error> {
        if !self.backend.locks_per_transaction() {
            return Ok(expected);
        }
        let history = self.read_history().await?;
        let row = history.get(run.key.version);
        Ok(match (row, run.direction) {
            (Some(row), _) if row.attempt == run.key.attempt && row.state == run.working() => {
                Standing::Begun(row.done, row.catalog.clone())
            }
            (None, Direction::Up(_)) => Standing::NotBegun,
            (Some(row), Direction::Down(_)) if row.state == State::Applied => Standing::NotBegun,
            _ => Standing::Finished,
        })
    }

    /// Commits what succeeded, undoes what failed.
    async fn end<T>(&mut self, result: Result<T, Failure>) -> Result<T, Failure> {
        match result {
            Ok(value) => match self.backend.commit().await {
                Ok(()) => Ok(value),
                Err(error) => {
                    let _ = self.backend.rollback().await;
                    Err(history_error(error))
                }
            },
            Err(failure) => {
                let _ = self.backend.rollback().await;
                Err(failure)
            }
        }
    }

    /// Writes the row that says: begun. Gives back where to go on, which is the first statement unless another
    /// instance was faster.
    async fn begin_row(
        &mut self,
        run: &Run<'_>,
        before: &[Option<String>],
    ) -> Result<(u32, Option<String>), Failure> {
        self.begin(Transacted::Ours).await?;
        let result = match self.standing(run, Standing::NotBegun).await {
            Ok(Standing::NotBegun) => self.write_begun(run, before).await.map(|()| (0, None)),
            Ok(Standing::Begun(done, catalog)) => Ok((done, catalog)),
            Ok(Standing::Finished) => Err(Failure::ByAnother),
            Err(error) => Err(Failure::Fatal(error)),
        };
        self.end(result).await
    }

    async fn write_begun(&mut self, run: &Run<'_>, before: &[Option<String>]) -> Result<(), Failure> {
        let (ledger, backend) = self.ledger();
        let written = match (run.direction, run.migration) {
            (Direction::Up(reason), Some(migration)) => {
                ledger
                    .insert(backend, migration, run.key, State::Applying, reason)
                    .await
            }
            _ => ledger.update(backend, run.key, run.working(), 0, None).await,
        };
        written.map_err(history_error)?;
        if let Some(migration) = run.migration {
            self.keep_values(migration, run.key.attempt, before).await?;
        }
        self.begin_beside(run.working()).await.map_err(history_error)
    }

    /// Moves the cursor. `false` means that another instance did, which only happens where several may.
    pub(super) async fn advance(
        &mut self,
        run: &Run<'_>,
        from: u32,
        to: u32,
        catalog: Option<&str>,
    ) -> Result<bool, Failure> {
        let shared = self.backend.locks_per_transaction();
        let (ledger, backend) = self.ledger();
        let advanced = ledger
            .advance(backend, run.key, run.working(), from, to, catalog)
            .await
            .map_err(history_error)?;
        if advanced || shared {
            return Ok(advanced);
        }
        Err(Failure::Fatal(
            Error::new(
                Kind::LockLost,
                format!("migration {}: another instance moved on in it", run.name),
            )
            .version_is(run.key.version),
        ))
    }

    /// A statement that commits together with the cursor; `false` where another instance ran it.
    async fn together(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
    ) -> Result<bool, Failure> {
        let mut retry = Retry::new(run.key.version);
        loop {
            match self
                .in_its_own(run, index, sql, own_lock_timeout, retry.number)
                .await
            {
                Ok(ours) => return Ok(ours),
                Err(failure) => self.wait(&mut retry, failure).await?,
            }
        }
    }

    async fn in_its_own(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
        attempt: u32,
    ) -> Result<bool, Failure> {
        let what = Transacted::Migration {
            // One that an earlier version of the library began this way, or one of another tool beside what no transaction
            // may hold.
            rebuild: self.rebuilds(run.section),
            own_lock_timeout,
        };
        self.begin(what).await?;
        let result = self.claimed(run, index, sql, attempt).await;
        let result = match result {
            Ok(ours) => {
                let committed = self.backend.commit().await;
                committed
                    .map(|()| ours)
                    .map_err(|error| Failure::Statement(index, error, Vec::new()))
            }
            Err(failure) => Err(failure),
        };
        if result.is_err() {
            // The reason of the failure is the one to tell.
            let _ = self.backend.rollback().await;
        }
        result
    }

    /// The statement and the cursor, in the transaction that is open; `false` where another instance was there first.
    async fn claimed(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        attempt: u32,
    ) -> Result<bool, Failure> {
        let number = index as u32;
        let shared = self.backend.locks_per_transaction();
        if shared && !self.advance(run, number, number + 1, None).await? {
            return Ok(false);
        }
        let result = self.run_statement(sql, attempt).await;
        result.map_err(|(error, blockers)| Failure::Statement(index, error, blockers))?;
        if !shared {
            // Behind the statement, so that one that commits unawares is run again rather than left out.
            self.advance(run, number, number + 1, None).await?;
        }
        Ok(true)
    }
}
