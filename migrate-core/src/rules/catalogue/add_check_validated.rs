//! `add-check-validated`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-check-validated",
    "A CHECK is added that every row is read for.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_check_validated.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        if !matches!(constraint.kind, ConstraintKind::Check(_)) || constraint.not_valid {
            continue;
        }
        let table = &altered.key;
        let name = constraint_name(constraint, &[&table.name, "check"]);
        let finding = out.report(constraint.span, format!("the CHECK reads all of `{table}`"));
        finding.lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"));
        if let Some(columns) = columns_beside(cx, &altered) {
            finding.file(Phase::Expand, columns);
        }
        finding
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD {} NOT VALID;", named(cx, constraint, &name)))
            .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
    }
}
