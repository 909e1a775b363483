//! The verify queries of a migration.

use super::backend::{DatabaseError, Transacted};
use super::connection_error;
use super::session::SqlSession;
use crate::change::{LogEntry, Occurrence};
use crate::error::{Error, Kind};
use crate::model::directives::Expectation;
use crate::model::{Migration, Section, Statement, Verify};

/// The names of what the log keeps of a query that compares before and after.
const ATTEMPT: &str = "attempt";
const QUERY: &str = "verify";
const BEFORE: &str = "before";

/// The one statement of a query.
pub(in crate::database::sql) fn text_of(query: &Section) -> &str {
    query.iter().next().map_or("", |(_, sql)| sql)
}

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

    /// Writes down, in the transaction that is open, what the queries answered before the first statement: a run that goes
    /// on behind a crash finds the data half changed.
    pub(super) async fn keep_values(
        &mut self,
        migration: &Migration,
        attempt: u32,
        before: &[Option<String>],
    ) -> Result<(), Error> {
        let compares = migration.verify.iter().zip(before);
        let compares: Vec<_> = compares
            .filter(|(verify, _)| verify.expectation == Expectation::Unchanged)
            .collect();
        if compares.is_empty() {
            return Ok(());
        }
        let at_ms = self.now_ms().await?;
        let instance = self.backend.options().instance.clone();
        let entries: Vec<LogEntry> = compares
            .into_iter()
            .map(|(verify, answer)| {
                let mut figures = vec![
                    (ATTEMPT.to_owned(), attempt.to_string()),
                    (QUERY.to_owned(), text_of(&verify.query).to_owned()),
                ];
                // No figure is what NULL is.
                figures.extend(answer.clone().map(|answer| (BEFORE.to_owned(), answer)));
                LogEntry {
                    id: 0,
                    at_ms,
                    change: migration.change_name().to_string(),
                    version: Some(migration.version),
                    what: Occurrence::Noted,
                    instance: instance.clone(),
                    build: String::new(),
                    figures,
                }
            })
            .collect();
        self.add_to_log(&entries).await
    }

    /// What was written down. Where `is_untouched`, no statement has run yet, and what is missing is asked now.
    pub(super) async fn kept_values(
        &mut self,
        migration: &Migration,
        attempt: u32,
        is_untouched: bool,
    ) -> Result<Vec<Option<String>>, Error> {
        let is_compared = |verify: &Verify| verify.expectation == Expectation::Unchanged;
        if !migration.verify.iter().any(is_compared) {
            return Ok(vec![None; migration.verify.len()]);
        }
        let log = self.log().await?;
        let attempt_text = attempt.to_string();
        let kept = |verify: &Verify| {
            log.iter().rev().find(|entry| {
                entry.version == Some(migration.version)
                    && entry.figure(ATTEMPT) == Some(&attempt_text)
                    && entry.figure(QUERY) == Some(text_of(&verify.query))
            })
        };
        let mut values = Vec::new();
        for verify in migration.verify.iter() {
            match kept(verify) {
                _ if !is_compared(verify) => values.push(None),
                Some(entry) => values.push(entry.figure(BEFORE).map(str::to_owned)),
                None if is_untouched => {
                    let before = self.values_before(migration).await?;
                    self.begin(Transacted::Ours).await?;
                    let written = match self.keep_values(migration, attempt, &before).await {
                        Ok(()) => self
                            .backend
                            .commit()
                            .await
                            .map_err(|error| connection_error("the history cannot be written", error)),
                        Err(error) => Err(error),
                    };
                    if written.is_err() {
                        // The reason of the failure is the one to tell.
                        let _ = self.backend.rollback().await;
                    }
                    return written.map(|()| before);
                }
                None => return Err(not_known(migration, &verify.query)),
            }
        }
        Ok(values)
    }

    async fn now_ms(&mut self) -> Result<u64, Error> {
        let select = format!("SELECT {}", super::backfill::now_ms(&*self.backend));
        let rows = self.backend.rows(&select, &[]).await;
        let rows = rows.map_err(|error| connection_error("the time cannot be read", error))?;
        let text = rows.into_iter().flatten().flatten().next();
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    /// Asks the verify queries.
    pub(super) async fn verify(
        &mut self,
        migration: &Migration,
        before: &[Option<String>],
    ) -> Result<(), Error> {
        let before: Vec<_> = before.iter().cloned().map(Some).collect();
        self.verify_known(migration, &before).await
    }

    /// Asks every verify query, of which what it answered before is known, or not.
    pub(super) async fn verify_known(
        &mut self,
        migration: &Migration,
        before: &[Option<Option<String>>],
    ) -> Result<(), Error> {
        for (index, verify) in migration.verify.iter().enumerate() {
            let expected = match &verify.expectation {
                Expectation::Zero => Some("0".to_owned()),
                Expectation::Equals(literal) => Some(literal.to_string()),
                Expectation::Unchanged => match before.get(index) {
                    Some(Some(before)) => before.clone(),
                    _ => return Err(not_known(migration, &verify.query)),
                },
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
                .migration(migration)
                .help("let it answer one row with one column, such as the `count(*)` of the rows that are wrong"),
                query,
            )),
        }
    }
}

fn not_known(migration: &Migration, query: &Section) -> Error {
    let message = format!(
        "migration {migration}: what a verify query answered before the first statement is not known"
    );
    let error = Error::new(Kind::Verification, message).migration(migration).help(
        "statements of the file have run since, or the query came to the file later. Compare by hand, replace `unchanged` by \
         `equals <the value from before>`, and call `repair`, or `resume` the backfill",
    );
    at_first(error, query)
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
