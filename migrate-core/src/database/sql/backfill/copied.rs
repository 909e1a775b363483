//! Rows that an INSERT … SELECT copies: what both sides are, and whether they are the same.
//!
//! The two sides are read by one statement, so by one snapshot: what triggers keep equal is equal whenever it is looked
//! at. Rows of one key are compared as a multiset, because a row may be copied into several.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::key::{Binder, Key, KeyColumn, dynamic, encoded};
use super::prepare::Found;
use super::statement::{DOTTED, Prepared, ROW, named_table};
use super::{SqlMover, stumbled};
use crate::database::mover::{Job, Stumble};
use crate::database::sql::backend::DatabaseError;
use crate::database::sql::ledger::Texts;
use crate::model::Dialect;
use crate::model::directives::Backfill;
use crate::script::copied::{Copied, copied};
use crate::sync::{TablePair, quoted};

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
    /// What pairs the rows of the two; `None` where the key of the visited table is not copied.
    paired: Option<Paired>,
    /// Whether a row of the target that is not copied is wrong.
    pub(super) is_whole: bool,
}

#[derive(Debug)]
struct Paired {
    /// The key of the target.
    target: Key,
    /// The same for the columns of both sides as they are called in our queries.
    both: Key,
}

/// Which rows of the two sides.
#[derive(Clone, Copy)]
pub(super) enum Rows<'a> {
    Between(Option<&'a str>, Option<&'a str>),
    Of(&'a str),
}

/// How a value becomes a text that is the same for equal values, also for one that was not written to its column yet.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    /// What the database makes of it as that type.
    Cast(String),
    /// MySQL and MariaDB: the text itself, in one character set.
    Characters,
    /// MySQL and MariaDB: bytes.
    Bytes,
    /// SQLite: a text, as a column of texts keeps it.
    OfString,
    /// SQLite: a number where it is one.
    OfNumber,
    /// SQLite: whatever it is.
    OfAnything,
}

