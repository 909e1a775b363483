//! Repairing single rows of a copy, because a person wants that.

mod care;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::crew::{Crew, LOOK, Outcome, Patience};
use super::meter::Trouble;
use super::{Stop, is_under_way};
use crate::backfill::BackfillState;
use crate::change::Occurrence;
use crate::database::mover::{Became, CopiedTables, Found, Seen, Stumble};
use crate::error::{Error, Kind};
use crate::migrator::Migrator;
use crate::migrator::row_repair::{RowKind, RowRepair, RowRepairPlan};
use crate::model::{Migration, Version};

/// How many rows of the source are looked at at once, and how few, where the time-out is not enough for more.
const ROWS: u64 = 20_000;
const FEWEST_ROWS: u64 = 100;
/// How many keys are looked at together, because each look takes its time, and how many rows are written together at most.
const SETTLED: usize = 2_000;
const TOGETHER: usize = 200;
/// How often, and how long apart, a row is looked at before it counts as it was seen: whoever writes both sides one
/// behind the other is seen in between, and must not find the row there when it comes to insert it.
const LOOKS: u32 = 3;
const MOST_LOOKS: u32 = 8;
const AGAIN: Duration = Duration::from_millis(500);

impl Migrator {
    /// What [`repair_rows`](Self::repair_rows) would do: which rows of a copy (`INSERT … SELECT`) are not right, and what
    /// becomes of them. Each is looked at three times within a second. Writes nothing and takes no lock.
    ///
    /// # Errors
    ///
    /// [`Error::is_backfill`] where single rows cannot be repaired, with the reason and what to do instead: the statement
    /// copies the key of the visited table not at all, its target may have several rows of one key, it makes a value of
    /// several rows, it is an UPDATE; where not every row was visited; and where a contract of its change is begun. [`Error::is_unknown_version`], or if the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn repair_rows_plan(&self, version: Version) -> Result<RowRepairPlan, Error> {
        let stop = Stop::new();
        let (migration, crew) = self.repairing(version, &stop).await?;
        Ok(crew.run_repair(migration, false).await?.found)
    }

    /// Repairs the single rows of a copy (`INSERT … SELECT`) that are not right, without copying all of them once more:
    /// those that are missing are inserted by the statement of the file, and those that differ get the values that
    /// follow from their source, each only while both sides are as they were seen. A row that somebody wrote
    /// meanwhile is left alone. **Nothing is deleted**: rows that only the target has are counted and told.
    ///
    /// It works in batches of at most 200 rows, each a transaction, with the pauses, the throttle, the window and the time-outs of a
    /// backfill, and is the only one that repairs them: one that begins later takes the place of an earlier one. The data
    /// counts as not right meanwhile, so a contract waits. Afterwards all of it is compared once more, as after a backfill:
    /// only that opens the gate again. The [log](Self::events) has who began it (`steered`), and what it wrote (`repaired`).
    ///
    /// # Errors
    ///
    /// As [`repair_rows_plan`](Self::repair_rows_plan); [`Error::is_backfill`] as well where a person said something else to the
    /// backfill meanwhile, or something that would block a backfill does not pass; [`Error::is_lock_timeout`] where rows stay locked.
    ///
    /// # Cancellation
    ///
    /// Dropping the future undoes the batch that runs, and so does killing the process. What was committed stays, and the
    /// backfill stays blocked: the next call goes on with what is not right then, at once.
    pub async fn repair_rows(&self, version: Version) -> Result<RowRepair, Error> {
        let stop = Stop::new();
        let (migration, crew) = self.repairing(version, &stop).await?;
        let mut repair = crew.run_repair(migration, true).await?;
        self.compare_repaired(migration, &stop, &mut repair).await?;
        Ok(repair)
    }

    async fn repairing<'a>(
        &'a self,
        version: Version,
        stop: &'a Stop,
    ) -> Result<(&'a Migration, Crew<'a>), Error> {
        self.check_names()?;
        self.check_known(version)?;
        let history = self.driver.read_history(&self.namespace).await?;
        let Some(migration) = self.set.get(version) else {
            let message = format!("the set has no migration {version}");
            return Err(Error::new(Kind::UnknownVersion, message));
        };
        self.check_both_shapes(migration, &history)?;
        let attempt = history
            .get(version)
            .map_or_else(|| history.next_attempt(version), |row| row.attempt);
        let code = self.code_of(migration)?;
        Ok((migration, Crew::new(self, migration, code, attempt, stop)))
    }

    /// Compares everything, where that is this process's to do; else a worker does.
    async fn compare_repaired(
        &self,
        migration: &Migration,
        stop: &Stop,
        repair: &mut RowRepair,
    ) -> Result<(), Error> {
        let history = self.driver.read_history(&self.namespace).await?;
        let is_applied = history.is_applied(migration.version);
        if is_applied || self.to_be_moved().await?.0.contains(&migration.version) {
            match self.move_data(migration, stop, Patience::ToTheEnd).await? {
                Outcome::Blocked(error) => repair.reason = Some(error.to_string()),
                Outcome::Verified
                | Outcome::Held(..)
                | Outcome::Stopped
                | Outcome::Yielded
                | Outcome::Waiting => {}
            }
        }
        self.write_down().await?;
        if let Some(status) = self.backfill(migration.version).await? {
            repair.state = status.state;
            repair.reason = status.reason.or_else(|| repair.reason.take());
            if is_under_way(repair.state) || repair.state == BackfillState::Verified {
                repair.reason = None;
            }
        }
        Ok(())
    }
}

