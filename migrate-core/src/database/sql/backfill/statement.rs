//! The statements of a backfill over a range of keys.

use std::sync::Arc;

use super::assigned::{By, differs};
use super::copied::Copy;
use super::fields::Fields;
use super::key::{Binder, Key};
use super::prepare::Found;
use crate::database::mover::Job;
use crate::error::{Error, Kind};
use crate::model::Dialect;
use crate::model::directives::{Assignment, Batched};
use crate::script::words::Words;
use crate::sync::{Pair, quoted};

/// What a row is called in our own queries, and that with its point.
pub(super) const ROW: &str = "migrate_row";
pub(super) const DOTTED: &str = "migrate_row.";

/// What a session knows of a backfill it works on.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) key: Key,
    /// The visited table, quoted and qualified as the directive names it.
    pub(super) table: String,
    /// The condition of rows that are not right yet, where it can be said and the server takes it.
    pub(super) guard: Option<String>,
    /// The same, where values that a collation takes for one are two.
    pub(super) strict: Option<String>,
    /// Whether rows are compared by the guard: what it says is the same each time.
    pub(super) is_compared: bool,
    /// The columns that an UPDATE does not assign, as texts of a row: what it is computed from is among them.
    pub(super) source: Vec<String>,
    /// The two sides of an INSERT … SELECT, where they are known.
    pub(super) copy: Option<Arc<Copy>>,
    /// The columns that Rust code reads and writes.
    pub(super) fields: Fields,
}

/// The table as the directive names it, quoted; and its parts.
pub(super) fn named_table(written: &str, dialect: Dialect) -> (String, Option<String>, String) {
    let mut parts = Words::new(written, dialect).qualified_name().unwrap_or_default();
    let name = parts.pop().unwrap_or_else(|| written.to_owned());
    let schema = parts.pop();
    let whole = match &schema {
        Some(schema) => format!("{}.{}", quoted(schema, dialect), quoted(&name, dialect)),
        None => quoted(&name, dialect),
    };
    (whole, schema, name)
}

/// The statement of the file, which a backfill always has here.
pub(super) fn batched<'a>(job: &Job<'a>) -> Result<&'a Batched, Error> {
    let backfill = job.migration.backfill.as_ref();
    backfill
        .and_then(|backfill| backfill.batched.as_ref())
        .ok_or_else(|| {
            let message = format!(
                "migration {} has no statement that moves data in batches",
                job.migration
            );
            Error::new(Kind::NotYet, message).migration(job.migration)
        })
}

/// The columns that the statement does not assign, as texts that change with their values.
pub(super) fn source(batched: &Batched, columns: &[Found], dialect: Dialect) -> Vec<String> {
    let assigned: Vec<String> = batched
        .assignments
        .iter()
        .map(|one| named_table(&one.column, dialect).2.to_lowercase())
        .collect();
    let read = columns
        .iter()
        .filter(|column| !assigned.contains(&column.name.to_lowercase()));
    let shown = read.map(|column| {
        let name = format!("{DOTTED}{}", quoted(&column.name, dialect));
        match dialect {
            Dialect::Postgres => format!("CAST({name} AS text)"),
            Dialect::Sqlite => super::key::dynamic(&name),
            // Bytes and shapes are no texts.
            Dialect::Mysql | Dialect::MariaDb => digest(dialect, &name),
        }
    });
    shown.collect()
}

/// The digest of a text, as hexadecimal digits. MySQL has no MD5 any more since 9.6.
pub(super) fn digest(dialect: Dialect, text: &str) -> String {
    match dialect {
        Dialect::Mysql => format!("SHA2({text}, 256)"),
        _ => format!("MD5({text})"),
    }
}

/// The rows that the statement would change, and that are not right as they are: those that another build wrote from
/// the new side are, where their old side follows from it. `columns` are those of the table; what is compared with one
/// of them is what it would keep of the expression.
pub(super) fn guard(
    job: &Job<'_>,
    batched: &Batched,
    set: &str,
    dialect: Dialect,
    columns: &[Found],
    by: By,
) -> Option<String> {
    if batched.assignments.is_empty() {
        return None;
    }
    let row = &batched.row;
    let name = |written: &str| {
        let mut parts = Words::new(written, dialect).qualified_name().unwrap_or_default();
        parts.pop().unwrap_or_default().to_lowercase()
    };
    let differs = |column: &str, left: &str, right: &str| {
        let known = columns
            .iter()
            .find(|known| known.name.to_lowercase() == name(column));
        differs(known, by, left, right, dialect)
    };
    let changed = |Assignment { column, expression }: &Assignment| {
        differs(column, &format!("{row}.{column}"), expression)
    };
    let changed: Vec<String> = batched.assignments.iter().map(changed).collect();
    let mut guard = format!("({})", changed.join(" OR "));
    let assigned: Vec<String> = batched
        .assignments
        .iter()
        .map(|Assignment { column, .. }| name(column))
        .collect();
    let change = job.migration.change_name();
    for sync in job.syncs.iter().filter(|sync| sync.both_ways) {
        let Ok(pair) = Pair::new(sync, dialect, set, &change) else {
            continue;
        };
        let Some(backward) = &pair.backward else { continue };
        if !pair
            .new
            .iter()
            .all(|column| assigned.contains(&column.to_lowercase()))
        {
            continue;
        }
        let apart = pair.old.iter().zip(backward).map(|(column, expression)| {
            // A derived table of MySQL sees no columns of the row outside; there is only one table to see.
            let computed = match dialect.is_mysql_family() {
                true => expression.clone(),
                false => pair.computed(std::slice::from_ref(expression), &pair.new, &format!("{row}.")),
            };
            let column = pair.quoted(column);
            differs(&column, &format!("{row}.{column}"), &computed)
        });
        let apart: Vec<String> = apart.collect();
        guard.push_str(&format!(" AND ({})", apart.join(" OR ")));
    }
    Some(guard)
}