impl Text {
    /// For a column of that type; `None` where a value that was written has another text than before.
    fn of(column: &Found, dialect: Dialect) -> Option<Self> {
        let lower = column.of_type.to_lowercase();
        let base: String = lower.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let length = || match (lower.find('('), lower.find(')')) {
            (Some(from), Some(to)) if from < to => lower[from..=to].to_owned(),
            _ => String::new(),
        };
        match dialect {
            Dialect::Postgres => Some(Self::Cast(column.of_type.clone())),
            // The rules by which SQLite gives columns their affinity.
            Dialect::Sqlite if lower.contains("int") => Some(Self::OfNumber),
            Dialect::Sqlite if ["char", "clob", "text"].iter().any(|word| lower.contains(word)) => {
                Some(Self::OfString)
            }
            Dialect::Sqlite if lower.is_empty() || lower.contains("blob") => Some(Self::OfAnything),
            Dialect::Sqlite => Some(Self::OfNumber),
            Dialect::Mysql | Dialect::MariaDb => match &*base {
                "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => {
                    let sign = if lower.contains("unsigned") {
                        "UNSIGNED"
                    } else {
                        "SIGNED"
                    };
                    Some(Self::Cast(sign.to_owned()))
                }
                "decimal" => Some(Self::Cast(format!("DECIMAL{}", length()))),
                "date" => Some(Self::Cast("DATE".to_owned())),
                "time" => Some(Self::Cast(format!("TIME{}", length()))),
                "datetime" | "timestamp" => Some(Self::Cast(format!("DATETIME{}", length()))),
                "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => Some(Self::Characters),
                "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Some(Self::Bytes),
                _ => None,
            },
        }
    }

    fn shown(&self, value: &str, dialect: Dialect) -> String {
        match self {
            Self::Cast(of_type) if dialect == Dialect::Postgres => {
                format!("CAST(CAST({value} AS {of_type}) AS text)")
            }
            Self::Cast(of_type) => format!("CAST(CAST({value} AS {of_type}) AS CHAR)"),
            Self::Characters => format!("CONVERT({value} USING utf8mb4)"),
            Self::Bytes => format!("HEX({value})"),
            Self::OfString => format!(
                "CASE typeof({value}) WHEN 'blob' THEN 'b' || hex({value}) ELSE CAST({value} AS TEXT) END"
            ),
            Self::OfNumber => format!(
                "CASE typeof({value}) WHEN 'blob' THEN 'b' || hex({value}) WHEN 'null' THEN NULL \
                 ELSE printf('%!.17g', CAST({value} AS NUMERIC)) END"
            ),
            Self::OfAnything => dynamic(value),
        }
    }
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
        let (source, target) = match rows {
            Rows::Between(low, high) => (
                prepared.key.range(row, low, high, binder),
                paired.target.range("", low, high, binder),
            ),
            Rows::Of(key) => (
                prepared.key.equals(row, key, binder),
                paired.target.equals("", key, binder),
            ),
        };
        let places = self.places();
        let sides = format!(
            "WITH migrate_source ({places}) AS ({}), migrate_target ({places}) AS (SELECT {} FROM {} WHERE {target})",
            self.source(&source),
            self.columns.join(", "),
            self.target
        );
        let texts: Vec<String> = self
            .compared
            .iter()
            .map(|(place, text)| format!("{} AS v{place}", text.shown(&format!("c{place}"), self.dialect)))
            .collect();
        let fields: Vec<String> = self
            .compared
            .iter()
            .map(|(place, _)| match self.dialect {
                Dialect::Postgres => {
                    format!("COALESCE(pg_catalog.octet_length(v{place})::text || ':' || v{place}, '-')")
                }
                Dialect::Sqlite => format!("COALESCE(length(v{place}) || ':' || v{place}, '-')"),
                _ => format!("COALESCE(CONCAT(LENGTH(v{place}), ':', v{place}), '-')"),
            })
            .collect();
        let whole = match self.dialect {
            _ if fields.is_empty() => "''".to_owned(),
            Dialect::Mysql | Dialect::MariaDb => format!("CONCAT({})", fields.join(", ")),
            _ => fields.join(" || "),
        };
        let hash = match self.dialect {
            Dialect::Postgres => format!("pg_catalog.hashtextextended(({whole}) COLLATE \"C\", 0)::numeric"),
            Dialect::Sqlite => whole,
            _ => format!("CAST(CONV(LEFT(MD5({whole}), 16), 16, 10) AS UNSIGNED)"),
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
        limit: u32,
        binder: &mut Binder,
    ) -> String {
        let range = match rows {
            Rows::Between(low, high) => prepared.key.range(row, low, high, binder),
            Rows::Of(key) => prepared.key.equals(row, key, binder),
        };
        let random = random(self.dialect);
        let same: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(place, _)| !self.statement.items[*place].varies)
            .filter_map(|(place, column)| {
                let text = self.compared.iter().find(|(other, _)| *other == place);
                let column = format!("migrate_copy.{column}");
                match (text, self.dialect) {
                    (Some((_, text)), Dialect::Postgres) => Some(format!(
                        "({} COLLATE \"C\") IS NOT DISTINCT FROM {}",
                        text.shown(&column, self.dialect),
                        text.shown(&format!("c{place}"), self.dialect)
                    )),
                    (None, Dialect::Postgres) => None,
                    (_, Dialect::Sqlite) => Some(format!("{column} COLLATE BINARY IS c{place}")),
                    (Some((_, text)), _) => Some(format!(
                        "CAST({} AS BINARY) <=> CAST({} AS BINARY)",
                        text.shown(&column, self.dialect),
                        text.shown(&format!("c{place}"), self.dialect)
                    )),
                    (None, _) => Some(format!("{column} <=> c{place}")),
                }
            })
            .collect();
        format!(
            "WITH migrate_source ({}) AS ({} ORDER BY {random} LIMIT {limit}) SELECT {}, CASE WHEN EXISTS (SELECT 1 FROM {} AS \
             migrate_copy WHERE {}) THEN '0' ELSE '1' END FROM migrate_source",
            self.places(),
            self.source(&range),
            paired.both.texts("migrate_source.").join(", "),
            self.target,
            same.join(" AND ")
        )
    }
}

/// The order that is another one each time.
pub(super) fn random(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Mysql | Dialect::MariaDb => "RAND()",
        _ => "random()",
    }
}

