//! `plan` and `dry-run`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::work::{Context, Work};
use crate::plan::Plan;

/// Show what `up --all` would do, what waits for what, and the way back; change nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct Everything {}

/// Show what `up` would do, statement by statement; change nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct DryRun {}

#[async_trait]
impl Work for Everything {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        Ok(answer(&context.migrator.plan().await?))
    }

    fn applies(&self) -> bool {
        true
    }
}

#[async_trait]
impl Work for DryRun {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        Ok(answer(&context.migrator.dry_run().await?))
    }

    fn applies(&self) -> bool {
        true
    }
}

fn answer(plan: &Plan) -> Answer {
    Answer::new(plan.to_string(), show::plan(plan))
}
