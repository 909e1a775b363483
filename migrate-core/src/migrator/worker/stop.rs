//! How a worker is asked to stop, and how it says that it has.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use futures_timer::Delay;

use crate::error::Error;

/// How often a worker that waits looks whether it should stop.
const LOOK: Duration = Duration::from_millis(50);

/// Asks a worker to stop. Clones ask the same worker.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    asked: Arc<AtomicBool>,
}

impl Stop {
    /// One that nobody asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the worker to stop behind the batch that runs. Returns at once.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Release);
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    /// What a signal sets.
    #[cfg(feature = "cli")]
    pub(crate) fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.asked)
    }

    /// Waits that long, or until it is asked.
    pub(in crate::migrator) async fn wait(&self, time: Duration) {
        let started = Instant::now();
        loop {
            let left = time.saturating_sub(started.elapsed());
            if left.is_zero() || self.is_asked() {
                return;
            }
            Delay::new(left.min(LOOK)).await;
        }
    }
}

#[derive(Debug, Default)]
struct Ended {
    result: Option<Result<(), Error>>,
    waker: Option<Waker>,
}

/// The end of a worker that was spawned.
#[derive(Clone, Debug, Default)]
pub(super) struct End(Arc<Mutex<Ended>>);

impl End {
    pub(super) fn reached(&self, result: Result<(), Error>) {
        let mut ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ended.result = Some(result);
        if let Some(waker) = ended.waker.take() {
            waker.wake();
        }
    }

    pub(super) async fn wait(&self) -> Result<(), Error> {
        poll_fn(|context| {
            let mut ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match ended.result.take() {
                Some(result) => Poll::Ready(result),
                None => {
                    ended.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}
