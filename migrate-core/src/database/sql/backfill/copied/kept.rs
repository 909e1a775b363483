//! Rows of a copy that triggers keep equal with their source, where they are not what the statement selects: the new
//! build wrote them, or the condition of the statement passes over their source by now.

use std::collections::{BTreeMap, BTreeSet};

use super::super::key::encoded;
use super::super::statement::{DOTTED, Prepared, ROW, batched, named_table};
use super::super::{SqlMover, stumbled};
use super::{Copy, Drawn, Paired, Rows, flagged};
use crate::database::mover::{Job, Stumble};
use crate::model::Dialect;
use crate::script::copied::Copied;
use crate::sync::{TablePair, quoted};

/// How many keys one statement looks at: none of their values can be found by an index.
const TOGETHER: usize = 100;

impl SqlMover {
    /// What the database keeps equal of the two tables.
    pub(super) fn pairs_of(&self, job: &Job<'_>, prepared: &Prepared, statement: &Copied) -> Vec<TablePair> {
        let dialect = self.session.backend.dialect();
        let target = named_table(&statement.target, dialect).2;
        let visited = prepared.table.rsplit('.').next().unwrap_or(&prepared.table);
        let (set, change) = (&self.session.namespace.set, job.migration.change_name());
        let syncs = job.syncs.iter().filter(|sync| sync.on.is_some());
        let pairs = syncs.filter_map(|sync| TablePair::new(sync, dialect, set, &change).ok());
        let is_of_both = |pair: &TablePair| {
            quoted(&pair.old.table, dialect).eq_ignore_ascii_case(visited)
                && pair.new.table.eq_ignore_ascii_case(&target)
        };
        pairs.filter(is_of_both).collect()
    }

    /// Those of these rows, which are not the same on both sides, that are right all the same, because triggers keep them
    /// so. A row that is selected is right if its old side follows from its new one, and all that no trigger writes is as
    /// it is selected; one whose source the condition passes over, if either side follows from the other.
    pub(super) async fn kept_apart(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        keys: &[String],
    ) -> Result<BTreeSet<String>, Stumble> {
        let pairs = self.pairs_of(job, prepared, &copy.statement);
        let mut kept = BTreeSet::new();
        let Some(paired) = copy.paired.as_ref().filter(|_| !pairs.is_empty()) else {
            return Ok(kept);
        };
        let row = format!("{}.", batched(job).map_err(Stumble::Fatal)?.row);
        let what = |error| stumbled("comparison", error);
        for keys in keys.chunks(TOGETHER) {
            // Of each row: whether both sides follow, by every pair; and by which its old side follows from its new one.
            let mut found: BTreeMap<String, (usize, Vec<usize>)> = BTreeMap::new();
            for (index, pair) in pairs.iter().enumerate() {
                let mut binder = self.binder();
                let those = prepared.key.among(DOTTED, keys, &mut binder);
                let sql = format!(
                    "SELECT {}, CASE WHEN {} THEN '1' ELSE '0' END, CASE WHEN {} THEN '1' ELSE '0' END \
                     FROM {} AS {ROW} WHERE {those} AND {}",
                    prepared.key.select(DOTTED),
                    back(pair),
                    consistent(pair),
                    prepared.table,
                    counterpart(pair, prepared, paired),
                );
                for mut row in self.rows(&sql, &binder).await.map_err(what)? {
                    let mut flag = || row.pop().flatten().as_deref() == Some("1");
                    let (is_consistent, is_back) = (flag(), flag());
                    let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
                    let one = found.entry(encoded(&values)).or_default();
                    one.0 += usize::from(is_consistent);
                    one.1.extend(is_back.then_some(index));
                }
            }
            let mut binder = self.binder();
            let selected = copy.sample(prepared, paired, &row, Rows::Among(keys), Drawn::ALL, &mut binder);
            let selected = self.rows(&selected, &binder).await.map_err(what)?;
            let selected: BTreeSet<String> = selected
                .into_iter()
                .map(|mut row| {
                    row.pop();
                    let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
                    encoded(&values)
                })
                .collect();
            let mut by_pairs: BTreeMap<Vec<usize>, Vec<String>> = BTreeMap::new();
            for key in keys {
                match found.remove(key) {
                    Some((consistent, _)) if !selected.contains(key) => {
                        kept.extend((consistent == pairs.len()).then(|| key.clone()));
                    }
                    Some((_, back)) if !back.is_empty() => {
                        by_pairs.entry(back).or_default().push(key.clone());
                    }
                    _ => {}
                }
            }
            for (back, keys) in by_pairs {
                let written = back.iter().flat_map(|index| &pairs[*index].new.columns);
                let written: Vec<String> = written.map(|column| quoted(column, copy.dialect)).collect();
                let mut binder = self.binder();
                let rest = copy.sample(
                    prepared,
                    paired,
                    &row,
                    Rows::Among(&keys),
                    Drawn {
                        except: &written,
                        ..Drawn::ALL
                    },
                    &mut binder,
                );
                let (_, wrong) = flagged(self.rows(&rest, &binder).await.map_err(what)?);
                kept.extend(keys.into_iter().filter(|key| !wrong.contains(key)));
            }
        }
        Ok(kept)
    }

