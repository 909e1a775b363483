//! `baseline`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::values::known_version;
use crate::cli::work::{Context, Work};

/// Record migrations as applied without running them: for a database that has their schema already
#[derive(Debug, Args)]
pub(in crate::cli) struct Baseline {
    /// The last of them, by version or name
    #[arg(value_name = "VERSION")]
    version: String,
}

#[async_trait]
impl Work for Baseline {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let version = known_version(context, &self.version)?;
        let report = context.migrator.baseline(version).await?;
        Ok(Answer::new(report.to_string(), show::report(&report)))
    }
}
