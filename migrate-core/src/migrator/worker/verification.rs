//! The end of a backfill: what came out is compared, and the migration is recorded as applied.

use std::pin::pin;
use std::time::Instant;

use futures_timer::Delay;
use futures_util::future::{Either, select};

use super::crew::{Crew, Outcome};
use crate::backfill::BackfillState;
use crate::database::mover::Stumble;
use crate::error::Error;
use crate::migrator::Event;
use crate::migrator::verify::{Verification, Walk, queries};
use crate::migrator::work::Locked;
use crate::model::{Dialect, Migration};
use crate::script::in_place::in_place;

/// How many keys stand in a message.
const SHOWN: usize = 10;

impl Crew<'_> {
    /// Compares everything; the comparison is this worker's.
    pub(super) async fn verify(&mut self) -> Result<Option<Outcome>, Stumble> {
        if self.code.is_some()
            && let Some(outcome) = self.check_rows_set_aside().await?
        {
            return Ok(Some(outcome));
        }
        let Some(mut verification) = self.look_at_all().await? else {
            return Ok(None);
        };
        let stop = self.stop;
        if let Some(wrong) = verification.checks.iter().find(|check| !check.is_right()) {
            // Who has to stop does not wait until a difference of a moment is gone.
            let reason = format!("{}; {}", wrong.fault(SHOWN), self.way_on());
            if stop.is_asked() || !self.block_by_comparison(&reason).await? {
                return Ok(None);
            }
            self.fire_divergence(&verification).await?;
            return Ok(Some(Outcome::Held(BackfillState::Blocked, Some(reason))));
        }
        let began = Instant::now();
        let asked = self.asking;
        let (Some(mover), mut job) = self.parts() else {
            return Ok(None);
        };
        // Nobody can say meanwhile that the worker is there: it takes what the queries took when they took too long.
        job.lease += asked * 2;
        if !mover.begin_comparison(&job).await? {
            return Ok(None);
        }
        let answer = queries(&mut **mover, &job, stop).await?;
        self.asking = began.elapsed();
        match answer {
            Ok(check) => verification.checks.extend(check),
            Err(error) => {
                if stop.is_asked() || !self.block_by_comparison(&error.to_string()).await? {
                    return Ok(None);
                }
                return Ok(Some(Outcome::Blocked(error)));
            }
        }
        let otherwise = self.moved_otherwise().await?;
        if otherwise > 0 && !verification.says_what_is_right() {
            let reason = format!(
                "{otherwise} rows were moved by another text of its file, and nothing looks at what became of them: add a \
                 verify section to the file and `resume`, or {}",
                self.way_on()
            );
            return Ok(match self.block_by_comparison(&reason).await? {
                true => Some(Outcome::Held(BackfillState::Blocked, Some(reason))),
                false => None,
            });
        }
        let mut report = Vec::new();
        if self.code.is_some() {
            report.push("every row transformed, 0 set aside".to_owned());
        }
        report.push(verification.to_string());
        if otherwise > 0 {
            report.push(format!(
                "{otherwise} rows were visited by another text of the file"
            ));
        }
        let report = report.join("; ");
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        mover.keep_report(&job, &report).await?;
        if self.is_applied().await? {
            // It was verified before, and moved once more because a person wanted that.
            self.connect().await?;
            if let (Some(mover), job) = self.parts() {
                let from = [BackfillState::Verifying];
                mover.turn_own(&job, &from, BackfillState::Verified, None).await?;
            }
        } else if !self.complete().await? {
            return Ok(None);
        }
        self.migrator.session.observer.event(&Event::Verified {
            version: self.migration.version,
            report,
        });
        Ok(Some(Outcome::Verified))
    }

    /// How many rows were visited before the text of this worker took over from another one.
    async fn moved_otherwise(&mut self) -> Result<u64, Stumble> {
        let (version, attempt) = (self.migration.version, self.attempt);
        self.connect().await?;
        let Some(mover) = self.mover.as_mut() else {
            return Ok(0);
        };
        let status = mover.status(version, attempt).await?;
        Ok(status.map_or(0, |status| status.moved_otherwise))
    }

    /// Rows that could not be moved keep the data from being right.
    async fn check_rows_set_aside(&mut self) -> Result<Option<Outcome>, Stumble> {
        let (version, attempt) = (self.migration.version, self.attempt);
        let Some(mover) = self.mover.as_mut() else {
            return Ok(None);
        };
        let status = mover.status(version, attempt).await?;
        let what = match status.map_or(0, |status| status.failures) {
            0 => return Ok(None),
            1 => "1 row could not be moved".to_owned(),
            many => format!("{many} rows could not be moved"),
        };
        self.block_for_rows_set_aside(what).await.map(Some)
    }

    /// Looks at every row; `None` where the worker has to stop, or lost it.
    async fn look_at_all(&mut self) -> Result<Option<Verification>, Stumble> {
        let stop = self.stop;
        let mut walk = Walk::new();
        loop {
            if stop.is_asked() {
                return Ok(None);
            }
            let (Some(mover), job) = self.parts() else {
                return Ok(None);
            };
            if !mover.begin_comparison(&job).await? {
                return Ok(None);
            }
            self.trying = Some(Instant::now());
            let (Some(mover), job) = self.parts() else {
                return Ok(None);
            };
            if !walk.step(&mut **mover, &job, stop).await? {
                let found = walk.end(&mut **mover, &job, stop).await?;
                self.trying = None;
                return Ok(Some(found));
            }
        }
    }

    /// What a person does about rows that differ.
    pub(super) fn way_on(&self) -> String {
        way_on(self.migration, self.migrator.set.dialect)
    }

    /// Marks the backfill as blocked by what this worker's comparison found; `false` where it is not its any more.
    async fn block_by_comparison(&mut self, reason: &str) -> Result<bool, Stumble> {
        let (Some(mover), job) = self.parts() else {
            return Ok(false);
        };
        mover.block_comparison(&job, reason).await
    }

    /// Records the migration as applied, under the migration lock. `false` where the comparison is not this worker's any
    /// more.
    async fn complete(&mut self) -> Result<bool, Stumble> {
        // The mover's connection may be the only one.
        self.lend().await?;
        let Some(locked) = self.lock_and_hold().await? else {
            return Ok(false);
        };
        self.complete_locked(locked).await.map_err(stumbled)
    }

    /// Waits for the migration lock, and says meanwhile that the comparison is this worker's; `None` where it is not.
    async fn lock_and_hold(&mut self) -> Result<Option<Locked>, Stumble> {
        let migrator = self.migrator;
        let mut lock = pin!(migrator.lock(false));
        loop {
            if let Either::Left((locked, _)) =
                select(lock.as_mut(), Delay::new(migrator.work.lease / 3)).await
            {
                return locked.map(Some).map_err(stumbled);
            }
            if let (Some(mover), job) = self.parts()
                && !mover.begin_comparison(&job).await?
            {
                return Ok(None);
            }
        }
    }

    async fn complete_locked(&mut self, locked: Locked) -> Result<bool, Error> {
        let mut session = match locked {
            Locked::Session(session) => session,
            Locked::DoneByAnother => return Ok(true),
        };
        let history = session.read_history().await?;
        let mut completed = history.is_applied(self.migration.version);
        if !completed {
            completed = session
                .complete_backfill(self.migration, &history, &self.worker)
                .await?;
            session.settle().await?;
        }
        session.close().await?;
        Ok(completed)
    }
}

