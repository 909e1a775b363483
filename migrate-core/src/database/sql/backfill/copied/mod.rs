//! Rows that an INSERT … SELECT copies: what both sides are, and whether they are the same.
//!
//! The two sides are read by one statement, so by one snapshot: what triggers keep equal is equal whenever it is looked
//! at. Rows of one key are compared as a multiset, because a row may be copied into several.

mod kept;
mod look;
mod repair;
mod text;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::key::{Binder, Key, encoded};
use text::Text;

use super::statement::{Prepared, digest};
use crate::database::sql::ledger::Texts;
use crate::model::Dialect;
use crate::script::copied::Copied;

/// The two sides of a copy.
#[derive(Debug)]
pub(super) struct Copy {
    statement: Copied,
    dialect: Dialect,
    /// The table that is written to, quoted.
    target: String,
    /// The columns that are written, quoted, in the order in which they are selected.
    columns: Vec<String>,
    /// The columns whose values are compared: their place, and the value as a text that is the same for equal values.
    compared: Vec<(usize, Text)>,
    /// The types that values of these columns are made before they are assigned; empty where the database does that.
    assigned: Vec<String>,
    /// What pairs the rows of the two; `None` where the key of the visited table is not copied.
    paired: Option<Paired>,
    /// Why single rows cannot be repaired, where they cannot.
    whole_only: Option<String>,
    /// Whether a row of the target that is not copied is wrong.
    pub(super) is_whole: bool,
}

#[derive(Debug)]
struct Paired {
    /// The key of the target.
    target: Key,
    /// The same for the columns of both sides as they are called in our queries.
    both: Key,
    /// Where they stand among the columns.
    places: Vec<usize>,
}

/// Which rows of the two sides.
#[derive(Clone, Copy)]
pub(super) enum Rows<'a> {
    Between(Option<&'a str>, Option<&'a str>),
    Of(&'a str),
    Among(&'a [String]),
}

/// Rows that are read by chance.
#[derive(Clone, Copy)]
struct Drawn<'a> {
    /// How many at most.
    limit: u32,
    /// The columns that are not looked at, quoted.
    except: &'a [String],
}

impl Drawn<'_> {
    /// All of them, by all of their columns.
    const ALL: Self = Drawn {
        limit: u32::MAX,
        except: &[],
    };
}

/// How many rows there are, and the sum of their hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    hashes: String,
}

impl Copy {
    /// The table that is written to, as the file names it.
    pub(super) fn written(&self) -> &str {
        &self.statement.target
    }

    pub(super) fn is_paired(&self) -> bool {
        self.paired.is_some()
    }

    /// The query of what is copied, of these rows.
    fn source(&self, range: &str) -> String {
        match &self.statement.condition {
            Some(condition) => format!("{} {range} AND ({condition}\n)", self.statement.select),
            None => format!("{} {range}", self.statement.select),
        }
    }

    fn places(&self) -> String {
        let places: Vec<String> = (0..self.columns.len()).map(|place| format!("c{place}")).collect();
        places.join(", ")
    }

    /// The two sides of these rows, as tables whose columns are called by their places.
    fn sides(
        &self,
        prepared: &Prepared,
        paired: &Paired,
        row: &str,
        rows: Rows<'_>,
        binder: &mut Binder,
    ) -> String {
        let (source, target) = match rows {
            Rows::Between(low, high) => (
                prepared.key.range(row, low, high, binder),
                paired.target.range("", low, high, binder),
            ),
            Rows::Of(key) => (
                prepared.key.equals(row, key, binder),
                paired.target.equals("", key, binder),
            ),
            Rows::Among(keys) => (
                prepared.key.among(row, keys, binder),
                paired.target.among("", keys, binder),
            ),
        };
        let places = self.places();
        format!(
            "WITH migrate_source ({places}) AS ({}), migrate_target ({places}) AS (SELECT {} FROM {} WHERE {target})",
            self.source(&source),
            self.columns.join(", "),
            self.target
        )
    }