impl SqlMover {
    /// What is known of the two sides of an INSERT … SELECT; `None` where its text or the tables do not say it.
    pub(super) async fn copy_of(
        &mut self,
        job: &Job<'_>,
        backfill: &Backfill,
        visited: &[Found],
        prepared: &Prepared,
    ) -> Result<Option<Arc<Copy>>, Stumble> {
        let dialect = self.session.backend.dialect();
        let Some((_, sql)) = job.migration.up.iter().next() else {
            return Ok(None);
        };
        let Some(statement) = copied(sql, &backfill.table, dialect) else {
            return Ok(None);
        };
        let (target, schema, name) = named_table(&statement.target, dialect);
        let found = self.session.columns(&target, schema.as_deref(), &name).await;
        let found = found.map_err(|error| stumbled("look at the table", error))?;
        let same = |one: &str, other: &str| match dialect {
            Dialect::Postgres => one == other,
            _ => one.eq_ignore_ascii_case(other),
        };
        let plain = |written: &str| named_table(written, dialect).2;
        let columns: Vec<&Found> = match &statement.columns {
            None => found.iter().take(statement.items.len()).collect(),
            Some(written) => {
                let of_name = |written: &String| found.iter().find(|one| same(&one.name, &plain(written)));
                written.iter().filter_map(of_name).collect()
            }
        };
        if columns.is_empty() || columns.len() != statement.items.len() {
            return Ok(None);
        }
        let mut keys = Vec::new();
        for key in backfill.key.iter() {
            let key = plain(key);
            let place = statement.items.iter().position(|item| {
                let column = item.column.as_deref().filter(|_| !item.varies);
                column.is_some_and(|column| same(&plain(column), &key))
            });
            let source = visited.iter().find(|column| same(&column.name, &key));
            let (Some(place), Some(source)) = (place, source) else {
                break;
            };
            let target = KeyColumn::new(&columns[place].name, &columns[place].of_type, dialect);
            let both = KeyColumn::new(&format!("c{place}"), &source.of_type, dialect);
            let (Ok(target), Ok(both)) = (target, both) else {
                break;
            };
            keys.push((target, both));
        }
        let paired = (keys.len() == backfill.key.len()).then(|| {
            let (target, both) = keys.into_iter().unzip();
            Paired {
                target: Key::new(target, dialect),
                both: Key::new(both, dialect),
            }
        });
        let compared = columns
            .iter()
            .enumerate()
            .filter(|(place, _)| !statement.items[*place].varies);
        let mut copy = Copy {
            dialect,
            target,
            columns: columns
                .iter()
                .map(|column| quoted(&column.name, dialect))
                .collect(),
            compared: compared
                .filter_map(|(place, column)| Some((place, Text::of(column, dialect)?)))
                .collect(),
            is_whole: self.pair_of(job, prepared, &statement).is_some() || !(statement.upserts || job.shared),
            statement,
            paired,
        };
        if let Some(paired) = &copy.paired {
            let mut binder = self.binder();
            let row = super::statement::batched(job)
                .map_err(Stumble::Fatal)?
                .row
                .clone();
            let sums = copy.sums(
                prepared,
                paired,
                &format!("{row}."),
                Rows::Between(None, None),
                true,
                &mut binder,
            );
            // Not executed: a type that cannot be compared as text shows here.
            match self.rows(&format!("EXPLAIN {sums}"), &binder).await {
                Ok(_) => {}
                Err(error) if error.may_pass() => return Err(stumbled("look at the table", error)),
                Err(_) => copy.paired = None,
            }
        }
        Ok(Some(Arc::new(copy)))
    }

    /// What the database keeps equal of the two tables.
    fn pair_of(&self, job: &Job<'_>, prepared: &Prepared, statement: &Copied) -> Option<TablePair> {
        let dialect = self.session.backend.dialect();
        let target = named_table(&statement.target, dialect).2;
        let visited = prepared.table.rsplit('.').next().unwrap_or(&prepared.table);
        let pairs = job
            .syncs
            .iter()
            .filter(|sync| sync.on.is_some())
            .filter_map(|sync| {
                TablePair::new(
                    sync,
                    dialect,
                    &self.session.namespace.set,
                    &job.migration.change_name(),
                )
                .ok()
            });
        let mut pairs = pairs.filter(|pair| {
            quoted(&pair.old.table, dialect).eq_ignore_ascii_case(visited)
                && pair.new.table.eq_ignore_ascii_case(&target)
        });
        pairs.next()
    }

