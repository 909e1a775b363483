//! What it costs that a virtual column comes, goes or moves.
//!
//! Alone it is only written down. Beside others a server that works in place leaves room for indexes that are not unique and for
//! other virtual columns; whatever else the statement holds makes it copy every row. MySQL does a statement in a moment whose parts
//! all take one (run on 8.0.46 and 9.7, and on MariaDB 10.11).

use super::{Cost, Judged, What, Why, is_mariadb};
use crate::model::ServerVersion;
use crate::rules::Context;
use crate::rules::context::Altered;
use crate::schema::{Column, ConstraintModel, TableModel};
use crate::sql::{Action, ColumnDef, Generated, IndexKind};

pub(super) fn is_virtual(column: &ColumnDef) -> bool {
    matches!(column.generated, Some(Generated::Virtual(_)))
}

fn was_virtual(column: &Column) -> bool {
    matches!(column.generated, Some(Generated::Virtual(_)))
}

/// Whether a virtual column of the table is dropped by that.
pub(super) fn goes(altered: &Altered<'_>, one: &Judged<'_>) -> bool {
    let What::Action(Action::DropColumn { column, .. }) = one.action else {
        return false;
    };
    let known = altered.table.and_then(|table| table.column(&column.text));
    known.is_some_and(was_virtual)
}

fn comes(one: &Judged<'_>) -> bool {
    matches!(one.action, What::Action(Action::AddColumn { column, .. }) if is_virtual(column))
}

/// Virtual columns beside what else the statement does.
pub(super) fn beside_others(cx: &Context<'_>, altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let after = altered.table.and_then(|table| Order::behind(altered, table));
    let moves = altered.table.is_some_and(|table| match &after {
        Some(order) => order.moves(table),
        None => table.columns.iter().any(was_virtual) && found.iter().any(may_move),
    });
    let changes = found.iter().any(|one| comes(one) || goes(altered, one));
    // None is put before another one but by a copy; what moves one MySQL does in place from 9 on.
    let among = after.is_some_and(|order| order.puts_before());
    let newer = !is_mariadb(cx) && cx.since >= ServerVersion::new(9, 0, 0);
    if !changes && (!moves || newer) {
        return;
    }
    let split = altered.table.is_some_and(|table| table.partitioned.is_some());
    let moment = !is_mariadb(cx) && in_moment(altered, found);
    // Beside a column that is no virtual one MySQL adds it in a moment anywhere.
    let among = among && !(moment && adds_other(altered));
    let hindered = !moment && hindered(cx, altered, found);
    let parted = split && is_mariadb(cx);
    if ![hindered, among, parted].contains(&true) {
        return;
    }
    let of_columns = |one: &Judged<'_>| comes(one) || goes(altered, one) || moves && may_move(one);
    let cheaper = |one: &&mut Judged<'_>| one.cost < Cost::Copy && of_columns(one);
    for judged in found.iter_mut().filter(cheaper) {
        (judged.cost, judged.why) = (Cost::Copy, Why::HasVirtual);
    }
}

fn may_move(one: &Judged<'_>) -> bool {
    match one.action {
        What::Action(Action::AddColumn { column, .. }) => column.placed,
        What::Action(Action::Redefine { definition, .. }) => definition.placed,
        What::Action(Action::DropColumn { .. }) => true,
        _ => false,
    }
}

/// Whether each part of the statement takes MySQL a moment.
fn in_moment(altered: &Altered<'_>, found: &[Judged<'_>]) -> bool {
    let indexed = |one: &Judged<'_>| {
        let What::Action(Action::DropColumn { column, .. }) = one.action else {
            return true;
        };
        let mut indexes = altered.table.into_iter().flat_map(|table| &table.indexes);
        indexes.any(|index| index.columns.contains(&column.text))
    };
    let instant = |one: &Judged<'_>| one.cost == Cost::Instant || goes(altered, one) && !indexed(one);
    let drops_key = |action: &Action| {
        let Action::DropConstraint { name, .. } = action else {
            return false;
        };
        let known = altered.table.and_then(|table| table.constraint(&name.text));
        !known.is_some_and(|one| matches!(one.kind, ConstraintModel::Check(_)))
    };
    // Beside another name none comes or goes in a moment, and beside a column that is no virtual one none goes.
    let named = |action: &Action| match action {
        Action::RenameColumn(from, to, _) => from.text != to.text,
        Action::Redefine {
            column, definition, ..
        } => column.text != definition.name.text,
        _ => false,
    };
    let (comes, goes) = (
        found.iter().any(comes),
        found.iter().any(|one| goes(altered, one)),
    );
    let renamed = (comes || goes) && altered.actions.iter().any(named);
    let swapped = goes && adds_other(altered);
    let kept = !altered.actions.iter().any(drops_key);
    found.iter().all(instant) && kept && !renamed && !swapped
}

