//! What the analysis of the SQL and the configuration of the project make of a set.

use super::Options;
use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::model::MigrationSet;
use crate::rules::{Config, Level, analyse};

/// What is told by the model of the whole schema: without one of the files it would be guessed.
static OF_THE_MODEL: [&Code; 6] = [
    &codes::MISSING_OBJECT,
    &codes::OBJECT_EXISTS,
    &codes::TYPE_MISMATCH,
    &codes::DOWN_NOT_INVERSE,
    &codes::CONTRACT_IN_THE_WAY,
    &codes::ORDER_DEPENDENT,
];

/// Adds the findings of the analysis. `complete` says whether every file of the set could be understood.
pub(super) fn judge(
    options: &Options,
    set: &MigrationSet,
    complete: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(config) = &options.rules else { return };
    diagnostics.retain_mut(|diagnostic| weigh(config, diagnostic));
    let config = &Config {
        baseline: options.baseline,
        ..config.clone()
    };
    let mut found = analyse(set, config);
    if !complete {
        found.retain(|diagnostic| !OF_THE_MODEL.contains(&diagnostic.code));
    }
    diagnostics.append(&mut found);
}

/// Applies the project's level to a structural warning; `false` where it is not wanted. Errors are not negotiable.
fn weigh(config: &Config, diagnostic: &mut Diagnostic) -> bool {
    if diagnostic.severity == Severity::Warning {
        match config.levels.get(diagnostic.code.name) {
            Some(Level::Deny) => diagnostic.severity = Severity::Error,
            Some(Level::Allow) => return false,
            Some(Level::Warn) | None => {}
        }
    }
    true
}
