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
    let later = |operation: &Operation| match operation {
        Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => {
            *name == table.name && actions.iter().any(is_key)
        }
        _ => false,
    };
    let key = key || cx.all.iter().skip(cx.at).any(later);
    if !key && !table.temporary && !table.foreign && matches!(table.source, TableSource::None) {
        out.report(table.name.span, format!("`{}` has no primary key", table.name))
            .help("backfills and people need one, and so does replication");
    }
}

/// Whether an action gives a table its primary key.
fn is_key(action: &Action) -> bool {
    let is_one = |one: &Constraint| matches!(one.kind, ConstraintKind::PrimaryKey { .. });
    match action {
        Action::AddConstraint(constraint) => is_one(constraint),
        Action::AddColumn { column, .. } => column.constraints.iter().any(is_one),
        _ => false,
    }
}
