//! `worker`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{object, text};
use crate::cli::terminal::tell;
use crate::cli::work::{Context, Work};

/// Move data until Ctrl-C, together with the workers of all other instances
///
/// Stops behind the batch that runs, and gives back what it had taken, so that another one goes on at once. A second
/// Ctrl-C ends it where it is; nothing is lost by that either.
#[derive(Debug, Args)]
pub(in crate::cli) struct Run {}

#[async_trait]
impl Work for Run {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        tell("the worker runs; Ctrl-C stops it");
        context.migrator.worker(&context.stop).await?;
        let set = &*context.migrator.set().name;
        Ok(Answer::new(
            format!("set `{set}`: the worker has stopped"),
            object([("set", text(set)), ("stopped", "true".to_owned())]),
        ))
    }

    fn stops(&self) -> bool {
        true
    }
}
