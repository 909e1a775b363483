//! What happens, shown while it happens.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::{self, Paint};
use crate::backfill::Progress;
use crate::migrator::{Event, Observer};
use crate::model::Version;

/// How often a backfill is told of where no bar can be drawn.
const LINE: Duration = Duration::from_secs(5);
/// How often a bar is drawn again in a second, at most.
const DRAWS: u8 = 10;

/// Shows on the standard error what a migrator does: on a terminal a bar for each backfill, elsewhere a line every few
/// seconds, so that logs stay readable. Clones show together.
///
/// ```
/// # #[cfg(feature = "sqlite")]
/// # fn example(pool: sqlx::SqlitePool, set: migrate_core::Set<migrate_core::Sqlite>) {
/// use migrate_core::{Migrator, cli::Bars};
///
/// let migrator = Migrator::new(pool, set).observer(Bars::new()).build();
/// # }
/// ```
#[derive(Clone)]
pub struct Bars {
    verbose: bool,
    paint: Paint,
    shown: Arc<Mutex<Shown>>,
}

struct Shown {
    /// Where bars are drawn, on a terminal.
    bars: Option<MultiProgress>,
    drawn: HashMap<Version, ProgressBar>,
    /// When each backfill was told of.
    told: HashMap<Version, Instant>,
}

impl Default for Bars {
    fn default() -> Self {
        Self::new()
    }
}

impl Bars {
    /// Bars where the standard error is a terminal, lines elsewhere. Coloured unless `NO_COLOR` is set.
    pub fn new() -> Self {
        let target = || ProgressDrawTarget::stderr_with_hz(DRAWS);
        Self {
            verbose: false,
            paint: Paint::of_stderr(),
            shown: Arc::new(Mutex::new(Shown {
                bars: terminal::can_draw().then(|| MultiProgress::with_draw_target(target())),
                drawn: HashMap::new(),
                told: HashMap::new(),
            })),
        }
    }

    /// Whether every statement is told as well. Default: not.
    pub fn verbose(mut self, verbose: bool) -> Self {
        self.verbose = verbose;
        self
    }

    /// Takes the bars away.
    pub(super) fn end(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, bar) in shown.drawn.drain() {
            bar.finish_and_clear();
        }
    }

    fn progress(&self, progress: &Progress) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let line = line(progress, self.paint);
        if let Some(bars) = &shown.bars {
            let bars = bars.clone();
            let bar = shown
                .drawn
                .entry(progress.version)
                .or_insert_with(|| bars.add(bar(progress.version, self.paint)));
            // Without an estimate the bar stays empty instead of telling something.
            bar.set_length(progress.estimate.max(progress.visited).max(1));
            bar.set_position(if progress.estimate > 0 {
                progress.visited
            } else {
                0
            });
            bar.set_message(line);
            return;
        }
        let now = Instant::now();
        let told = shown.told.get(&progress.version);
        if told.is_none_or(|told| now.duration_since(*told) >= LINE) {
            shown.told.insert(progress.version, now);
            terminal::tell(&format!("{}: {line}", progress.version));
        }
    }

    /// A line that stays.
    fn line(&self, text: &str) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match &shown.bars {
            // The bars are drawn again below it.
            Some(bars) => bars.suspend(|| terminal::tell(text)),
            None => terminal::tell(text),
        }
    }

    /// The backfill does not move any more.
    fn still(&self, version: Version) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.told.remove(&version);
        if let Some(bar) = shown.drawn.remove(&version) {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Bars {
    fn event(&self, event: &Event) {
        match event {
            Event::Progress(progress) => return self.progress(progress),
            // The answer tells them once more.
            Event::Statement { .. } | Event::Applied { .. } | Event::Reverted { .. } if !self.verbose => {
                return;
            }
            Event::Verified { version, .. }
            | Event::BackfillHeld { version, .. }
            | Event::WaitingForWindow { version, .. } => self.still(*version),
            _ => {}
        }
        let text = event.to_string();
        self.line(&match event {
            Event::WaitingForLock { .. }
            | Event::Blocked { .. }
            | Event::BackfillHeld { .. }
            | Event::WaitingForWindow { .. }
            | Event::Settling { .. }
            | Event::Trouble { .. }
            | Event::NotReady { .. } => self.paint.slow(&text),
            _ => text,
        });
    }
}

fn bar(version: Version, paint: Paint) -> ProgressBar {
    let bar = if paint.is_on() {
        "{bar:24.cyan}"
    } else {
        "{bar:24}"
    };
    let style = ProgressStyle::with_template(&format!("{version} [{bar}] {{msg}}"));
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(1).with_style(style.progress_chars("##."))
}

/// Rows, batch, rate, times, and why it does not go faster.
fn line(progress: &Progress, paint: Paint) -> String {
    let mut line = format!("{} rows", progress.visited);
    // Writing into a string does not fail.
    if progress.estimate > 0 {
        let percent = (progress.visited as f64 / progress.estimate as f64 * 100.0).min(100.0);
        let _ = write!(line, " of about {} ({percent:.0} %)", progress.estimate);
    }
    if progress.batch > 0 {
        let _ = write!(line, ", batch of {}", progress.batch);
    }
    // Behind the first batch there is nothing yet to be told of the time.
    if progress.rate > 0.0 {
        let elapsed = clock(progress.elapsed);
        let _ = write!(line, ", {:.0} rows/s, {elapsed} elapsed", progress.rate);
    }
    if let Some(remaining) = progress.remaining {
        let _ = write!(line, ", {} to go", clock(remaining));
    }
    if let Some(throttled) = &progress.throttled {
        let _ = write!(line, "; {}", paint.slow(&format!("throttled: {throttled}")));
    }
    line
}

/// A span of time as a clock shows it.
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backfill::Throttled;

    #[test]
    fn everything_stands_in_the_line() {
        let mut progress = Progress {
            version: Version(7),
            batches: 3,
            batch: 500,
            visited: 1_500,
            estimate: 3_000,
            rate: 250.4,
            elapsed: Duration::from_secs(3_725),
            remaining: Some(Duration::from_secs(66)),
            throttled: Some(Throttled::Locks),
        };
        let paint = Paint::none();
        assert_eq!(
            line(&progress, paint),
            "1500 rows of about 3000 (50 %), batch of 500, 250 rows/s, 1:02:05 elapsed, 1:06 to go; throttled: a \
             batch waited for locks"
        );
        (progress.estimate, progress.remaining, progress.throttled) = (0, None, None);
        assert_eq!(
            line(&progress, paint),
            "1500 rows, batch of 500, 250 rows/s, 1:02:05 elapsed"
        );
        progress.rate = 0.0;
        assert_eq!(line(&progress, paint), "1500 rows, batch of 500");
        progress.batch = 0;
        assert_eq!(line(&progress, paint), "1500 rows");
    }
}
