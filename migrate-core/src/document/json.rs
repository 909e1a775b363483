//! A plan document as JSON.

use super::{
    Assessment, Criterion, Document, DocumentStep, Estimate, Known, MigrationPart, Moves, Part, PhasePart,
    Standing,
};
use crate::json::{array, object, optional, text};
use crate::model::TransactionMode;
use crate::plan::{Mode, WayBack};
use crate::time;

fn seconds(time: std::time::Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}

fn texts(values: &[String]) -> String {
    array(values.iter().map(|value| text(value)))
}

/// A value that may not be known: itself, or an object that says why.
fn known<T>(known: &Known<T>, value: impl FnOnce(&T) -> String) -> String {
    match known {
        Known::Is(is) => value(is),
        Known::Not(why) => object([("unknown", text(why))]),
    }
}

pub(super) fn document(document: &Document) -> String {
    let applications = known(&document.applications, |applications| {
        array(applications.iter().map(|one| {
            object([
                ("name", text(&one.name)),
                ("connections", one.connections.to_string()),
            ])
        }))
    });
    object([
        ("set", text(&document.set)),
        ("server", text(&document.server)),
        ("at", text(&time::shown(document.at_ms))),
        (
            "about",
            text(match document.mode {
                Mode::Completion => "everything",
                Mode::StartUp => "start-up",
            }),
        ),
        ("fresh", document.fresh.to_string()),
        ("applications", applications),
        ("instances", texts(&document.instances)),
        ("blind", texts(&document.blind)),
        ("parts", array(document.parts.iter().map(part))),
        ("notes", texts(&document.notes)),
    ])
}

fn part(part: &Part) -> String {
    let since = part.since_ms.map(time::shown);
    let no_return = part.no_return.as_ref().map_or_else(
        || "null".to_owned(),
        |one| {
            object([
                ("version", text(&one.version.to_string())),
                ("name", text(&one.name)),
                ("why", text(&one.why)),
            ])
        },
    );
    object([
        ("name", text(&part.name)),
        ("is_change", part.named.to_string()),
        ("state", optional(part.state.map(|state| state.name()))),
        ("since", optional(since.as_deref())),
        ("blocked", optional(part.blocked.as_deref())),
        ("tables", array(part.tables.iter().map(table))),
        ("phases", array(part.phases.iter().map(phase))),
        (
            "triggers",
            array(part.triggers.iter().map(|one| {
                object([
                    ("what", text(&one.what)),
                    ("threshold", text(&one.threshold)),
                    ("then", text(&one.then)),
                    ("watched", one.watched.to_string()),
                ])
            })),
        ),
        (
            "scenarios",
            array(
                part.scenarios
                    .iter()
                    .map(|one| object([("happened", text(&one.happened)), ("then", text(&one.then))])),
            ),
        ),
        ("point_of_no_return", no_return),
        (
            "checklist",
            array(part.checklist.iter().map(|one| {
                object([
                    ("item", text(&one.item)),
                    ("answer", text(one.answer.name())),
                    ("fact", text(&one.fact)),
                ])
            })),
        ),
    ])
}

fn table(table: &Assessment) -> String {
    let number =
        |number: Option<f64>| number.map_or_else(|| "null".to_owned(), |number| format!("{number:.3}"));
    object([
        ("table", text(&table.table.to_string())),
        ("exists", table.exists.to_string()),
        (
            "rows",
            known(&table.rows, |rows| {
                object([
                    ("count", rows.count.to_string()),
                    ("exact", rows.exact.to_string()),
                    ("source", text(rows.source)),
                ])
            }),
        ),
        (
            "bytes",
            known(&table.size, |size| {
                object([
                    ("table", size.table.to_string()),
                    ("indexes", size.indexes.to_string()),
                ])
            }),
        ),
        (
            "indexes",
            array(table.indexes.iter().map(|index| {
                object([
                    ("name", text(&index.name)),
                    ("definition", text(&index.definition)),
                    (
                        "bytes",
                        index
                            .bytes
                            .map_or_else(|| "null".to_owned(), |bytes| bytes.to_string()),
                    ),
                    ("valid", index.valid.to_string()),
                ])
            })),
        ),
        (
            "foreign_keys",
            array(table.foreign_keys.iter().map(|key| {
                object([
                    ("name", text(&key.name)),
                    ("from", text(&key.from)),
                    ("columns", text(&key.columns)),
                    ("to", text(&key.to)),
                    ("to_columns", text(&key.to_columns)),
                    ("on_delete", text(&key.on_delete)),
                    ("on_update", text(&key.on_update)),
                    ("valid", key.valid.to_string()),
                ])
            })),
        ),
        (
            "dependents",
            array(table.dependents.iter().map(|one| {
                object([
                    ("kind", text(&one.kind)),
                    ("name", text(&one.name)),
                    ("detail", text(&one.detail)),
                ])
            })),
        ),
        (
            "statements",
            known(&table.statements, |statements| {
                array(statements.iter().map(|one| {
                    object([
                        ("sql", text(&one.sql)),
                        ("calls", one.calls.to_string()),
                        ("mean_ms", number(Some(one.mean_ms))),
                        ("p50_ms", number(one.p50_ms)),
                        ("p99_ms", number(one.p99_ms)),
                    ])
                }))
            }),
        ),
        (
            "sample",
            known(&table.sample, |sample| {
                object([
                    ("rows", sample.rows.to_string()),
                    ("seconds", seconds(sample.took)),
                    ("whole", sample.whole.to_string()),
                ])
            }),
        ),
        (
            "moves",
            known(&table.moves, |rate| {
                object([
                    ("rows_per_second", format!("{:.1}", rate.rows_per_second)),
                    ("source", text(&rate.source)),
                ])
            }),
        ),
    ])
}

