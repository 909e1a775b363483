//! The verify queries of a migration.

use super::backend::DatabaseError;
use super::session::SqlSession;
use crate::error::{Error, Kind};
use crate::model::directives::Expectation;
use crate::model::{Migration, Section, Statement};

impl SqlSession {
    /// The answers of the verify queries that compare before and after.
    pub(super) async fn values_before(
        &mut self,
        migration: &Migration,
    ) -> Result<Vec<Option<String>>, Error> {
        let mut values = Vec::new();
        for verify in migration.verify.iter() {
            values.push(match verify.expectation {
                Expectation::Unchanged => self.answer(migration, &verify.query).await?,
                _ => None,
            });
        }
        Ok(values)
    }

    /// Asks the verify queries.
    pub(super) async fn verify(
        &mut self,
        migration: &Migration,
        before: &[Option<String>],
    ) -> Result<(), Error> {
        for (verify, before) in migration.verify.iter().zip(before) {
            let expected = match &verify.expectation {
                Expectation::Zero => Some("0".to_owned()),
                Expectation::Equals(literal) => Some(literal.to_string()),
                Expectation::Unchanged => before.clone(),
            };
            let found = self.answer(migration, &verify.query).await?;
            if found != expected {
                let shown = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
                let error = Error::new(
                    Kind::Verification,
                    format!(
                        "migration {migration}: a verify query answers {}, expected {}",
                        shown(found),
                        shown(expected)
                    ),
                );
                return Err(at_first(error.migration(migration), &verify.query));
            }
        }
        Ok(())
    }

    async fn answer(&mut self, migration: &Migration, query: &Section) -> Result<Option<String>, Error> {
        let Some((statement, sql)) = query.iter().next() else {
            return Ok(None);
        };
        let rows = self
            .backend
            .rows(sql, &[])
            .await
            .map_err(|error| statement_error(migration, query, statement, error))?;
        match &rows[..] {
            [row] if row.len() == 1 => Ok(row[0].clone()),
            _ => Err(at_first(
                Error::new(
                    Kind::Verification,
                    format!(
                        "migration {migration}: a verify query answers {} rows instead of one value",
                        rows.len()
                    ),
                )
                .migration(migration),
                query,
            )),
        }
    }
}

fn statement_error(
    migration: &Migration,
    section: &Section,
    statement: &Statement,
    error: DatabaseError,
) -> Error {
    Error::new(
        Kind::Statement,
        format!(
            "the database refused a query of migration {migration}: {}",
            error.message
        ),
    )
    .migration(migration)
    .statement(section, statement, error.position)
    .source(*error.source)
}

fn at_first(error: Error, section: &Section) -> Error {
    match section.statements.first() {
        Some(statement) => error.statement(section, statement, None),
        None => error,
    }
}
