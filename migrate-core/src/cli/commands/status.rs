//! `status`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::work::{Context, Work};
use crate::cli::{FINE, WAITING, WRONG, show};
use crate::migrator::StatusState;

/// Show how far each migration is, and how far backfills are that run in other processes
///
/// Exit status 1 where the history and the migrations do not go together. Changes nothing, and works on a read-only
/// replica unless a backfill runs.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// Exit with status 3 where something is pending or waits
    #[arg(long)]
    strict: bool,
}

#[async_trait]
impl Work for Show {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let status = context.migrator.status().await?;
        let done = |state: &StatusState| matches!(state, StatusState::Recorded { .. });
        let all_done = status.may_serve && status.lines.iter().all(|line| done(&line.state));
        let exit = match &status.fault {
            Some(_) => WRONG,
            None if self.strict && !all_done => WAITING,
            None => FINE,
        };
        Ok(Answer::new(status.to_string(), show::status(&status)).status(exit))
    }
}
