//! The end of a backfill: what came out is compared, and the migration is recorded as applied.

use std::time::Duration;

use super::crew::{Crew, Outcome};
use crate::backfill::BackfillState;
use crate::database::mover::Stumble;
use crate::error::{Error, Kind};
use crate::migrator::Event;
use crate::migrator::work::Locked;

/// How many rows are compared at once.
const ROWS: u64 = 20_000;
/// How few, where the time-out of a batch is not enough for more.
const FEWEST_ROWS: u64 = 100;
/// How long a row that differs may take to become right: what is written just now is seen in part.
const AGAIN: Duration = Duration::from_millis(500);
/// How often it is looked at.
const LOOKS: u32 = 3;
/// How many keys stand in a message.
const SHOWN: usize = 10;

/// What a comparison found.
#[derive(Default)]
struct Found {
    rows: u64,
    divergent: Vec<String>,
    compared: bool,
    /// The key up to which it came.
    upto: Option<String>,
}

impl Crew<'_> {
    /// Compares everything; the comparison is this worker's.
    pub(super) async fn verify(&mut self) -> Result<Option<Outcome>, Stumble> {
        if self.code.is_some()
            && let Some(outcome) = self.check_rows_set_aside().await?
        {
            return Ok(Some(outcome));
        }
        let Some(found) = self.compare_all().await? else {
            return Ok(None);
        };
        if !found.divergent.is_empty() {
            let mut keys = Vec::new();
            if let Some(mover) = self.mover.as_mut() {
                keys.extend(found.divergent.iter().take(SHOWN).map(|key| mover.shown(key)));
            }
            let more = if found.divergent.len() > SHOWN {
                ", …"
            } else {
                ""
            };
            let reason = format!(
                "{} of {} rows are not right after the backfill: {}{more}; `rerun` moves them again",
                found.divergent.len(),
                found.rows,
                keys.join(", ")
            );
            return self.block(reason).await.map(Some);
        }
        let asked = match self.ask_verify().await? {
            Ok(asked) => asked,
            Err(error) => {
                let told = error.to_string();
                self.block(told).await?;
                return Ok(Some(Outcome::Blocked(error)));
            }
        };
        let mut report = Vec::new();
        if self.code.is_some() {
            report.push("every row transformed, 0 set aside".to_owned());
        }
        if found.compared {
            report.push(format!("{} rows compared, 0 differ", found.rows));
        }
        if asked > 0 {
            report.push(format!(
                "{asked} verify {} as expected",
                if asked == 1 {
                    "query answers"
                } else {
                    "queries answer"
                }
            ));
        }
        let report = report.join("; ");
        let (Some(mover), job) = self.parts() else {
            return Ok(None);
        };
        mover.keep_report(&job, &report).await?;
        self.complete().await?;
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

    /// Compares row by row; `None` where the worker has to stop, or lost it.
    async fn compare_all(&mut self) -> Result<Option<Found>, Stumble> {
        let mut found = Found::default();
        let mut rows = ROWS;
        loop {
            if self.stop.is_asked() {
                return Ok(None);
            }
            let (Some(mover), job) = self.parts() else {
                return Ok(None);
            };
            if !mover.begin_comparison(&job).await? {
                return Ok(None);
            }
            let compared = match mover.compare(&job, found.upto.as_deref(), rows).await {
                // Too many for their time, or in the way of somebody's lock.
                Err(Stumble::Locked(_)) if rows > FEWEST_ROWS => {
                    rows /= 4;
                    continue;
                }
                compared => compared?,
            };
            let Some(compared) = compared else {
                return Ok(Some(found));
            };
            found.compared = true;
            found.rows += compared.rows;
            let mut divergent = compared.divergent;
            for _ in 0..LOOKS {
                if divergent.is_empty() {
                    break;
                }
                self.stop.wait(AGAIN).await;
                let (Some(mover), job) = self.parts() else {
                    return Ok(None);
                };
                divergent = mover.recheck(&job, &divergent).await?;
            }
            found.divergent.extend(divergent);
            if compared.upto.is_none() {
                return Ok(Some(found));
            }
            found.upto = compared.upto;
        }
    }

    /// Asks the verify queries, again where the answer may be one of a moment.
    async fn ask_verify(&mut self) -> Result<Result<u32, Error>, Stumble> {
        let mut looks = 0;
        loop {
            looks += 1;
            let (Some(mover), job) = self.parts() else {
                return Err(Stumble::Fatal(Error::new(
                    Kind::Connection,
                    "the connection is gone",
                )));
            };
            match mover.ask_verify(&job).await {
                Ok(asked) => return Ok(Ok(asked)),
                Err(Stumble::Fatal(error)) if error.is_verification() && looks < LOOKS => {
                    self.stop.wait(AGAIN).await;
                }
                Err(Stumble::Fatal(error)) => return Ok(Err(error)),
                Err(stumble) => return Err(stumble),
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
