//! `add-column-select-star`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-select-star",
    "A column is added, and cached plans of SELECT * break.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("add_column_select_star.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        out.report(column.span, format!("a new column changes what `SELECT *` from `{}` returns", altered.key))
            .breaks("the running build, where it has prepared a SELECT * or RETURNING *: cached plan must not change result type")
            .help("name the columns in every query, and prove it in CI with the testkit");
    }
}
