//! `style-money`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-money",
    "A column is money, whose digits depend on the server.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_money.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for column in new_columns(cx).filter(|column| column.ty.is("money")) {
        out.report(column.ty.span, format!("the digits and the currency of `{}` depend on the server's locale", column.name.text))
            .help("use numeric, and a column for the currency");
    }
}
