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
    // Other tools run a file of one such statement as it is.
    let settings = |(at, operation): (usize, &Operation)| at == cx.at || matches!(operation, Operation::Set { .. });
    let apart = cx.layout == Layout::Plain && cx.all.iter().enumerate().all(settings);
    let written = format!("'{}'", value.replace('\'', "''"));
    if !cx.at_least(12) && !made_here && !apart {
        out.report(cx.whole(), "before PostgreSQL 12 an enum value cannot be added in a transaction")
            .breaks("the migration: the server refuses the statement")
            .help(match cx.layout {
                Layout::Native => "put it alone into a file with `-- migrate:transaction off`".to_owned(),
                layout => self::apart(layout),
            })
            .steps(Phase::Expand, format!("{};", cx.sql));
    } else if !(made_here && cx.at_least(17)) && uses(cx, &key, &written) {
        out.report(cx.whole(), format!("{written} is used in the transaction that adds it"))
            .breaks("the migration: unsafe use of new value of enum type")
            .help("put it into a file of its own, before this one")
            .file(Phase::Expand, format!("{};", cx.sql));
    }
}

/// Whether a later statement of the transaction may read the text as a value of the enum.
fn uses(cx: &Context<'_>, key: &Key, written: &str) -> bool {
    let later = cx.later_in_transaction().iter().zip(cx.later_texts());
    later.filter(|(_, text)| text.contains(written)).any(|(operation, text)| {
        let Operation::Data { writes, .. } = operation else {
            return !text.trim_start().get(..7).is_some_and(|word| word.eq_ignore_ascii_case("comment"));
        };
        // Plain rows of a table that has no column of the enum hold it as another type.
        let elsewhere = |write: &Write| {
            let table = cx.schema.table(&write.table).filter(|table| table.complete);
            let another = |column: &Column| column.ty.as_ref().is_some_and(|ty| ty.name != key.name);
            write.kind == WriteKind::Insert
                && !write.bulk
                && table.is_some_and(|table| table.columns.iter().all(another))
        };
        writes.is_empty() || !writes.iter().all(elsewhere) || text.contains(&*key.name)
    })
}
