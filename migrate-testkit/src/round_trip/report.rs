use std::fmt;
use std::time::Duration;

use migrate_core::{Dialect, Migration, MigrationSet, Version};

/// What a round trip found to be right.
#[derive(Clone, Debug)]
pub struct RoundTrip {
    /// The set.
    pub set: String,
    /// The dialect of the set.
    pub dialect: Dialect,
    /// The migrations, in the order of their versions.
    pub steps: Vec<RoundTripStep>,
    /// How long it took.
    pub took: Duration,
}

/// One migration of a round trip.
#[derive(Clone, Debug)]
pub struct RoundTripStep {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// What was done with it.
    pub outcome: StepOutcome,
    /// What is worth knowing, such as another order of columns.
    pub notes: Vec<String>,
}

/// What was done with a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// It was applied, taken back and applied again, and the schema was the same each time.
    RoundTrip,
    /// It was only applied; why.
    CrossedOnce(String),
}

impl RoundTrip {
    pub(super) fn new(set: &MigrationSet) -> Self {
        Self {
            set: set.name.to_string(),
            dialect: set.dialect,
            steps: Vec::new(),
            took: Duration::ZERO,
        }
    }

    /// The migrations that were only applied.
    pub fn crossed_once(&self) -> impl Iterator<Item = &RoundTripStep> {
        self.steps
            .iter()
            .filter(|step| step.outcome != StepOutcome::RoundTrip)
    }
}

impl RoundTripStep {
    pub(super) fn new(migration: &Migration) -> Self {
        Self {
            version: migration.version,
            name: migration.name.to_string(),
            outcome: StepOutcome::RoundTrip,
            notes: Vec::new(),
        }
    }
}

impl RoundTrip {
    /// The first line of the report.
    pub(super) fn summary(&self) -> String {
        let crossed = self.crossed_once().count();
        let both_ways = self.steps.len() - crossed;
        let plural = if both_ways == 1 { "" } else { "s" };
        format!(
            "{both_ways} migration{plural} up, down and up again, {crossed} crossed once ({:.1} s)",
            self.took.as_secs_f64()
        )
    }
}

impl fmt::Display for RoundTrip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "round trip of set `{}` on {}: {}",
            self.set,
            self.dialect,
            self.summary()
        )?;
        for step in &self.steps {
            if let StepOutcome::CrossedOnce(reason) = &step.outcome {
                write!(f, "\n  crossed once: {} {}, {reason}", step.version, step.name)?;
            }
            for note in &step.notes {
                write!(f, "\n  note: {} {}: {note}", step.version, step.name)?;
            }
        }
        Ok(())
    }
}
