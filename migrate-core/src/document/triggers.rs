//! What stops a change or takes it back, and what to do then.

use std::time::Duration;

use super::compose::Seen;
use super::{RollbackTrigger, Scenario};
use crate::model::directives::Backfill;
use crate::model::{Dialect, Migration, Phase};
use crate::plan::{WayBack, way_back};

/// A limit as people say it.
pub(super) fn time(time: Duration) -> String {
    match time.as_millis() {
        ms if ms < 1000 => format!("{ms} ms"),
        _ if time.as_secs().is_multiple_of(3600) => format!("{} h", time.as_secs() / 3600),
        _ if time.as_secs().is_multiple_of(60) => format!("{} min", time.as_secs() / 60),
        _ => format!("{} s", time.as_secs()),
    }
}

fn trigger(watched: bool, what: &str, threshold: String, then: &str) -> RollbackTrigger {
    RollbackTrigger {
        what: what.to_owned(),
        threshold,
        then: then.to_owned(),
        watched,
    }
}

pub(super) fn triggers(seen: &Seen<'_>, pending: &[&Migration]) -> Vec<RollbackTrigger> {
    let limits = seen.limits;
    let mut found = vec![trigger(
        true,
        "a statement waits for its table lock",
        format!(
            "{} per attempt, {} in all",
            time(limits.lock_timeout),
            time(limits.lock_retry)
        ),
        "it gives up with nothing done, and names who holds the lock",
    )];
    if let Some(backfill) = pending.iter().find_map(|one| one.backfill.as_ref()) {
        found.extend(of_replicas(seen, backfill));
        found.push(of_a_batch(seen));
        if backfill.batched.is_none() {
            found.push(trigger(
                true,
                "rows that the Rust code cannot move",
                format!("more than {}", backfill.failures.unwrap_or(100)),
                "the backfill is blocked, and lists them",
            ));
        }
        found.push(trigger(
            true,
            "rows that differ when data is compared, or a verify query that answers something else",
            "1".to_owned(),
            "the change is blocked, and its contract stays closed",
        ));
    }
    if pending.iter().any(|one| one.phase == Phase::Contract) {
        found.push(trigger(
            true,
            "an instance of a build that needs the old shape appears",
            "1".to_owned(),
            "the contract waits again",
        ));
    }
    found.extend(of_the_application(seen, pending));
    found
}

/// What the application measures of itself, or a person does where it does not.
fn of_the_application(seen: &Seen<'_>, pending: &[&Migration]) -> [RollbackTrigger; 2] {
    // The file that moves the data says what holds for the change, also once it is applied.
    let change = pending.iter().find_map(|one| one.change.as_deref());
    let of_change = seen.set.migrations.iter().filter(|one| {
        let name = one.change.as_deref();
        name.is_some() && name == change
    });
    let backfill = of_change.filter_map(|one| one.backfill.as_ref()).next();
    let thresholds = seen.limits.thresholds.with(backfill);
    let (p99, errors) = (thresholds.p99_shown(), thresholds.errors_shown());
    if seen.limits.is_monitored {
        let then = "the backfill is blocked until `backfill resume`; a soak begins anew";
        return [
            trigger(
                true,
                "p99 that the application measures",
                format!("{p99} of the one before"),
                then,
            ),
            trigger(
                true,
                "writes of the application that fail",
                format!("{errors} of them"),
                then,
            ),
        ];
    }
    [
        trigger(
            false,
            "p99 of the statements that touch the tables",
            format!("{p99} of the baseline in the assessment"),
            "pause the backfill; behind an expand, roll back",
        ),
        trigger(
            false,
            "errors of the application in writes to these tables",
            format!("{errors} of them"),
            "roll the application back, then the change",
        ),
    ]
}

/// What keeps a backfill from leaving replicas behind, where there are any.
fn of_replicas(seen: &Seen<'_>, backfill: &Backfill) -> Option<RollbackTrigger> {
    let limits = seen.limits;
    let what = "replica lag while data is moved";
    match seen.set.dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(trigger(
            true,
            what,
            format!(
                "{} pauses, {} blocks",
                time(backfill.max_lag.unwrap_or(limits.soft_lag)),
                time(limits.hard_lag)
            ),
            "workers pause; above the second, the change is blocked until `backfill resume`",
        )),
        dialect @ (Dialect::Mysql | Dialect::MariaDb) => Some(trigger(
            false,
            what,
            format!("not read on {}", dialect.title()),
            "pause the backfill; a `Throttle` of the application can do that",
        )),
    }
}

/// What becomes of a batch that takes too long.
fn of_a_batch(seen: &Seen<'_>) -> RollbackTrigger {
    let limit = time(seen.limits.batch_timeout);
    trigger(
        true,
        "one batch runs too long",
        limit,
        "it is undone and made smaller",
    )
}

pub(super) fn scenarios(change: &str) -> Vec<Scenario> {
    let of = |happened: &str, then: String| Scenario {
        happened: happened.to_owned(),
        then,
    };
    vec![
        of(
            "a migration failed partway",
            format!("`migrate rollback {change}`; correct it, apply it again"),
        ),
        of(
            "it is applied, but the application does not work with it",
            format!("roll the application back first, then `migrate rollback {change}`"),
        ),
        of(
            "the data is moved, but wrong",
            "a corrective backfill, not a rollback".to_owned(),
        ),
        of(
            "a contract that lost data is applied",
            "restore the backup that the approval names".to_owned(),
        ),
    ]
}

/// How the files of a phase are taken back.
pub(super) fn way_back_of(phase: Phase, of_phase: &[&Migration]) -> Vec<String> {
    let mut found = Vec::new();
    if phase == Phase::Migrate {
        found.push("its backfills stop".to_owned());
    }
    for migration in of_phase.iter().rev() {
        let how = match way_back(migration) {
            WayBack::Down {
                statements,
                data_loss,
                window,
            } => {
                let loss = data_loss.map_or_else(
                    || ", no loss declared".to_owned(),
                    |loss| format!(", loses {loss}"),
                );
                let window = window.map_or(String::new(), |window| format!(", possible {window}"));
                let count = statements.len();
                let plural = if count == 1 { "" } else { "s" };
                format!("its down, {count} statement{plural}{loss}{window}")
            }
            WayBack::Irreversible(reason) => format!("not possible: {reason}"),
            WayBack::KeepData => "the data stays where it is; it goes with what the expand added".to_owned(),
            WayBack::Missing => "not possible: its file has no down".to_owned(),
        };
        found.push(format!("{migration}: {how}"));
    }
    found
}
