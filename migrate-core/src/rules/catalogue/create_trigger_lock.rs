//! `create-trigger-lock`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "create-trigger-lock",
    "A trigger of a table in use is created or dropped.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("create_trigger_lock.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let (table, word, lock) = match cx.operation {
        Operation::CreateTrigger { table, .. } => (table, "creating", "SHARE ROW EXCLUSIVE"),
        Operation::Drop { kind: ObjectKind::Trigger, on: Some(table), .. } => (table, "dropping", "ACCESS EXCLUSIVE"),
        _ => return,
    };
    if let Some(key) = cx.existing(table) {
        out.report(table.span, format!("{word} a trigger changes what the running build's writes to `{key}` do"))
            .lock(format!("{lock} on {key} until the file commits"));
    }
}
