//! `rename-enum-value`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-enum-value",
    "A value of an enum in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_enum_value.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::AlterType { name, change: TypeChange::RenameValue(from, to) } = cx.operation else { return };
    if cx.object_exists(Class::Type, name) {
        out.report(cx.whole(), format!("the running build writes '{from}', not '{to}', and does not know the new value"))
            .breaks(format!("the running build: every query with '{from}', and its decoding of '{to}'"))
            .help("add the new value, move the rows to it, and leave the old one unused")
            .file(Phase::Expand, format!("ALTER TYPE {name} ADD VALUE '{}';", to.replace('\'', "''")));
    }
}
