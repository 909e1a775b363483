//! Databases behind one seam.
//!
//! Architecture invariant: nothing in [`Driver`] and [`Session`] is SQL. What the migrator asks of a database is
//! typed (read the history, take the lock, apply this migration), so a database without SQL fits as well. The SQL
//! drivers share one implementation, in `sql`, over the few things in which they differ.

pub mod mover;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod presence;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use self::presence::{Arrival, Arriving};
use crate::backfill::{BackfillState, Code};
use crate::change::LogEntry;
use crate::document::{Assessments, ForeignKeyAssessment, TableName};
use crate::error::Error;
use crate::facts::Facts;
use crate::history::{History, Reason, Row, Standing, State};
use crate::live::{Build, Live};
use crate::migrator::{Observer, Tool};
use crate::model::{Database, Dialect, Digest, Migration, ServerVersion, Version};

/// A pool of connections on which sets for the database `D` run.
///
/// Implemented for `sqlx::PgPool`, `sqlx::SqlitePool` and `sqlx::MySqlPool`, each with its feature.
#[diagnostic::on_unimplemented(
    message = "a set for `{D}` does not run on `{Self}`",
    note = "use the pool of the set's database, and enable the feature of that database on migrate-core"
)]
pub trait Pool<D: Database>: Clone + Send + Sync + 'static {
    /// The driver that runs sets on this pool.
    fn driver(self) -> Arc<dyn Driver>;
}

/// Where the history of a set is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The set.
    pub set: String,
    /// What the names of the library's tables start with.
    pub prefix: String,
    /// The schema of the library's tables; where not given, the one in which the connection creates tables.
    pub schema: Option<String>,
}

/// How a session behaves.
#[derive(Clone)]
pub struct SessionOptions {
    /// How long one attempt at a statement waits for its table lock.
    pub lock_timeout: Duration,
    /// The same for statements that wait for others by design and block nobody meanwhile.
    pub long_lock_timeout: Duration,
    /// How long attempts that did not get their table lock are repeated.
    pub lock_retry: Duration,
    /// How long a statement may run; `None` is without end.
    pub statement_timeout: Option<Duration>,
    /// What the instance is called in the history.
    pub instance: String,
    /// Who hears what happens.
    pub observer: Arc<dyn Observer>,
}

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its dialect.
    pub dialect: Dialect,
    /// Its version.
    pub version: ServerVersion,
}

/// Whether a migration had to be applied, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was done now.
    Now,
    /// Another instance was faster.
    ByAnother,
}

/// A backfill that was begun, or refused before that, as the gates see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The migration's version.
    pub version: Version,
    /// The attempt at it.
    pub attempt: u32,
    /// How far it is.
    pub state: BackfillState,
    /// Why, where somebody or something stopped it.
    pub reason: Option<String>,
    /// Whether its data was found to be right before.
    pub was_right: bool,
    /// Whether every row was visited.
    pub ended: bool,
}

impl Begun {
    /// Why the data cannot be relied on though it was moved to the end once; `is_applied` tells whether it was.
    pub(crate) fn fault(&self, is_applied: bool) -> Option<String> {
        match self.state {
            BackfillState::Verified => None,
            BackfillState::Blocked if !is_applied || self.was_right => {
                Some(self.reason.clone().unwrap_or_default())
            }
            state if is_applied && self.was_right => {
                Some(format!("its data was not right, and its backfill is {state}"))
            }
            _ => None,
        }
    }
}

/// What a statement does to values that are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// `drops`, `transforms` or `defaults`.
    pub way: &'static str,
    /// The table; empty where the statement does not tell.
    pub table: String,
    /// The column, where it is not whole rows.
    pub column: Option<String>,
    /// How many; `None` where they were not counted.
    pub rows: Option<u64>,
    /// All of it in words, and why they were not counted.
    pub told: String,
}

/// What another tool's own table says of one migration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolRow {
    /// The version, as the tool writes it.
    pub version: String,
    /// The name, where the tool keeps one beside the version.
    pub name: Option<String>,
    /// The checksum of the text that ran, where the tool keeps one: sqlx's in hexadecimal digits, refinery's in decimal.
    pub checksum: Option<String>,
    /// Whether the tool began it and did not end it.
    pub failed: bool,
}

/// Shows that a worker lives. Where it is dropped, it shows that the worker died, and what it had is free.
pub trait SignOfLife: Send + Sync {
    /// Removes it, behind a worker that left nothing to be taken up.
    fn remove(self: Box<Self>);
}

/// A kind of database.
#[async_trait]
pub trait Driver: Send + Sync {
    /// Reads what a start asks for in one round trip, without lock or write. Missing tables are an empty history.
    /// `expected` is the digest of what is applied where nothing is to be done: a database that knows the digest of
    /// its own history may answer that they are the same.
    async fn read_standing(&self, namespace: &Namespace, expected: &Digest) -> Result<Standing, Error> {
        let _ = expected;
        Ok(self.read_history(namespace).await?.standing())
    }

