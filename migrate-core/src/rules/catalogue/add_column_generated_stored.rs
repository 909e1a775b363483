//! `add-column-generated-stored`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-generated-stored",
    "A stored generated column is added, or its expression changed, on a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_generated_stored.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        let Some(Generated::Stored(value)) = &column.generated else { continue };
        let table = &altered.key;
        let name = &column.name;
        let finding = out.report(value.span, format!("adding the stored generated column `{}` rewrites all of `{table}`", name.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is written again: nobody reads or writes it"))
            .help("keep the column right for new writes with a trigger of its own, made in the first file: a `sync` ends with its change".to_owned()
                + if cx.at_least(18) { "; or make it VIRTUAL, which costs nothing" } else { "" })
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {name} {};", column.ty))
            .file(Phase::Migrate, backfill(table, name, &value.text));
        if column.not_null.is_some() {
            not_null(cx, finding, table, &name.text);
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::AlterColumn { column, change: ColumnChange::SetExpression(value), .. } = action else { continue };
        let known = altered.table.and_then(|table| table.column(&column.text));
        if known.is_some_and(|column| matches!(column.generated, Some(Generated::Virtual(_)))) {
            continue;
        }
        let table = &altered.key;
        out.report(value.span, format!("another expression for the stored column `{}` rewrites all of `{table}`", column.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is written again: nobody reads or writes it"))
            .help("add a column for the new expression beside it, and drop this one in a contract");
    }
}
