//! `concurrently-on-partitioned`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "concurrently-on-partitioned",
    "An index of a partitioned table is built or dropped CONCURRENTLY.",
    Severity::Error,
    Allowed::Never,
    include_str!("concurrently_on_partitioned.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let partitioned = |key: &Key| cx.schema.table_at(key).is_some_and(|table| table.partitioned.is_some());
    match cx.operation {
        Operation::CreateIndex(index) if index.concurrently => {
            let table = cx.schema.resolve(Class::Relation, &index.table);
            if partitioned(&table) {
                let columns = index.definition.clone();
                let unique = if index.unique { "UNIQUE " } else { "" };
                let name = index.name.as_ref().map_or_else(|| made_name(&[&table.name, "idx"]), |name| quote(&name.name));
                out.report(index.table.span, format!("`{table}` is partitioned: its index cannot be built CONCURRENTLY"))
                    .breaks("the migration: the server refuses the statement")
                    .help("then build one CONCURRENTLY on each partition, and ALTER INDEX … ATTACH PARTITION")
                    .file(Phase::Expand, format!("CREATE {unique}INDEX {name} ON ONLY {table} {columns};"));
            }
        }
        Operation::Drop { kind: ObjectKind::Index, names, concurrently: true, .. } => {
            for name in names {
                if let Some((table, _)) = cx.schema.index(name)
                    && partitioned(table)
                {
                    out.report(name.span, format!("`{table}` is partitioned: its index cannot be dropped CONCURRENTLY"))
                        .breaks("the migration: the server refuses the statement");
                }
            }
        }
        _ => {}
    }
}
