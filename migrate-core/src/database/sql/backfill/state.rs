//! The state of a backfill that has begun, as every instance sees it.

use std::time::Duration;

use super::aside::TO_BE_TRIED;
use super::enlist::{NEVER_BEGAN, of_query};
use super::key::decoded;
use super::tables::now_ms;
use super::{SqlMover, stumbled};
use crate::backfill::{BackfillSettings, BackfillState, BackfillStatus};
use crate::database::mover::{Job, Stumble};
use crate::model::{Digest, Verify, Version};

/// The states from which a person's word lets a backfill go on.
const HELD: [BackfillState; 3] = [
    BackfillState::Paused,
    BackfillState::Blocked,
    BackfillState::Cancelled,
];

impl SqlMover {
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
        self.turn_where(&is_job, from, to, reason).await
    }

    /// The same where a condition holds.
    pub(super) async fn turn_where(
        &mut self,
        condition: &str,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble> {
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
             {verified} WHERE {condition} AND state IN ({})",
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
            let mut answers = values.iter().filter_map(|value| value.strip_prefix(&*query));
            // Of two sections with one query, only one may need what it answered.
            let needed = answers.clone().find(|answer| answer.starts_with('='));
            let answer = needed.or_else(|| answers.next())?;
            Some(answer.strip_prefix('=').map(str::to_owned))
        };
        Ok(job.migration.verify.iter().map(known).collect())
    }
}
