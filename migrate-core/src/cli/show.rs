//! What answers look like to a program: one object each. `docs/command-line.md` describes them.

use std::time::Duration;

use super::json::{array, object, optional, text};
use crate::backfill::BackfillStatus;
use crate::gates::Finding;
use crate::migrator::{Report, Status, StatusLine, StatusState};
use crate::model::{TransactionMode, Version};
use crate::plan::{Plan, Step, TakenBack, Waiting, WayBack};

pub(super) fn report(report: &Report) -> String {
    let pair =
        |(version, name): &(Version, String)| object([("version", number(*version)), ("name", text(name))]);
    let applied = report.applied.iter().map(|applied| {
        object([
            ("version", number(applied.version)),
            ("name", text(&applied.name)),
            ("seconds", seconds(applied.took)),
        ])
    });
    object([
        ("set", text(&report.set)),
        ("fresh", report.fresh.to_string()),
        ("applied", array(applied)),
        ("reverted", array(report.reverted.iter().map(pair))),
        ("recorded", array(report.recorded.iter().map(pair))),
        ("waiting", array(report.waiting.iter().map(waiting))),
        ("notes", texts(&report.notes)),
        ("seconds", seconds(report.took)),
    ])
}

pub(super) fn plan(plan: &Plan) -> String {
    let no_return = plan.point_of_no_return().map(|step| step.version.to_string());
    object([
        ("set", text(&plan.set)),
        ("fresh", plan.fresh.to_string()),
        ("taken_back", array(plan.taken_back.iter().map(taken_back))),
        ("steps", array(plan.steps.iter().map(step))),
        ("waiting", array(plan.waiting.iter().map(waiting))),
        ("notes", texts(&plan.notes)),
        ("point_of_no_return", optional(no_return.as_deref())),
    ])
}

fn taken_back(taken: &TakenBack) -> String {
    object([
        ("version", number(taken.version)),
        ("name", text(&taken.name)),
        ("edited", taken.edited.to_string()),
    ])
}

fn step(step: &Step) -> String {
    let transaction = step.transaction != TransactionMode::PerStatement;
    object([
        ("version", number(step.version)),
        ("name", text(&step.name)),
        ("file", text(&step.path)),
        ("change", text(&step.change)),
        ("phase", text(step.phase.name())),
        ("squashes", array(step.squashes.iter().copied().map(number))),
        ("statements", texts(&step.statements)),
        ("one_transaction", transaction.to_string()),
        ("statements_done", step.done.to_string()),
        ("moves_data", step.moves_data.to_string()),
        ("code", optional(step.code.as_ref().map(|(code, _)| &**code))),
        ("way_back", way_back(&step.way_back)),
    ])
}

fn way_back(way: &WayBack) -> String {
    match way {
        WayBack::Down {
            statements,
            data_loss,
            window,
        } => object([
            ("kind", text("down")),
            ("statements", texts(statements)),
            ("data_loss", optional(data_loss.as_deref())),
            ("window", optional(window.as_deref())),
        ]),
        WayBack::Irreversible(reason) => object([("kind", text("irreversible")), ("reason", text(reason))]),
        WayBack::KeepData => object([("kind", text("keep-data"))]),
        WayBack::Missing => object([("kind", text("missing"))]),
    }
}

fn waiting(waiting: &Waiting) -> String {
    object([
        ("version", number(waiting.version)),
        ("name", text(&waiting.name)),
        ("change", text(&waiting.change)),
        ("phase", text(waiting.phase.name())),
        ("gates", array(waiting.gates.iter().map(gate))),
        ("blocks_serving", waiting.blocks_serving.to_string()),
    ])
}

pub(super) fn gate(gate: &Finding) -> String {
    object([
        ("name", text(&gate.gate)),
        ("open", gate.open.to_string()),
        ("finding", text(&gate.finding)),
    ])
}

pub(super) fn status(status: &Status) -> String {
    object([
        ("set", text(&status.set)),
        ("may_serve", status.may_serve.to_string()),
        ("migrations", array(status.lines.iter().map(line))),
        ("fault", optional(status.fault.as_deref())),
        ("notes", texts(&status.notes)),
    ])
}

fn line(line: &StatusLine) -> String {
    let mut members = vec![
        ("version", number(line.version)),
        ("name", text(&line.name)),
        ("phase", text(line.phase.name())),
        ("embedded", line.embedded.to_string()),
        (
            "squashed_into",
            line.squashed_into.map_or("null".to_owned(), number),
        ),
    ];
    if let Some(failed) = &line.failed {
        members.push((
            "failed",
            object([
                ("statement", failed.statement.to_string()),
                ("at", text(&failed.at)),
                ("error", text(&failed.error)),
                ("help", text(&failed.help)),
            ]),
        ));
    }
    match &line.state {
        StatusState::Recorded {
            state,
            reason,
            at,
            done,
        } => members.extend([
            ("state", text(state.name())),
            ("reason", text(reason.name())),
            ("at", text(at)),
            ("statements_done", done.to_string()),
        ]),
        StatusState::Pending => members.push(("state", text("pending"))),
        StatusState::Waiting(gates) => {
            let closed = gates.iter().filter(|gate| !gate.open);
            let closed = closed.map(|gate| text(&gate.to_string()));
            members.extend([
                ("state", text("waiting")),
                ("waits_for", array(closed)),
                ("gates", array(gates.iter().map(self::gate))),
            ]);
        }
        StatusState::Backfill(status) => {
            members.extend([("state", text("backfill")), ("backfill", backfill(status))]);
        }
    }
    object(members)
}

pub(super) fn backfill(status: &BackfillStatus) -> String {
    let settings = &status.settings;
    let time = |time: Option<Duration>| time.map_or_else(|| "null".to_owned(), seconds);
    let batch = settings
        .max_batch
        .map_or_else(|| "null".to_owned(), |batch| batch.to_string());
    let stands = status.is_held() || status.waits.is_some();
    let rate = if stands { 0.0 } else { status.rate() };
    let estimate = (status.estimate > 0).then(|| status.estimate.to_string());
    object([
        ("version", number(status.version)),
        ("attempt", status.attempt.to_string()),
        ("state", text(status.state.name())),
        ("begun", status.has_begun.to_string()),
        ("reason", optional(status.reason.as_deref())),
        ("waits_for", optional(status.waits.as_deref())),
        ("estimate", estimate.unwrap_or_else(|| "null".to_owned())),
        ("visited", status.visited.to_string()),
        ("changed", status.changed.to_string()),
        ("batches", status.batches.to_string()),
        ("seconds", seconds(status.elapsed)),
        ("rows_per_second", format!("{rate:.1}")),
        ("remaining_seconds", time(status.remaining())),
        (
            "settings",
            object([
                ("max_batch", batch),
                ("pause_seconds", time(settings.pause)),
                ("max_lag_seconds", time(settings.max_lag)),
            ]),
        ),
        ("workers", texts(&status.workers)),
        ("report", optional(status.report.as_deref())),
        ("moved_otherwise", status.moved_otherwise.to_string()),
        ("of_another_text", status.is_of_another_text.to_string()),
    ])
}

/// A version is a text: numbers of 64 bits do not survive every reader of JSON.
pub(super) fn number(version: Version) -> String {
    text(&version.to_string())
}

pub(super) fn texts(values: &[String]) -> String {
    array(values.iter().map(|value| text(value)))
}

pub(super) fn seconds(time: Duration) -> String {
    format!("{:.3}", time.as_secs_f64())
}
