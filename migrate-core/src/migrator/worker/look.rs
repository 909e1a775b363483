//! What a worker looks at between its batches: the state and the settings, the load, the window.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};

use super::code::SetAside;
use super::crew::{Crew, OTHERS, Outcome, Patience};
use super::trigger::Trigger;
use super::{Stop, is_under_way};
use crate::backfill::{BackfillState, BackfillStatus, Throttled, Verdict, of_another_text};
use crate::database::mover::Stumble;
use crate::migrator::Migrator;
use crate::monitor::{Fired, Stage, Watched};

/// What fires of how the application does; `None` where nothing does, nobody measures, or it was asked to stop meanwhile.
pub(in crate::migrator) async fn ask_monitor(
    migrator: &Migrator,
    change: &str,
    stage: Stage,
    stop: &Stop,
) -> Option<Fired> {
    let monitor = migrator.work.monitor.clone()?;
    let watched = Watched {
        set: &migrator.namespace.set,
        change,
        stage,
        now: migrator.clock.now(),
    };
    let of_change = migrator
        .set
        .migrations
        .iter()
        .filter(|one| one.change_name() == change);
    // The file that moves the data says what holds for the change.
    let backfill = of_change.filter_map(|one| one.backfill.as_ref()).next();
    let given_up = pin!(stop.wait(ANSWER));
    let answer = match select(monitor.measure(&watched), given_up).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) if stop.is_asked() => return None,
        Either::Right(_) => Err(format!("no answer for {} s", ANSWER.as_secs()).into()),
    };
    Fired::of(answer, migrator.work.thresholds.with(backfill))
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How long the application's throttle may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// What the application's throttle says; `None` where there is none, or it was asked to stop meanwhile.
pub(super) async fn ask_throttle(migrator: &Migrator, stop: &Stop) -> Option<Result<Verdict, BoxError>> {
    let throttle = migrator.work.throttle.clone()?;
    let given_up = pin!(stop.wait(ANSWER));
    match select(throttle.ask(), given_up).await {
        Either::Left((verdict, _)) => Some(verdict),
        Either::Right(_) if stop.is_asked() => None,
        Either::Right(_) => Some(Err(format!("no answer for {} s", ANSWER.as_secs()).into())),
    }
}

