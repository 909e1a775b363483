//! What it costs that a column comes or goes.

use super::{Cost, Why, checks_foreign_keys, has, has_full_text, has_key, is_mariadb};
use crate::model::ServerVersion;
use crate::rules::Context;
use crate::rules::context::Altered;
use crate::schema::{TableIndex, TableModel};
use crate::sql::{Action, ColumnDef, Constraint, ConstraintKind, Expr, Generated, IndexKind};

pub(super) fn added_column(cx: &Context<'_>, altered: &Altered<'_>, column: &ColumnDef) -> (Cost, Why) {
    let mariadb = is_mariadb(cx);
    let references = column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::ForeignKey(_)));
    // MySQL read REFERENCES at a column and made nothing of it until 9.0.
    let makes_key = references && (mariadb || cx.since >= ServerVersion::new(9, 0, 0));
    if makes_key && checks_foreign_keys(cx, altered) {
        return (Cost::Copy, Why::Reference);
    }
    if matches!(column.generated, Some(Generated::Stored(_))) {
        return (Cost::Copy, Why::Stored);
    }
    if column
        .default
        .as_ref()
        .is_some_and(|value| differs_by_row(cx, value))
    {
        return (Cost::Copy, Why::Default);
    }
    // MariaDB takes it for granted that the new value of the old rows is right, and MySQL copies them to see.
    let checked = |one: &Constraint| matches!(one.kind, ConstraintKind::Check(_)) && !one.not_valid;
    if !mariadb && column.constraints.iter().any(checked) {
        return (Cost::Copy, Why::Check);
    }
    if column.attributes.auto_increment {
        return (Cost::Shared, Why::Counter);
    }
    let table = altered.table;
    let is_virtual = matches!(column.generated, Some(Generated::Virtual(_)));
    // What it costs beside others is told where they are known.
    if is_virtual {
        return (Cost::Instant, Why::Nothing);
    }
    if mariadb && indexed_virtual_stays(altered) {
        return (Cost::Shared, Why::HasVirtual);
    }
    if table.is_some_and(has_full_text) {
        return (Cost::Shared, Why::HasFullText);
    }
    // What goes in the same statement rules out a moment only.
    let index_goes = mariadb && table.is_some_and(has_indexed_virtual);
    if has_key(column) || index_goes {
        return (Cost::Rebuild, Why::Key);
    }
    if table.is_some_and(|table| table.compressed) {
        return (Cost::Rebuild, Why::Compressed);
    }
    let unique = column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::Unique { .. }));
    if unique && mariadb && column.ty.is_long() {
        return (Cost::Copy, Why::LongKey);
    }
    if unique || makes_key {
        return (Cost::Rebuild, Why::Key);
    }
    match column.placed && !is_last(altered, column) {
        true if !has(cx, 29, 4) => (Cost::Rebuild, Why::Version),
        false if !has(cx, 12, 3) => (Cost::Rebuild, Why::Version),
        _ => (Cost::Instant, Why::Nothing),
    }
}

/// Whether AFTER names the column that is the last one anyway.
fn is_last(altered: &Altered<'_>, column: &ColumnDef) -> bool {
    let (Some(table), Some(after)) = (altered.table.filter(|table| table.complete), &column.after) else {
        return false;
    };
    let mut last = table.columns.last().map(|column| &*column.name);
    for action in altered.actions {
        match action {
            Action::AddColumn { column: added, .. } if added.name == column.name => break,
            Action::AddColumn { column: added, .. } => {
                let behind = added
                    .after
                    .as_ref()
                    .is_some_and(|after| last == Some(&*after.text));
                if behind || !added.placed {
                    last = Some(&added.name.text);
                }
            }
            Action::DropColumn { .. } | Action::Redefine { .. } => return false,
            _ => {}
        }
    }
    last == Some(&*after.text)
}