    /// How many rows are on both sides, and how many of those of the target are not selected, and kept by triggers.
    pub(in crate::database::sql::backfill) async fn count_copies(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
    ) -> Result<[u64; 3], Stumble> {
        let text = if copy.dialect.is_mysql_family() {
            "CHAR"
        } else {
            "TEXT"
        };
        let select = |kept: &str| {
            format!(
                "WITH migrate_source ({}) AS ({}) SELECT CAST((SELECT count(*) FROM migrate_source) AS {text}), \
                 CAST((SELECT count(*) FROM {}) AS {text}), CAST({kept} AS {text})",
                copy.places(),
                copy.source("1 = 1"),
                copy.target
            )
        };
        let counted = self.counted(&select("0")).await?;
        let [source, target, _] = counted;
        let pairs = self.pairs_of(job, prepared, &copy.statement);
        let Some(paired) = copy
            .paired
            .as_ref()
            .filter(|_| !pairs.is_empty() && target > source)
        else {
            return Ok(counted);
        };
        let those: Vec<String> = pairs
            .iter()
            .map(|pair| format!("{} AND {}", counterpart(pair, prepared, paired), consistent(pair)))
            .collect();
        let same = paired.places.iter().zip(prepared.key.names(DOTTED));
        let same: Vec<String> = same
            .map(|(place, key)| format!("migrate_source.c{place} = {key}"))
            .collect();
        self.counted(&select(&format!(
            "(SELECT count(*) FROM {} AS {ROW} WHERE {} AND NOT EXISTS (SELECT 1 FROM migrate_source WHERE {}))",
            prepared.table,
            those.join(" AND "),
            same.join(" AND ")
        )))
        .await
    }

    async fn counted(&mut self, sql: &str) -> Result<[u64; 3], Stumble> {
        self.hurry(false).await?;
        let counted = self.ask(sql).await;
        self.hurry(true).await?;
        let counted = counted.map_err(|error| stumbled("comparison", error))?;
        let mut counted = counted.into_iter().flatten().flatten();
        let mut next = || {
            counted
                .next()
                .and_then(|count| count.parse().ok())
                .unwrap_or_default()
        };
        Ok([next(), next(), next()])
    }
}

/// The keys of the two that pair their rows, as a condition of a query within one over the visited table.
fn paired_by(pair: &TablePair) -> String {
    let table = pair.new.quoted_table();
    let keys = pair.new.keys.iter().zip(&pair.old.keys);
    let keys: Vec<String> = keys
        .map(|(new, old)| {
            format!(
                "{table}.{} = {DOTTED}{}",
                quoted(new, pair.dialect),
                quoted(old, pair.dialect)
            )
        })
        .collect();
    keys.join(" AND ")
}