fn adds_other(altered: &Altered<'_>) -> bool {
    let other = |action: &Action| matches!(action, Action::AddColumn { column, .. } if !is_virtual(column));
    altered.actions.iter().any(other)
}

/// Whether a server that works in place cannot do the rest of the statement beside a virtual column.
fn hindered(cx: &Context<'_>, altered: &Altered<'_>, found: &[Judged<'_>]) -> bool {
    let unique = |name: &str| {
        let mut indexes = altered.table.into_iter().flat_map(|table| &table.indexes);
        indexes.any(|index| index.name == name && index.unique)
    };
    // MariaDB drops a column beside it where that leaves the rows alone.
    let drops_rows = |one: &Judged<'_>| {
        matches!(one.action, What::Action(Action::DropColumn { .. }))
            && !goes(altered, one)
            && (!is_mariadb(cx) || one.cost >= Cost::Rebuild)
    };
    let others = altered.actions.iter().any(|action| match action {
        Action::AddColumn { column, .. } => !is_virtual(column),
        Action::AddIndex(index) => index.unique || index.kind != IndexKind::Plain,
        Action::DropIndex { name, .. } => unique(&name.text),
        Action::RenameTo(_) => is_mariadb(cx),
        Action::DropColumn { .. }
        | Action::Online(_)
        | Action::Unchecked
        | Action::KeepHistory
        | Action::Harmless
        | Action::Unknown(_) => false,
        _ => true,
    });
    others || found.iter().any(drops_rows)
}

/// The columns as the statement leaves them: where each was, or whether a new one is virtual.
struct Order {
    columns: Vec<Place>,
}

struct Place {
    name: String,
    was: Option<usize>,
    is_virtual: bool,
}

impl Order {
    /// Where each column stands behind the statement; what is put somewhere finds its place once the others have theirs.
    fn behind(altered: &Altered<'_>, table: &TableModel) -> Option<Self> {
        if !table.complete {
            return None;
        }
        let kept = table.columns.iter().enumerate().map(|(at, column)| Place {
            name: column.name.clone(),
            was: Some(at),
            is_virtual: was_virtual(column),
        });
        let mut columns: Vec<Place> = kept.collect();
        let mut put: Vec<(Place, &ColumnDef)> = Vec::new();
        for action in altered.actions {
            match action {
                Action::AddColumn { column, .. } => {
                    let place = Place {
                        name: column.name.text.clone(),
                        was: None,
                        is_virtual: is_virtual(column),
                    };
                    put.push((place, column));
                }
                Action::DropColumn { column, .. } => columns.retain(|one| one.name != column.text),
                Action::RenameColumn(from, to, _) => {
                    if let Some(one) = columns.iter_mut().find(|one| one.name == from.text) {
                        one.name.clone_from(&to.text);
                    }
                }
                Action::Redefine {
                    column, definition, ..
                } => {
                    let at = columns.iter().position(|one| one.name == column.text)?;
                    columns[at].name.clone_from(&definition.name.text);
                    if definition.placed {
                        put.push((columns.remove(at), definition));
                    }
                }
                _ => {}
            }
        }
        for (place, definition) in put {
            let at = match &definition.after {
                Some(after) => columns.iter().position(|one| one.name == after.text)? + 1,
                None if definition.placed => 0,
                None => columns.len(),
            };
            columns.insert(at, place);
        }
        Some(Self { columns })
    }

    /// Whether a virtual column that stays is at another place.
    fn moves(&self, table: &TableModel) -> bool {
        let moved = |(at, one): (usize, &Place)| {
            one.was
                .is_some_and(|was| was != at && table.columns.get(was).is_some_and(was_virtual))
        };
        self.columns.iter().enumerate().any(moved)
    }

    /// Whether a new virtual column stands before one that was there.
    fn puts_before(&self) -> bool {
        let new = |one: &Place| one.is_virtual && one.was.is_none();
        let Some(first) = self.columns.iter().position(new) else {
            return false;
        };
        let mut behind = self.columns[first..].iter();
        behind.any(|one| one.is_virtual && one.was.is_some())
    }
}
