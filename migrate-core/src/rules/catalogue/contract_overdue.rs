//! `contract-overdue`.

use std::time::Duration;

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "contract-overdue",
    "A change was expanded long ago and has no contract.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("contract_overdue.md"),
    check,
)
.on(EVERYWHERE)
.reminds();

const DAY: Duration = Duration::from_secs(86_400);
const DEFAULT: Duration = DAY.saturating_mul(90);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(change) = cx.change.filter(|_| cx.at == 0 && !cx.nested) else { return };
    let last_expand = change.last(Phase::Expand).is_some_and(|(index, _)| index == cx.index);
    if !last_expand || change.last(Phase::Contract).is_some() || cx.config.baseline >= Some(cx.migration.version) {
        return;
    }
    let last = change.files.last().map(|(_, migration)| migration.version);
    let age = last.zip(cx.set.newest()).and_then(|(last, newest)| newest.time_since(last));
    let Some(age) = age.filter(|age| *age > cx.config.remind_after.unwrap_or(DEFAULT)) else { return };
    let days = age.as_secs() / DAY.as_secs();
    let finding = out.report(cx.whole(), format!("the change `{}` has no contract after {days} days", change.name));
    if let Some((_, sync)) = change.syncs().next() {
        finding.breaks(format!("nothing, but every write still pays for the sync `{sync}`"));
    }
    finding.help(
        "write the contract that takes the old shape away: `migrate new --phase contract --change …`;\n\
         where there is nothing to take away, let `allow(contract-overdue)` turn the reminder off",
    );
}
