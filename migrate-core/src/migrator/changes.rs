//! What is told of the changes: how far they are, their log, and who uses the database.

use super::Migrator;
use super::contract::Look;
use crate::change::{Change, ChangeState, LogEntry};
use crate::database::Session;
use crate::error::Error;
use crate::gates;
use crate::live::Live;
use crate::model::Phase;

impl Migrator {
    /// How far the changes of this build are, and what their contracts wait for. Changes nothing.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn changes(&self) -> Result<Vec<Change>, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let changes = self.changes_in(&mut *session).await;
        session.close().await?;
        changes
    }

    async fn changes_in(&self, session: &mut dyn Session) -> Result<Vec<Change>, Error> {
        let history = session.read_history().await?;
        let Look { facts, .. } = self.look(session, &history).await?;
        let failures = self.failures(session, &history).await?;
        let mut changes = Vec::new();
        for (name, record) in &facts.records {
            let of_change = || {
                self.set
                    .migrations
                    .iter()
                    .filter(|migration| migration.change_name() == *name)
            };
            let pending = of_change()
                .find(|one| one.phase == Phase::Contract && history.get(one.version).is_none())
                .filter(|_| record.state != ChangeState::RolledBack);
            let moves = of_change()
                .filter(|_| record.state != ChangeState::RolledBack)
                .find(|one| one.phase == Phase::Migrate && !history.is_applied(one.version));
            let of_moving = moves.map(|migration| {
                let written = gates::dual_write(&self.set, migration, Some(&facts));
                written.into_iter().chain(gates::window(migration, &facts))
            });
            let gates = of_moving.into_iter().flatten().chain(
                pending
                    .iter()
                    .flat_map(|contract| gates::contract_gates(&self.set, &history, contract, &facts)),
            );
            changes.push(Change {
                name: name.clone(),
                versions: of_change().map(|migration| migration.version).collect(),
                state: record.state,
                since_ms: record.since_ms,
                blocked: record.blocked.clone().or_else(|| {
                    let mut failures = failures.iter();
                    let (version, failed) =
                        failures.find(|(version, _)| of_change().any(|one| one.version == *version))?;
                    Some(format!(
                        "{version} is done in part; {failed}\n  = help: {}",
                        failed.help
                    ))
                }),
                gates: gates.collect(),
            });
        }
        Ok(changes)
    }

    /// The log of this set's changes, oldest first: who did what, when, and what was seen.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn events(&self) -> Result<Vec<LogEntry>, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let log = session.read_log().await;
        session.close().await?;
        log
    }

    /// Who uses the database now: the registered instances of this set with their builds, and who else is connected.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn instances(&self) -> Result<Live, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let live = session.look_around().await;
        session.close().await?;
        live
    }
}
