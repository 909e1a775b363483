//! The end of a backfill: what came out is compared, and the migration is recorded as applied.

use super::crew::{Crew, Outcome};
use crate::backfill::BackfillState;
use crate::database::mover::Stumble;
use crate::error::Error;
use crate::migrator::Event;
use crate::migrator::verify::{Verification, Walk, queries};
use crate::migrator::work::Locked;

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
        if let Some(wrong) = verification.checks.iter().find(|check| !check.is_right()) {
            let reason = format!("{}; `rerun` moves them again", wrong.fault(SHOWN));
            let (outcome, turned) = self.block_once(reason).await?;
            if turned {
                self.fire_divergence(&verification).await?;
            }
            return Ok(Some(outcome));
        }
        let stop = self.stop;
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        match queries(&mut **mover, &job, stop).await? {
            Ok(check) => verification.checks.extend(check),
            Err(error) => {
                let told = error.to_string();
                self.block(told).await?;
                return Ok(Some(Outcome::Blocked(error)));
            }
        }
        let mut report = Vec::new();
        if self.code.is_some() {
            report.push("every row transformed, 0 set aside".to_owned());
        }
        if !verification.checks.is_empty() {
            report.push(verification.to_string());
        }
        let report = report.join("; ");
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        mover.keep_report(&job, &report).await?;
        if self.is_applied().await? {
            // It was verified before, and moved once more because a person wanted that.
            self.connect().await?;
            if let Some(mover) = self.mover.as_mut() {
                let (version, attempt) = (self.migration.version, self.attempt);
                let from = [BackfillState::Verifying];
                mover
                    .turn(version, attempt, &from, BackfillState::Verified, None)
                    .await?;
            }
        } else {
            self.complete().await?;
        }
        self.migrator.session.observer.event(&Event::Verified {
            version: self.migration.version,
            report,
        });
        Ok(Some(Outcome::Verified))
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
        let mut walk = Walk::new(self.progress.estimate);
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
            if !walk.step(&mut **mover, &job, stop).await? {
                return walk.end(&mut **mover, &job, stop).await.map(Some);
            }
        }
    }

    /// Records the migration as applied, under the migration lock.
    async fn complete(&mut self) -> Result<(), Stumble> {
        // The mover's connection may be the only one.
        self.lend().await?;
        let completed = self.complete_locked().await;
        completed.map_err(|error| match error.is_connection() {
            true => Stumble::Connection(error),
            false => Stumble::Fatal(error),
        })
    }

    async fn complete_locked(&mut self) -> Result<(), Error> {
        let mut session = match self.migrator.lock(false).await? {
            Locked::Session(session) => session,
            Locked::DoneByAnother => return Ok(()),
        };
        let history = session.read_history().await?;
        if !history.is_applied(self.migration.version) {
            session.complete_backfill(self.migration, &history).await?;
            session.settle().await?;
        }
        session.close().await
    }
}

/// The states from which a person's word lets a backfill go on.
pub(super) const HELD: [BackfillState; 3] = [
    BackfillState::Paused,
    BackfillState::Blocked,
    BackfillState::Cancelled,
];
