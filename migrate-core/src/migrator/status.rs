//! How far a database is.

use core::fmt;

use super::{FailedAttempt, Migrator};
use crate::backfill::BackfillStatus;
use crate::error::{Error, counted};
use crate::gates::{Facts, Finding};
use crate::history::{History, Reason, State};
use crate::model::{Phase, Version};
use crate::plan::{self, Mode, Situation};

/// How far a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The set.
    pub set: String,
    /// Whether this build may serve.
    pub may_serve: bool,
    /// Every migration of this build and of the database, by version.
    pub lines: Vec<StatusLine>,
    /// Why history and set do not go together, where they do not.
    pub fault: Option<String>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

/// One migration in a [`Status`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// Its phase.
    pub phase: Phase,
    /// How far it is.
    pub state: StatusState,
    /// Whether this build embeds it.
    pub embedded: bool,
    /// The migration of this build that stands for it, where it was squashed.
    pub squashed_into: Option<Version>,
    /// Why it did not go on, where it is applied or taken back in part.
    pub failed: Option<FailedAttempt>,
}

/// How far a migration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusState {
    /// It is in the history.
    Recorded {
        /// In what state.
        state: State,
        /// Why.
        reason: Reason,
        /// Since when, in UTC.
        at: String,
        /// How many statements are done, where it is not finished.
        done: u32,
    },
    /// It would be applied by `run`.
    Pending,
    /// It waits for the gates of these that are closed.
    Waiting(Vec<Finding>),
    /// Its data is moved just now, or was begun to be.
    Backfill(Box<BackfillStatus>),
}

