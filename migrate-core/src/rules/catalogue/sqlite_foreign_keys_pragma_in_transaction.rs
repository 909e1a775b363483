//! `sqlite-foreign-keys-pragma-in-transaction`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "sqlite-foreign-keys-pragma-in-transaction",
    "Foreign keys are switched inside a transaction, where that does nothing.",
    Severity::Error,
    Allowed::Never,
    include_str!("sqlite_foreign_keys_pragma_in_transaction.md"),
    check,
)
.on(SQLITE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Set { name, values, .. } = cx.operation else { return };
    if name != "foreign_keys" || values.is_empty() || !cx.transaction.open {
        return;
    }
    let on = values.iter().all(|value| is_on(value));
    // The one that switches them back is not told again.
    let before = cx.all.get(..cx.at).unwrap_or_default();
    let told = |operation: &Operation| {
        matches!(operation, Operation::Set { name: other, values, .. }
            if other == name && !values.is_empty() && (on || !values.iter().all(|value| is_on(value))))
    };
    if before.iter().any(told) {
        return;
    }
    let finding = out.report(cx.whole(), "inside a transaction PRAGMA foreign_keys does nothing: foreign keys stay as they are");
    // Nothing is lost by what was to switch them on.
    if on {
        finding.help("remove it: foreign keys are switched on by who opens the connection").severity = Severity::Warning;
        return;
    }
    finding
        .breaks("the data: DROP TABLE of a parent deletes its rows first, and ON DELETE CASCADE those of the children with them")
        .help("remove it: while a file rebuilds a table, the library lets foreign keys rest before the transaction begins, and checks them before it commits");
}