impl Prepared {
    /// Whether Rust code writes a column of the key.
    pub(super) fn writes_key(&self) -> bool {
        let names = self.key.names("");
        let mut written = self
            .fields
            .written
            .iter()
            .filter_map(|index| self.fields.read.get(*index));
        written.any(|field| names.iter().any(|name| name.eq_ignore_ascii_case(field.name())))
    }

    /// The statement that moves the rows of a range.
    pub(super) fn moving(
        &self,
        batched: &Batched,
        low: Option<&str>,
        high: Option<&str>,
        binder: &mut Binder,
    ) -> String {
        let mut range = self.key.range(&format!("{}.", batched.row), low, high, binder);
        if let Some(guard) = self.strict.as_ref().or(self.guard.as_ref()) {
            range = format!("{range} AND ({guard})");
        }
        batched.statement(&range)
    }

    /// The query of the key that is `rows` rows behind `low`, if there are so many up to `high`.
    pub(super) fn boundary(
        &self,
        low: Option<&str>,
        high: Option<&str>,
        rows: u64,
        binder: &mut Binder,
    ) -> String {
        format!(
            "SELECT {} FROM {} AS {ROW} WHERE {} ORDER BY {} LIMIT 1 OFFSET {}",
            self.key.select(DOTTED),
            self.table,
            self.key.range(DOTTED, low, high, binder),
            self.key.order(DOTTED, false),
            rows.saturating_sub(1)
        )
    }

    /// The query that does nothing but lock the rows of a range.
    pub(super) fn rows(&self, low: Option<&str>, high: &str, lock: &str, binder: &mut Binder) -> String {
        let range = self.key.range(DOTTED, low, Some(high), binder);
        format!("SELECT 1 FROM {} AS {ROW} WHERE {range} {lock}", self.table)
    }

    /// The same of the rows of these keys.
    pub(super) fn rows_among(&self, keys: &[String], lock: &str, binder: &mut Binder) -> String {
        let among = self.key.among(DOTTED, keys, binder);
        format!("SELECT 1 FROM {} AS {ROW} WHERE {among} {lock}", self.table)
    }

    /// The query of the last key of the table.
    pub(super) fn last(&self) -> String {
        format!(
            "SELECT {} FROM {} AS {ROW} ORDER BY {} LIMIT 1",
            self.key.select(DOTTED),
            self.table,
            self.key.order(DOTTED, true)
        )
    }

    /// The query of how many rows there are in a range, as a text.
    pub(super) fn count(
        &self,
        dialect: Dialect,
        low: Option<&str>,
        high: Option<&str>,
        binder: &mut Binder,
    ) -> String {
        let text = if dialect.is_mysql_family() { "CHAR" } else { "TEXT" };
        let range = self.key.range("", low, high, binder);
        format!(
            "SELECT CAST(count(*) AS {text}) FROM {} WHERE {range}",
            self.table
        )
    }

    /// The query of rows that are not right, of those that `rows` selects; `None` where the statement does not say
    /// what is right.
    pub(super) fn divergent(&self, batched: &Batched, rows: &str, limit: u32) -> Option<String> {
        let guard = self.guard.as_ref().filter(|_| self.is_compared)?;
        let guard = self.strict.as_ref().unwrap_or(guard);
        let given = given(batched);
        let row = format!("{}.", batched.row);
        Some(format!(
            "SELECT {} FROM {}{} WHERE {rows}{given} AND ({guard}) ORDER BY {} LIMIT {limit}",
            self.key.select(&row),
            self.table,
            alias(&batched.row),
            self.key.order(&row, false)
        ))
    }

    /// How many rows are not right, of those that `rows` selects.
    pub(super) fn count_divergent(&self, dialect: Dialect, batched: &Batched, rows: &str) -> Option<String> {
        let guard = self.guard.as_ref().filter(|_| !batched.joined)?;
        let guard = self.strict.as_ref().unwrap_or(guard);
        let text = if dialect.is_mysql_family() { "CHAR" } else { "TEXT" };
        Some(format!(
            "SELECT CAST(count(*) AS {text}) FROM {}{} WHERE {rows}{} AND ({guard})",
            self.table,
            alias(&batched.row),
            given(batched)
        ))
    }

    /// The query of random rows, of those that `rows` selects: their keys, and whether they are not right.
    pub(super) fn sample(&self, batched: &Batched, rows: &str, random: &str, limit: u32) -> Option<String> {
        let guard = self.guard.as_ref().filter(|_| self.is_compared)?;
        let guard = self.strict.as_ref().unwrap_or(guard);
        let row = format!("{}.", batched.row);
        Some(format!(
            "SELECT {}, CASE WHEN {guard} THEN '1' ELSE '0' END FROM {}{} WHERE {rows}{} ORDER BY {random} LIMIT {limit}",
            self.key.select(&row),
            self.table,
            alias(&batched.row),
            given(batched)
        ))
    }
}

/// The condition that is written, behind another one.
fn given(batched: &Batched) -> String {
    let given = batched.condition.as_ref();
    given.map_or(String::new(), |given| format!(" AND ({given}\n)"))
}

/// How the table is given the name by which the statement calls its rows. A name with a schema is the table's own.
fn alias(row: &str) -> String {
    match row.contains('.') {
        true => String::new(),
        false => format!(" AS {row}"),
    }
}
