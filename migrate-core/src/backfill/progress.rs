//! What a worker tells of a backfill while it moves rows.

use core::fmt;
use core::time::Duration;

use crate::model::Version;

/// Why a worker does not move rows just now, or moves fewer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Throttled {
    /// A replica is behind.
    Lag {
        /// By so much.
        lag: Duration,
        /// It may be behind by so much.
        limit: Duration,
    },
    /// A batch did not get its row locks, or ran into its time-out.
    Locks,
    /// Other connections hold the one write lock that an SQLite database has.
    Busy,
    /// Other workers have what is left. What one that died had is free when its lease is over; on SQLite at once.
    Others {
        /// How long a lease is.
        lease: Duration,
    },
    /// The file's window is closed.
    Window,
    /// The application's own measure says so.
    Custom(String),
}

impl fmt::Display for Throttled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Throttled::Lag { lag, limit } => write!(
                f,
                "a replica is {:.1} s behind (limit {:.1} s)",
                lag.as_secs_f64(),
                limit.as_secs_f64()
            ),
            Throttled::Locks => f.write_str("a batch waited for locks"),
            Throttled::Busy => f.write_str("it waits for the write lock of the database"),
            Throttled::Others { lease } => write!(
                f,
                "other workers have what is left; what a dead one had is free within {} s",
                lease.as_secs_f64().ceil()
            ),
            Throttled::Window => f.write_str("its window is closed"),
            Throttled::Custom(reason) => f.write_str(reason),
        }
    }
}

/// How far a backfill is, as the worker that tells sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The migration's version.
    pub version: Version,
    /// How many batches this worker committed.
    pub batches: u64,
    /// How many rows the newest of them visited.
    pub batch: u32,
    /// How many rows were visited, by all workers.
    pub visited: u64,
    /// About how many there are; 0 where the database does not know.
    pub estimate: u64,
    /// Rows per second of this worker, over its last batches with their pauses.
    pub rate: f64,
    /// For how long this worker has worked on it.
    pub elapsed: Duration,
    /// How long the rest will take at this rate, where that can be said.
    pub remaining: Option<Duration>,
    /// Why it does not go faster.
    pub throttled: Option<Throttled>,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} rows", self.version, self.visited)?;
        if self.estimate > 0 {
            let percent = (self.visited as f64 / self.estimate as f64 * 100.0).min(100.0);
            write!(f, " of about {} ({percent:.0} %)", self.estimate)?;
        }
        if self.batch > 0 {
            write!(f, ", batch of {}", self.batch)?;
        }
        write!(f, ", {:.0} rows/s", self.rate)?;
        if let Some(remaining) = self.remaining {
            write!(f, ", {} s to go", remaining.as_secs())?;
        }
        if let Some(throttled) = &self.throttled {
            write!(f, "; throttled: {throttled}")?;
        }
        Ok(())
    }
}
