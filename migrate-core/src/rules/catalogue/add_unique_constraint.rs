//! `add-unique-constraint`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-unique-constraint",
    "A UNIQUE constraint is added that builds its index.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_unique_constraint.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        let ConstraintKind::Unique { columns, using_index: None } = &constraint.kind else { continue };
        let table = &altered.key;
        let names: Vec<&str> = columns.iter().map(|column| column.text.as_str()).collect();
        let name = constraint_name(constraint, &[&table.name, &names.join("_"), "key"]);
        let (index, kept) = key_options(cx, constraint);
        let finding = out.report(constraint.span, format!("the UNIQUE constraint builds an index over `{table}`"));
        finding.lock(format!("ACCESS EXCLUSIVE on {table} while the index is built: nobody reads or writes it"));
        if let Some(columns) = columns_beside(cx, &altered) {
            finding.file(Phase::Expand, columns);
        }
        finding
            .file(Phase::Expand, format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({}){index};", list(columns)))
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}{kept};"));
    }
}
