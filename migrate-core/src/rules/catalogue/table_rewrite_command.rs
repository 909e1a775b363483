//! `table-rewrite-command`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "table-rewrite-command",
    "A table in use is written again as a whole.",
    Severity::Error,
    Allowed::Never,
    include_str!("table_rewrite_command.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut report = |word: &str, table: String| {
        out.report(cx.whole(), format!("{word} writes all of {table} again"))
            .lock(format!("ACCESS EXCLUSIVE on {table} while it is written: nobody reads or writes it").replace('`', ""))
            .help("do it with pg_repack, which works beside the traffic, and not in a migration");
    };
    match cx.operation {
        Operation::Cluster { table: Some(table) } => {
            if let Some(table) = cx.existing(table) {
                report("CLUSTER", format!("`{table}`"));
            }
        }
        Operation::Cluster { table: None } => report("CLUSTER", "every clustered table".to_owned()),
        Operation::Vacuum { tables, full: true } => {
            let existing: Vec<String> = tables.iter().filter_map(|table| cx.existing(table)).map(|table| format!("`{table}`")).collect();
            if tables.is_empty() {
                report("VACUUM FULL", "every table".to_owned());
            } else if !existing.is_empty() {
                report("VACUUM FULL", existing.join(", "));
            }
        }
        _ => {}
    }
}
