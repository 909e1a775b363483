//! `multiple-access-exclusive`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "multiple-access-exclusive",
    "Several tables in use are locked against everybody in one transaction.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("multiple_access_exclusive.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.nested {
        return;
    }
    let exclusive = |effect: &&Effect| effect.lock == LockMode::AccessExclusive;
    let mut before: Vec<&Key> = cx.transaction.effects.iter().map(|(_, effect)| effect).filter(exclusive).map(|effect| &effect.table).collect();
    before.sort();
    before.dedup();
    let here = effects(cx);
    let mut all = before.clone();
    all.extend(here.iter().filter(exclusive).map(|effect| &effect.table));
    all.sort();
    all.dedup();
    if before.len() < 2 && all.len() >= 2 {
        let names = all.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        let finding = out.report(cx.whole(), format!("this transaction keeps everybody out of {names} at once"));
        finding
            .lock("ACCESS EXCLUSIVE on all of them until the file commits: a query that joins them in another order deadlocks with it")
            .help("make one file per table");
        if !before.is_empty() {
            finding.file(cx.phase(), format!("{};", cx.sql));
        }
    }
}
