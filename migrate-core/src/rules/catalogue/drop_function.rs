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
    let Operation::Drop { kind: ObjectKind::Extension, names, .. } = cx.operation else { return };
    for name in names {
        let makes = |operation: &Operation| matches!(operation, Operation::CreateExtension { name: made, .. } if made.text == name.name);
        if cx.all.get(..cx.at).unwrap_or_default().iter().chain(cx.later_in_transaction()).any(makes) {
            continue;
        }
        out.report(name.span, format!("the running build still uses what the extension `{name}` brings"))
            .breaks("the running build: every query that calls its functions or names its types")
            .help("deploy a build that does not use it; then drop it in a contract, whose gate waits for the last old instance");
    }
}
