//! One worker on one backfill.

use std::time::{Duration, Instant};

use super::Stop;
use super::code::SetAside;
use super::held::Held;
use super::meter::{Meter, Trouble};
use crate::backfill::{BackfillState, Code, Pace, Throttled};
use crate::database::mover::{Claim, Job, Lease, Mover, Stumble};
use crate::error::{Error, Kind};
use crate::migrator::{Event, Migrator};
use crate::model::Migration;
use crate::model::directives::Sync;

/// How often the state, the settings and the load are looked at.
pub(super) const LOOK: Duration = Duration::from_millis(500);
/// How long a worker waits while others have all that is left.
pub(super) const OTHERS: Duration = Duration::from_millis(250);
/// How long a worker waits for others before it says so, and says so again.
const SAID: Duration = Duration::from_secs(2);
/// How many batches a part has.
const BATCHES: u64 = 20;
/// The longest pause before the write lock of a database is asked for again: who pauses for longer than others write
/// gets it no sooner.
const BUSY: Duration = Duration::from_millis(200);
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
    /// Something else is to have the worker for a while.
    Yielded,
    /// Its window is closed.
    Waiting,
}

/// For how long a worker stays with a backfill.
#[derive(Clone, Copy)]
pub(in crate::migrator) enum Patience {
    /// Until it does not go on, whatever else waits; its window is waited for.
    ToTheEnd,
    /// Until it does not go on, its window closes, or this time is over.
    Turn(Option<Duration>),
}

/// One worker on one backfill.
pub(super) struct Crew<'a> {
    pub(super) migrator: &'a Migrator,
    pub(super) migration: &'a Migration,
    pub(super) code: Option<Code>,
    pub(super) attempt: u32,
    pub(super) syncs: Vec<Sync>,
    pub(super) worker: String,
    pub(super) stop: &'a Stop,
    pub(super) mover: Option<Box<dyn Mover>>,
    pub(super) lease: Option<Lease>,
    pub(super) renewed: Instant,
    shared: bool,
    pub(super) pace: Pace,
    pub(super) soft_lag: Duration,
    pub(super) looked: Option<Instant>,
    pub(super) enlisted: bool,
    pub(super) throttled: Option<Throttled>,
    pub(super) trouble: Trouble,
    pub(super) set_aside: SetAside,
    pub(super) progress: Meter,
    /// How long the verify queries took when they were asked last.
    pub(super) asking: Duration,
    pub(super) patience: Patience,
    began: Instant,
    /// Since when the next batch is tried, or the next part.
    pub(super) trying: Option<Instant>,
    /// Dropped behind the connection, whose batch is undone then.
    pub(super) held: Held<'a>,
}

impl<'a> Crew<'a> {
    pub(super) fn new(
        migrator: &'a Migrator,
        migration: &'a Migration,
        code: Option<Code>,
        attempt: u32,
        stop: &'a Stop,
    ) -> Self {
        let now = Instant::now();
        let backfill = migration.backfill.as_ref();
        let pace = Pace::new(backfill.and_then(|backfill| backfill.batch), None);
        let pace = if code.is_some() { pace.of_code() } else { pace };
        let worker = worker_name(&migrator.session.instance);
        Self {
            migrator,
            migration,
            code,
            attempt,
            syncs: migrator.syncs_of(migration),
            held: Held::new(migrator, (migration.version, attempt), worker.clone()),
            worker,
            stop,
            mover: None,
            lease: None,
            renewed: now,
            shared: crate::script::shares_target(&migrator.set, migration),
            pace,
            soft_lag: migrator.work.soft_lag,
            looked: None,
            enlisted: false,
            throttled: None,
            trouble: Trouble::new(),
            set_aside: SetAside::new(backfill.and_then(|backfill| backfill.failures)),
            progress: Meter::new(now),
            asking: Duration::ZERO,
            patience: Patience::ToTheEnd,
            began: now,
            trying: None,
        }
    }

    /// The job, without borrowing the rest of the crew.
    pub(super) fn parts(&mut self) -> (Option<&mut Box<dyn Mover>>, Job<'_>) {
        let job = Job {
            migration: self.migration,
            attempt: self.attempt,
            syncs: &self.syncs,
            code: self.code,
            worker: &self.worker,
            lease: self.migrator.work.lease,
            shared: self.shared,
        };
        (self.mover.as_mut(), job)
    }

