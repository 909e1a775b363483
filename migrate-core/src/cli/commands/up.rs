//! `up`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::WAITING;
use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::work::{Context, Work};
use crate::model::Phase;
use crate::plan::Waiting;

/// Apply what is pending: for the job before a deployment
///
/// Without `--all` these are the expand files; what waits for what is told, and is no failure.
#[derive(Debug, Args)]
pub(in crate::cli) struct Up {
    /// Move data as well, and apply contracts whose gates are open
    #[arg(long)]
    all: bool,
    /// Exit with status 3 where something waits
    #[arg(long)]
    strict: bool,
}

#[async_trait]
impl Work for Up {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let migrator = &context.migrator.as_job();
        let mut report = match self.all {
            true => migrator.run_to_completion().await?,
            false => migrator.run().await?,
        };
        // Where nothing was to do, the migrator did not look what waits; and not at the gates, where it applies no
        // contract.
        let looked = |waiting: &Waiting| waiting.phase != Phase::Contract || waiting.gates.len() > 1;
        if report.waiting.is_empty() || !report.waiting.iter().all(looked) {
            let plan = match self.all {
                true => migrator.plan().await?,
                false => migrator.dry_run().await?,
            };
            report.waiting = plan.waiting;
        }
        // The job may be the only one who can make tables.
        if report
            .waiting
            .iter()
            .any(|waiting| waiting.phase == Phase::Migrate)
        {
            let note = migrator.prepare_for_workers().await?;
            report
                .notes
                .extend(note.filter(|note| !report.notes.contains(note)));
        }
        let waits = self.strict && !report.waiting.is_empty();
        let answer = Answer::new(report.to_string(), show::report(&report));
        Ok(answer.status(if waits { WAITING } else { 0 }))
    }

    fn applies(&self) -> bool {
        true
    }

    fn repeats(&self) -> bool {
        true
    }
}
