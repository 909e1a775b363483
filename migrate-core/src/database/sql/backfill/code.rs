//! Batches of rows that Rust code moves: read, given away, and written back with the cursor.

use std::collections::{BTreeMap, HashMap};

use super::aside::Aside;
use super::rows::{Answered, Wrote};
use super::statement::Prepared;
use super::{SqlMover, refused, stumbled};
use crate::database::mover::{Batch, Job, Lease, Moved, Source, Stumble, Transformed};
use crate::database::sql::backend::DatabaseError;

/// How many rows are written by one statement, and how many values are bound to one: SQLite takes 32,766.
const TOGETHER: usize = 200;
const VALUES: usize = 20_000;

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
            ends,
            ..Batch::default()
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
        self.begin().await?;
        let written = match self.write_answers(&prepared, lease, &rows).await {
            Ok(written) => written,
            Err(error) => return self.end(Err(refused(job, error))).await,
        };
        let failed = written.aside.iter().filter(|row| row.is_failed()).count() as u32;
        let changed = written.changed;
        let kept = self
            .keep_batch(job, lease, written, &batch.gone, visited, &high, ended)
            .await;
        self.end(kept).await?;
        lease.cursor = Some(high);
        Ok(Moved {
            visited,
            changed,
            failed,
            ended,
            ..Moved::default()
        })
    }

    async fn write_answers(
        &mut self,
        prepared: &Prepared,
        lease: &Lease,
        rows: &[(Source, Transformed)],
    ) -> Result<Written, DatabaseError> {
        let mut written = Written::default();
        let mut left = Vec::new();
        // By the columns that have a new value: the rows of one statement have them in the same ones.
        let mut groups: BTreeMap<Vec<bool>, Vec<Answered<'_>>> = BTreeMap::new();
        for (source, answer) in rows {
            match answer {
                Err(reason) => written.aside.push(Aside::failed(source, reason)),
                Ok(values) if values.iter().all(Option::is_none) => left.push(source),
                Ok(values) => {
                    let columns = values.iter().map(Option::is_some).collect();
                    groups.entry(columns).or_default().push((source, values));
                }
            }
        }
        for group in groups.values() {
            let per_row = 2 * prepared.key.width() + 2 * prepared.fields.read.len();
            for rows in group.chunks((VALUES / per_row.max(1)).clamp(1, TOGETHER)) {
                self.write_together(prepared, rows, &mut written).await?;
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
        Ok(written)
    }

    /// Writes rows by one statement; one by one where not all of them could be written, to learn which.
    async fn write_together(
        &mut self,
        prepared: &Prepared,
        rows: &[Answered<'_>],
        written: &mut Written,
    ) -> Result<(), DatabaseError> {
        if rows.len() > 1 && !prepared.writes_key() {
            self.session.mark().await?;
            match self.session.write_rows(prepared, rows).await {
                Ok(count) if count == rows.len() as u64 => {
                    written.changed += count;
                    written
                        .done
                        .extend(rows.iter().map(|(source, _)| source.key.clone()));
                    return Ok(());
                }
                Ok(_) => {}
                Err(error) if error.is_of_values => {}
                Err(error) => return Err(error),
            }
            self.session.undo().await?;
        }
        for (source, values) in rows {
            match self.session.write_row(prepared, source, values, true).await? {
                Wrote::Changed | Wrote::Left => {
                    written.changed += 1;
                    written.done.push(source.key.clone());
                }
                Wrote::Stale => written.aside.push(Aside::stale(source)),
                Wrote::Refused(reason) => {
                    let reason = format!("the database refused its values: {reason}");
                    written.aside.push(Aside::failed(source, &reason));
                }
            }
        }
        Ok(())
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
