//! What a repair waits for, and what it does where a step did not come about.

use std::time::Instant;

use super::super::crew::{Crew, LOOK};
use super::super::look::{ask_monitor, ask_throttle};
use super::{FEWEST_ROWS, Round};
use crate::backfill::{Throttled, Verdict};
use crate::database::mover::Stumble;
use crate::error::{Error, Kind};
use crate::monitor::Stage;

impl Crew<'_> {
    /// Waits while something asks for care, and for the file's window where it `writes`; what would block a backfill ends the repair.
    pub(super) async fn wait_for_care(&mut self, writes: bool) -> Result<(), Stumble> {
        loop {
            self.connect().await?;
            let Some(mover) = self.mover.as_mut() else {
                return Ok(());
            };
            let load = mover.load().await?;
            let (hard, soft) = (self.migrator.work.hard_lag.max(self.soft_lag), self.soft_lag);
            let change = self.migration.change_name();
            let too_far = load.lag.filter(|lag| *lag > hard);
            let too_far = too_far.map(|lag| Throttled::Lag { lag, limit: hard }.to_string());
            let fired = ask_monitor(self.migrator, &change, Stage::Backfilling, self.stop).await;
            let mut held = load
                .lag
                .filter(|lag| *lag > soft)
                .map(|lag| Throttled::Lag { lag, limit: soft });
            let verdict = ask_throttle(self.migrator, self.stop).await;
            let stopped = match verdict {
                None | Some(Ok(Verdict::Go)) => None,
                Some(Ok(Verdict::Pause(reason))) => {
                    held = Some(Throttled::Custom(reason));
                    None
                }
                Some(Ok(Verdict::Stop(reason))) => Some(reason),
                Some(Err(error)) => Some(format!("the application's throttle cannot be asked: {error}")),
            };
            let stopped = load
                .unreadable
                .or(too_far)
                .or(fired.map(|fired| fired.to_string()))
                .or(stopped);
            if let Some(reason) = stopped {
                let message = format!("the repair of {} is stopped: {reason}", self.migration);
                let error = Error::new(Kind::Backfill, message).migration(self.migration);
                return Err(Stumble::Fatal(
                    error.help("what was repaired stays; begin it again when that is over"),
                ));
            }
            if held.is_none() && writes && !self.is_window_open() {
                held = Some(Throttled::Window);
            }
            let Some(held) = held else {
                self.throttled = None;
                return Ok(());
            };
            if self.throttled.as_ref() != Some(&held) {
                self.throttled = Some(held);
                self.tell(0);
            }
            self.rest(LOOK).await?;
        }
    }

    /// Waits where a step may come about later, with fewer rows.
    pub(super) async fn recover_repair(
        &mut self,
        stumble: Stumble,
        round: Option<&mut Round>,
    ) -> Result<(), Error> {
        match stumble {
            Stumble::LeaseLost => {
                let message = format!(
                    "the repair of {} is not this process's any more: somebody said something else to the backfill \
                     (`resume`, `cancel`), or repairs it as well",
                    self.migration
                );
                let error = Error::new(Kind::Backfill, message).migration(self.migration);
                Err(error.help(
                    "what was repaired stays; look at the state of the backfill before it is begun again",
                ))
            }
            Stumble::Locked(error) | Stumble::Conflict(error) => {
                let since = self.trouble.locked.get_or_insert_with(Instant::now);
                if since.elapsed() > self.migrator.session.lock_retry {
                    return Err(error);
                }
                if let Some(round) = round {
                    match round.keys.is_empty() && round.settled.is_empty() {
                        true => round.rows = (round.rows / 4).max(FEWEST_ROWS),
                        false => self.pace.halve(),
                    }
                    round.look_again();
                }
                self.throttled = Some(Throttled::Locks);
                self.tell(0);
                self.stop.wait(self.trouble.next_pause()).await;
                Ok(())
            }
            Stumble::Busy(error) => {
                if let Some(waited) = self.waited_in_vain() {
                    return Err(Error::busy(Some(waited)).source(error));
                }
                if let Some(round) = round {
                    round.look_again();
                }
                self.wait_for_others().await;
                Ok(())
            }
            Stumble::Connection(error) => {
                // Whether the batch was committed shows in the database: its rows are looked at anew.
                self.mover = None;
                if let Some(round) = round {
                    round.look_again();
                }
                let since = self.trouble.unconnected.get_or_insert_with(Instant::now);
                if since.elapsed() > self.migrator.lock_wait {
                    return Err(error);
                }
                self.stop.wait(self.trouble.next_pause()).await;
                Ok(())
            }
            Stumble::Fatal(error) => Err(error),
        }
    }
}
