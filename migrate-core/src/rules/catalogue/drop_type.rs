//! `drop-type`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-type",
    "A type in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_type.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    dropped(cx, out, &[ObjectKind::Type, ObjectKind::Domain], Class::Type);
}
