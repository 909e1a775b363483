//! `drop-column`.

use super::prelude::*;
use crate::schema::{Fault, FaultKind, Schema};

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

/// What MySQL and MariaDB let go of although a trigger or a view names it, which fails from then on, unless the file drops or
/// makes that again behind the statement.
pub(in super::super) fn left_behind(schema: &Schema, operations: &[Operation], at: usize) -> Option<Fault> {
    let Some(Operation::Alter { kind: ObjectKind::Table, name, actions, .. }) =
        operations.get(at).filter(|_| schema.dialect().is_mysql_family())
    else {
        return None;
    };
    let key = schema.resolve(Class::Relation, name);
    let table = schema.table_at(&key)?;
    let rest = operations.get(at + 1..).unwrap_or_default();
    let mended = |wanted: ObjectKind, name: &str| {
        rest.iter().any(|operation| match operation {
            Operation::Drop { kind, names, .. } => *kind == wanted && names.iter().any(|other| other.name == name),
            Operation::CreateView(view) => wanted == ObjectKind::View && view.name.name == name,
            Operation::CreateTrigger { name: made, .. } => wanted == ObjectKind::Trigger && made.text == name,
            _ => false,
        })
    };
    actions.iter().find_map(|action| {
        let Action::DropColumn { column, .. } = action else { return None };
        let mut fired = table.fired.iter();
        let trigger = fired.find(|(name, fired)| fired.columns.contains(&column.text) && !mended(ObjectKind::Trigger, name));
        let view = || {
            let named = |view: &Key, query: &str| {
                let texts: Vec<&str> = query.split('\'').step_by(2).collect();
                let text = texts.join(" ");
                is_read(&text, &column.text)
                    && super::sqlite_drop_column_fails::reads(schema, &text, &key, &column.text)
                    && !mended(ObjectKind::View, &view.name)
            };
            schema.views().find(|(view, query)| named(view, query))
        };
        let message = match trigger {
            Some((trigger, _)) => format!("the trigger `{trigger}` names `{column}`, and fails without it"),
            None => format!("the view `{}` shows `{column}`, and cannot be read without it", view()?.0),
        };
        Some(Fault { kind: FaultKind::Needed, span: column.span, message, nearest: None })
    })
}

/// Whether a query names the column other than as what it calls something else.
fn is_read(query: &str, column: &str) -> bool {
    let words: Vec<&str> = query
        .split(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '$')))
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().enumerate().any(|(at, word)| {
        let called = at > 0 && words[at - 1].eq_ignore_ascii_case("as");
        word.eq_ignore_ascii_case(column) && !called
    })
}
