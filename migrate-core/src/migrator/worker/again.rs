//! Looking at moved data again and again, from when it is right until its contract removes the old shape.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::crew::{Crew, Outcome};
use super::look::ask_throttle;
use super::{Stop, Told, is_under_way};
use crate::backfill::{BackfillState, Verdict};
use crate::database::mover::Stumble;
use crate::error::Error;
use crate::migrator::verify::{Verification, Walk, queries, unexpected};
use crate::migrator::{Event, Migrator};
use crate::model::{Migration, Version};

/// The shortest pause behind some thousand rows; it is as long as these took, if that is longer.
const PAUSE: Duration = Duration::from_millis(100);
/// How long it waits while something asks for care.
const CARE: Duration = Duration::from_secs(1);
/// How often the database is asked at most, and at least, whether it is time.
const ASKED: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));
/// How many keys stand in a message.
const SHOWN: usize = 10;

/// When it was asked last of each migration whether it is time.
pub(super) type Asked = HashMap<Version, Instant>;

/// What became of a look.
enum Looked {
    /// It was not time, or it is another worker's.
    Not,
    /// Everything is right.
    Right,
    /// Something is not; the change is blocked by now.
    Wrong(String),
}

impl Migrator {
    /// Looks again at the data whose time has come; `false` where nothing came of it.
    pub(super) async fn look_again(
        &self,
        stop: &Stop,
        asked: &mut Asked,
        told: &mut Told,
    ) -> Result<bool, Error> {
        let every = self.work.again;
        let pause = (every / 4).clamp(ASKED.0, ASKED.1);
        let is_time = |asked: &Asked, version| {
            !every.is_zero()
                && asked
                    .get(&version)
                    .is_none_or(|at: &Instant| at.elapsed() >= pause)
        };
        let moves = |one: &&Migration| one.backfill.is_some();
        let mut candidates: Vec<&Migration> = self.set.migrations.iter().filter(moves).collect();
        if candidates.is_empty() {
            return Ok(false);
        }
        let history = self.driver.read_history(&self.namespace).await?;
        let is_kept = |one: &&Migration| {
            history.is_applied(one.version) && self.check_both_shapes(one, &history).is_ok()
        };
        candidates.retain(is_kept);
        if history.fresh || candidates.is_empty() {
            return Ok(false);
        }
        // What a person lets begin again does not wait for its time.
        let opened = self.opened_again().await?;
        candidates.retain(|one| is_time(asked, one.version) || opened.contains(&one.version));
        let mut did = false;
        for migration in candidates {
            if stop.is_asked() {
                break;
            }
            asked.insert(migration.version, Instant::now());
            let Some(row) = history.get(migration.version) else {
                continue;
            };
            let code = self.code_of(migration)?;
            let crew = Crew::new(self, migration, code, row.attempt, stop);
            match crew.run_again(every).await {
                Ok(Outcome::Verified) => did = true,
                Ok(Outcome::Held(state, reason)) => {
                    let now = (state, reason.clone());
                    if told.insert(migration.version, now.clone()) != Some(now) {
                        let version = migration.version;
                        self.session.observer.event(&Event::BackfillHeld {
                            version,
                            state,
                            reason,
                        });
                        self.write_down().await?;
                    }
                }
                Ok(Outcome::Blocked(error)) => {
                    self.tell_trouble(&error);
                    self.write_down().await?;
                }
                Ok(Outcome::Stopped | Outcome::Yielded | Outcome::Waiting) => {}
                Err(error) if error.is_connection() => return Err(error),
                // The contract may have taken the old shape away while it was looked at.
                Err(error) => {
                    let history = self.driver.read_history(&self.namespace).await?;
                    if self.check_both_shapes(migration, &history).is_ok() {
                        self.tell_trouble(&error);
                    }
                }
            }
        }
        Ok(did)
    }
}

impl Migrator {
    /// The backfills that workers go on with, of migrations that are applied or not.
    async fn opened_again(&self) -> Result<Vec<Version>, Error> {
        let mut session = self.open().await?;
        let begun = session.moving().await;
        session.close().await?;
        let begun = begun?.into_iter().filter(|begun| is_under_way(begun.state));
        Ok(begun.map(|begun| begun.version).collect())
    }
}

