//! `backfill repair`.

use crate::backfill::BackfillState;
use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, optional, text};
use crate::cli::show::{number, texts};
use crate::cli::terminal::confirm;
use crate::cli::work::Context;
use crate::cli::{FINE, WRONG};
use crate::migrator::{RepairRows, RowRepair, RowRepairPlan};
use crate::model::Version;

/// Shows what is not right, asks, and repairs it; with `dry_run` only shows it.
pub(super) async fn repair(
    context: &Context,
    version: Version,
    dry_run: bool,
    yes: bool,
) -> Result<Answer, Failure> {
    let migrator = &context.migrator;
    if dry_run || !yes {
        let planned = migrator.repair_rows_plan(version).await?;
        if dry_run {
            let right = !planned.writes() && !planned.leaves();
            let json = object([("plan", plan(&planned))]);
            return Ok(Answer::new(planned.to_string(), json).status(if right { FINE } else { WRONG }));
        }
        // Where nothing is written, all of it is only compared once more.
        if planned.writes() {
            confirm(&planned.to_string(), yes).await?;
        }
    }
    let repaired = migrator.repair_rows(version).await?;
    let status = match repaired.state {
        BackfillState::Verified | BackfillState::Moving | BackfillState::Verifying => FINE,
        _ => WRONG,
    };
    Ok(Answer::new(repaired.to_string(), done(&repaired)).status(status))
}

fn rows(rows: &RepairRows) -> String {
    object([("count", rows.count.to_string()), ("keys", texts(&rows.keys))])
}

fn plan(plan: &RowRepairPlan) -> String {
    object([
        ("version", number(plan.version)),
        ("source", text(&plan.source)),
        ("target", text(&plan.target)),
        ("looked", plan.looked.to_string()),
        ("missing", rows(&plan.missing)),
        ("differing", rows(&plan.differing)),
        ("extra", rows(&plan.extra)),
        ("several", rows(&plan.several)),
        ("busy", rows(&plan.busy)),
    ])
}

fn done(repair: &RowRepair) -> String {
    let refusals = repair.refused.keys.iter().zip(&repair.refusals);
    let refusals = refusals.map(|(key, why)| object([("key", text(key)), ("reason", text(why))]));
    object([
        ("plan", plan(&repair.found)),
        ("inserted", repair.inserted.to_string()),
        ("updated", repair.updated.to_string()),
        ("left", rows(&repair.left)),
        ("refused", repair.refused.count.to_string()),
        ("refusals", array(refusals)),
        ("state", text(repair.state.name())),
        ("reason", optional(repair.reason.as_deref())),
    ])
}
