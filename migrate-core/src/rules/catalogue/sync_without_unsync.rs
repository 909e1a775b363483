//! `sync-without-unsync`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "sync-without-unsync",
    "The contract of a change leaves a sync in place.",
    Severity::Error,
    Allowed::Never,
    include_str!("sync_without_unsync.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(change) = cx.change.filter(|_| cx.at == 0 && !cx.nested) else { return };
    // A contract that is not the last one may leave it to the next.
    if change.last(Phase::Contract).is_none_or(|(index, _)| index != cx.index) {
        return;
    }
    for (_, sync) in change.syncs() {
        if change.unsyncs().any(|(_, end)| sync.same_pair(end)) {
            continue;
        }
        out.report(cx.whole(), format!("the sync `{sync}` of the change `{}` never ends", change.name))
            .breaks("every later write: the triggers go on, and fail once one of their columns is gone")
            .help(format!("end it in the header of this file:\n-- migrate:unsync {sync}"));
    }
}
