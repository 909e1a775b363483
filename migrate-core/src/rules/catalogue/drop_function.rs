//! `drop-function`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-function",
    "A function in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_function.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    dropped(cx, out, &[ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Aggregate], Class::Function);
}
