//! `rename-view`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-view",
    "A view in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_view.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    renamed(cx, out, &[ObjectKind::View, ObjectKind::MaterializedView, ObjectKind::Sequence], Class::Relation);
}
