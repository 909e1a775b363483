//! `backfill …`.

mod listed;
mod repair;

use std::time::Duration;

use async_trait::async_trait;
use clap::{ArgGroup, Args, Subcommand};
use futures_timer::Delay;

use crate::backfill::{BackfillSettings, BackfillState, BackfillStatus, Progress};
use crate::cli::answer::{Answer, Failure};
use crate::cli::json::array;
use crate::cli::values::{backfill_version, count, duration, figures, rows};
use crate::cli::work::{Context, Work};
use crate::cli::{FINE, WRONG, show};
use crate::migrator::{Event, Observer};
use crate::model::Version;

/// How often a backfill is looked at that other processes work on.
const LOOK: Duration = Duration::from_secs(1);

/// Look at backfills, and say how they go on; every process that works on one follows
#[derive(Debug, Args)]
pub(in crate::cli) struct Backfill {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show how far a backfill is, or all of them
    Status {
        /// By version, name or change
        migration: Option<String>,
        /// Show it until it does not go on by itself; exit status 1 unless its data is moved then
        #[arg(long, requires = "migration")]
        watch: bool,
    },
    /// Pause a backfill: each worker stops behind its batch; one that has not begun does not begin
    Pause {
        /// By version, name or change
        migration: String,
        /// Why, for whoever looks at its status
        #[arg(long, default_value = "by hand")]
        reason: String,
    },
    /// Let a backfill go on that is paused, blocked or cancelled, or is moved by another text of its file: by the text here
    Resume {
        /// By version, name or change
        migration: String,
    },
    /// Give a backfill up; what it moved stays
    Cancel {
        /// By version, name or change
        migration: String,
        /// Why, for whoever looks at its status
        #[arg(long, default_value = "by hand")]
        reason: String,
    },
    /// Try the rows again that Rust code set aside, and no others; without any, visit all rows once more
    Rerun {
        /// By version, name or change
        migration: String,
    },
    /// Repair the single rows of a copy (INSERT … SELECT) that are not right, without copying all of them once more
    ///
    /// Inserts those that are missing and updates those that differ, each unless somebody writes it meanwhile; deletes
    /// nothing. Then everything is compared once more. Shows what it would write, and asks; where there is no terminal,
    /// `--yes` has to be said. Exit status 1 unless the data is right afterwards.
    Repair {
        /// By version, name or change
        migration: String,
        /// Only show which rows are not right; exit with status 1 where any is
        #[arg(long, conflicts_with = "yes")]
        dry_run: bool,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Show the rows that Rust code set aside, with the reason of each
    Failed {
        /// By version, name or change
        migration: String,
        /// How many at most
        #[arg(long, value_name = "ROWS", default_value = "100", value_parser = rows)]
        limit: u32,
    },
    /// Show how fast rows were moved, the newest figures first
    Rates {
        /// How many at most, of about ten seconds each
        #[arg(long, value_name = "FIGURES", default_value = "20", value_parser = figures)]
        limit: u32,
    },
    /// Set the pace while it runs or before it begins, over what the file says
    #[command(group(ArgGroup::new("settings").required(true).multiple(true)
        .args(["max_batch", "pause", "max_lag", "failures", "reset"])))]
    Configure {
        /// By version, name or change
        migration: String,
        /// The most rows of a batch; the file's `batch=` is how many the first one has
        #[arg(long, value_name = "ROWS", value_parser = rows)]
        max_batch: Option<u32>,
        /// The pause between two batches, such as 100ms
        #[arg(long, value_name = "TIME", value_parser = duration)]
        pause: Option<Duration>,
        /// The replica lag above which it pauses, such as 5s
        #[arg(long, value_name = "TIME", value_parser = duration)]
        max_lag: Option<Duration>,
        /// How many rows Rust code may set aside before it stops
        #[arg(long, value_name = "ROWS", value_parser = count)]
        failures: Option<u32>,
        /// Forget what was set before
        #[arg(long)]
        reset: bool,
    },
}

