//! `mysql-lock-clause`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-lock-clause",
    "An ALTER TABLE asks for a lock that keeps others out.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_lock_clause.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx) else { return };
    let online = written(cx);
    let Some(lock) = online.lock.filter(|lock| *lock > TableLock::None) else { return };
    let (words, who) = match lock {
        TableLock::Exclusive => ("LOCK=EXCLUSIVE", "nobody reads or writes it"),
        _ => ("LOCK=SHARED", "nobody writes it"),
    };
    out.report(clause_span(cx), format!("{words} keeps others out of `{table}`"))
        .lock(format!("{words} on {table} until the statement is done: {who}"))
        .help("ask for LOCK=NONE, and the server refuses what it cannot do that way")
        .file(cx.phase(), with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"));
}
