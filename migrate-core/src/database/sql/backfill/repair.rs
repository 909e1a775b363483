//! Who repairs single rows of a copy, and what is written of it.
//!
//! Architecture invariants: the rows of a batch commit together with the proof that the repair is still this worker's, so
//! one that was stopped for hours writes nothing when it goes on; and no row is ever deleted.

use super::copied::{Copy, Rows};
use super::statement::{Prepared, batched};
use super::steered::{figure, seen as figures_of};
use super::tables::now_ms;
use super::{SqlMover, refused, stumbled, told};
use crate::backfill::BackfillState;
use crate::change::LogEntry;
use crate::database::mover::{Became, CopiedTables, Found, Job, Seen, Stumble};
use crate::database::sql::backend::DatabaseError;

/// The states in which a repair runs. One that goes on by itself, or was right, is blocked first.
const REPAIRED: &str = "state IN ('blocked', 'paused', 'cancelled')";

/// What such a backfill says while its rows are repaired.
const REASON: &str = "its rows are being repaired; where nobody does that any more, `repair_rows` begins again, and `resume` \
                      looks at everything once more";

impl SqlMover {
    /// The tables, or why no single row can be repaired.
    pub(super) async fn repairable_tables(
        &mut self,
        job: &Job<'_>,
    ) -> Result<Result<CopiedTables, String>, Stumble> {
        if let Some(why) = self.not_over(job).await? {
            return Ok(Err(why));
        }
        let rerun = format!("`rerun` (`migrate backfill rerun {}`)", job.migration.version);
        if job.code.is_some() {
            return Ok(Err(format!(
                "Rust code moves its rows: {rerun} tries those again that were set aside, else all of them"
            )));
        }
        let Some(statement) = job
            .migration
            .backfill
            .as_ref()
            .and_then(|one| one.batched.as_ref())
        else {
            return Ok(Err("it moves no data in batches".to_owned()));
        };
        if !statement.inserts {
            return Ok(Err(format!(
                "its statement is an UPDATE of the table itself: {rerun} writes the rows that are not right, and no others"
            )));
        }
        self.prepare(job).await?;
        let why = match self.known(job)?.copy {
            None => Some("its text does not say which columns are copied into which".to_owned()),
            Some(copy) => match copy.whole_only() {
                Some(why) => Some(why.to_owned()),
                None => {
                    let source = job.migration.backfill.as_ref().map(|one| one.table.to_string());
                    let tables = CopiedTables {
                        source: source.unwrap_or_default(),
                        target: copy.written().to_owned(),
                    };
                    return Ok(Ok(tables));
                }
            },
        };
        Ok(Err(format!(
            "{}; {rerun} copies all rows once more; where its INSERT does not pass over rows that are there, empty the other \
             table first",
            why.unwrap_or_default()
        )))
    }

    /// Why there is nothing to repair yet: a row that was not visited is not missing.
    async fn not_over(&mut self, job: &Job<'_>) -> Result<Option<String>, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let tables = &self.session.tables;
        let sql = format!(
            "SELECT state, CASE WHEN exhausted = 1 AND NOT EXISTS (SELECT 1 FROM {} WHERE {is_job}) THEN '1' ELSE '0' END, \
             moved_by FROM {} WHERE {is_job}",
            tables.parts, tables.backfills
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => Vec::new(),
            Err(error) => return Err(stumbled("look at its state", error)),
        };
        let mut row = rows.into_iter().flatten();
        let (state, over) = (row.next().flatten(), row.next().flatten());
        let moved_by = row.next().flatten();
        let Some(state) = state.and_then(|state| BackfillState::from_name(&state)) else {
            return Ok(Some(
                "no data of it was moved in batches on this database".to_owned(),
            ));
        };
        if moved_by.is_some_and(|moved_by| moved_by != job.migration.moves().to_string()) {
            return Ok(Some(
                "its rows were moved by another text of its file than this build has; where this one is right, `resume` by this \
                 build takes it over and looks at everything, and `rerun` moves all rows by it"
                    .to_owned(),
            ));
        }
        Ok((over.as_deref() != Some("1")).then(|| {
            format!(
                "it is {state}, and not every row was visited: the others are not missing, but still to be copied; \
                 `resume` (`migrate backfill resume {}`) goes on with them",
                job.migration.version
            )
        }))
    }

