//! What is written in the transaction of a migration's row, beside that row: of what it stands for.

use super::backend::DatabaseError;
use super::connection_error;
use super::ledger::{Entry, RowKey};
use super::session::SqlSession;
use crate::change::LogEntry;
use crate::database::{Applied, Session as _};
use crate::error::Error;
use crate::history::{History, Reason, Row, State};
use crate::model::Migration;

/// What is written beside the row of a migration.
#[derive(Default)]
pub(super) struct Beside {
    /// The rows of what it stands for and that the history does not have.
    new: Vec<Entry<'static>>,
    /// The rows that end as its own does.
    with: Vec<RowKey>,
    /// What the log says of it.
    said: Vec<LogEntry>,
}

impl Beside {
    /// What ends together with a row that is taken back.
    pub(super) fn taken_back(with: &[&Row], said: &[LogEntry]) -> Self {
        let keys = with.iter().map(|row| RowKey::of(row));
        Self {
            with: keys.collect(),
            said: said.to_vec(),
            ..Self::default()
        }
    }
}

impl SqlSession {
    /// What is written beside a migration that is applied.
    pub(super) fn beside_of(
        &mut self,
        migration: &Migration,
        history: &History,
        said: &[LogEntry],
    ) -> Beside {
        let (ledger, backend) = self.ledger();
        let missing = migration
            .squash
            .iter()
            .filter(|member| history.get(member.version).is_none());
        let new = missing.map(|member| {
            let key = RowKey::next(history, member.version);
            ledger.squashed(&*backend, member, migration, key)
        });
        Beside {
            new: new.collect(),
            with: Vec::new(),
            said: said.to_vec(),
        }
    }

    /// Writes, in the transaction that is open, that the rows which end with the migration's own begin with it too: a
    /// build that has only their files may not take them for applied meanwhile.
    pub(super) async fn begin_beside(&mut self, state: State) -> Result<(), DatabaseError> {
        let keys: Vec<RowKey> = self.beside.with.clone();
        let (ledger, backend) = self.ledger();
        for key in keys {
            ledger.update(backend, key, state, 0, None).await?;
        }
        Ok(())
    }

    /// Writes it, in the transaction that is open. `state` is what the migration's row ends as.
    pub(super) async fn write_beside(&mut self, state: State) -> Result<(), Error> {
        let Beside { new, with, said } = std::mem::take(&mut self.beside);
        let result = async {
            let batch = self.batch;
            let (ledger, backend) = self.ledger();
            if !batch && !new.is_empty() {
                ledger.insert_all(backend, &new).await?;
            }
            for key in &with {
                ledger.update(backend, *key, state, 0, None).await?;
            }
            Ok(())
        }
        .await;
        let result = match result {
            Ok(()) => self.add_to_log(&said).await,
            Err(error) => Err(connection_error("the history cannot be written", error)),
        };
        if result.is_ok() && self.batch {
            self.unwritten.extend(new);
            return result;
        }
        // A transaction that has to be tried again writes it again.
        self.beside = Beside { new, with, said };
        result
    }

    /// Writes the row of a migration that does not run, in the transaction that is open.
    pub(super) async fn recorded(
        &mut self,
        migration: &Migration,
        reason: Reason,
        history: &History,
    ) -> Result<Applied, Error> {
        // Elsewhere the lock was held since the history was read.
        if self.backend.locks_per_transaction() {
            let now = self.read_history().await?;
            let state = |history: &History, version| history.get(version).map(|row| row.state);
            let members = migration.squash.iter().map(|member| member.version);
            let mut versions = members.chain([migration.version]);
            if versions.any(|version| state(&now, version) != state(history, version)) {
                return Ok(Applied::ByAnother);
            }
        }
        let key = RowKey::next(history, migration.version);
        let (ledger, backend) = self.ledger();
        let inserted = ledger
            .insert(backend, migration, key, State::Applied, reason)
            .await;
        inserted.map_err(|error| connection_error("the history cannot be written", error))?;
        self.write_beside(State::Applied).await?;
        Ok(Applied::Now)
    }
}
