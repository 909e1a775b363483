//! What a worker has of a backfill, and what becomes of it where the worker is dropped: nobody waits for who is not there.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures_timer::Delay;

use crate::database::SignOfLife;
use crate::database::mover::Stumble;
use crate::error::Error;
use crate::migrator::Migrator;
use crate::model::Version;

/// How often a worker that was dropped tries to give back what it had: its batch may not be undone yet.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);

/// What one worker has of one backfill.
pub(super) struct Held<'a> {
    migrator: &'a Migrator,
    backfill: (Version, u32),
    worker: String,
    /// What shows to others that it lives.
    sign: Option<Box<dyn SignOfLife>>,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing.
    Free,
    /// A part, or the comparison.
    Taken,
    /// The same; giving it back was tried, and may not have come about.
    Tried,
}

impl<'a> Held<'a> {
    pub(super) fn new(migrator: &'a Migrator, backfill: (Version, u32), worker: String) -> Self {
        Self {
            migrator,
            backfill,
            worker,
            sign: None,
            state: State::Free,
        }
    }

    /// Shows that the worker lives, where others can see that.
    pub(super) fn show(&mut self) {
        if self.sign.is_none() {
            let Migrator {
                driver, namespace, ..
            } = self.migrator;
            self.sign = driver.sign_of_life(namespace, &self.worker);
        }
    }

    /// From here on the worker has something.
    pub(super) fn take(&mut self) {
        self.state = State::Taken;
    }

    /// Whether something is to be given back, which is tried once.
    pub(super) fn may_give_back(&mut self) -> bool {
        let may = self.state == State::Taken;
        if may {
            self.state = State::Tried;
        }
        may
    }

    pub(super) fn is_given_back(&mut self) {
        self.state = State::Free;
    }

    /// The worker came to its end and has no part any more.
    pub(super) fn is_over(&mut self) {
        if self.state == State::Taken {
            self.state = State::Free;
        }
    }

    /// Gives back beside the caller what the worker had. Where nobody runs that, its lease ends by itself.
    fn give_back(&mut self) {
        let (migrator, worker) = (self.migrator.clone(), std::mem::take(&mut self.worker));
        let (version, attempt) = self.backfill;
        let given_back = async move {
            for _ in 0..TRIES {
                match give_back(&migrator, version, attempt, &worker).await {
                    Err(Stumble::Locked(_) | Stumble::Busy(_) | Stumble::Conflict(_)) => {
                        Delay::new(PAUSE).await;
                    }
                    _ => return,
                }
            }
        };
        // Spawning panics where no runtime is entered, and a panic in a destructor could end the process.
        let spawn = AssertUnwindSafe(|| self.migrator.driver.spawn(Box::pin(given_back)));
        let _ = catch_unwind(spawn);
    }
}

async fn give_back(migrator: &Migrator, version: Version, attempt: u32, worker: &str) -> Result<(), Stumble> {
    let opened = migrator.mover(&migrator.session).await;
    let mut mover = opened.map_err(Stumble::Fatal)?;
    let left = mover.leave(version, attempt, worker).await;
    let closed: Result<(), Error> = mover.close().await;
    left?;
    closed.map_err(Stumble::Fatal)
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        match (self.state, self.sign.take()) {
            (State::Free, sign) => sign.into_iter().for_each(|sign| sign.remove()),
            // What stays of it shows that the worker is gone.
            (_, Some(sign)) => drop(sign),
            (_, None) => self.give_back(),
        }
    }
}
