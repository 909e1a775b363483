//! `redo`.

use async_trait::async_trait;
use clap::Args;

use super::down::agree;
use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::work::{Context, Work};

/// Take the newest migration back and apply it again: for development
#[derive(Debug, Args)]
pub(in crate::cli) struct Redo {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[async_trait]
impl Work for Redo {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        if let Some(row) = context.history.rows.last() {
            let intro = "This takes back, and applies again:";
            agree(intro, context, &[row], self.yes).await?;
        }
        let report = context.migrator.redo().await?;
        Ok(Answer::new(report.to_string(), show::report(&report)))
    }

    fn applies(&self) -> bool {
        true
    }

    fn repeats(&self) -> bool {
        true
    }
}
