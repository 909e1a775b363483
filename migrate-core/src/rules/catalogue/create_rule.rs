//! `create-rule`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "create-rule",
    "A rule rewrites what the running build's queries do.",
    Severity::Error,
    Allowed::Contract,
    include_str!("create_rule.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::CreateRule { table, .. } = cx.operation else { return };
    if let Some(key) = cx.existing(table) {
        out.report(table.span, format!("the rule changes what the running build's queries on `{key}` do"))
            .lock(format!("ACCESS EXCLUSIVE on {key}, for a moment"))
            .breaks("the running build: with DO INSTEAD its writes are lost or go elsewhere")
            .help("use a trigger, which sees each row");
    }
}
