//! `whole-table-write`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "whole-table-write",
    "Every row of a table in use is written by one statement.",
    Severity::Error,
    Allowed::Backfill,
    include_str!("whole_table_write.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Data { writes, .. } = cx.operation else { return };
    let batched = cx.migration.backfill.is_some() && cx.phase() == Phase::Migrate;
    for write in writes {
        let Some(table) = cx.existing(&write.table).filter(|_| !batched) else { continue };
        let model = cx.schema.table_at(&table);
        let why = match &write.filter {
            Filter::Missing => "there is no WHERE",
            Filter::Always => "its WHERE holds for every row",
            Filter::NotNull(columns)
                if columns.iter().all(|column| model.is_some_and(|model| model.is_not_null(column))) =>
            {
                "its WHERE holds for every row"
            }
            _ => continue,
        };
        let word = if write.kind == WriteKind::Delete { "DELETE" } else { "UPDATE" };
        let finding = out.report(write.span, format!("this {word} writes every row of `{table}` at once: {why}"));
        finding
            .lock(match cx.dialect {
                Dialect::Sqlite => "the database, until the file commits: nobody else writes it".to_owned(),
                _ => format!("a lock on every row of {table} until the file commits: whoever writes one of them waits"),
            })
            .breaks(match cx.dialect {
                Dialect::Sqlite => "the running build, whose writes wait or fail with SQLITE_BUSY",
                _ => "the running build, whose writes wait; and the table, which doubles in size",
            })
            .help(format!(
                "do it in batches: a migrate file with\n-- migrate:change …\n-- migrate:phase migrate\n-- migrate:backfill table={table} key={}\nin its header and this statement in its up section",
                model.and_then(|model| primary_key(model)).unwrap_or_else(|| "id".to_owned())
            ));
    }
}

fn primary_key(model: &TableModel) -> Option<String> {
    model.constraints.iter().find_map(|one| match &one.kind {
        ConstraintModel::PrimaryKey(columns) => Some(columns.join(",")),
        _ => None,
    })
}
