//! Two states of one table, and what of the first is not so in the second, in words.

use std::fmt::Write as _;

use super::{Scope, TableContents};

/// How many rows of a table are shown.
const SHOWN: usize = 4;
/// How much of a value is shown.
const WIDTH: usize = 40;

/// What of a table is lost besides what is written on purpose.
pub(super) fn lost_of_table(
    name: &str,
    before: &TableContents,
    after: &TableContents,
    written: impl Fn(&str) -> bool,
    found: &mut Vec<String>,
) {
    let told_already = found.len();
    let (mut shared, mut retyped) = before.shared(after);
    moved(name, before, after, &shared, found);
    if found.len() > told_already {
        return;
    }
    let left_alone = |(index, _): &(usize, usize)| !written(&before.columns[*index].0);
    shared.retain(left_alone);
    retyped.retain(left_alone);
    let mut missing: Vec<Vec<String>> = project(&before.rows, shared.iter().map(|(index, _)| *index));
    let mut extra = project(&after.rows, shared.iter().map(|(_, there)| *there));
    missing.retain(|row| take(&mut extra, |other| other == row).is_none());
    // Those that leave the least open choose first.
    missing.sort_by_key(|row| row.iter().filter(|value| *value == "NULL").count());
    missing.retain(|row| {
        let fits = |other: &Vec<String>| {
            row.iter()
                .zip(other)
                .all(|(old, new)| old == new || old == "NULL")
        };
        take(&mut extra, fits).is_none()
    });
    missing.sort();
    if !missing.is_empty() {
        let names: Vec<&str> = shared
            .iter()
            .map(|(index, _)| before.columns[*index].0.as_str())
            .collect();
        let rows = before.rows.len();
        found.push(told(
            name,
            rows,
            &names,
            &before.key,
            &missing,
            extra,
            Scope::Kept,
        ));
        return;
    }
    fewer_values(name, before, after, &retyped, found);
}

fn project(rows: &[Vec<String>], columns: impl Iterator<Item = usize> + Clone) -> Vec<Vec<String>> {
    let pick = |row: &Vec<String>| columns.clone().map(|index| row[index].clone()).collect();
    rows.iter().map(pick).collect()
}

fn take(rows: &mut Vec<Vec<String>>, fits: impl Fn(&Vec<String>) -> bool) -> Option<Vec<String>> {
    let at = rows.iter().position(fits)?;
    Some(rows.swap_remove(at))
}

pub(super) fn compare_table(
    name: &str,
    before: &TableContents,
    after: &TableContents,
    scope: Scope,
    found: &mut Vec<String>,
) {
    let (shared, retyped) = before.shared(after);
    let (old, new) = (&before.rows, &after.rows);
    if scope == Scope::Moved {
        moved(name, before, after, &shared, found);
        return;
    }
    let mut missing = project(old, shared.iter().map(|(index, _)| *index));
    let mut extra = project(new, shared.iter().map(|(_, there)| *there));
    extra.retain(|row| take(&mut missing, |other| other == row).is_none());
    missing.sort();
    if !missing.is_empty() || (scope == Scope::Same && !extra.is_empty()) {
        let names: Vec<&str> = shared
            .iter()
            .map(|(index, _)| before.columns[*index].0.as_str())
            .collect();
        found.push(told(name, old.len(), &names, &before.key, &missing, extra, scope));
        return;
    }
    fewer_values(name, before, after, &retyped, found);
}

/// Columns of another type, in which different values became the same or NULL.
fn fewer_values(
    name: &str,
    before: &TableContents,
    after: &TableContents,
    retyped: &[(usize, usize)],
    found: &mut Vec<String>,
) {
    for &(index, there) in retyped {
        let distinct = |rows: &[Vec<String>], at: usize| {
            let mut values: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
            let given = values.iter().filter(|value| **value != "NULL").count();
            values.sort_unstable();
            values.dedup();
            (values.len(), given)
        };
        let ((values, given), (values_now, given_now)) =
            (distinct(&before.rows, index), distinct(&after.rows, there));
        if values_now < values || given_now < given {
            let (column, type_name) = &before.columns[index];
            found.push(format!(
                "{name}.{column}: {values} different values as {type_name}, {values_now} as {}",
                after.columns[there].1
            ));
        }
    }
}

