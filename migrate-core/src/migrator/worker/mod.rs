//! The worker: moves data in the background, as long as the service runs.

mod again;
mod blocked;
mod code;
mod control;
mod crew;
mod held;
mod look;
mod meter;
mod options;
mod repair;
mod stop;
mod trigger;
mod verification;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use self::crew::Crew;
pub(super) use self::crew::{Outcome, Patience};
pub(super) use self::look::ask_monitor;
use self::stop::End;
use super::{Event, Migrator};
use crate::backfill::BackfillState;
use crate::error::Error;
use crate::gates::Facts;
use crate::history::History;
use crate::model::{Migration, Phase, Version};
use crate::plan::{self, Mode};

pub use options::WorkOptions;
pub use stop::Stop;
pub(super) use verification::way_on;

/// How long a worker rests when there is nothing to do.
const IDLE: Duration = Duration::from_secs(2);

/// How long it rests before it tries again what failed with the database.
const AFTER_ERROR: Duration = Duration::from_secs(5);
/// How long a contract at most is left alone that could not be applied though its gates are open.
const REFUSED: Duration = Duration::from_secs(600);
/// How long one backfill is worked on while something else waits for the worker.
const TURN: Duration = Duration::from_secs(60);

/// How often it is looked whether contracts may be applied, at most and at least.
const CONTRACTS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(10));

/// How often instances are looked for that are gone for so long that they are forgotten.
const FORGET: Duration = Duration::from_secs(3600);

/// What was told of backfills that do not go on.
type Told = HashMap<Version, (BackfillState, Option<String>)>;

/// A worker in the background. Dropping it asks it to stop and does not wait.
#[derive(Debug)]
pub struct Worker {
    stop: Stop,
    end: End,
}

impl Worker {
    /// Asks the worker to stop behind the batch that runs, and waits until it has. What it had taken is given back, so
    /// another instance goes on at once.
    ///
    /// # Errors
    ///
    /// What ended the worker, if it had ended before.
    ///
    /// # Cancellation
    ///
    /// Dropping the future waits no longer. The worker was asked to stop, and does.
    pub async fn shutdown(self) -> Result<(), Error> {
        self.stop.stop();
        self.end.wait().await
    }

    /// What asks it to stop, to be kept elsewhere.
    pub fn stopper(&self) -> Stop {
        self.stop.clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.stop();
    }
}

