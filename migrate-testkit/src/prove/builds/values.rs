//! Values for the parameters of queries for which the user gave none.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use migrate_core::Dialect;

use super::query::Query;
use super::target::{Target, Targets, targets};
use crate::link::{Link, Value};
use crate::seed::{self, Seeder};
use crate::structure::{self, Column, Table, Tables};

/// Makes values, from the tables as they are.
pub(super) struct Maker<'a, L> {
    pub(super) dialect: Dialect,
    pub(super) link: &'a mut L,
    pub(super) seeder: &'a mut Seeder,
    pub(super) tables: &'a Tables,
}

/// The new rows of an INSERT, by their number.
type NewRows<'t> = BTreeMap<usize, Vec<(&'t Column, Value)>>;

impl<'a, L: Link> Maker<'a, L> {
    /// Values for the parameters, as far as the text of the query tells what they are.
    pub(super) async fn values(&mut self, query: &Query, attempt: usize) -> Result<Vec<Value>, sqlx::Error> {
        let targets = targets(&query.sql);
        let mut types = Vec::new();
        if !targets.parameters.is_empty() {
            types = self.link.describe(&query.sql).await?.parameters;
        }
        let mut rows = NewRows::new();
        let mut values = Vec::new();
        for (index, target) in targets.parameters.iter().enumerate() {
            let kind = types.get(index).map_or("", String::as_str);
            let value = match target {
                Target::Count => Some(Value::Integer(10)),
                Target::Inserted { table, column, row } => {
                    self.inserted(&mut rows, (table, column), *row, attempt).await?
                }
                Target::Assigned(name) => self.assigned(&targets, name).await?,
                Target::Compared(_) if kind.ends_with("[]") => None,
                Target::Compared(name) => self.there(&targets, name).await,
                Target::Unknown => None,
            };
            values.push(value.unwrap_or_else(|| of_type(kind)));
        }
        Ok(values)
    }

    /// The value of a column in a new row that the table may take.
    async fn inserted(
        &mut self,
        rows: &mut NewRows<'a>,
        (table, name): (&str, &str),
        row: usize,
        attempt: usize,
    ) -> Result<Option<Value>, sqlx::Error> {
        let tables = self.tables;
        let Some(table) = named(tables, table) else {
            return Ok(None);
        };
        let new = match rows.entry(row) {
            Entry::Occupied(new) => new.into_mut(),
            Entry::Vacant(place) => place.insert(
                self.seeder
                    .row(self.link, tables, table, None, row, attempt)
                    .await?,
            ),
        };
        let given = new
            .iter()
            .find(|(column, _)| column.name.eq_ignore_ascii_case(name));
        if let Some((_, value)) = given {
            return Ok(Some(value.clone()));
        }
        // The database would fill it in, but this query does not let it.
        let column = table
            .columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name));
        Ok(column.map(|column| match self.seeder.value(table, column) {
            Value::Integer(_) => self.seeder.unused(),
            value => value,
        }))
    }

    /// A new value for a column: of one that refers to another table, what is there.
    async fn assigned(&mut self, targets: &Targets, name: &str) -> Result<Option<Value>, sqlx::Error> {
        let Some((table, column)) = column_of(self.tables, targets, name) else {
            return Ok(None);
        };
        let refers = |reference: &&structure::Reference| reference.columns == [column.name.clone()];
        if let Some(reference) = table.references.iter().find(refers) {
            let key = self.seeder.parent(self.link, self.tables, reference, 0).await?;
            return Ok(key.into_iter().next());
        }
        Ok(Some(self.seeder.value(table, column)))
    }

    /// A value that is in the column, so that the query finds a row.
    async fn there(&mut self, targets: &Targets, name: &str) -> Option<Value> {
        let (table, column) = column_of(self.tables, targets, name)?;
        let name = structure::quoted(self.dialect, &column.name);
        let sql = format!(
            "SELECT {} FROM {} WHERE {name} IS NOT NULL LIMIT 1",
            structure::literal(self.dialect, column),
            table.sql
        );
        match seed::first(self.link.rows(&sql).await.unwrap_or_default()) {
            Some(literal) => Some(Value::parse(&literal)),
            None => Some(self.seeder.value(table, column)),
        }
    }
}

fn named<'t>(tables: &'t Tables, name: &str) -> Option<&'t Table> {
    let fits = |(other, _): &(&String, &Table)| {
        let last = other.rsplit('.').next().unwrap_or(other);
        last.trim_matches('"').eq_ignore_ascii_case(name)
    };
    tables.iter().find(fits).map(|(_, table)| table)
}

/// The column of that name in one of the tables that the query names.
fn column_of<'t>(tables: &'t Tables, targets: &Targets, name: &str) -> Option<(&'t Table, &'t Column)> {
    let places = targets.tables.iter().filter_map(|table| named(tables, table));
    let mut places = places.filter_map(|table| {
        let column = table
            .columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name));
        Some((table, column?))
    });
    places.next()
}

/// Some value of a type, by its name; a number where there is none.
fn of_type(name: &str) -> Value {
    let text = |text: &str| Value::Text(text.to_owned());
    match name {
        _ if name.ends_with("[]") => text("{}"),
        "" | "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "oid" => Value::Integer(1),
        "bool" => text("true"),
        "uuid" => text("00000000-0000-4000-8000-000000000001"),
        "date" | "timestamp" | "timestamptz" => text("2024-02-29 12:34:56"),
        "time" | "timetz" => text("12:34:56"),
        "interval" => text("1 day"),
        "json" | "jsonb" => text("{}"),
        "text" | "varchar" | "bpchar" | "citext" | "name" | "bytea" => text("a"),
        "inet" | "cidr" => text("127.0.0.1"),
        _ => Value::Null,
    }
}
