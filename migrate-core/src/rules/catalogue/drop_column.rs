//! `drop-column`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-column",
    "A column in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_column.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::AlterType { name, change: TypeChange::Attributes(changes) } = cx.operation
        && cx.object_exists(Class::Type, name)
    {
        for change in changes {
            if let AttributeChange::Drop(attribute, _) = change {
                out.report(attribute.span, format!("the running build still uses the attribute `{}` of `{name}`", attribute.text))
                    .breaks(format!("the running build: its queries that name `{}`, and its decoding of `{name}`", attribute.text))
                    .help("deploy a build that does not use the attribute; then drop it in a contract, whose gate waits for the last old instance");
            }
        }
    }
    if let Some(rebuild) = rebuild(cx) {
        for column in rebuild.lost() {
            let table = &rebuild.key;
            out.report(rebuild.span, format!("the rebuilt `{table}` lacks `{column}`, which the running build still uses"))
                .breaks(format!("the running build: its queries that name `{column}`, and its SELECT * that read it"))
                .help("deploy a build that does not use the column; then rebuild the table in a contract, whose gate waits for the last old instance");
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::DropColumn { column, if_exists, cascade } = action else { continue };
        let model = altered.table.and_then(|table| table.column(&column.text));
        // A column that no database has yet is nobody's.
        let new = model.is_some_and(|model| model.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index))));
        if new || (*if_exists && altered.table.is_some_and(|table| table.complete && table.column(&column.text).is_none())) {
            continue;
        }
        // SQLite changes a column by filling another one that then gets its name.
        let comes_back = cx.dialect == Dialect::Sqlite
            && cx.later_in_transaction().iter().any(|operation| match operation {
                Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => {
                    name == altered.name && actions.iter().any(|action| matches!(action, Action::RenameColumn(_, to, _) if to == column))
                }
                _ => false,
            });
        if comes_back {
            continue;
        }
        let table = &altered.key;
        let finding = out.report(column.span, format!("the running build still uses `{table}.{}`", column.text));
        finding
            .lock(brief_lock(cx, table))
            .breaks(format!("the running build: its queries that name `{}`, and its SELECT * that read it", column.text))
            .help("deploy a build that does not use the column; then drop it in a contract, whose gate waits for the last old instance");
        let online = !cx.dialect.is_mysql_family() || judged(cx).iter().all(|one| one.cost < Cost::Shared);
        if online {
            let along = if *cascade { " CASCADE" } else { "" };
            finding.file(Phase::Contract, format!("ALTER TABLE {table} DROP COLUMN {}{along};", written_name(cx, column)));
        }
    }
}
