//! `set-not-null-before-backfill`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "set-not-null-before-backfill",
    "A column is made NOT NULL in the change that adds it, and nothing fills it.",
    Severity::Error,
    Allowed::Never,
    include_str!("set_not_null_before_backfill.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(change) = cx.change else { return };
    if let Some(rebuild) = rebuild(cx) {
        for (old, new) in rebuild.kept() {
            if !old.not_null && rebuild.is_required(new) && !has_value(new) {
                report(out, change, &rebuild.key, &old.name, rebuild.span);
            }
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let (column, span) = match action {
            Action::AlterColumn { column, change: ColumnChange::SetNotNull, span } => (column, span),
            Action::Redefine { column, definition, span, .. } if definition.not_null.is_some() => (column, span),
            _ => continue,
        };
        let proved = altered
            .table
            .is_some_and(|table| table.is_not_null(&column.text) || table.not_null_proof(&column.text).is_some());
        if !proved {
            report(out, change, &altered.key, &column.text, *span);
        }
    }
}

fn report(out: &mut Findings<'_>, change: &Change<'_>, table: &Key, column: &str, span: Span) {
    let unfilled = change.added(table, column).is_some_and(|added| !added.filled);
    if !unfilled || change.may_fill(&table.name, column) {
        return;
    }
    out.report(span, format!("`{table}.{column}` is NULL in every row that was there before the change `{}`", change.name))
        .breaks("the migration: SET NOT NULL fails on the first such row")
        .help("fill it in a migrate file of the change, before this file")
        .file(Phase::Migrate, backfill(table, &word(column), "…"));
}
