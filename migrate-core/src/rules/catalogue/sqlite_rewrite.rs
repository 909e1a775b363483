//! `sqlite-rewrite`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "sqlite-rewrite",
    "A table in use is read or written whole while nobody else can write to the database.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("sqlite_rewrite.md"),
    check,
)
.on(SQLITE);

/// What says of a statement that it fails, and so writes nothing.
const FAILS: [&str; 3] = ["sqlite-add-column-fails", "sqlite-drop-column-fails", "unsupported-in-version"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if FAILS.iter().any(|rule| out.has_error_of(rule)) {
        return;
    }
    let mut report = |span: Span, message: String| {
        out.report(span, message)
            .lock("the database: nobody else writes it until the file commits, and without WAL nobody reads it at the end")
            .breaks("the running build, whose writes wait for busy_timeout and then fail with SQLITE_BUSY")
            .help("run it when the build writes little, alone in its file, with a busy_timeout that outlasts it");
    };
    match cx.operation {
        Operation::CreateIndex(index) => {
            let Some(table) = cx.existing(&index.table).filter(|table| !is_rebuilt_here(cx, table)) else { return };
            let there = index.name.as_ref().is_some_and(|name| cx.schema.index(name).is_some());
            if !(index.if_not_exists && there) {
                report(index.table.span, format!("building the index reads all of `{table}`"));
            }
        }
        Operation::Alter { .. } => {
            let Some(altered) = cx.altered() else { return };
            for action in altered.actions {
                let table = &altered.key;
                match action {
                    Action::DropColumn { column, .. } => {
                        report(column.span, format!("DROP COLUMN writes every row of `{table}` again"));
                    }
                    Action::AddColumn { column, .. } if scans(column) => {
                        report(column.span, format!("adding `{}` reads all of `{table}` to check it", column.name.text));
                    }
                    Action::AddConstraint(constraint) => {
                        report(constraint.span, format!("the new constraint is checked against every row of `{table}`"));
                    }
                    Action::AlterColumn { column, change: ColumnChange::SetNotNull, span } => {
                        report(*span, format!("SET NOT NULL on `{}` reads all of `{table}`", column.text));
                    }
                    _ => {}
                }
            }
        }
        Operation::Drop { .. } => {
            if let Some(rebuild) = rebuild(cx) {
                report(rebuild.span, format!("the rebuild copies every row of `{}`", rebuild.key));
            }
        }
        Operation::Vacuum { .. } => report(cx.whole(), "VACUUM writes the whole database again".to_owned()),
        Operation::Reindex { target, .. } => {
            let new = target.as_ref().is_some_and(|(_, name)| {
                let of = cx.schema.index(name).map(|(table, _)| table.clone());
                !cx.exists(&of.unwrap_or_else(|| cx.schema.resolve(Class::Relation, name)))
            });
            if !new {
                report(cx.whole(), "REINDEX builds indexes again from every row".to_owned());
            }
        }
        _ => {}
    }
}

/// Whether a new column is checked against the rows that are there, of which the first does not already fail it.
fn scans(column: &ColumnDef) -> bool {
    let check = column.constraints.iter().any(|one| matches!(one.kind, ConstraintKind::Check(_)));
    (check && column.refused.is_none()) || (column.not_null.is_some() && matches!(column.generated, Some(Generated::Virtual(_))))
}

/// Whether this file copied every row already.
fn is_rebuilt_here(cx: &Context<'_>, table: &Key) -> bool {
    let before = cx.all.get(..cx.at).unwrap_or_default();
    before.iter().any(|operation| match operation {
        Operation::Alter { actions, .. } => {
            actions.iter().any(|action| matches!(action, Action::RenameTo(to) if to.text == table.name))
        }
        Operation::CreateTable(made) => made.name.name == table.name,
        _ => false,
    })
}
