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
        let of_domain = domain_default(cx, &column.ty);
        let Some(default) = column.default.as_ref().or(of_domain) else { continue };
        let Some(call) = volatile_call(default, cx.schema) else { continue };
        let table = &altered.key;
        let name = &column.name;
        let (span, ty) = match (&column.default, domain(cx, &column.ty)) {
            // A column of the domain would have its default from the start.
            (None, Some((base, _))) => (column.ty.span, base),
            _ => (default.span, column.ty.clone()),
        };
        let finding = out.report(span, format!("adding `{}` rewrites all of `{table}`: `{}()` may give another value for each row", name.text, call.name))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is written again: nobody reads or writes it"))
            .file(Phase::Expand, format!(
                "ALTER TABLE {table} ADD COLUMN {name} {};\nALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {};",
                ty, default.text
            ))
            .file(Phase::Migrate, backfill(table, name, &default.text));
        if cx.schema.called(call, None, &[]).is_none() && !is_sure_to_vary(call) {
            finding.help(format!("where `{}` is not volatile, create it as STABLE or IMMUTABLE in a migration, so that this is known", call.name));
        }
        if column.not_null.is_some() {
            not_null(cx, finding, table, &name.text);
        }
    }
}
