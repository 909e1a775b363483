//! `rename-schema`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-schema",
    "A schema in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_schema.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    renamed(cx, out, &[ObjectKind::Schema], Class::Schema);
}
