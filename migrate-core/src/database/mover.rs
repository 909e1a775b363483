//! What a worker asks of a database while it moves data.

use std::time::Duration;

use async_trait::async_trait;

use crate::backfill::{BackfillRate, BackfillSettings, BackfillState, BackfillStatus, Cell, Code, FailedRow};
use crate::change::LogEntry;
use crate::database::Server;
use crate::error::Error;
use crate::model::directives::Sync;
use crate::model::{Migration, Version};

/// One backfill, and who works on it.
pub struct Job<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// Which attempt at it.
    pub attempt: u32,
    /// What the database keeps equal meanwhile, in the same change.
    pub syncs: &'a [Sync],
    /// What moves the rows, where the statement of the file does not.
    pub code: Option<Code>,
    /// The worker: unlike any other one, now and later.
    pub worker: &'a str,
    /// How long a part of the table stays the worker's when it is not heard of.
    pub lease: Duration,
    /// Whether another migration inserts into the same table.
    pub shared: bool,
}

/// A part of the table that one worker has for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Which part.
    pub(crate) number: i64,
    /// How often it was given away: a worker that lost it knows a smaller number.
    pub(crate) fence: i64,
    /// The key up to which, and with which, its rows are done; `None` at the beginning of the table.
    pub(crate) cursor: Option<String>,
    /// The last key of it; empty where it is not a part of the table, but the rows that were set aside.
    pub(crate) high: String,
}

impl Lease {
    /// Whether it is the rows that were set aside.
    #[cfg(feature = "sql")]
    pub(crate) fn is_of_rows_set_aside(&self) -> bool {
        self.high.is_empty()
    }
}

/// A row for Rust code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its key.
    pub(crate) key: String,
    /// How often it was tried before.
    pub(crate) attempts: u32,
    /// What was read, as the database compares it.
    pub(crate) read: Vec<Option<String>>,
    /// The same for the code.
    pub(crate) cells: Vec<Cell>,
}

/// Rows for Rust code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The rows, in the order of their keys.
    pub(crate) rows: Vec<Source>,
    /// The keys of rows that were set aside and are not there any more.
    pub(crate) gone: Vec<String>,
    /// Whether the part ends with them.
    pub(crate) ends: bool,
    /// For how long it was waited for others before they were read.
    pub(crate) waited: Duration,
}

/// For each column that is written its new value, or `None` where it is left as it is; or why the row is set aside.
pub type Transformed = Result<Vec<Option<Cell>>, String>;

/// What is there for a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// This part.
    Part(Lease),
    /// Others have all that is left.
    Others,
    /// Nothing: every row was visited.
    Nothing,
    /// It never began, and has to be enlisted first: a person let it go on that was refused.
    NotBegun,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many rows it visited.
    pub visited: u32,
    /// How many it wrote.
    pub changed: u64,
    /// How many it set aside.
    pub failed: u32,
    /// Whether its part is done.
    pub ended: bool,
    /// For how long it waited for others who write, and held nothing itself: fewer rows would wait as long.
    pub waited: Duration,
    /// How long its commit took.
    pub committing: Duration,
}

/// What a worker did within some seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// From the beginning of its first batch until now.
    pub span: Duration,
    /// The time of its batches, with the pauses behind them.
    pub worked: Duration,
    /// How many rows it visited.
    pub visited: u64,
    /// How many it wrote.
    pub changed: u64,
    /// How many batches it committed.
    pub batches: u64,
}

/// How rows are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// By what the statement assigns.
    #[default]
    Assigned,
    /// By checksums of two tables.
    Checksums,
    /// By what the Rust code says of each.
    Code,
}

/// How many rows there are on the two sides of a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many are selected.
    pub source: u64,
    /// How many the other table has.
    pub target: u64,
    /// That table.
    pub table: String,
    /// Whether it may have more.
    pub may_be_more: bool,
}

/// What a comparison of a part of the table found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// How it was made.
    pub how: How,
    /// The key up to which it came; `None` behind the last one.
    pub upto: Option<String>,
    /// How many rows it compared.
    pub rows: u64,
    /// The keys of rows that differ.
    pub divergent: Vec<String>,
    /// How many random rows were read once more, each by itself and byte by byte.
    pub sampled: u64,
    /// The keys of those that differ.
    pub wrong_in_sample: Vec<String>,
}

/// A row that is not right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Its key.
    pub key: String,
    /// What it follows from: the same text while nobody writes that.
    pub source: String,
}

/// How a database is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// By how much the slowest replica is behind; `None` where the database has none that it knows.
    pub lag: Option<Duration>,
    /// Why that cannot be read, where it cannot: then nobody should rely on it.
    pub unreadable: Option<String>,
}

/// Why a step did not come about.
#[derive(Debug)]
pub enum Stumble {
    /// Somebody holds the rows, or the statement ran into its time-out: fewer rows may pass.
    Locked(Error),
    /// The lock that all writers of the database share is somebody else's: fewer rows would wait as long.
    Busy(Error),
    /// A deadlock, or a transaction that could not be serialised: the same may pass.
    Conflict(Error),
    /// The connection is gone; whether the step was committed shows in the database.
    Connection(Error),
    /// The part is another worker's by now, and nothing was written.
    LeaseLost,
    /// The same would fail again.
    Fatal(Error),
}

/// A connection that moves data. Dropping it in the middle of a batch undoes that batch.
#[async_trait]
pub trait Mover: Send {
    /// The server it is connected to.
    fn server(&self) -> &Server;

    /// Makes sure that nobody else uses the connection, as everything that moves or compares rows needs it.
    async fn stand_alone(&mut self) -> Result<(), Error>;