impl Migrator {
    /// How far the database is. Changes nothing, takes no lock, and works on a read-only replica; what contracts wait for
    /// is looked at from there, where instances of the primary are not seen.
    ///
    /// # Errors
    ///
    /// If the database cannot be read. A history that does not go together with the set is part of the answer, and so is that
    /// of another tool where the set has none.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn status(&self) -> Result<Status, Error> {
        self.check_names()?;
        let history = self.driver.read_history(&self.namespace).await?;
        let mut unseen = None;
        let facts = match self.looks_at_gates(&history) {
            true => self
                .facts_of_gates(&history)
                .await
                .map_err(|error| unseen = Some(error))
                .ok(),
            false => None,
        };
        let mut status = self.status_of(&history, facts.as_ref());
        // How far everything is can be told without.
        status
            .notes
            .extend(unseen.map(|error| format!("the gates were not looked at: {error}")));
        if let Err(error) = self.look_at_newcomer(&history, &mut status).await {
            status
                .notes
                .push(format!("what others applied was not looked at: {error}"));
        }
        self.look_at_backfills(&history, &mut status).await?;
        if let Err(error) = self.look_at_failures(&history, &mut status).await {
            status
                .notes
                .push(format!("what is done in part was not looked at: {error}"));
        }
        Ok(status)
    }

    /// Says what others applied of a set that has no history, or where its history is of others.
    async fn look_at_newcomer(&self, history: &History, status: &mut Status) -> Result<(), Error> {
        if !self.is_newcomer(history) {
            status.notes.extend(self.history_of_another(history));
            return Ok(());
        }
        let mut session = self.open_to_look().await?;
        let others = self.look_at_others(&mut *session, history).await;
        session.close().await?;
        let others = others?;
        if let Some(refused) = others.refused {
            status.may_serve = false;
            status.fault.get_or_insert_with(|| refused.to_string());
        }
        status.notes.extend(others.of_others);
        Ok(())
    }

    fn looks_at_gates(&self, history: &History) -> bool {
        history.present && !history.fresh && self.waits_for_gates(history)
    }

    async fn facts_of_gates(&self, history: &History) -> Result<Facts, Error> {
        let mut session = self.open().await?;
        let look = self.look(&mut *session, history).await;
        session.close().await?;
        Ok(look?.facts)
    }

    /// Fills in why what is done in part did not go on.
    async fn look_at_failures(&self, history: &History, status: &mut Status) -> Result<(), Error> {
        if !history.rows.iter().any(|row| row.is_half_way()) {
            return Ok(());
        }
        let mut session = self.open().await?;
        let failures = self.failures(&mut *session, history).await;
        session.close().await?;
        for (version, failed) in failures? {
            let line = status.lines.iter_mut().find(|line| line.version == version);
            if let Some(line) = line {
                line.failed = Some(failed);
            }
        }
        Ok(())
    }

    /// Fills in how far the backfills are that are not done.
    async fn look_at_backfills(&self, history: &History, status: &mut Status) -> Result<(), Error> {
        let pending = |line: &&mut StatusLine| {
            let migration = self.set.get(line.version);
            let moves = migration.is_some_and(|migration| migration.backfill.is_some());
            moves && !matches!(line.state, StatusState::Recorded { .. })
        };
        let mut lines = status.lines.iter_mut().filter(pending).peekable();
        if !history.present || history.fresh || lines.peek().is_none() {
            return Ok(());
        }
        let mut mover = self.mover(&self.session).await?;
        for line in lines {
            let found = mover
                .status(line.version, history.next_attempt(line.version))
                .await;
            if let (Some(backfill), Some(migration)) = (found?, self.set.get(line.version)) {
                let backfill = self.with_waits(backfill.seen_with(migration));
                line.state = StatusState::Backfill(Box::new(backfill));
            }
        }
        mover.close().await
    }

    fn status_of(&self, history: &History, facts: Option<&Facts>) -> Status {
        let situation = Situation {
            fresh: false,
            mode: Mode::StartUp,
            policy: self.policy,
        };
        let (plan, fault) = match plan::plan_with(&self.set, history, situation, facts) {
            Ok(plan) => (Some(plan), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let mut lines: Vec<StatusLine> = history
            .rows
            .iter()
            .map(|row| StatusLine {
                version: row.version,
                name: row.name.clone(),
                phase: row.phase,
                state: StatusState::Recorded {
                    state: row.state,
                    reason: row.reason,
                    at: row.at.clone(),
                    done: row.done,
                },
                embedded: self.set.get(row.version).is_some(),
                squashed_into: self.set.squashed_into(row.version).map(|into| into.version),
                failed: None,
            })
            .collect();
        for migration in self.set.migrations.iter() {
            if history.get(migration.version).is_some() {
                continue;
            }
            let waiting = plan
                .iter()
                .flat_map(|plan| &plan.waiting)
                .find(|waiting| waiting.version == migration.version);
            lines.push(StatusLine {
                version: migration.version,
                name: migration.name.to_string(),
                phase: migration.phase,
                state: match waiting {
                    Some(waiting) => StatusState::Waiting(waiting.gates.clone()),
                    None => StatusState::Pending,
                },
                embedded: true,
                squashed_into: None,
                failed: None,
            });
        }
        lines.sort_by_key(|line| line.version);
        Status {
            set: self.namespace.set.clone(),
            may_serve: fault.is_none() && plan::may_serve(&self.set, history),
            lines,
            fault,
            notes: plan.map(|plan| plan.notes).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serve = if self.may_serve {
            "may serve"
        } else {
            "may not serve yet"
        };
        writeln!(f, "Status of set `{}`: this build {serve}", self.set)?;
        let width = self
            .lines
            .iter()
            .map(|line| line.name.chars().count())
            .max()
            .unwrap_or(0);
        for line in &self.lines {
            write!(f, "  {} {:width$}  {:8}  ", line.version, line.name, line.phase)?;
            match &line.state {
                StatusState::Recorded {
                    state,
                    reason,
                    at,
                    done,
                } => {
                    write!(f, "{state}")?;
                    match state {
                        State::Applied | State::Reverted | State::RolledBack => {}
                        State::Applying | State::Reverting => {
                            write!(f, ", {} done", counted(*done, "statement"))?
                        }
                    }
                    if *reason != Reason::Run {
                        write!(f, " ({})", reason.name())?;
                    }
                    write!(f, " {at}")?;
                }
                StatusState::Pending => f.write_str("pending")?,
                StatusState::Backfill(backfill) => {
                    f.write_str(&backfill.to_string().replace('\n', "\n      "))?;
                }
                StatusState::Waiting(gates) => match &**gates {
                    [only] => write!(f, "waits: {only}")?,
                    _ => f.write_str("waits")?,
                },
            }
            match line.squashed_into {
                Some(into) => writeln!(f, "  (squashed into {into})")?,
                None if line.embedded => writeln!(f)?,
                None => writeln!(f, "  (not in this build)")?,
            }
            if let Some(failed) = &line.failed {
                writeln!(f, "      {failed}\n      = help: {}", failed.help)?;
            }
            if let StatusState::Waiting(gates) = &line.state
                && gates.len() > 1
            {
                writeln!(f, "{}", Finding::lines(gates, "      ").trim_start_matches('\n'))?;
            }
        }
        if let Some(fault) = &self.fault {
            writeln!(f, "  fault: {fault}")?;
        }
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        Ok(())
    }
}
