//! Data moved in batches, over the SQL of each database.
//!
//! Architecture invariants: the cursor of a part commits in the transaction of its batch, and only while the part is
//! still the worker's; a part is made in the transaction that moves the frontier. So nothing is moved twice and nothing
//! is left out, whoever dies when.

mod again;
mod aside;
mod assigned;
mod claim;
mod code;
mod compare;
mod copied;
mod enlist;
mod fields;
mod inline;
mod key;
mod load;
mod prepare;
mod rates;
mod repair;
mod rows;
mod state;
mod statement;
mod steered;
mod stumbles;
mod tables;
mod taken_over;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use self::key::Binder;
use self::load::Positions;
use self::statement::Prepared;
use super::backend::{DatabaseError, Transacted};
use super::connection_error;
use super::ledger::Texts;
use super::session::SqlSession;
use crate::backfill::{BackfillRate, BackfillSettings, BackfillState, BackfillStatus, FailedRow};
use crate::change::LogEntry;
use crate::database::mover::{
    Ahead, Batch, Became, Claim, Compared, CopiedTables, Counted, Differs, Found, Job, Lease, Load, Moved,
    Mover, Pace, Seen, Spent, Stumble, Transformed,
};
use crate::database::{Server, Session as _};
use crate::error::Error;
use crate::model::{Dialect, Digest, Version};

use self::stumbles::{refused, stumbled, told};
pub(super) use self::tables::{for_workers, now_ms};

/// How long a batch waits at once for who has the only write lock, before the worker says that it waits, and looks whether
/// it is to go on.
const WAIT: Duration = Duration::from_secs(2);

/// A connection that moves data.
pub(in crate::database) struct SqlMover {
    session: SqlSession,
    /// The backfills it has worked on.
    prepared: HashMap<(Version, u32), Prepared>,
    positions: Positions,
    /// What the newest batch took that more or fewer rows do not change.
    spent: Spent,
}

impl SqlMover {
    pub(in crate::database) async fn open(session: SqlSession) -> Result<Self, Error> {
        let mut mover = Self {
            session,
            prepared: HashMap::new(),
            positions: Positions::default(),
            spent: Spent::default(),
        };
        let may_set = mover.session.backend.set_up(false).await?;
        let settings = mover.settings();
        if may_set && !settings.is_empty() {
            let set = mover.session.backend.run(settings).await;
            set.map_err(|error| connection_error("the connection cannot be set up", error))?;
        }
        let limit = mover.session.backend.options().statement_timeout;
        mover.session.backend.limit_statements(limit);
        Ok(mover)
    }

