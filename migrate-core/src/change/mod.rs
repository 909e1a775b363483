//! Changes: what the migrations of one `change` name are together, from the plan to the contract.
//!
//! Architecture invariant: what a change is, is folded from an append-only [log](LogEntry) and nothing else. Entries are
//! never edited, so who did what and when can always be read back.

mod log;
mod observed;
mod record;
mod state;

pub use log::{Approval, LogEntry, Occurrence};
#[cfg(feature = "sql")]
pub(crate) use log::{figures_of, text_of};
pub(crate) use observed::{Observed, catch_up};
pub use record::Record;
pub use state::{ChangeState, Refused, Shape};

use core::fmt;

use crate::gates::Finding;
use crate::model::Version;

/// How far a change is, as [`Migrator::changes`](crate::Migrator::changes) tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name; the version of its file, where that names no change.
    pub name: String,
    /// The versions of its migrations in this build.
    pub versions: Vec<Version>,
    /// How far it is.
    pub state: ChangeState,
    /// Since when, in milliseconds since 1970; `None` where nothing of it has happened.
    pub since_ms: Option<u64>,
    /// Why it does not go on, where it is blocked.
    pub blocked: Option<String>,
    /// What its contract waits for, and what is open already, behind what the moving of its data waits for, where no triggers
    /// write both shapes; empty where neither is pending.
    pub gates: Vec<Finding>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.state)?;
        if let Some(reason) = &self.blocked {
            write!(f, ", blocked: {}", reason.replace('\n', "\n  "))?;
        }
        f.write_str(&Finding::lines(&self.gates, "    "))
    }
}