pub(super) fn dropped_column(cx: &Context<'_>, altered: &Altered<'_>, column: &str) -> (Cost, Why) {
    let known = altered.table.and_then(|table| table.column(column));
    if known.is_some_and(|column| matches!(column.generated, Some(Generated::Virtual(_)))) {
        return (Cost::Nocopy, Why::Nothing);
    }
    let Some(table) = altered.table else {
        return match has(cx, 29, 4) {
            true => (Cost::Instant, Why::Nothing),
            false => (Cost::Rebuild, Why::Version),
        };
    };
    let own_full_text = |index: &&TableIndex| index.kind == IndexKind::FullText;
    let others = table
        .indexes
        .iter()
        .filter(own_full_text)
        .any(|index| index.columns != [column]);
    if others {
        return (Cost::Shared, Why::HasFullText);
    }
    if has_full_text(table) || table.compressed {
        return (Cost::Rebuild, Why::Compressed);
    }
    if !has(cx, 29, 4) {
        return (Cost::Rebuild, Why::Version);
    }
    let indexed = table
        .indexes
        .iter()
        .any(|index| index.columns.iter().any(|name| name == column));
    let goes = |action: &Action, index: &TableIndex| match action {
        Action::DropIndex { name, .. } => name.text == index.name,
        _ => false,
    };
    let drops = |other: &String| {
        altered
            .actions
            .iter()
            .any(|action| matches!(action, Action::DropColumn { column, .. } if column.text == *other))
    };
    // An index over columns that stay is built anew, and takes the table along; a unique one keeps its column.
    let shortened = table.indexes.iter().any(|index| {
        !index.unique
            && index.columns.iter().any(|name| name == column)
            && !index.columns.iter().all(drops)
            && !altered.actions.iter().any(|action| goes(action, index))
    });
    match (indexed, is_mariadb(cx)) {
        (false, _) => (Cost::Instant, Why::Nothing),
        (true, true) if !shortened => (Cost::Nocopy, Why::Nothing),
        // What is dropped with an index is not dropped instantly, and in place takes every row along.
        (true, _) => (Cost::Rebuild, Why::Key),
    }
}

pub(super) fn has_indexed_virtual(table: &TableModel) -> bool {
    let mut columns = table
        .columns
        .iter()
        .filter(|column| matches!(column.generated, Some(Generated::Virtual(_))));
    columns.any(|column| {
        table
            .indexes
            .iter()
            .any(|index| index.columns.contains(&column.name))
    })
}

/// Whether a virtual column has an index behind the statement, one that it builds or one that was there and stays.
pub(super) fn indexed_virtual_stays(altered: &Altered<'_>) -> bool {
    let Some(table) = altered.table else { return false };
    let is_virtual = |name: &String| {
        let known = table.column(name);
        known.is_some_and(|column| matches!(column.generated, Some(Generated::Virtual(_))))
    };
    let goes = |index: &TableIndex| {
        altered.actions.iter().any(|action| match action {
            Action::DropIndex { name, .. } | Action::DropConstraint { name, .. } => name.text == index.name,
            _ => false,
        })
    };
    let stays = table
        .indexes
        .iter()
        .any(|index| index.columns.iter().any(is_virtual) && !goes(index));
    let built = altered.actions.iter().any(|action| match action {
        Action::AddIndex(index) => index.columns.iter().any(is_virtual),
        Action::AddConstraint(one) => match &one.kind {
            ConstraintKind::Unique { columns, .. } => columns.iter().any(|column| is_virtual(&column.text)),
            _ => false,
        },
        _ => false,
    });
    stays || built
}

/// Whether existing rows would get different values, so that the server has to write them.
fn differs_by_row(cx: &Context<'_>, value: &Expr) -> bool {
    let now = [
        "now",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_date",
        "curdate",
    ];
    if is_mariadb(cx) {
        let own = [
            "uuid",
            "sys_guid",
            "uuid_short",
            "uuid_v4",
            "uuid_v7",
            "sysdate",
            "utc_timestamp",
            "random_bytes",
        ];
        return counts(value)
            || value.calls.iter().any(|call| own.contains(&call.name.as_str()))
            || value.columns.iter().any(|column| !now.contains(&column.as_str()));
    }
    // MySQL adds no column whose default stands in parentheses without writing the rows, were it a number.
    value.text.starts_with('(')
}

/// Whether it asks a sequence of MariaDB, as a function or as NEXT VALUE FOR.
fn counts(value: &Expr) -> bool {
    let text = value.text.to_lowercase();
    let words: Vec<&str> = text
        .split(|one: char| !one.is_alphanumeric() && one != '_')
        .filter(|word| !word.is_empty())
        .collect();
    value
        .calls
        .iter()
        .any(|call| matches!(&*call.name, "nextval" | "lastval" | "setval"))
        || words
            .windows(3)
            .any(|three| matches!(three, ["next" | "previous", "value", "for"]))
}
