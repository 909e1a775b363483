//! The phases of a change.

use core::fmt;

/// What a migration file does within its change, and so when it may run.
///
/// ```
/// use migrate_core::Phase;
/// assert!(Phase::Expand < Phase::Migrate && Phase::Migrate < Phase::Contract);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Adds what the new build needs. The old build must not notice.
    Expand,
    /// Moves data, while both builds run.
    Migrate,
    /// Removes what no running build uses any more.
    Contract,
}

impl Phase {
    /// Every phase, in the order in which a change goes through them.
    pub const ALL: [Phase; 3] = [Phase::Expand, Phase::Migrate, Phase::Contract];

    /// The word used in `-- migrate:phase` and in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Expand => "expand",
            Phase::Migrate => "migrate",
            Phase::Contract => "contract",
        }
    }

    /// The phase of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
