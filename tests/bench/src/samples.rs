//! Times, and what is said of them.

use core::fmt;
use std::time::Duration;

/// The times that one tool took for one thing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn extend(&mut self, other: Samples) {
        self.0.extend(other.0);
    }

    pub(crate) fn median(&self) -> Duration {
        self.quantile(2)
    }

    /// The time below which that many quarters of all are.
    fn quantile(&self, quarters: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let index = sorted.len().saturating_sub(1) * quarters / 4;
        sorted.get(index).copied().unwrap_or_default()
    }
}

impl fmt::Display for Samples {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, of) = match self.median().as_micros() {
            0..2_000 => ("µs", 1e6),
            2_000..2_000_000 => ("ms", 1e3),
            _ => ("s", 1.0),
        };
        let shown = |time: Duration| {
            let value = time.as_secs_f64() * of;
            format!("{value:.*}", if value < 10.0 { 2 } else { 0 })
        };
        let [low, middle, high] = [1, 2, 3].map(|quarters| shown(self.quantile(quarters)));
        write!(f, "{middle} {unit} ({low}–{high})")
    }
}
