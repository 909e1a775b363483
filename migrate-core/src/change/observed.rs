//! What the history shows of a change, and what the log has yet to say of it.

use super::{ChangeState, Occurrence, Record, Shape};
use crate::history::{History, State};
use crate::model::{Migration, MigrationSet, Phase};

/// What the history and the backfills show of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Observed {
    pub(crate) shape: Shape,
    pub(crate) expanded: bool,
    pub(crate) moving: bool,
    pub(crate) moved: bool,
    pub(crate) contracted: bool,
    pub(crate) rolled_back: bool,
    /// Why its backfill does not go on.
    pub(crate) blocked: Option<String>,
}

impl Observed {
    /// Looks at a change. `blocked` is why its backfill does not go on, `moving` whether one was begun.
    pub(crate) fn of(
        set: &MigrationSet,
        history: &History,
        change: &str,
        moving: bool,
        blocked: Option<String>,
    ) -> Self {
        let of_change: Vec<&Migration> = of_change(set, change).collect();
        let of_phase = |phase: Phase| of_change.iter().filter(move |migration| migration.phase == phase);
        let all_applied = |phase: Phase| {
            let mut found = of_phase(phase).peekable();
            found.peek().is_some() && found.all(|migration| history.is_applied(migration.version))
        };
        let any = |phase: Phase| of_phase(phase).next().is_some();
        Self {
            shape: Shape {
                expand: any(Phase::Expand),
                migrate: any(Phase::Migrate),
                loses: of_phase(Phase::Contract).any(|migration| {
                    migration.down.is_none() || crate::gates::loses_data(migration, set.dialect)
                }),
            },
            expanded: all_applied(Phase::Expand),
            moving: moving
                || of_phase(Phase::Migrate).any(|migration| {
                    let row = history.get(migration.version);
                    row.is_some_and(|row| row.state == State::Applying)
                }),
            moved: all_applied(Phase::Migrate),
            contracted: all_applied(Phase::Contract),
            rolled_back: of_change
                .iter()
                .any(|migration| history.is_withdrawn(migration.version)),
            blocked,
        }
    }
}

/// The migrations of a change, in the order of the set.
pub(crate) fn of_change<'a>(set: &'a MigrationSet, change: &'a str) -> impl Iterator<Item = &'a Migration> {
    set.migrations
        .iter()
        .filter(move |migration| migration.change_name() == change)
}

/// What the log has yet to say, in order: a run, or a worker of another build, may have done it without saying so.
pub(crate) fn catch_up(record: &Record, observed: &Observed) -> Vec<(Occurrence, Vec<(String, String)>)> {
    let mut missing = Vec::new();
    let say = |missing: &mut Vec<_>, what| missing.push((what, Vec::new()));
    let state = record.state;
    if observed.rolled_back {
        if state != ChangeState::RolledBack && state != ChangeState::Planned {
            say(&mut missing, Occurrence::RolledBack);
        }
        return missing;
    }
    let mut state = state;
    if state == ChangeState::RolledBack {
        say(&mut missing, Occurrence::Resumed);
        state = ChangeState::Planned;
    }
    let behind = |state: ChangeState, than: ChangeState| (state as u8) < (than as u8);
    if observed.contracted {
        if state != ChangeState::Contracted {
            // On a database nobody used, or one that was taken over, nobody waited for anything.
            if observed.shape.expand && state == ChangeState::Planned {
                say(&mut missing, Occurrence::Expanded);
            }
            if observed.shape.migrate && behind(state, ChangeState::Verified) {
                say(&mut missing, Occurrence::Verified);
            }
            if state != ChangeState::Soaking {
                say(&mut missing, Occurrence::InUse);
            }
            say(&mut missing, Occurrence::Contracted);
        }
        return missing;
    }
    if observed.expanded && state == ChangeState::Planned {
        say(&mut missing, Occurrence::Expanded);
        state = ChangeState::Expanded;
    }
    let may_move = observed.expanded || !observed.shape.expand;
    if may_move && observed.moved && behind(state, ChangeState::Verified) {
        say(&mut missing, Occurrence::Verified);
    } else if may_move && observed.moving && behind(state, ChangeState::Backfilling) {
        say(&mut missing, Occurrence::Backfilling);
    }
    match (&record.blocked, &observed.blocked) {
        (None, Some(reason)) => {
            missing.push((Occurrence::Blocked, vec![("reason".to_owned(), reason.clone())]));
        }
        (Some(_), None) => say(&mut missing, Occurrence::Unblocked),
        _ => {}
    }
    missing
}
