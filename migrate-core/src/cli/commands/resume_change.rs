//! `resume-change`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{object, text};
use crate::cli::work::{Context, Work};

/// Let a change be applied again that was rolled back
///
/// Applies nothing by itself: the next run of a build that embeds the change does.
#[derive(Debug, Args)]
pub(in crate::cli) struct ResumeChange {
    /// The change
    change: String,
}

#[async_trait]
impl Work for ResumeChange {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let resumed = context.migrator.resume_change(&self.change).await;
        resumed.map_err(super::known_change)?;
        Ok(Answer::new(
            format!("`{}` may be applied again: the next `up` does", self.change),
            object([("change", text(&self.change)), ("resumed", true.to_string())]),
        ))
    }
}