impl Crew<'_> {
    /// Looks again at data that was right, if it is time, or moves it again where a person wants that.
    async fn run_again(mut self, every: Duration) -> Result<Outcome, Error> {
        let looked = self.again(every).await;
        let closed = match self.mover.take() {
            Some(mover) => mover.close().await,
            None => Ok(()),
        };
        let outcome = looked.map_err(Error::from)?;
        closed?;
        match outcome {
            Some(outcome) => Ok(outcome),
            // Somebody let it go on that had been blocked.
            None => self.run().await,
        }
    }

    async fn again(&mut self, every: Duration) -> Result<Option<Outcome>, Stumble> {
        self.connect().await?;
        let (version, attempt) = (self.migration.version, self.attempt);
        let Some(mover) = self.mover.as_mut() else {
            return Ok(Some(Outcome::Stopped));
        };
        let Some(status) = mover.status(version, attempt).await? else {
            return Ok(Some(Outcome::Stopped));
        };
        match status.state {
            BackfillState::Verified => {}
            BackfillState::Moving | BackfillState::Verifying => return Ok(None),
            _ => return Ok(Some(Outcome::Stopped)),
        }
        self.learn(&status);
        Ok(Some(match self.look_once_more(every).await? {
            Looked::Not => Outcome::Stopped,
            Looked::Right => Outcome::Verified,
            Looked::Wrong(reason) => Outcome::Held(BackfillState::Blocked, Some(reason)),
        }))
    }

    async fn look_once_more(&mut self, every: Duration) -> Result<Looked, Stumble> {
        let stop = self.stop;
        let (Some(mover), job) = self.parts() else {
            return Ok(Looked::Not);
        };
        if !mover.begin_again(&job, every).await? {
            return Ok(Looked::Not);
        }
        let mut walk = Walk::new();
        loop {
            let started = Instant::now();
            let (Some(mover), job) = self.parts() else {
                return Ok(Looked::Not);
            };
            if !walk.step(&mut **mover, &job, stop).await? {
                break;
            }
            self.rest(started.elapsed().max(PAUSE)).await?;
            if !self.is_to_go_on().await? {
                return Ok(Looked::Not);
            }
        }
        let (Some(mover), job) = self.parts() else {
            return Ok(Looked::Not);
        };
        let mut verification = walk.end(&mut **mover, &job, stop).await?;
        match queries(&mut **mover, &job, stop).await? {
            Ok(check) => verification.checks.extend(check),
            Err(error) if error.is_verification() => verification.checks.push(unexpected(&error, &job)),
            Err(error) => return Err(Stumble::Fatal(error)),
        }
        if stop.is_asked() {
            return Ok(Looked::Not);
        }
        if verification.is_right() {
            let ended = mover.end_again(&job, &verification.to_string()).await?;
            return Ok(if ended { Looked::Right } else { Looked::Not });
        }
        self.block_again(&verification).await
    }

    /// Waits while something asks for care. `false` where it is to end: it is another worker's, or asked to stop.
    async fn is_to_go_on(&mut self) -> Result<bool, Stumble> {
        loop {
            if self.stop.is_asked() {
                return Ok(false);
            }
            self.connect().await?;
            let (Some(mover), job) = self.parts() else {
                return Ok(false);
            };
            if !mover.hold_again(&job).await? {
                return Ok(false);
            }
            let load = mover.load().await?;
            let lag = load.lag.is_some_and(|lag| lag > self.soft_lag) || load.unreadable.is_some();
            let asked = ask_throttle(self.migrator, self.stop).await;
            if !lag && asked.is_none_or(|asked| matches!(asked, Ok(Verdict::Go))) {
                return Ok(true);
            }
            self.rest(CARE).await?;
        }
    }

    /// What was right is not any more: the change is blocked until a person has seen to it.
    async fn block_again(&mut self, verification: &Verification) -> Result<Looked, Stumble> {
        let wrong = verification.checks.iter().filter(|check| !check.is_right());
        let faults: Vec<String> = wrong.map(|check| check.fault(SHOWN)).collect();
        let reason = format!(
            "it was right before; {}; mend that and `resume` (`migrate backfill resume {}`), or {}",
            faults.join("; "),
            self.migration.version,
            self.way_on()
        );
        let (version, attempt) = (self.migration.version, self.attempt);
        let Some(mover) = self.mover.as_mut() else {
            return Ok(Looked::Not);
        };
        let from = [BackfillState::Verified];
        if !mover
            .turn(version, attempt, &from, BackfillState::Blocked, Some(&reason))
            .await?
        {
            return Ok(Looked::Not);
        }
        self.fire_divergence(verification).await?;
        Ok(Looked::Wrong(reason))
    }
}
