//! `uncommitted-transaction`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "uncommitted-transaction",
    "A file begins a transaction that it does not end, or ends one it did not begin.",
    Severity::Error,
    Allowed::Never,
    include_str!("uncommitted_transaction.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.nested && cx.dialect == Dialect::Postgres && cx.transaction.enclosing && ends(cx.operation) {
        out.report(cx.whole(), "this ends a transaction from within a statement that runs in it")
            .breaks("the migration: the server refuses it with \"invalid transaction termination\"")
            .help(match cx.layout {
                Layout::Native => "run the statement outside of a transaction, in a file with `-- migrate:transaction off`".to_owned(),
                layout => apart(layout),
            });
        return;
    }
    // In the native layout the reader has refused every such statement already.
    if cx.nested || (cx.layout == Layout::Native && cx.migration.up.transaction == TransactionMode::One) {
        return;
    }
    match cx.operation {
        operation if ends(operation) && !cx.transaction.explicit && !collects(cx) => {
            out.report(cx.whole(), "this ends the transaction that the file runs in")
                .breaks("the migration: what follows commits statement by statement, and the history is written apart from it")
                .help("remove it");
        }
        Operation::Begin | Operation::Commit { chain: true } | Operation::Rollback { chain: true } => {
            let rest = cx.all.get(cx.at + 1..).unwrap_or_default();
            // Where the file has ended the transaction of its tool, the last one is what the tool commits.
            let mut before = cx.all.get(..cx.at).unwrap_or_default().iter();
            let handed_back = before.find(|one| ends(one) || matches!(one, Operation::Begin)).is_some_and(ends);
            if !rest.iter().any(ends) && !handed_back {
                out.report(cx.whole(), "the transaction that begins here never ends")
                    .breaks("the migration: its work is rolled back when the connection closes, and its locks are held until then")
                    .help("remove it, or end it with COMMIT");
            }
        }
        _ => {}
    }
}

fn ends(operation: &Operation) -> bool {
    matches!(operation, Operation::Commit { .. } | Operation::Rollback { .. })
}

/// Whether the file has said before that statements of MySQL are to wait for a COMMIT.
fn collects(cx: &Context<'_>) -> bool {
    let before = cx.all.get(..cx.at).unwrap_or_default();
    let set = |operation: &&Operation| matches!(operation, Operation::Set { name, .. } if name == "autocommit");
    cx.dialect.is_mysql_family() && before.iter().rev().find(set).is_some_and(|operation| operation.switches_off("autocommit"))
}
