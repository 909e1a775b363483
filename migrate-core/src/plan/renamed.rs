//! Files whose text is applied under another version.

use crate::history::{History, State};
use crate::model::{Migration, MigrationSet};

/// Which applied migration, that this build does not have, a pending one is the same as: that is what is left of a file
/// that was given another version. The text decides; where it was edited too, the name.
pub(crate) fn renamed(set: &MigrationSet, history: &History, migration: &Migration) -> Option<String> {
    if history.get(migration.version).is_some() {
        return None;
    }
    let mut lost = history.rows.iter().filter(|row| {
        let is_known = set.get(row.version).is_some() || set.tombstones.contains(&row.version);
        row.state == State::Applied && !is_known && set.squashed_into(row.version).is_none()
    });
    let same_text = lost.clone().find(|row| row.semantic == migration.semantic);
    let (row, how) = match same_text {
        Some(row) => (row, "with the same text"),
        None => {
            let row = lost.find(|row| row.name == migration.name)?;
            (row, "under the same name, with another text")
        }
    };
    Some(format!(
        "was the file of {migration} renamed? {} {} is applied {how}, and is not in this build: a file that is applied \
         keeps its version",
        row.version, row.name
    ))
}
