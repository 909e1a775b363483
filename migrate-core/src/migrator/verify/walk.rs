//! Looking at moved data from the first row to the last, some thousand rows at a time.

use std::collections::HashMap;
use std::time::Duration;

use super::check::{Check, CheckKind, Verification};
use crate::database::mover::{Compared, Differs, How, Job, Mover, Stumble};
use crate::migrator::worker::Stop;

/// How many rows are compared at once.
const ROWS: u64 = 20_000;
/// How few, where the time-out of a batch is not enough for more.
const FEWEST_ROWS: u64 = 100;
/// How many random rows are read, spread over the whole table.
const SAMPLE: u64 = 1_000;
/// How long a row that differs may take to become right: what is written just now is seen in part.
const AGAIN: Duration = Duration::from_millis(500);
/// How often it is looked at while its source stays as it is.
const LOOKS: u32 = 3;
/// How often at most. A row whose source is written all the while is left to the next comparison.
const MOST_LOOKS: u32 = 8;
/// How many keys of rows that differ are kept.
const KEPT: usize = 100;

/// How far a look at moved data is.
pub(in crate::migrator) struct Walk {
    /// How many are compared at once.
    rows: u64,
    after: Option<String>,
    /// How rows are compared, once that is known.
    how: Option<How>,
    all: Tally,
    sample: Tally,
}

#[derive(Default)]
struct Tally {
    looked: u64,
    differ: u64,
    more: u64,
    keys: Vec<String>,
}

impl Tally {
    fn add(&mut self, looked: u64, wrong: &[String], mover: &mut dyn Mover) {
        self.looked += looked;
        self.differ += wrong.len() as u64;
        let room = KEPT.saturating_sub(self.keys.len());
        self.keys
            .extend(wrong.iter().take(room).map(|key| mover.shown(key)));
    }

    fn check(self, kind: CheckKind) -> Check {
        Check::of_rows(kind, self.looked, self.differ, self.more, self.keys)
    }
}

impl Walk {
    /// One that begins at the first row.
    pub(in crate::migrator) fn new() -> Self {
        Self {
            rows: ROWS,
            after: None,
            how: None,
            all: Tally::default(),
            sample: Tally::default(),
        }
    }

    /// Looks at the next rows. `false` behind the last one, and where nothing says what is right.
    pub(in crate::migrator) async fn step(
        &mut self,
        mover: &mut dyn Mover,
        job: &Job<'_>,
        stop: &Stop,
    ) -> Result<bool, Stumble> {
        let share = share(self.all.looked, self.rows);
        let compared = match mover.compare(job, self.after.as_deref(), self.rows, share).await {
            // Too many for their time, or in the way of somebody's lock.
            Err(Stumble::Locked(_)) if self.rows > FEWEST_ROWS => {
                self.rows /= 4;
                return Ok(true);
            }
            compared => compared?,
        };
        let Some(Compared {
            how,
            upto,
            rows,
            divergent,
            more,
            sampled,
            wrong_in_sample,
        }) = compared
        else {
            return Ok(false);
        };
        self.how = Some(how);
        let divergent = still(mover, job, stop, divergent, false).await?;
        // What was being written is right by now, and behind it are others that nobody looked at again.
        if divergent.is_empty() && more > 0 && self.rows > FEWEST_ROWS && !stop.is_asked() {
            self.rows = (self.rows / 4).max(FEWEST_ROWS);
            return Ok(true);
        }
        self.all.add(rows, &divergent, mover);
        self.all.more += more;
        let wrong = still(mover, job, stop, wrong_in_sample, true).await?;
        self.sample.add(sampled, &wrong, mover);
        self.after = upto;
        Ok(self.after.is_some())
    }

    /// What was found, once it is at its end, with the counts of both sides.
    pub(in crate::migrator) async fn end(
        self,
        mover: &mut dyn Mover,
        job: &Job<'_>,
        stop: &Stop,
    ) -> Result<Verification, Stumble> {
        let mut checks = Vec::new();
        if let Some(how) = self.how {
            let kind = match how {
                How::Assigned => CheckKind::Comparison,
                How::Checksums => CheckKind::Checksums,
                How::Code => CheckKind::Code,
            };
            checks.push(self.all.check(kind));
        }
        checks.extend(counts(mover, job, stop).await?);
        if self.sample.looked > 0 {
            checks.push(self.sample.check(CheckKind::Sample));
        }
        Ok(Verification { checks, help: None })
    }
}

/// How many random rows to read of the next `rows`, behind `looked` ones: their share, if the table ended with them. How
/// many there are in all is known to nobody; what a database estimates may be years old. So the first ones have some
/// more than their share, no row has less than that, and ten million rows take a sample seven times as large.
fn share(looked: u64, rows: u64) -> u32 {
    (SAMPLE * rows).div_ceil((looked + rows).max(1)).min(SAMPLE) as u32
}

