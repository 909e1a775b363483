//! Rows for the tables of a schema: the same ones each time, with the values at the edge of what a column takes.

mod candidates;
mod multiply;

use std::collections::{BTreeMap, BTreeSet};

use migrate_core::Dialect;

use crate::link::{Link, Value, message};
use crate::structure::{self, Column, Reference, Table, Tables};
pub(crate) use multiply::multiplied;

/// How many rows a table gets.
const ROWS: usize = 8;
/// How often a row is put together in another way before the table is given up.
const ATTEMPTS: usize = 60;

/// Which values are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// What the schema permits: NULL, empty, extremes, repetitions.
    Edges,
    /// What an application usually writes: every column given, nothing extreme, no value twice.
    Plain,
    /// The same, with NULL wherever it may be.
    Sparse,
    /// No rows at all.
    Empty,
}

impl Level {
    /// What is tried where this is refused.
    pub(crate) fn gentler(self) -> Option<Self> {
        match self {
            Level::Edges => Some(Level::Plain),
            Level::Plain => Some(Level::Sparse),
            Level::Sparse => Some(Level::Empty),
            Level::Empty => None,
        }
    }
}

/// What became of the tables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seeded {
    /// How many rows were written.
    pub(crate) rows: usize,
    /// The tables that took none, and what the database said.
    pub(crate) refused: BTreeMap<String, String>,
}

/// Writes rows.
pub(crate) struct Seeder {
    dialect: Dialect,
    level: Level,
    /// Given to values that must not repeat.
    number: u32,
    random: u64,
}

