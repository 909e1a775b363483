//! Checks that need all files: versions, changes, the lock file.

use std::collections::HashMap;

use super::Options;
use super::lockfile::Lockfile;
use crate::diagnostic::{Diagnostic, Position, codes, nearest};
use crate::model::directives::{Squashed, Sync, Text};
use crate::model::{Migration, Phase, Version};
use crate::rules::DirectivePlaces;

/// A migration with the places that only its reader knows.
pub(super) struct Read {
    pub(super) migration: Migration,
    /// The versions named by `requires`, and where.
    pub(super) requires: Vec<(Version, Position)>,
    /// Where the directives stand that rules say something of.
    pub(super) places: DirectivePlaces,
    /// The syncs that the file ends, and where.
    pub(super) unsyncs: Vec<(Sync, Position)>,
    /// The migrations that the file stands for, and where it says so.
    pub(super) squash: Vec<(Squashed, Position)>,
    /// Where the phase is written.
    pub(super) phase_at: Option<Position>,
    /// Where the Rust code is named.
    pub(super) rust_at: Option<Position>,
}

/// Two files of one version. `files` holds the version and path of each, sorted.
pub(super) fn duplicates(files: &[(Version, String)], diagnostics: &mut Vec<Diagnostic>) {
    for pair in files.windows(2) {
        let [(first, first_path), (second, second_path)] = pair else {
            continue;
        };
        if first == second {
            let message = format!("version {second} is taken: `{first_path}` has it too");
            diagnostics.push(Diagnostic::error(&codes::DUPLICATE_VERSION, second_path, message));
        }
    }
}

/// The phases of each change, in version order: expand, migrate, contract.
pub(super) fn phase_order(read: &[Read], diagnostics: &mut Vec<Diagnostic>) {
    let mut furthest: HashMap<&str, &Migration> = HashMap::new();
    for item in read {
        let migration = &item.migration;
        let Some(change) = migration.change.as_deref() else {
            continue;
        };
        match furthest.get(change) {
            Some(earlier) if earlier.phase > migration.phase => {
                let message = format!(
                    "this {} file of the change `{change}` comes after its {} file",
                    migration.phase, earlier.phase
                );
                let mut diagnostic =
                    Diagnostic::error(&codes::PHASES_OUT_OF_ORDER, &*migration.path, message)
                        .note(format!("the {} file is `{}`", earlier.phase, earlier.path));
                diagnostic.position = item.phase_at.clone();
                diagnostics.push(diagnostic);
            }
            _ => {
                furthest.insert(change, migration);
            }
        }
    }
}

/// Versions that `requires` names and no file has; and the default, the file itself.
pub(super) fn requires(
    read: &mut [Read],
    known: &[Version],
    lockfile: &Lockfile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let members = read.iter().flat_map(|item| &item.squash);
    let squashed: Vec<Version> = members.map(|(member, _)| member.version).collect();
    for item in read {
        for (version, place) in &item.requires {
            let squashed = squashed.contains(version);
            if !known.contains(version) && !squashed && lockfile.get(*version).is_none() {
                diagnostics.push(unknown_version(&item.migration.path, *version, known).at(place.clone()));
            }
        }
        if item.migration.phase == Phase::Contract {
            let mut versions: Vec<Version> = item.requires.iter().map(|(version, _)| *version).collect();
            if versions.is_empty() {
                versions.push(item.migration.version);
            }
            versions.sort();
            versions.dedup();
            item.migration.requires = versions.into();
        }
    }
}

fn unknown_version(path: &str, version: Version, known: &[Version]) -> Diagnostic {
    let names: Vec<String> = known.iter().map(Version::to_string).collect();
    let hint = nearest(&version.to_string(), names.iter().map(String::as_str));
    let hint = hint.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    Diagnostic::error(
        &codes::UNKNOWN_VERSION,
        path,
        format!("no file has the version {version}{hint}"),
    )
}

/// The baseline has to be the version of a file.
pub(super) fn baseline(options: &Options, known: &[Version], diagnostics: &mut Vec<Diagnostic>) {
    if let Some(baseline) = options.baseline.filter(|baseline| !known.contains(baseline)) {
        let diagnostic = unknown_version(&options.folder, baseline, known);
        diagnostics.push(diagnostic.note("it is named by `baseline`"));
    }
}

/// Files that name Rust code which is not bound, where it is known what is.
pub(super) fn bindings(options: &Options, read: &[Read], diagnostics: &mut Vec<Diagnostic>) {
    let Some(bound) = &options.bound else { return };
    for item in read {
        let Some(name) = item.migration.rust.as_ref().filter(|name| !bound.contains(name)) else {
            continue;
        };
        let meant = nearest(name, bound.iter().map(|bound| &**bound));
        let hint = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        let message = format!("no Rust code is bound to the name `{name}`{hint}");
        let mut diagnostic = Diagnostic::error(&codes::UNBOUND_RUST, &*item.migration.path, message)
            .help(format!("bind it in the derive: `rust({name} = <type>)`"));
        diagnostic.position = item.rust_at.clone();
        diagnostics.push(diagnostic);
    }
}

/// What a contract ends is what an expand file of its change began, and is known by its sides; how they are computed
/// stands there.
pub(super) fn unsync(read: &mut [Read], diagnostics: &mut Vec<Diagnostic>) {
    let begun: Vec<(Option<Text>, Sync)> = read
        .iter()
        .flat_map(|item| {
            let change = &item.migration.change;
            item.migration
                .sync
                .iter()
                .map(|sync| (change.clone(), sync.clone()))
        })
        .collect();
    for item in read.iter_mut().filter(|item| !item.unsyncs.is_empty()) {
        let migration = &mut item.migration;
        let of_change: Vec<&Sync> = begun
            .iter()
            .filter(|(change, _)| *change == migration.change)
            .map(|(_, sync)| sync)
            .collect();
        let ended = item.unsyncs.iter().map(|(unsync, place)| {
            let sync = of_change.iter().find(|sync| sync.same_pair(unsync));
            if sync.is_none() {
                let message = format!(
                    "no expand file of the change `{}` has the sync that `unsync {unsync}` ends",
                    migration.change_name()
                );
                let diagnostic = Diagnostic::error(&codes::UNSYNC_WITHOUT_SYNC, &*migration.path, message);
                diagnostics.push(diagnostic.at(place.clone()));
            }
            Sync::clone(sync.copied().unwrap_or(unsync))
        });
        migration.unsync = ended.collect();
    }
}
