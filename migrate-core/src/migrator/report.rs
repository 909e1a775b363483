//! What a call did.

use core::fmt;
use std::time::Duration;

use crate::model::Version;
use crate::plan::Waiting;

/// A migration that a call applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedMigration {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// How long it took.
    pub took: Duration,
}

/// What a call did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The set.
    pub set: String,
    /// Whether the database was fresh.
    pub fresh: bool,
    /// What this call applied, in order. Not what another instance applied meanwhile.
    pub applied: Vec<AppliedMigration>,
    /// What this call took back, in order.
    pub reverted: Vec<(Version, String)>,
    /// What this call recorded without running it.
    pub recorded: Vec<(Version, String)>,
    /// What is pending and may not run yet. Filled only where the call had to look.
    pub waiting: Vec<Waiting>,
    /// What is worth knowing.
    pub notes: Vec<String>,
    /// How long the call took.
    pub took: Duration,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = crate::time::took(self.took);
        let database = if self.fresh { " on a fresh database" } else { "" };
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let mut done = Vec::new();
        for (count, what) in [
            (self.reverted.len(), "taken back"),
            (self.recorded.len(), "recorded"),
            (self.applied.len(), "applied"),
        ] {
            if count > 0 {
                done.push(format!("{count} migration{} {what}", plural(count)));
            }
        }
        if done.is_empty() {
            write!(f, "set `{}`: nothing to do ({took})", self.set)?;
        } else {
            write!(f, "set `{}`: {}{database} ({took})", self.set, done.join(", "))?;
        }
        for (version, name) in &self.reverted {
            write!(f, "\n  - {version} {name}")?;
        }
        for (version, name) in &self.recorded {
            write!(f, "\n  = {version} {name}")?;
        }
        for applied in &self.applied {
            let took = crate::time::took(applied.took);
            write!(f, "\n  + {} {} ({took})", applied.version, applied.name)?;
        }
        for waiting in &self.waiting {
            write!(
                f,
                "\n  waits: {} {} [{}]",
                waiting.version, waiting.name, waiting.phase
            )?;
            f.write_str(&waiting.lines("      "))?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        Ok(())
    }
}