    /// The query of both sides of these rows: for each key, or for all of them, which side it is, how many there are, and
    /// the sum of their hashes. SQLite has no hashes: there it gives every row.
    fn sums(
        &self,
        prepared: &Prepared,
        paired: &Paired,
        row: &str,
        rows: Rows<'_>,
        by_key: bool,
        binder: &mut Binder,
    ) -> String {
        let sides = self.sides(prepared, paired, row, rows, binder);
        let texts: Vec<String> = self
            .compared
            .iter()
            .map(|(place, text)| format!("{} AS v{place}", text.shown(&format!("c{place}"), self.dialect)))
            .collect();
        let fields: Vec<String> = self
            .compared
            .iter()
            .map(|(place, _)| field(&format!("v{place}"), self.dialect))
            .collect();
        let whole = joined(&fields, self.dialect);
        let hash = match self.dialect {
            Dialect::Postgres => format!("pg_catalog.hashtextextended(({whole}) COLLATE \"C\", 0)::numeric"),
            Dialect::Sqlite => whole,
            Dialect::Mysql | Dialect::MariaDb => {
                format!(
                    "CAST(CONV(LEFT({}, 16), 16, 10) AS UNSIGNED)",
                    digest(self.dialect, &whole)
                )
            }
        };
        let by_key = by_key || self.dialect == Dialect::Sqlite;
        let names: Vec<String> = (0..paired.both.width())
            .map(|index| format!("k{index}"))
            .collect();
        let keys: Vec<String> = match by_key {
            true => paired
                .both
                .texts("")
                .into_iter()
                .zip(&names)
                .map(|(text, name)| format!("{text} AS {name}"))
                .collect(),
            false => Vec::new(),
        };
        let text = if self.dialect.is_mysql_family() {
            "CHAR"
        } else {
            "TEXT"
        };
        let one = |side: &str| {
            let mut inner = keys.clone();
            inner.extend(texts.iter().cloned());
            if inner.is_empty() {
                inner.push("1 AS nothing".to_owned());
            }
            let shown = names
                .iter()
                .filter(|_| by_key)
                .map(|name| format!("{name}, "))
                .collect::<String>();
            let inner = format!("SELECT {} FROM migrate_{side}", inner.join(", "));
            let hashed = format!("SELECT {shown}{hash} AS h FROM ({inner}) AS migrate_texts");
            if self.dialect == Dialect::Sqlite {
                return format!("SELECT '{side}', {shown}h FROM ({hashed}) AS migrate_hashes");
            }
            let group = match by_key {
                true => format!(" GROUP BY {}", names.join(", ")),
                false => String::new(),
            };
            format!(
                "SELECT '{side}', {shown}CAST(count(*) AS {text}), CAST(sum(h) AS {text}) \
                 FROM ({hashed}) AS migrate_hashes{group}"
            )
        };
        format!("{sides} {} UNION ALL {}", one("source"), one("target"))
    }

    /// The sums of such an answer: of each key the source's and the target's.
    fn read(&self, answer: Vec<Texts>, by_key: bool, width: usize) -> BTreeMap<String, [Sum; 2]> {
        let mut sums: BTreeMap<String, [Sum; 2]> = BTreeMap::new();
        let mut hashed: BTreeMap<(String, usize), u128> = BTreeMap::new();
        let by_key = by_key || self.dialect == Dialect::Sqlite;
        for row in answer {
            let mut row = row.into_iter();
            let side = usize::from(row.next().flatten().as_deref() == Some("target"));
            let keys: Vec<String> = (0..if by_key { width } else { 0 })
                .map(|_| row.next().flatten().unwrap_or_default())
                .collect();
            let key = encoded(&keys);
            let sum = &mut sums.entry(key.clone()).or_default()[side];
            if self.dialect == Dialect::Sqlite {
                let hash = Sha256::digest(row.next().flatten().unwrap_or_default());
                let hash = hash
                    .iter()
                    .take(8)
                    .fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
                let all = hashed.entry((key, side)).or_default();
                *all = all.wrapping_add(hash);
                sum.rows += 1;
                sum.hashes = all.to_string();
            } else {
                sum.rows = row
                    .next()
                    .flatten()
                    .and_then(|rows| rows.parse().ok())
                    .unwrap_or(0);
                sum.hashes = row.next().flatten().unwrap_or_default();
            }
        }
        sums
    }

