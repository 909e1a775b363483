//! Files that stand for others: whether those are applied.

use crate::error::{Error, Kind};
use crate::history::{History, State};
use crate::model::Migration;
use crate::model::directives::Squashed;

/// Whether a pending migration only has to be recorded, because all that it stands for is applied. Where nothing of it
/// is, the migration runs.
///
/// # Errors
///
/// Where a part of it is applied, or a text that was not squashed.
pub(crate) fn stands_for_applied(migration: &Migration, history: &History) -> Result<bool, Error> {
    let (there, missing): (Vec<&Squashed>, Vec<&Squashed>) = migration
        .squash
        .iter()
        .partition(|member| history.is_applied(member.version));
    // What is being applied, or taken back, is neither there nor gone.
    let begun = missing.iter().any(|member| history.get(member.version).is_some());
    if there.is_empty() && !begun {
        return Ok(false);
    }
    if !missing.is_empty() {
        return Err(partly(migration, &there, &missing, history));
    }
    let is_other = |member: &&&Squashed| {
        let row = history.get(member.version);
        row.is_some_and(|row| row.semantic != member.semantic)
    };
    match there.iter().find(is_other) {
        None => Ok(true),
        Some(other) => {
            let message = format!("{other} is not the migration that was squashed into {migration}");
            Err(Error::new(Kind::DigestMismatch, message)
                .migration(migration)
                .help(
                    "deploy the release before the squash: it says what differs, and `repair` mends it there",
                ))
        }
    }
}

/// The error of a database that has a part of what a file stands for.
pub(crate) fn partly(
    migration: &Migration,
    there: &[&Squashed],
    missing: &[&Squashed],
    history: &History,
) -> Error {
    let message = format!(
        "{migration} stands for {} migrations, of which {} {} applied here and {} {} not",
        migration.squash.len(),
        there.len(),
        verb(there.len()),
        missing.len(),
        verb(missing.len()),
    );
    let mut error = Error::new(Kind::PartlySquashed, message).migration(migration);
    for member in missing {
        let state = match history.get(member.version) {
            Some(row) if row.state != State::Applied => format!(": {}", row.state),
            _ if history.is_withdrawn(member.version) => ": rolled back with its change".to_owned(),
            _ => String::new(),
        };
        error = error.note(format!("missing: {member} [{}]{state}", member.phase));
    }
    error.help(
        "deploy the release before the squash first, and let it apply these, with what waits for its gates; \
         then deploy this one",
    )
}

fn verb(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