/// Those of the rows that differ while their source stays as it is. What an application writes to both sides one behind
/// the other differs in between, and a row that is written often would be seen there each time.
async fn still(
    mover: &mut dyn Mover,
    job: &Job<'_>,
    stop: &Stop,
    mut keys: Vec<String>,
    in_sample: bool,
) -> Result<Vec<String>, Stumble> {
    let mut seen: HashMap<String, (String, u32)> = HashMap::new();
    let mut differ = Vec::new();
    for _ in 0..MOST_LOOKS {
        if keys.is_empty() {
            break;
        }
        stop.wait(AGAIN).await;
        let found = mover.recheck(job, &keys, in_sample).await?;
        keys.clear();
        for Differs { key, source } in found {
            let (before, looks) = seen.entry(key.clone()).or_default();
            if *before != source {
                (*before, *looks) = (source, 0);
            }
            *looks += 1;
            match *looks >= LOOKS {
                true => differ.push(key),
                false => keys.push(key),
            }
        }
    }
    differ.sort_unstable();
    Ok(differ)
}

async fn counts(mover: &mut dyn Mover, job: &Job<'_>, stop: &Stop) -> Result<Option<Check>, Stumble> {
    let mut looks = 0;
    loop {
        let Some(counted) = mover.count_sides(job).await? else {
            return Ok(None);
        };
        let (source, target, table) = (counted.source, counted.target, counted.table);
        looks += 1;
        let own = target.saturating_sub(counted.kept);
        let differ = match counted.may_be_more {
            true => source.saturating_sub(own),
            false => source.abs_diff(own),
        };
        if differ > 0 && looks < LOOKS {
            stop.wait(AGAIN).await;
            continue;
        }
        return Ok(Some(Check {
            kind: CheckKind::Counts,
            looked: source,
            differ,
            more: 0,
            keys: Vec::new(),
            finding: match source == target {
                true => format!("{source} rows on both sides"),
                false if counted.kept > 0 => format!(
                    "{source} rows are selected, and `{table}` has {target}, {} of them because triggers keep both sides equal",
                    counted.kept
                ),
                false if differ == 0 => {
                    format!("{source} rows are selected, and `{table}` has {target}, others among them")
                }
                false => format!("{source} rows are selected, and `{table}` has {target}"),
            },
        }));
    }
}

/// The check of verify queries that answered, or of the one that did not answer as expected. `None` where there are none.
pub(in crate::migrator) async fn queries(
    mover: &mut dyn Mover,
    job: &Job<'_>,
    stop: &Stop,
) -> Result<Result<Option<Check>, crate::Error>, Stumble> {
    let mut looks = 0;
    loop {
        looks += 1;
        match mover.ask_verify(job).await {
            Ok(0) => return Ok(Ok(None)),
            Ok(asked) => {
                let plural = if asked == 1 {
                    "query answers"
                } else {
                    "queries answer"
                };
                return Ok(Ok(Some(Check {
                    kind: CheckKind::Queries,
                    looked: asked.into(),
                    differ: 0,
                    more: 0,
                    keys: Vec::new(),
                    finding: format!("{asked} verify {plural} as expected"),
                })));
            }
            // The answer may be one of a moment.
            Err(Stumble::Fatal(error)) if error.is_verification() && looks < LOOKS => stop.wait(AGAIN).await,
            Err(Stumble::Fatal(error)) => return Ok(Err(error)),
            Err(stumble) => return Err(stumble),
        }
    }
}

/// The check of a verify query that did not answer as expected.
pub(in crate::migrator) fn unexpected(error: &crate::Error, job: &Job<'_>) -> Check {
    Check {
        kind: CheckKind::Queries,
        looked: job.migration.verify.len() as u64,
        differ: 1,
        more: 0,
        keys: Vec::new(),
        finding: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_a_thousand_rows_of_any_table() {
        // How many rows there are, and how many are compared at once in the end, after time-outs.
        for (all, chunk) in [
            (1, ROWS),
            (100, ROWS),
            (1_000, ROWS),
            (1_000, FEWEST_ROWS),
            (20_001, ROWS),
            (1_000_000, ROWS),
            (1_000_000, ROWS / 16),
            (10_000_000, ROWS),
        ] {
            let (mut looked, mut sampled) = (0, 0);
            while looked < all {
                let rows = chunk.min(all - looked);
                // A chunk cannot have more random rows than rows, and who asks does not know that it is the last one.
                let read = u64::from(share(looked, chunk)).min(rows);
                let least = SAMPLE.min(all) * rows / all;
                assert!(
                    read >= least,
                    "{all} by {chunk}: {read} of {rows} behind {looked}"
                );
                looked += rows;
                sampled += read;
            }
            assert!(sampled >= SAMPLE.min(all), "{all} by {chunk}: {sampled}");
            assert!(sampled <= 12 * SAMPLE, "{all} by {chunk}: {sampled}");
        }
    }
}
