//! What a key costs that comes to a table.

use super::{Cost, Why, is_mariadb, of_innodb};
use crate::rules::Context;
use crate::schema::{ConstraintModel, TableIndex, TableModel};
use crate::sql::{Constraint, Index, IndexKind, Word};

/// ADD PRIMARY KEY.
///
/// InnoDB orders a table without a primary key by its first unique key that has no NULL. MariaDB leaves the rows where they
/// are when just that one becomes the primary key; MySQL builds the table anew.
pub(super) fn primary(
    cx: &Context<'_>,
    table: Option<&TableModel>,
    constraint: &Constraint,
    columns: &[Word],
) -> (Cost, Why) {
    let orders = table
        .filter(|_| is_mariadb(cx) && constraint.cut.is_none())
        .and_then(orders)
        .is_some_and(|index| index.columns.iter().eq(columns.iter().map(|column| &column.text)));
    match orders {
        true => (Cost::Nocopy, Why::Nothing),
        false => (Cost::Rebuild, Why::Key),
    }
}

/// The index that a table without a primary key is ordered by.
fn orders(table: &TableModel) -> Option<&TableIndex> {
    let has_key = table
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintModel::PrimaryKey(_)));
    if has_key || !table.complete || !of_innodb(table) {
        return None;
    }
    table.indexes.iter().find(|index| {
        index.unique
            && index.kind == IndexKind::Plain
            && index.columns.iter().all(|column| table.is_not_null(column))
            && !index
                .definition
                .trim_matches(|one| matches!(one, '(' | ')'))
                .contains('(')
            && !table.keeps_hash(&index.columns, &index.definition)
    })
}

/// ADD UNIQUE: what is too long for an index MariaDB keeps as a hash, in a column of its own that it fills by a copy.
pub(super) fn unique(
    cx: &Context<'_>,
    table: Option<&TableModel>,
    constraint: &Constraint,
    columns: &[Word],
) -> (Cost, Why) {
    let names: Vec<String> = columns.iter().map(|column| column.text.clone()).collect();
    let written = constraint
        .cut
        .clone()
        .unwrap_or_else(|| format!("({})", names.join(", ")));
    by_length(cx, table, &names, &written)
}

/// CREATE UNIQUE INDEX.
pub(super) fn of_index(cx: &Context<'_>, index: &Index) -> (Cost, Why) {
    let table = cx.schema.table(&index.table).map(|table| &**table);
    match index.unique {
        true => by_length(cx, table, &index.columns, &index.definition),
        false => (Cost::Nocopy, Why::Nothing),
    }
}

fn by_length(
    cx: &Context<'_>,
    table: Option<&TableModel>,
    columns: &[String],
    definition: &str,
) -> (Cost, Why) {
    let hashed = is_mariadb(cx) && table.is_some_and(|table| table.keeps_hash(columns, definition));
    match hashed {
        true => (Cost::Copy, Why::LongKey),
        false => (Cost::Nocopy, Why::Nothing),
    }
}
