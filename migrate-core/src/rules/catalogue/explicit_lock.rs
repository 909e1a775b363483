//! `explicit-lock`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "explicit-lock",
    "A table in use is locked by name.",
    Severity::Error,
    Allowed::Never,
    include_str!("explicit_lock.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Lock { tables, mode } = cx.operation else { return };
    if *mode <= LockMode::RowExclusive {
        return;
    }
    for table in tables {
        if let Some(key) = cx.existing(table) {
            out.report(table.span, format!("this locks `{key}` until the file commits"))
                .lock(format!("{} on {key} until the file commits", mode.name()))
                .help("remove it: every statement takes the lock that it needs");
        }
    }
}
