//! What is in the tables, and what of it is gone later.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use migrate_core::Dialect;

use crate::link::Link;
use crate::structure::{self, Column, Kind, Tables};

/// How many rows of a table are shown.
const SHOWN: usize = 4;
/// How much of a value is shown.
const WIDTH: usize = 40;

/// The rows of one table.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableContents {
    /// Names of the columns, and their types as far as values of two types are written differently.
    columns: Vec<(String, String)>,
    /// What tells one row from another, if anything does.
    key: Vec<String>,
    /// Each value as a literal.
    rows: Vec<Vec<String>>,
}

/// The rows of all tables, by the names that messages use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contents(BTreeMap<String, TableContents>);

/// Reads every row. These are databases of a test: few rows, so that what is gone can be shown.
pub(crate) async fn read(
    link: &mut impl Link,
    dialect: Dialect,
    tables: &Tables,
) -> Result<Contents, sqlx::Error> {
    let mut contents = BTreeMap::new();
    for (name, table) in tables {
        // What has no text of its own cannot be compared; its row still counts.
        let columns: Vec<_> = table
            .columns
            .iter()
            .filter(|column| dialect != Dialect::Postgres || column.kind != Kind::Other("pg_lsn".to_owned()))
            .collect();
        let expressions: Vec<String> = columns
            .iter()
            .map(|column| structure::literal(dialect, column))
            .collect();
        let rows = if expressions.is_empty() {
            Vec::new()
        } else {
            let sql = format!("SELECT {} FROM {}", expressions.join(", "), table.sql);
            link.rows(&sql).await?
        };
        let text = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
        contents.insert(
            name.clone(),
            TableContents {
                columns: columns
                    .iter()
                    .map(|column| (column.name.clone(), way_of_writing(column).to_owned()))
                    .collect(),
                key: table.unique.first().cloned().unwrap_or_default(),
                rows: rows
                    .into_iter()
                    .map(|row| row.into_iter().map(text).collect())
                    .collect(),
            },
        );
    }
    Ok(Contents(contents))
}

/// What is the same for types that write the same value in the same way.
fn way_of_writing(column: &Column) -> &str {
    match column.kind {
        Kind::Integer { .. } => "an integer",
        Kind::Text { .. } | Kind::Enumeration(_) => "text",
        Kind::Bytes { .. } => "bytes",
        _ => &column.type_name,
    }
}

/// What a comparison is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everything that was there is there, and rows may have come.
    Kept,
    /// The same, where what moves data may write into columns: a row may not go, and a value may not become NULL.
    Moved,
    /// The same rows, no more and no less.
    Same,
}

impl Contents {
    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.0.values().map(|table| table.rows.len()).sum()
    }

    /// The rows that `earlier` does not have.
    pub(crate) fn minus(mut self, earlier: &Contents) -> Contents {
        for (name, table) in &mut self.0 {
            let mut old = earlier
                .0
                .get(name)
                .map_or_else(Vec::new, |table| table.rows.clone());
            table
                .rows
                .retain(|row| match old.iter().position(|other| other == row) {
                    Some(at) => {
                        old.swap_remove(at);
                        false
                    }
                    None => true,
                });
        }
        self
    }

    /// How many rows a table has.
    pub(crate) fn rows_of(&self, table: &str) -> usize {
        self.0.get(table).map_or(0, |table| table.rows.len())
    }

    /// What of this is not so in `later`, in words, by table. Only columns that both have are looked at.
    pub(crate) fn compare(&self, later: &Contents, scope: Scope) -> Vec<String> {
        let mut found = Vec::new();
        for (name, before) in &self.0 {
            if let Some(after) = later.0.get(name) {
                compare_table(name, before, after, scope, &mut found);
            }
        }
        found
    }
}