    /// The query of random rows of the source: their keys, and whether the target has such a row.
    fn sample(
        &self,
        prepared: &Prepared,
        paired: &Paired,
        row: &str,
        rows: Rows<'_>,
        drawn: Drawn<'_>,
        binder: &mut Binder,
    ) -> String {
        let limit = drawn.limit;
        // No index finds a row by a text: without its range, each of them would be looked for in the whole table.
        let (range, there) = match rows {
            Rows::Between(low, high) => (
                prepared.key.range(row, low, high, binder),
                paired.target.range("migrate_copy.", low, high, binder),
            ),
            Rows::Of(key) => (
                prepared.key.equals(row, key, binder),
                paired.target.equals("migrate_copy.", key, binder),
            ),
            Rows::Among(keys) => (
                prepared.key.among(row, keys, binder),
                paired.target.among("migrate_copy.", keys, binder),
            ),
        };
        let random = random(self.dialect);
        let same: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(place, _)| !self.statement.items[*place].varies)
            .filter(|(_, column)| {
                let is_it = |other: &String| match self.dialect {
                    Dialect::Postgres => other == *column,
                    _ => other.eq_ignore_ascii_case(column),
                };
                !drawn.except.iter().any(is_it)
            })
            .filter_map(|(place, column)| {
                let text = self.compared.iter().find(|(other, _)| *other == place);
                let column = format!("migrate_copy.{column}");
                // The target may have a column of that name.
                let selected = format!("migrate_source.c{place}");
                match (text, self.dialect) {
                    (Some((_, text)), Dialect::Postgres) => Some(format!(
                        "({} COLLATE \"C\") IS NOT DISTINCT FROM {}",
                        text.shown(&column, self.dialect),
                        text.shown(&selected, self.dialect)
                    )),
                    (None, Dialect::Postgres) => None,
                    (text, Dialect::Sqlite) => {
                        let same = text.map(|(_, text)| {
                            format!(
                                "({}) IS ({})",
                                text.shown(&column, self.dialect),
                                text.shown(&selected, self.dialect)
                            )
                        });
                        // No index finds a row by such a text.
                        let found = paired.places.contains(&place);
                        let found = found.then(|| format!("{column} COLLATE BINARY = +{selected}"));
                        let both: Vec<String> = found.into_iter().chain(same).collect();
                        Some(both.join(" AND "))
                    }
                    (Some((_, text)), _) => Some(format!(
                        "CAST({} AS BINARY) <=> CAST({} AS BINARY)",
                        text.shown(&column, self.dialect),
                        text.shown(&selected, self.dialect)
                    )),
                    (None, _) => Some(format!("{column} <=> {selected}")),
                }
            })
            .collect();
        format!(
            "WITH migrate_source ({}) AS ({} ORDER BY {random} LIMIT {limit}) SELECT {}, CASE WHEN EXISTS (SELECT 1 FROM {} AS \
             migrate_copy WHERE {there} AND {}) THEN '0' ELSE '1' END FROM migrate_source",
            self.places(),
            self.source(&range),
            paired.both.texts("migrate_source.").join(", "),
            self.target,
            same.join(" AND ")
        )
    }
}

/// A text behind its length, or what stands for NULL: several of them are one text, and never that of others.
fn field(text: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => format!("COALESCE(pg_catalog.octet_length({text})::text || ':' || {text}, '-')"),
        Dialect::Sqlite => format!("COALESCE(length({text}) || ':' || {text}, '-')"),
        _ => format!("COALESCE(CONCAT(LENGTH({text}), ':', {text}), '-')"),
    }
}

/// Such texts as one.
fn joined(fields: &[String], dialect: Dialect) -> String {
    match dialect {
        _ if fields.is_empty() => "''".to_owned(),
        Dialect::Mysql | Dialect::MariaDb => format!("CONCAT({})", fields.join(", ")),
        _ => fields.join(" || "),
    }
}

/// The order that is another one each time.
pub(super) fn random(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Mysql | Dialect::MariaDb => "RAND()",
        _ => "random()",
    }
}

/// How many rows such an answer has, and the keys of those whose last column says that they are wrong.
pub(super) fn flagged(rows: Vec<Texts>) -> (u64, Vec<String>) {
    let read = rows.len() as u64;
    let wrong = rows.into_iter().filter_map(|mut row| {
        let is_wrong = row.pop().flatten().as_deref() == Some("1");
        let key: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        is_wrong.then(|| encoded(&key))
    });
    let mut wrong: Vec<String> = wrong.collect();
    wrong.sort_unstable();
    (read, wrong)
}
