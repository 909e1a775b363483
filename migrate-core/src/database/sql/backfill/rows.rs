//! Rows for Rust code, and what becomes of them.

use super::fields::Field;
use super::key::{Binder, encoded};
use super::statement::{DOTTED, Prepared, ROW};
use crate::backfill::Cell;
use crate::database::mover::Source;
use crate::database::sql::backend::DatabaseError;
use crate::database::sql::session::SqlSession;
use crate::model::Dialect;

/// A row, and its new values.
pub(super) type Answered<'a> = (&'a Source, &'a [Option<Cell>]);

/// What became of a row.
pub(super) enum Wrote {
    /// It has its new values.
    Changed,
    /// It is as it was, because that is right.
    Left,
    /// Somebody wrote it since it was read, or removed it.
    Stale,
    /// The database does not take these values.
    Refused(String),
}

impl SqlSession {
    /// The first rows of a range.
    pub(super) async fn read_range(
        &mut self,
        prepared: &Prepared,
        low: Option<&str>,
        high: Option<&str>,
        rows: u32,
    ) -> Result<Vec<Source>, DatabaseError> {
        let mut binder = Binder::new(self.backend.dialect());
        let range = prepared.key.range(DOTTED, low, high, &mut binder);
        let sql = format!(
            "{} WHERE {range} ORDER BY {} LIMIT {rows}",
            selected(prepared),
            prepared.key.order(DOTTED, false)
        );
        self.sources(prepared, &sql, &binder).await
    }

    /// One row, if it is still there.
    pub(super) async fn read_one(
        &mut self,
        prepared: &Prepared,
        key: &str,
    ) -> Result<Option<Source>, DatabaseError> {
        let mut binder = Binder::new(self.backend.dialect());
        let one = prepared.key.equals(DOTTED, key, &mut binder);
        let sql = format!("{} WHERE {one}", selected(prepared));
        Ok(self.sources(prepared, &sql, &binder).await?.pop())
    }

    async fn sources(
        &mut self,
        prepared: &Prepared,
        sql: &str,
        binder: &Binder,
    ) -> Result<Vec<Source>, DatabaseError> {
        let rows = self.backend.rows(sql, &binder.values).await?;
        let sources = rows.into_iter().map(|mut row| {
            let read = row.split_off(prepared.key.width().min(row.len()));
            let key: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
            let fields = prepared.fields.read.iter().zip(&read);
            Source {
                key: encoded(&key),
                attempts: 0,
                cells: fields.map(|(field, read)| field.cell(read.as_deref())).collect(),
                read,
            }
        });
        Ok(sources.collect())
    }

    /// Writes the new values of many rows by one statement, each unless somebody wrote it since it was read: how many were
    /// written. All of them have new values in the same columns, which are none of the key.
    pub(super) async fn write_rows(
        &mut self,
        prepared: &Prepared,
        rows: &[Answered<'_>],
    ) -> Result<u64, DatabaseError> {
        let mut binder = Binder::new(self.backend.dialect());
        let sql = match self.backend.dialect() {
            Dialect::Mysql | Dialect::MariaDb => by_cases(prepared, rows, &mut binder),
            _ => by_values(prepared, rows, &mut binder),
        };
        self.backend.execute(&sql, &binder.values).await
    }

    /// Undoes what was done since [`mark`](Self::mark).
    pub(super) async fn undo(&mut self) -> Result<(), DatabaseError> {
        self.backend.run("ROLLBACK TO SAVEPOINT migrate_rows").await
    }

    /// Marks the place to which rows may be undone.
    pub(super) async fn mark(&mut self) -> Result<(), DatabaseError> {
        self.backend.run("SAVEPOINT migrate_rows").await
    }

    /// Writes the new values of a row, unless somebody wrote it since it was read. With `carefully`, a refusal leaves
    /// the transaction as it was; PostgreSQL gives up the whole of it otherwise.
    pub(super) async fn write_row(
        &mut self,
        prepared: &Prepared,
        source: &Source,
        values: &[Option<Cell>],
        carefully: bool,
    ) -> Result<Wrote, DatabaseError> {
        let mut binder = Binder::new(self.backend.dialect());
        let fields = &prepared.fields;
        let changed = fields.written.iter().zip(values);
        let set: Vec<String> = changed
            .filter_map(|(index, cell)| Some(fields.read[*index].assigned(cell.as_ref()?, &mut binder)))
            .collect();
        if set.is_empty() {
            return Ok(Wrote::Left);
        }
        let mut condition = prepared.key.equals("", &source.key, &mut binder);
        for (field, read) in fields.read.iter().zip(&source.read) {
            condition.push_str(" AND ");
            condition.push_str(&field.unchanged(read.as_deref(), &mut binder));
        }
        let sql = format!(
            "UPDATE {} SET {} WHERE {condition}",
            prepared.table,
            set.join(", ")
        );
        let carefully = carefully && self.backend.dialect() == Dialect::Postgres;
        if carefully {
            self.backend.run("SAVEPOINT migrate_row").await?;
        }
        match self.backend.execute(&sql, &binder.values).await {
            Ok(0) => Ok(Wrote::Stale),
            Ok(_) => Ok(Wrote::Changed),
            Err(error) if error.is_of_values => {
                if carefully {
                    self.backend.run("ROLLBACK TO SAVEPOINT migrate_row").await?;
                }
                Ok(Wrote::Refused(match error.detail {
                    Some(detail) => format!("{}: {detail}", error.message),
                    None => error.message,
                }))
            }
            Err(error) => Err(error),
        }
    }
}

/// The columns that have a new value, with it.
fn changed<'a>(
    prepared: &'a Prepared,
    values: &'a [Option<Cell>],
) -> impl Iterator<Item = (&'a Field, &'a Cell)> {
    let fields = &prepared.fields;
    let written = fields.written.iter().zip(values);
    written.filter_map(|(index, cell)| Some((fields.read.get(*index)?, cell.as_ref()?)))
}

