//! What stops a change by itself, and is written down with its figures.

use std::time::Duration;

use super::crew::{Crew, Outcome};
use crate::change::Occurrence;
use crate::database::mover::Stumble;
use crate::migrator::verify::Verification;
use crate::monitor::Fired;

/// Why a backfill is stopped before a person says so.
pub(super) enum Trigger {
    /// A replica is too far behind.
    Lag { lag: Duration, limit: Duration },
    /// How far replicas are cannot be read.
    Unreadable(String),
    /// The application's own measure says so.
    Throttle(String),
    /// The application does worse than it may.
    Monitor(Fired),
    /// More rows were set aside than may be.
    Failures { count: u64, limit: u64 },
}

impl Trigger {
    fn name(&self) -> &'static str {
        match self {
            Trigger::Lag { .. } | Trigger::Unreadable(_) => "replica-lag",
            Trigger::Throttle(_) => "throttle",
            Trigger::Monitor(fired) => fired.name(),
            Trigger::Failures { .. } => "rows-set-aside",
        }
    }

    fn figures(self) -> Vec<(&'static str, String)> {
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        match self {
            Trigger::Lag { lag, limit } => vec![("lag", seconds(lag)), ("limit", seconds(limit))],
            Trigger::Unreadable(said) | Trigger::Throttle(said) => vec![("said", said)],
            Trigger::Monitor(fired) => fired.figures(),
            Trigger::Failures { count, limit } => {
                vec![("rows", count.to_string()), ("limit", limit.to_string())]
            }
        }
    }
}

impl Crew<'_> {
    /// Marks the backfill as blocked, and writes down what fired. Where several workers see it, one writes it.
    pub(super) async fn block_by(&mut self, trigger: Trigger, reason: String) -> Result<Outcome, Stumble> {
        let (outcome, turned) = self.block_once(reason).await?;
        if turned {
            let name = trigger.name();
            self.fire(name, trigger.figures()).await?;
        }
        Ok(outcome)
    }

    /// Writes down that moved data is not right.
    pub(super) async fn fire_divergence(&mut self, verification: &Verification) -> Result<(), Stumble> {
        let mut figures = Vec::new();
        for check in verification.checks.iter().filter(|check| !check.is_right()) {
            figures.push(("check", check.kind.name().to_owned()));
            figures.push(("looked", check.looked.to_string()));
            figures.push(("differ", check.differ.to_string()));
            if check.more > 0 {
                figures.push(("more", check.more.to_string()));
            }
            if !check.keys.is_empty() {
                figures.push(("keys", check.keys.join(", ")));
            }
        }
        self.fire("divergence", figures).await
    }

    async fn fire(&mut self, trigger: &str, figures: Vec<(&'static str, String)>) -> Result<(), Stumble> {
        // The connection may be the only one.
        self.lend().await?;
        let mut all = vec![("trigger".to_owned(), trigger.to_owned())];
        all.extend(figures.into_iter().map(|(name, value)| (name.to_owned(), value)));
        all.push(("became".to_owned(), "blocked".to_owned()));
        let change = self.migration.change_name();
        let entry = self
            .migrator
            .entry(&change, Some(self.migration.version), Occurrence::Noted, all);
        self.migrator
            .add_to_log(entry)
            .await
            .map_err(|error| match error.is_connection() {
                true => Stumble::Connection(error),
                false => Stumble::Fatal(error),
            })?;
        self.connect().await
    }
}
