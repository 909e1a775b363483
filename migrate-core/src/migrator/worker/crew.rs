//! One worker on one backfill.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use super::Stop;
use crate::backfill::{BackfillState, BackfillStatus, Pace, Progress, Throttled, Verdict};
use crate::database::mover::{Claim, Job, Lease, Mover, Stumble};
use crate::error::{Error, Kind};
use crate::migrator::{Event, Migrator};
use crate::model::directives::Sync;
use crate::model::{Migration, Phase};

/// How often the state, the settings and the load are looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How long a worker waits while others have all that is left.
const OTHERS: Duration = Duration::from_millis(250);
/// How long the application's throttle may take to answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How many batches a part has.
const BATCHES: u64 = 20;
/// The pauses after something that may pass.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often a batch is repeated at once that ran into a conflict, before that counts as a lock.
const CONFLICTS: u32 = 20;

/// What became of a backfill.
pub(in crate::migrator) enum Outcome {
    /// Its data is moved and right.
    Verified,
    /// The worker was asked to stop.
    Stopped,
    /// Somebody holds it.
    Held(BackfillState, Option<String>),
    /// It cannot go on.
    Blocked(Error),
}

/// One worker on one backfill.
pub(super) struct Crew<'a> {
    pub(super) migrator: &'a Migrator,
    pub(super) migration: &'a Migration,
    attempt: u32,
    syncs: Vec<Sync>,
    worker: String,
    pub(super) stop: &'a Stop,
    pub(super) mover: Option<Box<dyn Mover>>,
    lease: Option<Lease>,
    renewed: Instant,
    pace: Pace,
    pause: Option<Duration>,
    soft_lag: Duration,
    looked: Option<Instant>,
    enlisted: bool,
    throttled: Option<Throttled>,
    trouble: Trouble,
    progress: Meter,
}

/// Failures in a row that may pass.
struct Trouble {
    /// Since when there is no connection.
    unconnected: Option<Instant>,
    /// Since when the rows of a part are locked.
    locked: Option<Instant>,
    pause: Duration,
    conflicts: u32,
}

/// What the worker did so far.
struct Meter {
    started: Instant,
    told: Instant,
    batches: u64,
    visited_before: u64,
    visited: u64,
    estimate: u64,
    /// Rows and time of the newest batches, pauses included.
    newest: Vec<(u32, Instant)>,
}

impl<'a> Crew<'a> {
    pub(super) fn new(
        migrator: &'a Migrator,
        migration: &'a Migration,
        attempt: u32,
        stop: &'a Stop,
    ) -> Self {
        let of_change = migrator.set.migrations.iter().filter(|other| {
            other.phase == Phase::Expand && other.change.is_some() && other.change == migration.change
        });
        let now = Instant::now();
        let backfill = migration.backfill.as_ref();
        Self {
            migrator,
            migration,
            attempt,
            syncs: of_change.flat_map(|other| other.sync.iter().cloned()).collect(),
            worker: worker_name(&migrator.session.instance),
            stop,
            mover: None,
            lease: None,
            renewed: now,
            pace: Pace::new(backfill.and_then(|backfill| backfill.batch), None),
            pause: None,
            soft_lag: migrator.work.soft_lag,
            looked: None,
            enlisted: false,
            throttled: None,
            trouble: Trouble::new(),
            progress: Meter {
                started: now,
                told: now,
                batches: 0,
                visited_before: 0,
                visited: 0,
                estimate: 0,
                newest: Vec::new(),
            },
        }
    }

    /// The job, without borrowing the rest of the crew.
    pub(super) fn parts(&mut self) -> (Option<&mut Box<dyn Mover>>, Job<'_>) {
        let job = Job {
            migration: self.migration,
            attempt: self.attempt,
            syncs: &self.syncs,
            worker: &self.worker,
            lease: self.migrator.work.lease,
        };
        (self.mover.as_mut(), job)
    }

    pub(super) async fn run(mut self) -> Result<Outcome, Error> {
        let result = self.work().await;
        if let Some(mover) = self.mover.take() {
            let closed = mover.close().await;
            if result.is_ok() {
                closed?;
            }
        }
        result
    }

    async fn work(&mut self) -> Result<Outcome, Error> {
        loop {
            match self.step().await {
                Ok(Some(outcome)) => return Ok(outcome),
                Ok(None) => {}
                Err(stumble) => {
                    if let Some(outcome) = self.recover(stumble).await? {
                        return Ok(outcome);
                    }
                }
            }
        }
    }

