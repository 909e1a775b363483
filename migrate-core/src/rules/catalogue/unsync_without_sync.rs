//! `unsync-without-sync`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "unsync-without-sync",
    "A contract ends a sync that its change never started.",
    Severity::Error,
    Allowed::Never,
    include_str!("unsync_without_sync.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(change) = cx.change.filter(|_| cx.at == 0 && !cx.nested) else { return };
    // The file that started it may have been squashed.
    if !cx.set.tombstones.is_empty() && change.last(Phase::Expand).is_none() {
        return;
    }
    for end in cx.migration.unsync.iter() {
        if change.syncs().any(|(_, sync)| sync.same_pair(end)) {
            continue;
        }
        let syncs: Vec<String> = change.syncs().map(|(_, sync)| format!("`{sync}`")).collect();
        let help = match syncs.as_slice() {
            [] => "remove it, or start the sync in an expand file of the change".to_owned(),
            _ => format!("the change syncs {}: write it the same way", syncs.join(" and ")),
        };
        out.report(cx.whole(), format!("the change `{}` never starts the sync `{end}`", change.name))
            .breaks("the end of the sync: the triggers of another pair stay")
            .help(help);
    }
}
