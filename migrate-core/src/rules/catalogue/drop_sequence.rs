//! `drop-sequence`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-sequence",
    "A sequence in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_sequence.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    dropped(cx, out, &[ObjectKind::Sequence], Class::Relation);
}
