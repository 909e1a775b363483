//! `add-primary-key-nullable`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-primary-key-nullable",
    "A primary key takes over an index of a column that may be NULL.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_primary_key_nullable.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        let ConstraintKind::PrimaryKey { using_index: Some(name), .. } = &constraint.kind else { continue };
        let in_schema = Name { schema: Some(altered.key.schema.clone()), ..name.clone() };
        let (Some(model), Some((_, index))) = (altered.table, cx.schema.index(&in_schema)) else { continue };
        for column in &index.columns {
            let nullable = model.column(column).is_some_and(|known| known.ty.is_some() && !known.not_null);
            let proven = cx.at_least(12) && model.not_null_proof(column).is_some();
            if !nullable || model.is_not_null(column) || proven {
                continue;
            }
            let table = &altered.key;
            let finding = out.report(constraint.span, format!("the primary key makes `{column}` NOT NULL, and reads all of `{table}` for it"))
                .lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"))
                .help("run these before");
            finding.file(Phase::Migrate, backfill(table, &word(column), "…"));
            not_null(cx, finding, table, column);
        }
    }
}
