//! What is in the tables, and what of it is gone later.

use std::collections::{BTreeMap, BTreeSet};
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

    /// What of this is lost in `later`, where only the columns that are `written` may have other values: rows, values of
    /// all other columns, and values that became NULL. A NULL may be filled anywhere.
    pub(crate) fn lost(&self, later: &Contents, written: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut found = Vec::new();
        for (name, before) in &self.0 {
            if let Some(after) = later.0.get(name) {
                lost_of_table(name, before, after, |column| written(name, column), &mut found);
            }
        }
        found
    }

    /// The tables and columns that `later` does not have, and whose values are nowhere in what is new or other there: what
    /// is renamed, or moved to another table, is not gone. Only what is data can be.
    pub(crate) fn gone(&self, later: &Contents, is_data: impl Fn(&str, &str) -> bool) -> Vec<Gone> {
        let places: Vec<BTreeSet<&str>> = later
            .0
            .iter()
            .flat_map(|(name, table)| {
                let before = self.0.get(name);
                let columns = table.columns.iter().enumerate();
                columns.filter_map(move |(index, (column, _))| {
                    let values = table.values(index);
                    let old = before.and_then(|before| Some(before.values(before.place_of(column)?)));
                    (old.as_ref() != Some(&values)).then_some(values)
                })
            })
            .collect();
        let is_gone = |name: &str, before: &TableContents, index: usize| {
            let values = before.values(index);
            let moved = places.iter().any(|place| place.is_superset(&values));
            !values.is_empty() && !moved && is_data(name, &before.columns[index].0)
        };
        let mut gone = Vec::new();
        for (name, before) in &self.0 {
            let after = later.0.get(name);
            let column = |index: &usize| before.columns[*index].0.clone();
            let stays = |index: &usize| after.is_some_and(|after| after.place_of(&column(index)).is_some());
            let columns: Vec<usize> = (0..before.columns.len())
                .filter(|index| !stays(index) && is_gone(name, before, *index))
                .collect();
            if after.is_none() && !columns.is_empty() {
                let names: Vec<String> = columns.iter().map(column).collect();
                gone.push(Gone {
                    table: name.clone(),
                    column: None,
                    told: format!(
                        "{name}, which had {} rows; what they had as {} is nowhere else",
                        before.rows.len(),
                        names.join(", ")
                    ),
                });
                continue;
            }
            gone.extend(columns.iter().map(|index| Gone {
                table: name.clone(),
                column: Some(column(index)),
                told: format!(
                    "{name}.{}, which had {} different values that are not all elsewhere",
                    column(index),
                    before.values(*index).len()
                ),
            }));
        }
        gone
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

/// A table or a column that is not there any more, with what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gone {
    pub(crate) table: String,
    /// The column; without one, all of the table.
    pub(crate) column: Option<String>,
    pub(crate) told: String,
}

/// Where columns are, before and after.
type Places = Vec<(usize, usize)>;

impl TableContents {
    fn place_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|(other, _)| other == column)
    }

    /// The different values of a column, without NULL.
    fn values(&self, index: usize) -> BTreeSet<&str> {
        let values = self.rows.iter().map(|row| row[index].as_str());
        values.filter(|value| *value != "NULL").collect()
    }

    /// The places of the columns that both have, those with the same way of writing a value before the others: another type
    /// has another way, so only how many values there are is compared then.
    fn shared(&self, after: &TableContents) -> (Places, Places) {
        let both = self.columns.iter().enumerate();
        let both = both.filter_map(|(index, (column, _))| Some((index, after.place_of(column)?)));
        both.partition(|(index, there)| self.columns[*index].1 == after.columns[*there].1)
    }
}

/// What of a table is lost besides what is written on purpose.
fn lost_of_table(
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

fn compare_table(
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
    fn what_is_written_may_change_and_nothing_else() {
        let before = contents(OLD, &[&["1", "'ada'"], &["2", "NULL"], &["3", "'bob'"]]);
        let after = contents(OLD, &[&["1", "'ada'"], &["2", "''"], &["3", "'b'"]]);
        let lost = before.lost(&after, |_, _| false);
        assert_eq!(
            lost,
            ["users: 1 of 3 rows not as before\n  id 3: name 'bob' became 'b'"]
        );
        assert!(before.lost(&after, |_, column| column == "name").is_empty());
        let keyless = contents(&[("a", "int"), ("b", "text")], &[&["1", "NULL"], &["1", "'x'"]]);
        let filled = contents(&[("a", "int"), ("b", "text")], &[&["1", "'x'"], &["1", "''"]]);
        assert!(keyless.lost(&filled, |_, _| false).is_empty());
        let fewer = contents(OLD, &[&["1", "'ada'"]]);
        assert_eq!(before.lost(&fewer, |_, _| true), ["users: 3 rows became 1"]);
    }

    #[test]
    fn what_is_elsewhere_is_not_gone() {
        let gone = |before: &Contents, after: &Contents| -> Vec<(String, Option<String>)> {
            let gone = before.gone(after, |_, _| true).into_iter();
            gone.map(|gone| (gone.table, gone.column)).collect()
        };
        let before = contents(OLD, &[&["1", "'ada'"], &["2", "NULL"]]);
        let renamed = contents(
            &[("id", "int"), ("called", "text")],
            &[&["1", "'ada'"], &["2", "NULL"]],
        );
        assert!(gone(&before, &renamed).is_empty());
        let dropped = contents(&[("id", "int")], &[&["1"], &["2"]]);
        let name = ("users".to_owned(), Some("name".to_owned()));
        assert_eq!(gone(&before, &dropped), std::slice::from_ref(&name));
        let mut moved = dropped.clone();
        moved.0.extend(
            contents(&[("user", "int"), ("name", "text")], &[&["1", "'ada'"]])
                .0
                .into_values()
                .map(|table| ("names".to_owned(), table)),
        );
        assert!(gone(&before, &moved).is_empty());
        // What is not touched was there before, and no copy.
        let mut also = before.clone();
        also.0.extend([("names".to_owned(), moved.0["names"].clone())]);
        assert_eq!(gone(&also, &moved), [name]);
        assert_eq!(gone(&before, &Contents::default()), [("users".to_owned(), None)]);
        let empty = contents(&[("id", "int"), ("name", "text")], &[]);
        assert!(gone(&empty, &Contents::default()).is_empty());
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
