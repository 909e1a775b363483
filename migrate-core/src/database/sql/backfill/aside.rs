//! Rows that were set aside: because Rust code cannot move them, or because somebody wrote them while it tried.

use std::time::{Duration, UNIX_EPOCH};

use super::statement::Prepared;
use super::tables::now_ms;
use super::{SqlMover, key, stumbled};
use crate::backfill::FailedRow;
use crate::database::mover::{Batch, Claim, Job, Lease, Source, Stumble};
use crate::model::{Digest, Version};

/// How often a row is tried that somebody writes each time, before that is for a person to see.
const TRIES: u32 = 20;

/// As much of a reason as is kept.
const LONGEST_REASON: usize = 2_000;

/// It failed, and waits for a person.
const FAILED: &str = "failed";
/// A person wants it to be tried again.
const AGAIN: &str = "again";
/// Somebody wrote it while it was transformed: it is tried again at the end.
const WRITTEN: &str = "written";

/// A row that is set aside.
pub(super) struct Aside {
    key: String,
    state: &'static str,
    reason: String,
    attempts: u32,
}

impl Aside {
    pub(super) fn failed(source: &Source, reason: &str) -> Self {
        // PostgreSQL has no texts with NUL.
        let reason = reason
            .replace('\0', "\u{fffd}")
            .chars()
            .take(LONGEST_REASON)
            .collect();
        Self {
            key: source.key.clone(),
            state: FAILED,
            reason,
            attempts: source.attempts + 1,
        }
    }

    pub(super) fn stale(source: &Source) -> Self {
        let attempts = source.attempts + 1;
        if attempts >= TRIES {
            let reason = format!("somebody wrote it each of the {attempts} times while it was transformed");
            return Self::failed(source, &reason);
        }
        Self {
            key: source.key.clone(),
            state: WRITTEN,
            reason: "somebody wrote it while it was transformed".to_owned(),
            attempts,
        }
    }

    pub(super) fn is_failed(&self) -> bool {
        self.state == FAILED
    }
}

impl SqlMover {
    /// The rows that are to be tried again, as a part: now where a person wants it, the others at the end.
    pub(super) async fn claim_aside(
        &mut self,
        job: &Job<'_>,
        number: i64,
        at_the_end: bool,
    ) -> Result<Option<Claim>, Stumble> {
        if job.code.is_none() {
            return Ok(None);
        }
        let what = |error| stumbled("claim", error);
        let is_job = self.is_job(job.migration.version, job.attempt);
        let tables = self.session.tables.clone();
        let states = if at_the_end { TO_BE_TRIED } else { ASKED_FOR };
        let waiting = format!(
            "SELECT state FROM {} WHERE {is_job} AND {states} AND NOT EXISTS \
             (SELECT 1 FROM {} WHERE {is_job} AND high_key = '') LIMIT 1",
            tables.failures, tables.parts
        );
        if self.ask(&waiting).await.map_err(what)?.is_empty() {
            return Ok(None);
        }
        let now = now_ms(&*self.session.backend);
        self.insert_part(job, number, None, "").await?;
        let moved = format!(
            "UPDATE {} SET next_part = {}, changed_ms = {now} WHERE {is_job}",
            tables.backfills,
            number + 1
        );
        let nothing = self.binder();
        self.execute(&moved, &nothing).await.map_err(what)?;
        Ok(Some(Claim::Part(Lease {
            number,
            fence: 1,
            cursor: None,
            high: String::new(),
        })))
    }

    pub(super) async fn read_aside(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        rows: u32,
    ) -> Result<Batch, Stumble> {
        let what = |error| stumbled("batch", error);
        let sql = format!(
            "SELECT row_key, attempts FROM {} WHERE {} AND {TO_BE_TRIED} ORDER BY attempts, key_digest LIMIT {rows}",
            self.session.tables.failures,
            self.is_job(job.migration.version, job.attempt)
        );
        let found = self.ask(&sql).await.map_err(what)?;
        let mut batch = Batch {
            ends: found.len() < rows as usize,
            ..Batch::default()
        };
        for row in found {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let (key, attempts) = (row.next().unwrap_or_default(), row.next());
            match self.session.read_one(prepared, &key).await.map_err(what)? {
                Some(mut source) => {
                    source.attempts = attempts.and_then(|attempts| attempts.parse().ok()).unwrap_or(0);
                    batch.rows.push(source);
                }
                None => batch.gone.push(key),
            }
        }
        Ok(batch)
    }

