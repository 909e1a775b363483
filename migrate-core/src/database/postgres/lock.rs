//! The migration lock of a PostgreSQL connection: an advisory lock of the session, and what a transaction pooler does to it.

use sqlx::Connection;

use super::backend::PostgresBackend;
use super::{beside, raw_rows};
use crate::database::sql::{DatabaseError, connection_error};
use crate::error::{Error, Kind};

impl PostgresBackend {
    /// Takes the lock, if nobody has it.
    pub(super) async fn take_lock(&mut self) -> Result<bool, Error> {
        let sql = format!(
            "SELECT pg_catalog.pg_try_advisory_lock({}), pg_catalog.pg_backend_pid()",
            self.key
        );
        let rows = self.raw(&sql).await;
        let rows = rows.map_err(|error| connection_error("the migration lock cannot be taken", error))?;
        let mut fields = rows.into_iter().flatten();
        if fields.next().flatten().as_deref() != Some("t") {
            return Ok(false);
        }
        self.holder = fields.next().flatten().and_then(|pid| pid.parse().ok());
        self.refuse_pooler().await?;
        Ok(true)
    }

    /// The query that tells whether this server process holds the lock.
    pub(super) fn ownership(&self) -> String {
        let (class, object) = ((self.key as u64) >> 32, (self.key as u64) & 0xffff_ffff);
        format!(
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted \
             AND pid = pg_catalog.pg_backend_pid() AND classid = {class} AND objid = {object} AND objsubid = 1"
        )
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
        Err(lock_lost())
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

    /// A transaction pooler lends one server process to two clients, or two to one.
    async fn refuse_pooler(&mut self) -> Result<(), Error> {
        let Ok(mut other) = beside(&self.connect).await else {
            // Without a second connection there is no answer; each step still looks whether the lock is held.
            return Ok(());
        };
        let mut shared = false;
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
            shared = ours != self.pid.to_string() || ours == theirs;
            if shared {
                break;
            }
        }
        let _ = other.close().await;
        if !shared {
            return Ok(());
        }
        Err(Error::new(
            Kind::Pooler,
            "a transaction pooler stands between this service and PostgreSQL",
        )
        .note("two connections share one server process")
        .help(POOLER_HELP))
    }
}

/// What the lock check of [`PostgresBackend::begin_sql`] answers is a division by zero.
pub(super) fn not_begun(error: DatabaseError) -> Error {
    if error.code.as_deref() == Some("22012") {
        return lock_lost();
    }
    connection_error("the transaction cannot be begun", error)
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

/// How often a pooler is asked for the server process that holds the lock before that process is ended.
const UNLOCK_TRIES: u32 = 20;

fn first_value(rows: Vec<Vec<Option<String>>>) -> Option<String> {
    rows.into_iter().flatten().flatten().next()
}

const POOLER_HELP: &str = "migrate over a direct connection to PostgreSQL, or over a pool in session mode: \
                           give the migrator a pool of its own with that address";
