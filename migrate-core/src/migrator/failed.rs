//! What became of a migration that failed in the middle, where its statements commit one by one: kept in the log, and told
//! until somebody goes on with it.

use core::fmt;

use super::Migrator;
use crate::change::{LogEntry, Occurrence};
use crate::database::{Applied, Session};
use crate::error::Error;
use crate::history::{History, Reason, Row, State};
use crate::model::{Migration, Version};
use crate::time::shown;

/// Why a migration that is done in part did not go on when that was tried last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    /// Which statement failed, from 1; one more than the file has where what is checked behind them did.
    pub statement: u32,
    /// Since when it fails like this, in UTC.
    pub at: String,
    /// What the database said, in one line; the log has all of it.
    pub error: String,
    /// What to do.
    pub help: String,
}

impl FailedAttempt {
    /// What the log says of a row that is done in part; `None` where it was not seen to fail where it is now.
    pub(super) fn of(row: &Row, log: &[LogEntry]) -> Option<Self> {
        let entry = latest(row, log)?;
        let error = entry.figure("error").unwrap_or_default();
        Some(Self {
            statement: row.done + 1,
            at: shown(entry.at_ms),
            error: error.lines().next().unwrap_or_default().to_owned(),
            help: way_on(row),
        })
    }
}

impl fmt::Display for FailedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "statement {} failed at {}: {}",
            self.statement, self.at, self.error
        )
    }
}

/// What to do with a row that is done in part and does not go on.
fn way_on(row: &Row) -> String {
    let statement = row.done + 1;
    match row.state {
        State::Reverting => format!(
            "mend what it says; `down_to` or `rollback` (`migrate down`, `migrate rollback`) goes on with statement \
             {statement}"
        ),
        _ => format!(
            "mend what it says, and `run` (`migrate up`) goes on with statement {statement}; or edit the file from \
             there on, and let `repair` take it over first. What is done stays done"
        ),
    }
}

/// The newest entry of the log of a failure of this attempt, if that is still where it stands.
fn latest<'a>(row: &Row, log: &'a [LogEntry]) -> Option<&'a LogEntry> {
    if !row.is_half_way() {
        return None;
    }
    let of_row = |entry: &&LogEntry| entry.version == Some(row.version) && entry.what == Occurrence::Failed;
    let newest = log.iter().rev().find(of_row)?;
    let is = |name: &str, value: &str| newest.figure(name) == Some(value);
    let same = is("attempt", &row.attempt.to_string())
        && is("done", &row.done.to_string())
        && is("was", row.state.name());
    same.then_some(newest)
}

impl Migrator {
    /// Applies a migration. Where it fails in the middle, with statements that have committed, the log keeps why.
    pub(super) async fn apply_in(
        &self,
        session: &mut dyn Session,
        migration: &Migration,
        reason: Reason,
        history: &History,
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        let code = self.code_of(migration)?;
        let applied = session.apply(migration, code, reason, history, said).await;
        match applied {
            Err(error) => Err(self.kept_failure(session, migration.version, error).await),
            applied => applied,
        }
    }

    /// Takes a migration back, in the same way.
    pub(super) async fn revert_in(
        &self,
        session: &mut dyn Session,
        row: &Row,
        with: &[&Row],
        state: State,
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        let embedded = self.embedded(row);
        let reverted = session.revert(row, with, embedded, state, said).await;
        match reverted {
            Err(error) => Err(self.kept_failure(session, row.version, error).await),
            reverted => reverted,
        }
    }

    /// Keeps a failure, and gives it back with the way on from there. The failure itself is what the caller is told: that it
    /// could not be kept as well is not.
    async fn kept_failure(&self, session: &mut dyn Session, version: Version, error: Error) -> Error {
        if error.is_connection() {
            return error;
        }
        match self.write_failure(session, version, &error).await {
            Ok(Some(help)) if error.is_statement() => error.also_help(&help),
            _ => error,
        }
    }

    async fn write_failure(
        &self,
        session: &mut dyn Session,
        version: Version,
        error: &Error,
    ) -> Result<Option<String>, Error> {
        let history = session.read_history().await?;
        let Some(row) = history.get(version).filter(|row| row.is_half_way()) else {
            return Ok(None);
        };
        let help = Some(way_on(row));
        let figures = vec![
            ("was".to_owned(), row.state.name().to_owned()),
            ("statement".to_owned(), (row.done + 1).to_string()),
            ("error".to_owned(), error.to_string()),
            ("done".to_owned(), row.done.to_string()),
            ("attempt".to_owned(), row.attempt.to_string()),
        ];
        // A worker tries again and again.
        let log = session.read_log().await?;
        if latest(row, &log).is_some_and(|entry| entry.figures == figures) {
            return Ok(help);
        }
        let entry = self.entry(&row.change, Some(version), Occurrence::Failed, figures);
        session.write_log(&[entry]).await?;
        Ok(help)
    }

    /// Why the rows that are done in part did not go on, as far as the log tells.
    pub(super) async fn failures(
        &self,
        session: &mut dyn Session,
        history: &History,
    ) -> Result<Vec<(Version, FailedAttempt)>, Error> {
        let half_way = || history.rows.iter().filter(|row| row.is_half_way());
        if half_way().next().is_none() {
            return Ok(Vec::new());
        }
        let log = session.read_log().await?;
        let failed = |row: &Row| Some((row.version, FailedAttempt::of(row, &log)?));
        Ok(half_way().filter_map(failed).collect())
    }
}