/// Counts and NULLs only.
fn moved(
    name: &str,
    before: &TableContents,
    after: &TableContents,
    shared: &[(usize, usize)],
    found: &mut Vec<String>,
) {
    if after.rows.len() < before.rows.len() {
        found.push(format!(
            "{name}: {} rows became {}",
            before.rows.len(),
            after.rows.len()
        ));
    }
    for &(index, there) in shared {
        let nulls = |rows: &[Vec<String>], at: usize| rows.iter().filter(|row| row[at] == "NULL").count();
        let (was, is) = (nulls(&before.rows, index), nulls(&after.rows, there));
        if is > was && after.rows.len() <= before.rows.len() {
            let column = &before.columns[index].0;
            found.push(format!("{name}.{column}: {} values became NULL", is - was));
        }
    }
}

/// The rows that are gone or have changed, each by its key where it has one.
fn told(
    name: &str,
    rows: usize,
    columns: &[&str],
    key: &[String],
    missing: &[Vec<String>],
    mut extra: Vec<Vec<String>>,
    scope: Scope,
) -> String {
    let plural = if rows == 1 { "" } else { "s" };
    let mut text = match missing.len() {
        0 => format!("{name}: {} rows more than before", extra.len()),
        count => format!("{name}: {count} of {rows} row{plural} not as before"),
    };
    let key: Vec<usize> = key
        .iter()
        .filter_map(|name| columns.iter().position(|column| column == name))
        .collect();
    let called = |row: &[String]| -> String {
        let all: Vec<usize> = (0..columns.len().min(3)).collect();
        let shown = if key.is_empty() { &all } else { &key };
        let part = |index: &usize| format!("{} {}", columns[*index], short(&row[*index]));
        shown.iter().map(part).collect::<Vec<_>>().join(", ")
    };
    for row in missing.iter().take(SHOWN) {
        let Some(at) = became(row, &extra, &key) else {
            let _ = write!(text, "\n  {}: the row is gone", called(row));
            continue;
        };
        let other = extra.swap_remove(at);
        let changes: Vec<String> = (0..columns.len())
            .filter(|index| row[*index] != other[*index])
            .map(|index| {
                format!(
                    "{} {} became {}",
                    columns[index],
                    short(&row[index]),
                    short(&other[index])
                )
            })
            .collect();
        let _ = write!(text, "\n  {}: {}", called(row), changes.join(", "));
    }
    if missing.len() > SHOWN {
        let _ = write!(text, "\n  … and {} more", missing.len() - SHOWN);
    }
    if missing.is_empty() && scope == Scope::Same {
        for row in extra.iter().take(SHOWN) {
            let _ = write!(text, "\n  {}: the row was not there", called(row));
        }
    }
    text
}

/// Which of the rows this one is now: the one with its key. Without keys, the one that is most like it.
fn became(row: &[String], rows: &[Vec<String>], key: &[usize]) -> Option<usize> {
    if !key.is_empty() {
        let same_key = |other: &Vec<String>| key.iter().all(|index| other[*index] == row[*index]);
        return rows.iter().position(same_key);
    }
    let alike = |other: &Vec<String>| row.iter().zip(other).filter(|(a, b)| a == b).count();
    let most = (0..rows.len()).max_by_key(|at| alike(&rows[*at]))?;
    (2 * alike(&rows[most]) > row.len()).then_some(most)
}

fn short(literal: &str) -> String {
    if literal.chars().count() <= WIDTH {
        return literal.to_owned();
    }
    let start: String = literal.chars().take(WIDTH).collect();
    format!("{start}…")
}
