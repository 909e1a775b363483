//! `style-char`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-char",
    "A column is char(n), which is padded.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_char.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for column in new_columns(cx).filter(|column| column.ty.is("char")) {
        out.report(column.ty.span, format!("`{}` is padded with spaces", column.name.text))
            .help("use text, with a CHECK on its length");
    }
}
