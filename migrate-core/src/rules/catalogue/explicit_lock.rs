//! `explicit-lock`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "explicit-lock",
    "A table in use is locked by name.",
    Severity::Error,
    Allowed::Never,
    include_str!("explicit_lock.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Lock { tables, mode } = cx.operation else { return };
    if *mode <= LockMode::RowExclusive {
        return;
    }
    if tables.is_empty() {
        out.report(cx.whole(), "this locks every table of the server")
            .lock("READ on all tables until UNLOCK TABLES: nobody writes anything, and it waits for every query that runs")
            .help("remove it: every statement takes the lock that it needs");
    }
    for table in tables {
        if let Some(key) = cx.existing(table) {
            out.report(table.span, format!("this locks `{key}` until the file commits"))
                .lock(match (cx.dialect.is_mysql_family(), mode) {
                    (false, _) => format!("{} on {key} until the file commits", mode.name()),
                    (true, LockMode::Share) => format!("READ on {key} until UNLOCK TABLES: nobody writes it"),
                    (true, _) => format!("WRITE on {key} until UNLOCK TABLES: nobody reads or writes it"),
                })
                .help("remove it: every statement takes the lock that it needs");
        }
    }
}
