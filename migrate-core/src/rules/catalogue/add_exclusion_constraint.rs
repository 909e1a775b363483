//! `add-exclusion-constraint`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-exclusion-constraint",
    "An exclusion constraint is added to a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_exclusion_constraint.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        if matches!(constraint.kind, ConstraintKind::Exclude) {
            let table = &altered.key;
            out.report(constraint.span, format!("the exclusion constraint builds an index over `{table}`"))
                .lock(format!("ACCESS EXCLUSIVE on {table} while the index is built: nobody reads or writes it"))
                .help("no index can be taken over by an exclusion constraint: make a new table that has it, keep it right with a sync, backfill it and move over");
        }
    }
}
