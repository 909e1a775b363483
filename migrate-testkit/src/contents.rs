//! What is in the tables, and what of it is gone later.

mod compare;
mod undone;

use std::collections::{BTreeMap, BTreeSet};

use migrate_core::Dialect;

use self::compare::{compare_table, lost_of_table};
use crate::link::Link;
use crate::structure::{self, Column, Kind, Tables};
pub(crate) use undone::Named;

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
                    .map(|row| {
                        let values = row.into_iter().map(text).zip(&columns);
                        values.map(|(value, column)| plain(value, &column.kind)).collect()
                    })
                    .collect(),
            },
        );
    }
    Ok(Contents(contents))
}

/// The same text for the same number, however many places behind the point its column has.
fn plain(literal: String, kind: &Kind) -> String {
    if !matches!(kind, Kind::Decimal { .. }) {
        return literal;
    }
    let number = literal.trim_matches('\'');
    let is_plain = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    if !is_plain || !number.contains('.') {
        return literal;
    }
    let shortest = number.trim_end_matches('0').trim_end_matches('.');
    literal.replace(number, shortest)
}

/// What is the same for types that write the same value in the same way.
fn way_of_writing(column: &Column) -> &str {
    match column.kind {
        Kind::Integer { .. } | Kind::Decimal { .. } => "a number",
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
    fn places_behind_the_point_are_no_difference() {
        let decimal = Kind::Decimal { digits: 9, scale: 4 };
        let check = |literal: &str, same: &str| assert_eq!(plain(literal.to_owned(), &decimal), same);
        check("'1.2300'", "'1.23'");
        check("'-100.00'", "'-100'");
        check("'100'", "'100'");
        check("0.5", "0.5");
        check("1.50e+20", "1.50e+20");
        check("'NaN'", "'NaN'");
        assert_eq!(
            plain("'1.20'".to_owned(), &Kind::Text { longest: None }),
            "'1.20'"
        );
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
