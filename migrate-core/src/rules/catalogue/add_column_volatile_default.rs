//! `add-column-volatile-default`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-volatile-default",
    "A column is added whose default gives another value for each row.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_volatile_default.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        let Some(default) = &column.default else { continue };
        let Some(call) = volatile_call(default, cx.schema) else { continue };
        let table = &altered.key;
        let name = &column.name;
        out.report(default.span, format!("adding `{}` rewrites all of `{table}`: `{}()` may give another value for each row", name.text, call.name))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is written again: nobody reads or writes it"))
            .help(format!("where `{}` is not volatile, create it as STABLE or IMMUTABLE in a migration, so that this is known", call.name))
            .file(Phase::Expand, format!(
                "ALTER TABLE {table} ADD COLUMN {name} {};\nALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {};",
                column.ty, default.text
            ))
            .file(Phase::Migrate, backfill(table, name, &default.text));
    }
}
