//! `rename-column`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-column",
    "A column in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_column.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::Alter { kind, name, actions, .. } = cx.operation
        && is_view(cx, *kind, name)
    {
        if cx.existing(name).is_none() {
            return;
        }
        for action in actions {
            if let Action::RenameColumn(from, to) = action {
                out.report(from.span, format!("the running build calls this column of `{name}` `{}`, not `{}`", from.text, to.text))
                    .breaks(format!("the running build: every query that names `{}`", from.text))
                    .help("CREATE OR REPLACE VIEW with the new column behind the old ones");
            }
        }
        return;
    }
    if let Some(rebuild) = rebuild(cx) {
        for (from, to) in &rebuild.renames {
            out.report(rebuild.span, format!("the running build calls this column of `{}` `{from}`, not `{to}`", rebuild.key))
                .breaks(format!("the running build: every query that names `{from}`"))
                .help("add the new column, keep both equal with `-- migrate:sync`, and drop the old one in a contract");
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let (from, to, ty) = match action {
            Action::RenameColumn(from, to) => (from, to, None),
            Action::Redefine { column, definition, .. } if *column != definition.name => (column, &definition.name, Some(&definition.ty)),
            _ => continue,
        };
        let model = altered.table.and_then(|table| table.column(&from.text));
        let new = model.is_some_and(|model| model.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index))));
        if new || view_keeps(cx, altered.name, &[(from.text.clone(), to.text.clone())]) {
            continue;
        }
        let table = &altered.key;
        let ty = ty.or(model.and_then(|column| column.ty.as_ref())).map_or_else(|| "…".to_owned(), |ty| ty.text.clone());
        let (old, new) = (written_name(cx, from), written_name(cx, to));
        out.report(from.span, format!("the running build calls this column `{}`, not `{}`", from.text, to.text))
            .lock(brief_lock(cx, table))
            .breaks(format!("the running build: every query that names `{}`", from.text))
            .help("name all files with one `-- migrate:change`, and let `-- migrate:sync` in the first keep both columns equal")
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {new} {ty};"))
            .file(Phase::Migrate, format!("UPDATE {table} SET {new} = {old};"))
            .file(Phase::Contract, format!("ALTER TABLE {table} DROP COLUMN {old};"));
    }
}

/// Whether a view is altered; ALTER TABLE does it too.
fn is_view(cx: &Context<'_>, kind: ObjectKind, name: &Name) -> bool {
    let view = |kind| matches!(kind, ObjectKind::View | ObjectKind::MaterializedView);
    let known = || cx.schema.get(&cx.schema.resolve(Class::Relation, name)).map(Object::kind);
    view(kind) || kind == ObjectKind::Table && cx.dialect == Dialect::Postgres && known().is_some_and(view)
}