    pub(super) async fn run(mut self) -> Result<Outcome, Error> {
        let result = self.work().await;
        if result.is_ok() {
            // What is only for estimates makes nothing fail.
            let _ = self.keep_pace(true).await;
            if self.lease.is_none() {
                self.held.is_over();
            }
        }
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
            let opened = self.migrator.mover(&options).await;
            let lends = self.migrator.driver.lends();
            let stumble = |error: Error| match error.is_connection() {
                true => Stumble::Connection(error),
                false if lends && error.is_lock_timeout() => Stumble::Busy(error),
                false => Stumble::Fatal(error),
            };
            let mut mover = opened.map_err(stumble)?;
            mover.stand_alone().await.map_err(stumble)?;
            self.held.show();
            self.mover = Some(mover);
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
        if !self.is_window_open() {
            return self.wait_for_window().await;
        }
        if self.is_turn_over() {
            self.give_back().await?;
            return Ok(Some(Outcome::Yielded));
        }
        if self.throttled.is_some() && self.is_paused() {
            return self.rest(LOOK).await.map(|()| None);
        }
        let rows = self.pace.rows();
        self.trying = Some(Instant::now());
        let Some(mut lease) = self.lease.take() else {
            return self.claim(u64::from(rows) * BATCHES).await;
        };
        let started = Instant::now();
        let moved = match self.advance(&mut lease, rows).await {
            Ok(moved) => moved,
            Err(stumble) => {
                // The cursor is where it was: a batch whose commit was not answered shows in the database.
                self.lease =
                    (!matches!(stumble, Stumble::LeaseLost | Stumble::Connection(_))).then_some(lease);
                return Err(stumble);
            }
        };
        let took = started.elapsed().saturating_sub(moved.spent.waited);
        self.trying = None;
        self.renewed = Instant::now();
        self.lease = (!moved.ended).then_some(lease);
        self.trouble = Trouble::new();
        self.throttled = None;
        self.pace.took(moved.visited, took, moved.spent);
        self.tell(moved.visited);
        let pause = self.pace.pause(took);
        if !pause.is_zero() {
            self.rest(pause).await?;
        }
        self.progress.note(moved, started);
        Ok(None)
    }

    fn is_turn_over(&self) -> bool {
        matches!(self.patience, Patience::Turn(Some(turn)) if self.began.elapsed() >= turn)
    }

    async fn claim(&mut self, rows: u64) -> Result<Option<Outcome>, Stumble> {
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        let claimed = mover.claim(&job, rows).await?;
        self.trying = None;
        match claimed {
            Claim::Part(lease) => {
                self.lease = Some(lease);
                self.held.take();
                self.renewed = Instant::now();
                // How long a former part was locked, or this one was another's, says nothing of it.
                self.trouble.locked = None;
                Ok(None)
            }
            Claim::OfAnotherText => {
                // What is to be done is said where the state is looked at.
                self.looked = None;
                Ok(None)
            }
            Claim::Others => {
                if self.progress.told.elapsed() >= SAID {
                    self.throttled = Some(Throttled::Others {
                        lease: self.migrator.work.lease,
                    });
                    self.tell(0);
                    self.throttled = None;
                }
                self.rest(OTHERS).await.map(|()| None)
            }
            Claim::NotBegun => {
                self.enlisted = false;
                Ok(None)
            }
            Claim::Nothing => {
                let (Some(mover), job) = self.parts() else {
                    return Ok(None);
                };
                if mover.begin_comparison(&job).await? {
                    self.held.take();
                    return self.verify().await;
                }
                self.rest(OTHERS).await.map(|()| None)
            }
        }
    }

    /// Gives back what it has, so that others need not wait for its lease.
    pub(super) async fn give_back(&mut self) -> Result<(), Stumble> {
        self.lease = None;
        if !self.held.may_give_back() {
            return Ok(());
        }
        self.connect().await?;
        let (version, attempt) = (self.migration.version, self.attempt);
        if let Some(mover) = self.mover.as_mut() {
            mover.leave(version, attempt, &self.worker).await?;
            self.held.is_given_back();
        }
        Ok(())
    }

    /// Pauses. The part stays the worker's; the connection is given back where there may be only one.
    pub(super) async fn rest(&mut self, time: Duration) -> Result<(), Stumble> {
        self.lend().await?;
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

    /// Gives the connection back where there may be only one, and others need it meanwhile.
    pub(super) async fn lend(&mut self) -> Result<(), Stumble> {
        if self.migrator.driver.lends()
            && let Some(mover) = self.mover.take()
        {
            mover.close().await.map_err(Stumble::Fatal)?;
        }
        Ok(())
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
            Stumble::Busy(error) => {
                if let Some(waited) = self.waited_in_vain() {
                    let error = Error::busy(Some(waited)).source(error);
                    return self.give_up(error).await.map(Some);
                }
                self.wait_for_others().await;
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

    /// For how long the write lock of the database was another's, where it is waited for no longer. What wanted it has waited for
    /// a while before it said so.
    pub(super) fn waited_in_vain(&mut self) -> Option<Duration> {
        let since = self.trying.take().unwrap_or_else(Instant::now);
        let waited = self.trouble.locked.get_or_insert(since).elapsed();
        (waited >= self.migrator.session.lock_retry).then_some(waited)
    }

    /// Says that it waits for the write lock, and does for a moment.
    pub(super) async fn wait_for_others(&mut self) {
        self.throttled = Some(Throttled::Busy);
        self.tell(0);
        self.stop.wait(self.trouble.next_pause().min(BUSY)).await;
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
            | Stumble::Busy(error)
            | Stumble::Conflict(error)
            | Stumble::Connection(error)
            | Stumble::Fatal(error) => error,
            Stumble::LeaseLost => {
                Error::new(Kind::Backfill, "another worker has that part of the table by now")
            }
        }
    }
}
