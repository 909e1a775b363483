//! `mysql-alter-rebuild`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-alter-rebuild",
    "An ALTER TABLE builds a table in use anew, while it is written.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("mysql_alter_rebuild.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx) else { return };
    let online = written(cx);
    let judged = judged(cx);
    if is_guarded(online) || asks_for_copy(cx) || judged.iter().any(|one| one.cost > Cost::Rebuild) {
        return;
    }
    // What has an error as well is not to be written that way in any case.
    let otherwise_fine = !out.has_error();
    let mut told = Vec::new();
    for one in judged.iter().filter(|one| one.cost == Cost::Rebuild) {
        let what = match one.why {
            Why::Null => "NULL or NOT NULL",
            Why::Key => "a key with its column",
            Why::Place => "a column that moves",
            Why::Version => "this, before the version that does it in a moment,",
            Why::Compressed => "a column of a compressed table",
            _ => "this",
        };
        // The table is built once, whatever else of the statement asks for it in the same way.
        if told.contains(&what) {
            continue;
        }
        told.push(what);
        let finding = out.report(one.span, format!("{what} builds `{table}` anew"));
        finding
            .lock(format!("none while {table} is built, which takes its time, its size again on disk, and delays replicas"))
            .help("say so, and the server refuses where it could not go on while the table is written");
        if otherwise_fine {
            finding.file(cx.phase(), said(cx, &table));
        }
    }
}

fn said(cx: &Context<'_>, table: &Key) -> String {
    match find_word(cx.sql, "optimize") {
        Some(0) => format!("ALTER TABLE {table} ENGINE=InnoDB, ALGORITHM=INPLACE, LOCK=NONE;"),
        _ => with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"),
    }
}
