//! `add-column-not-null-no-default`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-not-null-no-default",
    "A NOT NULL column without a value for existing rows is added.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_not_null_no_default.md"),
    check,
)
.on(TRANSACTIONAL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(rebuild) = rebuild(cx) {
        let fills = |column: &ColumnDef| has_value(column) || rebuild.counts(column);
        for column in rebuild.added().filter(|column| rebuild.is_required(column) && !fills(column)) {
            let (table, name) = (&rebuild.key, &column.name);
            out.report(rebuild.span, format!("the rebuilt `{table}` has a column `{}` that is NOT NULL and has no default", name.text))
                .breaks(format!("the running build, which inserts into {table} without naming `{}`", name.text))
                .help("give it a default, or let it be NULL until a contract");
        }
    }
    if cx.dialect == Dialect::Sqlite {
        // What ALTER TABLE cannot add there has a rule of its own.
        return;
    }
    for (altered, column) in added_columns(cx) {
        let Some(span) = column.not_null else { continue };
        // The default of a domain counts where the column has none of its own.
        let default = column.default.as_ref().or_else(|| domain_default(cx, &column.ty));
        let has_value = default.is_some_and(|value| value.shape != Shape::Null);
        if has_value || column.generated.is_some() || column.ty.is_serial() || is_emptied(cx, &altered.key) {
            continue;
        }
        let table = &altered.key;
        let name = &column.name;
        let finding = out.report(span, format!("adding `{}` fails: the rows of `{table}` have no value for it", name.text))
            .breaks(format!("the migration, and every build that inserts into {table} without naming `{}`", name.text))
            .help("or give it a default, which every row then has")
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {name} {};", column.ty))
            .file(Phase::Migrate, backfill(table, name, "…"));
        not_null(cx, finding, table, &name.text);
    }
}
