//! What the rows of other tables have to do with those of a table that is dropped.
//!
//! DROP TABLE deletes the rows first where foreign keys are on: cascades of other tables follow, and a foreign key without
//! one makes it fail. This library lets foreign keys rest while it runs a file; other tools do not.

use super::super::prelude::*;

pub(super) fn check(cx: &Context<'_>, rebuild: &Rebuild<'_>, out: &mut Findings<'_>) {
    let table = &rebuild.key.name;
    let transaction = cx.layout == Layout::Sqlx || cx.layout == Layout::Refinery;
    if cx.layout == Layout::Native || !cx.config.run_by_tool || rests(cx) {
        return;
    }
    let Some((child, act)) = follower(cx, &rebuild.key) else { return };
    let help = match transaction && cx.transaction.open && !cx.transaction.explicit {
        false => "PRAGMA foreign_keys = OFF before the transaction begins, and PRAGMA foreign_key_check before it ends",
        true if cx.layout == Layout::Sqlx => {
            "let the file run without the transaction of the tool (`-- no-transaction` in its first line), with PRAGMA foreign_keys = OFF; BEGIN; … COMMIT; in it"
        }
        true => "switch foreign keys off on the connection before the tool runs its files: within its transaction a PRAGMA does nothing",
    };
    // These tools open connections on which foreign keys are on.
    let on = transaction || enforces(cx);
    let severity = match act {
        Some(_) if on || cx.layout == Layout::Plain => Severity::Error,
        None if on => Severity::Error,
        _ => Severity::Warning,
    };
    let finding = match act {
        Some(act) => out
            .report(rebuild.span, format!("where foreign keys are on, dropping `{table}` deletes its rows first: {act} of `{child}` follows"))
            .breaks(format!("the rows of `{child}`, which the new table does not bring back")),
        None => out
            .report(rebuild.span, format!("where foreign keys are on, `{table}` cannot be dropped while rows of `{child}` refer to it"))
            .breaks("the migration: FOREIGN KEY constraint failed"),
    };
    finding.help(help).severity = severity;
}

/// Whether a PRAGMA before the statement has switched foreign keys off where it does something, or was told of already.
fn rests(cx: &Context<'_>) -> bool {
    cx.all[..cx.at].iter().any(|operation| {
        matches!(operation, Operation::Set { name, values, .. } if name == "foreign_keys" && values.iter().any(|value| !is_on(value)))
    })
}

/// A table whose rows go or change with those of the table, and how; else one whose rows only refer to them.
fn follower(cx: &Context<'_>, key: &Key) -> Option<(String, Option<&'static str>)> {
    let acts = [("on delete cascade", "ON DELETE CASCADE"), ("on delete set null", "ON DELETE SET NULL"), ("on delete set default", "ON DELETE SET DEFAULT")];
    let act = |one: &TableConstraint| acts.into_iter().find(|(written, _)| one.behaviour.contains(written)).map(|(_, act)| act);
    let of_it = |one: &&TableConstraint| matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, _) if parent == key);
    let children = || {
        let others = cx.schema.tables().filter(|(child, table)| *child != key && !is_gone(cx, child, table));
        others.flat_map(|(child, table)| table.constraints.iter().filter(of_it).map(move |one| (child.to_string(), act(one))))
    };
    children().find(|(_, act)| act.is_some()).or_else(|| children().next())
}

/// Whether a table has no rows that anything could happen to: the file made it and wrote none.
fn is_gone(cx: &Context<'_>, child: &Key, table: &TableModel) -> bool {
    let filled = |operation: &Operation| matches!(operation, Operation::Data { writes, .. } if writes.iter().any(|write| write.table.name == child.name));
    cx.is_new(table.origin) && !cx.all.get(..cx.at).unwrap_or_default().iter().any(filled)
}

/// Whether the file itself says that foreign keys are on.
fn enforces(cx: &Context<'_>) -> bool {
    cx.all.iter().any(|operation| {
        matches!(operation, Operation::Set { name, values, .. } if matches!(name.as_str(), "foreign_keys" | "defer_foreign_keys") && values.iter().any(|value| is_on(value)))
    })
}