/// How far a repair is.
struct Round {
    writes: bool,
    /// How many rows are looked at at once.
    rows: u64,
    after: Option<String>,
    /// Whether the last rows were looked at.
    ends: bool,
    /// Keys that were not the same on both sides, and are not settled.
    keys: VecDeque<String>,
    /// Rows that are to be written, as they were seen.
    settled: VecDeque<Seen>,
    /// When the load was looked at.
    looked: Option<Instant>,
    repair: RowRepair,
}

impl Round {
    /// What was seen of rows may be another one by now.
    fn look_again(&mut self) {
        for seen in self.settled.drain(..).rev() {
            self.keys.push_front(seen.key);
        }
    }
}

impl Crew<'_> {
    /// Looks at every row, and writes those that are not right where `writes`.
    async fn run_repair(mut self, migration: &Migration, writes: bool) -> Result<RowRepair, Error> {
        let repaired = self.repair(migration, writes).await;
        let closed = match self.mover.take() {
            Some(mover) => mover.close().await,
            None => Ok(()),
        };
        let repaired = repaired?;
        closed?;
        Ok(repaired)
    }

    async fn repair(&mut self, migration: &Migration, writes: bool) -> Result<RowRepair, Error> {
        let tables = loop {
            match self.begin_repair(migration, writes).await {
                Ok(tables) => break tables,
                // Another one that repairs them may be in the middle of a batch.
                Err(stumble) => self.recover_repair(stumble, None).await?,
            }
        };
        let mut round = Round {
            writes,
            rows: ROWS,
            after: None,
            ends: false,
            keys: VecDeque::new(),
            settled: VecDeque::new(),
            looked: None,
            repair: RowRepair::new(RowRepairPlan::new(migration.version, tables)),
        };
        loop {
            match self.repair_step(&mut round).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(stumble) => self.recover_repair(stumble, Some(&mut round)).await?,
            }
        }
        if writes {
            loop {
                match self.end_repair(&round.repair).await {
                    Ok(()) => break,
                    Err(stumble) => self.recover_repair(stumble, Some(&mut round)).await?,
                }
            }
        }
        Ok(round.repair)
    }

    /// Makes sure that single rows can be repaired, and takes the repair.
    async fn begin_repair(&mut self, migration: &Migration, writes: bool) -> Result<CopiedTables, Stumble> {
        let refused = |why: String| {
            let message = format!("single rows of {migration} cannot be repaired: {why}");
            Stumble::Fatal(Error::new(Kind::Backfill, message).migration(migration))
        };
        self.connect().await?;
        let said = self.migrator.entry(
            &migration.change_name(),
            Some(migration.version),
            Occurrence::Steered,
            vec![("by".to_owned(), "repair".to_owned())],
        );
        let (version, attempt) = (self.migration.version, self.attempt);
        let (Some(mover), job) = self.parts() else {
            return Err(refused("there is no connection".to_owned()));
        };
        let status = mover.status(version, attempt).await?;
        let tables = mover.repairable(&job).await?.map_err(refused)?;
        if writes {
            mover.begin_repair(&job, said).await?.map_err(refused)?;
        }
        if let Some(status) = status {
            self.learn(&status);
            self.progress.visited_before = 0;
        }
        Ok(tables)
    }

    /// Looks at the next rows, or does the next of those that are not right. `false` where nothing is left.
    async fn repair_step(&mut self, round: &mut Round) -> Result<bool, Stumble> {
        if round.looked.is_none_or(|looked| looked.elapsed() >= LOOK) {
            self.wait_for_care(round.writes).await?;
            round.looked = Some(Instant::now());
        }
        self.connect().await?;
        if !round.settled.is_empty() {
            return self.write_settled(round).await.map(|()| true);
        }
        if !round.keys.is_empty() {
            return self.settle_next(round).await.map(|()| true);
        }
        if round.ends {
            return Ok(false);
        }
        let (Some(mover), job) = self.parts() else {
            return Ok(false);
        };
        let found = mover.find_apart(&job, round.after.as_deref(), round.rows).await?;
        self.trouble = Trouble::new();
        let Found { upto, rows, keys } = found;
        round.repair.found.looked += rows;
        round.ends = upto.is_none();
        round.after = upto;
        round.keys = keys.into();
        self.tell(u32::try_from(rows).unwrap_or(u32::MAX));
        Ok(true)
    }

    /// Counts the next of the rows that are not the same on both sides, and keeps those that are to be written.
    async fn settle_next(&mut self, round: &mut Round) -> Result<(), Stumble> {
        let keys: Vec<String> = round.keys.iter().take(SETTLED).cloned().collect();
        let (settled, busy) = self.settle(&keys).await?;
        round.keys.drain(..keys.len());
        let Some(mover) = self.mover.as_mut() else {
            return Ok(());
        };
        for key in busy {
            round.repair.found.busy.add(mover.shown(&key));
        }
        for seen in settled {
            let kind = RowKind::of(&seen);
            match round.writes && kind.is_written() {
                true => round.settled.push_back(seen),
                false => round.repair.found.add(kind, mover.shown(&seen.key)),
            }
        }
        Ok(())
    }

    /// Writes the next of the rows that are settled, and counts them.
    async fn write_settled(&mut self, round: &mut Round) -> Result<(), Stumble> {
        let together = TOGETHER.min(self.pace.rows() as usize).max(1);
        let rows: Vec<Seen> = round.settled.iter().take(together).cloned().collect();
        let started = Instant::now();
        self.trying = Some(started);
        let (Some(mover), job) = self.parts() else {
            return Ok(());
        };
        mover.spent();
        let became = mover.repair(&job, &rows).await?;
        let spent = mover.spent();
        self.trying = None;
        // Looking at rows again is no sign that they can be written.
        self.trouble = Trouble::new();
        let (Some(mover), _) = self.parts() else {
            return Ok(());
        };
        round.settled.drain(..rows.len());
        let count = rows.len() as u32;
        let repair = &mut round.repair;
        for (seen, became) in rows.into_iter().zip(became) {
            let shown = mover.shown(&seen.key);
            match became {
                Became::Inserted => repair.inserted += 1,
                Became::Updated => repair.updated += 1,
                Became::Left => repair.left.add(shown.clone()),
                Became::Refused(why) => repair.refuse(shown.clone(), why),
            }
            repair.found.add(RowKind::of(&seen), shown);
        }
        let took = started.elapsed().saturating_sub(spent.waited);
        self.pace.took(count, took, spent);
        self.rest(self.pace.pause(took)).await
    }

    /// Those of these rows that stay as they are, and not the same on both sides, while they are looked at; and those that
    /// somebody wrote all the while.
    async fn settle(&mut self, keys: &[String]) -> Result<(Vec<Seen>, Vec<String>), Stumble> {
        let mut settled = Vec::new();
        let mut before: HashMap<String, (Seen, u32)> = HashMap::new();
        let mut keys = keys.to_vec();
        for look in 0..MOST_LOOKS {
            if keys.is_empty() {
                break;
            }
            if look > 0 {
                self.rest(AGAIN).await?;
            }
            self.connect().await?;
            let (Some(mover), job) = self.parts() else {
                break;
            };
            let seen = mover.look_at(&job, &keys).await?;
            keys.clear();
            for now in seen {
                let key = now.key.clone();
                let looks = match before.get(&key) {
                    Some((was, looks)) if *was == now => looks + 1,
                    _ => 1,
                };
                match looks >= LOOKS {
                    true => settled.push(now),
                    false => {
                        keys.push(key.clone());
                        before.insert(key, (now, looks));
                    }
                }
            }
        }
        Ok((settled, keys))
    }

    async fn end_repair(&mut self, repair: &RowRepair) -> Result<(), Stumble> {
        self.connect().await?;
        let found = &repair.found;
        let mut figures = vec![
            ("attempt".to_owned(), self.attempt.to_string()),
            ("source".to_owned(), found.source.clone()),
            ("target".to_owned(), found.target.clone()),
            ("looked".to_owned(), found.looked.to_string()),
        ];
        let counts = [
            ("missing", found.missing.count),
            ("inserted", repair.inserted),
            ("differing", found.differing.count),
            ("updated", repair.updated),
            ("left", repair.left.count),
            ("refused", repair.refused.count),
            ("extra", found.extra.count),
            ("several", found.several.count),
            ("busy", found.busy.count),
        ];
        figures.extend(counts.map(|(name, count)| (name.to_owned(), count.to_string())));
        if found.extra.count > 0 {
            figures.push(("extra-keys".to_owned(), found.extra.first()));
        }
        if repair.refused.count > 0 {
            figures.push(("refused-keys".to_owned(), repair.refused.first()));
        }
        let change = self.migration.change_name();
        let said = self.migrator.entry(
            &change,
            Some(self.migration.version),
            Occurrence::Repaired,
            figures,
        );
        let (Some(mover), job) = self.parts() else {
            return Ok(());
        };
        mover.end_repair(&job, said).await
    }
}
