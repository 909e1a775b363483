//! How an instance shows to the others that it lives.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;

use crate::error::Error;
use crate::history::Standing;
use crate::live::{Build, Liveness};

/// An instance that starts.
#[derive(Clone)]
pub struct Arriving {
    /// Its build.
    pub build: Arc<Build>,
    /// How it shows that it lives.
    pub liveness: Liveness,
    /// What it is called.
    pub instance: String,
    /// When it started, by the clock that gates go by.
    pub at_ms: u64,
    /// The same, for what comes later.
    pub started: Instant,
}

impl Arriving {
    /// The time, by the clock that gates go by.
    #[cfg(feature = "sql")]
    pub(crate) fn now_ms(&self) -> u64 {
        let passed = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.at_ms.saturating_add(passed)
    }
}

/// What an instance finds that has registered.
pub struct Arrival {
    /// What holds the registration; `None` where the database cannot be shared with others, or keeps no register.
    pub presence: Option<Box<dyn Presence>>,
    /// What the history said behind the registration.
    pub standing: Standing,
    /// Whether a contract is being applied just now: what the history said may be old in a moment.
    pub door_closed: bool,
}

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// It holds.
    Held,
    /// It was lost, or was over for a moment, and is there again: a contract may have been applied meanwhile.
    Again,
}

/// A registration. Dropping it ends it, as the end of the process does.
#[async_trait]
pub trait Presence: Send {
    /// Shows that the instance lives. Where the registration was lost, it is made again.
    async fn beat(&mut self) -> Result<Beat, Error>;

    /// Reads what a start asks for, behind the registration. `None` where a contract is being applied just now: what the
    /// history says would be old in a moment.
    async fn look(&mut self) -> Result<Option<Standing>, Error>;

    /// Writes down that an instance of this build lives, so that who looks later knows it also if it is gone by then. Where
    /// that cannot be written, it says `false`.
    async fn tell(&mut self) -> bool;

    /// Gives up what does not answer, so that the next [`beat`](Self::beat) registers anew.
    fn give_up(&mut self);

    /// Resolves when the pool is closed, or nobody uses it any more.
    async fn abandoned(&mut self);

    /// Ends the registration.
    async fn leave(self: Box<Self>);
}
