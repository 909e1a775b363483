//! `plan` and `dry-run`.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::work::{Context, Work};
use crate::plan::{Mode, Plan};

/// Show what `up --all` would do, what waits for what, and the way back; change nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct Everything {
    #[command(flatten)]
    paper: Paper,
}

/// Show what `up` would do, statement by statement; change nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct DryRun {
    #[command(flatten)]
    paper: Paper,
}

// A doc comment would become the description of the commands.
#[derive(Debug, Args)]
struct Paper {
    /// Show the whole document that a team reviews: with what the database says of each table, estimates from what is
    /// measured there, criteria, and the rollback plan. Takes some seconds
    #[arg(long)]
    document: bool,
    /// The file to write; else it is printed
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Paper {
    async fn run(&self, context: &Context, mode: Mode) -> Result<Answer, Failure> {
        let migrator = &context.migrator;
        if self.document {
            let document = migrator.document(mode).await?;
            return Ok(Answer::new(document.to_string(), document.to_json()).page(document.to_markdown()));
        }
        Ok(answer(&match mode {
            Mode::Completion => migrator.plan().await?,
            Mode::StartUp => migrator.dry_run().await?,
        }))
    }
}

macro_rules! work {
    ($command:ty, $mode:expr) => {
        #[async_trait]
        impl Work for $command {
            async fn run(&self, context: &Context) -> Result<Answer, Failure> {
                self.paper.run(context, $mode).await
            }

            fn applies(&self) -> bool {
                true
            }

            fn documents(&self) -> bool {
                self.paper.document
            }

            fn output(&self) -> Option<&Path> {
                self.paper.output.as_deref()
            }
        }
    };
}

work!(Everything, Mode::Completion);
work!(DryRun, Mode::StartUp);

fn answer(plan: &Plan) -> Answer {
    Answer::new(plan.to_string(), show::plan(plan))
}
