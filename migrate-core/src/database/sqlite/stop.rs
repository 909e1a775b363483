//! What ends a statement before its end: its run was cancelled, or its time is over.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::database::sql::DatabaseError;

/// The primary code of a statement that was interrupted.
const INTERRUPTED: u32 = 9;

/// Looked at by SQLite while a statement runs.
pub(super) struct Stop {
    cancelled: AtomicBool,
    began: Instant,
    /// Until when the statement may run, in microseconds since `began`; 0 is without end.
    until: AtomicU64,
    /// The same for all statements together.
    altogether: AtomicU64,
}

impl Stop {
    pub(super) fn new() -> Self {
        Self {
            cancelled: AtomicBool::new(false),
            began: Instant::now(),
            until: AtomicU64::new(0),
            altogether: AtomicU64::new(0),
        }
    }

    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// A statement begins that may take so long.
    pub(super) fn begin(&self, limit: Option<Duration>) {
        self.until.store(self.end_of(limit), Ordering::Relaxed);
    }

    /// All statements from now on may take so long together.
    pub(super) fn limit(&self, limit: Option<Duration>) {
        self.altogether.store(self.end_of(limit), Ordering::Relaxed);
    }

    fn end_of(&self, limit: Option<Duration>) -> u64 {
        limit.map_or(0, |limit| micros(self.began.elapsed() + limit))
    }

    /// It ended. Where it was ended for its time, its error says so.
    pub(super) fn end<T>(&self, mut result: Result<T, DatabaseError>) -> Result<T, DatabaseError> {
        let was_over = self.is_over();
        self.until.store(0, Ordering::Relaxed);
        if let Err(error) = &mut result {
            let code = error.code.as_deref().and_then(|code| code.parse::<u32>().ok());
            error.is_timeout = was_over && code.is_some_and(|code| code & 0xff == INTERRUPTED);
        }
        result
    }

    /// Whether the statement that runs may go on.
    pub(super) fn goes_on(&self) -> bool {
        !self.cancelled.load(Ordering::Relaxed) && !self.is_over()
    }

    fn is_over(&self) -> bool {
        [&self.until, &self.altogether].into_iter().any(|end| {
            let end = end.load(Ordering::Relaxed);
            end != 0 && micros(self.began.elapsed()) > end
        })
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
