//! What a person says to backfills.

use super::verification::{HELD, way_on};
use crate::backfill::{
    BackfillRate, BackfillSettings, BackfillState, BackfillStatus, FailedRow, of_another_text,
};
use crate::change::{LogEntry, Occurrence};
use crate::database::mover::{Ahead, Mover};
use crate::error::{Error, Kind};
use crate::migrator::Migrator;
use crate::model::{Migration, Version};

const GOING: [BackfillState; 2] = [BackfillState::Moving, BackfillState::Verifying];

impl Migrator {
    /// How far the backfill of a migration is; `None` where none has begun.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`], or if the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn backfill(&self, version: Version) -> Result<Option<BackfillStatus>, Error> {
        let (mut mover, attempt) = self.open_mover(version).await?;
        let status = mover.status(version, attempt).await;
        mover.close().await?;
        let seen = status?.map(|status| match self.set.get(version) {
            Some(migration) => status.seen_with(migration),
            None => status,
        });
        Ok(seen.map(|status| self.with_waits(status)))
    }

    /// The same with what it waits for.
    pub(in crate::migrator) fn with_waits(&self, mut status: BackfillStatus) -> BackfillStatus {
        if status.state != BackfillState::Moving {
            return status;
        }
        let now = self.clock.now();
        let migration = self.set.get(status.version);
        let window = migration.and_then(|migration| migration.window);
        status.waits = match window.filter(|window| !window.is_open(now)) {
            Some(window) => Some(format!("its window {}", window.told(now))),
            None if status.workers.is_empty() => Some("a worker".to_owned()),
            None => None,
        };
        status
    }

    /// Pauses a backfill, on all instances: each stops behind its batch, within about half a second. One that has not
    /// begun does not begin before it is [resumed](Self::resume), so that it can be deployed held; its table and columns
    /// need not be there yet. The [log](Self::events) says who did that, how far it was and why, as of each call that
    /// steers a backfill.
    ///
    /// # Errors
    ///
    /// [`Error::is_backfill`] where it is over, or blocked or cancelled already, and where the database has no history of the
    /// set yet; and as [`backfill`](Self::backfill).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves it as it was, or as it is wanted: it is one transaction.
    pub async fn pause(&self, version: Version, reason: &str) -> Result<(), Error> {
        let turn = (&GOING[..], BackfillState::Paused);
        let said = self.steered("pause", version);
        match self.say_ahead(version, Ahead::Pause(reason), said).await? {
            true => Ok(()),
            false => self.turn("pause", version, turn, Some(reason)).await,
        }
    }

    /// Lets a backfill go on that is paused, blocked or cancelled, by the text of its file that this build has. Where rows
    /// were moved by another text, that is a takeover, also from workers that move rows just now: these lose their parts,
    /// a batch in their hands is undone, and they keep off from then on. Comments and the pace make no other text.
    ///
    /// # Errors
    ///
    /// As [`pause`](Self::pause).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves it as it was, or as it is wanted: it is one transaction.
    pub async fn resume(&self, version: Version) -> Result<(), Error> {
        let turn = (&HELD[..], BackfillState::Moving);
        self.turn("resume", version, turn, None).await
    }

    /// Gives a backfill up. What it moved stays; `resume` goes on with it.
    ///
    /// # Errors
    ///
    /// As [`pause`](Self::pause).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves it as it was, or as it is wanted: it is one transaction.
    pub async fn cancel(&self, version: Version, reason: &str) -> Result<(), Error> {
        let from = [
            BackfillState::Moving,
            BackfillState::Verifying,
            BackfillState::Paused,
            BackfillState::Blocked,
        ];
        let turn = (&from[..], BackfillState::Cancelled);
        self.turn("cancel", version, turn, Some(reason)).await
    }

    /// For a backfill that is blocked because rows are not right. Where Rust code set rows aside, these are tried again,
    /// and no others; else all rows are visited once more, up to the last one that there is by now. Nothing does this by
    /// itself.
    ///
    /// A backfill that is paused or cancelled begins again as well, and so does one that is verified, until its contract
    /// is begun; where it moves already, it goes on. A copy (`INSERT … SELECT`) copies every row once more: where its
    /// INSERT does not pass over rows that are there, empty the other table first; [`repair_rows`](Self::repair_rows) writes
    /// only rows that are not right.
    ///
    /// # Errors
    ///
    /// [`Error::is_backfill`] where none has begun, where it is verifying, or where a contract of its change is begun;
    /// and as [`backfill`](Self::backfill).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves it as it was, or begun again: it is one transaction.
    pub async fn rerun(&self, version: Version) -> Result<(), Error> {
        let (mut mover, attempt) = self.open_mover(version).await?;
        let result = self.restart(&mut *mover, version, attempt).await;
        mover.close().await?;
        match result? {
            true => Ok(()),
            false => self.told_state(version, BackfillState::Moving).await,
        }
    }

    async fn restart(&self, mover: &mut dyn Mover, version: Version, attempt: u32) -> Result<bool, Error> {
        let Some(migration) = self.set.get(version) else {
            return Ok(false);
        };
        if mover.status(version, attempt).await?.is_none() {
            return Ok(false);
        }
        let history = self.driver.read_history(&self.namespace).await?;
        self.check_both_shapes(migration, &history)?;
        let syncs = self.syncs_of(migration);
        let job = self.job(migration, attempt, &syncs, &self.session.instance)?;
        let said = self.steered("rerun", version);
        Ok(mover.restart(&job, said).await?)
    }

    /// Rows that the Rust code of a backfill could not move, those that failed first at the front, at most so many.
    ///
    /// # Errors
    ///
    /// As [`backfill`](Self::backfill).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn failed_rows(&self, version: Version, limit: u32) -> Result<Vec<FailedRow>, Error> {
        let (mut mover, attempt) = self.open_mover(version).await?;
        let rows = mover.failed_rows(version, attempt, limit).await;
        mover.close().await?;
        Ok(rows?)
    }

    /// How fast the backfills of this set moved rows, the newest figures first, at most so many: those of about ten
    /// seconds each, by all workers. The newest 1,000 are kept, also of migrations that this build does not embed.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn backfill_rates(&self, limit: u32) -> Result<Vec<BackfillRate>, Error> {
        self.check_names()?;
        let mut mover = self.mover(&self.session).await?;
        let rates = mover.rates(limit).await;
        mover.close().await?;
        Ok(rates?)
    }

    /// Sets what holds over what the file says, while it runs or before it begins. Workers see it within about half a
    /// second.
    ///
    /// # Errors
    ///
    /// [`Error::is_backfill`] where no data of it is moved in batches on this database, or it has no history of the set yet;
    /// and as [`backfill`](Self::backfill).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves it as it was, or as it is wanted: it is one transaction.
    pub async fn configure(&self, version: Version, settings: BackfillSettings) -> Result<(), Error> {
        let said = self.steered("configure", version);
        if self.say_ahead(version, Ahead::Set(&settings), said).await? {
            return Ok(());
        }
        let (mut mover, attempt) = self.open_mover(version).await?;
        let said = self.steered("configure", version);
        let set = mover.set(version, attempt, &settings, said).await;
        mover.close().await?;
        match set? {
            true => Ok(()),
            false => Err(self.not_begun(version).await),
        }
    }

    /// Says it to a backfill that has not begun; `false` where one has, or where none is going to begin: what is applied, or
    /// not in use yet, has its rows already, or gets them straight through.
    async fn say_ahead(&self, version: Version, ahead: Ahead<'_>, said: LogEntry) -> Result<bool, Error> {
        let history = self.driver.read_history(&self.namespace).await?;
        let moves = self.set.get(version).is_some_and(|one| one.backfill.is_some());
        if !moves || !history.present || history.fresh || history.get(version).is_some() {
            return Ok(false);
        }
        let (mut mover, attempt) = self.open_mover(version).await?;
        let said = match mover.status(version, attempt).await {
            Ok(None) => mover.ahead(version, attempt, ahead, said).await,
            known => known.map(|_| false),
        };
        mover.close().await?;
        Ok(said?)
    }

    /// Turns a backfill that is in one of the states of `turn` into the other one.
    async fn turn(
        &self,
        by: &str,
        version: Version,
        turn: (&[BackfillState], BackfillState),
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let (from, to) = turn;
        let (mut mover, attempt) = self.open_mover(version).await?;
        let said = self.steered(by, version);
        // Who lets it go on says by which text.
        let migration = self.set.get(version).filter(|_| to == BackfillState::Moving);
        let moves = migration.map(Migration::moves);
        let turned = mover
            .steer(version, attempt, from, (to, reason), moves, said)
            .await;
        mover.close().await?;
        match turned? {
            true => Ok(()),
            false => self.told_state(version, to).await,
        }
    }

    /// What the log says of a command of a person; the database adds how the backfill was before.
    fn steered(&self, by: &str, version: Version) -> LogEntry {
        let migration = self.set.get(version);
        let change = migration.map(|migration| migration.change_name().into_owned());
        let figures = vec![("by".to_owned(), by.to_owned())];
        self.entry(
            &change.unwrap_or_default(),
            Some(version),
            Occurrence::Steered,
            figures,
        )
    }

    /// Why a backfill could not be turned; nothing where it is as it should be already.
    async fn told_state(&self, version: Version, to: BackfillState) -> Result<(), Error> {
        match self.backfill(version).await? {
            None => Err(self.not_begun(version).await),
            Some(status) if status.is_of_another_text && to == BackfillState::Moving => {
                let message = format!("the backfill of {version} is {}", status.state);
                let error = Error::new(Kind::Backfill, message).version_is(version);
                Err(error.note(of_another_text(version)))
            }
            Some(status) if status.state == to => Ok(()),
            Some(status) => {
                let message = format!(
                    "the backfill of {version} is {}, and cannot become {to}",
                    status.state
                );
                let error = Error::new(Kind::Backfill, message).version_is(version);
                let is_done = status.state == BackfillState::Verified && to == BackfillState::Moving;
                Err(match self.set.get(version).filter(|_| is_done) {
                    Some(migration) => error.help(format!(
                        "it is at its end; where rows are not right any more, {}",
                        way_on(migration, self.set.dialect)
                    )),
                    None => error,
                })
            }
        }
    }

    async fn not_begun(&self, version: Version) -> Error {
        let error =
            Error::new(Kind::Backfill, format!("no backfill of {version} has begun")).version_is(version);
        let Ok(history) = self.driver.read_history(&self.namespace).await else {
            return error;
        };
        error.help(match (history.get(version), history.present && !history.fresh) {
            (Some(_), _) => "none is going to: it is applied".to_owned(),
            (None, false) => "the database has no history of the set yet: a run (`migrate up`) begins one. Where nobody uses the \
                              database yet, all data is moved straight through"
                .to_owned(),
            (None, true) => format!(
                "a worker, or `run_to_completion` (`migrate up --all`), begins it; `pause` (`migrate backfill pause \
                 {version}`) keeps it from that, until it is resumed"
            ),
        })
    }

    async fn open_mover(&self, version: Version) -> Result<(Box<dyn Mover>, u32), Error> {
        self.check_names()?;
        self.check_known(version)?;
        let history = self.driver.read_history(&self.namespace).await?;
        let attempt = history
            .get(version)
            .map_or_else(|| history.next_attempt(version), |row| row.attempt);
        let mover = self.mover(&self.session).await?;
        Ok((mover, attempt))
    }
}
