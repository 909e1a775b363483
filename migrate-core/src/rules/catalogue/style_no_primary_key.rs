//! `style-no-primary-key`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-no-primary-key",
    "A table has no primary key.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_no_primary_key.md"),
    check,
)
.on(EVERYWHERE)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::CreateTable(table) = cx.operation else { return };
    let inline = table.columns.iter().flat_map(|column| &column.constraints);
    let key = inline.chain(&table.constraints).any(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }));
    if !key && !table.temporary && !table.foreign && matches!(table.source, TableSource::None) {
        out.report(table.name.span, format!("`{}` has no primary key", table.name))
            .help("backfills and people need one, and so does replication");
    }
}
