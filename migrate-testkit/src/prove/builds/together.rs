//! Two builds on one schema: what one writes, the other reads.

use migrate_core::model::directives::Expectation;
use migrate_core::{Migration, Phase, Version};

use super::check::{ATTEMPTS, Step, Walk};
use super::kept::Kept;
use super::told::{after, is_about_values, unexpected_null};
use crate::database::TestKind;
use crate::error::Error;
use crate::link::{Link, Nulls, Value, message};
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
                self.write(write, writer, &readers, tables, &holds_before, step)
                    .await?;
            }
        }
        Ok(())
    }

    /// Runs one write in a transaction that is taken back, with everything that has to hold in it.
    async fn write(
        &mut self,
        write: usize,
        writer: usize,
        readers: &[usize],
        tables: &Tables,
        holds_before: &[(Version, usize)],
        step: Step<'_>,
    ) -> Result<(), Error> {
        let failed = |error| Error::caused("cannot run the queries of two builds in one transaction", error);
        let query = self.travellers[write].query;
        for attempt in 0..ATTEMPTS {
            let mut values = Vec::new();
            for given in 0..query.values.len().max(1) {
                values.push(match query.values.get(given) {
                    Some(values) => values.clone(),
                    None => self.values(query, tables, attempt).await.map_err(failed)?,
                });
            }
            self.names += 1;
            let name = format!("together_{}", self.names);
            Link::execute(&mut self.links[writer], "BEGIN")
                .await
                .map_err(failed)?;
            let kept = self.kept(writer).await.map_err(failed)?;
            let mut done = self.links[writer].prepare(&name, &query.sql).await;
            for values in &values {
                if done.is_ok() {
                    let run = Link::run(&mut self.links[writer], &name, &query.sql, values).await;
                    done = run.map(drop);
                }
            }
            if done.is_ok() {
                self.after_write(write, writer, readers, tables, holds_before, step)
                    .await?;
                self.sides(write, writer, kept, step).await.map_err(failed)?;
            }
            Link::execute(&mut self.links[writer], "ROLLBACK")
                .await
                .map_err(failed)?;
            match done {
                Ok(()) => return Ok(()),
                // What was made up may be refused for what it is.
                Err(error)
                    if query.values.is_empty() && attempt + 1 < ATTEMPTS && is_about_values(&error) => {}
                Err(error) => {
                    let (name, build) = (&query.name, &self.builds[writer].name);
                    self.findings.gap(format!(
                        "what {name} of build {build} writes was not shown to the other builds {}: {}",
                        after(step),
                        message(&error)
                    ));
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What a build wrote to its side of a sync has to be on the other side as well.
    async fn sides(
        &mut self,
        write: usize,
        writer: usize,
        before: Vec<Kept>,
        step: Step<'_>,
    ) -> Result<(), sqlx::Error> {
        let now = self.kept(writer).await?;
        let query = self.travellers[write].query;
        for kept in now.iter().filter(|kept| kept.judges(&query.sql)) {
            let same = |other: &&Kept| other.migration == kept.migration && other.sync.same_pair(&kept.sync);
            let more = kept.more_than(before.iter().find(same));
            if more == 0 || self.travellers[write].broken {
                continue;
            }
            self.travellers[write].broken = true;
            let finding = Finding::new(
                format!(
                    "what build {} writes with {} is not what the other build reads {}: `{}` leaves the sides unequal",
                    self.builds[writer].name,
                    query.name,
                    after(step),
                    kept.sync
                ),
                "keep both sides equal in both directions while both builds run: `<->`, with `using` where a side is computed",
            );
            let finding = match self.prove.set.get(kept.migration) {
                Some(migration) => finding.at(&migration.up),
                None => finding,
            };
            let rows = format!("=> {more} rows more than before");
            self.findings
                .push(finding.body(&query.sql).body(rows).client(self.chain.client()));
        }
        Ok(())
    }

    /// The queries of a build that run, those that write or those that read.
    pub(super) fn of(&self, build: usize, writes: bool) -> Vec<usize> {
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
                Link::execute(link, "SAVEPOINT before_read")
                    .await
                    .map_err(failed)?;
                let mut read_now = link.prepare(&name, &query.sql).await.map(|()| Nulls::new());
                if read_now.is_ok() {
                    read_now = Link::run(link, &name, &query.sql, &values).await;
                }
                let nulls = match read_now {
                    Ok(nulls) => nulls,
                    Err(error) => {
                        Link::execute(link, "ROLLBACK TO SAVEPOINT before_read")
                            .await
                            .map_err(failed)?;
                        self.unread(read, write, &values, &error, step);
                        continue;
                    }
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

    /// A read that fails on what another build wrote, and works without.
    fn unread(&mut self, read: usize, write: usize, values: &[Value], error: &sqlx::Error, step: Step<'_>) {
        let query = self.travellers[read].query;
        let written = &self.travellers[write];
        let by = format!(
            "build {} with {}",
            self.builds[written.build].name, written.query.name
        );
        // What was made up for its parameters may be to blame.
        if query.values.is_empty() && !values.is_empty() && is_about_values(error) {
            let name = &query.name;
            self.findings.gap(format!(
                "{name} was not run on what {by} wrote: {}",
                message(error)
            ));
            return;
        }
        self.travellers[read].broken = true;
        let seen = format!("{}, on what {by} wrote", message(error));
        let help = "let the other build write nothing that this one cannot read, or let the query bear it, before both run";
        self.told(read, step, "fails", &seen, help);
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
