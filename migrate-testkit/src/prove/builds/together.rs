//! Two builds on one schema: what one writes, the other reads.

use migrate_core::model::directives::Expectation;
use migrate_core::{Migration, Phase, Version};

use super::check::{Step, Walk};
use super::told::unexpected_null;
use crate::database::TestKind;
use crate::error::Error;
use crate::link::Link;
use crate::prove::finding::Finding;
use crate::seed;
use crate::structure::Tables;

impl<K: TestKind> Walk<'_, K> {
    /// What one build writes, the others read, and what is moved already stays right.
    pub(super) async fn together(&mut self, tables: &Tables, step: Step<'_>) -> Result<(), Error> {
        let live: Vec<usize> = (0..self.builds.len())
            .filter(|build| self.is_live(*build))
            .collect();
        let failed = |error| Error::caused("cannot run the queries of two builds in one transaction", error);
        for &writer in &live {
            let writes: Vec<usize> = self.of(writer, true);
            let unlike = |walk: &Self, reader: usize| reader != writer && !walk.of(reader, false).is_empty();
            let readers: Vec<usize> = live
                .iter()
                .copied()
                .filter(|reader| unlike(self, *reader))
                .collect();
            if writes.is_empty() {
                continue;
            }
            let holds_before = self.verified(writer).await.map_err(failed)?;
            for write in writes {
                let query = self.travellers[write].query;
                let mut values = Vec::new();
                for given in 0..query.values.len().max(1) {
                    values.push(match query.values.get(given) {
                        Some(values) => values.clone(),
                        None => self.values(query, tables, 0).await.map_err(failed)?,
                    });
                }
                self.names += 1;
                let name = format!("together_{}", self.names);
                Link::execute(&mut self.links[writer], "BEGIN")
                    .await
                    .map_err(failed)?;
                let mut done = self.links[writer].prepare(&name, &query.sql).await;
                for values in &values {
                    if done.is_ok() {
                        done = Link::run(&mut self.links[writer], &name, &query.sql, values)
                            .await
                            .map(drop);
                    }
                }
                if done.is_ok() {
                    self.after_write(write, writer, &readers, tables, &holds_before, step)
                        .await?;
                }
                Link::execute(&mut self.links[writer], "ROLLBACK")
                    .await
                    .map_err(failed)?;
            }
        }
        Ok(())
    }

    /// The queries of a build that run, those that write or those that read.
    fn of(&self, build: usize, writes: bool) -> Vec<usize> {
        let fits = |index: &usize| {
            let traveller = &self.travellers[*index];
            traveller.build == build
                && !traveller.broken
                && !traveller.untried
                && traveller.query.writes() == writes
        };
        (0..self.travellers.len()).filter(fits).collect()
    }

    async fn after_write(
        &mut self,
        write: usize,
        writer: usize,
        readers: &[usize],
        tables: &Tables,
        holds_before: &[(Version, usize)],
        step: Step<'_>,
    ) -> Result<(), Error> {
        let failed = |error| Error::caused("cannot run the queries of two builds in one transaction", error);
        let holds_now = self.verified(writer).await.map_err(failed)?;
        for (version, index) in holds_before.iter().filter(|held| !holds_now.contains(held)) {
            let Some(migration) = self.prove.set.get(*version) else {
                continue;
            };
            let query = &migration.verify[*index].query;
            let finding = Finding::new(
                format!(
                    "what build {} writes with {} is not moved: the verify query of {migration} does not hold any more",
                    self.builds[writer].name, self.travellers[write].query.name
                ),
                "keep both sides equal while that build runs: `-- migrate:sync old <-> new` in the expand file",
            );
            let finding = finding.at(query).body(&self.travellers[write].query.sql);
            self.findings.push(finding.client(self.chain.client()));
            self.travellers[write].broken = true;
        }
        for &reader in readers {
            for read in self.of(reader, false) {
                let query = self.travellers[read].query;
                self.names += 1;
                let name = format!("together_{}", self.names);
                let values = match query.values.first() {
                    Some(values) => values.clone(),
                    None => self.values(query, tables, 0).await.map_err(failed)?,
                };
                let link = &mut self.links[writer];
                if link.prepare(&name, &query.sql).await.is_err() {
                    continue;
                }
                let Ok(nulls) = Link::run(link, &name, &query.sql, &values).await else {
                    continue;
                };
                let shape = self.travellers[read].shape.clone().unwrap_or_default();
                if let Some(null) = unexpected_null(query, &shape, &nulls) {
                    self.travellers[read].broken = true;
                    let by = format!(
                        "{null}, in what build {} wrote with {}",
                        self.builds[writer].name, self.travellers[write].query.name
                    );
                    let help =
                        "fill the column for what the other build writes: a default, or `-- migrate:sync`";
                    self.told(read, step, "answers with NULL", &by, help);
                }
            }
        }
        Ok(())
    }

    /// The verify queries of what is moved that hold, as seen in the transaction of a build.
    async fn verified(&mut self, build: usize) -> Result<Vec<(Version, usize)>, sqlx::Error> {
        let mut held = Vec::new();
        let migrations = self.prove.set.migrations.clone();
        let moved = |migration: &&Migration| {
            migration.phase == Phase::Migrate && self.applied.contains(&migration.version)
        };
        for migration in migrations.iter().filter(moved) {
            for (index, verify) in migration.verify.iter().enumerate() {
                let expected = match &verify.expectation {
                    Expectation::Zero => "0",
                    Expectation::Equals(literal) => literal,
                    Expectation::Unchanged => continue,
                };
                let Some((_, sql)) = verify.query.iter().next() else {
                    continue;
                };
                if seed::first(self.links[build].rows(sql).await?).as_deref() == Some(expected) {
                    held.push((migration.version, index));
                }
            }
        }
        Ok(held)
    }
}
