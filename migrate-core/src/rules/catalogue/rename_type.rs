//! `rename-type`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-type",
    "A type or function in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_type.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    renamed(cx, out, &[ObjectKind::Type, ObjectKind::Domain], Class::Type);
    renamed(cx, out, &[ObjectKind::Function, ObjectKind::Procedure, ObjectKind::Aggregate], Class::Function);
}
