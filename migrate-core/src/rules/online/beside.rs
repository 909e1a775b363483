//! What an action costs because of what else the table has.

use super::column::has_indexed_virtual;
use super::{Cost, Judged, What, Why, is_mariadb};
use crate::rules::Context;
use crate::rules::context::Altered;
use crate::schema::{Column, TableIndex, TableModel};
use crate::sql::{Action, Expr, Generated, IndexKind, TableOption};

/// A table with a full-text index is built anew while nobody writes it, unless the index goes in the same statement.
pub(super) fn full_text(altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let indexes = altered.table.map(|table| &*table.indexes).unwrap_or_default();
    let mut full_text = indexes
        .iter()
        .filter(|index| index.kind == IndexKind::FullText)
        .peekable();
    if full_text.peek().is_none() {
        return;
    }
    let dropped = |index: &TableIndex| {
        let names =
            |action: &Action| matches!(action, Action::DropIndex { name, .. } if name.text == index.name);
        altered.actions.iter().any(names)
    };
    let goes = full_text.all(dropped);
    for judged in found {
        match (judged.cost, judged.why) {
            (Cost::Rebuild, _) if !goes => (judged.cost, judged.why) = (Cost::Shared, Why::HasFullText),
            (Cost::Shared, Why::HasFullText) if goes => {
                (judged.cost, judged.why) = (Cost::Rebuild, Why::Option("this"));
            }
            _ => {}
        }
    }
}

/// Beside an index over a virtual column MariaDB builds nothing anew while others write, and drops a column by a copy.
/// A column from which a generated one is kept becomes NOT NULL by a copy as well.
pub(super) fn virtual_indexes(cx: &Context<'_>, altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let Some(table) = altered.table.filter(|_| is_mariadb(cx)) else {
        return;
    };
    let indexed = has_indexed_virtual(table);
    for judged in found {
        let cost = match judged.action {
            What::Action(Action::DropColumn { column, .. })
                if indexed && !table.column(&column.text).is_some_and(is_virtual) =>
            {
                Cost::Copy
            }
            What::Action(Action::Redefine {
                column, definition, ..
            }) => {
                let kept = definition.not_null.is_some()
                    && !table.is_not_null(&column.text)
                    && is_kept(table, &column.text);
                match () {
                    () if kept => Cost::Copy,
                    () if indexed && (judged.cost == Cost::Rebuild || definition.placed) => Cost::Shared,
                    () => continue,
                }
            }
            _ if indexed && judged.cost == Cost::Rebuild => Cost::Shared,
            _ => continue,
        };
        if cost > judged.cost {
            (judged.cost, judged.why) = (cost, Why::HasVirtual);
        }
    }
}

fn is_virtual(column: &Column) -> bool {
    matches!(column.generated, Some(Generated::Virtual(_)))
}

/// Whether a stored column, or one with an index, is computed from the column.
fn is_kept(table: &TableModel, column: &str) -> bool {
    let from = |value: &Expr| value.columns.iter().any(|name| name == column);
    let indexed = |name: &String| table.indexes.iter().any(|index| index.columns.contains(name));
    table.columns.iter().any(|other| match &other.generated {
        Some(Generated::Stored(value)) => from(value),
        Some(Generated::Virtual(value)) => from(value) && indexed(&other.name),
        _ => false,
    })
}

/// Engines that copy every row for whatever is not only written down about the table.
const COPYING: &[&str] = &[
    "myisam",
    "aria",
    "memory",
    "heap",
    "csv",
    "archive",
    "merge",
    "mrg_myisam",
];

pub(super) fn copies_always(table: &TableModel) -> bool {
    table
        .engine
        .as_deref()
        .is_some_and(|engine| COPYING.contains(&engine))
}

/// A table of another engine than InnoDB: only a name, a default, a comment and a longer list of values take a moment.
pub(super) fn other_engine(altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let Some(table) = altered.table.filter(|table| copies_always(table)) else {
        return;
    };
    for judged in found.iter_mut().filter(|judged| judged.cost < Cost::Copy) {
        let moment = match judged.action {
            What::Action(
                Action::RenameColumn(..)
                | Action::RenameIndex(..)
                | Action::Option(TableOption::Noted | TableOption::Charset(_), _),
            ) => true,
            What::Action(Action::Redefine {
                column, definition, ..
            }) => {
                let listed = matches!(&*definition.ty.name, "enum" | "set");
                let same = table
                    .column(&column.text)
                    .is_some_and(|old| old.ty.as_ref() == Some(&definition.ty));
                judged.cost == Cost::Instant && !definition.placed && (listed || same)
            }
            _ => false,
        };
        if !moment {
            (judged.cost, judged.why) = (Cost::Copy, Why::OtherEngine);
        }
    }
}
