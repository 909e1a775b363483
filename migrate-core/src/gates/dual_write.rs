//! What has to be so before data is moved: what builds write meanwhile reaches both shapes.

use super::contract::{live_instances, unknown_applications};
use super::{Facts, Finding, shown};
use crate::model::directives::SyncSide;
use crate::model::{Migration, MigrationSet, Phase, Version};

const GATE: &str = "dual-write";

/// The expand files of the change of a migrate file whose new shape no triggers keep, so that every build that runs has to write
/// it itself. Nothing where triggers do that, and where the change adds no shape.
pub(crate) fn written_by_builds(set: &MigrationSet, migration: &Migration) -> Vec<Version> {
    if migration.phase != Phase::Migrate || migration.change.is_none() {
        return Vec::new();
    }
    let expand: Vec<&Migration> = set
        .migrations
        .iter()
        .filter(|one| one.phase == Phase::Expand && one.change == migration.change)
        .collect();
    let mut sides = expand
        .iter()
        .flat_map(|one| one.sync.iter())
        .flat_map(|sync| [&sync.old, &sync.new])
        .peekable();
    if sides.peek().is_some() {
        let sides: Vec<&SyncSide> = sides.collect();
        let batched = migration.backfill.as_ref().and_then(|one| one.batched.as_ref());
        let is_kept = |column: &str| {
            let mut columns = sides.iter().flat_map(|side| side.columns.iter());
            columns.any(|kept| plain(kept).eq_ignore_ascii_case(plain(column)))
        };
        let mut assigned = batched.iter().flat_map(|batched| batched.assignments.iter());
        if assigned.all(|one| is_kept(&one.column)) {
            return Vec::new();
        }
    }
    expand.iter().map(|one| one.version).collect()
}

/// The gate of a migrate file; `None` where triggers write both shapes, or there is only one.
pub(crate) fn dual_write(
    set: &MigrationSet,
    migration: &Migration,
    facts: Option<&Facts>,
) -> Option<Finding> {
    let needed = written_by_builds(set, migration);
    if needed.is_empty() {
        return None;
    }
    let Some(facts) = facts else {
        return Some(Finding::closed(GATE, "it was not looked at which builds run"));
    };
    if let Some(up) = facts.live.up.filter(|up| *up < facts.options.settle) {
        let finding = format!(
            "the server came up {} ago; instances are still coming back",
            shown(up)
        );
        return Some(Finding::closed("settled", finding));
    }
    let builds = live_instances(GATE, &needed, facts);
    if !builds.open {
        let finding = format!(
            "no `sync` keeps both shapes, and builds have to write both: {}",
            builds.finding
        );
        return Some(Finding::closed(GATE, finding));
    }
    let unknown = unknown_applications(facts);
    Some(match unknown.open {
        true => Finding::open(GATE, format!("no `sync` keeps both shapes; {}", builds.finding)),
        false => Finding::closed(
            GATE,
            format!(
                "no `sync` keeps both shapes, and who writes has to write both: {}",
                unknown.finding
            ),
        ),
    })
}

/// A name as it is written, without its quotes.
fn plain(name: &str) -> &str {
    name.trim_matches(['"', '`', '[', ']'])
}
