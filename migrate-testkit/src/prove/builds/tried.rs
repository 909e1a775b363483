//! One query of a build on one schema: prepared anew, and as a connection has it that prepared it before.

use super::check::{ATTEMPTS, Step, Traveller, Walk};
use super::query::Query;
use super::told::{columns_differ, is_about_values, unexpected_null, why};
use super::values::Maker;
use crate::database::TestKind;
use crate::error::Error;
use crate::link::{Link, Nulls, Shape, Value, message};
use crate::structure::Tables;

const OTHER_COLUMNS: &str = "answers with other columns";
const KEEP_COLUMNS: &str = "the build decodes what it was compiled for: add a new column instead of changing this one, and \
                            name the columns instead of `*`";
const STALE: &str = "was prepared before and fails now";
const NAME_THE_COLUMNS: &str = "name the columns instead of `*`: then new columns do not change what the query answers with. \
                                A connection that has this error keeps it until its statements are cleared";

impl<K: TestKind> Walk<'_, K> {
    pub(super) async fn one(&mut self, index: usize, tables: &Tables, step: Step<'_>) -> Result<(), Error> {
        let Traveller { build, query, .. } = self.travellers[index];
        let prepared = self.travellers[index].prepared.take();
        let shape = self.chain.link.describe(&query.sql).await;
        if let Ok(shape) = &shape
            && self.outgrows_its_driver(index, shape, step)
        {
            return Ok(());
        }
        self.names += 1;
        let name = format!("after_{}", self.names);
        let fresh = match shape {
            Ok(shape) if self.travellers[index].untried => Ok((shape, Nulls::new())),
            Ok(shape) => match self.run(build, &name, query, tables, true).await {
                Ok(nulls) => Ok((shape, nulls)),
                // The server has nothing against the query, only against what was made up for it.
                Err(error) if query.values.is_empty() && self.travellers[index].shape.is_none() => {
                    self.travellers[index].untried = true;
                    let name = &query.name;
                    let (why, what) = match shape.parameters.is_empty() {
                        false => ("made-up values do not suit it", "give it `-- values:`"),
                        true => (
                            "it does not suit the rows that are there",
                            "take the rows of the test away that are in its way, or write parameters for its literals",
                        ),
                    };
                    self.findings.gap(format!(
                        "{name} is only described, as {why} ({}): {what}",
                        message(&error)
                    ));
                    Ok((shape, Nulls::new()))
                }
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        let (shape, nulls) = match fresh {
            Ok(found) => found,
            Err(error) => {
                self.travellers[index].broken = true;
                let known = self.travellers[index].shape.is_some();
                self.told(
                    index,
                    step.filter(|_| known),
                    "fails",
                    &message(&error),
                    why(&error),
                );
                return Ok(());
            }
        };
        let first = self.travellers[index]
            .shape
            .get_or_insert_with(|| shape.clone())
            .clone();
        if let Some(difference) = columns_differ(&first, &shape) {
            self.travellers[index].broken = true;
            self.told(index, step, OTHER_COLUMNS, &difference, KEEP_COLUMNS);
            return Ok(());
        }
        if let Some(null) = unexpected_null(query, &shape, &nulls) {
            self.travellers[index].broken = true;
            let help = "the build reads the column as never NULL: fill it, or let it stay NOT NULL while that build runs";
            self.told(index, step, "answers with NULL", &null, help);
            return Ok(());
        }
        let Some(name) = prepared else { return Ok(()) };
        if let Err(error) = self.run(build, &name, query, tables, false).await {
            self.travellers[index].broken = true;
            let help = if query.sql.contains('*') {
                NAME_THE_COLUMNS
            } else {
                "add a new column instead of changing the type of this one. A connection that has this error keeps it until \
                 its statements are cleared"
            };
            self.told(index, step, STALE, &message(&error), help);
        }
        Ok(())
    }

    /// Whether sqlx, which keeps the columns of a statement of SQLite for as long as it keeps the statement, would meet
    /// others; that is told. It must not run: the worker of that connection panics over more columns and answers without
    /// rows, and over fewer the task does that reads them.
    fn outgrows_its_driver(&mut self, index: usize, shape: &Shape, step: Step<'_>) -> bool {
        let Some(first) = &self.travellers[index].shape else {
            return false;
        };
        let (kept, now) = (first.columns.len(), shape.columns.len());
        if K::DIALECT != migrate_core::Dialect::Sqlite || kept == now {
            return false;
        }
        let told = columns_differ(first, shape);
        self.travellers[index].broken = true;
        match told {
            Some(difference) => self.told(index, step, OTHER_COLUMNS, &difference, KEEP_COLUMNS),
            None => {
                let why = format!(
                    "sqlx keeps the {kept} columns of the statement it prepared, and SQLite answers with {now}: the thread of \
                     the connection panics, and the query ends without its rows"
                );
                self.told(index, step, STALE, &why, NAME_THE_COLUMNS);
            }
        }
        true
    }

    /// Runs a query in a transaction that is taken back.
    pub(super) async fn run(
        &mut self,
        build: usize,
        name: &str,
        query: &Query,
        tables: &Tables,
        prepare: bool,
    ) -> Result<Nulls, sqlx::Error> {
        if prepare {
            self.links[build].prepare(name, &query.sql).await?;
        }
        let mut all = Nulls::new();
        for given in 0..query.values.len().max(1) {
            let mut attempt = 0;
            loop {
                let values = match query.values.get(given) {
                    Some(values) => values.clone(),
                    None => self.values(query, tables, attempt).await?,
                };
                self.runs += 1;
                let link = &mut self.links[build];
                Link::execute(link, "BEGIN").await?;
                let found = Link::run(link, name, &query.sql, &values).await;
                Link::execute(link, "ROLLBACK").await?;
                match found {
                    Ok(nulls) => all.extend(nulls),
                    // What was made up may be refused for what it is.
                    Err(error)
                        if query.values.is_empty() && attempt < ATTEMPTS && is_about_values(&error) =>
                    {
                        attempt += 1;
                        continue;
                    }
                    Err(error) => return Err(error),
                }
                break;
            }
        }
        Ok(all)
    }

    pub(super) async fn values(
        &mut self,
        query: &Query,
        tables: &Tables,
        attempt: usize,
    ) -> Result<Vec<Value>, sqlx::Error> {
        let mut maker = Maker {
            dialect: K::DIALECT,
            link: &mut self.chain.link,
            seeder: &mut self.seeder,
            tables,
        };
        maker.values(query, attempt).await
    }
}