    /// Reads the history in one round trip, without lock or write. Missing tables are an empty history.
    async fn read_history(&self, namespace: &Namespace) -> Result<History, Error>;

    /// Opens the one connection of a run.
    async fn open(&self, namespace: &Namespace, options: &SessionOptions) -> Result<Box<dyn Session>, Error>;

    /// As [`open`](Self::open), for what only looks: what the history is kept in is not made where it is missing.
    async fn open_to_look(
        &self,
        namespace: &Namespace,
        options: &SessionOptions,
    ) -> Result<Box<dyn Session>, Error> {
        self.open(namespace, options).await
    }

    /// Opens a connection that moves data.
    async fn open_mover(
        &self,
        namespace: &Namespace,
        options: &SessionOptions,
    ) -> Result<Box<dyn mover::Mover>, Error>;

    /// What shows to other processes that a worker lives, for as long as it is kept, whatever ends this process; `None` where
    /// its lease has to do.
    fn sign_of_life(&self, _namespace: &Namespace, _worker: &str) -> Option<Box<dyn SignOfLife>> {
        None
    }

    /// Registers an instance, and then reads what its start asks for, in one round trip.
    async fn arrive(
        &self,
        namespace: &Namespace,
        arriving: &Arriving,
        expected: &Digest,
    ) -> Result<Arrival, Error>;

    /// Whether a worker has to give its connection back while it pauses, because there may be only one.
    fn lends(&self) -> bool {
        false
    }

    /// Runs a future beside the caller's, on the runtime that the pool uses.
    fn spawn(&self, work: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>);
}

/// The one connection of a run. Dropping it in the middle of something stops the running statement at the server,
/// undoes an open transaction and frees the lock.
#[async_trait]
pub trait Session: Send {
    /// What the server says of itself.
    fn server(&self) -> &Server;

    /// Sets the connection up for what is done without the lock; with it, [`try_lock`](Self::try_lock) does.
    async fn set_up(&mut self) -> Result<(), Error>;

    /// Tries to become the one that changes the set's database, without waiting. `false` means that another one is.
    async fn try_lock(&mut self) -> Result<bool, Error>;

    /// Who that is, where the database tells.
    async fn lock_holder(&mut self) -> Option<String>;

    /// Reads the history.
    async fn read_history(&mut self) -> Result<History, Error>;

    /// What the catalog says of the schema, without the library's own tables.
    async fn facts(&mut self) -> Result<Facts, Error>;

    /// Which of these tables exist.
    async fn existing_tables(&mut self, names: &[&str]) -> Result<Vec<String>, Error>;

    /// Makes the tables of the history, where they are missing.
    async fn prepare(&mut self) -> Result<(), Error>;

    /// Makes the tables that workers need, where they are missing. Where this role may not, says what is to be done.
    async fn prepare_for_workers(&mut self) -> Result<Option<String>, Error>;

    /// Marks that a run of these migrations on a fresh database begins, so that a crash half-way continues as fresh.
    /// `false` means that another instance was faster than this history knows.
    async fn begin_fresh(&mut self, migrations: &[Migration], history: &History) -> Result<bool, Error>;

    /// Ends the run on a fresh database. Unless it is complete, the mark stays, and the next run goes on as fresh.
    async fn end_fresh(&mut self, complete: bool) -> Result<(), Error>;

    /// Keeps the digest of the history beside it, where the driver compares it in
    /// [`read_standing`](Driver::read_standing). To be called when a run has written the history; one that did not
    /// come so far only makes the next start read more.
    async fn settle(&mut self) -> Result<(), Error>;

    /// Applies a migration and records it, and with it the migrations that it stands for. `code` is what moves its data,
    /// where that is written in Rust; `said` is what the log says of it then.
    async fn apply(
        &mut self,
        migration: &Migration,
        code: Option<Code>,
        reason: Reason,
        history: &History,
        said: &[LogEntry],
    ) -> Result<Applied, Error>;

    /// Makes sure that the history keeps a way back for a migration that this build does not embed.
    async fn check_way_back(&mut self, row: &Row) -> Result<(), Error>;

    /// Whether a migration that this build does not embed lost data when it was applied, by the text that the history
    /// keeps. What is not known counts as a loss.
    async fn stored_loses_data(&mut self, row: &Row) -> Result<bool, Error>;

    /// Takes a migration back and records it. `embedded` is the migration where this build has it; else the text
    /// that the history keeps is used. [`Applied::ByAnother`] means that another instance took it back. `state` is what
    /// the row ends as: [`State::Reverted`], or [`State::RolledBack`] where its whole change is taken back. So do the
    /// rows of `with`: what the migration stands for. `said` is what the log says of it then.
    async fn revert(
        &mut self,
        row: &Row,
        with: &[&Row],
        embedded: Option<&Migration>,
        state: State,
        said: &[LogEntry],
    ) -> Result<Applied, Error>;

    /// Lets these versions be applied again that were taken back with their change.
    async fn let_again(&mut self, versions: &[Version]) -> Result<(), Error>;

    /// Writes down what a build embeds, so that instances of it are known. `at_ms` is the time, since 1970.
    async fn enroll(&mut self, build: &Build, at_ms: u64) -> Result<(), Error>;

