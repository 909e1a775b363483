//! `unique-before-backfill`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "unique-before-backfill",
    "A column is made unique before its change fills it.",
    Severity::Error,
    Allowed::Never,
    include_str!("unique_before_backfill.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(change) = cx.change else { return };
    if let Operation::CreateIndex(index) = cx.operation
        && index.unique
        && let Some(table) = cx.existing(&index.table)
    {
        let span = index.name.as_ref().map_or(index.table.span, |name| name.span);
        report(cx, out, change, &table, &index.columns, span);
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        if let Action::AddIndex(index) = action
            && index.unique
        {
            let span = index.name.as_ref().map_or(altered.name.span, |name| name.span);
            report(cx, out, change, &altered.key, &index.columns, span);
        }
        let constraints = match action {
            Action::AddColumn { column, .. } => column.constraints.iter().collect(),
            Action::AddConstraint(constraint) => vec![&**constraint],
            _ => Vec::new(),
        };
        for constraint in constraints {
            if let ConstraintKind::Unique { columns, using_index: None } = &constraint.kind {
                let columns: Vec<String> = columns.iter().map(|column| column.text.clone()).collect();
                report(cx, out, change, &altered.key, &columns, constraint.span);
            }
        }
    }
}

fn report(cx: &Context<'_>, out: &mut Findings<'_>, change: &Change<'_>, table: &Key, columns: &[String], span: Span) {
    for column in columns {
        let added = change.added(table, column).is_some_and(|added| !added.filled);
        let filled = change.filled_by(&table.name, column).filter(|(index, _)| added && *index > cx.index);
        let Some((_, later)) = filled else { continue };
        out.report(span, format!("`{table}.{column}` is unique before `{}` fills it", later.path))
            .breaks("the backfill: it fails on the first value that stands twice, with half of the rows done, and each batch pays for the index")
            .help("make it unique after the backfill, in a contract file of the change; a verify section of the migrate file tells whether a value stands twice");
        return;
    }
}
