//! What has to be so before a phase begins, and when it has ended.

use super::compose::Seen;
use super::{Answer, Assessment, Criterion};
use crate::model::{Migration, Phase};
use crate::sync::{PREFIX, with_triggers};

fn criterion(name: &str, met: Answer, finding: impl Into<String>) -> Criterion {
    Criterion {
        name: name.to_owned(),
        met,
        finding: finding.into(),
    }
}

/// How many of the files of a phase are applied.
fn applied(seen: &Seen<'_>, of_phase: &[&Migration]) -> Criterion {
    let done = of_phase
        .iter()
        .filter(|migration| seen.history.is_applied(migration.version))
        .count();
    let finding = format!("{done} of {} applied", of_phase.len());
    criterion("applied", Answer::of(done == of_phase.len()), finding)
}

/// The files of an earlier phase of the same change.
fn earlier<'a>(seen: &Seen<'a>, migration: &Migration, phase: Phase) -> Vec<&'a Migration> {
    let of_change =
        |one: &&Migration| one.change.is_some() && one.change == migration.change && one.phase == phase;
    seen.set.migrations.iter().filter(of_change).collect()
}

/// The gates of the plan, each once.
fn gates(seen: &Seen<'_>, of_phase: &[&Migration]) -> Vec<Criterion> {
    let of = |version| of_phase.iter().any(|migration| migration.version == version);
    let waiting = seen
        .plan
        .waiting
        .iter()
        .filter(|one| of(one.version))
        .flat_map(|one| &one.gates);
    let running = seen
        .plan
        .steps
        .iter()
        .filter(|one| of(one.version))
        .flat_map(|one| &one.gates);
    let mut found: Vec<Criterion> = Vec::new();
    for gate in waiting.chain(running) {
        let gate = criterion(&gate.gate, Answer::of(gate.open), &*gate.finding);
        if !found.contains(&gate) {
            found.push(gate);
        }
    }
    found
}

pub(super) fn entry(
    seen: &Seen<'_>,
    phase: Phase,
    of_phase: &[&Migration],
    tables: &[Assessment],
) -> Vec<Criterion> {
    let mut found = match phase {
        Phase::Expand => {
            let mut found = vec![criterion(
                "history",
                Answer::Yes,
                "what is applied goes together with the files of this build",
            )];
            for migration in of_phase
                .iter()
                .filter(|one| !seen.history.is_applied(one.version))
            {
                let fits = super::fits(
                    migration,
                    seen.set.dialect,
                    seen.assessments,
                    seen.limits.start_up,
                );
                found.extend(fits.map(|(fits, finding)| {
                    let otherwise = if fits { "" } else { "; a job has to apply it" };
                    criterion(
                        "start-up-limit",
                        Answer::of(fits),
                        format!("{migration}: {finding}{otherwise}"),
                    )
                }));
            }
            found
        }
        Phase::Migrate => {
            let mut found = Vec::new();
            for migration in of_phase.iter().take(1) {
                let before = earlier(seen, migration, Phase::Expand);
                if !before.is_empty() {
                    let Criterion { met, finding, .. } = applied(seen, &before);
                    found.push(criterion("expanded", met, format!("expand files: {finding}")));
                }
                found.extend(dual_write(seen, migration, &before, tables));
            }
            found
        }
        Phase::Contract => Vec::new(),
    };
    found.extend(gates(seen, of_phase));
    found
}

/// Whether what builds write while data is moved reaches both shapes; `None` where only the builds see to that, which is one
/// of the gates.
fn dual_write(
    seen: &Seen<'_>,
    migration: &Migration,
    expand: &[&Migration],
    tables: &[Assessment],
) -> Option<Criterion> {
    const NAME: &str = "dual-write";
    let is_gate = gates(seen, &[migration]).iter().any(|gate| gate.name == NAME);
    if is_gate && expand.iter().all(|one| one.sync.is_empty()) {
        return None;
    }
    Some(by_triggers(seen, NAME, expand, tables))
}

