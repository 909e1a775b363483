//! `rollback`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, text};
use crate::cli::show::{self, number, texts};
use crate::cli::terminal::confirm;
use crate::cli::work::{Context, Work};
use crate::cli::{FINE, WRONG};
use crate::migrator::RollbackPlan;

/// Take a whole change back, up to its point of no return
///
/// Builds that still embed it do not apply it again until `resume-change`. Shows what it would do and what is lost, and
/// asks; where there is no terminal, `--yes` has to be said.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rollback {
    /// The change
    change: String,
    /// Only show what it would do; exit with status 1 where it would be refused
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Give up data that was moved and is wrong
    #[arg(long)]
    discard: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[async_trait]
impl Work for Rollback {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let migrator = &context.migrator;
        let planned = migrator.rollback_plan(&self.change).await;
        let planned = planned.map_err(super::known_change)?;
        let refused = !planned.refusals.is_empty() || (!self.discard && !planned.discards.is_empty());
        if self.dry_run {
            let status = if refused { WRONG } else { FINE };
            return Ok(Answer::new(planned.to_string(), plan(&planned)).status(status));
        }
        let does_something = !planned.steps.is_empty() || !planned.stops.is_empty();
        // What is refused, or does nothing, says so by itself: nobody has to be asked.
        if !refused && does_something {
            confirm(&planned.to_string(), self.yes).await?;
        }
        let done = match self.discard {
            true => migrator.rollback_discarding(&self.change).await,
            false => migrator.rollback(&self.change).await,
        };
        let report = done.map_err(super::known_change)?;
        Ok(Answer::new(report.to_string(), show::report(&report)))
    }
}

fn plan(plan: &RollbackPlan) -> String {
    let steps = plan.steps.iter().map(|(version, name, phase)| {
        object([
            ("version", number(*version)),
            ("name", text(name)),
            ("phase", text(phase.name())),
        ])
    });
    let losses = plan.losses.iter().map(|loss| {
        object([
            ("version", number(loss.version)),
            ("table", text(&loss.table)),
            ("columns", texts(&loss.columns)),
            ("rows", loss.rows.to_string()),
        ])
    });
    object([
        ("change", text(&plan.change)),
        ("steps", array(steps)),
        ("stops", array(plan.stops.iter().copied().map(number))),
        ("refusals", texts(&plan.refusals)),
        ("discards", texts(&plan.discards)),
        ("losses", array(losses)),
        ("kept", texts(&plan.kept)),
        ("altered", texts(&plan.altered)),
        ("uncounted", texts(&plan.uncounted)),
        ("declared", texts(&plan.declared)),
        ("windows", texts(&plan.windows)),
        ("notes", texts(&plan.notes)),
    ])
}
