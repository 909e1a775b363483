//! MySQL and MariaDB: BEFORE triggers with the guard in the body. Assigning to NEW fires nothing, so nothing bounces.

use super::pair::Pair;

pub(super) fn install(pair: &Pair) -> Vec<String> {
    let table = pair.quoted_table();
    let Pair {
        old,
        new,
        forward,
        backward,
        ..
    } = pair;
    let to_new = assign(pair, forward.as_ref(), old, new);
    let to_old = assign(pair, backward.as_ref(), new, old);
    let mut inserted = format!("  IF {} THEN {to_new}\n", missing(pair, new));
    if pair.both_ways {
        inserted.push_str(&format!("  ELSEIF {} THEN {to_old}\n", missing(pair, old)));
    }
    let (same_old, same_new) = (unchanged(pair, old), unchanged(pair, new));
    // A row that is consistent already is left as it is: what was written may be one of several preimages.
    let inconsistent = match (forward, pair.both_ways) {
        (Some(_), true) => format!(
            " AND NOT ({}) AND NOT ({})",
            equal(pair, forward.as_ref(), old, new),
            equal(pair, backward.as_ref(), new, old)
        ),
        _ => String::new(),
    };
    // A row of which neither side was written, as most are not, is asked one question, and each side once.
    let updated = if pair.both_ways {
        format!(
            "  IF ({same_old}) <> ({same_new}){inconsistent} THEN\n    \
             IF {same_old} THEN {to_old} ELSE {to_new} END IF;\n"
        )
    } else {
        format!("  IF NOT ({same_old}) AND {same_new} THEN {to_new}\n")
    };
    [("insert", inserted), ("update", updated)]
        .map(|(event, body)| {
            format!(
                "CREATE TRIGGER {} BEFORE {} ON {table} FOR EACH ROW\nBEGIN\n{body}  END IF;\nEND",
                pair.trigger(event),
                event.to_uppercase()
            )
        })
        .into()
}

pub(super) fn remove(pair: &Pair) -> Vec<String> {
    ["insert", "update"]
        .map(|event| format!("DROP TRIGGER IF EXISTS {}", pair.trigger(event)))
        .into()
}

fn missing(pair: &Pair, columns: &[String]) -> String {
    let nulls: Vec<String> = pair
        .list(columns, "NEW.")
        .iter()
        .map(|column| format!("{column} IS NULL"))
        .collect();
    nulls.join(" AND ")
}

/// Equal as values and as bytes: collations take `a` for `A`, and the bytes of a FLOAT are its digits rounded.
pub(super) fn identical(one: &str, other: &str) -> String {
    format!("{one} <=> {other} AND CAST({one} AS BINARY) <=> CAST({other} AS BINARY)")
}

fn unchanged(pair: &Pair, columns: &[String]) -> String {
    let (before, after) = (pair.list(columns, "OLD."), pair.list(columns, "NEW."));
    let same: Vec<String> = before
        .iter()
        .zip(after)
        .map(|(before, after)| identical(before, &after))
        .collect();
    same.join(" AND ")
}

/// The value of each column of a side, computed from the other one.
fn values(pair: &Pair, expressions: Option<&Vec<String>>, from: &[String]) -> Vec<String> {
    match expressions {
        Some(expressions) => expressions
            .iter()
            .map(|one| format!("({})", pair.computed(std::slice::from_ref(one), from, "NEW.")))
            .collect(),
        None => pair.list(from, "NEW."),
    }
}

fn assign(pair: &Pair, expressions: Option<&Vec<String>>, from: &[String], to: &[String]) -> String {
    let assigned: Vec<String> = pair
        .list(to, "NEW.")
        .iter()
        .zip(values(pair, expressions, from))
        .map(|(column, value)| format!("{column} = {value}"))
        .collect();
    format!("SET {};", assigned.join(", "))
}

fn equal(pair: &Pair, expressions: Option<&Vec<String>>, from: &[String], to: &[String]) -> String {
    let equal: Vec<String> = pair
        .list(to, "NEW.")
        .iter()
        .zip(values(pair, expressions, from))
        .map(|(column, value)| identical(column, &value))
        .collect();
    equal.join(" AND ")
}