    /// A worker that is stopped in the middle of a batch must not keep its rows locked for ever, and keys are read as
    /// texts, which must mean the same when they are bound again.
    fn settings(&self) -> &'static str {
        match self.session.backend.dialect() {
            Dialect::Postgres => {
                "SET idle_in_transaction_session_timeout = '60s'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'"
            }
            // Row locks on a range would keep others from inserting into it.
            Dialect::MariaDb => {
                "SET SESSION idle_transaction_timeout = 60, SESSION tx_isolation = IF(@@binlog_format = 'STATEMENT', \
                 @@tx_isolation, 'READ-COMMITTED')"
            }
            Dialect::Mysql => {
                "SET SESSION transaction_isolation = IF(@@binlog_format = 'STATEMENT', @@transaction_isolation, \
                 'READ-COMMITTED')"
            }
            Dialect::Sqlite => "",
        }
    }

    /// Lets statements take as long as they take, or as long as a batch may: a query over the whole table is no batch.
    async fn hurry(&mut self, hurry: bool) -> Result<(), Stumble> {
        let timeout = self.session.backend.options().statement_timeout.filter(|_| hurry);
        let ms = timeout.map_or(0, |timeout| timeout.as_millis());
        let set = match self.session.backend.dialect() {
            Dialect::Postgres => format!("SET statement_timeout = {ms}"),
            Dialect::MariaDb => format!("SET SESSION max_statement_time = {}", ms as f64 / 1000.0),
            Dialect::Mysql => format!("SET SESSION max_execution_time = {ms}"),
            Dialect::Sqlite => String::new(),
        };
        self.session.backend.limit_statements(timeout);
        if set.is_empty() {
            return Ok(());
        }
        let set = self.session.backend.run(&set).await;
        set.map_err(|error| stumbled("setting of its time-out", error))
    }

    /// The condition of the rows of a backfill in our tables. The name of a set is plain, so it needs no binding.
    fn is_job(&self, version: Version, attempt: u32) -> String {
        format!(
            "set_name = '{}' AND version = {} AND attempt = {attempt}",
            self.session.namespace.set, version.0
        )
    }

    async fn rows(&mut self, sql: &str, binder: &Binder) -> Result<Vec<Texts>, DatabaseError> {
        self.session.backend.rows(sql, &binder.values).await
    }

    /// A query of ours without values.
    async fn ask(&mut self, sql: &str) -> Result<Vec<Texts>, DatabaseError> {
        self.session.backend.rows(sql, &[]).await
    }

    /// Writes to the state of backfills; without its tables there is nothing to write to.
    async fn write_state(&mut self, sql: &str, binder: &Binder) -> Result<u64, Stumble> {
        match self.execute(sql, binder).await {
            Ok(rows) => Ok(rows),
            Err(error) if error.is_missing_table => Ok(0),
            Err(error) => Err(stumbled("write of its state", error)),
        }
    }

    async fn execute(&mut self, sql: &str, binder: &Binder) -> Result<u64, DatabaseError> {
        self.session.backend.execute(sql, &binder.values).await
    }

    async fn begin(&mut self) -> Result<(), Stumble> {
        let started = Instant::now();
        let begun = self.session.begin(Transacted::Ours).await;
        // On SQLite it waits for who writes; elsewhere nothing is waited for before the first statement.
        match self.session.backend.dialect() {
            Dialect::Sqlite => self.spent.waited += started.elapsed(),
            _ => self.spent.round_trip = started.elapsed(),
        }
        begun.map_err(told)
    }

    /// Commits what went well, undoes the rest.
    async fn end<T>(&mut self, result: Result<T, Stumble>) -> Result<T, Stumble> {
        let result = match result {
            Ok(value) => {
                let started = Instant::now();
                let committed = self.session.backend.commit().await;
                self.spent.committing += started.elapsed();
                committed
                    .map(|()| value)
                    .map_err(|error| stumbled("commit", error))
            }
            Err(stumble) => Err(stumble),
        };
        if result.is_err() {
            // The reason of the failure is the one to tell.
            let _ = self.session.backend.rollback().await;
        }
        result
    }

    fn binder(&self) -> Binder {
        Binder::new(self.session.backend.dialect())
    }
}

#[async_trait]
impl Mover for SqlMover {
    fn spent(&mut self) -> Spent {
        std::mem::take(&mut self.spent)
    }

    fn server(&self) -> &Server {
        self.session.backend.server()
    }

    async fn stand_alone(&mut self) -> Result<(), Error> {
        self.session.backend.set_up(true).await.map(drop)
    }

    async fn enlist(&mut self, job: &Job<'_>) -> Result<(), Stumble> {
        self.enlist_job(job).await
    }