    pub(super) async fn connect(&mut self) -> Result<(), Stumble> {
        if self.mover.is_none() {
            let mut options = self.migrator.session.clone();
            options.statement_timeout = Some(self.migrator.work.batch_timeout);
            let opened = self
                .migrator
                .driver
                .open_mover(&self.migrator.namespace, &options)
                .await;
            self.mover = Some(opened.map_err(|error| match error.is_connection() {
                true => Stumble::Connection(error),
                false => Stumble::Fatal(error),
            })?);
        }
        Ok(())
    }

    async fn step(&mut self) -> Result<Option<Outcome>, Stumble> {
        if self.stop.is_asked() {
            self.give_back().await?;
            return Ok(Some(Outcome::Stopped));
        }
        self.connect().await?;
        if !self.enlisted {
            let (Some(mover), job) = self.parts() else {
                return Ok(None);
            };
            mover.enlist(&job).await?;
            self.enlisted = true;
        }
        if self.looked.is_none_or(|looked| looked.elapsed() >= LOOK)
            && let Some(outcome) = self.look().await?
        {
            return Ok(Some(outcome));
        }
        if let Some(outcome) = self.wait_for_window().await? {
            return Ok(Some(outcome));
        }
        if self.throttled.is_some() && self.is_paused() {
            return self.rest(LOOK).await.map(|()| None);
        }
        let rows = self.pace.rows();
        let Some(mut lease) = self.lease.take() else {
            return self.claim(u64::from(rows) * BATCHES).await;
        };
        let started = Instant::now();
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        let moved = mover.advance(&job, &mut lease, rows).await;
        let moved = match moved {
            Ok(moved) => moved,
            Err(stumble) => {
                // The cursor is where it was: a batch whose commit was not answered shows in the database.
                self.lease =
                    (!matches!(stumble, Stumble::LeaseLost | Stumble::Connection(_))).then_some(lease);
                return Err(stumble);
            }
        };
        let took = started.elapsed();
        self.renewed = Instant::now();
        self.lease = (!moved.ended).then_some(lease);
        self.trouble = Trouble::new();
        self.throttled = None;
        self.pace.took(moved.visited, took);
        self.tell(moved.visited);
        let pause = self.pause.unwrap_or_else(|| Pace::pause(took));
        if !pause.is_zero() {
            self.rest(pause).await?;
        }
        Ok(None)
    }

    fn is_paused(&self) -> bool {
        matches!(self.throttled, Some(Throttled::Lag { .. } | Throttled::Custom(_)))
    }

    async fn claim(&mut self, rows: u64) -> Result<Option<Outcome>, Stumble> {
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        match mover.claim(&job, rows).await? {
            Claim::Part(lease) => {
                self.lease = Some(lease);
                self.renewed = Instant::now();
                // How long a former part was locked, or this one was another's, says nothing of it.
                self.trouble.locked = None;
                Ok(None)
            }
            Claim::Others => self.rest(OTHERS).await.map(|()| None),
            Claim::Nothing => {
                let (Some(mover), job) = self.parts() else {
                    return Ok(None);
                };
                if mover.begin_comparison(&job).await? {
                    return self.verify().await;
                }
                self.rest(OTHERS).await.map(|()| None)
            }
        }
    }

    /// Looks at the state, the settings and the load.
    async fn look(&mut self) -> Result<Option<Outcome>, Stumble> {
        self.looked = Some(Instant::now());
        let (version, attempt) = (self.migration.version, self.attempt);
        let Some(mover) = self.mover.as_mut() else {
            return Ok(None);
        };
        let Some(status) = mover.status(version, attempt).await? else {
            self.enlisted = false;
            return Ok(None);
        };
        self.learn(&status);
        match status.state {
            BackfillState::Moving => self.look_at_load().await,
            BackfillState::Verifying => {
                let (Some(mover), job) = self.parts() else {
                    return Ok(None);
                };
                if mover.begin_comparison(&job).await? {
                    return self.verify().await;
                }
                if self.is_applied().await? {
                    return Ok(Some(Outcome::Verified));
                }
                self.rest(OTHERS).await?;
                self.looked = None;
                Ok(None)
            }
            BackfillState::Verified => Ok(Some(Outcome::Verified)),
            state => {
                self.give_back().await?;
                Ok(Some(Outcome::Held(state, status.reason)))
            }
        }
    }

    async fn is_applied(&mut self) -> Result<bool, Stumble> {
        let history = self.migrator.driver.read_history(&self.migrator.namespace).await;
        let history = history.map_err(|error| match error.is_connection() {
            true => Stumble::Connection(error),
            false => Stumble::Fatal(error),
        })?;
        Ok(history.is_applied(self.migration.version))
    }

