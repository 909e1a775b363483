//! What a partition's rows have to fulfil, and whether a CHECK says so already.

use std::cmp::Ordering;

use super::{Bound, ConstraintModel, TableModel, quote};
use crate::sql::{Conjunct, bound::compare};

/// Whether valid CHECKs of a table prove that all its rows are within the bound.
///
/// The server also wants to know that the columns are not null. Only keys of one column are looked at.
pub(in super::super) fn implies_bound(child: &TableModel, columns: Option<&[String]>, bound: &Bound) -> bool {
    let checks = child
        .constraints
        .iter()
        .filter(|one| one.valid)
        .filter_map(|one| match &one.kind {
            ConstraintModel::Check(check) => Some(check),
            _ => None,
        });
    let parts: Vec<&Conjunct> = checks.flat_map(|check| &check.conjuncts).collect();
    let candidates: Vec<&str> = match columns {
        Some([column]) => vec![column],
        Some(_) => return false,
        None => parts
            .iter()
            .filter_map(|part| match part {
                Conjunct::Compare { column, .. } | Conjunct::In { column, .. } => Some(column.as_str()),
                _ => None,
            })
            .collect(),
    };
    candidates.into_iter().any(|column| {
        // A list with NULL takes those rows too.
        let takes_null = matches!(bound, Bound::List(values) if values.iter().any(|one| is_null(one)));
        let not_null = takes_null
            || child.is_not_null(column)
            || parts
                .iter()
                .any(|part| matches!(part, Conjunct::NotNull(name) if name == column));
        not_null && within(&parts, column, bound)
    })
}

fn is_null(value: &str) -> bool {
    value.eq_ignore_ascii_case("null")
}

fn within(parts: &[&Conjunct], column: &str, bound: &Bound) -> bool {
    let compares = |operators: &[(&str, &[Ordering])], wanted: &str| {
        parts.iter().any(|part| {
            matches!(part, Conjunct::Compare { column: name, operator, literal }
            if name == column && operators.iter().any(|(one, orders)| {
                one == operator && compare(literal, wanted).is_some_and(|order| orders.contains(&order))
            }))
        })
    };
    use Ordering::{Equal, Greater, Less};
    const LOW: &[(&str, &[Ordering])] = &[
        (">=", &[Greater, Equal]),
        (">", &[Greater, Equal]),
        ("=", &[Greater, Equal]),
    ];
    const HIGH: &[(&str, &[Ordering])] = &[("<", &[Less, Equal]), ("<=", &[Less]), ("=", &[Less])];
    match bound {
        Bound::Range(from, to) => {
            let ([from], [to]) = (&**from, &**to) else {
                return false;
            };
            let low = from.as_ref().is_none_or(|from| compares(LOW, from));
            let high = to.as_ref().is_none_or(|to| compares(HIGH, to));
            low && high
        }
        Bound::List(values) => parts.iter().any(|part| match part {
            Conjunct::In {
                column: name,
                literals,
            } => name == column && literals.iter().all(|one| values.contains(one)),
            Conjunct::Compare {
                column: name,
                operator,
                literal,
            } => name == column && operator == "=" && values.contains(literal),
            _ => false,
        }),
        Bound::Default | Bound::Hash(_) => false,
    }
}

/// The bound as a condition, for a key of one column.
pub(in super::super) fn bound_condition(columns: &[String], bound: &Bound) -> Option<String> {
    let [column] = columns else { return None };
    if column.is_empty() {
        return None;
    }
    let column = quote(column);
    match bound {
        Bound::Range(from, to) => {
            let mut text = format!("{column} IS NOT NULL");
            if let [Some(from)] = &**from {
                text.push_str(&format!(" AND {column} >= {from}"));
            }
            if let [Some(to)] = &**to {
                text.push_str(&format!(" AND {column} < {to}"));
            }
            Some(text)
        }
        Bound::List(values) => {
            let known: Vec<&str> = values
                .iter()
                .map(String::as_str)
                .filter(|one| !is_null(one))
                .collect();
            let listed = format!("{column} IN ({})", known.join(", "));
            Some(match (known.len() == values.len(), known.is_empty()) {
                (true, _) => format!("{column} IS NOT NULL AND {listed}"),
                (false, true) => format!("{column} IS NULL"),
                // A CHECK lets NULL pass.
                (false, false) => listed,
            })
        }
        Bound::Default | Bound::Hash(_) => None,
    }
}
