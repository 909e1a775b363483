//! `add-column-default-rewrite`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-default-rewrite",
    "A column with a default is added on a server that rewrites the table for it.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_default_rewrite.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.at_least(11) {
        return;
    }
    for (altered, column) in added_columns(cx) {
        let Some(default) = column.default.as_ref().filter(|value| value.shape != Shape::Null) else { continue };
        if volatile_call(default, cx.schema).is_some() {
            continue;
        }
        let table = &altered.key;
        let name = &column.name;
        let finding = out.report(default.span, format!("adding `{}` with a default rewrites all of `{table}` before PostgreSQL 11", name.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is written again: nobody reads or writes it"))
            .file(Phase::Expand, format!(
                "ALTER TABLE {table} ADD COLUMN {name} {};\nALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {};",
                column.ty, default.text
            ))
            .file(Phase::Migrate, backfill(table, name, &default.text));
        if column.not_null.is_some() {
            not_null(cx, finding, table, &name.text);
        }
    }
}
