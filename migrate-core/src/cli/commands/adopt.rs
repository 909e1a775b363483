//! `adopt`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, text};
use crate::cli::show::{self, number, texts};
use crate::cli::values::{known_version, tool};
use crate::cli::work::{Context, Work};
use crate::migrator::{AdoptPlan, Adoption, Tool};
use crate::model::Version;

/// Take over what another tool applied, by its own table, without running anything
///
/// Compares checksums where the tool keeps them, holds its lock, and leaves its table as it is. All of it is recorded, or
/// nothing.
#[derive(Debug, Args)]
pub(in crate::cli) struct Adopt {
    /// The tool: sqlx, refinery, diesel, sea-orm or dbmate
    #[arg(long, value_name = "TOOL", value_parser = tool)]
    from: Tool,
    /// Its table, where it was told to use another one; `schema.table` for one in a schema
    #[arg(long, value_name = "NAME")]
    table: Option<String>,
    /// The migration up to which the files here stand for all that the tool applied up to there, by version or name
    #[arg(long, value_name = "VERSION")]
    up_to: Option<String>,
    /// Only show what it would record
    #[arg(long)]
    plan: bool,
}

#[async_trait]
impl Work for Adopt {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let mut adoption = Adoption::of(self.from);
        if let Some(table) = &self.table {
            adoption = adoption.table(table);
        }
        if let Some(version) = &self.up_to {
            adoption = adoption.baseline(known_version(context, version)?);
        }
        if self.plan {
            let planned = context.migrator.adopt_plan(adoption).await?;
            return Ok(Answer::new(planned.to_string(), plan(&planned)));
        }
        let report = context.migrator.adopt(adoption).await?;
        Ok(Answer::new(report.to_string(), show::report(&report)))
    }
}

fn plan(plan: &AdoptPlan) -> String {
    let pair =
        |(version, name): &(Version, String)| object([("version", number(*version)), ("name", text(name))]);
    object([
        ("tool", text(plan.tool.name())),
        ("table", text(&plan.table)),
        ("rows", plan.rows.to_string()),
        ("record", array(plan.record.iter().map(pair))),
        ("known", plan.known.to_string()),
        ("pending", array(plan.pending.iter().map(pair))),
        ("notes", texts(&plan.notes)),
    ])
}