#[async_trait]
impl Work for Backfill {
    async fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let migrator = &context.migrator;
        let version = match &self.what {
            What::Status { migration: None, .. } => return all(context).await,
            What::Status {
                migration: Some(migration),
                watch,
            } => {
                let version = backfill_version(context, migration)?;
                return match watch {
                    true => watched(context, version).await,
                    false => told(context, version).await,
                };
            }
            What::Pause { migration, reason } => {
                let version = backfill_version(context, migration)?;
                migrator.pause(version, reason).await?;
                version
            }
            What::Resume { migration } => {
                let version = backfill_version(context, migration)?;
                migrator.resume(version).await?;
                version
            }
            What::Cancel { migration, reason } => {
                let version = backfill_version(context, migration)?;
                migrator.cancel(version, reason).await?;
                version
            }
            What::Rerun { migration } => {
                let version = backfill_version(context, migration)?;
                migrator.rerun(version).await?;
                version
            }
            What::Repair {
                migration,
                dry_run,
                yes,
            } => {
                let version = backfill_version(context, migration)?;
                return repair::repair(context, version, *dry_run, *yes).await;
            }
            What::Failed { migration, limit } => {
                let version = backfill_version(context, migration)?;
                return listed::failed(context, version, *limit).await;
            }
            What::Rates { limit } => return listed::rates(context, *limit).await,
            What::Configure {
                migration,
                max_batch,
                pause,
                max_lag,
                failures,
                reset,
            } => {
                let version = backfill_version(context, migration)?;
                let before = migrator.backfill(version).await?.filter(|_| !reset);
                let before = before.map(|status| status.settings).unwrap_or_default();
                let settings = BackfillSettings {
                    max_batch: max_batch.or(before.max_batch),
                    pause: pause.or(before.pause),
                    max_lag: max_lag.or(before.max_lag),
                    failures: failures.or(before.failures),
                };
                migrator.configure(version, settings).await?;
                version
            }
        };
        told(context, version).await
    }
}

/// The state of one backfill.
async fn told(context: &Context, version: Version) -> Result<Answer, Failure> {
    Ok(match context.migrator.backfill(version).await? {
        Some(status) => Answer::new(line(&status), show::backfill(&status)),
        None => Answer::new(format!("no backfill of {version} has begun"), "null"),
    })
}

/// The state of all backfills that have begun.
async fn all(context: &Context) -> Result<Answer, Failure> {
    let mut begun = Vec::new();
    for migration in context.migrator.set().migrations.iter() {
        if migration.backfill.is_some() {
            begun.extend(context.migrator.backfill(migration.version).await?);
        }
    }
    let lines: Vec<String> = begun.iter().map(line).collect();
    let text = if lines.is_empty() {
        "no backfill has begun".to_owned()
    } else {
        lines.join("\n")
    };
    Ok(Answer::new(text, array(begun.iter().map(show::backfill))))
}

/// Shows a backfill that other processes work on, until it is over or held.
async fn watched(context: &Context, version: Version) -> Result<Answer, Failure> {
    loop {
        let status = context.migrator.backfill(version).await?;
        match status {
            Some(status) if matches!(status.state, BackfillState::Moving | BackfillState::Verifying) => {
                context.bars.event(&Event::Progress(progress(&status)));
            }
            Some(status) => {
                let moved = status.state == BackfillState::Verified;
                let answer = Answer::new(line(&status), show::backfill(&status));
                return Ok(answer.status(if moved { FINE } else { WRONG }));
            }
            None => {}
        }
        Delay::new(LOOK).await;
    }
}

/// What the database knows, as a worker would tell it; its newest batch only the worker knows.
fn progress(status: &BackfillStatus) -> Progress {
    Progress {
        version: status.version,
        batches: status.batches,
        batch: u32::try_from(status.visited / status.batches.max(1)).unwrap_or(u32::MAX),
        visited: status.visited,
        estimate: status.estimate,
        rate: status.rate(),
        elapsed: status.elapsed,
        remaining: status.remaining(),
        throttled: None,
    }
}

fn line(status: &BackfillStatus) -> String {
    let mut line = format!("{} {status}", status.version);
    let settings = &status.settings;
    if let Some(batch) = settings.max_batch {
        line.push_str(&format!("; set: batch of at most {batch}"));
    }
    if let Some(pause) = settings.pause {
        line.push_str(&format!("; set: pause of {} ms", pause.as_millis()));
    }
    if let Some(lag) = settings.max_lag {
        line.push_str(&format!(
            "; set: replica lag of at most {:.1} s",
            lag.as_secs_f64()
        ));
    }
    if let Some(failures) = settings.failures {
        line.push_str(&format!("; set: at most {failures} rows set aside"));
    }
    line
}
