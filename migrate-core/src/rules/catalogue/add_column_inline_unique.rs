//! `add-column-inline-unique`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-inline-unique",
    "A column is added with a UNIQUE or PRIMARY KEY that builds an index.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_inline_unique.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        for constraint in &column.constraints {
            let (word, suffix) = match constraint.kind {
                ConstraintKind::Unique { .. } => ("UNIQUE", "key"),
                ConstraintKind::PrimaryKey { .. } => ("PRIMARY KEY", "pkey"),
                _ => continue,
            };
            let table = &altered.key;
            let name = &column.name;
            let parts: &[&str] = if word == "UNIQUE" { &[&table.name, &name.text, suffix] } else { &[&table.name, suffix] };
            let index = constraint_name(constraint, parts);
            let rest = without(cx, column, constraint);
            let finding = out.report(constraint.span, format!("{word} on `{}` builds an index over `{table}`", name.text));
            finding
                .lock(format!("ACCESS EXCLUSIVE on {table} while the index is built: nobody reads or writes it"))
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {rest};"))
                .file(Phase::Expand, format!("CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({name});"));
            let last = if word == "PRIMARY KEY" { Phase::Contract } else { Phase::Expand };
            if last == Phase::Contract {
                let required = column.not_null.is_some() || column.ty.is_serial() || column.generated.is_some();
                if !required {
                    not_null(cx, finding, table, &name.text);
                }
            }
            finding.file(last, format!("ALTER TABLE {table} ADD CONSTRAINT {index} {word} USING INDEX {index};"));
        }
    }
}
