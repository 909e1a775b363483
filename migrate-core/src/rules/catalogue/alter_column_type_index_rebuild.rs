//! `alter-column-type-index-rebuild`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "alter-column-type-index-rebuild",
    "A change of type or collation builds the indexes of a column again.",
    Severity::Error,
    Allowed::Never,
    include_str!("alter_column_type_index_rebuild.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::AlterColumn { column, change: ColumnChange::Type { ty, collation, using }, span } = action else { continue };
        let Some(known) = altered.table.and_then(|table| table.column(&column.text)) else { continue };
        if !free_change(cx, &column.text, known.ty.as_ref(), ty, using.as_ref()) {
            continue;
        }
        let zone = known.ty.as_ref().is_some_and(|old| old.name.starts_with("timestamp") && old.name != ty.name);
        let cased = known.ty.as_ref().is_some_and(|old| (old.name == "citext") != (ty.name == "citext"));
        let recollated = known.collation.as_deref() != collation.as_deref();
        let index = altered.table.and_then(|table| {
            table.indexes.iter().find(|index| {
                // The server keeps no index with an expression or a condition, whatever the change.
                let kept = index.predicate.is_none() && index.columns.iter().all(|column| !column.is_empty());
                let condition = index.predicate.as_deref().unwrap_or_default();
                let named = index.columns.contains(&column.text) || contains_word(&index.definition, &column.text);
                (zone || cased || recollated) && named || !kept && (named || contains_word(condition, &column.text))
            })
        });
        let Some(index) = index else { continue };
        let table = &altered.key;
        let new = made_name(&[&column.text, "new"]);
        let collate = collation.as_ref().map_or_else(String::new, |name| format!(" COLLATE {}", quote(name)));
        out.report(*span, format!("the new type of `{}` builds the index `{}` again", column.text, index.name))
            .lock(format!("ACCESS EXCLUSIVE on {table} while the index is built: nobody reads or writes it"))
            .help("move to a new column with an index of its own, built CONCURRENTLY")
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {new} {ty}{collate};"))
            .file(Phase::Migrate, format!("UPDATE {table} SET {new} = {column};"))
            .file(Phase::Contract, format!("ALTER TABLE {table} DROP COLUMN {column};"));
    }
}
