//! `add-column-inline-check`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-inline-check",
    "A column is added with a CHECK that every row is read for.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_inline_check.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        let checks = column.constraints.iter().filter(|one| matches!(one.kind, ConstraintKind::Check(_)));
        for constraint in checks {
            let ConstraintKind::Check(condition) = &constraint.kind else { continue };
            let table = &altered.key;
            let name = &column.name;
            let check = constraint_name(constraint, &[&table.name, &name.text, "check"]);
            let rest = without(cx, column, constraint);
            out.report(constraint.span, format!("the CHECK on `{}` reads all of `{table}`", name.text))
                .lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"))
                .file(Phase::Expand, format!(
                    "ALTER TABLE {table} ADD COLUMN {rest}, ADD CONSTRAINT {check} CHECK ({}) NOT VALID;",
                    condition.text
                ))
                .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};"));
        }
    }
}
