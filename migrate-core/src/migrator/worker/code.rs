//! Batches that Rust code moves.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use super::crew::{Crew, Outcome};
use crate::backfill::{Cell, Code};
use crate::database::mover::{Batch, Lease, Moved, Stumble, Transformed};

/// How many rows may be set aside, where neither the file nor a setting says.
const FAILURES: u32 = 100;
/// How many of them stand in a message.
const SHOWN: u32 = 5;

/// What is known of the rows that were set aside.
pub(super) struct SetAside {
    pub(super) count: u64,
    pub(super) limit: u64,
}

impl SetAside {
    pub(super) fn new(limit: Option<u32>) -> Self {
        Self {
            count: 0,
            limit: limit.unwrap_or(FAILURES).into(),
        }
    }

    pub(super) fn is_too_much(&self) -> bool {
        self.count > self.limit
    }
}

impl Crew<'_> {
    /// Moves the next rows of a part, by the statement of the file or by Rust code.
    pub(super) async fn advance(&mut self, lease: &mut Lease, rows: u32) -> Result<Moved, Stumble> {
        let code = self.code;
        let (Some(mover), job) = self.parts() else {
            return Ok(Moved::default());
        };
        let Some(code) = code else {
            return mover.advance(&job, lease, rows).await;
        };
        let batch = mover.read(&job, lease, rows).await?;
        let answers = self.transform(code, lease, &batch).await?;
        let started = Instant::now();
        self.connect().await?;
        let connecting = started.elapsed();
        let (Some(mover), job) = self.parts() else {
            return Ok(Moved::default());
        };
        let mut moved = mover.write(&job, lease, batch, answers).await?;
        moved.spent.waited += connecting;
        self.set_aside.count += u64::from(moved.failed);
        if self.set_aside.is_too_much() {
            self.looked = None;
        }
        Ok(moved)
    }

    /// Gives the rows to the code, one after the other, as many as there is time for; the others are read again.
    async fn transform(
        &mut self,
        code: Code,
        lease: &Lease,
        batch: &Batch,
    ) -> Result<Vec<Transformed>, Stumble> {
        let started = Instant::now();
        let time = self.migrator.work.batch_timeout;
        let mut answers: Vec<Transformed> = Vec::with_capacity(batch.rows.len());
        let mut failed = 0;
        for row in &batch.rows {
            let left = time.saturating_sub(started.elapsed());
            let is_first = answers.is_empty();
            if self.stop.is_asked() || (left.is_zero() && !is_first) {
                break;
            }
            self.lend().await?;
            let answer = match self.transform_row(code, lease, row.cells.clone(), left).await? {
                Some(answer) => answer,
                // One that has no time left because of the others has all of it in the next batch.
                None if self.stop.is_asked() || !is_first => break,
                None => Err(format!("no answer within {} s", time.as_secs_f64())),
            };
            failed += u64::from(answer.is_err());
            answers.push(answer);
            if self.set_aside.count + failed > self.set_aside.limit {
                break;
            }
        }
        Ok(answers)
    }

    /// What becomes of one row; `None` where there was no time for it. The part stays the worker's meanwhile.
    async fn transform_row(
        &mut self,
        code: Code,
        lease: &Lease,
        cells: Vec<Cell>,
        time: Duration,
    ) -> Result<Option<Transformed>, Stumble> {
        let started = Instant::now();
        let slice = self.migrator.work.lease / 3;
        let mut running = pin!(code.run(cells));
        loop {
            let left = time.saturating_sub(started.elapsed());
            let now = left.min(slice.saturating_sub(self.renewed.elapsed()));
            let waited = pin!(self.stop.wait(now));
            if let Either::Left((answer, _)) = select(running.as_mut(), waited).await {
                return Ok(Some(answer));
            }
            if self.stop.is_asked() || started.elapsed() >= time {
                return Ok(None);
            }
            if self.renewed.elapsed() >= slice {
                self.connect().await?;
                let (Some(mover), job) = self.parts() else {
                    return Ok(None);
                };
                mover.renew(&job, lease).await?;
                self.renewed = Instant::now();
                self.lend().await?;
            }
        }
    }

    /// Blocks it, with how many rows are set aside and why the first of them are.
    pub(super) async fn block_for_rows_set_aside(&mut self, what: String) -> Result<Outcome, Stumble> {
        let reason = self.reason_of_rows_set_aside(what).await?;
        self.block(reason).await
    }

    pub(super) async fn reason_of_rows_set_aside(&mut self, what: String) -> Result<String, Stumble> {
        let (version, attempt) = (self.migration.version, self.attempt);
        let mut first = Vec::new();
        if let Some(mover) = self.mover.as_mut() {
            let rows = mover.failed_rows(version, attempt, SHOWN + 1).await?;
            first.extend(
                rows.iter()
                    .take(SHOWN as usize)
                    .map(|row| format!("{} ({})", row.key, row.reason)),
            );
            if rows.len() > SHOWN as usize {
                first.push("…".to_owned());
            }
        }
        Ok(format!(
            "{what}: {}; mend these rows or the code, then `rerun` (`migrate backfill rerun {version}`) tries them again",
            first.join(", ")
        ))
    }
}
