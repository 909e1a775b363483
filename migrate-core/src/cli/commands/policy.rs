//! `policy`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{object, optional, text};
use crate::cli::terminal::confirm;
use crate::cli::time::shown;
use crate::cli::values::policy;
use crate::cli::work::{Context, Work};
use crate::plan::Policy;

/// Show under which policy the database is kept, or choose it: production or development
///
/// Asks before it chooses the development policy; where there is no terminal, `--yes` has to be said.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The policy from now on
    #[arg(value_parser = policy)]
    policy: Option<Policy>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

const QUESTION: &str = "From now on builds for development may do here what loses data: contracts wait for nothing, and \
                        drafts that were edited are taken back and applied again.";

#[async_trait]
impl Work for Show {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let migrator = &context.migrator;
        if let Some(policy) = self.policy {
            if policy == Policy::Development {
                confirm(QUESTION, self.yes).await?;
            }
            migrator.choose_policy(policy).await?;
        }
        let chosen = migrator.chosen_policy().await?;
        let policy = chosen.as_ref().map_or(Policy::default(), |(policy, _)| *policy);
        let (by, at) = match &chosen {
            Some((_, entry)) => (Some(entry.instance.clone()), Some(shown(entry.at_ms))),
            None => (None, None),
        };
        let person = match (&by, &at) {
            (Some(by), Some(at)) => format!("{policy}, chosen by {by} at {at}"),
            _ => format!("{policy}: nobody chose one"),
        };
        let program = object([
            ("policy", text(policy.name())),
            ("chosen_by", optional(by.as_deref())),
            ("chosen_at", optional(at.as_deref())),
        ]);
        Ok(Answer::new(person, program))
    }
}