impl Seeder {
    pub(crate) fn new(dialect: Dialect, level: Level) -> Self {
        Self {
            dialect,
            level,
            number: 7000,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }

    pub(crate) fn set_level(&mut self, level: Level) {
        self.level = level;
    }

    /// Puts rows into each table that has fewer than `wanted` says; one that wants none is not even counted. `narrow` are
    /// tables as they were before: where a column is in both, the rows fit both.
    pub(crate) async fn seed(
        &mut self,
        link: &mut impl Link,
        tables: &Tables,
        narrow: Option<&Tables>,
        wanted: impl Fn(&str) -> usize,
    ) -> Result<Seeded, sqlx::Error> {
        let mut seeded = Seeded::default();
        if self.level == Level::Empty {
            return Ok(seeded);
        }
        // One transaction costs less than one for each row; but PostgreSQL's does not outlive a row that is refused.
        let together = self.dialect != Dialect::Postgres;
        if together {
            link.execute("BEGIN").await?;
        }
        for name in in_order(tables) {
            let table = &tables[name];
            let wanted = wanted(name);
            if table.columns.is_empty() || wanted == 0 {
                continue;
            }
            let there: usize = first(link.rows(&self.count(table)).await?)
                .and_then(|count| count.parse().ok())
                .unwrap_or(0);
            if there >= wanted {
                continue;
            }
            let before = narrow.and_then(|tables| tables.get(name));
            let (rows, error) = self.fill(link, tables, table, before, ROWS).await?;
            seeded.rows += rows;
            if rows == 0 && there == 0 {
                seeded.refused.insert(name.clone(), error.unwrap_or_default());
            }
        }
        if together {
            link.execute("COMMIT").await?;
        }
        Ok(seeded)
    }

    async fn fill(
        &mut self,
        link: &mut impl Link,
        tables: &Tables,
        table: &Table,
        before: Option<&Table>,
        rows: usize,
    ) -> Result<(usize, Option<String>), sqlx::Error> {
        let mut written = 0;
        let mut last_error = None;
        for row in 0..rows {
            for attempt in 0..ATTEMPTS {
                let values = self.row(link, tables, table, before, row, attempt).await?;
                match link.execute(&insert(self.dialect, table, &values)).await {
                    Ok(()) => {
                        written += 1;
                        break;
                    }
                    Err(error) if error.as_database_error().is_none() => return Err(error),
                    Err(error) => last_error = Some(message(&error)),
                }
            }
            // A table that refuses everything refuses the next row as well.
            if written == 0 {
                break;
            }
        }
        Ok((written, last_error))
    }

    /// A row that the table may take: of each attempt another one.
    pub(crate) async fn row<'t>(
        &mut self,
        link: &mut impl Link,
        tables: &Tables,
        table: &'t Table,
        before: Option<&Table>,
        row: usize,
        attempt: usize,
    ) -> Result<Vec<(&'t Column, Value)>, sqlx::Error> {
        let mut values: BTreeMap<&str, Value> = BTreeMap::new();
        for reference in &table.references {
            let optional = reference
                .columns
                .iter()
                .any(|name| table.column(name).is_some_and(|column| column.nullable));
            // Later attempts find each mixture, for a check that wants exactly one of two.
            let none = match self.level {
                Level::Edges if attempt < 3 => row % 4 == 3,
                Level::Sparse if attempt < 3 => true,
                _ if attempt < 3 => false,
                _ => self.random().is_multiple_of(2),
            };
            let found = if optional && none {
                vec![Value::Null; reference.columns.len()]
            } else {
                self.parent(link, tables, reference, row + attempt).await?
            };
            for (column, value) in reference.columns.iter().zip(found) {
                values.insert(column, value);
            }
        }
        let earlier: Vec<&Table> = before.into_iter().collect();
        let unique: BTreeSet<&str> = earlier
            .iter()
            .copied()
            .chain([table])
            .flat_map(|table| &table.unique)
            .flatten()
            .map(String::as_str)
            .collect();
        self.number += 1;
        let mut row_values = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            if column.given {
                continue;
            }
            let value = match values.remove(column.name.as_str()) {
                Some(value) => value,
                None => {
                    let (narrow, of) =
                        match before.and_then(|before| Some((before.column(&column.name)?, before))) {
                            Some((narrow, of)) if narrow.type_name != column.type_name || column.nullable => {
                                (narrow, of)
                            }
                            _ => (column, table),
                        };
                    let (candidates, named) = candidates::of(narrow, of, self.dialect, self.level);
                    // The first attempts go through the values that are worth most in turn, so that each is used,
                    // and not those of all columns in the same row.
                    let pick = if attempt < 3 {
                        in_turn(row, index, attempt, candidates.len().min(ROWS))
                    } else if named > 0 && !self.random().is_multiple_of(4) {
                        // Checks on several columns are met together only by what they name.
                        self.random() as usize % named
                    } else {
                        self.random() as usize % candidates.len()
                    };
                    let value = &candidates[pick];
                    // Where a check names the only values there are, they have to repeat in the end.
                    let distinct = unique.contains(column.name.as_str()) && attempt < ATTEMPTS / 2;
                    if distinct || (self.level != Level::Edges && attempt < 3) {
                        candidates::distinct(value, &narrow.kind, self.number)
                    } else {
                        value.clone()
                    }
                }
            };
            row_values.push((column, value));
        }
        Ok(row_values)
    }

    /// The key of a row that is there to be referred to.
    pub(crate) async fn parent(
        &self,
        link: &mut impl Link,
        tables: &Tables,
        reference: &Reference,
        pick: usize,
    ) -> Result<Vec<Value>, sqlx::Error> {
        let nothing = || vec![Value::Null; reference.columns.len()];
        let Some(parent) = find(tables, &reference.table) else {
            return Ok(nothing());
        };
        let columns: Vec<String> = reference
            .foreign
            .iter()
            .filter_map(|name| parent.column(name))
            .map(|column| structure::literal(self.dialect, column))
            .collect();
        if columns.len() != reference.columns.len() {
            return Ok(nothing());
        }
        let sql = format!(
            "SELECT DISTINCT {} FROM {} ORDER BY 1 LIMIT 20",
            columns.join(", "),
            parent.sql
        );
        let rows = link.rows(&sql).await?;
        if rows.is_empty() {
            return Ok(nothing());
        }
        let row = &rows[pick % rows.len()];
        Ok(row
            .iter()
            .map(|literal| Value::parse(literal.as_deref().unwrap_or("NULL")))
            .collect())
    }

    /// A value for a parameter that is compared with, or assigned to, a column.
    pub(crate) fn value(&mut self, table: &Table, column: &Column) -> Value {
        let (candidates, _) = candidates::of(column, table, self.dialect, Level::Plain);
        self.number += 1;
        candidates[self.number as usize % candidates.len()].clone()
    }

    /// A number that no generated row has.
    pub(crate) fn unused(&mut self) -> Value {
        self.number += 1;
        Value::Integer(1_000_000 + i64::from(self.number))
    }

    fn random(&mut self) -> u64 {
        // Xorshift: the same numbers on every machine.
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random >> 33
    }

    /// The query for the number of rows of a table.
    pub(crate) fn count(&self, table: &Table) -> String {
        format!("SELECT {} FROM {}", as_text(self.dialect, "count(*)"), table.sql)
    }
}

/// Which of so many values a column has in a row, so that each is used. Two columns of two or three values meet in every
/// mixture of them: what a migration does with one of two flags shows only where they differ.
fn in_turn(row: usize, column: usize, attempt: usize, values: usize) -> usize {
    let place = match values {
        // Two different sets of the three bits of a row's number are odd in different rows.
        2 => (row & (1 + column % (ROWS - 1))).count_ones() as usize,
        3 => row + column * (row / 3),
        _ => row + 3 * column,
    };
    (place + attempt * column) % values
}

