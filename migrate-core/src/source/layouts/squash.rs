//! Files that stand for others.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::model::Version;
use crate::source::check::Read;
use crate::source::lockfile::{EntryState, Lockfile};

/// What a squashed file stands for comes right before it, once, and is no file any more.
pub(super) fn check(
    read: &mut [Read],
    known: &[Version],
    lockfile: &Lockfile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut owners: HashMap<Version, String> = HashMap::new();
    for item in read.iter_mut().filter(|item| !item.squash.is_empty()) {
        let path = item.migration.path.to_string();
        for (member, place) in &item.squash {
            let mut fault = |code, message: String| {
                diagnostics.push(Diagnostic::error(code, &path, message).at(place.clone()));
            };
            if let Some(other) = owners.insert(member.version, path.clone()) {
                fault(
                    &codes::SQUASHED_TWICE,
                    match other == path {
                        true => format!("{member} stands twice"),
                        false => format!("`{other}` stands for {member} too"),
                    },
                );
            }
            let withdrawn = lockfile.get(member.version);
            let withdrawn =
                withdrawn.is_some_and(|entry| matches!(entry.state, EntryState::Tombstone { .. }));
            // Of a file whose version the lock file has given up, the lock file says so.
            if known.contains(&member.version) && member.version != item.migration.version && !withdrawn {
                let message =
                    format!("the file of {member} is still there, beside the one that stands for it");
                fault(&codes::SQUASHED_FILE_PRESENT, message);
            }
            if member.version >= item.migration.version {
                let message = format!("{member} is not older than the file that stands for it");
                fault(&codes::SQUASH_OUT_OF_ORDER, message);
            }
        }
        let versions = item.squash.iter().map(|(member, _)| member.version);
        let oldest = versions.clone().min();
        let members: Vec<Version> = versions.collect();
        let between = known.iter().find(|version| {
            Some(**version) > oldest && **version < item.migration.version && !members.contains(version)
        });
        if let (Some(between), Some((_, place))) = (between, item.squash.first()) {
            let message = format!("the file {between} stands between this one and what it stands for");
            diagnostics
                .push(Diagnostic::error(&codes::SQUASH_OUT_OF_ORDER, &path, message).at(place.clone()));
        }
        if let (Some(sync), Some((_, place))) = (item.migration.sync.first(), item.squash.first()) {
            let message = format!("this file stands for others, and begins the sync {sync}");
            diagnostics.push(
                Diagnostic::error(&codes::MISPLACED_DIRECTIVE, &path, message)
                    .at(place.clone())
                    .help("where what it stands for is applied nothing of it runs: give the sync a file of its own"),
            );
        }
        let mut members: Vec<_> = item.squash.iter().map(|(member, _)| member.clone()).collect();
        members.sort_by_key(|member| member.version);
        item.migration.squash = members.into();
    }
}
