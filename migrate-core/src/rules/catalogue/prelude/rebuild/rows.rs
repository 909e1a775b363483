//! What the copy of a rebuild does to the rows.

use crate::rules::Context;
use crate::schema::TableModel;
use crate::sql::{Copied, Expr, Filter, Generated, Name, Operation, Shape, Table, TableSource, WriteKind};

/// What of the copy may leave rows out.
pub(super) fn partial(copy: &Copied, old: Option<&TableModel>) -> Option<&'static str> {
    let may_lack = |column: &String| old.is_none_or(|old| !old.is_not_null(column));
    match &copy.filter {
        Filter::Some => Some("WHERE"),
        Filter::NotNull(columns) if columns.iter().any(may_lack) => Some("WHERE"),
        _ => copy.limit,
    }
}

/// Whether something else of the file sees to the rows that a copy leaves out: it copies them too, or elsewhere, or
/// deletes them by name.
pub(super) fn is_helped(cx: &Context<'_>, copy: &Copied, copies: &[Copied], new: &Table) -> bool {
    let name = |from: &Option<Name>| from.as_ref().map(|from| from.name.clone());
    let twice = copies
        .iter()
        .filter(|other| name(&other.from) == name(&copy.from))
        .count()
        > 1;
    let wanted = |operation: &Operation| match operation {
        Operation::CreateTable(other) => {
            !core::ptr::eq(&**other, new) && !matches!(other.source, TableSource::None)
        }
        Operation::Data { writes, .. } => writes.iter().any(|write| {
            let old = copy
                .from
                .as_ref()
                .is_some_and(|from| from.name == write.table.name);
            let new = write.table.name == copy.into.name;
            (old && write.kind == WriteKind::Delete)
                || (new && write.kind == WriteKind::Insert && !write.bulk)
        }),
        Operation::Opaque { .. } => true,
        _ => false,
    };
    twice || cx.all.iter().any(wanted)
}

/// What the copy takes for a column of the old table and SQLite for a text, as no column has that name: in double quotes;
/// and whether the new table has a column of that name.
pub(super) fn text(copy: &Copied, old: Option<&TableModel>, new: &Table) -> Option<(String, bool)> {
    let old = old.filter(|old| old.complete)?;
    let mut values = copy.values.iter().flatten();
    values.find_map(|value| {
        let quoted = value.text.trim();
        let one = quoted.len() > 2 && quoted.starts_with('"') && quoted.matches('"').count() == 2;
        let Shape::Column(name) = &value.shape else {
            return None;
        };
        let row = matches!(&**name, "rowid" | "_rowid_" | "oid");
        let has = new.columns.iter().any(|column| column.name.text == **name);
        (one && quoted.ends_with('"') && !row && old.column(name).is_none()).then(|| (quoted.to_owned(), has))
    })
}

/// A column that gets the values of another one whose values get elsewhere: `*` over columns in another order, or two
/// lists that do not go together.
pub(super) fn crossed(copy: &Copied, old: Option<&TableModel>, new: &Table) -> Option<(String, String)> {
    let old = old.filter(|old| old.complete)?;
    if copy.columns.is_none() && !matches!(new.source, TableSource::None) {
        return None;
    }
    let computed = |generated: &Option<Generated>| {
        matches!(generated, Some(Generated::Stored(_) | Generated::Virtual(_)))
    };
    let to: Vec<&str> = match &copy.columns {
        Some(columns) => columns.iter().map(String::as_str).collect(),
        None => {
            let plain = new.columns.iter().filter(|column| !computed(&column.generated));
            plain.map(|column| &*column.name.text).collect()
        }
    };
    let from: Vec<Option<&str>> = match &copy.values {
        Some(values) => {
            let plain = |value: &Expr| match &value.shape {
                Shape::Column(name) => old.column(name).map(|column| &*column.name),
                _ => None,
            };
            values.iter().map(plain).collect()
        }
        None => old.columns.iter().map(|column| Some(&*column.name)).collect(),
    };
    if to.len() != from.len() {
        return None;
    }
    let goes = |column: &str| {
        to.iter()
            .zip(&from)
            .find(|(to, _)| **to == column)
            .map(|(_, from)| *from)
    };
    to.iter().zip(&from).find_map(|(to, from)| {
        let from = from.filter(|from| from != to && old.column(to).is_some())?;
        // Its own column takes something else in turn.
        let other = goes(from).flatten()?;
        (other != from).then(|| ((*to).to_owned(), from.to_owned()))
    })
}
