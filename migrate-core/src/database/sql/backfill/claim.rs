//! Parts of a table: given away, moved, and done.

use super::enlist::NEVER_BEGAN;
use super::key::Binder;
use super::statement::batched;
use super::tables::now_ms;
use super::{SqlMover, refused, stumbled};
use crate::database::mover::{Claim, Job, Lease, Moved, Stumble};
use crate::model::{Dialect, Version};

impl SqlMover {
    /// How a row of ours is locked that others may hold. SQLite locks the database instead.
    fn lock(&self, skip: bool) -> &'static str {
        match (self.session.backend.dialect(), skip) {
            (Dialect::Sqlite, _) => "",
            (_, true) => " FOR UPDATE SKIP LOCKED",
            (_, false) => " FOR UPDATE",
        }
    }

    /// How the rows are locked that an INSERT … SELECT reads.
    pub(super) fn source_lock(&self) -> Option<&'static str> {
        match self.session.backend.dialect() {
            Dialect::Postgres => Some("FOR SHARE"),
            Dialect::Mysql | Dialect::MariaDb => Some("LOCK IN SHARE MODE"),
            Dialect::Sqlite => None,
        }
    }

    pub(super) async fn claim_part(&mut self, job: &Job<'_>, rows: u64) -> Result<Claim, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let backfills = self.session.tables.backfills.clone();
        let mut state = self
            .ask(&format!(
                "SELECT frontier, last_key, exhausted, next_part, moved_by FROM {backfills} WHERE {is_job} AND state = 'moving'{}",
                self.lock(false)
            ))
            .await
            .map_err(|error| stumbled("claim", error))?
            .into_iter()
            .flatten();
        let (frontier, last) = (state.next().flatten(), state.next().flatten());
        let exhausted = state.next().flatten();
        let part = state.next().flatten();
        let moved_by = state.next().flatten();
        // Somebody paused it, or all of it is done, while this worker came.
        let Some(exhausted) = exhausted else {
            return Ok(Claim::Others);
        };
        if moved_by.is_some_and(|moved_by| moved_by != job.migration.moves().to_string()) {
            return Ok(Claim::OfAnotherText);
        }
        if part.as_deref() == Some(NEVER_BEGAN) {
            return Ok(Claim::NotBegun);
        }
        if let Some(lease) = self.orphan(job).await? {
            return Ok(Claim::Part(lease));
        }
        let number = part.and_then(|part| part.parse().ok()).unwrap_or(0);
        if let Some(claim) = self.claim_aside(job, number, false).await? {
            return Ok(claim);
        }
        if exhausted == "0" {
            return self.next_part(job, number, frontier, last, rows).await;
        }
        let parts = self.session.tables.parts.clone();
        let left = self
            .ask(&format!("SELECT part FROM {parts} WHERE {is_job} LIMIT 1"))
            .await;
        let left = left.map_err(|error| stumbled("claim", error))?;
        if !left.is_empty() {
            return Ok(Claim::Others);
        }
        Ok(self
            .claim_aside(job, number, true)
            .await?
            .unwrap_or(Claim::Nothing))
    }

    /// A new part, which is this worker's.
    pub(super) async fn insert_part(
        &mut self,
        job: &Job<'_>,
        number: i64,
        cursor: Option<&str>,
        high: &str,
    ) -> Result<(), Stumble> {
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let (cursor, to, owner) = (
            binder.text_or_null(cursor),
            binder.text(high),
            binder.text(job.worker),
        );
        let made = format!(
            "INSERT INTO {} (set_name, version, attempt, part, cursor_key, high_key, fence, owner, lease_until_ms, \
             visited, changed, batches) VALUES ('{}', {}, {}, {number}, {cursor}, {to}, 1, {owner}, {now} + {}, 0, 0, 0)",
            self.session.tables.parts,
            self.session.namespace.set,
            job.migration.version.0,
            job.attempt,
            job.lease.as_millis()
        );
        let made = self.execute(&made, &binder).await;
        made.map(drop).map_err(|error| stumbled("claim", error))
    }

    /// A part whose worker is not heard of any more. One in the middle of a transaction is passed over: it may commit.
    async fn orphan(&mut self, job: &Job<'_>) -> Result<Option<Lease>, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let (parts, now) = (self.session.tables.parts.clone(), now_ms(&*self.session.backend));
        let mut binder = self.binder();
        let gone = self.gone(&is_job, &parts, &mut binder).await?;
        let found = format!(
            "SELECT part, fence, cursor_key, high_key FROM {parts} WHERE {is_job} AND (lease_until_ms < {now}{gone}) \
             ORDER BY part LIMIT 1{}",
            self.lock(true)
        );
        let found = self.rows(&found, &binder).await;
        let Some(row) = found
            .map_err(|error| stumbled("claim", error))?
            .into_iter()
            .next()
        else {
            return Ok(None);
        };
        let mut row = row.into_iter();
        let mut number = || row.next().flatten().and_then(|number| number.parse::<i64>().ok());
        let (number, fence) = (number().unwrap_or(0), number().unwrap_or(0) + 1);
        let (cursor, high) = (row.next().flatten(), row.next().flatten().unwrap_or_default());
        let mut binder = self.binder();
        let owner = binder.text(job.worker);
        let taken = format!(
            "UPDATE {parts} SET owner = {owner}, fence = {fence}, lease_until_ms = {now} + {} \
             WHERE {is_job} AND part = {number}",
            job.lease.as_millis()
        );
        self.execute(&taken, &binder)
            .await
            .map_err(|error| stumbled("claim", error))?;
        Ok(Some(Lease {
            number,
            fence,
            cursor,
            high,
        }))
    }

    /// The condition, behind others, that what a row of a table is about is owned by a worker that is gone for sure; empty where there
    /// is none.
    pub(super) async fn gone(
        &mut self,
        is_job: &str,
        table: &str,
        binder: &mut Binder,
    ) -> Result<String, Stumble> {
        if !self.session.backend.sees_workers() {
            return Ok(String::new());
        }
        let owners = format!("SELECT DISTINCT owner FROM {table} WHERE {is_job} AND owner IS NOT NULL");
        let owners = self
            .ask(&owners)
            .await
            .map_err(|error| stumbled("claim", error))?;
        let owners = owners.into_iter().flatten().flatten().collect();
        let gone = self.session.backend.gone_workers(owners);
        let gone: Vec<String> = gone.iter().map(|owner| binder.text(owner)).collect();
        Ok(match gone.is_empty() {
            true => String::new(),
            false => format!(" OR owner IN ({})", gone.join(", ")),
        })
    }

    /// The next part behind the frontier, which moves with it.
    async fn next_part(
        &mut self,
        job: &Job<'_>,
        number: i64,
        frontier: Option<String>,
        last: Option<String>,
        rows: u64,
    ) -> Result<Claim, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let (tables, now) = (self.session.tables.clone(), now_ms(&*self.session.backend));
        let Some(last) = last else {
            return Ok(Claim::Nothing);
        };
        let prepared = self.known(job)?;
        let mut binder = self.binder();
        let boundary = prepared.boundary(frontier.as_deref(), Some(&last), rows, &mut binder);
        let found = self
            .key_of(&boundary, &binder)
            .await
            .map_err(|error| stumbled("claim", error))?;
        let ends = found.as_ref().is_none_or(|key| *key == last);
        let high = found.unwrap_or(last);
        self.insert_part(job, number, frontier.as_deref(), &high).await?;
        let mut binder = self.binder();
        let to = binder.text(&high);
        let moved = format!(
            "UPDATE {} SET frontier = {to}, next_part = {}, exhausted = {}, changed_ms = {now} WHERE {is_job}",
            tables.backfills,
            number + 1,
            u8::from(ends)
        );
        self.execute(&moved, &binder)
            .await
            .map_err(|error| stumbled("claim", error))?;
        Ok(Claim::Part(Lease {
            number,
            fence: 1,
            cursor: frontier,
            high,
        }))
    }

    /// How many rows the next batch visits, the key up to which it goes, and whether that ends the part.
    pub(super) async fn boundary(
        &mut self,
        job: &Job<'_>,
        lease: &Lease,
        rows: u32,
    ) -> Result<(u32, String, bool), Stumble> {
        let prepared = self.known(job)?;
        let (low, high) = (lease.cursor.as_deref(), Some(&*lease.high));
        let mut binder = self.binder();
        let boundary = prepared.boundary(low, high, rows.into(), &mut binder);
        let found = self
            .key_of(&boundary, &binder)
            .await
            .map_err(|error| stumbled("batch", error))?;
        if let Some(key) = found {
            let ended = key == lease.high;
            return Ok((rows, key, ended));
        }
        let mut binder = self.binder();
        let count = prepared.count(self.session.backend.dialect(), low, high, &mut binder);
        let rest = self
            .rows(&count, &binder)
            .await
            .map_err(|error| stumbled("batch", error))?;
        let rest = rest
            .into_iter()
            .flatten()
            .flatten()
            .next()
            .and_then(|rest| rest.parse().ok());
        Ok((rest.unwrap_or(0), lease.high.clone(), true))
    }

    /// Moves the next rows, up to the end of `range` where that is known. Also gives back the key up to which it came.
    pub(super) async fn move_next(
        &mut self,
        job: &Job<'_>,
        lease: &Lease,
        rows: u32,
        range: Option<(u32, String, bool)>,
    ) -> Result<(String, Moved), Stumble> {
        let (visited, high, ended) = match range {
            Some(range) => range,
            None => self.boundary(job, lease, rows).await?,
        };
        let changed = self.move_rows(job, lease, visited, &high, ended).await?;
        let moved = Moved {
            visited,
            changed,
            ended,
            ..Moved::default()
        };
        Ok((high, moved))
    }

    /// Moves the rows up to `high`, and writes down that they are done.
    pub(super) async fn move_rows(
        &mut self,
        job: &Job<'_>,
        lease: &Lease,
        visited: u32,
        high: &str,
        ended: bool,
    ) -> Result<u64, Stumble> {
        let prepared = self.known(job)?;
        let statement = batched(job).map_err(Stumble::Fatal)?;
        let mut binder = self.binder();
        let moving = prepared.moving(statement, lease.cursor.as_deref(), Some(high), &mut binder);
        // What is selected must not be written over meanwhile: a trigger that follows such a write would find no row yet.
        if statement.inserts
            && let Some(lock) = self.source_lock()
        {
            let mut binder = self.binder();
            let rows = prepared.rows(lease.cursor.as_deref(), high, lock, &mut binder);
            self.execute(&rows, &binder)
                .await
                .map_err(|error| stumbled("batch", error))?;
        }
        let changed = self
            .execute(&moving, &binder)
            .await
            .map_err(|error| refused(job, error))?;
        self.keep_cursor(job, lease, visited, changed, high, ended)
            .await?;
        Ok(changed)
    }

    /// Writes down that the rows up to `high` are done, while the part is still the worker's.
    pub(super) async fn keep_cursor(
        &mut self,
        job: &Job<'_>,
        lease: &Lease,
        visited: u32,
        changed: u64,
        high: &str,
        ended: bool,
    ) -> Result<(), Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let (tables, now) = (self.session.tables.clone(), now_ms(&*self.session.backend));
        let held = |owner: &str| {
            format!(
                "{is_job} AND part = {} AND fence = {} AND owner = {owner}",
                lease.number, lease.fence
            )
        };
        let mut binder = self.binder();
        let kept = if ended {
            // The numbers of a part go to the backfill with its end.
            let of_part = |column: &str| {
                format!(
                    "(SELECT {column} FROM {} WHERE {is_job} AND part = {})",
                    tables.parts, lease.number
                )
            };
            let add = format!(
                "UPDATE {} SET visited = visited + COALESCE({}, 0) + {visited}, \
                 changed = changed + COALESCE({}, 0) + {changed}, batches = batches + COALESCE({}, 0) + 1, \
                 changed_ms = {now} WHERE {is_job}",
                tables.backfills,
                of_part("visited"),
                of_part("changed"),
                of_part("batches")
            );
            let nothing = self.binder();
            self.execute(&add, &nothing)
                .await
                .map_err(|error| stumbled("batch", error))?;
            let owner = binder.text(job.worker);
            let done = format!("DELETE FROM {} WHERE {}", tables.parts, held(&owner));
            self.execute(&done, &binder).await
        } else {
            let cursor = binder.text(high);
            let owner = binder.text(job.worker);
            let go = format!(
                "UPDATE {} SET cursor_key = {cursor}, visited = visited + {visited}, changed = changed + {changed}, \
                 batches = batches + 1, lease_until_ms = {now} + {} WHERE {}",
                tables.parts,
                job.lease.as_millis(),
                held(&owner)
            );
            self.execute(&go, &binder).await
        };
        match kept.map_err(|error| stumbled("batch", error))? {
            1 => Ok(()),
            _ => Err(Stumble::LeaseLost),
        }
    }

    /// Keeps a part for as long as a lease is from now.
    pub(super) async fn extend(&mut self, job: &Job<'_>, lease: &Lease) -> Result<(), Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let mut binder = self.binder();
        let owner = binder.text(job.worker);
        let sql = format!(
            "UPDATE {} SET lease_until_ms = {} + {} WHERE {is_job} AND part = {} AND fence = {} AND owner = {owner}",
            self.session.tables.parts,
            now_ms(&*self.session.backend),
            job.lease.as_millis(),
            lease.number,
            lease.fence
        );
        match self
            .execute(&sql, &binder)
            .await
            .map_err(|error| stumbled("lease", error))?
        {
            1 => Ok(()),
            _ => Err(Stumble::LeaseLost),
        }
    }

    /// Ends what a worker has of a backfill, so that others need not wait until its lease is over.
    pub(super) async fn end_leases(
        &mut self,
        version: Version,
        attempt: u32,
        worker: &str,
    ) -> Result<(), Stumble> {
        let is_job = self.is_job(version, attempt);
        let tables = self.session.tables.clone();
        for table in [tables.parts, tables.backfills] {
            let mut binder = self.binder();
            let owner = binder.text(worker);
            let sql = format!("UPDATE {table} SET lease_until_ms = 0 WHERE {is_job} AND owner = {owner}");
            let ended = self.execute(&sql, &binder).await;
            ended.map_err(|error| stumbled("lease", error))?;
        }
        Ok(())
    }
}
