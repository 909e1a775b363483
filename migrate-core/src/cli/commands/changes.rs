//! `changes`.

use async_trait::async_trait;
use clap::Args;

use crate::change::Change;
use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, optional, text};
use crate::cli::show::{gate, number};
use crate::cli::time::shown;
use crate::cli::work::{Context, Work};

/// Show how far each change is, and what the gates of its contract say; change nothing
///
/// Expand files that name no change are done once they are applied, and are left to `status`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Changes {}

#[async_trait]
impl Work for Changes {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let changes = context.migrator.changes().await?;
        let mut lines: Vec<String> = changes.iter().map(ToString::to_string).collect();
        if lines.is_empty() {
            lines.push("no migration names a change".to_owned());
        }
        Ok(Answer::new(lines.join("\n"), array(changes.iter().map(change))))
    }
}

fn change(change: &Change) -> String {
    let since = change.since_ms.map(shown);
    object([
        ("name", text(&change.name)),
        ("versions", array(change.versions.iter().copied().map(number))),
        ("state", text(change.state.name())),
        ("since", optional(since.as_deref())),
        ("blocked", optional(change.blocked.as_deref())),
        ("gates", array(change.gates.iter().map(gate))),
    ])
}