    async fn refuse(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble> {
        self.refuse_job(job, reason).await
    }

    async fn status(&mut self, version: Version, attempt: u32) -> Result<Option<BackfillStatus>, Stumble> {
        self.read_status(version, attempt).await
    }

    async fn claim(&mut self, job: &Job<'_>, rows: u64) -> Result<Claim, Stumble> {
        self.prepare(job).await?;
        self.session.backend.limit_waits(Some(WAIT));
        let begun = self.begin().await;
        self.session.backend.limit_waits(None);
        begun?;
        let claimed = self.claim_part(job, rows).await;
        self.end(claimed).await
    }

    async fn advance(&mut self, job: &Job<'_>, lease: &mut Lease, rows: u32) -> Result<Moved, Stumble> {
        self.spent = Spent::default();
        let started = Instant::now();
        self.prepare(job).await?;
        self.spent.waited += started.elapsed();
        // Where all writers share one lock, readers may have to wait for it as well, but not who has it.
        let in_transaction = self.session.backend.dialect() == Dialect::Sqlite;
        let range = match in_transaction {
            true => None,
            false => Some(self.boundary(job, lease, rows).await?),
        };
        self.session.backend.limit_waits(Some(WAIT));
        let begun = self.begin().await;
        self.session.backend.limit_waits(None);
        begun?;
        let moved = self.move_next(job, lease, rows, range).await;
        let (high, mut moved) = self.end(moved).await?;
        lease.cursor = Some(high);
        moved.spent = self.spent;
        Ok(moved)
    }

    async fn read(&mut self, job: &Job<'_>, lease: &Lease, rows: u32) -> Result<Batch, Stumble> {
        self.spent = Spent::default();
        let started = Instant::now();
        self.prepare(job).await?;
        if self.session.backend.dialect() == Dialect::Sqlite {
            // Whoever is in the way of the rows is in the way of this as well.
            self.ask("SELECT 1 FROM sqlite_schema LIMIT 1")
                .await
                .map_err(|error| stumbled("batch", error))?;
        }
        let waited = started.elapsed();
        let mut batch = self.read_batch(job, lease, rows).await?;
        batch.waited = waited;
        Ok(batch)
    }

    async fn write(
        &mut self,
        job: &Job<'_>,
        lease: &mut Lease,
        batch: Batch,
        answers: Vec<Transformed>,
    ) -> Result<Moved, Stumble> {
        let started = Instant::now();
        self.prepare(job).await?;
        self.spent = Spent {
            waited: batch.waited + started.elapsed(),
            ..Spent::default()
        };
        let mut moved = self.write_batch(job, lease, batch, answers).await?;
        moved.spent = self.spent;
        Ok(moved)
    }

    async fn failed_rows(
        &mut self,
        version: Version,
        attempt: u32,
        limit: u32,
    ) -> Result<Vec<FailedRow>, Stumble> {
        self.read_failed_rows(version, attempt, limit).await
    }

    async fn renew(&mut self, job: &Job<'_>, lease: &Lease) -> Result<(), Stumble> {
        self.extend(job, lease).await
    }

    async fn leave(&mut self, version: Version, attempt: u32, worker: &str) -> Result<(), Stumble> {
        self.end_leases(version, attempt, worker).await
    }

    async fn load(&mut self) -> Result<Load, Stumble> {
        self.read_load().await
    }

    async fn begin_comparison(&mut self, job: &Job<'_>) -> Result<bool, Stumble> {
        self.begin_verifying(job).await
    }

    async fn block_comparison(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble> {
        self.block_verifying(job, reason).await
    }

    async fn compare(
        &mut self,
        job: &Job<'_>,
        after: Option<&str>,
        rows: u64,
        sample: u32,
    ) -> Result<Option<Compared>, Stumble> {
        self.prepare(job).await?;
        self.compare_rows(job, after, rows, sample).await
    }

    async fn recheck(
        &mut self,
        job: &Job<'_>,
        keys: &[String],
        in_sample: bool,
    ) -> Result<Vec<Differs>, Stumble> {
        self.prepare(job).await?;
        self.still_divergent(job, keys, in_sample).await
    }

    async fn count_sides(&mut self, job: &Job<'_>) -> Result<Option<Counted>, Stumble> {
        self.prepare(job).await?;
        let prepared = self.known(job)?;
        let Some(copy) = prepared.copy.clone() else {
            return Ok(None);
        };
        let [source, target, kept] = self.count_copies(job, &prepared, &copy).await?;
        Ok(Some(Counted {
            source,
            target,
            kept,
            table: copy.written().to_owned(),
            may_be_more: !copy.is_whole,
        }))
    }

    async fn ask_verify(&mut self, job: &Job<'_>) -> Result<u32, Stumble> {
        let before = self.values_before(job).await?;
        self.hurry(false).await?;
        let verified = self
            .session
            .verify_known(job.migration, &before)
            .await
            .map_err(told);
        self.hurry(true).await?;
        verified?;
        Ok(before.len() as u32)
    }

    async fn turn(
        &mut self,
        version: Version,
        attempt: u32,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble> {
        self.turn_state(version, attempt, from, to, reason).await
    }

    async fn turn_own(
        &mut self,
        job: &Job<'_>,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble> {
        self.turn_own_state(job, from, to, reason).await
    }

    async fn steer(
        &mut self,
        version: Version,
        attempt: u32,
        from: &[BackfillState],
        becomes: (BackfillState, Option<&str>),
        moves: Option<Digest>,
        said: LogEntry,
    ) -> Result<bool, Stumble> {
        let Some(before) = self.begin_steering(version, attempt).await? else {
            return Ok(false);
        };
        let turned = self.steer_state(&before, from, becomes, moves, said).await;
        self.end(turned).await
    }

    async fn ahead(
        &mut self,
        version: Version,
        attempt: u32,
        ahead: Ahead<'_>,
        said: LogEntry,
    ) -> Result<bool, Stumble> {
        self.say_ahead(version, attempt, ahead, said).await
    }

    async fn restart(&mut self, job: &Job<'_>, said: LogEntry) -> Result<bool, Stumble> {
        let last = self.last_key(job).await?;
        let (version, attempt) = (job.migration.version, job.attempt);
        let Some(before) = self.begin_steering(version, attempt).await? else {
            return Ok(false);
        };
        let restarted = self.steer_back(&before, job, last, said).await;
        self.end(restarted).await
    }

    async fn repairable(&mut self, job: &Job<'_>) -> Result<Result<CopiedTables, String>, Stumble> {
        self.repairable_tables(job).await
    }

    async fn find_apart(&mut self, job: &Job<'_>, after: Option<&str>, rows: u64) -> Result<Found, Stumble> {
        self.prepare(job).await?;
        self.find_rows_apart(job, after, rows).await
    }

    async fn look_at(&mut self, job: &Job<'_>, keys: &[String]) -> Result<Vec<Seen>, Stumble> {
        self.prepare(job).await?;
        self.look_at_keys(job, keys).await
    }

    async fn begin_repair(&mut self, job: &Job<'_>, said: LogEntry) -> Result<Result<(), String>, Stumble> {
        self.take_repair(job, said).await
    }

    async fn repair(&mut self, job: &Job<'_>, rows: &[Seen]) -> Result<Vec<Became>, Stumble> {
        self.prepare(job).await?;
        self.repair_rows(job, rows).await
    }

    async fn end_repair(&mut self, job: &Job<'_>, said: LogEntry) -> Result<(), Stumble> {
        self.finish_repair(job, said).await
    }

    async fn begin_again(&mut self, job: &Job<'_>, every: Duration) -> Result<bool, Stumble> {
        self.begin_looking_again(job, every).await
    }

    async fn hold_again(&mut self, job: &Job<'_>) -> Result<bool, Stumble> {
        self.hold_looking_again(job).await
    }

    async fn end_again(&mut self, job: &Job<'_>, report: &str) -> Result<bool, Stumble> {
        self.end_looking_again(job, report).await
    }

    async fn keep_report(&mut self, job: &Job<'_>, report: &str) -> Result<(), Stumble> {
        self.write_report(job, report).await
    }

    async fn keep_pace(&mut self, job: &Job<'_>, pace: &Pace) -> Result<(), Stumble> {
        self.write_pace(job, pace).await
    }

    async fn rates(&mut self, limit: u32) -> Result<Vec<BackfillRate>, Stumble> {
        self.read_rates(limit).await
    }

    async fn set(
        &mut self,
        version: Version,
        attempt: u32,
        settings: &BackfillSettings,
        said: LogEntry,
    ) -> Result<bool, Stumble> {
        let Some(before) = self.begin_steering(version, attempt).await? else {
            return Ok(false);
        };
        let set = self.steer_settings(&before, settings, said).await;
        self.end(set).await
    }

    fn shown(&mut self, key: &str) -> String {
        key::shown(key, self.session.backend.dialect())
    }

    async fn close(self: Box<Self>) -> Result<(), Error> {
        Box::new(self.session).close().await
    }
}
