//! What a worker knows of its own work: how fast it goes, and what went wrong in a row.

use std::time::{Duration, Instant};

use super::crew::Crew;
use crate::backfill::Progress;
use crate::database::mover::{Moved, Pace, Stumble};
use crate::migrator::Event;

/// The pauses after something that may pass.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long the time is whose figures are kept together.
const KEPT_TOGETHER: Duration = Duration::from_secs(10);

/// Failures in a row that may pass.
pub(super) struct Trouble {
    /// Since when there is no connection.
    pub(super) unconnected: Option<Instant>,
    /// Since when the rows of a part are locked.
    pub(super) locked: Option<Instant>,
    pub(super) pause: Duration,
    pub(super) conflicts: u32,
}

/// What the worker did so far.
pub(super) struct Meter {
    pub(super) started: Instant,
    pub(super) told: Instant,
    pub(super) batches: u64,
    pub(super) visited_before: u64,
    pub(super) visited: u64,
    pub(super) estimate: u64,
    /// Rows and time of the newest batches, pauses included.
    pub(super) newest: Vec<(u32, Instant)>,
    /// What was done since figures were kept last, and since when.
    pace: Pace,
    since: Option<Instant>,
}

impl Trouble {
    pub(super) fn new() -> Self {
        Self {
            unconnected: None,
            locked: None,
            pause: FIRST_PAUSE,
            conflicts: 0,
        }
    }

    /// The pause before the next try, longer each time.
    pub(super) fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST_PAUSE);
        pause
    }
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            started: now,
            told: now,
            batches: 0,
            visited_before: 0,
            visited: 0,
            estimate: 0,
            newest: Vec::new(),
            pace: Pace::default(),
            since: None,
        }
    }
}

impl Meter {
    /// Notes a batch that began then, and the pause behind it.
    pub(super) fn note(&mut self, moved: Moved, started: Instant) {
        self.since.get_or_insert(started);
        self.pace.worked += started.elapsed();
        self.pace.visited += u64::from(moved.visited);
        self.pace.changed += moved.changed;
        self.pace.batches += 1;
    }
}

impl Crew<'_> {
    /// Keeps what was done, once there are figures of some seconds or it ends.
    pub(super) async fn keep_pace(&mut self, ends: bool) -> Result<(), Stumble> {
        let Some(since) = self.progress.since else {
            return Ok(());
        };
        let span = since.elapsed();
        if !ends && span < KEPT_TOGETHER {
            return Ok(());
        }
        self.connect().await?;
        let pace = Pace {
            span,
            ..self.progress.pace
        };
        let (Some(mover), job) = self.parts() else {
            return Ok(());
        };
        let kept = mover.keep_pace(&job, &pace).await;
        self.progress.pace = Pace::default();
        self.progress.since = None;
        match kept {
            Err(stumble @ Stumble::Connection(_)) => Err(stumble),
            // What is only for estimates makes nothing else fail.
            _ => Ok(()),
        }
    }

    /// Tells how far it is, after a batch of that many rows.
    pub(super) fn tell(&mut self, rows: u32) {
        let meter = &mut self.progress;
        let now = Instant::now();
        meter.told = now;
        if rows > 0 {
            meter.batches += 1;
            meter.visited += u64::from(rows);
            meter.newest.push((rows, now));
            if meter.newest.len() > 20 {
                meter.newest.remove(0);
            }
        }
        let span = meter
            .newest
            .first()
            .map_or(Duration::ZERO, |(_, first)| now.duration_since(*first));
        let recent: u64 = meter
            .newest
            .iter()
            .skip(1)
            .map(|(rows, _)| u64::from(*rows))
            .sum();
        let rate = if span.is_zero() {
            0.0
        } else {
            recent as f64 / span.as_secs_f64()
        };
        let visited = meter.visited_before + meter.visited;
        let rest = meter.estimate.checked_sub(visited).filter(|_| rate > 0.0);
        let progress = Progress {
            version: self.migration.version,
            batches: meter.batches,
            batch: rows,
            visited,
            estimate: meter.estimate,
            rate,
            elapsed: meter.started.elapsed(),
            remaining: rest.map(|rest| Duration::from_secs_f64(rest as f64 / rate)),
            throttled: self.throttled.clone(),
        };
        self.migrator.session.observer.event(&Event::Progress(progress));
    }
}