    /// The keys of these rows that are not the same on both sides, in order.
    pub(super) async fn apart(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        rows: Rows<'_>,
    ) -> Result<Vec<String>, Stumble> {
        let Some(paired) = &copy.paired else {
            return Ok(Vec::new());
        };
        let what = |error: DatabaseError| stumbled("comparison", error);
        let row = format!("{}.", super::statement::batched(job).map_err(Stumble::Fatal)?.row);
        let width = paired.both.width();
        for by_key in [false, true] {
            if copy.dialect == Dialect::Sqlite && !by_key {
                continue;
            }
            let mut binder = self.binder();
            let sql = copy.sums(prepared, paired, &row, rows, by_key, &mut binder);
            let answer = self.rows(&sql, &binder).await.map_err(what)?;
            let sums = copy.read(answer, by_key, width);
            let is_apart =
                |[source, target]: &[Sum; 2]| source != target && (copy.is_whole || source.rows > 0);
            let apart = sums.iter().filter(|(_, sums)| is_apart(sums));
            let apart: Vec<String> = apart.map(|(key, _)| key.clone()).collect();
            if apart.is_empty() || by_key {
                let mut wrong = Vec::new();
                for key in apart {
                    if !self.follows_back(job, prepared, copy, &key).await? {
                        wrong.push(key);
                    }
                }
                return Ok(wrong);
            }
        }
        Ok(Vec::new())
    }

    /// Whether the old side of a row follows from its new one: what the new build wrote is right as well.
    async fn follows_back(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        key: &str,
    ) -> Result<bool, Stumble> {
        let Some(pair) = self.pair_of(job, prepared, &copy.statement) else {
            return Ok(false);
        };
        let Some(backward) = pair.backward.as_ref().filter(|_| pair.both_ways) else {
            return Ok(false);
        };
        let dialect = copy.dialect;
        let table = pair.new.quoted_table();
        let keys = pair.new.keys.iter().zip(&pair.old.keys);
        let keys: Vec<String> = keys
            .map(|(new, old)| {
                format!(
                    "{table}.{} = {DOTTED}{}",
                    quoted(new, dialect),
                    quoted(old, dialect)
                )
            })
            .collect();
        let mut binder = self.binder();
        let one = prepared.key.equals(DOTTED, key, &mut binder);
        let same = pair.old.columns.iter().zip(backward).map(|(column, expression)| {
            let column = format!("{DOTTED}{}", quoted(column, dialect));
            let computed = format!(
                "(SELECT ({expression}) FROM {table} WHERE {})",
                keys.join(" AND ")
            );
            match dialect {
                Dialect::Postgres => format!("{column} IS NOT DISTINCT FROM {computed}"),
                Dialect::Sqlite => format!("{column} COLLATE BINARY IS {computed}"),
                _ => format!("{column} <=> {computed}"),
            }
        });
        let same: Vec<String> = same.collect();
        let paired = format!("EXISTS (SELECT 1 FROM {table} WHERE {})", keys.join(" AND "));
        let sql = format!(
            "SELECT '1' FROM {} AS {ROW} WHERE {one} AND {paired} AND {}",
            prepared.table,
            same.join(" AND ")
        );
        let rows = self.rows(&sql, &binder).await;
        Ok(!rows.map_err(|error| stumbled("comparison", error))?.is_empty())
    }

    /// Reads random rows of the source: how many, and the keys of those that the target does not have so.
    pub(super) async fn sample_copies(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        rows: Rows<'_>,
        limit: u32,
    ) -> Result<(u64, Vec<String>), Stumble> {
        let Some(paired) = &copy.paired else {
            return Ok((0, Vec::new()));
        };
        let row = format!("{}.", super::statement::batched(job).map_err(Stumble::Fatal)?.row);
        let mut binder = self.binder();
        let sql = copy.sample(prepared, paired, &row, rows, limit, &mut binder);
        let answer = self.rows(&sql, &binder).await;
        let (read, wrong) = flagged(answer.map_err(|error| stumbled("comparison", error))?);
        let mut apart = Vec::new();
        for key in wrong {
            if !self.follows_back(job, prepared, copy, &key).await? {
                apart.push(key);
            }
        }
        Ok((read, apart))
    }

    /// How many rows there are on both sides.
    pub(super) async fn count_copies(&mut self, copy: &Copy) -> Result<(u64, u64), Stumble> {
        let what = |error| stumbled("comparison", error);
        let text = if copy.dialect.is_mysql_family() {
            "CHAR"
        } else {
            "TEXT"
        };
        let sql = format!(
            "WITH migrate_source ({}) AS ({}) SELECT CAST((SELECT count(*) FROM migrate_source) AS {text}), \
             CAST((SELECT count(*) FROM {}) AS {text})",
            copy.places(),
            copy.source("1 = 1"),
            copy.target
        );
        self.hurry(false).await?;
        let counted = self.ask(&sql).await.map_err(what);
        self.hurry(true).await?;
        let mut counted = counted?
            .into_iter()
            .flatten()
            .flatten()
            .map(|count| count.parse().unwrap_or(0));
        Ok((counted.next().unwrap_or(0), counted.next().unwrap_or(0)))
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