/// The expression as text, which is what connections read.
pub(crate) fn as_text(dialect: Dialect, expression: &str) -> String {
    let text = if dialect.is_mysql_family() { "char" } else { "text" };
    format!("CAST({expression} AS {text})")
}

/// The first value of the first row.
pub(crate) fn first(rows: crate::link::Rows) -> Option<String> {
    rows.into_iter().next()?.into_iter().next()?
}

fn find<'a>(tables: &'a Tables, name: &str) -> Option<&'a Table> {
    tables.get(name).or_else(|| {
        let same = |(other, _): &(&String, &Table)| other.eq_ignore_ascii_case(name);
        tables.iter().find(same).map(|(_, table)| table)
    })
}

/// The statement that writes a row.
pub(crate) fn insert(dialect: Dialect, table: &Table, values: &[(&Column, Value)]) -> String {
    if values.is_empty() {
        return if dialect.is_mysql_family() {
            format!("INSERT INTO {} () VALUES ()", table.sql)
        } else {
            format!("INSERT INTO {} DEFAULT VALUES", table.sql)
        };
    }
    let names: Vec<&str> = values.iter().map(|(column, _)| column.name.as_str()).collect();
    let literals: Vec<String> = values.iter().map(|(_, value)| literal(dialect, value)).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.sql,
        structure::list(dialect, &names),
        literals.join(", ")
    )
}

fn literal(dialect: Dialect, value: &Value) -> String {
    match (dialect, value) {
        (Dialect::Postgres, value) => value.literal(),
        (_, Value::Integer(number)) => number.to_string(),
        (_, Value::Float(number)) => format!("{number:e}"),
        (_, Value::Bytes(bytes)) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{hex}'")
        }
        // These read a backslash in a string as the start of something.
        (dialect, Value::Text(text)) if dialect.is_mysql_family() => {
            format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
        }
        (_, value) => value.literal(),
    }
}

/// The tables, those that others refer to first. A circle begins where a reference may be NULL.
fn in_order(tables: &Tables) -> Vec<&String> {
    let mut done: BTreeSet<&String> = BTreeSet::new();
    let mut order = Vec::new();
    while order.len() < tables.len() {
        let is_there = |own: &str, reference: &Reference| {
            reference.table == own
                || done
                    .iter()
                    .any(|done| done.eq_ignore_ascii_case(&reference.table))
                || find(tables, &reference.table).is_none()
        };
        let is_optional = |table: &Table, reference: &Reference| {
            let mut columns = reference.columns.iter().filter_map(|name| table.column(name));
            columns.any(|column| column.nullable)
        };
        let left = || tables.iter().filter(|(name, _)| !done.contains(name));
        let is_ready = |may_be_null: bool| {
            left().find(|(name, table)| {
                let there =
                    |reference| is_there(name, reference) || (may_be_null && is_optional(table, reference));
                table.references.iter().all(there)
            })
        };
        let next = is_ready(false)
            .or_else(|| is_ready(true))
            .or_else(|| left().next());
        let Some((name, _)) = next else { break };
        done.insert(name);
        order.push(name);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::Kind;

    fn table(references: &[(&str, bool)]) -> Table {
        let column = |(to, nullable): &(&str, bool)| Column {
            name: format!("{to}_id"),
            kind: Kind::Uuid,
            type_name: String::new(),
            nullable: *nullable,
            given: false,
        };
        let reference = |(to, _): &(&str, bool)| Reference {
            columns: vec![format!("{to}_id")],
            table: (*to).to_owned(),
            foreign: vec!["id".to_owned()],
        };
        Table {
            columns: references.iter().map(column).collect(),
            references: references.iter().map(reference).collect(),
            ..Table::default()
        }
    }

    #[test]
    fn columns_of_few_values_meet_in_every_mixture() {
        for (values, mixtures) in [(2, 4), (3, 8)] {
            for (one, other) in [(0, 1), (1, 2), (0, 5), (2, 6)] {
                let met: BTreeSet<_> = (0..ROWS)
                    .map(|row| (in_turn(row, one, 0, values), in_turn(row, other, 0, values)))
                    .collect();
                assert_eq!(
                    met.len(),
                    mixtures,
                    "{values} values in the columns {one} and {other}"
                );
            }
        }
    }

    #[test]
    fn circles_begin_where_null_may_stand() {
        let tables = [
            ("access", table(&[("session", false)])),
            ("email", table(&[("user", false)])),
            ("session", table(&[("user", false), ("session", true)])),
            ("user", table(&[("email", true)])),
        ];
        let tables: Tables = tables.map(|(name, table)| (name.to_owned(), table)).into();
        assert_eq!(in_order(&tables), ["user", "email", "session", "access"]);
    }
}