impl Crew<'_> {
    /// Whether something asks for no rows at all just now.
    pub(super) fn is_paused(&self) -> bool {
        matches!(self.throttled, Some(Throttled::Lag { .. } | Throttled::Custom(_)))
    }

    /// Looks at the state, the settings and the load.
    pub(super) async fn look(&mut self) -> Result<Option<Outcome>, Stumble> {
        self.looked = Some(Instant::now());
        let (version, attempt) = (self.migration.version, self.attempt);
        let Some(mover) = self.mover.as_mut() else {
            return Ok(None);
        };
        let Some(status) = mover.status(version, attempt).await? else {
            self.enlisted = false;
            return Ok(None);
        };
        let status = status.seen_with(self.migration);
        if status.is_of_another_text && is_under_way(status.state) {
            // Whatever part it had is another worker's since the other text took over.
            self.lease = None;
            let reason = of_another_text(version);
            return Ok(Some(Outcome::Held(status.state, Some(reason))));
        }
        self.learn(&status);
        self.keep_pace(false).await?;
        match status.state {
            BackfillState::Moving if self.code.is_some() && self.set_aside.is_too_much() => {
                let SetAside { count, limit } = &self.set_aside;
                let (count, limit) = (*count, *limit);
                let what = format!("{count} rows could not be moved, and {limit} may");
                let reason = self.reason_of_rows_set_aside(what).await?;
                self.block_by(Trigger::Failures { count, limit }, reason)
                    .await
                    .map(Some)
            }
            BackfillState::Moving => self.look_at_load().await,
            BackfillState::Verifying => {
                let (Some(mover), job) = self.parts() else {
                    return Ok(None);
                };
                if mover.begin_comparison(&job).await? {
                    self.held.take();
                    return self.verify().await;
                }
                if self.is_applied().await? {
                    return Ok(Some(Outcome::Verified));
                }
                self.rest(OTHERS).await?;
                self.looked = None;
                Ok(None)
            }
            BackfillState::Verified => Ok(Some(Outcome::Verified)),
            state => {
                self.give_back().await?;
                Ok(Some(Outcome::Held(state, status.reason)))
            }
        }
    }

    pub(super) async fn is_applied(&mut self) -> Result<bool, Stumble> {
        // The mover's connection may be the only one.
        self.lend().await?;
        let history = self.migrator.driver.read_history(&self.migrator.namespace).await;
        let history = history.map_err(|error| match error.is_connection() {
            true => Stumble::Connection(error),
            false => Stumble::Fatal(error),
        })?;
        Ok(history.is_applied(self.migration.version))
    }

    pub(super) fn learn(&mut self, status: &BackfillStatus) {
        let backfill = self.migration.backfill.as_ref();
        let pause = status
            .settings
            .pause
            .or(backfill.and_then(|backfill| backfill.pause));
        self.pace.set(status.settings.max_batch, pause);
        let lag = status
            .settings
            .max_lag
            .or(backfill.and_then(|backfill| backfill.max_lag));
        self.soft_lag = lag.unwrap_or(self.migrator.work.soft_lag);
        let failures = status.settings.failures;
        self.set_aside = SetAside::new(failures.or(backfill.and_then(|backfill| backfill.failures)));
        self.set_aside.count = status.failures;
        self.progress.visited_before = status.visited;
        self.progress.visited = 0;
        self.progress.estimate = status.estimate;
    }

    async fn look_at_load(&mut self) -> Result<Option<Outcome>, Stumble> {
        let Some(mover) = self.mover.as_mut() else {
            return Ok(None);
        };
        let load = mover.load().await?;
        if let Some(reason) = load.unreadable {
            let trigger = Trigger::Unreadable(reason.clone());
            return self.block_by(trigger, reason).await.map(Some);
        }
        let (hard, soft) = (self.migrator.work.hard_lag.max(self.soft_lag), self.soft_lag);
        let mut throttled = None;
        if let Some(lag) = load.lag {
            if lag > hard {
                let reason = Throttled::Lag { lag, limit: hard }.to_string();
                return self
                    .block_by(Trigger::Lag { lag, limit: hard }, reason)
                    .await
                    .map(Some);
            }
            if lag > soft {
                throttled = Some(Throttled::Lag { lag, limit: soft });
            }
        }
        let change = self.migration.change_name();
        let fired = ask_monitor(self.migrator, &change, Stage::Backfilling, self.stop).await;
        if let Some(fired) = fired {
            let reason = fired.to_string();
            return self.block_by(Trigger::Monitor(fired), reason).await.map(Some);
        }
        let verdict = ask_throttle(self.migrator, self.stop).await;
        let stopped = match verdict {
            // Nothing is moved before it is asked to stop.
            None | Some(_) if self.stop.is_asked() => return Ok(None),
            None | Some(Ok(Verdict::Go)) => None,
            Some(Ok(Verdict::Pause(reason))) => {
                throttled = Some(Throttled::Custom(reason));
                None
            }
            Some(Ok(Verdict::Stop(reason))) => Some(reason),
            Some(Err(error)) => Some(format!("the application's throttle cannot be asked: {error}")),
        };
        if let Some(reason) = stopped {
            return self
                .block_by(Trigger::Throttle(reason.clone()), reason)
                .await
                .map(Some);
        }
        if throttled.is_some() {
            self.pace.shrink();
            self.throttled = throttled;
            self.tell(0);
        } else if self.is_paused() {
            self.throttled = None;
        }
        Ok(None)
    }

    /// Whether the file's window is open, by the clock of the gates.
    pub(super) fn is_window_open(&self) -> bool {
        let window = self.migration.window.as_ref();
        window.is_none_or(|window| window.is_open(self.migrator.clock.now()))
    }

    /// Waits for the file's window, or leaves that to the next turn.
    pub(super) async fn wait_for_window(&mut self) -> Result<Option<Outcome>, Stumble> {
        self.give_back().await?;
        if matches!(self.patience, Patience::Turn(_)) {
            return Ok(Some(Outcome::Waiting));
        }
        if self.progress.told.elapsed() >= Duration::from_secs(60) || self.progress.batches == 0 {
            self.throttled = Some(Throttled::Window);
            self.tell(0);
            self.throttled = None;
        }
        self.rest(Duration::from_secs(1)).await.map(|()| None)
    }
}
