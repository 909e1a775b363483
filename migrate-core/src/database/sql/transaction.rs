//! A section that is one transaction, together with its history.

use super::attempts::{Failure, Retry, refused_commit};
use super::backend::{Backend, DatabaseError, Transacted};
use super::connection_error;
use super::ledger::RowKey;
use super::session::SqlSession;
use crate::backfill::Code;
use crate::database::Session as _;
use crate::error::{Error, Kind};
use crate::history::{Reason, State};
use crate::model::{Migration, Section, Version};
use crate::script::words::Words;

/// The first migration of a run behind which a reference was without its row, and is since.
pub(super) struct Suspect {
    migration: Migration,
    broken: String,
}

impl SqlSession {
    pub(super) async fn apply_transaction(
        &mut self,
        migration: &Migration,
        code: Option<Code>,
        key: RowKey,
        reason: Reason,
    ) -> Result<(), Failure> {
        let mut retry = Retry::new(key.version);
        loop {
            match self
                .apply_in_one(migration, code, key, reason, retry.number)
                .await
            {
                Ok(()) => return Ok(()),
                Err(failure) => self.wait(&mut retry, failure).await?,
            }
        }
    }

    /// Applies a section as one transaction, together with its history.
    async fn apply_in_one(
        &mut self,
        migration: &Migration,
        code: Option<Code>,
        key: RowKey,
        reason: Reason,
        attempt: u32,
    ) -> Result<(), Failure> {
        let own_lock_timeout = sets_lock_timeout(&migration.up, &*self.backend);
        let what = Transacted::Migration {
            rebuild: migration.rebuild,
            own_lock_timeout,
        };
        let looks_first = self.backend.locks_per_transaction() && !self.batch;
        let begin = if looks_first || code.is_some() || !migration.verify.is_empty() {
            self.begin(what).await?;
            None
        } else {
            Some(what)
        };
        let result = self
            .in_transaction(migration, code, key, reason, attempt, begin)
            .await;
        self.end_transaction(result).await
    }

    /// Begins a transaction; one that cannot be begun in full is not left open.
    pub(super) async fn begin(&mut self, what: Transacted) -> Result<(), Error> {
        let begun = self.backend.begin(what).await;
        if begun.is_err() {
            let _ = self.backend.rollback().await;
        }
        begun
    }

    /// Commits the statements of a section, or undoes them. A commit that is refused is undone as well: what is tried
    /// again begins from nothing.
    async fn end_transaction(&mut self, result: Result<(), Failure>) -> Result<(), Failure> {
        let result = match result {
            Ok(()) => self.backend.commit().await.map_err(Failure::Commit),
            Err(failure) => Err(failure),
        };
        if result.is_err() {
            // The reason of the failure is the one to tell.
            let _ = self.backend.rollback().await;
        }
        result
    }

    async fn in_transaction(
        &mut self,
        migration: &Migration,
        code: Option<Code>,
        key: RowKey,
        reason: Reason,
        attempt: u32,
        begin: Option<Transacted>,
    ) -> Result<(), Failure> {
        if begin.is_none()
            && self.backend.locks_per_transaction()
            && !self.batch
            && self.is_begun(migration.version).await?
        {
            return Err(Failure::ByAnother);
        }
        let batch = self.batch;
        let before = self.values_before(migration).await?;
        let triggers = self.triggers_before(migration.rebuild).await?;
        self.run_section(&migration.up, begin, migration.version, attempt)
            .await?;
        if let Some(code) = code {
            self.move_inline(migration, code).await?;
        }
        self.check_lost(&triggers, &migration.up, &migration.to_string())
            .await?;
        self.verify(migration, &before).await?;
        if migration.rebuild {
            let fault = self.backend.check_rebuild().await;
            let fault =
                fault.map_err(|error| connection_error("the foreign keys cannot be checked", error))?;
            if let Some(fault) = fault {
                return Err(Failure::Fatal(
                    Error::new(
                        Kind::Verification,
                        format!("migration {migration} leaves rows without the row they refer to: {fault}"),
                    )
                    .migration(migration)
                    .help("keep the keys of the rebuilt table as they were; nothing was changed"),
                ));
            }
        }
        if batch {
            self.watch_deferred(migration).await;
        }
        let (ledger, backend) = self.ledger();
        if batch {
            let entry = ledger.entry(backend, migration, key, State::Applied, reason);
            let entry = entry.into_owned();
            self.unwritten.push(entry);
            return Ok(self.write_beside(State::Applied).await?);
        }
        let inserted = ledger
            .insert(backend, migration, key, State::Applied, reason)
            .await;
        inserted.map_err(|error| connection_error("the history cannot be written", error))?;
        Ok(self.write_beside(State::Applied).await?)
    }

