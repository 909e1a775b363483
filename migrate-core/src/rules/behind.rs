//! Drafts that are older than a released file: two branches were merged. Where that file is applied, the draft runs behind it;
//! a database that starts from nothing runs it before. It is judged in both orders.

use super::analysis::{Places, Spared, in_order};
use super::config::Config;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::model::MigrationSet;

/// Judges the drafts of a set, by somebody who knows where the directives of each file stand. `spared` gets the statements of
/// which rules would find more if what other drafts make were in use.
pub(crate) fn analyse_at(
    set: &MigrationSet,
    config: &Config,
    places: &Places,
    spared: Option<&mut Spared>,
) -> Vec<Diagnostic> {
    let mut found = in_order(set, config, places, spared);
    if let Some(behind) = released_first(set) {
        for fault in in_order(&behind, config, places, None) {
            let is_new = |one: &Diagnostic| {
                (one.code, &one.path, &one.position) != (fault.code, &fault.path, &fault.position)
            };
            if cannot_work(&fault) && found.iter().all(is_new) {
                let of_file = found.iter().rposition(|one| one.path == fault.path);
                let at = of_file.map_or(found.len(), |last| last + 1);
                found.insert(
                    at,
                    fault
                        .note("a later version is released: where that is applied, this file runs behind it"),
                );
            }
        }
    }
    found
}

/// What depends on the objects that are there, and on nothing that a rule would have another opinion of.
fn cannot_work(fault: &Diagnostic) -> bool {
    let of_objects = [
        &codes::MISSING_OBJECT,
        &codes::OBJECT_EXISTS,
        &codes::NEEDED_OBJECT,
        &codes::TYPE_MISMATCH,
    ];
    fault.severity == Severity::Error && of_objects.contains(&fault.code)
}

/// The set with its released files before its drafts; `None` where they stand so already.
fn released_first(set: &MigrationSet) -> Option<MigrationSet> {
    let first_draft = set.migrations.iter().position(|one| !one.released)?;
    let last_released = set.migrations.iter().rposition(|one| one.released)?;
    (first_draft < last_released).then(|| {
        let mut behind = set.clone();
        behind.migrations.to_mut().sort_by_key(|one| !one.released);
        behind
    })
}
