//! `drop-view`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-view",
    "A view in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_view.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    dropped(cx, out, &[ObjectKind::View, ObjectKind::MaterializedView], Class::Relation);
}
