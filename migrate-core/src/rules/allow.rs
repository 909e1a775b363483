//! `-- migrate:allow`: findings that somebody looked at and accepted.

use super::{Config, Level};
use crate::diagnostic::{Diagnostic, Position, codes, nearest};
use crate::model::Migration;
use crate::model::directives::Allow;

/// The allows of a migration, and which of them silenced something.
pub(super) struct Allows<'a> {
    migration: &'a Migration,
    used: Vec<bool>,
}

impl<'a> Allows<'a> {
    pub(super) fn of(migration: &'a Migration) -> Self {
        Self {
            migration,
            used: vec![false; migration.allow.len()],
        }
    }

    /// Whether a finding of the rule in that statement of `up` is accepted.
    pub(super) fn accept(&mut self, rule: &str, statement: usize) -> bool {
        let mut accepted = false;
        for (allow, used) in self.migration.allow.iter().zip(&mut self.used) {
            if is_about(self.migration, allow, rule, statement) {
                *used = true;
                accepted = true;
            }
        }
        accepted
    }

    /// Whether a finding of the rule in that statement of `down` is accepted.
    pub(super) fn accept_back(&mut self, rule: &str, statement: usize) -> bool {
        let mut accepted = false;
        for (allow, used) in self.migration.allow.iter().zip(&mut self.used) {
            let here = match allow.statement {
                None => true,
                Some(index) => index as usize == statement && stands_in_down(self.migration, allow),
            };
            if here && allow.rule == rule && !allow.reason.trim().is_empty() {
                *used = true;
                accepted = true;
            }
        }
        accepted
    }

    /// The same, where the finding is not made.
    pub(super) fn accepts(&self, rule: &str, statement: usize) -> bool {
        let mut all = self.migration.allow.iter();
        all.any(|allow| is_about(self.migration, allow, rule, statement))
    }

    /// Reports the allows that name no rule or silence nothing.
    pub(super) fn finish(self, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
        for (allow, used) in self.migration.allow.iter().zip(self.used) {
            let path = &*self.migration.path;
            let at = place(allow);
            let Some(rule) = super::find(&allow.rule) else {
                let names = super::ALL.iter().map(|rule| rule.name());
                let hint = nearest(&allow.rule, names);
                let hint = hint.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
                let message = format!("there is no rule `{}`{hint}", allow.rule);
                diagnostics.push(Diagnostic::error(&codes::UNKNOWN_RULE, path, message).at(at));
                continue;
            };
            let off = config.levels.get(rule.name()) == Some(&Level::Allow) || (rule.opt_in && !config.style);
            if !used && !off {
                let message = format!("this `allow` of `{}` silences nothing", allow.rule);
                diagnostics.push(Diagnostic::error(&codes::UNUSED_ALLOW, path, message).at(at));
            }
        }
    }
}

fn is_about(migration: &Migration, allow: &Allow, rule: &str, statement: usize) -> bool {
    let here = match allow.statement {
        None => true,
        Some(index) => index as usize == statement && !stands_in_down(migration, allow),
    };
    here && allow.rule == rule && !allow.reason.trim().is_empty()
}

fn stands_in_down(migration: &Migration, allow: &Allow) -> bool {
    migration.down.as_ref().is_some_and(|down| {
        down.path == migration.up.path
            && (allow.line >= down.line) == (down.line > migration.up.line)
            && (down.line > migration.up.line || allow.line < migration.up.line)
    })
}

/// The set keeps the line of a directive and not its text, so that is written again.
fn place(allow: &Allow) -> Position {
    let text = format!("-- migrate:allow {} \"{}\"", allow.rule, allow.reason);
    Position {
        line: allow.line,
        column: 1,
        length: text.chars().count() as u32,
        text,
    }
}
