//! What an audit says of files that are history.

use std::collections::HashSet;

use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::model::{Migration, Version};
use crate::source::Options;
use crate::source::lockfile::Lockfile;

/// What is wrong with the folder, however old the file.
static OF_THE_FOLDER: [&Code; 6] = [
    &codes::DUPLICATE_VERSION,
    &codes::RELEASED_FILE_EDITED,
    &codes::RELEASED_FILE_RENAMED,
    &codes::RELEASED_FILE_REMOVED,
    &codes::WITHDRAWN_VERSION,
    &codes::BAD_LOCK_FILE,
];

/// Why the model of the schema does not know what a file did.
static OF_THE_TEXT: [&Code; 3] = [&codes::UNREADABLE, &codes::NOT_UTF8, &codes::UNTERMINATED];

/// Takes back what was said of files that nobody may edit any more; what leaves the model without them stays a warning.
pub(super) fn forgive(
    versions: &[(Version, String)],
    migrations: &[Migration],
    options: &Options,
    lockfile: &Lockfile,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let released = |version: Version| options.baseline >= Some(version) || lockfile.get(version).is_some();
    let ups = versions
        .iter()
        .filter(|(version, _)| released(*version))
        .map(|(_, path)| path.as_str());
    let downs = migrations
        .iter()
        .filter(|migration| migration.released)
        .filter_map(|migration| migration.down.as_ref())
        .map(|down| &*down.path);
    let history: HashSet<&str> = ups.chain(downs).collect();
    diagnostics.retain_mut(|diagnostic| {
        if !history.contains(diagnostic.path.as_str()) || OF_THE_FOLDER.contains(&diagnostic.code) {
            return true;
        }
        diagnostic.severity = Severity::Warning;
        OF_THE_TEXT.contains(&diagnostic.code)
    });
}