    fn learn(&mut self, status: &BackfillStatus) {
        let backfill = self.migration.backfill.as_ref();
        self.pace.bound(status.settings.batch);
        self.pause = status
            .settings
            .pause
            .or(backfill.and_then(|backfill| backfill.pause));
        let lag = status
            .settings
            .max_lag
            .or(backfill.and_then(|backfill| backfill.max_lag));
        self.soft_lag = lag.unwrap_or(self.migrator.work.soft_lag);
        self.progress.visited_before = status.visited;
        self.progress.visited = 0;
        self.progress.estimate = status.estimate;
    }

    async fn look_at_load(&mut self) -> Result<Option<Outcome>, Stumble> {
        let Some(mover) = self.mover.as_mut() else {
            return Ok(None);
        };
        let load = mover.load().await?;
        if let Some(reason) = load.unreadable {
            return self.block(reason).await.map(Some);
        }
        let (hard, soft) = (self.migrator.work.hard_lag.max(self.soft_lag), self.soft_lag);
        let mut throttled = None;
        if let Some(lag) = load.lag {
            if lag > hard {
                let reason = Throttled::Lag { lag, limit: hard }.to_string();
                return self.block(reason).await.map(Some);
            }
            if lag > soft {
                throttled = Some(Throttled::Lag { lag, limit: soft });
            }
        }
        if let Some(throttle) = self.migrator.work.throttle.clone() {
            let given_up = pin!(self.stop.wait(ANSWER));
            let verdict = match select(throttle.ask(), given_up).await {
                Either::Left((verdict, _)) => verdict,
                // Nothing is moved before it is asked to stop.
                Either::Right(_) if self.stop.is_asked() => return Ok(None),
                Either::Right(_) => Err(format!("no answer for {} s", ANSWER.as_secs()).into()),
            };
            match verdict {
                Ok(Verdict::Go) => {}
                Ok(Verdict::Pause(reason)) => throttled = Some(Throttled::Custom(reason)),
                Ok(Verdict::Stop(reason)) => return self.block(reason).await.map(Some),
                Err(error) => {
                    let reason = format!("the application's throttle cannot be asked: {error}");
                    return self.block(reason).await.map(Some);
                }
            }
        }
        if throttled.is_some() {
            self.pace.shrink();
            self.throttled = throttled;
            self.tell(0);
        } else if self.is_paused() {
            self.throttled = None;
        }
        Ok(None)
    }

    /// Marks the backfill as blocked, for a person to see.
    pub(super) async fn block(&mut self, reason: String) -> Result<Outcome, Stumble> {
        self.give_back().await?;
        self.connect().await?;
        let (version, attempt) = (self.migration.version, self.attempt);
        let going = [BackfillState::Moving, BackfillState::Verifying];
        if let Some(mover) = self.mover.as_mut() {
            mover
                .turn(version, attempt, &going, BackfillState::Blocked, Some(&reason))
                .await?;
        }
        Ok(Outcome::Held(BackfillState::Blocked, Some(reason)))
    }

    /// Gives the part back, so that others need not wait for its lease.
    async fn give_back(&mut self) -> Result<(), Stumble> {
        let Some(lease) = self.lease.take() else {
            return Ok(());
        };
        self.connect().await?;
        let (Some(mover), job) = self.parts() else {
            return Ok(());
        };
        match mover.release(&job, &lease).await {
            Err(Stumble::LeaseLost) => Ok(()),
            result => result,
        }
    }

    async fn wait_for_window(&mut self) -> Result<Option<Outcome>, Stumble> {
        let Some(window) = &self.migration.window else {
            return Ok(None);
        };
        if window.is_open(std::time::SystemTime::now()) {
            return Ok(None);
        }
        self.give_back().await?;
        if self.progress.told.elapsed() >= Duration::from_secs(60) || self.progress.batches == 0 {
            self.throttled = Some(Throttled::Window);
            self.tell(0);
            self.throttled = None;
        }
        self.rest(Duration::from_secs(1)).await.map(|()| None)
    }

    /// Pauses. The part stays the worker's; the connection is given back where there may be only one.
    pub(super) async fn rest(&mut self, time: Duration) -> Result<(), Stumble> {
        if self.migrator.driver.lends()
            && let Some(mover) = self.mover.take()
        {
            mover.close().await.map_err(Stumble::Fatal)?;
        }
        let slice = self.migrator.work.lease / 3;
        let mut left = time;
        loop {
            let now = left.min(slice);
            self.stop.wait(now).await;
            left = left.saturating_sub(now);
            if self.renewed.elapsed() >= slice
                && let Some(lease) = self.lease.clone()
            {
                self.connect().await?;
                let (Some(mover), job) = self.parts() else {
                    return Ok(());
                };
                let renewed = mover.renew(&job, &lease).await;
                if renewed.is_err() {
                    self.lease = None;
                }
                renewed?;
                self.renewed = Instant::now();
            }
            if left.is_zero() || self.stop.is_asked() {
                return Ok(());
            }
        }
    }