    /// Looks who uses the database now.
    async fn look_around(&mut self) -> Result<Live, Error>;

    /// Keeps instances that start now from serving, until the door is opened or the session ends. `false` means that
    /// one of them is starting just now, or another session has the door.
    async fn close_door(&mut self) -> Result<bool, Error>;

    /// Lets instances serve that start.
    async fn open_door(&mut self) -> Result<(), Error>;

    /// Forgets instances that showed by the time that they live, and have not for as long as a month; `false` where more of
    /// them are left. What their builds embed stays known, because others of them may come back.
    async fn forget_gone(&mut self) -> Result<bool, Error>;

    /// The backfills of the set that were begun, with their state and why they are in it; of each version the latest.
    async fn moving(&mut self) -> Result<Vec<Begun>, Error>;

    /// The log of the set's changes, oldest first.
    async fn read_log(&mut self) -> Result<Vec<LogEntry>, Error>;

    /// The latest entry of the log that says under which policy the database is kept.
    async fn policy_chosen(&mut self) -> Result<Option<LogEntry>, Error>;

    /// Adds to the log.
    async fn write_log(&mut self, entries: &[LogEntry]) -> Result<(), Error>;

    /// What is known of these tables, and who is connected. Writes nothing.
    async fn assess(&mut self, tables: &[TableName]) -> Result<Assessments, Error>;

    /// The foreign keys of all tables but the library's own.
    async fn foreign_keys(&mut self) -> Result<Vec<ForeignKeyAssessment>, Error>;

    /// Counts what the up of a migration does to what is there, before it runs, for as long as the limit.
    async fn count_up(&mut self, migration: &Migration, limit: Duration) -> Result<Vec<Counted>, Error>;

    /// The same of the down of a row: `embedded` is the migration where this build has it, else the text that the history
    /// keeps is read.
    async fn count_down(
        &mut self,
        row: &Row,
        embedded: Option<&Migration>,
        limit: Duration,
    ) -> Result<Vec<Counted>, Error>;

    /// How many rows there are in a table, counted as far as `most`; none where it is not there.
    async fn count_up_to(&mut self, table: &str, most: u64) -> Result<u64, Error>;

    /// Records a migration as applied without running it, and with it the migrations that it stands for and that are not
    /// in the history. `said` is what the log says of it then. [`Applied::ByAnother`] means that another instance did.
    async fn record(
        &mut self,
        migration: &Migration,
        reason: Reason,
        history: &History,
        said: &[LogEntry],
    ) -> Result<Applied, Error>;

    /// Takes the lock under which another tool migrates this database, without waiting, or frees it. `false` means that
    /// the tool is migrating now. A tool without a lock has none to wait for.
    async fn lock_tool(&mut self, tool: Tool, take: bool) -> Result<bool, Error>;

    /// Reads another tool's own table, in the order of its versions; `None` where it is not there.
    async fn read_tool(&mut self, tool: Tool, table: &str) -> Result<Option<Vec<ToolRow>>, Error>;

    /// The tables of other tools that are there under their usual names, as far as they can be read and are what they
    /// seem.
    async fn read_tools(&mut self) -> Result<Vec<(Tool, Vec<ToolRow>)>, Error>;

    /// What the history keeps of other sets: their names, each with a version of it.
    async fn other_sets(&mut self) -> Result<Vec<(String, Version)>, Error>;

    /// Records migrations as applied by another tool, all or none of them; `said` is what the log says of them then. [`Applied::ByAnother`] means that its table or
    /// our history is not what was read before, and that nothing was recorded.
    async fn record_adopted(
        &mut self,
        migrations: &[&Migration],
        history: &History,
        source: (Tool, &str, &[ToolRow]),
        said: &[LogEntry],
    ) -> Result<Applied, Error>;

    /// Records a migration as applied whose data was moved and compared, and with it the end of its backfill. `false`,
    /// and nothing recorded, where the comparison is not this worker's any more: somebody paused, cancelled or blocked
    /// the backfill, or another worker took the comparison over.
    async fn complete_backfill(
        &mut self,
        migration: &Migration,
        history: &History,
        worker: &str,
    ) -> Result<bool, Error>;

    /// Takes the digests and the text of a migration over into its row. `keep_marker` tells whether the statement
    /// that was begun, if any, is still the next one. What the row and its text were before goes into the log, as `said`
    /// with the figures of it.
    async fn adopt_digests(
        &mut self,
        row: &Row,
        migration: &Migration,
        keep_marker: bool,
        said: LogEntry,
    ) -> Result<(), Error>;

    /// The digest of the first `count` statements that the history keeps of a version.
    async fn stored_digest(&mut self, row: &Row, count: u32) -> Result<Option<Digest>, Error>;

    /// Gives the lock back and closes.
    async fn close(self: Box<Self>) -> Result<(), Error>;
}

/// The version of a set's migrations in a message.
pub(crate) fn shown(version: Version, name: &str) -> String {
    format!("{version} {name}")
}