    /// The keys of rows that are not the same on both sides, of the next rows.
    pub(super) async fn find_rows_apart(
        &mut self,
        job: &Job<'_>,
        after: Option<&str>,
        rows: u64,
    ) -> Result<Found, Stumble> {
        let prepared = self.known(job)?;
        let what = |error| stumbled("comparison", error);
        let mut binder = self.binder();
        let boundary = prepared.boundary(after, None, rows, &mut binder);
        let upto = self.key_of(&boundary, &binder).await.map_err(what)?;
        let mut looked = rows;
        if upto.is_none() {
            let mut binder = self.binder();
            let count = prepared.count(self.session.backend.dialect(), after, None, &mut binder);
            let rest = self.rows(&count, &binder).await.map_err(what)?;
            let rest = rest.into_iter().flatten().flatten().next();
            looked = rest.and_then(|rest| rest.parse().ok()).unwrap_or(0);
        }
        let keys = match prepared.copy.clone() {
            Some(copy) => {
                let between = Rows::Between(after, upto.as_deref());
                let mut keys = self.apart(job, &prepared, &copy, between).await?;
                if copy.has_values_without_text() {
                    keys.extend(
                        self.sample_copies(job, &prepared, &copy, between, u32::MAX)
                            .await?
                            .1,
                    );
                    keys.sort_unstable();
                    keys.dedup();
                }
                keys
            }
            None => Vec::new(),
        };
        Ok(Found {
            upto,
            rows: looked,
            keys,
        })
    }

    pub(super) async fn take_repair(
        &mut self,
        job: &Job<'_>,
        said: LogEntry,
    ) -> Result<Result<(), String>, Stumble> {
        let (version, attempt) = (job.migration.version, job.attempt);
        let Some(before) = self.begin_steering(version, attempt).await? else {
            return Ok(Err(
                "no data of it was moved in batches on this database".to_owned()
            ));
        };
        let taken = match self.not_over(job).await {
            Ok(Some(why)) => Ok(Err(why)),
            Ok(None) => self.take_repair_of(job, &before, said).await.map(Ok),
            Err(stumble) => Err(stumble),
        };
        self.end(taken).await
    }

