//! `mysql-ddl-implicit-commit`.

use super::prelude::*;
use crate::sql::TEMPORARY;

pub(super) static RULE: Rule = Rule::new(
    "mysql-ddl-implicit-commit",
    "A file holds DDL beside other work, and DDL commits at once.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("mysql_ddl_implicit_commit.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.nested || !cx.transaction.open || !commits(cx, cx.operation) {
        return;
    }
    let before = cx.all.get(..cx.at).unwrap_or_default();
    let begins = |operation: &Operation| {
        matches!(operation, Operation::Begin | Operation::Commit { chain: true } | Operation::Rollback { chain: true })
    };
    let begun = before.iter().rposition(begins);
    let written = |operation: &Operation| matches!(operation, Operation::Data { writes, .. } if !writes.is_empty());
    let since = begun.map_or(before, |at| &before[at..]);
    let first = !before.iter().any(|operation| commits(cx, operation) && !std::ptr::eq(operation, cx.operation));
    if cx.transaction.explicit && since.iter().all(|operation| !commits(cx, operation)) {
        out.report(cx.whole(), "this commits the transaction that the file began, and what it did so far")
            .error()
            .breaks("whoever trusts its ROLLBACK: everything before this statement stays")
            .help("take BEGIN and COMMIT out, and make one file for each DDL statement");
    } else if first && before.iter().any(written) {
        out.report(cx.whole(), "this commits the writes before it, whatever comes after")
            .breaks(match tool(cx) {
                None => "a migration that fails here: its writes stay, and builds see them until the next run goes on with this statement".to_owned(),
                Some(tool) => format!("a migration that fails here: its writes stay, and {tool} repeats them when it runs the file again"),
            })
            .help("put the writes into a file of their own");
    } else if is_first_behind(cx, before) && in_use(cx) {
        out.report(cx.whole(), "DDL commits at once: if this fails, what the file did before stays done")
            .breaks(match tool(cx) {
                None => "a migration that fails here: builds see half of it until the next run goes on with this statement".to_owned(),
                Some(tool) => format!("a migration that fails here: {tool} runs the file again from its first statement, which fails"),
            })
            .help("make one file for each DDL statement");
    }
}

/// Who runs the file and keeps no cursor; `None` where this library does.
fn tool(cx: &Context<'_>) -> Option<&'static str> {
    match cx.layout {
        Layout::Native => None,
        _ if !cx.config.run_by_tool => None,
        Layout::Plain => Some("the tool"),
        other => Some(other.name()),
    }
}

/// Whether this is the first that commits behind one that cannot be run again.
fn is_first_behind(cx: &Context<'_>, before: &[Operation]) -> bool {
    let once = |operation: &Operation| commits(cx, operation) && !is_repeatable(operation);
    let Some(at) = before.iter().position(once) else { return false };
    !before[at + 1..].iter().any(|operation| commits(cx, operation))
}

/// Whether running it once more does no harm, so that a file that was done in part can start again.
fn is_repeatable(operation: &Operation) -> bool {
    match operation {
        Operation::CreateTable(table) => table.if_not_exists || table.or_replace,
        Operation::CreateIndex(index) => index.if_not_exists,
        Operation::CreateView(view) => view.or_replace || view.if_not_exists,
        Operation::CreateFunction { or_replace, .. } | Operation::CreateTrigger { or_replace, .. } => *or_replace,
        Operation::CreateEvent { if_not_exists, or_replace, .. } => *if_not_exists || *or_replace,
        Operation::AlterEvent { to, .. } => to.is_none(),
        Operation::CreateSequence { if_not_exists, .. } | Operation::CreateSchema { if_not_exists, .. } => *if_not_exists,
        Operation::Drop { if_exists, .. } => *if_exists,
        Operation::Truncate { .. } => true,
        Operation::Alter { actions, .. } => actions.iter().all(|action| match action {
            Action::AddColumn { if_not_exists, .. } => *if_not_exists,
            Action::DropColumn { if_exists, .. }
            | Action::DropConstraint { if_exists, .. }
            | Action::DropIndex { if_exists, .. } => *if_exists,
            Action::AddIndex(index) => index.if_not_exists,
            Action::Redefine { column, definition, .. } => *column == definition.name,
            Action::AlterColumn { .. } | Action::Option(..) | Action::Online(_) | Action::Harmless => true,
            _ => false,
        }),
        _ => false,
    }
}

fn commits(_cx: &Context<'_>, operation: &Operation) -> bool {
    match operation {
        Operation::CreateTable(table) => !table.temporary,
        Operation::Drop { names, .. } => names.iter().any(|name| name.schema.as_deref() != Some(TEMPORARY)),
        Operation::Alter { .. }
        | Operation::CreateIndex(_)
        | Operation::CreateView(_)
        | Operation::CreateFunction { .. }
        | Operation::CreateTrigger { .. }
        | Operation::CreateEvent { .. }
        | Operation::AlterEvent { .. }
        | Operation::CreateSequence { .. }
        | Operation::CreateSchema { .. }
        | Operation::RenameTables(_)
        | Operation::Truncate { .. } => true,
        _ => false,
    }
}

/// Whether the statement is about something that is not new; what is can be dropped and made again.
fn in_use(cx: &Context<'_>) -> bool {
    match cx.operation {
        Operation::Alter { name, .. } => cx.existing(name).is_some(),
        Operation::CreateIndex(index) => cx.existing(&index.table).is_some(),
        Operation::Drop { kind: ObjectKind::Table, names, .. } => names.iter().any(|name| cx.existing(name).is_some()),
        // What the statement itself has called so is the table it was.
        Operation::RenameTables(pairs) => pairs.iter().enumerate().any(|(at, (from, _))| {
            cx.existing(from).is_some() && !pairs[..at].iter().any(|(_, to)| to == from)
        }),
        _ => false,
    }
}
