//! `detach-partition-not-concurrent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "detach-partition-not-concurrent",
    "A partition is detached under a lock that stops readers of the whole table.",
    Severity::Error,
    Allowed::Never,
    include_str!("detach_partition_not_concurrent.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::DetachPartition { child, concurrently: false, finalize: false } = action else { continue };
        let table = &altered.key;
        let finding = out.report(child.span, format!("detaching `{child}` stops every query on `{table}`"));
        finding.lock(format!("ACCESS EXCLUSIVE on {table} and {child}: behind one long reader every new query queues"));
        if cx.at_least(14) {
            finding.file(cx.phase(), format!("ALTER TABLE {table} DETACH PARTITION {child} CONCURRENTLY;"));
        } else {
            finding.help("DETACH … CONCURRENTLY needs PostgreSQL 14; before, run it with a short lock_timeout when there is little traffic");
        }
    }
}