    /// Makes the state of a backfill where it has none, and with it the end: the highest key that there is now.
    async fn enlist(&mut self, job: &Job<'_>) -> Result<(), Stumble>;

    /// Writes down that a backfill could not begin, with the reason: it is blocked until a person lets it go on, or its
    /// file is another one. `false` where it has begun.
    async fn refuse(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble>;

    /// The state of a backfill.
    async fn status(&mut self, version: Version, attempt: u32) -> Result<Option<BackfillStatus>, Stumble>;

    /// Takes a part of about so many rows: one that nobody is heard of any more, or the next one.
    async fn claim(&mut self, job: &Job<'_>, rows: u64) -> Result<Claim, Stumble>;

    /// Moves the next rows of a part, and writes the new cursor in the same transaction.
    async fn advance(&mut self, job: &Job<'_>, lease: &mut Lease, rows: u32) -> Result<Moved, Stumble>;

    /// Reads the next rows of a part for Rust code, without a transaction that stays open.
    async fn read(&mut self, job: &Job<'_>, lease: &Lease, rows: u32) -> Result<Batch, Stumble>;

    /// Writes what became of the first rows of a batch, as many as there are answers, and the new cursor in the same
    /// transaction. A row that somebody wrote since it was read stays as it is, and is kept to be read again.
    async fn write(
        &mut self,
        job: &Job<'_>,
        lease: &mut Lease,
        batch: Batch,
        answers: Vec<Transformed>,
    ) -> Result<Moved, Stumble>;

    /// Rows that are set aside, the oldest first, at most so many.
    async fn failed_rows(
        &mut self,
        version: Version,
        attempt: u32,
        limit: u32,
    ) -> Result<Vec<FailedRow>, Stumble>;

    /// Says that the worker is still there.
    async fn renew(&mut self, job: &Job<'_>, lease: &Lease) -> Result<(), Stumble>;

    /// Gives a part back that is not done.
    async fn release(&mut self, job: &Job<'_>, lease: &Lease) -> Result<(), Stumble>;

    /// How the database is doing.
    async fn load(&mut self) -> Result<Load, Stumble>;

    /// Begins the comparison, or holds it, if nobody else makes it: `false` where somebody does.
    async fn begin_comparison(&mut self, job: &Job<'_>) -> Result<bool, Stumble>;

    /// Marks the backfill as blocked by what the comparison found. `false` where that is not this worker's any more.
    async fn block_comparison(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble>;

    /// Compares about so many rows behind a key, and reads so many random ones of them once more. `None` where the shape
    /// of the data does not say what is right: then the verify queries do.
    async fn compare(
        &mut self,
        job: &Job<'_>,
        after: Option<&str>,
        rows: u64,
        sample: u32,
    ) -> Result<Option<Compared>, Stumble>;

    /// Which of these rows still differ, and what they follow from; those of the sample are looked at as it did.
    async fn recheck(
        &mut self,
        job: &Job<'_>,
        keys: &[String],
        in_sample: bool,
    ) -> Result<Vec<Differs>, Stumble>;

    /// Counts the rows of both sides, where rows are copied from one table to another.
    async fn count_sides(&mut self, job: &Job<'_>) -> Result<Option<Counted>, Stumble>;

    /// Asks the verify queries of the file. An answer that is not the expected one is an
    /// [`Error::is_verification`].
    async fn ask_verify(&mut self, job: &Job<'_>) -> Result<u32, Stumble>;

    /// Changes the state of a backfill, if it is one of `from`. `false` where it was not.
    async fn turn(
        &mut self,
        version: Version,
        attempt: u32,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble>;

    /// The same by the word of a person: `said` is written into the log with it, with the figures of what was before.
    async fn steer(
        &mut self,
        version: Version,
        attempt: u32,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
        said: LogEntry,
    ) -> Result<bool, Stumble>;

    /// Lets a backfill that is held try the rows again that were set aside; where there are none, begin again from the
    /// first row, up to the last one that there is now. So does one whose data was right. `false` where it is none of
    /// these. `said` is written into the log with it.
    async fn restart(&mut self, job: &Job<'_>, said: LogEntry) -> Result<bool, Stumble>;

    /// Begins to look again at data that was right, unless that was done within this time or somebody does it.
    async fn begin_again(&mut self, job: &Job<'_>, every: Duration) -> Result<bool, Stumble>;

    /// Says that the worker is still looking. `false` where somebody else does, or it is not right any more.
    async fn hold_again(&mut self, job: &Job<'_>) -> Result<bool, Stumble>;

    /// Keeps what was found, where everything is right.
    async fn end_again(&mut self, job: &Job<'_>, report: &str) -> Result<bool, Stumble>;

    /// Keeps what a comparison found.
    async fn keep_report(&mut self, job: &Job<'_>, report: &str) -> Result<(), Stumble>;

    /// Adds what a worker did to the history of the rate, which keeps only its newest figures.
    async fn keep_pace(&mut self, job: &Job<'_>, pace: &Pace) -> Result<(), Stumble>;

    /// The history of the rate of all backfills of the set, the newest first, at most so many figures.
    async fn rates(&mut self, limit: u32) -> Result<Vec<BackfillRate>, Stumble>;

    /// Sets what holds over what the file says; `said` is written into the log with what held before.
    async fn set(
        &mut self,
        version: Version,
        attempt: u32,
        settings: &BackfillSettings,
        said: LogEntry,
    ) -> Result<bool, Stumble>;

    /// The key as a person reads it.
    fn shown(&mut self, key: &str) -> String;

    /// Closes the connection.
    async fn close(self: Box<Self>) -> Result<(), Error>;
}