fn criterion(one: &Criterion) -> String {
    object([
        ("name", text(&one.name)),
        ("met", text(one.met.name())),
        ("finding", text(&one.finding)),
    ])
}

fn phase(phase: &PhasePart) -> String {
    object([
        ("phase", text(phase.phase.name())),
        ("entry", array(phase.entry.iter().map(criterion))),
        ("migrations", array(phase.migrations.iter().map(migration))),
        ("exit", array(phase.exit.iter().map(criterion))),
        ("rollback", texts(&phase.rollback)),
    ])
}

fn migration(migration: &MigrationPart) -> String {
    let (standing, at) = match &migration.standing {
        Standing::Applied(at) => ("applied", Some(&**at)),
        Standing::Now => ("now", None),
        Standing::Waits => ("waits", None),
    };
    let way_back = match &migration.way_back {
        WayBack::Down { .. } => "down",
        WayBack::Irreversible(_) => "irreversible",
        WayBack::KeepData => "keep-data",
        WayBack::Missing => "missing",
    };
    let one_transaction = migration.transaction != TransactionMode::PerStatement;
    object([
        ("version", text(&migration.version.to_string())),
        ("name", text(&migration.name)),
        ("file", text(&migration.path)),
        ("standing", text(standing)),
        ("applied_at", optional(at)),
        ("one_transaction", one_transaction.to_string()),
        ("steps", array(migration.steps.iter().map(step))),
        (
            "moves",
            migration.moves.as_ref().map_or_else(|| "null".to_owned(), moves),
        ),
        ("way_back", text(way_back)),
    ])
}

fn step(step: &DocumentStep) -> String {
    let locks = step.footprint.locks.iter().map(|lock| {
        object([
            ("table", text(&lock.table.to_string())),
            ("lock", text(&lock.lock)),
            ("keeps_out", text(lock.keeps_out.name())),
        ])
    });
    let held = step
        .footprint
        .held
        .iter()
        .map(|lock| text(&format!("{} {}", lock.lock, lock.table)));
    let rewrites = step.footprint.work.rewrites();
    object([
        ("sql", text(&step.sql)),
        ("locks", array(locks)),
        ("held", array(held)),
        ("work", text(step.footprint.work.name())),
        (
            "rewrite",
            rewrites.map_or_else(|| "null".to_owned(), |yes| yes.to_string()),
        ),
        ("note", optional(step.footprint.note.as_deref())),
        ("estimate", estimate(&step.estimate)),
    ])
}

fn moves(moves: &Moves) -> String {
    let verify = moves
        .verify
        .iter()
        .map(|(query, expected)| object([("query", text(query)), ("expected", text(expected))]));
    object([
        ("how", text(&moves.how)),
        ("progress", optional(moves.progress.as_deref())),
        ("estimate", estimate(&moves.estimate)),
        ("verify", array(verify)),
    ])
}

fn estimate(estimate: &Estimate) -> String {
    let basis = match estimate {
        Estimate::Moment => None,
        Estimate::About { basis, .. } | Estimate::AtLeast { basis, .. } => Some(&**basis),
        Estimate::Unknown { why } => Some(&**why),
    };
    let time = match estimate {
        Estimate::Moment => None,
        other => other.time(),
    };
    object([
        ("kind", text(estimate.name())),
        ("seconds", time.map_or_else(|| "null".to_owned(), seconds)),
        ("basis", optional(basis)),
    ])
}