/// Whether the triggers of a sync are there that keep both shapes.
fn by_triggers(seen: &Seen<'_>, name: &str, expand: &[&Migration], tables: &[Assessment]) -> Criterion {
    let syncs: Vec<String> = expand
        .iter()
        .flat_map(|one| one.sync.iter())
        .map(ToString::to_string)
        .collect();
    if syncs.is_empty() && expand.is_empty() {
        return criterion(
            name,
            Answer::NotNeeded,
            "the change adds no shape beside the one there is",
        );
    }
    if syncs.is_empty() {
        return criterion(
            name,
            Answer::Unknown,
            "no `sync` is declared: every running build has to write both shapes itself, which is looked at before data is \
             moved",
        );
    }
    let whole: Vec<_> = expand
        .iter()
        .filter_map(|one| with_triggers(one, seen.set_name, seen.set.dialect).ok())
        .collect();
    // Triggers of other changes are on the table as well.
    let is_installed = |trigger: &str| {
        whole
            .iter()
            .any(|one| one.up.iter().any(|(_, sql)| sql.contains(trigger)))
    };
    let there: Vec<&str> = tables
        .iter()
        .flat_map(|table| &table.dependents)
        .filter(|one| one.kind == "trigger" && one.name.starts_with(PREFIX) && is_installed(&one.name))
        .map(|one| &*one.name)
        .collect();
    let syncs = syncs.join(", ");
    match there.len() {
        0 => criterion(
            name,
            Answer::No,
            format!("the triggers of {syncs} are not installed yet"),
        ),
        1 => criterion(
            name,
            Answer::Yes,
            format!("{syncs} is kept by the trigger {}", there[0]),
        ),
        count => criterion(
            name,
            Answer::Yes,
            format!("{syncs} is kept by {count} triggers: {}", there.join(", ")),
        ),
    }
}

pub(super) fn exit(
    seen: &Seen<'_>,
    phase: Phase,
    of_phase: &[&Migration],
    tables: &[Assessment],
) -> Vec<Criterion> {
    let mut found = vec![applied(seen, of_phase)];
    match phase {
        Phase::Expand => {
            let invalid: Vec<&str> = tables
                .iter()
                .flat_map(|table| &table.indexes)
                .filter(|index| !index.valid)
                .map(|index| &*index.name)
                .collect();
            found.push(match invalid.is_empty() {
                true => criterion("indexes-valid", Answer::Yes, "no invalid index on its tables"),
                false => criterion(
                    "indexes-valid",
                    Answer::No,
                    format!("invalid: {}", invalid.join(", ")),
                ),
            });
        }
        Phase::Migrate => {
            for migration in of_phase {
                found.extend(moved(seen, migration));
            }
        }
        Phase::Contract => {}
    }
    found
}

/// What is so once the data of a file is moved.
fn moved(seen: &Seen<'_>, migration: &Migration) -> Vec<Criterion> {
    let done = seen.history.is_applied(migration.version);
    let status = seen
        .backfills
        .iter()
        .find(|status| status.version == migration.version);
    let so = match (done, status) {
        (true, Some(status)) => status.report.clone().unwrap_or_else(|| "done".to_owned()),
        (true, None) => "done".to_owned(),
        (false, Some(status)) => status.to_string(),
        (false, None) => "not begun".to_owned(),
    };
    let mut found = Vec::new();
    if migration.backfill.is_some() {
        found.push(criterion("backfill-at-its-end", Answer::of(done), so.clone()));
        let compared = migration.backfill.as_ref().is_some_and(|backfill| {
            backfill
                .batched
                .as_ref()
                .is_some_and(|one| !one.assignments.is_empty())
        });
        found.push(match compared {
            true => criterion("comparison", Answer::of(done), format!("0 rows may differ; {so}")),
            false => criterion(
                "comparison",
                Answer::NotNeeded,
                "only the verify queries tell whether this data is right",
            ),
        });
    }
    found.push(match migration.verify.len() {
        0 => criterion("verify-queries", Answer::Unknown, "the file has none"),
        count => criterion(
            "verify-queries",
            Answer::of(done),
            format!("{count} of {count} have to answer as expected; {so}"),
        ),
    });
    found
}
