//! The state of a backfill, as every instance sees it.

use std::time::Duration;

use super::aside::TO_BE_TRIED;
use super::key::{decoded, encoded};
use super::tables::{create, now_ms};
use super::{SqlMover, stumbled, told};
use crate::backfill::{BackfillSettings, BackfillState, BackfillStatus};
use crate::database::mover::{Job, Stumble};
use crate::database::sql::backend::DatabaseError;
use crate::database::sql::verify::text_of;
use crate::model::{Dialect, Digest, Section, Verify, Version};

/// The number of the next part of a backfill that was refused, or told something by a person, before it began: nothing of
/// it is known but why, and what was set.
pub(super) const NEVER_BEGAN: &str = "0";

/// What there is of the state of a backfill.
enum Enlisted {
    NoTables,
    Not,
    /// It was refused or held before it began, and a person let it go on, or its file is another one by now; or something
    /// was set for it.
    LetBegin,
    Yes,
}

/// The states from which a person's word lets a backfill go on.
const HELD: [BackfillState; 3] = [
    BackfillState::Paused,
    BackfillState::Blocked,
    BackfillState::Cancelled,
];

impl SqlMover {
    /// Makes the tables, where another instance does not at this moment.
    pub(super) async fn make_tables(&mut self) -> Result<(), Stumble> {
        for statement in create(&self.session.tables, &*self.session.backend) {
            match self.session.backend.run(&statement).await {
                Err(error) if !error.is_there => return Err(stumbled("making of the tables", error)),
                _ => {}
            }
        }
        Ok(())
    }

