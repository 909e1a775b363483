//! `docs`.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{object, text};
use crate::cli::work::{Context, Work};

/// Write the schema as it is in the database, as Markdown with a diagram; change nothing
///
/// It marks what changes have added, and what waits for their contracts. The same schema gives the same page.
#[derive(Debug, Args)]
pub(in crate::cli) struct Docs {
    /// The file to write; else it is printed
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[async_trait]
impl Work for Docs {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let page = context.migrator.schema_document().await?.to_markdown();
        let json = object([("markdown", text(&page))]);
        Ok(Answer::new(&*page, json).page(page))
    }

    fn documents(&self) -> bool {
        true
    }

    fn output(&self) -> Option<&Path> {
        self.output.as_deref()
    }
}
