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
.on(TRANSACTIONAL)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let breaks = match cx.dialect {
        Dialect::Sqlite => {
            "the running build, where a connection of sqlx has prepared a SELECT * or RETURNING *: its thread panics over the \
             new column, and the query ends without its rows"
        }
        _ => {
            "the running build, where it has prepared a SELECT * or RETURNING *: cached plan must not change result type"
        }
    };
    for (altered, column) in added_columns(cx) {
        out.report(column.span, format!("a new column changes what `SELECT *` from `{}` returns", altered.key))
            .breaks(breaks)
            .help("name the columns in every query, and prove it in CI with the testkit");
    }
}
