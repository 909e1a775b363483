//! Batches of rows that Rust code moves: read, given away, and written back with the cursor.

use std::collections::HashMap;

use super::aside::Aside;
use super::rows::Wrote;
use super::statement::Prepared;
use super::{SqlMover, refused, stumbled};
use crate::database::mover::{Batch, Job, Lease, Moved, Source, Stumble, Transformed};
use crate::database::sql::backend::DatabaseError;

/// What is written of a batch.
#[derive(Default)]
struct Written {
    changed: u64,
    aside: Vec<Aside>,
    /// The keys of rows that were set aside and are done.
    done: Vec<String>,
}

impl SqlMover {
    pub(super) async fn read_batch(
        &mut self,
        job: &Job<'_>,
        lease: &Lease,
        rows: u32,
    ) -> Result<Batch, Stumble> {
        let prepared = self.known(job)?;
        if lease.is_of_rows_set_aside() {
            return self.read_aside(job, &prepared, rows).await;
        }
        let (low, high) = (lease.cursor.as_deref(), Some(&*lease.high));
        let read = self.session.read_range(&prepared, low, high, rows).await;
        let rows_read = read.map_err(|error| stumbled("batch", error))?;
        let ends =
            rows_read.len() < rows as usize || rows_read.last().is_none_or(|last| last.key == lease.high);
        Ok(Batch {
            rows: rows_read,
            gone: Vec::new(),
            ends,
        })
    }

    pub(super) async fn write_batch(
        &mut self,
        job: &Job<'_>,
        lease: &mut Lease,
        batch: Batch,
        answers: Vec<Transformed>,
    ) -> Result<Moved, Stumble> {
        let prepared = self.known(job)?;
        let whole = answers.len() == batch.rows.len();
        let ended = whole && batch.ends;
        let rows: Vec<(Source, Transformed)> = batch.rows.into_iter().zip(answers).collect();
        let high = match rows.last() {
            _ if ended || lease.is_of_rows_set_aside() => lease.high.clone(),
            Some((last, _)) => last.key.clone(),
            None => return Ok(Moved::default()),
        };
        // Rows that were set aside are counted already.
        let visited = if lease.is_of_rows_set_aside() {
            0
        } else {
            rows.len() as u32
        };
        let mut carefully = false;
        loop {
            self.begin().await?;
            let written = self.write_answers(&prepared, lease, &rows, carefully).await;
            let written = match written {
                Ok(Some(written)) => written,
                Ok(None) => {
                    carefully = true;
                    let rolled = self.session.backend.rollback().await;
                    rolled.map_err(|error| stumbled("batch", error))?;
                    continue;
                }
                Err(error) => return self.end(Err(refused(job, error))).await,
            };
            let failed = written.aside.iter().filter(|row| row.is_failed()).count() as u32;
            let changed = written.changed;
            let kept = self
                .keep_batch(job, lease, written, &batch.gone, visited, &high, ended)
                .await;
            self.end(kept).await?;
            lease.cursor = Some(high);
            return Ok(Moved {
                visited,
                changed,
                failed,
                ended,
            });
        }
    }

    /// Writes the rows; `None` where that has to be done again with care.
    async fn write_answers(
        &mut self,
        prepared: &Prepared,
        lease: &Lease,
        rows: &[(Source, Transformed)],
        carefully: bool,
    ) -> Result<Option<Written>, DatabaseError> {
        let mut written = Written::default();
        let mut left = Vec::new();
        for (source, answer) in rows {
            let values = match answer {
                Ok(values) => values,
                Err(reason) => {
                    written.aside.push(Aside::failed(source, reason));
                    continue;
                }
            };
            match self
                .session
                .write_row(prepared, source, values, carefully)
                .await?
            {
                Wrote::Changed => {
                    written.changed += 1;
                    written.done.push(source.key.clone());
                }
                Wrote::Left => left.push(source),
                Wrote::Stale => written.aside.push(Aside::stale(source)),
                Wrote::Refused(_) if self.undoes_all() && !carefully => return Ok(None),
                Wrote::Refused(reason) => {
                    let reason = format!("the database refused its values: {reason}");
                    written.aside.push(Aside::failed(source, &reason));
                }
            }
        }
        if !left.is_empty() {
            let now = self.as_they_are(prepared, lease, &left).await?;
            for source in left {
                // What was right for a row that is another one by now may be wrong.
                if now.get(&source.key) == Some(&source.read) {
                    written.done.push(source.key.clone());
                } else {
                    written.aside.push(Aside::stale(source));
                }
            }
        }
        Ok(Some(written))
    }

    /// Whether a statement that is refused takes its transaction with it.
    fn undoes_all(&self) -> bool {
        self.session.backend.dialect() == crate::model::Dialect::Postgres
    }

    /// What is in these rows just now, by their keys.
    async fn as_they_are(
        &mut self,
        prepared: &Prepared,
        lease: &Lease,
        rows: &[&Source],
    ) -> Result<HashMap<String, Vec<Option<String>>>, DatabaseError> {
        let mut now = HashMap::new();
        if lease.is_of_rows_set_aside() {
            for row in rows {
                let found = self.session.read_one(prepared, &row.key).await?;
                now.extend(found.map(|found| (found.key, found.read)));
            }
        } else {
            let (low, high) = (lease.cursor.as_deref(), rows.last().map(|last| &*last.key));
            let found = self.session.read_range(prepared, low, high, u32::MAX).await?;
            now.extend(found.into_iter().map(|found| (found.key, found.read)));
        }
        Ok(now)
    }

    #[expect(clippy::too_many_arguments, reason = "what a batch leaves commits together")]
    async fn keep_batch(
        &mut self,
        job: &Job<'_>,
        lease: &Lease,
        written: Written,
        gone: &[String],
        visited: u32,
        high: &str,
        ended: bool,
    ) -> Result<(), Stumble> {
        if lease.is_of_rows_set_aside() {
            for key in written.done.iter().chain(gone) {
                self.forget_aside(job, key).await?;
            }
        }
        for row in &written.aside {
            self.keep_aside(job, row).await?;
        }
        self.keep_cursor(job, lease, visited, written.changed, high, ended)
            .await
    }
}
