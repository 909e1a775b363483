//! `multiple-fk-one-migration`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "multiple-fk-one-migration",
    "Foreign keys to several tables in use are made in one transaction.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("multiple_fk_one_migration.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut known: Vec<Key> = cx.transaction.parents.clone();
    known.sort();
    known.dedup();
    for (span, parent) in new_parents(cx) {
        if known.contains(&parent) {
            continue;
        }
        known.push(parent.clone());
        if known.len() == 2 {
            out.report(span, format!("this file locks `{}` and `{parent}` together for their foreign keys", known[0]))
                .lock("SHARE ROW EXCLUSIVE on each parent until the file commits: nobody writes any of them, and two files in another order deadlock")
                .help("make one foreign key per file");
        }
    }
}
