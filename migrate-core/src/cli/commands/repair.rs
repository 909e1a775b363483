//! `repair`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::terminal::confirm;
use crate::cli::work::{Context, Work};

/// Take the digests of edited files over into the history
///
/// For a database that is right, with files that are right too: nothing is run. A migration that was applied in part
/// goes on under its new text with the next `up`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Repair {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[async_trait]
impl Work for Repair {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let mut question =
            "This makes the history say that these files, as they are now, are what was applied:".to_owned();
        let mut edited = false;
        for migration in context.migrator.set().migrations.iter() {
            let row = context.history.get(migration.version);
            if row.is_some_and(|row| row.exact != migration.exact) {
                question.push_str(&format!("\n  = {migration}"));
                edited = true;
            }
        }
        if edited {
            confirm(&question, self.yes).await?;
        }
        let report = context.migrator.repair().await?;
        Ok(Answer::new(report.to_string(), show::report(&report)))
    }
}
