//! What the safety rules said about the locks of a statement.

use migrate_core::rules::Config;
use migrate_core::source::{Options, files_in_folder};

use super::LockMode;
use super::seen::Seen;
use crate::database::TestKind;
use crate::prove::Prove;

/// One finding of a rule that speaks of a lock.
struct Words {
    path: String,
    line: u32,
    rule: &'static str,
    mode: LockMode,
    rewrites: bool,
}

/// All of them.
pub(super) struct Said(Vec<Words>);

/// Asks the rules about the folder of the set, where that is known. Without the analysis of the dialect, and about
/// what is released, they say nothing.
pub(super) fn read<K: TestKind>(prove: &Prove<K>) -> Said {
    let folder = prove.folder.as_deref();
    let Some((folder, shown)) = folder
        .or(prove.set.folder.map(std::path::Path::new))
        .zip(shown(prove))
    else {
        return Said(Vec::new());
    };
    let Ok(files) = files_in_folder(folder) else {
        return Said(Vec::new());
    };
    let options = Options {
        layout: prove.set.layout,
        since: prove.set.since,
        rules: Some(Config::default()),
        folder: shown,
        ..Options::new(K::DIALECT)
    };
    let mut said = Vec::new();
    for finding in options.read(files).diagnostics {
        let lock = finding.notes.iter().find_map(|note| note.strip_prefix("lock: "));
        let (Some(lock), Some(position)) = (lock, &finding.position) else {
            continue;
        };
        // The longest name that fits: `SHARE` begins three of them.
        let modes = [
            LockMode::ShareUpdateExclusive,
            LockMode::ShareRowExclusive,
            LockMode::AccessExclusive,
            LockMode::Exclusive,
            LockMode::Share,
        ];
        let mode = match lock.starts_with("LOCK=SHARED") {
            true => Some(LockMode::Share),
            false => modes.into_iter().find(|mode| lock.starts_with(mode.name())),
        };
        let Some(mode) = mode else { continue };
        said.push(Words {
            path: finding.path.clone(),
            line: position.line,
            rule: finding.code.name,
            mode,
            rewrites: lock.contains("written again") || lock.contains("every row is copied"),
        });
    }
    Said(said)
}

/// How the folder is called in the paths of the set.
fn shown<K: TestKind>(prove: &Prove<K>) -> Option<String> {
    let first = prove.set.migrations.first()?;
    let (folder, _) = first.path.rsplit_once('/')?;
    // Diesel has a folder for each migration.
    let folder = match prove.set.layout {
        migrate_core::Layout::Diesel => folder.rsplit_once('/').map_or(folder, |(folder, _)| folder),
        _ => folder,
    };
    Some(folder.to_owned())
}

impl Said {
    /// Where the rules are wrong about a statement, in words.
    pub(super) fn compare(&self, path: &str, line: u32, seen: &Seen) -> Vec<String> {
        let about = self
            .0
            .iter()
            .filter(|words| words.path == path && words.line == line);
        let mut notes = Vec::new();
        for words in about {
            let Words {
                rule, mode, rewrites, ..
            } = words;
            if seen.strongest() < Some(*mode) {
                let took = seen.strongest().map_or("no lock", LockMode::name);
                notes.push(format!(
                    "{path}:{line}: the rule `{rule}` says {}, the server took {took}",
                    mode.name()
                ));
            }
            if *rewrites && seen.rewrites.is_empty() {
                notes.push(format!(
                    "{path}:{line}: the rule `{rule}` says that the table is written anew, and it is not"
                ));
            }
        }
        notes
    }
}
