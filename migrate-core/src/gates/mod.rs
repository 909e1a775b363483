//! What a contract waits for, and what the moving of data does.
//!
//! Architecture invariant: deciding is pure. What was seen of the database is gathered first, into [`Facts`]; the same
//! facts always open the same gates.

mod contract;
mod dual_write;
mod loss;
#[cfg(feature = "sql")]
mod touched;

use core::fmt;
use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;

use crate::change::Record;
use crate::live::Live;
use crate::model::{Migration, Version};
use crate::monitor::Fired;

pub(crate) use contract::{contract_gates, in_use, interrupted, needs_new, shown, window};
pub(crate) use dual_write::{dual_write, written_by_builds};
pub(crate) use loss::loses_data;
#[cfg(feature = "sql")]
pub(crate) use loss::section_loses_data;
#[cfg(feature = "sql")]
pub(crate) use touched::{Touched, Way, touched};

/// One thing that a migration waits for, or that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The gate.
    pub gate: Cow<'static, str>,
    /// Whether it lets the migration through.
    pub open: bool,
    /// What was looked at, and what came out.
    pub finding: String,
}

impl Finding {
    pub(crate) fn open(gate: &'static str, finding: impl Into<String>) -> Self {
        Self {
            gate: Cow::Borrowed(gate),
            open: true,
            finding: finding.into(),
        }
    }

    pub(crate) fn closed(gate: &'static str, finding: impl Into<String>) -> Self {
        Self {
            gate: Cow::Borrowed(gate),
            open: false,
            finding: finding.into(),
        }
    }
}

impl Finding {
    /// Gates on lines of their own behind `indent`, each with whether it is open.
    pub(crate) fn lines(gates: &[Self], indent: &str) -> String {
        let line = |gate: &Self| {
            let mark = if gate.open { "open" } else { "closed" };
            // What a database says may have several lines.
            let gate = gate.to_string().replace('\n', &format!("\n{indent}  "));
            format!("\n{indent}{mark:6} {gate}")
        };
        gates.iter().map(line).collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.gate, self.finding)
    }
}

/// What a gate of the application answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The contract may be applied, as far as this gate goes; with what was looked at.
    Open(String),
    /// It may not; with the reason.
    Closed(String),
}

/// A contract that waits, as a gate sees it.
#[derive(Clone, Copy, Debug)]
pub struct Contract<'a> {
    /// The set.
    pub set: &'a str,
    /// The change.
    pub change: &'a str,
    /// The contract.
    pub migration: &'a Migration,
    /// The time that the gates go by.
    pub now: SystemTime,
}

/// A gate of the application: another thing that every contract waits for.
///
/// It is asked by whoever would apply a contract, first without any lock and then again under it, so it should answer
/// within a second. One that cannot tell answers [`Verdict::Closed`].
///
/// ```
/// use migrate_core::gates::{Contract, Gate, Verdict};
///
/// struct NotOnFridays;
///
/// #[async_trait::async_trait]
/// impl Gate for NotOnFridays {
///     fn name(&self) -> &str {
///         "not-on-fridays"
///     }
///
///     async fn look(&self, contract: &Contract<'_>) -> Verdict {
///         let days = contract.now.duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_secs() / 86_400);
///         // 1 January 1970 was a Thursday.
///         match days % 7 {
///             1 => Verdict::Closed("it is Friday".to_owned()),
///             day => Verdict::Open(format!("it is day {day} behind Thursday")),
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Gate: Send + Sync + 'static {
    /// What it is called.
    fn name(&self) -> &str;

    /// Looks whether the contract may be applied.
    async fn look(&self, contract: &Contract<'_>) -> Verdict;
}

/// The time that gates go by.
pub trait Clock: Send + Sync + 'static {
    /// The time.
    fn now(&self) -> SystemTime;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

impl<F: Fn() -> SystemTime + Send + Sync + 'static> Clock for F {
    fn now(&self) -> SystemTime {
        self()
    }
}

/// Milliseconds since 1970.
pub(crate) fn ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// What the gates go by beside what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateOptions {
    /// How long every running build has to be seen to use the new shape only, before that counts.
    pub settle: Duration,
    /// Whether a contract that loses data needs no approval.
    pub unapproved: bool,
    /// The names of applications that may be connected without being registered.
    pub ignored: Vec<String>,
}

impl Default for GateOptions {
    fn default() -> Self {
        Self {
            settle: Duration::from_secs(15),
            unapproved: false,
            ignored: Vec::new(),
        }
    }
}

/// What was seen of the database, for the gates to go by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The time, in milliseconds since 1970.
    pub now_ms: u64,
    /// What the log says of the changes of the contracts that are pending.
    pub records: Vec<(String, Record)>,
    /// Who uses the database.
    pub live: Live,
    /// The tables in which data is being moved, and by which migration; none where this build does not know which table.
    pub moving: Vec<(Option<String>, Version)>,
    /// Backfills of tables that a start leaves to others, because they are large. Looked at under the development policy
    /// only.
    pub large: Vec<Version>,
    /// What the application's own gates say of a contract.
    pub own: Vec<(Version, Finding)>,
    /// What fired of how the application does, by change.
    pub(crate) fired: Vec<(String, Fired)>,
    /// Whether the application measures how it does.
    pub(crate) is_monitored: bool,
    /// What the gates go by beside that.
    pub options: GateOptions,
}

impl Facts {
    /// What fired of how the application does with a change.
    pub(crate) fn fired(&self, change: &str) -> Option<&Fired> {
        let found = self.fired.iter().find(|(name, _)| name == change);
        found.map(|(_, fired)| fired)
    }

    /// The record of a change.
    pub(crate) fn record(&self, change: &str) -> Option<&Record> {
        let found = self.records.iter().find(|(name, _)| name == change);
        found.map(|(_, record)| record)
    }
}
