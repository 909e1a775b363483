//! `truncate-table`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "truncate-table",
    "A table in use is emptied.",
    Severity::Error,
    Allowed::Contract,
    include_str!("truncate_table.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(altered) = cx.altered() {
        for action in altered.actions {
            if let Action::Option(TableOption::DropRows { .. }, span) = action {
                out.report(*span, format!("this removes rows of `{}`", altered.key))
                    .breaks("the running build, whose rows are gone");
            }
        }
    }
    let Operation::Truncate { tables, .. } = cx.operation else { return };
    for table in tables {
        if let Some(key) = cx.existing(table) {
            out.report(table.span, format!("TRUNCATE removes every row of `{key}`"))
                .lock(format!("{} on {key}: nobody reads or writes it", strongest(cx)))
                .breaks("the running build, whose rows are gone, and those of transactions that began before")
                .help("in a contract; or delete in batches: a migrate file with `-- migrate:backfill`");
        }
    }
}
