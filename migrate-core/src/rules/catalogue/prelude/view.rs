//! Views that stand in for what was renamed.

use super::{Action, Class, Context, Key, Name, ObjectKind, Operation};

/// Whether the transaction puts an updatable view in the place of the table, under which it still has its old name, and
/// these columns theirs: pairs of old and new.
pub(in super::super) fn view_keeps(cx: &Context<'_>, table: &Name, columns: &[(String, String)]) -> bool {
    let renames = |operation: &Operation, from: Option<&str>, to: Option<&str>| match operation {
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            actions,
            ..
        } => actions.iter().find_map(|action| match action {
            Action::RenameTo(target)
                if from.is_none_or(|from| name.name == from) && to.is_none_or(|to| target.text == to) =>
            {
                Some((name.name.clone(), target.text.clone()))
            }
            _ => None,
        }),
        _ => None,
    };
    // Few renames are followed by a view, and a file may hold thousands of them.
    if !cx.transaction.open || cx.later_views().next().is_none() {
        return false;
    }
    let before = cx.all.get(..cx.at).unwrap_or_default();
    let old = before
        .iter()
        .rev()
        .find_map(|operation| renames(operation, None, Some(&table.name)));
    let old = old.map_or_else(|| table.name.clone(), |(from, _)| from);
    let from_here = cx.all.get(cx.at..).unwrap_or_default();
    let new = from_here
        .iter()
        .find_map(|operation| renames(operation, Some(&table.name), None));
    let new = new.map_or_else(|| table.name.clone(), |(_, to)| to);
    let count = cx
        .schema
        .table(table)
        .filter(|known| known.complete)
        .map(|known| known.columns.len());
    let stood = Key::new(
        Class::Relation,
        &cx.schema.resolve(Class::Relation, table).schema,
        &old,
    );
    new != old
        && cx.later_views().any(|view| {
            let all = view.targets.iter().any(|(shown, _)| shown.is_empty());
            cx.schema.creation(Class::Relation, &view.name) == stood
                && !view.materialized
                && !view.temporary
                && view.updatable.as_ref().is_some_and(|from| from.name == new)
                && (all || count.is_none_or(|count| view.targets.len() >= count))
                && columns.iter().all(|(old, new)| {
                    view.targets
                        .iter()
                        .any(|(shown, column)| shown == old && column == new)
                })
        })
}

/// The same for a table that moves to another schema.
pub(in super::super) fn moved_view_keeps(cx: &Context<'_>, table: &Name, schema: &str) -> bool {
    let old = cx.schema.resolve(Class::Relation, table);
    cx.later_views().any(|view| {
        cx.schema.creation(Class::Relation, &view.name) == old
            && !view.temporary
            && view
                .updatable
                .as_ref()
                .is_some_and(|from| from.name == table.name && from.schema.as_deref() == Some(schema))
    })
}
