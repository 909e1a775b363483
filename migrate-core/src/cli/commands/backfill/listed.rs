//! `backfill failed`, `backfill rates`.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::cli::answer::{Answer, Failure};
use crate::cli::json::{array, object, text};
use crate::cli::show::{number, seconds};
use crate::cli::work::Context;
use crate::model::Version;
use crate::time::shown;

fn written(at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    shown(u64::try_from(since.as_millis()).unwrap_or_default())
}

/// The rows that Rust code set aside.
pub(super) async fn failed(context: &Context, version: Version, limit: u32) -> Result<Answer, Failure> {
    let rows = context.migrator.failed_rows(version, limit).await?;
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let often = match row.attempts {
                1 => "once".to_owned(),
                many => format!("{many} times"),
            };
            format!(
                "{}: {} (tried {often}, last {})",
                row.key,
                row.reason,
                written(row.at)
            )
        })
        .collect();
    let person = match lines.is_empty() {
        true => format!("no row of {version} is set aside"),
        false => lines.join("\n"),
    };
    let program = array(rows.iter().map(|row| {
        object([
            ("key", text(&row.key)),
            ("reason", text(&row.reason)),
            ("attempts", row.attempts.to_string()),
            ("at", text(&written(row.at))),
        ])
    }));
    Ok(Answer::new(person, program))
}

/// How fast rows were moved.
pub(super) async fn rates(context: &Context, limit: u32) -> Result<Answer, Failure> {
    let rates = context.migrator.backfill_rates(limit).await?;
    let lines: Vec<String> = rates
        .iter()
        .map(|rate| format!("{} {rate}", written(rate.at)))
        .collect();
    let person = match lines.is_empty() {
        true => "no rows were moved in batches".to_owned(),
        false => lines.join("\n"),
    };
    let program = array(rates.iter().map(|rate| {
        object([
            ("version", number(rate.version)),
            ("attempt", rate.attempt.to_string()),
            ("table", text(&rate.table)),
            ("at", text(&written(rate.at))),
            ("seconds", seconds(rate.span)),
            ("worked", seconds(rate.worked)),
            ("visited", rate.visited.to_string()),
            ("changed", rate.changed.to_string()),
            ("batches", rate.batches.to_string()),
        ])
    }));
    Ok(Answer::new(person, program))
}
