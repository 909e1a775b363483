//! The migration lock of a PostgreSQL connection: an advisory lock of the session, and what a transaction pooler does to it.

use std::sync::Arc;
use std::time::Duration;

use futures_timer::Delay;
use sqlx::Connection as _;

use super::backend::PostgresBackend;
use super::{beside, raw_rows};
use crate::database::sql::rows::spawn_cleanup;
use crate::database::sql::{DatabaseError, connection_error};
use crate::error::{Error, Kind};

impl PostgresBackend {
    /// Takes the lock, if nobody has it.
    ///
    /// A pooler ends the server process of a client that goes away within a transaction, and lends one to others that is
    /// idle: so the transaction lasts until it is known here which process has the lock. Who is dropped before would leave
    /// the lock with a process that nobody knows.
    pub(super) async fn take_lock(&mut self) -> Result<bool, Error> {
        let cannot = |error| connection_error("the migration lock cannot be taken", error);
        let sql = format!(
            "BEGIN; SELECT pg_catalog.pg_try_advisory_lock({}), pg_catalog.pg_backend_pid()",
            self.key
        );
        let rows = self.raw(&sql).await.map_err(cannot)?;
        let mut fields = rows.into_iter().flatten();
        let taken = fields.next().flatten().as_deref() == Some("t");
        if taken {
            self.holder = fields.next().flatten().and_then(|pid| pid.parse().ok());
        }
        self.raw("COMMIT").await.map_err(cannot)?;
        if !taken {
            return Ok(false);
        }
        self.make_settings(true).await?;
        Ok(true)
    }

    /// Makes the settings of a session, unless a transaction pooler would give them to others: then `false`, or an error
    /// where the session has to be `alone`.
    pub(super) async fn make_settings(&mut self, alone: bool) -> Result<bool, Error> {
        if self.is_set_up {
            return Ok(true);
        }
        match self.is_shared().await? {
            Some(true) if alone => {
                return Err(behind_a_pooler("two connections share one server process"));
            }
            Some(true) => return Ok(false),
            shared => self.is_direct = shared == Some(false),
        }
        let mut settings = self.settings();
        if self.is_direct {
            settings = format!("{settings}; SELECT {}", self.mark);
        }
        let made = self.raw(&settings).await;
        made.map_err(|error| connection_error("the session cannot be set up", error))?;
        self.is_set_up = true;
        Ok(true)
    }

    /// The condition of the lock in `pg_locks`.
    fn is_lock(&self) -> String {
        let (class, object) = ((self.key as u64) >> 32, (self.key as u64) & 0xffff_ffff);
        format!(
            "l.locktype = 'advisory' AND l.granted AND l.classid = {class} AND l.objid = {object} AND l.objsubid = 1 \
             AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
        )
    }

    /// The query that tells whether this server process holds the lock.
    pub(super) fn ownership(&self) -> String {
        format!(
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks l WHERE {} AND l.pid = pg_catalog.pg_backend_pid()",
            self.is_lock()
        )
    }

    pub(super) async fn who_holds_the_lock(&mut self) -> Result<Option<String>, DatabaseError> {
        let sql = format!(
            "SELECT pg_catalog.concat_ws(' ', nullif(a.application_name, ''), a.usename, \
             coalesce(pg_catalog.host(a.client_addr), 'local'), 'pid ' || l.pid) \
             FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {}",
            self.is_lock()
        );
        Ok(first_value(self.raw(&sql).await?))
    }

    /// Runs `before` and makes sure that the lock is ours where that ran.
    pub(super) async fn owned(&mut self, before: &str) -> Result<(), Error> {
        let sql = format!("{before}{}", self.ownership());
        let rows = self.raw(&sql).await;
        let rows = rows.map_err(|error| connection_error("the session cannot be set up", error))?;
        let owned = rows.last().and_then(|row| row.first()).and_then(Option::as_deref) == Some("1");
        if owned || self.holder.is_none() {
            return Ok(());
        }
        Err(self.lock_missed().await)
    }

    /// Why a transaction was not begun. The lock check of [`PostgresBackend::begin_sql`] answers with a division by zero.
    pub(super) async fn not_begun(&mut self, error: DatabaseError) -> Error {
        if error.code.as_deref() != Some("22012") {
            return connection_error("the transaction cannot be begun", error);
        }
        // What the check refused is aborted, and answers nothing before its end.
        match self.raw("ROLLBACK").await {
            Ok(_) => self.lock_missed().await,
            Err(_) => lock_lost(),
        }
    }

    /// Why a statement ran where the lock is not held: the server process that has it is there and another one was given to
    /// the statement, or the lock is gone.
    async fn lock_missed(&mut self) -> Error {
        let Some(holder) = self.holder else {
            return lock_lost();
        };
        let sql = format!(
            "SELECT 1 FROM pg_catalog.pg_locks l WHERE {} AND l.pid = {holder}",
            self.is_lock()
        );
        match self.raw(&sql).await.ok().and_then(first_value) {
            Some(_) => behind_a_pooler("one connection was given two server processes"),
            None => lock_lost(),
        }
    }