fn compare_table(
    name: &str,
    before: &TableContents,
    after: &TableContents,
    scope: Scope,
    found: &mut Vec<String>,
) {
    let mut shared = Vec::new();
    let mut retyped = Vec::new();
    for (index, (column, type_name)) in before.columns.iter().enumerate() {
        let there = after.columns.iter().position(|(other, _)| other == column);
        let Some(there) = there else { continue };
        // Another type has another way to write the same value, so only how many there are is compared then.
        if after.columns[there].1 == *type_name {
            shared.push((index, there));
        } else {
            retyped.push((index, there));
        }
    }
    let (old, new) = (&before.rows, &after.rows);
    if scope == Scope::Moved {
        moved(name, before, after, &shared, found);
        return;
    }
    let project = |row: &[String], new: bool| -> Vec<String> {
        let pick = |&(a, b): &(usize, usize)| row[if new { b } else { a }].clone();
        shared.iter().map(pick).collect()
    };
    let mut missing: Vec<Vec<String>> = old.iter().map(|row| project(row, false)).collect();
    let mut extra = Vec::new();
    for row in new {
        let row = project(row, true);
        match missing.iter().position(|other| *other == row) {
            Some(at) => drop(missing.swap_remove(at)),
            None => extra.push(row),
        }
    }
    missing.sort();
    if !missing.is_empty() || (scope == Scope::Same && !extra.is_empty()) {
        let names: Vec<&str> = shared
            .iter()
            .map(|(index, _)| before.columns[*index].0.as_str())
            .collect();
        found.push(told(name, old.len(), &names, &before.key, &missing, extra, scope));
        return;
    }
    for (index, there) in retyped {
        let distinct = |rows: &[Vec<String>], at: usize| {
            let mut values: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
            let given = values.iter().filter(|value| **value != "NULL").count();
            values.sort_unstable();
            values.dedup();
            (values.len(), given)
        };
        let ((values, given), (values_now, given_now)) = (distinct(old, index), distinct(new, there));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(columns: &[(&str, &str)], rows: &[&[&str]]) -> Contents {
        let owned = |text: &&str| (*text).to_owned();
        let table = TableContents {
            columns: columns
                .iter()
                .map(|(name, of)| (owned(name), owned(of)))
                .collect(),
            key: vec!["id".to_owned()],
            rows: rows.iter().map(|row| row.iter().map(owned).collect()).collect(),
        };
        Contents([("users".to_owned(), table)].into())
    }

    const OLD: &[(&str, &str)] = &[("id", "int"), ("name", "text")];

    #[test]
    fn what_is_gone_is_told() {
        let before = contents(OLD, &[&["1", "'ada'"], &["2", "'bob'"], &["3", "NULL"]]);
        let after = contents(OLD, &[&["2", "NULL"], &["3", "NULL"]]);
        assert_eq!(
            before.compare(&after, Scope::Kept),
            ["users: 2 of 3 rows not as before\n  id 1: the row is gone\n  id 2: name 'bob' became NULL"]
        );
        let keyless = |rows| {
            let mut contents = contents(&[("a", "int"), ("b", "text"), ("c", "text")], rows);
            contents.0.get_mut("users").unwrap().key.clear();
            contents
        };
        let before_it = keyless(&[&["1", "'x'", "'y'"], &["2", "'v'", "'w'"]]);
        let after_it = keyless(&[&["1", "'x'", "NULL"]]);
        let told = &before_it.compare(&after_it, Scope::Kept)[0];
        assert!(
            told.contains("a 1, b 'x', c 'y': c 'y' became NULL") && told.contains("c 'w': the row is gone"),
            "{told}"
        );
        assert!(before.compare(&before, Scope::Same).is_empty());
        let same = after.compare(&before, Scope::Same);
        assert!(same[0].contains("id 2: name NULL became 'bob'"), "{same:?}");
    }

    #[test]
    fn only_what_both_have_is_compared() {
        let before = contents(OLD, &[&["1", "'ada'"]]);
        let after = contents(&[("name", "text"), ("new", "int")], &[&["'ada'", "7"]]);
        assert!(before.compare(&after, Scope::Same).is_empty());
        let more = contents(OLD, &[&["1", "'ada'"], &["2", "'ada'"]]);
        assert!(before.compare(&more, Scope::Kept).is_empty());
        assert!(before.compare(&more, Scope::Same)[0].contains("1 rows more than before"));
    }

    #[test]
    fn another_type_may_write_its_values_otherwise() {
        let before = contents(&[("id", "int"), ("at", "date")], &[&["1", "'a'"], &["2", "'b'"]]);
        let wider = contents(
            &[("id", "int"), ("at", "time")],
            &[&["1", "'a 0'"], &["2", "'b 0'"]],
        );
        assert!(before.compare(&wider, Scope::Kept).is_empty());
        let lossy = contents(
            &[("id", "int"), ("at", "time")],
            &[&["1", "'a 0'"], &["2", "'a 0'"]],
        );
        assert!(before.compare(&lossy, Scope::Kept)[0].contains("2 different values as date, 1 as time"));
    }
}
