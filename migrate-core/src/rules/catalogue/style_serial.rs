//! `style-serial`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-serial",
    "A serial column where an identity column is meant.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_serial.md"),
    check,
)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for column in new_columns(cx).filter(|column| column.ty.is_serial()) {
        out.report(column.ty.span, format!("`{}` is {}: its sequence has privileges and an owner of its own", column.name.text, column.ty))
            .help("use GENERATED ALWAYS AS IDENTITY");
    }
}