/// What a person does about rows that differ, with the commands as they are typed.
pub(in crate::migrator) fn way_on(migration: &Migration, dialect: Dialect) -> String {
    let version = migration.version;
    let batched = migration
        .backfill
        .as_ref()
        .and_then(|backfill| backfill.batched.as_ref());
    if batched.is_some_and(|batched| in_place(batched, dialect).is_some()) {
        return format!(
            "what it assigns is computed from what is there, and moving a row again would do that twice: mend these rows by hand, \
             then `resume` (`migrate backfill resume {version}`)"
        );
    }
    let rerun = format!("`rerun` (`migrate backfill rerun {version}`)");
    match batched.is_some_and(|batched| batched.inserts) {
        true => format!(
            "`repair_rows` (`migrate backfill repair {version}`) repairs single rows; {rerun} copies every row once more: where \
             the INSERT does not pass over rows that are there, empty the other table first"
        ),
        false => format!("{rerun} moves all rows again"),
    }
}

fn stumbled(error: Error) -> Stumble {
    match error.is_connection() {
        true => Stumble::Connection(error),
        false => Stumble::Fatal(error),
    }
}

/// The states from which a person's word lets a backfill go on.
pub(super) const HELD: [BackfillState; 3] = [
    BackfillState::Paused,
    BackfillState::Blocked,
    BackfillState::Cancelled,
];