/// One statement for many rows, from a list of their keys, new values and what was read.
fn by_values(prepared: &Prepared, rows: &[Answered<'_>], binder: &mut Binder) -> String {
    let fields = &prepared.fields;
    let text = |placeholder: String| format!("CAST({placeholder} AS text)");
    let listed: Vec<String> = rows
        .iter()
        .map(|(source, values)| {
            let mut row = prepared.key.values(&source.key, binder);
            row.extend(changed(prepared, values).map(|(field, cell)| field.listed(cell, binder)));
            for read in &source.read {
                row.push(text(binder.text_or_null(read.as_deref())));
            }
            format!("({})", row.join(", "))
        })
        .collect();
    let mut column = (1..).map(|number| format!("migrate_new.column{number}"));
    let mut next = || column.next().unwrap_or_default();
    let mut condition: Vec<String> = prepared
        .key
        .names(DOTTED)
        .into_iter()
        .map(|name| format!("{name} = {}", next()))
        .collect();
    let first = rows.first().map_or(&[][..], |(_, values)| values);
    let set: Vec<String> = changed(prepared, first)
        .map(|(field, _)| format!("{} = {}", field.name(), next()))
        .collect();
    condition.extend(fields.read.iter().map(|field| field.is(DOTTED, &next())));
    format!(
        "UPDATE {} AS {ROW} SET {} FROM (VALUES {}) AS migrate_new WHERE {}",
        prepared.table,
        set.join(", "),
        listed.join(", "),
        condition.join(" AND ")
    )
}

/// The same for MySQL and MariaDB, where a list of values has collations of its own.
fn by_cases(prepared: &Prepared, rows: &[Answered<'_>], binder: &mut Binder) -> String {
    let first = rows.first().map_or(&[][..], |(_, values)| values);
    let mut set = Vec::new();
    for (place, (field, _)) in changed(prepared, first).enumerate() {
        let mut cases = String::new();
        for (source, values) in rows {
            let one = prepared.key.equals("", &source.key, binder);
            let cell = changed(prepared, values).nth(place).map(|(_, cell)| cell);
            let value = field.value(cell.unwrap_or(&Cell::Null), binder);
            cases.push_str(&format!(" WHEN {one} THEN {value}"));
        }
        set.push(format!("{} = CASE{cases} END", field.name()));
    }
    let conditions: Vec<String> = rows
        .iter()
        .map(|(source, _)| {
            let mut condition = prepared.key.equals("", &source.key, binder);
            for (field, read) in prepared.fields.read.iter().zip(&source.read) {
                condition.push_str(" AND ");
                condition.push_str(&field.unchanged(read.as_deref(), binder));
            }
            format!("({condition})")
        })
        .collect();
    format!(
        "UPDATE {} SET {} WHERE {}",
        prepared.table,
        set.join(", "),
        conditions.join(" OR ")
    )
}

/// The query of keys and columns.
fn selected(prepared: &Prepared) -> String {
    let Prepared {
        key, table, fields, ..
    } = prepared;
    let shown = fields.read.iter().map(|field| field.shown(DOTTED));
    let columns: Vec<String> = std::iter::once(key.select(DOTTED)).chain(shown).collect();
    format!("SELECT {} FROM {table} AS {ROW}", columns.join(", "))
}
