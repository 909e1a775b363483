//! `drop-schema`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-schema",
    "A schema in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_schema.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    dropped(cx, out, &[ObjectKind::Schema], Class::Schema);
}
