//! `unsupported-in-version`.

use super::prelude::*;
use crate::sql::demands;

pub(super) static RULE: Rule = Rule::new(
    "unsupported-in-version",
    "A statement is newer than the oldest server the set is meant for.",
    Severity::Error,
    Allowed::Never,
    include_str!("unsupported_in_version.md"),
    check,
)
.on(TRANSACTIONAL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.dialect == Dialect::Sqlite {
        for demand in demands(cx.sql, cx.dialect) {
            if cx.since < demand.version {
                out.report(demand.span, format!("{} needs SQLite {}, and this set is meant for {}", demand.what, demand.version, cx.since))
                    .breaks("the migration: SQLite refuses the statement")
                    .help("where no older SQLite is left, raise `since`");
            }
        }
        return;
    }
    let mut need = |major: u32, span: Span, what: &str| {
        if !cx.at_least(major) {
            out.report(span, format!("{what} needs PostgreSQL {major}, and this set is meant for {}", cx.since))
                .breaks("the migration: the server refuses the statement")
                .help("where no older server is left, raise `since`");
        }
    };
    match cx.operation {
        Operation::Reindex { concurrently: true, .. } => need(12, cx.whole(), "REINDEX CONCURRENTLY"),
        Operation::CreateTrigger { or_replace: true, .. } => need(14, cx.whole(), "CREATE OR REPLACE TRIGGER"),
        Operation::Data { writes, .. } => {
            for write in writes.iter().filter(|write| write.kind == WriteKind::Merge) {
                need(15, write.span, "MERGE");
            }
        }
        Operation::CreateTable(table) => {
            for column in &table.columns {
                generated(column, &mut need);
            }
        }
        Operation::Alter { kind: ObjectKind::Table, actions, .. } => {
            for action in actions {
                match action {
                    Action::DetachPartition { child, concurrently: true } => need(14, child.span, "DETACH PARTITION … CONCURRENTLY"),
                    Action::SetAccessMethod(method) => need(15, method.span, "SET ACCESS METHOD"),
                    Action::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::NotNull(_)) => {
                        need(18, constraint.span, "NOT NULL as a table constraint");
                    }
                    Action::AddColumn { column, .. } => generated(column, &mut need),
                    Action::AlterColumn { change: ColumnChange::SetExpression(_), span, .. } => need(17, *span, "SET EXPRESSION"),
                    Action::AlterColumn { change: ColumnChange::DropExpression, span, .. } => need(13, *span, "DROP EXPRESSION"),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn generated(column: &ColumnDef, need: &mut impl FnMut(u32, Span, &str)) {
    match &column.generated {
        Some(Generated::Stored(value)) => need(12, value.span, "a generated column"),
        Some(Generated::Virtual(value)) => need(18, value.span, "a virtual generated column"),
        _ => {}
    }
}
