//! What a worker asks of a database while it moves data.

use std::time::Duration;

use async_trait::async_trait;

use crate::backfill::{BackfillRate, BackfillSettings, BackfillState, BackfillStatus, Cell, Code, FailedRow};
use crate::change::LogEntry;
use crate::database::Server;
use crate::error::Error;
use crate::model::directives::Sync;
use crate::model::{Digest, Migration, Version};

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
    /// Its rows are moved by another text of its file.
    OfAnotherText,
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
    /// What it took beside its rows.
    pub spent: Spent,
}

/// What batches took beside their rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Waiting for others who write, with nothing held: fewer rows would wait as long.
    pub waited: Duration,
    /// Their commits.
    pub committing: Duration,
    /// The newest statement that did nothing.
    pub round_trip: Duration,
}

/// What a person says to a backfill before it has begun.
#[derive(Clone, Copy, Debug)]
pub enum Ahead<'a> {
    /// It is not to begin, with the reason.
    Pause(&'a str),
    /// What holds over what the file says.
    Set(&'a BackfillSettings),
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
    /// How many of those are not selected, and there because triggers keep them equal with their source.
    pub kept: u64,
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
    /// The keys of rows that differ, the first thousand of them.
    pub divergent: Vec<String>,
    /// How many more differ.
    pub more: u64,
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

/// The two tables of a copy whose single rows can be repaired, as the file names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopiedTables {
    /// The one that is visited.
    pub source: String,
    /// The one that is written to.
    pub target: String,
}

/// Rows of a part of the two tables of a copy, and which of them are not the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The key up to which it was looked; `None` behind the last one.
    pub upto: Option<String>,
    /// How many rows of the source there are.
    pub rows: u64,
    /// The keys of those that are not the same on both sides.
    pub keys: Vec<String>,
}

/// The rows of one key on one side of a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenSide {
    /// How many there are.
    pub rows: u64,
    /// What is in the last of them, so that another value of any column is another text.
    pub said: String,
    /// The same of what only that side can show.
    pub own: String,
}

/// The rows of one key that are not the same on the two sides of a copy, as they were seen by one snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Their key.
    pub key: String,
    /// What is selected.
    pub source: SeenSide,
    /// What the other table has.
    pub target: SeenSide,
}

/// What became of a row that was to be repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was missing, and is there.
    Inserted,
    /// It was different, and is right.
    Updated,
    /// Somebody wrote one of the two sides since it was seen.
    Left,
    /// The database does not take what it should be.
    Refused(String),
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

    /// What was spent beside rows since that was asked last, or since the last batch began.
    fn spent(&mut self) -> Spent;

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

    /// Gives back what a worker has and is not done: its part, and the comparison.
    async fn leave(&mut self, version: Version, attempt: u32, worker: &str) -> Result<(), Stumble>;

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

    /// The same by a worker, while the text of the file that it has is the one that counts.
    async fn turn_own(
        &mut self,
        job: &Job<'_>,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble>;

    /// The same by the word of a person: `said` is written into the log with it, with the figures of what was before. With
    /// `moves` the text of that digest counts from then on, and where that is another one than before, all parts are taken
    /// from their workers, whatever they do.
    async fn steer(
        &mut self,
        version: Version,
        attempt: u32,
        from: &[BackfillState],
        becomes: (BackfillState, Option<&str>),
        moves: Option<Digest>,
        said: LogEntry,
    ) -> Result<bool, Stumble>;

    /// Writes down what a person says to a backfill that has not begun, so that the first worker keeps to it; `said` is
    /// written into the log with it. `false`, and nothing is written, where one has begun meanwhile.
    async fn ahead(
        &mut self,
        version: Version,
        attempt: u32,
        ahead: Ahead<'_>,
        said: LogEntry,
    ) -> Result<bool, Stumble>;

    /// Lets a backfill that is held try the rows again that were set aside; where there are none, begin again from the
    /// first row, up to the last one that there is now. So does one whose data was right. `false` where it is none of
    /// these. `said` is written into the log with it.
    async fn restart(&mut self, job: &Job<'_>, said: LogEntry) -> Result<bool, Stumble>;

    /// The two tables of a copy whose single rows can be repaired; or why they cannot be, with what to do instead.
    async fn repairable(&mut self, job: &Job<'_>) -> Result<Result<CopiedTables, String>, Stumble>;

    /// Looks at about so many rows of the source behind a key, and the rows of the target there.
    async fn find_apart(&mut self, job: &Job<'_>, after: Option<&str>, rows: u64) -> Result<Found, Stumble>;

    /// Looks at both sides of these keys: those that are not the same now.
    async fn look_at(&mut self, job: &Job<'_>, keys: &[String]) -> Result<Vec<Seen>, Stumble>;

    /// Takes the repair for this worker, whoever had it, and closes the data until it is compared again; or why that is
    /// not possible in its state. `said` is written into the log with it.
    async fn begin_repair(&mut self, job: &Job<'_>, said: LogEntry) -> Result<Result<(), String>, Stumble>;

    /// Writes rows as the statement of the file makes them, each unless somebody wrote it since it was seen, and counts
    /// them in the same transaction: what became of each.
    async fn repair(&mut self, job: &Job<'_>, rows: &[Seen]) -> Result<Vec<Became>, Stumble>;

    /// Ends the repair, so that everything is compared once more. `said` is written into the log with it.
    async fn end_repair(&mut self, job: &Job<'_>, said: LogEntry) -> Result<(), Stumble>;

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
