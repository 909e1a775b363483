//! How fast data was moved.

use core::fmt;
use core::time::Duration;
use std::time::SystemTime;

use crate::model::Version;

/// How fast the data of a migration was moved within about ten seconds, by all workers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillRate {
    /// The migration's version.
    pub version: Version,
    /// How often it was tried before, plus one.
    pub attempt: u32,
    /// The table whose rows were visited, as the file names it.
    pub table: String,
    /// When the first of its batches began, by the clock of the database.
    pub at: SystemTime,
    /// From then until the end of the last one, whatever held workers back in between.
    pub span: Duration,
    /// How long workers moved rows, with the pauses behind their batches and nothing else that held them back. Several
    /// workers work at once, so it may be longer than `span`.
    pub worked: Duration,
    /// How many rows were visited.
    pub visited: u64,
    /// How many of them were written.
    pub changed: u64,
    /// How many batches were committed.
    pub batches: u64,
}

impl BackfillRate {
    /// Rows visited per second by all workers, with what held them back; 0 where that cannot be said.
    pub fn per_second(&self) -> f64 {
        per_second(self.visited, self.span)
    }

    /// Rows visited per second by one worker that nothing but its pauses held back; 0 where that cannot be said.
    pub fn per_worker(&self) -> f64 {
        per_second(self.visited, self.worked)
    }
}

fn per_second(rows: u64, time: Duration) -> f64 {
    let seconds = time.as_secs_f64();
    if seconds > 0.0 { rows as f64 / seconds } else { 0.0 }
}

impl fmt::Display for BackfillRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} rows of {} in {} batches, {:.0} rows/s, {:.0} per worker",
            self.version,
            self.visited,
            self.table,
            self.batches,
            self.per_second(),
            self.per_worker()
        )
    }
}
