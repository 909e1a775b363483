//! What an action costs because of what else the table has.

use super::column::{has_indexed_virtual, indexed_virtual_stays};
use super::{Cost, Judged, What, Why, is_mariadb};
use crate::rules::Context;
use crate::rules::context::Altered;
use crate::schema::{Column, TableIndex, TableModel};
use crate::sql::{Action, Generated, IndexKind, TableOption};

/// A table with a full-text index is built anew while nobody writes it, unless the index goes in the same statement.
pub(super) fn full_text(cx: &Context<'_>, altered: &Altered<'_>, found: &mut [Judged<'_>]) {
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
        // It goes with its columns.
        let emptied = index.columns.iter().all(|own| {
            let drops =
                |action: &Action| matches!(action, Action::DropColumn { column, .. } if column.text == *own);
            altered.actions.iter().any(drops)
        });
        emptied || altered.actions.iter().any(names)
    };
    let goes = full_text.all(dropped);
    for judged in found {
        // MariaDB puts a column elsewhere in a moment, and not in such a table.
        let moved =
            matches!(judged.action, What::Action(Action::Redefine { definition, .. }) if definition.placed);
        if moved && is_mariadb(cx) && !goes && judged.cost < Cost::Shared {
            (judged.cost, judged.why) = (Cost::Shared, Why::HasFullText);
            continue;
        }
        if moved && is_mariadb(cx) && judged.cost < Cost::Rebuild {
            (judged.cost, judged.why) = (Cost::Rebuild, Why::Place);
        }
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
/// Beside a generated column that is kept, any column becomes NOT NULL by a copy as well.
pub(super) fn virtual_indexes(cx: &Context<'_>, altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let Some(table) = altered.table.filter(|_| is_mariadb(cx)) else {
        return;
    };
    let was_indexed = has_indexed_virtual(table);
    let indexed = indexed_virtual_stays(altered);
    for judged in found {
        let cost = match judged.action {
            What::Action(Action::DropColumn { column, .. })
                if (indexed || was_indexed) && !table.column(&column.text).is_some_and(is_virtual) =>
            {
                Cost::Copy
            }
            What::Action(Action::Redefine {
                column, definition, ..
            }) => {
                let kept = definition.not_null.is_some()
                    && !table.is_not_null(&column.text)
                    && keeps_values(altered, table);
                // One that has an index is written again whatever it is restated for.
                let restated = table.column(&column.text).is_some_and(is_virtual)
                    && table
                        .indexes
                        .iter()
                        .any(|index| index.columns.contains(&column.text));
                match () {
                    () if kept || restated => Cost::Copy,
                    () if indexed && (judged.cost == Cost::Rebuild || definition.placed) => Cost::Shared,
                    () if was_indexed && definition.placed => Cost::Rebuild,
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

/// Whether the table keeps what a column is computed from others: one that is stored, or has an index.
fn keeps_values(altered: &Altered<'_>, table: &TableModel) -> bool {
    let stays = |name: &str| {
        let drops =
            |action: &Action| matches!(action, Action::DropColumn { column, .. } if column.text == name);
        !altered.actions.iter().any(drops)
    };
    let stored =
        |column: &Column| matches!(column.generated, Some(Generated::Stored(_))) && stays(&column.name);
    table.columns.iter().any(stored) || has_indexed_virtual(table)
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
                | Action::Option(TableOption::Noted | TableOption::Visible(..) | TableOption::Charset(_), _),
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

/// A table with a key of which MariaDB keeps a hash is copied for whatever is changed of it, but for that key going.
pub(super) fn hashed_key(cx: &Context<'_>, altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let Some(table) = altered.table.filter(|_| is_mariadb(cx)) else {
        return;
    };
    let hashed = |index: &&TableIndex| index.unique && table.keeps_hash(&index.columns, &index.definition);
    let mut indexes = table.indexes.iter().filter(hashed).peekable();
    if indexes.peek().is_none() {
        return;
    }
    let goes = |index: &TableIndex| {
        let names = |action: &Action| match action {
            Action::DropIndex { name, .. } | Action::DropConstraint { name, .. } => name.text == index.name,
            _ => false,
        };
        altered.actions.iter().any(names)
    };
    if indexes.all(goes) {
        return;
    }
    for judged in found.iter_mut().filter(|judged| judged.cost < Cost::Copy) {
        (judged.cost, judged.why) = (Cost::Copy, Why::HasHash);
    }
}
