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
    let here = effects(cx);
    if !here.iter().any(|effect| exclusive(&effect)) {
        return;
    }
    // Files may be long: of what came before only the first table and whether there is another are looked at.
    let mut before = cx.transaction.effects.iter().map(|(_, effect)| effect).filter(exclusive).map(|effect| &effect.table);
    let first = before.next();
    if before.any(|table| Some(table) != first) {
        return;
    }
    let mut all: Vec<&Key> = first.into_iter().chain(here.iter().filter(exclusive).map(|effect| &effect.table)).collect();
    all.sort();
    all.dedup();
    if all.len() >= 2 {
        let names = all.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        let finding = out.report(cx.whole(), format!("this transaction keeps everybody out of {names} at once"));
        finding
            .lock("ACCESS EXCLUSIVE on all of them until the file commits: a query that joins them in another order deadlocks with it")
            .help("make one file per table");
        if first.is_some() {
            finding.file(cx.phase(), format!("{};", cx.sql));
        }
    }
}