    /// Writes down that a row is set aside.
    pub(super) async fn keep_aside(&mut self, job: &Job<'_>, row: &Aside) -> Result<(), Stumble> {
        let dialect = self.session.backend.dialect();
        let mut binder = self.binder();
        let [digest, of_row, shown, reason] = [
            digest_of(&row.key),
            row.key.clone(),
            key::shown(&row.key, dialect),
            row.reason.clone(),
        ]
        .map(|text| binder.text(&text));
        let now = now_ms(&*self.session.backend);
        let (conflict, new) = if dialect.is_mysql_family() {
            (
                "ON DUPLICATE KEY UPDATE",
                ["state", "reason", "attempts", "failed_ms"].map(|c| format!("VALUES({c})")),
            )
        } else {
            let new = ["state", "reason", "attempts", "failed_ms"].map(|column| format!("excluded.{column}"));
            (
                "ON CONFLICT (set_name, version, attempt, key_digest) DO UPDATE SET",
                new,
            )
        };
        let [state, why, attempts, at] = new;
        let sql = format!(
            "INSERT INTO {} (set_name, version, attempt, key_digest, row_key, shown_key, state, reason, attempts, \
             failed_ms) VALUES ('{}', {}, {}, {digest}, {of_row}, {shown}, '{}', {reason}, {}, {now}) \
             {conflict} state = {state}, reason = {why}, attempts = {attempts}, failed_ms = {at}",
            self.session.tables.failures,
            self.session.namespace.set,
            job.migration.version.0,
            job.attempt,
            row.state,
            row.attempts,
        );
        let kept = self.execute(&sql, &binder).await;
        kept.map(drop)
            .map_err(|error| stumbled("write of a row set aside", error))
    }

    /// A row that was set aside is done.
    pub(super) async fn forget_aside(&mut self, job: &Job<'_>, key: &str) -> Result<(), Stumble> {
        let mut binder = self.binder();
        let digest = binder.text(&digest_of(key));
        let sql = format!(
            "DELETE FROM {} WHERE {} AND key_digest = {digest}",
            self.session.tables.failures,
            self.is_job(job.migration.version, job.attempt)
        );
        let gone = self.execute(&sql, &binder).await;
        gone.map(drop)
            .map_err(|error| stumbled("write of a row set aside", error))
    }

    pub(super) async fn has_failed_rows(&mut self, version: Version, attempt: u32) -> Result<bool, Stumble> {
        let sql = format!(
            "SELECT state FROM {} WHERE {} AND state = '{FAILED}' LIMIT 1",
            self.session.tables.failures,
            self.is_job(version, attempt)
        );
        match self.ask(&sql).await {
            Ok(rows) => Ok(!rows.is_empty()),
            Err(error) if error.is_missing_table => Ok(false),
            Err(error) => Err(stumbled("look at the rows set aside", error)),
        }
    }

    /// Lets the rows be tried again that failed.
    pub(super) async fn try_aside_again(&mut self, version: Version, attempt: u32) -> Result<(), Stumble> {
        let sql = format!(
            "UPDATE {} SET state = '{AGAIN}' WHERE {} AND state = '{FAILED}'",
            self.session.tables.failures,
            self.is_job(version, attempt)
        );
        let nothing = self.binder();
        self.write_state(&sql, &nothing).await.map(drop)
    }

    pub(super) async fn read_failed_rows(
        &mut self,
        version: Version,
        attempt: u32,
        limit: u32,
    ) -> Result<Vec<FailedRow>, Stumble> {
        let sql = format!(
            "SELECT shown_key, reason, attempts, failed_ms FROM {} WHERE {} AND state <> '{WRITTEN}' \
             ORDER BY failed_ms, key_digest LIMIT {limit}",
            self.session.tables.failures,
            self.is_job(version, attempt)
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(Vec::new()),
            Err(error) => return Err(stumbled("look at the rows set aside", error)),
        };
        let rows = rows.into_iter().map(|row| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || row.next().unwrap_or_default();
            FailedRow {
                key: next(),
                reason: next(),
                attempts: next().parse().unwrap_or(0),
                at: UNIX_EPOCH + Duration::from_millis(next().parse().unwrap_or(0)),
            }
        });
        Ok(rows.collect())
    }
}

/// The condition of rows that a person wants to be tried again.
const ASKED_FOR: &str = "state = 'again'";
/// The condition of all rows that are to be tried again.
pub(super) const TO_BE_TRIED: &str = "state IN ('again', 'written')";

fn digest_of(key: &str) -> String {
    Digest::of_fields([key]).to_string()
}
