//! Whether a history and a set go together.

use super::redo;
use crate::error::{Error, Kind};
use crate::history::{History, Reason, Row, Standing, StandingRow, State};
use crate::model::{Migration, MigrationSet, Phase, Version};

/// Refuses histories that this set cannot go on from; gives back what is only worth knowing.
pub(super) fn check(set: &MigrationSet, history: &History) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    for row in &history.rows {
        let Some(migration) = set.get(row.version) else {
            unknown(set, history, row, &mut notes)?;
            continue;
        };
        if row.state == State::Reverting {
            return Err(Error::new(
                Kind::Dirty,
                format!("taking back migration {migration} was interrupted"),
            )
            .migration(migration)
            .help(format!(
                "finish it: `down_to` (`migrate down --to`) the version before {}",
                row.version
            )));
        }
        if row.semantic == migration.semantic {
            // What ran as a part of another file has no text of its own.
            let own_text = row.reason != Reason::Squashed;
            if own_text && row.exact != migration.exact && row.state == State::Applied {
                notes.push(format!(
                    "{migration}: only comments or white space differ from what was applied"
                ));
            }
            continue;
        }
        return Err(match row.state {
            State::Applied => Error::new(
                Kind::DigestMismatch,
                format!("migration {migration} is not the one that was applied under its version"),
            )
            .help(format!(
                "restore the file (version control has it) and put the change into a new migration.\n{}\
                 Where the database is right and the file is too, `repair` takes the file's digest over, and runs nothing",
                redo::offer(set, history, row)
            )),
            _ => Error::new(
                Kind::Dirty,
                format!("migration {migration} was applied in part, and was edited since"),
            )
            .note(format!("statements done: {}", row.done))
            .help(
                "restore the text that was begun, and run again; or call `repair`, which goes on with the new text \
                 where the statements that are done are still the same",
            ),
        }
        .note(format!("applied {:.16}, now {:.16} (digests without comments)", row.semantic, migration.semantic))
        .migration(migration));
    }
    Ok(notes)
}

/// A row this build does not embed: squashed, of a newer build, or of another branch.
fn unknown(set: &MigrationSet, history: &History, row: &Row, notes: &mut Vec<String>) -> Result<(), Error> {
    if set.tombstones.contains(&row.version) {
        return Ok(());
    }
    let name = format!("{} {}", row.version, row.name);
    if row.phase == Phase::Contract && !embeds(set, &row.requires) {
        return Err(too_old(set, &name, row.version, &row.requires));
    }
    if let Some(behind) = blocked_by(set, history, row) {
        return Err(half_done(row, &name, behind));
    }
    notes.push(format!(
        "{name} ({}, {}) is in the database and not in this build",
        row.phase, row.state
    ));
    Ok(())
}

/// What this build would apply in front of a row that another build left half done. It may stand for what this build has
/// as files of their own, so nothing tells what of them is there.
fn blocked_by<'a>(set: &'a MigrationSet, history: &History, row: &Row) -> Option<&'a Migration> {
    let is_half_done = matches!(row.state, State::Applying | State::Reverting) && !row.did_nothing();
    let mut older = set
        .migrations
        .iter()
        .take_while(|migration| migration.version < row.version);
    older.find(|migration| is_half_done && history.get(migration.version).is_none())
}

fn half_done(row: &Row, name: &str, behind: &Migration) -> Error {
    let message = match row.state {
        State::Reverting => format!("taking back migration {name} was interrupted"),
        _ => format!("migration {name} was applied in part"),
    };
    Error::new(
        Kind::Dirty,
        format!("{message} by a build that embeds it, and this one does not"),
    )
    .version_is(row.version)
    .note(format!(
        "{behind} is older and not applied, and may be a part of it"
    ))
    .help("let a build that embeds it finish it first")
}

/// Whether every contract that is applied, or begun, left what this build needs.
pub(super) fn knows_contracts(set: &MigrationSet, standing: &Standing) -> bool {
    // Most rows are of no contract, and require nothing.
    let mut contracts = standing.rows.iter().filter(|row| !row.requires.is_empty());
    contracts.all(|row| set.get(row.version).is_some() || embeds(set, &row.requires))
}

/// The contract that removed what this build uses.
pub(super) fn outlived(set: &MigrationSet, standing: &Standing) -> Option<Error> {
    let lost = |row: &&StandingRow| set.get(row.version).is_none() && !embeds(set, &row.requires);
    let row = standing.rows.iter().find(lost)?;
    let name = row.version.to_string();
    Some(too_old(set, &name, row.version, &row.requires))
}

fn too_old(set: &MigrationSet, name: &str, contract: Version, requires: &[Version]) -> Error {
    let missing: Vec<String> = requires
        .iter()
        .filter(|version| set.get(**version).is_none())
        .map(ToString::to_string)
        .collect();
    Error::new(
        Kind::OlderBuild,
        format!("this build is too old for the database: the contract {name} removed what it uses"),
    )
    .version_is(contract)
    .note(format!("this build does not embed {}", missing.join(", ")))
    .help("start a build that embeds these versions")
}

fn embeds(set: &MigrationSet, requires: &[Version]) -> bool {
    requires
        .iter()
        .all(|version| set.get(*version).is_some() || set.tombstones.contains(version))
}