    /// Decides what becomes of a step that did not come about.
    async fn recover(&mut self, stumble: Stumble) -> Result<Option<Outcome>, Error> {
        match stumble {
            Stumble::LeaseLost => self.lease = None,
            Stumble::Conflict(_) if self.trouble.conflicts < CONFLICTS => self.trouble.conflicts += 1,
            Stumble::Locked(error) | Stumble::Conflict(error) => {
                let since = self.trouble.locked.get_or_insert_with(Instant::now);
                if since.elapsed() > self.migrator.session.lock_retry {
                    return self.give_up(error).await.map(Some);
                }
                self.pace.halve();
                self.throttled = Some(Throttled::Locks);
                self.tell(0);
                self.stop.wait(self.trouble.next_pause()).await;
            }
            Stumble::Connection(error) => {
                // Whether the batch was committed shows in the database: the part is taken anew.
                self.mover = None;
                self.lease = None;
                let since = self.trouble.unconnected.get_or_insert_with(Instant::now);
                if since.elapsed() > self.migrator.lock_wait {
                    return Err(error);
                }
                self.migrator.session.observer.event(&Event::Trouble {
                    message: error.to_string(),
                });
                self.stop.wait(self.trouble.next_pause()).await;
            }
            // Another instance migrates for longer than this one waits: nothing is wrong with the data.
            Stumble::Fatal(error) if error.is_lock_timeout() => return Err(error),
            Stumble::Fatal(error) => return self.give_up(error).await.map(Some),
        }
        Ok(None)
    }

    /// Blocks the backfill with what went wrong.
    async fn give_up(&mut self, error: Error) -> Result<Outcome, Error> {
        match self.block(error.to_string()).await {
            Ok(_) => Ok(Outcome::Blocked(error)),
            // What cannot be written down has to be told.
            Err(_) => Err(error),
        }
    }

    fn tell(&mut self, rows: u32) {
        let meter = &mut self.progress;
        let now = Instant::now();
        meter.told = now;
        if rows > 0 {
            meter.batches += 1;
            meter.visited += u64::from(rows);
            meter.newest.push((rows, now));
            if meter.newest.len() > 20 {
                meter.newest.remove(0);
            }
        }
        let span = meter
            .newest
            .first()
            .map_or(Duration::ZERO, |(_, first)| now.duration_since(*first));
        let recent: u64 = meter
            .newest
            .iter()
            .skip(1)
            .map(|(rows, _)| u64::from(*rows))
            .sum();
        let rate = if span.is_zero() {
            0.0
        } else {
            recent as f64 / span.as_secs_f64()
        };
        let visited = meter.visited_before + meter.visited;
        let rest = meter.estimate.checked_sub(visited).filter(|_| rate > 0.0);
        let progress = Progress {
            version: self.migration.version,
            batches: meter.batches,
            batch: rows,
            visited,
            estimate: meter.estimate,
            rate,
            elapsed: meter.started.elapsed(),
            remaining: rest.map(|rest| Duration::from_secs_f64(rest as f64 / rate)),
            throttled: self.throttled.clone(),
        };
        self.migrator.session.observer.event(&Event::Progress(progress));
    }
}

impl Trouble {
    fn new() -> Self {
        Self {
            unconnected: None,
            locked: None,
            pause: FIRST_PAUSE,
            conflicts: 0,
        }
    }

    fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        pause
    }
}

/// A name that no other worker has, now or later: one that comes back after its lease is over must not pass for the
/// one that has it now.
fn worker_name(instance: &str) -> String {
    use std::hash::{BuildHasher, RandomState};
    let unique = RandomState::new().hash_one(std::process::id());
    format!("{instance}/{unique:016x}")
}

impl From<Stumble> for Error {
    fn from(stumble: Stumble) -> Self {
        match stumble {
            Stumble::Locked(error)
            | Stumble::Conflict(error)
            | Stumble::Connection(error)
            | Stumble::Fatal(error) => error,
            Stumble::LeaseLost => {
                Error::new(Kind::Backfill, "another worker has that part of the table by now")
            }
        }
    }
}
