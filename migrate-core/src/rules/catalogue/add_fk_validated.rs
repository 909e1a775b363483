//! `add-fk-validated`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-fk-validated",
    "A foreign key is added that every row is read for.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_fk_validated.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        let ConstraintKind::ForeignKey(foreign) = &constraint.kind else { continue };
        if constraint.not_valid {
            continue;
        }
        let table = &altered.key;
        let columns: Vec<&str> = foreign.columns.iter().map(|column| column.text.as_str()).collect();
        let name = constraint_name(constraint, &[&table.name, &columns.join("_"), "fkey"]);
        let columns = columns_beside(cx, &altered);
        let finding = out.report(constraint.span, format!("the foreign key looks up every row of `{table}` in `{}`", foreign.parent));
        finding.lock(match columns {
            Some(_) => format!("ACCESS EXCLUSIVE on {table} and SHARE ROW EXCLUSIVE on {} while both are read: nobody uses the one or writes the other", foreign.parent),
            None => format!("SHARE ROW EXCLUSIVE on {table} and on {} while both are read: nobody writes either", foreign.parent),
        });
        if let Some(columns) = columns {
            finding.file(Phase::Expand, columns);
        }
        // Before PostgreSQL 18 a partitioned table takes no foreign key NOT VALID; it takes over those of its partitions.
        if altered.table.is_some_and(|table| table.partitioned.is_some()) && !cx.at_least(18) {
            finding.replacement.clear();
            finding.help(format!(
                "add it NOT VALID to each partition and validate it there; then this statement takes over what the partitions of `{table}` have, and reads nothing"
            ));
            continue;
        }
        finding
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD {} NOT VALID;", named(cx, constraint, &name)))
            .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
    }
}
