//! `down`.

use async_trait::async_trait;
use clap::Args;

use crate::cli::answer::{Answer, Failure};
use crate::cli::show;
use crate::cli::terminal::confirm;
use crate::cli::values::applied_version;
use crate::cli::work::{Context, Work};
use crate::history::Row;
use crate::migrator::Report;
use crate::model::Version;
use crate::plan::{WayBack, way_back};

/// Take the newest migrations back: one, unless told otherwise
///
/// All are looked at before the first is touched. Asks before; where there is no terminal, `--yes` has to be said. What
/// these files do not have is taken back only with `--to`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Down {
    /// Take back everything newer than this version; 0 takes back everything
    #[arg(long, value_name = "VERSION", conflicts_with = "steps")]
    to: Option<String>,
    /// How many to take back
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    steps: Option<u32>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

#[async_trait]
impl Work for Down {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let rows: Vec<&Row> = steps_of(context);
        let target = match &self.to {
            Some(to) => applied_version(context, to)?,
            None => {
                let steps = self.steps.unwrap_or(1) as usize;
                let kept = rows.len().saturating_sub(steps);
                rows[..kept].last().map_or(Version(0), |row| row.version)
            }
        };
        let above = rows.into_iter().rev().filter(|row| row.version > target);
        let above: Vec<&Row> = above.collect();
        let report = if above.is_empty() {
            Report {
                set: context.migrator.set().name.to_string(),
                ..Report::default()
            }
        } else {
            if self.to.is_none() {
                check_known(context, &above, target)?;
            }
            let intro = "This takes back, newest first:";
            agree(intro, context, &above, self.yes).await?;
            context.migrator.down_to(target).await?
        };
        Ok(Answer::new(report.to_string(), show::report(&report)))
    }
}

/// What is taken back one by one: not what was squashed, which goes with what stands for it.
fn steps_of(context: &Context) -> Vec<&Row> {
    let history = &context.history;
    let squashed = context.migrator.set().migrations.iter().filter_map(|migration| {
        let first = migration.squash.first()?;
        history.get(migration.version)?;
        Some(first.version..migration.version)
    });
    let squashed: Vec<_> = squashed.collect();
    let goes_along = |version: &Version| squashed.iter().any(|range| range.contains(version));
    let rows = history.rows.iter();
    rows.filter(|row| !goes_along(&row.version)).collect()
}

/// What this build does not have may be of another service that uses the same set by mistake: a person names it.
fn check_known(context: &Context, rows: &[&Row], target: Version) -> Result<(), Failure> {
    let migrator = &context.migrator;
    let Some(row) = rows.iter().find(|row| !migrator.knows(row)) else {
        return Ok(());
    };
    let why = match migrator.history_of_another(&context.history) {
        Some(note) => format!("; {note}"),
        None => String::new(),
    };
    Err(Failure::new(format!(
        "{} {} is applied, and this build does not have it{why}. Where it is to go, name what stays: `down --to {target}` \
         takes back what is newer, by the text that the history keeps. Nothing was done",
        row.version, row.name
    )))
}

/// Asks whether migrations are to be taken back, unless that is said already.
pub(super) async fn agree(intro: &str, context: &Context, rows: &[&Row], yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let mut asked = question(intro, context, rows);
    let migrator = &context.migrator;
    let notes = [
        migrator.history_of_another(&context.history),
        migrator.who_would_miss(rows).await?,
    ];
    for note in notes.into_iter().flatten() {
        asked.push_str(&format!("\n  note: {note}"));
    }
    confirm(&asked, yes).await
}

/// What will be taken back, and what is lost by it.
fn question(intro: &str, context: &Context, rows: &[&Row]) -> String {
    let mut question = intro.to_owned();
    for row in rows {
        question.push_str(&format!("\n  - {} {}", row.version, row.name));
        let embedded = context.migrator.set().get(row.version);
        match embedded.map(way_back) {
            Some(WayBack::Down {
                data_loss: Some(loss),
                ..
            }) => question.push_str(&format!(": loses {loss}")),
            None => question.push_str(": not in this build, by the text that the history keeps"),
            _ => {}
        }
    }
    question
}
