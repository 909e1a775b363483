//! `mysql-algorithm-copy`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-algorithm-copy",
    "An ALTER TABLE asks for a copy of a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_algorithm_copy.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx).filter(|_| asks_for_copy(cx)) else { return };
    let online = copies_online(cx) && written(cx).lock == Some(TableLock::None);
    if online {
        return;
    }
    out.report(clause_span(cx), format!("ALGORITHM=COPY writes every row of `{table}` again"))
        .lock(format!("LOCK=SHARED on {table} while every row is copied: nobody writes it"))
        .help("ask for ALGORITHM=INPLACE, and the server refuses what it cannot do that way")
        .file(cx.phase(), with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"));
}
