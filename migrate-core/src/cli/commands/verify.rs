//! `verify`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{object, optional, text};
use crate::cli::show::{number, texts};
use crate::cli::values::backfill_version;
use crate::cli::work::{Context, Work};
use crate::cli::{FINE, WRONG, json};
use crate::migrator::Verification;
use crate::model::Version;

/// Look whether the history and the files go together, and compare moved data once more
///
/// Exit status 1 where something is not right. Writes nothing.
#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    /// Only the data of this backfill, by version, name or change
    migration: Option<String>,
}

#[async_trait]
impl Work for Verify {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let migrator = &context.migrator;
        let mut found = Vec::new();
        match &self.migration {
            Some(given) => {
                let version = backfill_version(context, given)?;
                found.push((version, migrator.verify(version).await?));
            }
            None => {
                for migration in migrator
                    .set()
                    .migrations
                    .iter()
                    .filter(|one| one.backfill.is_some())
                {
                    // What was not moved here, or has lost its old shape, leaves nothing to compare.
                    match migrator.verify(migration.version).await {
                        Ok(verification) => found.push((migration.version, verification)),
                        Err(error) if error.is_backfill() => {}
                        Err(error) => return Err(error.into()),
                    }
                }
            }
        }
        let status = migrator.status().await?;
        Ok(answer(&found, status.fault))
    }
}

fn answer(found: &[(Version, Verification)], fault: Option<String>) -> Answer {
    let mut lines = vec![match &fault {
        Some(fault) => format!("history: {fault}"),
        None => "history: it goes together with the files".to_owned(),
    }];
    for (version, verification) in found {
        lines.push(format!("{version}: {verification}"));
        lines.extend(verification.help.as_ref().map(|help| format!("  = help: {help}")));
    }
    let data = found.iter().map(|(version, verification)| {
        let checks = verification.checks.iter().map(|check| {
            object([
                ("check", text(check.kind.name())),
                ("right", check.is_right().to_string()),
                ("looked", check.looked.to_string()),
                ("differ", check.differ.to_string()),
                ("more", check.more.to_string()),
                ("keys", texts(&check.keys)),
                ("finding", text(&check.finding)),
            ])
        });
        object([
            ("version", number(*version)),
            ("right", verification.is_right().to_string()),
            ("checks", json::array(checks)),
            ("help", optional(verification.help.as_deref())),
        ])
    });
    let right = fault.is_none() && found.iter().all(|(_, verification)| verification.is_right());
    let json = object([
        ("right", right.to_string()),
        ("fault", fault.as_deref().map_or_else(|| "null".to_owned(), text)),
        ("data", json::array(data)),
    ]);
    Answer::new(lines.join("\n"), json).status(if right { FINE } else { WRONG })
}
