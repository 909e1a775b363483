//! `style-timestamp`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-timestamp",
    "A column is a timestamp without time zone.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_timestamp.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for column in new_columns(cx).filter(|column| column.ty.is("timestamp")) {
        out.report(column.ty.span, format!("`{}` is a time whose zone nobody knows", column.name.text))
            .help("use timestamptz");
    }
}