    async fn enlisted(&mut self, job: &Job<'_>) -> Result<Enlisted, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let sql = format!(
            "SELECT state, next_part, values_before, moved_by FROM {} WHERE {is_job}",
            self.session.tables.backfills
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(Enlisted::NoTables),
            Err(error) => return Err(stumbled("look at its state", error)),
        };
        let Some(row) = rows.into_iter().next() else {
            return Ok(Enlisted::Not);
        };
        let is = |column: usize, value: &str| row.get(column).and_then(Option::as_deref) == Some(value);
        let exact = job.migration.exact.to_string();
        let refused = row.get(2).and_then(Option::as_deref).unwrap_or_default();
        let of_another_file =
            is(0, BackfillState::Blocked.name()) && !refused.split(' ').any(|refused| refused == exact);
        let may_begin = is(0, BackfillState::Moving.name()) || of_another_file;
        let is_own = matches!(row.get(3), Some(None)) || is(3, &job.migration.moves().to_string());
        Ok(match is(1, NEVER_BEGAN) && may_begin && is_own {
            true => Enlisted::LetBegin,
            false => Enlisted::Yes,
        })
    }

    pub(super) async fn enlist_job(&mut self, job: &Job<'_>) -> Result<(), Stumble> {
        let enlisted = self.enlisted(job).await?;
        match enlisted {
            Enlisted::Yes => return Ok(()),
            Enlisted::Not | Enlisted::LetBegin => {}
            Enlisted::NoTables => self.make_tables().await?,
        }
        // Taken after dual write is in force: what is inserted later is right from the beginning.
        let last = self.last_key(job).await?;
        let estimate = self
            .estimate(job)
            .await
            .map_err(|error| stumbled("look at the table", error))?;
        self.hurry(false).await?;
        let before = self.session.values_before(job.migration).await.map_err(told);
        self.hurry(true).await?;
        let before = before?;
        let queries = job.migration.verify.iter().map(|verify| of_query(&verify.query));
        let before: Vec<String> = queries
            .zip(before)
            .map(|(query, value)| value.map_or(query.clone(), |value| format!("{query}={value}")))
            .collect();
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let last_key = binder.text_or_null(last.as_deref());
        let values = binder.text(&encoded(&before));
        let moves = job.migration.moves();
        let (backfills, exhausted) = (&self.session.tables.backfills, u8::from(last.is_none()));
        let sql = match enlisted {
            Enlisted::LetBegin => format!(
                "UPDATE {backfills} SET state = 'moving', reason = NULL, last_key = {last_key}, \
                 exhausted = {exhausted}, next_part = 1, estimate = {estimate}, values_before = {values}, \
                 moved_by = '{moves}', started_ms = {now}, changed_ms = {now} \
                 WHERE {} AND state IN ('moving', 'blocked') AND next_part = {NEVER_BEGAN} AND {}",
                self.is_job(job.migration.version, job.attempt),
                Self::is_own_text(job)
            ),
            _ => {
                let (start, end) = self.insert_where_none();
                format!(
                    "{start} INTO {backfills} (set_name, version, attempt, state, last_key, exhausted, next_part, estimate, \
                     visited, changed, batches, values_before, moved_by, started_ms, changed_ms) VALUES ('{}', {}, {}, \
                     'moving', {last_key}, {exhausted}, 1, {estimate}, 0, 0, 0, {values}, '{moves}', {now}, {now}){end}",
                    self.session.namespace.set, job.migration.version.0, job.attempt,
                )
            }
        };
        self.execute(&sql, &binder)
            .await
            .map_err(|error| stumbled("write of its state", error))?;
        Ok(())
    }

    /// How an INSERT begins and ends that does nothing where the row is there.
    pub(super) fn insert_where_none(&self) -> (&'static str, &'static str) {
        match self.session.backend.dialect() {
            Dialect::Mysql | Dialect::MariaDb => ("INSERT IGNORE", ""),
            _ => ("INSERT", " ON CONFLICT DO NOTHING"),
        }
    }

    /// Writes down why a backfill could not begin, and with which file, where it did not begin meanwhile.
    pub(super) async fn refuse_job(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble> {
        let now = now_ms(&*self.session.backend);
        let (start, end) = self.insert_where_none();
        let exact = job.migration.exact;
        let mut binder = self.binder();
        let is_job = self.is_job(job.migration.version, job.attempt);
        // A file that was refused before does not begin by itself in its turn, once another one was refused as well.
        let before = format!(
            "SELECT values_before FROM {} WHERE {is_job} AND next_part = {NEVER_BEGAN}",
            self.session.tables.backfills
        );
        let before = match self.ask(&before).await {
            Ok(rows) => rows.into_iter().flatten().flatten().next().unwrap_or_default(),
            Err(error) if error.is_missing_table => String::new(),
            Err(error) => return Err(stumbled("look at its state", error)),
        };
        let mut refused: Vec<&str> = before.split_whitespace().collect();
        let exact = exact.to_string();
        if !refused.contains(&&*exact) {
            refused.push(&exact);
        }
        let again = format!(
            "UPDATE {} SET state = 'blocked', reason = {}, values_before = '{}', moved_by = NULL, changed_ms = {now} \
             WHERE {is_job} AND state IN ('moving', 'blocked') AND next_part = {NEVER_BEGAN} AND {}",
            self.session.tables.backfills,
            binder.text(reason),
            refused.join(" "),
            Self::is_own_text(job)
        );
        if self.write_state(&again, &binder).await? > 0 {
            return Ok(true);
        }
        let mut binder = self.binder();
        let reason = binder.text(reason);
        let sql = format!(
            "{start} INTO {} (set_name, version, attempt, state, reason, exhausted, next_part, estimate, visited, \
             changed, batches, values_before, started_ms, changed_ms) VALUES ('{}', {}, {}, 'blocked', {reason}, 0, \
             {NEVER_BEGAN}, 0, 0, 0, 0, '{exact}', {now}, {now}){end}",
            self.session.tables.backfills, self.session.namespace.set, job.migration.version.0, job.attempt,
        );
        Ok(self.write_state(&sql, &binder).await? > 0)
    }

    /// The highest key that there is now.
    pub(super) async fn last_key(&mut self, job: &Job<'_>) -> Result<Option<String>, Stumble> {
        self.prepare(job).await?;
        let last = self.known(job)?.last();
        let binder = self.binder();
        let last = self.key_of(&last, &binder).await;
        last.map_err(|error| stumbled("look at the table", error))
    }

    /// About how many rows the table has; 0 where that is not known.
    async fn estimate(&mut self, job: &Job<'_>) -> Result<u64, DatabaseError> {
        let Some(backfill) = &job.migration.backfill else {
            return Ok(0);
        };
        let dialect = self.session.backend.dialect();
        let (table, schema, name) = super::statement::named_table(&backfill.table, dialect);
        let mut binder = self.binder();
        let sql = match dialect {
            Dialect::Postgres => format!(
                "SELECT greatest(reltuples, 0)::bigint::text FROM pg_catalog.pg_class \
                 WHERE oid = pg_catalog.to_regclass({})",
                binder.text(&table)
            ),
            Dialect::Sqlite => format!("SELECT CAST(count(*) AS TEXT) FROM {table}"),
            Dialect::Mysql | Dialect::MariaDb => format!(
                "SELECT CAST(table_rows AS CHAR) FROM information_schema.tables \
                 WHERE table_schema = COALESCE({}, DATABASE()) AND table_name = {}",
                binder.text_or_null(schema.as_deref()),
                binder.text(&name)
            ),
        };
        let rows = self.rows(&sql, &binder).await?;
        let rows = rows.into_iter().flatten().flatten().next();
        Ok(rows.and_then(|rows| rows.parse().ok()).unwrap_or(0))
    }

    pub(super) async fn read_status(
        &mut self,
        version: Version,
        attempt: u32,
    ) -> Result<Option<BackfillStatus>, Stumble> {
        let is_job = self.is_job(version, attempt);
        let (tables, now) = (self.session.tables.clone(), now_ms(&*self.session.backend));
        let part = |column: &str| {
            format!(
                "(SELECT COALESCE(SUM({column}), 0) FROM {} WHERE {is_job})",
                tables.parts
            )
        };
        let sql = format!(
            "SELECT state, reason, estimate, visited + {}, changed + {}, batches + {}, \
             (SELECT count(*) FROM {} WHERE {is_job} AND state = 'failed'), {now} - started_ms, set_batch, \
             set_pause_ms, set_max_lag_ms, set_failures, report, changed_ms - started_ms, moved_by, COALESCE(moved_otherwise, 0), next_part FROM {} WHERE {is_job}",
            part("visited"),
            part("changed"),
            part("batches"),
            tables.failures,
            tables.backfills
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(None),
            Err(error) => return Err(stumbled("look at its state", error)),
        };
        let Some(row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let owners = format!(
            "SELECT DISTINCT owner FROM {} WHERE {is_job} AND lease_until_ms >= {now} ORDER BY owner",
            tables.parts
        );
        let owners = self
            .ask(&owners)
            .await
            .map_err(|error| stumbled("look at its state", error))?;
        let mut workers: Vec<String> = owners.into_iter().flatten().flatten().collect();
        let gone = self.session.backend.gone_workers(workers.clone());
        workers.retain(|worker| !gone.contains(worker));
        let mut row = row.into_iter();
        let state = row.next().flatten().unwrap_or_default();
        let state = BackfillState::from_name(&state).unwrap_or(BackfillState::Blocked);
        let reason = row.next().flatten();
        let mut number = || row.next().flatten().and_then(|number| number.parse::<u64>().ok());
        let [estimate, visited, changed, batches, failures, running] =
            [(); 6].map(|()| number().unwrap_or(0));
        let settings = BackfillSettings {
            max_batch: number().and_then(|rows| rows.try_into().ok()),
            pause: number().map(Duration::from_millis),
            max_lag: number().map(Duration::from_millis),
            failures: number().and_then(|rows| rows.try_into().ok()),
        };
        let report = row.next().flatten();
        let until = row
            .next()
            .flatten()
            .and_then(|number| number.parse::<u64>().ok())
            .unwrap_or(0);
        let moved_by = row.next().flatten().and_then(|digest| Digest::from_hex(&digest));
        let moved_otherwise = row.next().flatten().and_then(|rows| rows.parse().ok());
        let has_begun = row.next().flatten().as_deref() != Some(NEVER_BEGAN);
        let elapsed = match state.goes_on() {
            _ if !has_begun => 0,
            true => running,
            false => until,
        };
        Ok(Some(BackfillStatus {
            version,
            attempt,
            state,
            has_begun,
            reason,
            estimate,
            visited,
            changed,
            failures,
            batches,
            elapsed: Duration::from_millis(elapsed),
            settings,
            workers,
            report,
            moved_by,
            moved_otherwise: moved_otherwise.unwrap_or(0),
            is_of_another_text: false,
            waits: None,
        }))
    }

    pub(super) async fn turn_state(
        &mut self,
        version: Version,
        attempt: u32,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble> {
        let is_job = self.is_job(version, attempt);
        let from: Vec<String> = from.iter().map(|state| format!("'{state}'")).collect();
        let mut binder = self.binder();
        let reason = binder.text_or_null(reason);
        let now = now_ms(&*self.session.backend);
        let verified = match to {
            BackfillState::Verified => format!(", verified_ms = {now}"),
            _ => String::new(),
        };
        let sql = format!(
            "UPDATE {} SET state = '{to}', reason = {reason}, owner = NULL, lease_until_ms = NULL, changed_ms = {now}\
             {verified} WHERE {is_job} AND state IN ({})",
            self.session.tables.backfills,
            from.join(", ")
        );
        let turned = self.write_state(&sql, &binder).await?;
        Ok(turned > 0)
    }

    /// Where nothing keeps both sides equal, rows that came behind the former end are not right by themselves. Rows that were
    /// set aside are tried again, and no others, but where all are visited again by `whole`.
    pub(super) async fn restart_job(
        &mut self,
        job: &Job<'_>,
        last: Option<String>,
        whole: bool,
    ) -> Result<bool, Stumble> {
        let (version, attempt) = (job.migration.version, job.attempt);
        let is_job = self.is_job(version, attempt);
        let (tables, now) = (self.session.tables.clone(), now_ms(&*self.session.backend));
        if !whole && self.has_failed_rows(version, attempt).await? {
            let turned = self
                .turn_state(version, attempt, &HELD, BackfillState::Moving, None)
                .await?;
            if turned {
                self.try_aside_again(version, attempt).await?;
            }
            return Ok(turned);
        }
        let mut binder = self.binder();
        let exhausted = u8::from(last.is_none());
        let last = binder.text_or_null(last.as_deref());
        let restart = format!(
            "UPDATE {} SET state = 'moving', reason = NULL, frontier = NULL, visited = 0, changed = 0, batches = 0, \
             last_key = {last}, exhausted = {exhausted}, owner = NULL, lease_until_ms = NULL, report = NULL, \
             started_ms = {now}, changed_ms = {now} \
             WHERE {is_job} AND state IN ('paused', 'blocked', 'cancelled', 'verified')",
            tables.backfills
        );
        let what = |error| stumbled("write of its state", error);
        if self.write_state(&restart, &binder).await? == 0 {
            return Ok(false);
        }
        let nothing = self.binder();
        let parts = format!("DELETE FROM {} WHERE {is_job}", tables.parts);
        self.execute(&parts, &nothing).await.map_err(what)?;
        if whole {
            let aside = format!("DELETE FROM {} WHERE {is_job}", tables.failures);
            self.write_state(&aside, &nothing).await?;
        }
        Ok(true)
    }

    pub(super) async fn write_settings(
        &mut self,
        version: Version,
        attempt: u32,
        settings: &BackfillSettings,
    ) -> Result<bool, Stumble> {
        let is_job = self.is_job(version, attempt);
        let number = |number: Option<u128>| number.map_or("NULL".to_owned(), |number| number.to_string());
        let ms = |time: Option<Duration>| number(time.map(|time| time.as_millis()));
        let sql = format!(
            "UPDATE {} SET set_batch = {}, set_pause_ms = {}, set_max_lag_ms = {}, set_failures = {}, changed_ms = {} \
             WHERE {is_job}",
            self.session.tables.backfills,
            number(settings.max_batch.map(u128::from)),
            ms(settings.pause),
            ms(settings.max_lag),
            number(settings.failures.map(u128::from)),
            now_ms(&*self.session.backend)
        );
        let binder = self.binder();
        let set = self.write_state(&sql, &binder).await?;
        Ok(set > 0)
    }

    /// Takes the comparison for this worker, where nobody who is still heard of has it. A person may have let the
    /// backfill begin again since the worker found nothing left to move.
    pub(super) async fn begin_verifying(&mut self, job: &Job<'_>) -> Result<bool, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let (owner, own) = (binder.text(job.worker), binder.text(job.worker));
        let backfills = self.session.tables.backfills.clone();
        let gone = self.gone(&is_job, &backfills, &mut binder).await?;
        let sql = format!(
            "UPDATE {} SET state = 'verifying', owner = {owner}, lease_until_ms = {now} + {}, changed_ms = {now} \
             WHERE {is_job} AND {} AND ((state = 'moving' AND exhausted = 1 \
             AND NOT EXISTS (SELECT 1 FROM {} WHERE {is_job}) \
             AND NOT EXISTS (SELECT 1 FROM {} WHERE {is_job} AND {TO_BE_TRIED})) OR (state = 'verifying' \
             AND (owner = {own} OR owner IS NULL OR lease_until_ms < {now}{gone})))",
            self.session.tables.backfills,
            job.lease.as_millis(),
            Self::is_own_text(job),
            self.session.tables.parts,
            self.session.tables.failures
        );
        let taken = self
            .execute(&sql, &binder)
            .await
            .map_err(|error| stumbled("write of its state", error))?;
        Ok(taken > 0)
    }

    /// Only who has the comparison knows what it found: somebody may have let the rows be moved again meanwhile.
    pub(super) async fn block_verifying(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let (reason, owner) = (binder.text(reason), binder.text(job.worker));
        let sql = format!(
            "UPDATE {} SET state = 'blocked', reason = {reason}, owner = NULL, lease_until_ms = NULL, changed_ms = {now} \
             WHERE {is_job} AND state = 'verifying' AND owner = {owner}",
            self.session.tables.backfills
        );
        let blocked = self.write_state(&sql, &binder).await?;
        Ok(blocked > 0)
    }

    pub(super) async fn write_report(&mut self, job: &Job<'_>, report: &str) -> Result<(), Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let mut binder = self.binder();
        let (report, owner) = (binder.text(report), binder.text(job.worker));
        // Who lost the comparison meanwhile says nothing of what came behind it.
        let sql = format!(
            "UPDATE {} SET report = {report} WHERE {is_job} AND state = 'verifying' AND owner = {owner}",
            self.session.tables.backfills
        );
        self.execute(&sql, &binder)
            .await
            .map(drop)
            .map_err(|error| stumbled("write of its report", error))
    }

    /// What each verify query answered when the backfill began, where that is known: the text that began it may have had
    /// others.
    pub(super) async fn values_before(
        &mut self,
        job: &Job<'_>,
    ) -> Result<Vec<Option<Option<String>>>, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let sql = format!(
            "SELECT values_before FROM {} WHERE {is_job}",
            self.session.tables.backfills
        );
        let rows = self
            .ask(&sql)
            .await
            .map_err(|error| stumbled("look at its state", error))?;
        let values = rows.into_iter().flatten().flatten().next().unwrap_or_default();
        let values = decoded(&values);
        let known = |verify: &Verify| {
            let query = of_query(&verify.query);
            let answer = values.iter().find_map(|value| value.strip_prefix(&*query))?;
            Some(answer.strip_prefix('=').map(str::to_owned))
        };
        Ok(job.migration.verify.iter().map(known).collect())
    }
}

/// By what a verify query is known when it is asked again.
fn of_query(query: &Section) -> String {
    let mut digest = Digest::of_fields([text_of(query)]).to_string();
    digest.truncate(32);
    digest
}
