//! Backfills: data that is moved in batches while builds go on reading and writing it.
//!
//! Nothing here does I/O. The engine is the migrator's worker; what a database does for it is its driver's.

mod cell;
mod pace;
mod progress;
mod rate;
mod throttle;
mod transform;

use core::fmt;
use core::time::Duration;

use crate::model::{Digest, Migration, Version};

pub use cell::Cell;
#[doc(hidden)]
pub use cell::{
    parse, parse_bytes, parse_bytes_option, parse_option, show, show_bytes, show_bytes_option, show_option,
};
pub(crate) use pace::Pace;
pub use progress::{Progress, Throttled};
pub use rate::BackfillRate;
pub(crate) use throttle::AnyThrottle;
pub use throttle::{Throttle, Verdict};
pub use transform::{Code, Row, Transform};

/// How far a backfill is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BackfillState {
    /// Rows are moved, by whoever works.
    Moving,
    /// Somebody paused it.
    Paused,
    /// Something is wrong that a person has to see: the reason tells what. It goes on when it is resumed.
    Blocked,
    /// Every row was visited; what came out is compared.
    Verifying,
    /// What came out is right.
    Verified,
    /// Somebody gave it up. It does not go on before it is resumed.
    Cancelled,
}

impl BackfillState {
    const ALL: [BackfillState; 6] = [
        BackfillState::Moving,
        BackfillState::Paused,
        BackfillState::Blocked,
        BackfillState::Verifying,
        BackfillState::Verified,
        BackfillState::Cancelled,
    ];

    /// The word in the database.
    pub const fn name(self) -> &'static str {
        match self {
            BackfillState::Moving => "moving",
            BackfillState::Paused => "paused",
            BackfillState::Blocked => "blocked",
            BackfillState::Verifying => "verifying",
            BackfillState::Verified => "verified",
            BackfillState::Cancelled => "cancelled",
        }
    }

    /// The state of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether workers go on with it by themselves.
    #[cfg(feature = "sql")]
    pub(crate) const fn goes_on(self) -> bool {
        matches!(self, BackfillState::Moving | BackfillState::Verifying)
    }
}

impl fmt::Display for BackfillState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What is set for a backfill while it runs, over what its file says. Workers read it before each batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackfillSettings {
    /// The most rows of a batch; 50,000 where nothing is set. The file's `batch=` is another thing: how many the first one has.
    pub max_batch: Option<u32>,
    /// The pause between two batches.
    pub pause: Option<Duration>,
    /// The replica lag above which it pauses.
    pub max_lag: Option<Duration>,
    /// How many rows may be set aside before it stops.
    pub failures: Option<u32>,
}

/// A row that Rust code could not move: it was set aside, and the backfill went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedRow {
    /// The row's key, as a person reads it.
    pub key: String,
    /// Why.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was tried last.
    pub at: std::time::SystemTime,
}

/// A backfill as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillStatus {
    /// The migration's version.
    pub version: Version,
    /// How often it was tried before, plus one.
    pub attempt: u32,
    /// How far it is.
    pub state: BackfillState,
    /// Whether it has begun. What was said to it before is kept to when the first worker comes; one whose statement the
    /// database refused before any row was touched has not begun either.
    pub has_begun: bool,
    /// Why, where somebody or something stopped it.
    pub reason: Option<String>,
    /// About how many rows there are to visit; 0 where the database does not know.
    pub estimate: u64,
    /// How many rows were visited.
    pub visited: u64,
    /// How many rows were written.
    pub changed: u64,
    /// How many rows are set aside, because the Rust code could not move them.
    pub failures: u64,
    /// How many batches were committed.
    pub batches: u64,
    /// How long it was worked on since it began, over all workers at once.
    pub elapsed: Duration,
    /// What is set over what the file says.
    pub settings: BackfillSettings,
    /// The instances that hold a part of it.
    pub workers: Vec<String>,
    /// What the comparison found, once it was made.
    pub report: Option<String>,
    /// What it waits for while its state is that it moves: the hours of its file, or a worker that takes it up.
    pub waits: Option<String>,
    /// The digest of the text of its file by which rows are moved, where it has begun.
    pub moved_by: Option<Digest>,
    /// How many rows had been visited by another text of its file, when the one that counts now took over.
    pub moved_otherwise: u64,
    /// Whether the build that asks has another text of its file than the one that counts: its workers keep off.
    pub is_of_another_text: bool,
}

/// What a build is told that has another text of the file than the one by which rows are moved.
pub(crate) fn of_another_text(version: Version) -> String {
    format!(
        "its rows are moved by another text of its file than this build has, so that this one keeps off; where this one is \
         right, `resume` by this build (`migrate backfill resume {version}`) takes it over, and workers with any other keep off \
         from then on"
    )
}

impl BackfillStatus {
    /// As the build sees it that has this file.
    pub(crate) fn seen_with(mut self, migration: &Migration) -> Self {
        let other = self
            .moved_by
            .is_some_and(|moved_by| moved_by != migration.moves());
        self.is_of_another_text = other && self.state != BackfillState::Verified;
        self
    }

    /// Rows visited per second, on average; 0 at the beginning.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 {
            self.visited as f64 / seconds
        } else {
            0.0
        }
    }

    /// Whether somebody or something stopped it.
    pub(crate) fn is_held(&self) -> bool {
        use BackfillState::{Blocked, Cancelled, Paused};
        matches!(self.state, Blocked | Cancelled | Paused)
    }

    /// How long the rest will take at this rate, where that can be said: while it moves.
    pub fn remaining(&self) -> Option<Duration> {
        if self.state != BackfillState::Moving || self.waits.is_some() {
            return None;
        }
        let rest = self.estimate.checked_sub(self.visited)?;
        let rate = self.rate();
        (self.estimate > 0 && rate > 0.0).then(|| Duration::from_secs_f64(rest as f64 / rate))
    }
}

impl fmt::Display for BackfillStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.has_begun {
            // What moves before it has begun is only what somebody set for it.
            match self.state {
                BackfillState::Moving => f.write_str("not begun")?,
                state => write!(f, "{state}: not begun")?,
            }
        } else {
            write!(f, "{}: {} rows", self.state, self.visited)?;
            if self.estimate > 0 {
                write!(f, " of about {}", self.estimate)?;
            }
            write!(f, ", {} changed, {} batches", self.changed, self.batches)?;
        }
        // What stands still has no speed.
        if self.has_begun && !self.is_held() && self.waits.is_none() {
            write!(f, ", {:.0} rows/s", self.rate())?;
        }
        match self.failures {
            0 => {}
            1 => f.write_str(", 1 row set aside")?,
            many => write!(f, ", {many} rows set aside")?,
        }
        if let Some(remaining) = self.remaining() {
            write!(f, ", {} s to go", remaining.as_secs())?;
        }
        if let Some(waits) = &self.waits {
            write!(f, "; waits for {waits}")?;
        }
        if let Some(reason) = &self.reason {
            write!(f, "; {reason}")?;
        }
        if let Some(report) = &self.report {
            write!(f, "; {report}")?;
        }
        if self.moved_otherwise > 0 && self.state != BackfillState::Verified {
            write!(
                f,
                "; {} rows were visited by another text of its file before",
                self.moved_otherwise
            )?;
        }
        if self.is_of_another_text {
            write!(f, "; {}", of_another_text(self.version))?;
        }
        Ok(())
    }
}
