//! `enable-rls`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "enable-rls",
    "Row security is switched on for a table in use.",
    Severity::Error,
    Allowed::Contract,
    include_str!("enable_rls.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(altered) = cx.altered() else { return };
    let there = altered.table.is_some_and(|table| table.row_security);
    if altered.actions.iter().any(|action| matches!(action, Action::RowSecurity { hides: true, owner } if *owner || !there)) {
        let table = &altered.key;
        out.report(altered.name.span, format!("row security hides the rows of `{table}` from the running build"))
            .lock(format!("ACCESS EXCLUSIVE on {table}, for a moment"))
            .breaks("the running build, unless it owns the table or a policy lets it see: its queries return nothing, its inserts fail")
            .help("create the policies first, and deploy a build that sets what they ask for");
    }
}
