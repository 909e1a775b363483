//! What a project wants of the rules.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Rule;
use crate::diagnostic::{Severity, codes};
use crate::model::Version;
use crate::script::duration;

/// What a finding of a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It refuses the set.
    Deny,
    /// It is told.
    Warn,
    /// Nothing.
    Allow,
}

/// What a project wants of the rules. The default is every rule as it is, without those for style.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Levels by rule name.
    pub levels: BTreeMap<String, Level>,
    /// Whether the rules for style run.
    pub style: bool,
    /// Whether the migrations start from an empty database, so that what they did not make does not exist.
    pub strict: bool,
    /// Whether only tables made in the same file are new. Else those of all drafts are: no database has them yet.
    pub new_in_same_file_only: bool,
    /// Files up to this version ran on every database, their contracts included; any later contract may still wait.
    /// A [source](crate::source::Options) puts its own `baseline` here.
    pub baseline: Option<Version>,
    /// How much younger than a change the newest file may be before the change is reminded of its contract; 90 days
    /// where there is none. `allow(contract-overdue)` turns the reminder off.
    pub remind_after: Option<Duration>,
    /// Whether drafts that are 30 days older than the newest file are asked for their release, as a set that is embedded
    /// is. `allow(old-draft)` turns it off.
    pub ask_for_release: bool,
    /// Whether the tool of the layout runs the files, and not this library, which lets the foreign keys of SQLite rest
    /// while a table is rebuilt. A [source](crate::source::Options) puts its own `runner` here.
    pub run_by_tool: bool,
    /// Whether the process ends with what it is told here, so that the memory is left to the system: to give thousands
    /// of statements back one by one takes a sixth of the time.
    pub one_shot: bool,
}

impl Config {
    /// What a finding of the rule weighs; `None` where it is not wanted. `found` is what the rule says of this finding.
    pub(crate) fn severity(&self, rule: &Rule, found: Severity) -> Option<Severity> {
        match self.levels.get(rule.name()) {
            Some(Level::Deny) => Some(Severity::Error),
            Some(Level::Warn) => Some(Severity::Warning),
            Some(Level::Allow) => None,
            None if rule.opt_in && !self.style => None,
            None => Some(found),
        }
    }

    /// An age for [`remind_after`](Self::remind_after): `90d`, `12w`, `36h`. `None` where it is not written like that.
    pub fn age(text: &str) -> Option<Duration> {
        duration(text)
    }

    /// Names that are neither a rule nor a structural warning.
    pub fn unknown_rules(&self) -> impl Iterator<Item = &str> {
        self.levels
            .keys()
            .map(String::as_str)
            .filter(|name| !configurable().any(|known| known == *name))
    }
}

/// The names that a project can give a level: every rule, and the structural findings that are only warnings.
pub fn configurable() -> impl Iterator<Item = &'static str> {
    let structural = [
        &codes::MISSING_DOWN,
        &codes::MIXED_TRANSACTION,
        &codes::OLD_DRAFT,
        &codes::LAG_NOT_READ,
        &codes::NEARLY_A_TABLE,
    ]
    .map(|code| code.name);
    super::ALL.iter().map(|rule| rule.name()).chain(structural)
}
