//! `drop-index-not-concurrent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-index-not-concurrent",
    "An index of a table in use is dropped under a lock that stops readers.",
    Severity::Error,
    Allowed::Never,
    include_str!("drop_index_not_concurrent.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Drop { kind: ObjectKind::Index, names, concurrently, if_exists, .. } = cx.operation else { return };
    if *concurrently {
        if let [_, second, ..] = &**names {
            let finding = out.report(second.span, "DROP INDEX CONCURRENTLY takes one index at a time");
            finding.breaks("the migration: the server refuses the statement");
            let exists = if *if_exists { "IF EXISTS " } else { "" };
            for name in names {
                finding.file(cx.phase(), format!("DROP INDEX CONCURRENTLY {exists}{name};"));
            }
        }
        return;
    }
    for name in names {
        let known = cx.schema.index(name);
        if known.is_some_and(|(table, index)| {
            !cx.exists(table)
                || index.constraint
                || index.part_of.is_some()
                || cx.schema.table_at(table).is_some_and(|table| table.partitioned.is_some())
        }) {
            continue;
        }
        let key = cx.schema.resolve(Class::Relation, name);
        if known.is_none() && (cx.schema.was_dropped(&key) || cx.schema.is_absent(&key)) {
            continue;
        }
        let of = known.map_or_else(|| "its table".to_owned(), |(table, _)| format!("`{table}`"));
        let exists = if *if_exists { "IF EXISTS " } else { "" };
        out.report(name.span, format!("dropping the index `{name}` waits for every query on {of}, and makes the next ones wait"))
            .lock(format!("ACCESS EXCLUSIVE on {}: behind one long reader every new query queues", of.replace('`', "")))
            .file(cx.phase(), format!("DROP INDEX CONCURRENTLY {exists}{name};"));
    }
}
