//! `drop-before-backfill`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-before-backfill",
    "A contract drops a column whose replacement was never filled.",
    Severity::Error,
    Allowed::Never,
    include_str!("drop_before_backfill.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(change) = cx.change.filter(|_| cx.phase() == Phase::Contract) else { return };
    if let Some(rebuild) = rebuild(cx) {
        for column in rebuild.lost() {
            report(out, change, &rebuild.key, column, rebuild.span);
        }
    } else if let Operation::Drop { kind: ObjectKind::Table, names, .. } = cx.operation {
        for name in names {
            if let Some(key) = cx.existing(name) {
                drops_table(out, change, &key, name.span);
            }
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        if let Action::DropColumn { column, .. } = action {
            report(out, change, &altered.key, &column.text, column.span);
        }
    }
}

fn report(out: &mut Findings<'_>, change: &Change<'_>, table: &Key, column: &str, span: Span) {
    // What the change added itself is no data of the old shape.
    if change.added(table, column).is_some() {
        return;
    }
    let Some((to, replacement)) = replacement(change, table, column) else { return };
    let place = format!("{to}.{replacement}");
    let finding = out.report(span, format!("`{table}.{column}` is dropped before its values are in `{place}`"));
    finding
        .breaks(format!("the data: no file of the change `{}` fills `{place}`, so that the values of `{column}` are lost", change.name))
        .help("fill it in a migrate file of the change, between the expand and this contract");
    if base(&to) == table.name.to_lowercase() {
        finding.file(Phase::Migrate, backfill(table, &word(&replacement), &quote(column)));
    }
}

/// The first column that stands for the dropped one and has no values: the side that a sync pairs it with, or else what
/// the change adds to the same table.
fn replacement(change: &Change<'_>, table: &Key, column: &str) -> Option<(String, String)> {
    let mut paired = false;
    for (_, sync) in change.syncs() {
        let is_old = base(&sync.old.table) == table.name.to_lowercase()
            && sync.old.columns.iter().any(|old| old.eq_ignore_ascii_case(column));
        if !is_old {
            continue;
        }
        paired = true;
        let missing = sync.new.columns.iter().find(|new| !change.may_fill(&sync.new.table, new));
        if let Some(missing) = missing {
            return Some((sync.new.table.to_string(), missing.to_string()));
        }
    }
    if paired {
        return None;
    }
    let of_other = |name: &str| {
        change.syncs().any(|(_, sync)| sync.new.columns.iter().any(|new| new.eq_ignore_ascii_case(name)))
    };
    let candidates = change.added_to(table);
    let mut candidates = candidates.into_iter().filter(|(name, added)| !added.filled && !of_other(name)).peekable();
    let first = candidates.peek()?.0.to_owned();
    let none_filled = candidates.all(|(name, _)| !change.may_fill(&table.name, name));
    none_filled.then(|| (table.to_string(), first))
}

fn drops_table(out: &mut Findings<'_>, change: &Change<'_>, table: &Key, span: Span) {
    for (_, sync) in change.syncs().filter(|(_, sync)| base(&sync.old.table) == table.name.to_lowercase()) {
        if let Some(missing) = sync.new.columns.iter().find(|new| !change.may_fill(&sync.new.table, new)) {
            let place = format!("{}.{missing}", sync.new.table);
            out.report(span, format!("`{table}` is dropped before its values are in `{place}`"))
                .breaks(format!("the data: no file of the change `{}` fills `{place}`; the sync copies only what is written from then on", change.name))
                .help("fill it in a migrate file of the change, between the expand and this contract");
            return;
        }
    }
}
