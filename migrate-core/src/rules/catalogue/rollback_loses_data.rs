//! `rollback-loses-data`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rollback-loses-data",
    "A rollback loses data, and the file does not say so.",
    Severity::Error,
    Allowed::Never,
    include_str!("rollback_loses_data.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let denied = match &cx.migration.rollback {
        Some(note) if note.data_loss.is_some() => return,
        note => note.is_some(),
    };
    if cx.phase() == Phase::Contract {
        for loss in removed(cx) {
            // Without a way back there is no rollback, and the file says why.
            let brought_back = cx.down.map(|down| may_write(down, &loss.table, loss.column.as_deref()));
            if brought_back == Some(true) || (brought_back.is_none() && !denied) {
                continue;
            }
            let what = &loss.what;
            out.report(loss.span, format!("a rollback past this file does not bring back the values of {what}"))
                .breaks(said(denied, &format!("the data: `down` makes {what} again, and empty")))
                .help(ASK);
        }
    } else if let Some(down) = cx.down {
        added(cx, out, denied, down);
    }
}

const ASK: &str = "say what is lost, for whoever decides on a rollback:\n\
                   -- migrate:rollback data-loss=\"…\"\n\
                   or write a `down` that fills it again";

fn said(denied: bool, loss: &str) -> String {
    let denial = if denied { ", and the header says data-loss=\"none\"" } else { "" };
    format!("{loss}{denial}")
}

struct Loss {
    span: Span,
    table: String,
    column: Option<String>,
    what: String,
}

/// What a statement removes with the data in it.
fn removed(cx: &Context<'_>) -> Vec<Loss> {
    let table = |span: Span, key: &Key| Loss { span, table: key.name.clone(), column: None, what: format!("`{key}`") };
    let column = |span: Span, key: &Key, name: &str| Loss {
        span,
        table: key.name.clone(),
        column: Some(name.to_owned()),
        what: format!("`{key}.{name}`"),
    };
    if let Some(rebuild) = rebuild(cx) {
        return rebuild.lost().into_iter().map(|name| column(rebuild.span, &rebuild.key, name)).collect();
    }
    let names = match cx.operation {
        Operation::Drop { kind: ObjectKind::Table, names, .. } | Operation::Truncate { tables: names, .. } => names.as_slice(),
        _ => &[],
    };
    let mut found: Vec<Loss> =
        names.iter().filter_map(|name| Some(table(name.span, &cx.existing(name)?))).collect();
    if let Some(altered) = cx.altered() {
        for action in altered.actions {
            let Action::DropColumn { column: name, .. } = action else { continue };
            let known = altered.table.and_then(|table| table.column(&name.text));
            // What is computed from the rest is not lost.
            if known.is_none_or(|known| known.generated.is_none()) {
                found.push(column(name.span, &altered.key, &name.text));
            }
        }
    }
    found
}

/// What the file adds, a later file of the change fills, and its `down` drops.
fn added(cx: &Context<'_>, out: &mut Findings<'_>, denied: bool, down: &[Parsed]) {
    let Some(change) = cx.change else { return };
    if let Operation::CreateTable(table) = cx.operation
        && let Some((filled, by)) = change.writes_to(&table.name.name)
        && filled > cx.index
        && drops(down, &table.name, None)
    {
        report(out, table.name.span, denied, &format!("`{}`", table.name), &by.path);
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::AddColumn { column, .. } = action else { continue };
        let name = &column.name;
        // What a build writes to the new side is on the old side, too.
        let kept = change.syncs().any(|(_, sync)| {
            sync.both_ways
                && base(&sync.new.table) == altered.key.name.to_lowercase()
                && sync.new.columns.iter().any(|new| new.eq_ignore_ascii_case(&name.text))
        });
        if !kept
            && column.generated.is_none()
            && let Some((filled, by)) = change.filled_by(&altered.key.name, &name.text)
            && filled > cx.index
            && drops(down, altered.name, Some(&name.text))
        {
            report(out, name.span, denied, &format!("`{}.{}`", altered.key, name.text), &by.path);
        }
    }
}

fn report(out: &mut Findings<'_>, span: Span, denied: bool, what: &str, filler: &str) {
    let finding = out.report(span, format!("`down` drops {what} with what `{filler}` and later writes put into it"));
    finding.breaks(said(denied, &format!("the data: what builds wrote to {what} alone is gone after a rollback"))).help(ASK);
    // The values that were moved are still where they came from.
    if !denied {
        finding.warning();
    }
}

fn drops(down: &[Parsed], table: &Name, column: Option<&str>) -> bool {
    down.iter().any(|parsed| match (&parsed.operation, column) {
        (Operation::Drop { kind: ObjectKind::Table, names, .. }, _) => names.iter().any(|name| name.name == table.name),
        (Operation::Alter { kind: ObjectKind::Table, name, actions, .. }, Some(column)) if name.name == table.name => {
            actions.iter().any(|action| matches!(action, Action::DropColumn { column: dropped, .. } if dropped.text == column))
        }
        _ => false,
    })
}
