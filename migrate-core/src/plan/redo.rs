//! Drafts that were edited since they were applied: what is taken back for them, under the development policy.

use std::borrow::Cow;

use super::integrity;
use super::{Mode, Policy, Situation, TakenBack, WayBack, way_back};
use crate::error::{Error, Kind};
use crate::gates::Finding;
use crate::history::{History, Reason, Row, State};
use crate::model::{Migration, MigrationSet};

/// How many rows a table may have that a start under the development policy backfills.
pub(crate) const INLINE_ROWS: u64 = 100_000;

/// What keeps it from one that has more.
pub(super) fn large() -> Finding {
    Finding::closed(
        "data-migration",
        format!(
            "its table has more than {INLINE_ROWS} rows, which no start moves; a worker does it, or `run_to_completion` (`migrate up --all`)"
        ),
    )
}

/// What is taken back, newest first: the oldest draft that was edited, and everything behind it. Nothing under any other
/// policy.
///
/// # Errors
///
/// Where something behind it may not be taken back, or would not come again.
pub(super) fn taken_back(
    set: &MigrationSet,
    history: &History,
    situation: Situation,
) -> Result<Vec<TakenBack>, Error> {
    if situation.policy != Policy::Development {
        return Ok(Vec::new());
    }
    let Some((first, draft)) = history.rows.iter().find_map(|row| edited_draft(set, row)) else {
        return Ok(Vec::new());
    };
    let behind = history
        .rows
        .iter()
        .rev()
        .take_while(|row| row.version > first.version);
    let mut taken = Vec::new();
    for row in behind {
        if let Some(why) = stays(set, row) {
            let message =
                format!("the draft {draft} was edited since it was applied, and is not applied again: {why}");
            return Err(Error::new(Kind::DigestMismatch, message).migration(draft).help(
                "restore the file, and put the change into a new migration; or take back by hand, with `down`, what is \
                 applied behind it",
            ));
        }
        taken.push(TakenBack {
            version: row.version,
            name: row.name.clone(),
            edited: edited_draft(set, row).is_some(),
        });
    }
    taken.push(TakenBack {
        version: first.version,
        name: first.name.clone(),
        edited: true,
    });
    Ok(taken)
}

/// What takes an edited migration back and applies it again where only its developer uses the database, a line of its
/// own; nothing where neither would.
pub(super) fn offer(set: &MigrationSet, history: &History, row: &Row) -> String {
    let comes_back = |row: &Row| {
        let migration = set.get(row.version);
        migration.is_some_and(|one| one.backfill.is_none() && matches!(way_back(one), WayBack::Down { .. }))
    };
    let ran = matches!(row.reason, Reason::Run | Reason::Fresh);
    let draft = set.get(row.version).filter(|migration| is_draft(migration));
    if draft.is_none() || !ran || !comes_back(row) {
        return String::new();
    }
    if history
        .rows
        .last()
        .is_some_and(|last| last.version == row.version)
    {
        return "Where only you use the database: `redo` (`migrate redo`) takes it back, where what was applied had a down, \
                and applies it again; what it held is lost.\n"
            .to_owned();
    }
    let developing = Situation {
        fresh: false,
        mode: Mode::StartUp,
        policy: Policy::Development,
    };
    let first_is_it = |taken: &[TakenBack]| taken.last().is_some_and(|first| first.version == row.version);
    let taken = taken_back(set, history, developing).ok();
    let taken = taken.filter(|taken| {
        let mut rows = taken.iter().filter_map(|one| history.get(one.version));
        first_is_it(taken) && rows.all(comes_back)
    });
    match taken {
        Some(_) => "Where only you use the database: under the development policy (`migrate policy development`, once, and \
                    `migrate up --development`) it is taken back with all that is applied behind it, and applied again; \
                    what they held is lost.\n"
            .to_owned(),
        None => String::new(),
    }
}

/// A row of a draft that is not what was applied; one that was recorded never ran, and one that is half done is finished
/// first.
fn edited_draft<'a>(set: &'a MigrationSet, row: &'a Row) -> Option<(&'a Row, &'a Migration)> {
    let migration = set.get(row.version)?;
    let ran = matches!(row.reason, Reason::Run | Reason::Fresh);
    let whole = row.state == State::Applied || row.did_nothing();
    let edited = row.semantic != migration.semantic;
    (edited && ran && whole && is_draft(migration)).then_some((row, migration))
}

fn is_draft(migration: &Migration) -> bool {
    !migration.released && migration.squash.is_empty()
}

/// Why what is applied behind an edited draft is not taken back with it.
fn stays(set: &MigrationSet, row: &Row) -> Option<String> {
    let name = format!("{} {}", row.version, row.name);
    let Some(migration) = set.get(row.version) else {
        return Some(format!(
            "{name} is applied behind it and not in this build, which could not apply it again"
        ));
    };
    if !is_draft(migration) {
        return Some(format!(
            "{name} is applied behind it and released, and what is released is never taken back by itself"
        ));
    }
    if !matches!(row.reason, Reason::Run | Reason::Fresh) {
        return Some(format!(
            "{name} behind it was recorded and never ran ({}), so its down may not fit",
            row.reason.name()
        ));
    }
    let half_done = !matches!(row.state, State::Applied) && !row.did_nothing();
    half_done.then(|| format!("{name} behind it is {}, and has to be finished first", row.state))
}

/// The history as it is once these are taken back.
pub(super) fn without(history: &History, taken: &[TakenBack]) -> History {
    let is_taken = |row: &Row| taken.iter().any(|one| one.version == row.version);
    let mut left = history.clone();
    left.rows.retain(|row| !is_taken(row));
    for row in history.rows.iter().filter(|row| is_taken(row)) {
        left.reverted.push((row.version, row.attempt));
        left.changes.push((row.version, row.change.clone()));
    }
    left
}

/// What a plan says of it.
pub(super) fn notes(set: &MigrationSet, taken: &[TakenBack]) -> Vec<String> {
    let edited = taken.iter().rev().filter(|one| one.edited);
    let mut notes: Vec<String> = edited
        .filter_map(|one| set.get(one.version))
        .map(|migration| {
            format!(
                "the draft {migration} was edited since it was applied: it is taken back, and applied again"
            )
        })
        .collect();
    let others = taken.iter().filter(|one| !one.edited).count();
    if others > 0 {
        let what = if others == 1 { "draft" } else { "drafts" };
        notes.push(format!(
            "{others} {what} behind it: taken back first, and applied again behind it; what they held is lost"
        ));
    }
    notes
}

/// What a plan begins with.
pub(super) struct Begun<'a> {
    /// The history once the edited drafts are taken back.
    pub(super) history: Cow<'a, History>,
    pub(super) taken_back: Vec<TakenBack>,
    /// What is only worth knowing.
    pub(super) notes: Vec<String>,
}

/// Refuses histories that do not go together with the set, but for drafts that were edited and can be applied again.
pub(super) fn check<'a>(
    set: &MigrationSet,
    history: &'a History,
    situation: Situation,
) -> Result<Begun<'a>, Error> {
    let taken_back = taken_back(set, history, situation)?;
    let history = match &*taken_back {
        [] => Cow::Borrowed(history),
        taken => Cow::Owned(without(history, taken)),
    };
    let mut notes = notes(set, &taken_back);
    notes.extend(integrity::check(set, &history)?);
    Ok(Begun {
        history,
        taken_back,
        notes,
    })
}
