//! `events`.

use async_trait::async_trait;
use clap::Args;

use crate::change::LogEntry;
use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, optional, text};
use crate::cli::time::shown;
use crate::cli::work::{Context, Work};

/// Show the log of the changes, oldest first: what happened, who did it, and what was seen; change nothing
#[derive(Debug, Args)]
pub(in crate::cli) struct Events {
    /// Only those of this change
    #[arg(long, value_name = "NAME")]
    change: Option<String>,
}

#[async_trait]
impl Work for Events {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let mut log = context.migrator.events().await?;
        if let Some(change) = &self.change {
            log.retain(|entry| entry.change == *change);
        }
        let lines: Vec<String> = log
            .iter()
            .map(|entry| format!("{} {entry}", shown(entry.at_ms)))
            .collect();
        let person = match lines.is_empty() {
            true => "nothing is in the log".to_owned(),
            false => lines.join("\n"),
        };
        Ok(Answer::new(person, array(log.iter().map(event))))
    }
}

fn event(entry: &LogEntry) -> String {
    let version = entry.version.map(|version| version.to_string());
    // A name may stand several times: a rollback that loses rows of several tables, a comparison of several kinds.
    let mut figures: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, value) in &entry.figures {
        match figures.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(text(value)),
            None => figures.push((name, vec![text(value)])),
        }
    }
    let figures = figures.into_iter().map(|(name, mut values)| match values.len() {
        1 => (name, values.remove(0)),
        _ => (name, array(values)),
    });
    object([
        ("id", entry.id.to_string()),
        ("at", text(&shown(entry.at_ms))),
        ("change", text(&entry.change)),
        ("version", optional(version.as_deref())),
        ("what", text(entry.what.name())),
        ("instance", text(&entry.instance)),
        ("build", text(&entry.build)),
        ("figures", object(figures)),
    ])
}