    /// Frees the lock that the server process `holder` has for us.
    ///
    /// Behind a transaction pooler the next statement may meet another process, and the one that holds the lock
    /// outlives this connection: nobody could migrate until the pooler closes it.
    pub(super) async fn unlock(&mut self, holder: i32) -> Result<(), DatabaseError> {
        let unlock = format!(
            "SELECT CASE WHEN pg_catalog.pg_backend_pid() = {holder} \
             THEN pg_catalog.pg_advisory_unlock({}) END",
            self.key
        );
        for _ in 0..UNLOCK_TRIES {
            if first_value(self.raw(&unlock).await?).is_some() {
                return Ok(());
            }
        }
        let end = format!("SELECT pg_catalog.pg_terminate_backend({holder})");
        self.raw(&end).await.map(drop)
    }

    /// Whether a transaction pooler stands between, which lends one server process to two clients, or two to one.
    async fn is_shared(&mut self) -> Result<Option<bool>, Error> {
        let Ok(mut other) = beside(&self.connect).await else {
            // Without a second connection there is no answer; each step still looks whether the lock is held.
            return Ok(None);
        };
        let mut shared = None;
        for _ in 0..POOLER_LOOKS {
            // Ours asks first: poolers lend what was given back last.
            let ours = self.raw(PID).await;
            let ours = ours.map_err(|error| {
                crate::database::sql::connection_error("the connection cannot be looked at", error)
            })?;
            let Some(ours) = first_value(ours) else {
                return Err(Error::new(
                    Kind::Connection,
                    "the connection broke while it was looked at",
                ));
            };
            let Some(theirs) = raw_rows(&mut other, PID).await.ok().and_then(first_value) else {
                break;
            };
            let is_shared = ours != self.pid.to_string() || ours == theirs;
            shared = Some(is_shared);
            if is_shared {
                break;
            }
        }
        let _ = other.close().await;
        Ok(shared)
    }

    /// The query that frees the lock which a server process has that may be at work for others: from within, or by ending
    /// it while it is idle. Its answer is NULL where neither was possible.
    fn free_when_idle(&self, holder: i32) -> String {
        format!(
            "SELECT CASE WHEN pg_catalog.pg_backend_pid() = {holder} THEN pg_catalog.pg_advisory_unlock({}) \
             WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE {} AND l.pid = {holder}) THEN false \
             ELSE (SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a \
             WHERE a.pid = {holder} AND a.state = 'idle') END",
            self.key,
            self.is_lock()
        )
    }
}

impl Drop for PostgresBackend {
    /// Ends the server process, because closing the socket would not stop its statement at once.
    ///
    /// Behind a transaction pooler that process may be at work for somebody else by now. So it is only ended where it is
    /// known to be ours; where it may not be, the socket is closed, and the lock freed as soon as its holder is idle.
    fn drop(&mut self) {
        if self.connection.take().is_none() {
            return;
        }
        let end = match (self.is_direct, self.holder) {
            (true, holder) => {
                format!(
                    "SELECT pg_catalog.pg_terminate_backend({})",
                    holder.unwrap_or(self.pid)
                )
            }
            (false, Some(holder)) => self.free_when_idle(holder),
            (false, None) => return,
        };
        let connect = Arc::clone(&self.connect);
        let tries = if self.is_direct { 1 } else { IDLE_LOOKS };
        spawn_cleanup(async move {
            let Ok(mut other) = beside(&connect).await else {
                return;
            };
            for _ in 0..tries {
                let rows = raw_rows(&mut other, &end).await;
                if tries == 1 || !rows.is_ok_and(|rows| first_value(rows).is_none()) {
                    break;
                }
                Delay::new(IDLE_PAUSE).await;
            }
            let _ = other.close().await;
        });
    }
}

fn behind_a_pooler(seen: &'static str) -> Error {
    Error::new(
        Kind::Pooler,
        "a transaction pooler stands between this service and PostgreSQL",
    )
    .note(seen)
    .help(POOLER_HELP)
}

fn lock_lost() -> Error {
    Error::new(
        Kind::LockLost,
        "the migration lock is not held any more by the connection that works",
    )
    .note("a transaction pooler gives every transaction another connection")
    .help(POOLER_HELP)
}

const PID: &str = "SELECT pg_catalog.pg_backend_pid()";

/// How often it is looked whether connections share a server process: others use the pooler meanwhile.
const POOLER_LOOKS: u32 = 5;

/// How often it is looked whether a server process that holds the lock is idle, and how long between.
const IDLE_LOOKS: u32 = 100;
const IDLE_PAUSE: Duration = Duration::from_millis(50);

/// How often a pooler is asked for the server process that holds the lock before that process is ended.
const UNLOCK_TRIES: u32 = 20;

fn first_value(rows: Vec<Vec<Option<String>>>) -> Option<String> {
    rows.into_iter().flatten().flatten().next()
}

const POOLER_HELP: &str = "migrate over a direct connection to PostgreSQL, or over a pool in session mode: \
                           give the migrator a pool of its own with that address";
