//! `approve`.

use async_trait::async_trait;
use clap::Args;

use crate::change::Approval;
use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, text};
use crate::cli::show::number;
use crate::cli::terminal::ask;
use crate::cli::work::{Context, Work};
use crate::model::Version;

/// Approve the contracts of a change that lose data
///
/// What is said is kept in the log of the changes. A contract stays approved for as long as its text stays the same.
#[derive(Debug, Args)]
pub(in crate::cli) struct Approve {
    /// The change
    change: String,
    /// The backup from which what is lost could be restored: a name, a path, a snapshot's id
    #[arg(long, value_name = "BACKUP")]
    backup: String,
    /// The day on which restoring such a backup was last tried, as 2026-11-18
    #[arg(long, value_name = "DATE")]
    restore_tested: String,
    /// The owner of the data, who signs off the loss
    #[arg(long, value_name = "NAME")]
    owner: String,
    /// Who approves; left out on a terminal, it asks, and proposes the user of the system
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[async_trait]
impl Work for Approve {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let by = match &self.by {
            Some(by) => by.clone(),
            None => who().await?,
        };
        let approval = Approval {
            by,
            backup: self.backup.clone(),
            restore_tested: self.restore_tested.clone(),
            owner: self.owner.clone(),
        };
        let approved = context.migrator.approve(&self.change, &approval).await;
        let versions = approved.map_err(super::known_change)?;
        let names: Vec<String> = versions.iter().map(Version::to_string).collect();
        let person = format!(
            "`{}` is approved by {}: {}",
            self.change,
            approval.by,
            names.join(", ")
        );
        let program = object([
            ("change", text(&self.change)),
            ("versions", array(versions.into_iter().map(number))),
            ("by", text(&approval.by)),
        ]);
        Ok(Answer::new(person, program))
    }
}

/// Who approves, by the answer of a person: what the system calls the user is a proposal and no more, because an account
/// of a machine approves nothing.
async fn who() -> Result<String, Failure> {
    let proposal = user();
    let question = match &proposal {
        Some(user) => format!("Who approves? [{user}]"),
        None => "Who approves?".to_owned(),
    };
    let answer = ask(&question).await?.ok_or_else(|| {
        Failure::new("who approves? There is no terminal to ask on: say it with `--by`. Nothing was done")
    })?;
    let answer = answer.trim();
    // Who takes the question for one of yes or no is not of that name; `--by` knows no such question.
    match (answer.to_lowercase().as_str(), proposal) {
        ("n" | "no", _) => Err(Failure::new("nothing was done")),
        ("" | "y" | "yes", Some(user)) => Ok(user),
        ("" | "y" | "yes", None) => Err(Failure::new("nobody was named. Nothing was done")),
        _ => Ok(answer.to_owned()),
    }
}

/// What the system calls the user.
fn user() -> Option<String> {
    let said = |name| std::env::var(name).ok().filter(|user| !user.trim().is_empty());
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(said)
}
