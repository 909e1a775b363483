//! `drop-table`.

use super::prelude::*;
use crate::schema::{Fault, FaultKind, Schema};

pub(super) static RULE: Rule = Rule::new(
    "drop-table",
    "A table in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_table.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    // What CREATE OR REPLACE replaces goes with its rows.
    if let Operation::CreateTable(table) = cx.operation
        && table.or_replace
        && cx.dialect == Dialect::MariaDb
        && !table.temporary
        && let Some(key) = cx.existing(&table.name)
    {
        out.report(table.name.span, format!("OR REPLACE drops `{key}` with its rows"))
            .lock(brief_lock(cx, &key))
            .breaks("the running build: every query that reads what was in the table")
            .help("make a table of another name, and drop this one in a contract");
        return;
    }
    let Operation::Drop { kind: ObjectKind::Table | ObjectKind::ForeignTable, names, cascade, .. } = cx.operation else { return };
    let along = if *cascade { " CASCADE" } else { "" };
    let strangers = cx.schema.strangers(cx.operation);
    for name in names {
        let Some(key) = cx.existing(name) else { continue };
        if cx.schema.was_dropped(&key) || rebuild(cx).is_some() {
            continue;
        }
        let tables = cx.schema.tables().map(|(key, _)| key.name.as_str());
        let slipped = strangers.contains(&key).then(|| slip(&key.name, tables)).flatten();
        let meant = slipped.map_or(String::new(), |near| format!("no file makes `{}`; did you mean `{near}`? If not: ", key.name));
        out.report(name.span, format!("the running build still uses `{key}`"))
            .lock(brief_lock(cx, &key))
            .breaks("the running build: every query that names the table")
            .help(format!("{meant}deploy a build that does not use the table; then drop it in a contract, whose gate waits for the last old instance"))
            .file(Phase::Contract, format!("DROP TABLE {key}{along};"));
    }
}

/// A foreign key of SQLite that refers to a table which this statement drops for good: no row of its own can be
/// written any more.
pub(in super::super) fn orphaned(schema: &Schema, operations: &[Operation], at: usize) -> Option<Fault> {
    let Some(Operation::Drop {
        kind: ObjectKind::Table,
        names,
        ..
    }) = operations.get(at).filter(|_| schema.dialect() == Dialect::Sqlite)
    else {
        return None;
    };
    let [name] = names.as_slice() else { return None };
    let key = schema.resolve(Class::Relation, name);
    let gone = |child: &Key| {
        operations.iter().any(|operation| match operation {
            Operation::Drop { names, .. } => names.iter().any(|other| other.name == child.name),
            _ => false,
        })
    };
    let again = operations.iter().any(|operation| match operation {
        Operation::CreateTable(table) => table.name.name == key.name,
        Operation::Alter { actions, .. } => actions
            .iter()
            .any(|action| matches!(action, Action::RenameTo(to) if to.text == key.name)),
        _ => operation.switches_off("foreign_keys"),
    });
    let refers = |one: &&TableConstraint| matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, _) if *parent == key);
    let (child, _) = schema.tables().find(|(child, table)| {
        !again && **child != key && !gone(child) && table.constraints.iter().any(|one| refers(&one))
    })?;
    Some(Fault {
        kind: FaultKind::Needed,
        span: name.span,
        message: format!("a foreign key of `{child}` needs the table `{key}`"),
        nearest: None,
    })
}
