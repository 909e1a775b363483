//! The quality checklist, filled in from facts. What is not known is never ticked.

use super::{Answer, Check, Estimate, KeptOut, Known, Part, Work};
use crate::model::{Migration, Phase};
use crate::plan::WayBack;

fn check(item: &str, answer: Answer, fact: impl Into<String>) -> Check {
    Check {
        item: item.to_owned(),
        answer,
        fact: fact.into(),
    }
}

pub(super) fn checklist(part: &Part, pending: &[&Migration]) -> Vec<Check> {
    vec![
        understood(part),
        kept_out(part),
        rewrites(part),
        estimated(part),
        ways_back(part),
        verified(pending),
        dual_write(part, pending),
        cascades(part),
        dependents(part),
        baseline(part),
        gate(part, "Every running build uses the new shape only", "live-builds"),
        gate(part, "Nobody unknown is connected", "unknown-applications"),
        gate(
            part,
            "What is lost is approved: backup, tested restore, owner of the data",
            "approval",
        ),
        check(
            "Both builds work on every schema in between",
            Answer::Unknown,
            "not seen from here: `prove!` of migrate-testkit shows it in the project's tests",
        ),
    ]
}

/// Versions of the steps for which something holds, each once.
fn versions(part: &Part, holds: impl Fn(&super::DocumentStep) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (migration, step) in part.steps() {
        let version = migration.version.to_string();
        if holds(step) && !found.contains(&version) {
            found.push(version);
        }
    }
    found
}

fn understood(part: &Part) -> Check {
    const ITEM: &str = "What every statement does is known";
    let opaque = versions(part, |step| step.footprint.work == Work::Unknown);
    match opaque.is_empty() {
        true => check(ITEM, Answer::Yes, format!("{} statements", part.steps().count())),
        false => check(ITEM, Answer::No, format!("not in {}", opaque.join(", "))),
    }
}

fn kept_out(part: &Part) -> Check {
    const ITEM: &str = "Nobody is kept out for longer than a moment";
    let long = versions(part, |step| {
        let mut locks = step.footprint.locks.iter().chain(&step.footprint.held);
        let works = !matches!(step.footprint.work, Work::New | Work::Catalog | Work::Unknown);
        works && locks.any(|lock| lock.keeps_out >= KeptOut::Writers)
    });
    let unknown = versions(part, |step| step.footprint.work == Work::Unknown);
    match (long.is_empty(), unknown.is_empty()) {
        (false, _) => check(ITEM, Answer::No, format!("see {}", long.join(", "))),
        (true, false) => check(
            ITEM,
            Answer::Unknown,
            format!("not known of {}", unknown.join(", ")),
        ),
        (true, true) => check(
            ITEM,
            Answer::Yes,
            "no statement that reads or writes rows keeps writers out",
        ),
    }
}

fn rewrites(part: &Part) -> Check {
    const ITEM: &str = "No table is written again";
    let rewritten = versions(part, |step| step.footprint.work.rewrites() == Some(true));
    let unknown = versions(part, |step| step.footprint.work.rewrites().is_none());
    match (rewritten.is_empty(), unknown.is_empty()) {
        (false, _) => check(ITEM, Answer::No, format!("by {}", rewritten.join(", "))),
        (true, false) => check(
            ITEM,
            Answer::Unknown,
            format!("not known of {}", unknown.join(", ")),
        ),
        (true, true) => check(ITEM, Answer::Yes, "by no statement"),
    }
}

fn estimated(part: &Part) -> Check {
    const ITEM: &str = "How long it takes is known, by measurement";
    let mut open = versions(part, |step| {
        matches!(step.estimate, Estimate::Unknown { .. } | Estimate::AtLeast { .. })
    });
    let migrations = part.phases.iter().flat_map(|phase| &phase.migrations);
    for migration in migrations {
        if let Some(moves) = &migration.moves
            && matches!(moves.estimate, Estimate::Unknown { .. })
        {
            open.push(migration.version.to_string());
        }
    }
    match open.is_empty() {
        true => check(ITEM, Answer::Yes, "of every step"),
        false => check(ITEM, Answer::No, format!("not of {}", open.join(", "))),
    }
}

fn ways_back(part: &Part) -> Check {
    const ITEM: &str = "Every step can be taken back";
    let migrations = part.phases.iter().flat_map(|phase| &phase.migrations);
    let without: Vec<String> = migrations
        .filter(|one| matches!(one.way_back, WayBack::Irreversible(_) | WayBack::Missing))
        .map(|one| one.version.to_string())
        .collect();
    match without.is_empty() {
        true => check(ITEM, Answer::Yes, "every file has a way back"),
        false => check(ITEM, Answer::No, format!("{} cannot", without.join(", "))),
    }
}

