//! `enum-add-value-in-transaction`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "enum-add-value-in-transaction",
    "A new enum value is added, or used, where the transaction does not allow it.",
    Severity::Error,
    Allowed::Never,
    include_str!("enum_add_value_in_transaction.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::AlterType { name, change: TypeChange::AddValue { value, .. } } = cx.operation else { return };
    let key = cx.schema.resolve(Class::Type, name);
    let made_here = cx.schema.get(&key).is_some_and(|object| object.origin() == Origin::Draft(cx.index));
    if !cx.transaction.open && !cx.nested {
        return;
    }
    let written = format!("'{}'", value.replace('\'', "''"));
    if !cx.at_least(12) && !made_here {
        out.report(cx.whole(), "before PostgreSQL 12 an enum value cannot be added in a transaction")
            .breaks("the migration: the server refuses the statement")
            .help(match cx.layout {
                Layout::Native => "put it alone into a file with `-- migrate:transaction off`".to_owned(),
                layout => apart(layout),
            })
            .steps(Phase::Expand, format!("{};", cx.sql));
    } else if !cx.at_least(17) && cx.later_texts().iter().any(|text| text.contains(&written)) {
        out.report(cx.whole(), format!("{written} is used in the transaction that adds it"))
            .breaks("the migration: unsafe use of new value of enum type")
            .help("put it into a file of its own, before this one")
            .file(Phase::Expand, format!("{};", cx.sql));
    }
}
