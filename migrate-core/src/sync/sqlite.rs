//! SQLite: AFTER triggers that update the row again.
//!
//! That update fires the trigger of updates, on connections with `recursive_triggers` even from itself. It finds a
//! consistent row then, and leaves it alone: that is what ends it.

use super::pair::{Pair, literal};

/// The row that fired, seen as it is now.
const ROW: &str = "_rowid_ = NEW._rowid_";

pub(super) fn install(pair: &Pair) -> Vec<String> {
    let table = pair.quoted(&pair.table);
    let consistent = consistent(pair);
    let message = format!(
        "migrate: {} cannot be kept equal, a constraint forbids it",
        pair.shown
    );
    // OR IGNORE of the outer statement reaches into triggers, and would leave a row that nobody repairs.
    let check = format!(
        "  SELECT RAISE(ABORT, {}) FROM {table}\n    WHERE {ROW} AND NOT ({consistent});\n",
        literal(&message, pair.dialect)
    );
    let update = |to_new: bool, when: &str| {
        let (columns, assigned) = if to_new {
            (&pair.new, values(pair, pair.forward.as_ref(), &pair.old))
        } else {
            (&pair.old, values(pair, pair.backward.as_ref(), &pair.new))
        };
        let assigned: Vec<String> = pair
            .list(columns, "")
            .iter()
            .zip(assigned)
            .map(|(column, value)| format!("{column} = {value}"))
            .collect();
        format!(
            "  UPDATE {table} SET {}\n    WHERE {ROW} AND {when};\n",
            assigned.join(", ")
        )
    };

    let (old_missing, new_missing) = (missing(pair, &pair.old, ""), missing(pair, &pair.new, ""));
    let mut inserted = update(true, &new_missing);
    let mut when = missing(pair, &pair.new, "NEW.");
    if pair.both_ways {
        when = format!("({when}) OR ({})", missing(pair, &pair.old, "NEW."));
        inserted.push_str(&update(false, &old_missing));
    }

    let (old_changed, new_changed) = (changed(pair, &pair.old), changed(pair, &pair.new));
    let inconsistent = format!("NOT ({consistent})");
    let mut updated = update(true, &format!("({old_changed}) AND {inconsistent}"));
    let mut one_side = format!("({old_changed}) AND NOT ({new_changed})");
    if pair.both_ways {
        one_side = format!("({old_changed}) <> ({new_changed})");
        updated.push_str(&update(false, &format!("({new_changed}) AND {inconsistent}")));
    }
    let columns = [pair.list(&pair.old, ""), pair.list(&pair.new, "")].concat();
    vec![
        format!(
            "CREATE TRIGGER {} AFTER INSERT ON {table} FOR EACH ROW\nWHEN {when}\nBEGIN\n{inserted}{check}END",
            pair.trigger("insert")
        ),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE OF {} ON {table} FOR EACH ROW\nWHEN {one_side}\nBEGIN\n{updated}{check}END",
            pair.trigger("update"),
            columns.join(", ")
        ),
    ]
}

pub(super) fn remove(pair: &Pair) -> Vec<String> {
    ["insert", "update"]
        .map(|event| format!("DROP TRIGGER IF EXISTS {}", pair.trigger(event)))
        .into()
}

fn missing(pair: &Pair, columns: &[String], row: &str) -> String {
    let nulls: Vec<String> = pair
        .list(columns, row)
        .iter()
        .map(|column| format!("{column} IS NULL"))
        .collect();
    nulls.join(" AND ")
}

/// Whether a side was written; a collation of the column may not hide it.
fn changed(pair: &Pair, columns: &[String]) -> String {
    let (before, after) = (pair.list(columns, "OLD."), pair.list(columns, "NEW."));
    let changes: Vec<String> = before
        .iter()
        .zip(after)
        .map(|(before, after)| format!("{before} COLLATE BINARY IS NOT {after}"))
        .collect();
    changes.join(" OR ")
}

/// The values of one side, computed from the row as it stands.
fn values(pair: &Pair, expressions: Option<&Vec<String>>, from: &[String]) -> Vec<String> {
    match expressions {
        Some(expressions) => expressions.iter().map(|one| format!("({one})")).collect(),
        None => pair.list(from, ""),
    }
}

/// Whether the row is consistent: one side is what the other one gives.
fn consistent(pair: &Pair) -> String {
    let equal = |columns: &[String], values: Vec<String>| {
        let equal: Vec<String> = pair
            .list(columns, "")
            .iter()
            .zip(values)
            .map(|(column, value)| format!("{column} COLLATE BINARY IS {value}"))
            .collect();
        equal.join(" AND ")
    };
    let forward = equal(&pair.new, values(pair, pair.forward.as_ref(), &pair.old));
    if !pair.both_ways || pair.backward.is_none() {
        return forward;
    }
    let backward = equal(&pair.old, values(pair, pair.backward.as_ref(), &pair.new));
    format!("({forward}) OR ({backward})")
}
