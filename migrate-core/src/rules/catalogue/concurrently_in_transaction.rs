//! `concurrently-in-transaction`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "concurrently-in-transaction",
    "A CONCURRENTLY statement stands in a transaction.",
    Severity::Error,
    Allowed::Never,
    include_str!("concurrently_in_transaction.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if !cx.transaction.open && !cx.nested {
        return;
    }
    let concurrently = match cx.operation {
        Operation::CreateIndex(index) => index.concurrently,
        Operation::Drop { concurrently, .. } => *concurrently,
        Operation::Reindex { concurrently, .. } => *concurrently,
        Operation::Alter { actions, .. } => {
            actions.iter().any(|action| matches!(action, Action::DetachPartition { concurrently: true, .. }))
        }
        _ => false,
    };
    if concurrently {
        out.report(cx.whole(), "this cannot run in a transaction, and its file is one")
            .breaks("the migration: the server refuses the statement")
            .help(match cx.layout {
                Layout::Native => {
                    "move it to a file of its own, or write `-- migrate:transaction off` in the header: then each statement commits by itself".to_owned()
                }
                layout => apart(layout),
            })
            .file(cx.phase(), format!("{};", cx.sql));
    }
}
