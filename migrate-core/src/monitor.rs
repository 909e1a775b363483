//! How the application does while a change is under way, and when that stops the change.
//!
//! Error rates and latencies are known to the application and not to the database, which sees statements: what it counts
//! has the batches of the backfill among it, and no percentiles. So the application says what it measured, and the library
//! compares that with its thresholds, writes down what it saw, and stops. Nothing is taken back by itself.

use core::fmt;
use std::error::Error;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use crate::model::directives::Backfill;

/// What stops a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// The highest share of writes that may fail, as a fraction of 1.
    pub errors: f64,
    /// The highest p99, as a multiple of the one before the change.
    pub p99: f64,
}

impl Default for Thresholds {
    /// 0.1 % of the writes, and 1.10 times the p99.
    fn default() -> Self {
        Self {
            errors: 0.001,
            p99: 1.10,
        }
    }
}

impl Thresholds {
    /// With what a file says itself.
    pub(crate) fn with(self, backfill: Option<&Backfill>) -> Self {
        Self {
            errors: backfill.and_then(|one| one.errors).unwrap_or(self.errors),
            p99: backfill.and_then(|one| one.p99).unwrap_or(self.p99),
        }
    }

    /// The share of errors as people say it.
    pub(crate) fn errors_shown(self) -> String {
        percent(self.errors)
    }

    /// The p99 as people say it.
    pub(crate) fn p99_shown(self) -> String {
        format!("{:.2} ×", self.p99)
    }
}

/// Where a change is when it is asked how the application does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Its data is being moved.
    Backfilling,
    /// Its contract waits.
    Soaking,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    /// The set.
    pub set: &'a str,
    /// The change.
    pub change: &'a str,
    /// Where it is.
    pub stage: Stage,
    /// The time that the gates go by.
    pub now: SystemTime,
}

/// Writes to the tables of a change, over as short a time as makes sense to the application: a minute, say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    /// How many failed.
    pub failed: u64,
    /// How many there were.
    pub of: u64,
}

/// The p99 of what uses the tables of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// Before the change.
    pub before: Duration,
    /// Now.
    pub now: Duration,
}

/// How the application does. What it did not measure is `None`, and holds nothing back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Its writes.
    pub writes: Option<Writes>,
    /// Its latency.
    pub p99: Option<Latency>,
}

/// What the application measures of itself.
///
/// It is asked about twice a second while data is moved, and whenever it is looked at the gates of a contract, so it should
/// answer from figures that it has. An error, and no answer within 10 s, stop the change as a threshold does: who cannot
/// see should not drive.
///
/// ```
/// use migrate_core::monitor::{Health, Monitor, Watched, Writes};
///
/// struct Metrics;
///
/// #[async_trait::async_trait]
/// impl Monitor for Metrics {
///     async fn measure(
///         &self,
///         watched: &Watched<'_>,
///     ) -> Result<Health, Box<dyn std::error::Error + Send + Sync>> {
///         let (failed, of) = (3, 12_000); // of the last minute, for the tables of `watched.change`
///         Ok(Health { writes: Some(Writes { failed, of }), p99: None })
///     }
/// }
/// ```
#[async_trait]
pub trait Monitor: Send + Sync + 'static {
    /// Says how the application does.
    ///
    /// # Cancellation
    ///
    /// Dropped when it is late, and when the worker is asked to stop.
    async fn measure(&self, watched: &Watched<'_>) -> Result<Health, Box<dyn Error + Send + Sync>>;
}

/// What a threshold fired for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fired {
    Errors {
        writes: Writes,
        limit: f64,
    },
    P99 {
        p99: Latency,
        limit: f64,
    },
    /// It cannot be told.
    Unseen(String),
}

impl Fired {
    /// What fires of what was measured, if anything does.
    pub(crate) fn of(
        answer: Result<Health, Box<dyn Error + Send + Sync>>,
        thresholds: Thresholds,
    ) -> Option<Self> {
        let health = match answer {
            Ok(health) => health,
            Err(error) => return Some(Fired::Unseen(error.to_string())),
        };
        if let Some(writes) = health.writes
            && writes.failed as f64 > writes.of as f64 * thresholds.errors
        {
            return Some(Fired::Errors {
                writes,
                limit: thresholds.errors,
            });
        }
        let p99 = health.p99?;
        let limit = thresholds.p99;
        (p99.now.as_secs_f64() > p99.before.as_secs_f64() * limit).then_some(Fired::P99 { p99, limit })
    }

    /// The name of the trigger in the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Fired::Errors { .. } => "error-rate",
            Fired::P99 { .. } => "p99",
            Fired::Unseen(_) => "monitor",
        }
    }

    /// What was seen, for the log.
    pub(crate) fn figures(&self) -> Vec<(&'static str, String)> {
        match self {
            Fired::Errors { writes, limit } => vec![
                ("failed", writes.failed.to_string()),
                ("of", writes.of.to_string()),
                ("limit", percent(*limit)),
            ],
            Fired::P99 { p99, limit } => vec![
                ("p99", format!("{:.1?}", p99.now)),
                ("before", format!("{:.1?}", p99.before)),
                ("limit", format!("{limit:.2} ×")),
            ],
            Fired::Unseen(said) => vec![("said", said.clone())],
        }
    }
}

impl fmt::Display for Fired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fired::Errors { writes, limit } => write!(
                f,
                "{} of {} writes of the application failed, and {} may",
                writes.failed,
                writes.of,
                percent(*limit)
            ),
            Fired::P99 { p99, limit } => write!(
                f,
                "the p99 of the application is {:.1?}, and may be {limit:.2} × of the {:.1?} before",
                p99.now, p99.before
            ),
            Fired::Unseen(said) => write!(f, "the application's monitor cannot be asked: {said}"),
        }
    }
}

/// A fraction as people say it, without zeros at its end.
fn percent(fraction: f64) -> String {
    let text = format!("{:.4}", fraction * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fires() {
        let thresholds = Thresholds::default();
        let writes = |failed, of| Health {
            writes: Some(Writes { failed, of }),
            p99: None,
        };
        let p99 = |before, now| Health {
            writes: None,
            p99: Some(Latency {
                before: Duration::from_millis(before),
                now: Duration::from_millis(now),
            }),
        };
        for (health, said) in [
            (Health::default(), None),
            (writes(0, 0), None),
            (writes(1, 1_000), None),
            (
                writes(2, 1_000),
                Some("2 of 1000 writes of the application failed, and 0.1 % may"),
            ),
            // Something failed where nothing was counted.
            (
                writes(1, 0),
                Some("1 of 0 writes of the application failed, and 0.1 % may"),
            ),
            (p99(100, 110), None),
            (
                p99(100, 120),
                Some("the p99 of the application is 120.0ms, and may be 1.10 × of the 100.0ms before"),
            ),
        ] {
            let fired = Fired::of(Ok(health), thresholds).map(|fired| fired.to_string());
            assert_eq!(fired.as_deref(), said, "{health:?}");
        }
        let unseen = Fired::of(Err("no answer".into()), thresholds).map(|fired| fired.to_string());
        assert_eq!(
            unseen.as_deref(),
            Some("the application's monitor cannot be asked: no answer")
        );
    }

    #[test]
    fn percents() {
        for (fraction, said) in [
            (0.001, "0.1 %"),
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.00025, "0.025 %"),
        ] {
            assert_eq!(percent(fraction), said);
        }
    }
}
