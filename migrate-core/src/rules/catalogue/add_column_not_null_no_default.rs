//! `add-column-not-null-no-default`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-not-null-no-default",
    "A NOT NULL column without a value for existing rows is added.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_not_null_no_default.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        let Some(span) = column.not_null else { continue };
        let has_value = column.default.as_ref().is_some_and(|value| value.shape != Shape::Null);
        if has_value || column.generated.is_some() || column.ty.is_serial() {
            continue;
        }
        let table = &altered.key;
        let name = &column.name;
        out.report(span, format!("adding `{}` fails: the rows of `{table}` have no value for it", name.text))
            .breaks(format!("the migration, and every build that inserts into {table} without naming `{}`", name.text))
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {name} {};", column.ty))
            .file(Phase::Migrate, backfill(table, name, "…"))
            .steps(Phase::Contract, not_null(table, &name.text));
    }
}
