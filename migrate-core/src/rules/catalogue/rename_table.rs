//! `rename-table`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-table",
    "A table in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_table.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::RenameTables(pairs) = cx.operation {
        for (at, (from, to)) in pairs.iter().enumerate() {
            // A swap leaves no moment in which the name is missing; what takes the place was made for that.
            let takes = pairs[..at].iter().any(|(left, _)| left == to);
            let replaced = takes || pairs.iter().any(|(_, to)| to == from);
            if let Some(table) = cx.existing(from).filter(|_| !replaced) {
                of_mysql(cx, out, from.span, &table, &to.to_string());
            }
        }
    }
    let Some(altered) = cx.altered() else { return };
    // ALTER TABLE renames an index too, and what `rename-view` tells.
    let other = |object: &Object| !matches!(object.kind(), ObjectKind::Table | ObjectKind::ForeignTable);
    let told = cx.dialect == Dialect::Postgres && cx.schema.get(&altered.key).is_some_and(other);
    if told || cx.schema.index(altered.name).is_some() {
        return;
    }
    for action in altered.actions {
        let Action::RenameTo(to) = action else { continue };
        // The last step of a rebuild that is spread over files.
        let back = cx.dialect == Dialect::Sqlite
            && cx.schema.was_dropped(&cx.schema.resolve(Class::Relation, &altered.name.sibling(&*to.text)))
            && altered.table.is_some_and(|table| matches!(table.origin, Origin::Draft(_)));
        if back || is_passing(cx, &altered.key, to) || view_keeps(cx, altered.name, &[]) || renamed_away(cx).is_some() {
            continue;
        }
        let table = &altered.key;
        if cx.dialect.is_mysql_family() {
            of_mysql(cx, out, altered.name.span, table, &to.to_string());
            continue;
        }
        if cx.dialect == Dialect::Sqlite {
            out.report(altered.name.span, format!("the running build calls this table `{table}`, not `{}`", to.text))
                .lock(brief_lock(cx, table))
                .breaks("the running build: every query that names the table")
                .help("make a second table of the new name, keep both equal with triggers, and drop the old one in a contract; a view would not do, as SQLite writes through none");
            continue;
        }
        let renamed = altered.name.sibling(&*to.text);
        out.report(altered.name.span, format!("the running build calls this table `{table}`, not `{}`", to.text))
            .lock(format!("ACCESS EXCLUSIVE on {table}, for a moment"))
            .breaks("the running build: every query that names the table")
            .help("with the view in the same transaction both names work; a contract drops it")
            .file(Phase::Expand, format!(
                "ALTER TABLE {table} RENAME TO {to};\nCREATE VIEW {table} AS SELECT * FROM {renamed};"
            ))
            .down(format!("DROP VIEW {table};\nALTER TABLE {renamed} RENAME TO {};", quote(&altered.name.name)))
            .file(Phase::Contract, format!("DROP VIEW {table};"))
            .down(format!("CREATE VIEW {table} AS SELECT * FROM {renamed};"));
    }
}

/// MySQL cannot rename a table and put a view in its place at once; it can give the table a second name.
fn of_mysql(cx: &Context<'_>, out: &mut Findings<'_>, span: Span, table: &Key, to: &str) {
    out.report(span, format!("the running build calls this table `{table}`, not `{to}`"))
        .lock(format!("{} on {table}, for a moment", strongest(cx)))
        .breaks("the running build: every query that names the table")
        .help("the new build uses the view, whose writes go to the table")
        .file(Phase::Expand, format!("CREATE VIEW {to} AS SELECT * FROM {table};"));
}

/// Whether a build sees nothing of the new name, as the transaction takes it back, or of the old one, which it gave itself.
fn is_passing(cx: &Context<'_>, table: &Key, to: &Word) -> bool {
    let renames = |operation: &Operation, from: &str, to: &str| match operation {
        Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => {
            let key = cx.schema.resolve(Class::Relation, name);
            let gives = |action: &Action| matches!(action, Action::RenameTo(target) if target.text == to);
            key.name == from && key.schema == table.schema && actions.iter().any(gives)
        }
        _ => false,
    };
    let given = |operation: &Operation| match operation {
        Operation::Alter { kind: ObjectKind::Table, name, .. } => renames(operation, &name.name, &table.name),
        _ => false,
    };
    cx.dialect == Dialect::Postgres
        && (cx.later_in_transaction().iter().any(|operation| renames(operation, &to.text, &table.name))
            || cx.earlier_in_transaction().iter().any(given))
}