    async fn take_repair_of(
        &mut self,
        job: &Job<'_>,
        before: &crate::backfill::BackfillStatus,
        mut said: LogEntry,
    ) -> Result<(), Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        // A comparison that is under way ends without a word: what it found is overtaken.
        let state = match before.state {
            BackfillState::Verified | BackfillState::Moving | BackfillState::Verifying => {
                format!("state = 'blocked', reason = {}, ", binder.text(REASON))
            }
            BackfillState::Blocked | BackfillState::Paused | BackfillState::Cancelled => String::new(),
        };
        let owner = binder.text(job.worker);
        let sql = format!(
            "UPDATE {} SET {state}owner = {owner}, lease_until_ms = {now} + {}, changed_ms = {now} WHERE {is_job}",
            self.session.tables.backfills,
            job.lease.as_millis()
        );
        self.write_state(&sql, &binder).await?;
        said.figures.push(figure("was", before.state));
        said.figures.extend(figures_of(before));
        self.session.add_to_log(&[said]).await.map_err(told)
    }

    /// Writes rows, and that they are written: together, and where the database refuses one of them, each by itself. Some
    /// refuse with the commit only, where a constraint is deferred, and do not say which row that is about.
    pub(super) async fn repair_rows(&mut self, job: &Job<'_>, rows: &[Seen]) -> Result<Vec<Became>, Stumble> {
        let prepared = self.known(job)?;
        let Some(copy) = prepared.copy.clone() else {
            return Ok(Vec::new());
        };
        if rows.len() > 1
            && let Ok(became) = self.write_in_one(job, &prepared, &copy, rows).await?
        {
            return Ok(became);
        }
        let mut became = Vec::new();
        for row in rows {
            let wrote = self
                .write_in_one(job, &prepared, &copy, std::slice::from_ref(row))
                .await?;
            match wrote {
                Ok(one) => became.extend(one),
                Err(error) => became.push(self.after_refusal(&copy, row, error).await?),
            }
        }
        Ok(became)
    }

    /// What became of each; or what the database refused of one of them, and then all of them are as they were.
    async fn write_in_one(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        rows: &[Seen],
    ) -> Result<Result<Vec<Became>, DatabaseError>, Stumble> {
        self.begin().await?;
        let error = match self.write_seen(job, prepared, copy, rows).await {
            Err(stumble) => return self.end(Err(stumble)).await,
            Ok(Err(error)) => error,
            Ok(Ok(became)) => {
                if let Err(stumble) = self.keep_repaired(job, &became).await {
                    return self.end(Err(stumble)).await;
                }
                match self.session.backend.commit().await {
                    Ok(()) => return Ok(Ok(became)),
                    Err(error) => error,
                }
            }
        };
        // The reason of the failure is the one to tell.
        let _ = self.session.backend.rollback().await;
        match error.is_of_values {
            true => Ok(Err(error)),
            false => Err(refused(job, error)),
        }
    }

    async fn write_seen(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        rows: &[Seen],
    ) -> Result<Result<Vec<Became>, DatabaseError>, Stumble> {
        // What is selected must not be written over meanwhile: a trigger that follows such a write would find no row yet.
        if let Some(lock) = self.source_lock() {
            let keys: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
            let mut binder = self.binder();
            let locked = prepared.rows_among(&keys, lock, &mut binder);
            let locked = self.execute(&locked, &binder).await;
            locked.map_err(|error| stumbled("repair", error))?;
        }
        let mut became = Vec::new();
        for row in rows {
            match self.write_one(job, prepared, copy, row).await? {
                Ok(one) => became.push(one),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(became))
    }

    async fn write_one(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        row: &Seen,
    ) -> Result<Result<Became, DatabaseError>, Stumble> {
        let name = format!("{}.", batched(job).map_err(Stumble::Fatal)?.row);
        let mut binder = self.binder();
        let (sql, written) = match row.target.rows {
            0 => (
                copy.insertion(prepared, &name, &row.key, &mut binder),
                Became::Inserted,
            ),
            _ => (
                copy.correction(prepared, &name, row, &mut binder),
                Became::Updated,
            ),
        };
        let Some(sql) = sql else {
            return Ok(Ok(Became::Left));
        };
        Ok(match self.execute(&sql, &binder).await {
            Ok(0) => Ok(Became::Left),
            Ok(_) => Ok(written),
            Err(error) => Err(error),
        })
    }

    /// What is refused because the row has come meanwhile is left; everything else is told.
    async fn after_refusal(
        &mut self,
        copy: &Copy,
        row: &Seen,
        error: DatabaseError,
    ) -> Result<Became, Stumble> {
        if row.target.rows == 0 && error.is_duplicate() {
            let mut binder = self.binder();
            if let Some(sql) = copy.is_there(&row.key, &mut binder) {
                let there = self.rows(&sql, &binder).await;
                if !there.map_err(|error| stumbled("repair", error))?.is_empty() {
                    return Ok(Became::Left);
                }
            }
        }
        Ok(Became::Refused(match error.detail {
            Some(detail) => format!("{}: {detail}", error.message),
            None => error.message,
        }))
    }

    /// Counts what was written, while the repair is this worker's.
    async fn keep_repaired(&mut self, job: &Job<'_>, became: &[Became]) -> Result<(), Stumble> {
        let written = became
            .iter()
            .filter(|one| matches!(one, Became::Inserted | Became::Updated));
        let now = now_ms(&*self.session.backend);
        let set = format!(
            "changed = changed + {}, lease_until_ms = {now} + {}, changed_ms = {now}",
            written.count(),
            job.lease.as_millis()
        );
        self.write_if_own(job, &set).await
    }

    async fn write_if_own(&mut self, job: &Job<'_>, set: &str) -> Result<(), Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let mut binder = self.binder();
        let owner = binder.text(job.worker);
        let sql = format!(
            "UPDATE {} SET {set} WHERE {is_job} AND owner = {owner} AND {REPAIRED}",
            self.session.tables.backfills
        );
        match self.write_state(&sql, &binder).await? {
            0 => Err(Stumble::LeaseLost),
            _ => Ok(()),
        }
    }

    pub(super) async fn finish_repair(&mut self, job: &Job<'_>, said: LogEntry) -> Result<(), Stumble> {
        self.begin().await?;
        let now = now_ms(&*self.session.backend);
        let set = format!(
            "state = 'moving', reason = NULL, owner = NULL, lease_until_ms = NULL, changed_ms = {now}"
        );
        let ended = match self.write_if_own(job, &set).await {
            Ok(()) => self.session.add_to_log(&[said]).await.map_err(told),
            Err(stumble) => Err(stumble),
        };
        self.end(ended).await
    }
}