impl Migrator {
    /// Runs the worker beside the service: it moves what has to be moved, together with the workers of all other
    /// instances. To be called within the runtime that the pool uses.
    ///
    /// ```no_run
    /// # async fn example(migrator: migrate_core::Migrator) -> Result<(), migrate_core::Error> {
    /// migrator.run().await?;
    /// let worker = migrator.spawn_worker();
    /// // … serve …
    /// worker.shutdown().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn spawn_worker(&self) -> Worker {
        let (stop, end) = (Stop::new(), End::default());
        let worker = Worker {
            stop: stop.clone(),
            end: end.clone(),
        };
        let migrator = self.clone();
        self.driver.spawn(Box::pin(async move {
            end.reached(migrator.worker(&stop).await);
        }));
        worker
    }

    /// The worker as a future: it ends when it is asked to.
    ///
    /// A backfill that cannot go on is marked as blocked with its reason, told to the observer, and left alone until
    /// it is [resumed](Self::resume); the worker goes on with others. A database that cannot be reached is tried
    /// again, and so is a contract that is refused, or that gets no lock: after 5 seconds, and then after twice as long
    /// each time, up to ten minutes.
    ///
    /// # Errors
    ///
    /// If the migrator's options do not fit, the server is of another dialect than the set, Rust code that a file names is
    /// not bound, or history and set do not go together.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops the running statement at the server and undoes its batch. What it had taken is free for
    /// other workers at once on SQLite; elsewhere a task on the runtime gives it back. Where the runtime ends before that,
    /// it is free once its lease is over.
    pub async fn worker(&self, stop: &Stop) -> Result<(), Error> {
        self.check_names()?;
        self.check_code()?;
        let mut told = HashMap::new();
        let mut looked: Option<Instant> = None;
        let mut forgot: Option<Instant> = None;
        let mut asked = again::Asked::new();
        let regular = (self.gate_options.settle / 3).clamp(CONTRACTS.0, CONTRACTS.1);
        let mut between = regular;
        let mut checked = false;
        while !stop.is_asked() {
            let mut worked = Ok(false);
            if !checked {
                worked = self.check_database().await.map(|()| false);
                checked = worked.is_ok();
            }
            if worked.is_ok() {
                worked = self.register_worker().await;
            }
            if worked.is_ok() {
                worked = self.work_once(stop, &mut told).await;
            }
            if worked.is_ok() && !stop.is_asked() {
                let again = self.look_again(stop, &mut asked, &mut told).await;
                worked = worked.and_then(|did| again.map(|again| did || again));
            }
            if worked.is_ok() && !stop.is_asked() && looked.is_none_or(|looked| looked.elapsed() >= between) {
                worked = match self.apply_contracts().await {
                    // What is in the way of a contract may go; until then other work goes on.
                    Err(error) if error.is_blocked() || error.is_statement() => {
                        self.tell_trouble(&error);
                        between = (between * 2).clamp(AFTER_ERROR, REFUSED);
                        Ok(false)
                    }
                    applied => {
                        between = regular;
                        applied
                    }
                };
                looked = Some(Instant::now());
            }
            if worked.is_ok() && !stop.is_asked() && forgot.is_none_or(|forgot| forgot.elapsed() >= FORGET) {
                // Of what is left the next turn takes more.
                forgot = self.forget_gone().await.then(Instant::now);
            }
            match worked {
                Ok(true) => {}
                Ok(false) => stop.wait(IDLE.min(regular)).await,
                Err(error) if error.is_connection() || error.is_history() || error.is_lock_timeout() => {
                    self.tell_trouble(&error);
                    stop.wait(AFTER_ERROR).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A process that only works is an instance as well.
    async fn register_worker(&self) -> Result<bool, Error> {
        if !self.is_registered() {
            self.arrive().await?;
            self.keep_registered();
        }
        Ok(false)
    }

    /// Forgets instances that are gone for long; `false` where more of them are left. Nothing else waits for that.
    async fn forget_gone(&self) -> bool {
        let forgotten = async {
            let mut session = self.open().await?;
            let forgotten = session.forget_gone().await;
            session.close().await?;
            forgotten
        };
        forgotten.await.unwrap_or_else(|error| {
            self.tell_trouble(&error);
            true
        })
    }

    fn tell_trouble(&self, error: &Error) {
        self.session.observer.event(&Event::Trouble {
            message: error.to_string(),
        });
    }

    /// Works on everything that is there to be moved; `false` where nothing came of it.
    async fn work_once(&self, stop: &Stop, told: &mut Told) -> Result<bool, Error> {
        let mut did = false;
        let (versions, others_wait) = self.to_be_moved().await?;
        for version in versions {
            if stop.is_asked() {
                break;
            }
            let Some(migration) = self.set.get(version) else {
                continue;
            };
            match self
                .move_data(migration, stop, Patience::Turn(others_wait.then_some(TURN)))
                .await?
            {
                Outcome::Yielded => did = true,
                Outcome::Waiting => {
                    let now = (BackfillState::Moving, None);
                    if told.insert(version, now.clone()) != Some(now) {
                        let window = migration.window.map(|window| window.told(self.clock.now()));
                        let window = window.unwrap_or_default();
                        self.session
                            .observer
                            .event(&Event::WaitingForWindow { version, window });
                    }
                }
                Outcome::Verified => {
                    did = true;
                    self.write_down().await?;
                }
                Outcome::Blocked(error) => {
                    self.tell_trouble(&error);
                    self.write_down().await?;
                }
                Outcome::Stopped => {}
                // Told once, however often it is looked at.
                Outcome::Held(state, reason) => {
                    let now = (state, reason.clone());
                    if told.insert(version, now.clone()) != Some(now) {
                        self.session.observer.event(&Event::BackfillHeld {
                            version,
                            state,
                            reason,
                        });
                        self.write_down().await?;
                    }
                }
            }
        }
        Ok(did)
    }

    /// The migrations whose data may be moved now, and whether more than one of them, or a contract, waits for a worker.
    async fn to_be_moved(&self) -> Result<(Vec<Version>, bool), Error> {
        let history = self.driver.read_history(&self.namespace).await?;
        if !history.present || history.fresh {
            return Ok((Vec::new(), false));
        }
        let facts = match self.waits_for_gates(&history) && self.is_written_by_builds(&history) {
            true => Some(self.look_once(&history).await?),
            false => None,
        };
        let situation = self.situation(false, Mode::Completion);
        let plan = plan::plan_with(&self.set, &history, situation, facts.as_ref())?;
        // What is moved behind an expand file needs what that adds, and dual write in force.
        let versions: Vec<Version> = plan
            .steps
            .iter()
            .take_while(|step| step.phase != Phase::Expand)
            .filter(|step| step.moves_data)
            .map(|step| step.version)
            .collect();
        let others_wait = versions.len() > 1 || self.pending_contracts(&history).next().is_some();
        Ok((versions, others_wait))
    }

    /// What is seen of the database now.
    async fn look_once(&self, history: &History) -> Result<Facts, Error> {
        let mut session = self.open().await?;
        let look = self.look(&mut *session, history).await;
        session.close().await?;
        Ok(look?.facts)
    }

    /// Moves the data of one migration until it is verified, or until that does not go on.
    pub(super) async fn move_data(
        &self,
        migration: &Migration,
        stop: &Stop,
        patience: Patience,
    ) -> Result<Outcome, Error> {
        let history = self.driver.read_history(&self.namespace).await?;
        let attempt = match history.get(migration.version) {
            Some(row) if history.is_applied(row.version) => {
                let status = self.backfill(row.version).await?;
                let opened = status.is_some_and(|status| is_under_way(status.state));
                // A person let it begin again, or go on.
                if !opened || self.check_both_shapes(migration, &history).is_err() {
                    return Ok(Outcome::Verified);
                }
                row.attempt
            }
            _ => history.next_attempt(migration.version),
        };
        let code = self.code_of(migration)?;
        let mut crew = Crew::new(self, migration, code, attempt, stop);
        crew.patience = patience;
        crew.run().await
    }
}

/// Whether workers work on it.
pub(super) fn is_under_way(state: BackfillState) -> bool {
    matches!(state, BackfillState::Moving | BackfillState::Verifying)
}