    /// Looks, in a run that is one transaction, whether a migration leaves references without the row they refer to:
    /// where keys are deferred, the commit of the whole run fails for it and does not say so.
    async fn watch_deferred(&mut self, migration: &Migration) {
        let defers = |text: &str| text.to_ascii_lowercase().contains("defer");
        self.deferring |= migration.up.iter().any(|(_, sql)| defers(sql));
        if !self.deferring {
            return;
        }
        // What cannot be looked at now is told by the commit.
        let broken = self.backend.broken_references().await.unwrap_or_default();
        match broken.into_iter().next() {
            None => self.suspect = None,
            Some(broken) => {
                self.suspect.get_or_insert_with(|| Suspect {
                    migration: migration.clone(),
                    broken,
                });
            }
        }
    }

    /// Why the commit of a run that is one transaction was refused.
    pub(super) fn refused_batch(&mut self, error: DatabaseError) -> Error {
        let suspect = self.suspect.take().filter(|_| error.is_of_values);
        let told = match suspect {
            None => refused_commit("the run on a fresh database", error),
            Some(Suspect { migration, broken }) => refused_commit(&format!("migration {migration}"), error)
                .migration(&migration)
                .note(broken),
        };
        told.note("a run on a fresh database is one transaction: nothing of it was applied")
    }

    /// Whether the history has a row of that version, seen from within the transaction.
    async fn is_begun(&mut self, version: Version) -> Result<bool, Error> {
        Ok(self.read_history().await?.get(version).is_some())
    }

    /// Whether that attempt is still applied, seen from within the transaction.
    async fn is_applied(&mut self, key: RowKey) -> Result<bool, Error> {
        let history = self.read_history().await?;
        let row = history.get(key.version);
        Ok(row.is_some_and(|row| row.attempt == key.attempt && row.state == State::Applied))
    }

    pub(super) async fn revert_transaction(
        &mut self,
        section: &Section,
        key: RowKey,
        state: State,
    ) -> Result<(), Failure> {
        let mut retry = Retry::new(key.version);
        loop {
            match self.revert_in_one(section, key, state, retry.number).await {
                Ok(()) => return Ok(()),
                Err(failure) => self.wait(&mut retry, failure).await?,
            }
        }
    }

    async fn revert_in_one(
        &mut self,
        section: &Section,
        key: RowKey,
        state: State,
        attempt: u32,
    ) -> Result<(), Failure> {
        let own_lock_timeout = sets_lock_timeout(section, &*self.backend);
        let rebuild = crate::script::outside::rebuilds(section, self.backend.dialect());
        let what = Transacted::Migration {
            rebuild,
            own_lock_timeout,
        };
        let begin = if self.backend.locks_per_transaction() {
            self.begin(what).await?;
            None
        } else {
            Some(what)
        };
        let result = self
            .reverting(section, key, state, (rebuild, attempt), begin)
            .await;
        self.end_transaction(result).await
    }

    async fn reverting(
        &mut self,
        section: &Section,
        key: RowKey,
        state: State,
        (rebuild, attempt): (bool, u32),
        begin: Option<Transacted>,
    ) -> Result<(), Failure> {
        if self.backend.locks_per_transaction() && !self.is_applied(key).await? {
            return Err(Failure::ByAnother);
        }
        let triggers = self.triggers_before(rebuild).await?;
        self.run_section(section, begin, key.version, attempt).await?;
        self.check_lost(&triggers, section, &key.version.to_string())
            .await?;
        if rebuild {
            let fault = self.backend.check_rebuild().await;
            let fault =
                fault.map_err(|error| connection_error("the foreign keys cannot be checked", error))?;
            if let Some(fault) = fault {
                let message = format!(
                    "taking {} back leaves rows without the row they refer to: {fault}",
                    key.version
                );
                return Err(Failure::Fatal(
                    Error::new(Kind::Verification, message).version_is(key.version),
                ));
            }
        }
        let (ledger, backend) = self.ledger();
        let updated = ledger.update(backend, key, state, 0, None).await;
        updated.map_err(|error| connection_error("the history cannot be written", error))?;
        Ok(self.write_beside(state).await?)
    }
}

/// Whether a file sets its lock time-out itself, so that ours has to stand back.
pub(super) fn sets_lock_timeout(section: &Section, backend: &dyn Backend) -> bool {
    section.iter().any(|(_, sql)| {
        let mut words = Words::new(sql, backend.dialect());
        words.eat("set") && {
            words.eat_any(&["session", "local"]);
            words.peek().is_some_and(|word| {
                word.is_any(&["lock_timeout", "lock_wait_timeout", "innodb_lock_wait_timeout"])
            })
        }
    })
}
