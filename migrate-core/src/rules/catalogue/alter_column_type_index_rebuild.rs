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
        // A column that names none has that of its type, and of the types with one each but `name` has the default.
        let named = |collation: &Option<String>| collation.clone().filter(|name| name != "default");
        let recollated = named(&known.collation) != named(collation);
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
        let finding = out.report(*span, format!("the new type of `{}` builds the index `{}` again", column.text, index.name))
            .lock(format!("ACCESS EXCLUSIVE on {table} while the index is built: nobody reads or writes it"));
        if let Some(why) = held(cx, altered.table, &column.text) {
            finding.help(format!("`{}` {why}, so no sync can keep a second column equal to it: keep the type, or build the index of the new type CONCURRENTLY over an expression", column.text));
            continue;
        }
        let new = format!("{}_new", column.text);
        let quoted = made_name(&[&new]);
        finding.help(format!("move to a new column with an index of its own, built CONCURRENTLY; it is called {quoted} from then on, so write the name that it is to keep"));
        let cast = known.ty.as_ref().filter(|old| *old != ty).map(|old| (format!("{column}::{ty}"), format!("{quoted}::{old}")));
        let moved = Moved {
            table,
            model: altered.table,
            old: (&column.text, column.to_string()),
            new: (&new, quoted),
            ty: ty.to_string(),
            collation: collation.clone(),
            using: cast,
        };
        moved.tell(cx, finding);
    }
}
