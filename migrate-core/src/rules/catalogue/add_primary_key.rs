//! `add-primary-key`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-primary-key",
    "A primary key is added that builds its index.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_primary_key.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        let ConstraintKind::PrimaryKey { columns, using_index: None } = &constraint.kind else { continue };
        let table = &altered.key;
        let name = constraint_name(constraint, &[&table.name, "pkey"]);
        let finding = out.report(constraint.span, format!("the primary key builds an index over `{table}`"));
        finding.lock(format!("ACCESS EXCLUSIVE on {table} while the index is built: nobody reads or writes it"));
        // Which statement takes the old key away, and when, is not this rule's to say.
        let has_key = |model: &TableModel| {
            model.constraints.iter().any(|one| matches!(one.kind, ConstraintModel::PrimaryKey(_)))
        };
        if altered.table.is_some_and(has_key) {
            finding.help("build a unique index first, with CREATE UNIQUE INDEX CONCURRENTLY; then drop the old key and take the index over, with USING INDEX, in one ALTER TABLE");
            continue;
        }
        if altered.table.is_some_and(|model| model.partition_of.is_some())
            && cx.schema.keys_of(table).is_some_and(|keys| !keys[0].is_empty())
        {
            finding.help("it has the key of the table whose partition it is, which needs no other one");
            continue;
        }
        let (index, kept) = key_options(cx, constraint);
        if let Some(columns) = columns_beside(cx, &altered) {
            finding.file(Phase::Expand, columns);
        }
        finding.file(Phase::Expand, format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({}){index};", list(columns)));
        let mut last = Phase::Expand;
        for column in columns {
            if !altered.table.is_some_and(|model| model.is_not_null(&column.text)) {
                not_null(cx, finding, table, &column.text);
                last = Phase::Contract;
            }
        }
        finding.file(last, format!("ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}{kept};"));
    }
}