/// Whether the row of the visited table has one on the other side, and that is the one that is copied of it.
fn counterpart(pair: &TablePair, prepared: &Prepared, paired: &Paired) -> String {
    let table = pair.new.quoted_table();
    let keys = pair.new.keys.iter().zip(&pair.old.keys);
    let keys: Vec<(String, String)> = keys
        .map(|(new, old)| (quoted(new, pair.dialect), quoted(old, pair.dialect)))
        .collect();
    let is_key = |new: &str, old: &str| {
        let own = keys.iter();
        let mut own = own.filter(|own| own.0.eq_ignore_ascii_case(new) && own.1.eq_ignore_ascii_case(old));
        own.next().is_some()
    };
    let copied = paired.target.names("").into_iter().zip(prepared.key.names(""));
    // Two columns that nothing else compares may be of types that the server does not compare.
    let copied = copied
        .filter(|(new, old)| !is_key(new, old))
        .map(|(new, old)| match pair.dialect {
            Dialect::Postgres => {
                format!(" AND CAST({table}.{new} AS text) = CAST({DOTTED}{old} AS text)")
            }
            _ => format!(" AND {table}.{new} = {DOTTED}{old}"),
        });
    format!(
        "EXISTS (SELECT 1 FROM {table} WHERE {}{})",
        paired_by(pair),
        copied.collect::<String>()
    )
}

/// Whether either side of a row follows from the other one.
fn consistent(pair: &TablePair) -> String {
    format!("(({}) OR ({}))", forth(pair), back(pair))
}

/// Whether the old side of a row follows from its new one.
fn back(pair: &TablePair) -> String {
    if !pair.both_ways {
        return "1 = 0".to_owned();
    }
    let table = pair.new.quoted_table();
    let by = paired_by(pair);
    let same = pair.old.columns.iter().enumerate().map(|(index, column)| {
        let value = value(pair.backward.as_ref(), &pair.new.columns, index, pair.dialect);
        same(
            &format!("{DOTTED}{}", quoted(column, pair.dialect)),
            &format!("(SELECT {value} FROM {table} WHERE {by})"),
            pair.backward.is_none(),
            pair.dialect,
        )
    });
    same.collect::<Vec<_>>().join(" AND ")
}

/// Whether the new side of a row follows from its old one.
fn forth(pair: &TablePair) -> String {
    let (old, new) = (pair.old.quoted_table(), pair.new.quoted_table());
    let by = paired_by(pair);
    let itself = pair.old.keys.iter().map(|key| {
        let key = quoted(key, pair.dialect);
        format!("{old}.{key} = {DOTTED}{key}")
    });
    let itself = itself.collect::<Vec<_>>().join(" AND ");
    let same = pair.new.columns.iter().enumerate().map(|(index, column)| {
        let value = value(pair.forward.as_ref(), &pair.old.columns, index, pair.dialect);
        same(
            &format!(
                "(SELECT {new}.{} FROM {new} WHERE {by})",
                quoted(column, pair.dialect)
            ),
            &format!("(SELECT {value} FROM {old} WHERE {itself})"),
            pair.forward.is_none(),
            pair.dialect,
        )
    });
    same.collect::<Vec<_>>().join(" AND ")
}

/// What a column of one side is made of, in a query over the table of the other one.
fn value(expressions: Option<&Vec<String>>, columns: &[String], index: usize, dialect: Dialect) -> String {
    match expressions {
        Some(expressions) => format!("({})", expressions[index]),
        None => quoted(&columns[index], dialect),
    }
}

/// Whether two values are the same; where one is a copy of the other, by their bytes, which every type has.
fn same(one: &str, other: &str, is_copy: bool, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres if is_copy => {
            format!(
                "CAST({one} AS text) COLLATE \"C\" IS NOT DISTINCT FROM CAST({other} AS text) COLLATE \"C\""
            )
        }
        Dialect::Postgres => format!("{one} IS NOT DISTINCT FROM {other}"),
        Dialect::Sqlite => format!("{one} COLLATE BINARY IS {other}"),
        _ if is_copy => {
            format!("{one} <=> {other} AND CAST({one} AS BINARY) <=> CAST({other} AS BINARY)")
        }
        _ => format!("{one} <=> {other}"),
    }
}