fn verified(pending: &[&Migration]) -> Check {
    const ITEM: &str = "Moved data is verified";
    let mut moving = pending
        .iter()
        .filter(|one| one.phase == Phase::Migrate)
        .peekable();
    if moving.peek().is_none() {
        return check(ITEM, Answer::NotNeeded, "no data is moved");
    }
    let without: Vec<String> = moving
        .filter(|one| one.verify.is_empty())
        .map(|one| one.version.to_string())
        .collect();
    match without.is_empty() {
        true => check(ITEM, Answer::Yes, "every migrate file has verify queries"),
        false => check(
            ITEM,
            Answer::No,
            format!("{} has no verify query", without.join(", ")),
        ),
    }
}

fn dual_write(part: &Part, pending: &[&Migration]) -> Check {
    const ITEM: &str = "What builds write meanwhile reaches both shapes";
    if pending.iter().all(|one| one.phase != Phase::Migrate) {
        return check(ITEM, Answer::NotNeeded, "no data is moved");
    }
    let mut entry = part
        .phases
        .iter()
        .filter(|phase| phase.phase == Phase::Migrate)
        .flat_map(|one| &one.entry);
    let found = entry.rfind(|one| one.name == "dual-write");
    // The triggers come with the expand, so one that is pending answers as well.
    let declared = pending.iter().any(|one| !one.sync.is_empty());
    match found {
        Some(one) if one.met == Answer::No && declared && one.finding.starts_with("the triggers of") => {
            check(ITEM, Answer::Yes, "the triggers are installed by the expand")
        }
        Some(one) => check(ITEM, one.met, &*one.finding),
        None => check(ITEM, Answer::Unknown, "no `sync` is declared"),
    }
}

fn cascades(part: &Part) -> Check {
    const ITEM: &str = "Foreign keys that write by themselves are considered";
    let keys: Vec<String> = part
        .tables
        .iter()
        .flat_map(|table| &table.foreign_keys)
        .filter(|key| {
            [&key.on_delete, &key.on_update]
                .iter()
                .any(|action| writes(action))
        })
        .map(|key| format!("{} → {}", key.from, key.to))
        .collect();
    match keys.is_empty() {
        true => check(ITEM, Answer::NotNeeded, "none cascades or sets columns"),
        false => check(
            ITEM,
            Answer::Unknown,
            format!("a person has to look at {}", keys.join(", ")),
        ),
    }
}

fn writes(action: &str) -> bool {
    !["NO ACTION", "RESTRICT", ""].contains(&action)
}

fn dependents(part: &Part) -> Check {
    const ITEM: &str = "Views, triggers and functions on the tables go on working";
    let ours = |name: &str| name.starts_with(crate::sync::PREFIX);
    let names: Vec<&str> = part
        .tables
        .iter()
        .flat_map(|table| &table.dependents)
        .filter(|one| !ours(&one.name))
        .map(|one| &*one.name)
        .collect();
    match names.is_empty() {
        true => check(ITEM, Answer::NotNeeded, "there are none"),
        false => check(
            ITEM,
            Answer::Unknown,
            format!("a person has to look at {}", names.join(", ")),
        ),
    }
}

fn baseline(part: &Part) -> Check {
    const ITEM: &str = "The latency before the change is on record, with its p99";
    let mut measured = false;
    for table in part.tables.iter().filter(|table| table.exists) {
        let why = match &table.statements {
            Known::Not(reason) => reason.clone(),
            Known::Is(statements) if statements.is_empty() => {
                format!("no statement on `{}` was counted", table.table)
            }
            Known::Is(statements) if statements.iter().any(|one| one.p99_ms.is_none()) => {
                "only the mean of each statement: its source keeps no percentiles".to_owned()
            }
            Known::Is(_) => {
                measured = true;
                continue;
            }
        };
        return check(ITEM, Answer::Unknown, why);
    }
    match measured {
        true => check(ITEM, Answer::Yes, "of each statement that was counted"),
        false => check(ITEM, Answer::NotNeeded, "no table is in use yet"),
    }
}

fn gate(part: &Part, item: &str, name: &str) -> Check {
    let contract = part.phases.iter().any(|phase| phase.phase == Phase::Contract);
    match part.gate(name) {
        Some((answer, finding)) => check(item, answer, finding),
        None if !contract => check(item, Answer::NotNeeded, "nothing is removed"),
        None if name == "approval" => check(item, Answer::NotNeeded, "nothing is lost"),
        None => check(item, Answer::Unknown, "it was not looked at"),
    }
}
