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
        let table = &altered.key;
        match &constraint.kind {
            ConstraintKind::Check(_) if !constraint.not_valid => {
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
            ConstraintKind::NotNull(column) if !constraint.not_valid => {
                let proven = altered.table.is_some_and(|model| {
                    model.is_not_null(&column.text) || model.not_null_proof(&column.text).is_some()
                });
                if proven {
                    continue;
                }
                let name = constraint_name(constraint, &[&table.name, &column.text, "not_null"]);
                out.report(constraint.span, format!("NOT NULL on `{}` reads all of `{table}`", column.text))
                    .lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"))
                    .file(Phase::Expand, format!("ALTER TABLE {table} ADD CONSTRAINT {name} NOT NULL {column} NOT VALID;"))
                    .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
            }
            _ => {}
        }
    }
}
