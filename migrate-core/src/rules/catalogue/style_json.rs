//! `style-json`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-json",
    "A column is json where jsonb is meant.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_json.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for column in new_columns(cx).filter(|column| column.ty.name == "json") {
        out.report(column.ty.span, format!("`{}` is json, which has no equality and no index", column.name.text))
            .help("use jsonb");
    }
}
