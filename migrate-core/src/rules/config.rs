//! What a project wants of the rules.

use std::collections::BTreeMap;

use super::Rule;
use crate::diagnostic::{Severity, codes};

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
    let structural = [codes::MISSING_DOWN.name, codes::MIXED_TRANSACTION.name];
    super::ALL.iter().map(|rule| rule.name()).chain(structural)
}
