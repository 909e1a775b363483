//! What came out, compared.

use super::copied::{Rows, flagged, random};
use super::statement::{DOTTED, Prepared, ROW, batched};
use super::{SqlMover, stumbled};
use crate::backfill::Code;
use crate::database::mover::{Compared, Differs, How, Job, Stumble};

/// How many keys of rows that differ are told at once.
const TOLD: u32 = 1_000;

impl SqlMover {
    pub(super) async fn compare_rows(
        &mut self,
        job: &Job<'_>,
        after: Option<&str>,
        rows: u64,
        sample: u32,
    ) -> Result<Option<Compared>, Stumble> {
        let prepared = self.known(job)?;
        let what = |error| stumbled("comparison", error);
        if let Some(code) = job.code {
            return self.compare_by_code(code, &prepared, after, rows).await;
        }
        let statement = batched(job).map_err(Stumble::Fatal)?;
        let copy = prepared.copy.clone().filter(|copy| copy.is_paired());
        if copy.is_none() && prepared.divergent(statement, "", 1).is_none() {
            return Ok(None);
        }
        let mut binder = self.binder();
        let boundary = prepared.boundary(after, None, rows, &mut binder);
        let upto = self.key_of(&boundary, &binder).await.map_err(what)?;
        let mut counted = rows;
        if upto.is_none() {
            let mut binder = self.binder();
            let count = prepared.count(self.session.backend.dialect(), after, None, &mut binder);
            let rest = self.rows(&count, &binder).await.map_err(what)?;
            let rest = rest.into_iter().flatten().flatten().next();
            counted = rest.and_then(|rest| rest.parse().ok()).unwrap_or(0);
        }
        let mut compared = Compared {
            rows: counted,
            ..Compared::default()
        };
        if let Some(copy) = copy {
            let rows = Rows::Between(after, upto.as_deref());
            compared.how = How::Checksums;
            compared.divergent = self.apart(job, &prepared, &copy, rows).await?;
            compared.more = compared.divergent.len().saturating_sub(TOLD as usize) as u64;
            compared.divergent.truncate(TOLD as usize);
            if sample > 0 {
                (compared.sampled, compared.wrong_in_sample) =
                    self.sample_copies(job, &prepared, &copy, rows, sample).await?;
            }
        } else {
            let row = format!("{}.", statement.row);
            let mut binder = self.binder();
            let range = prepared.key.range(&row, after, upto.as_deref(), &mut binder);
            let divergent = prepared.divergent(statement, &range, TOLD).unwrap_or_default();
            let divergent = self.rows(&divergent, &binder).await.map_err(what)?;
            let divergent = divergent.into_iter().map(|row| {
                let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
                super::key::encoded(&values)
            });
            compared.divergent = divergent.collect();
            if compared.divergent.len() >= TOLD as usize {
                let count = prepared.count_divergent(self.session.backend.dialect(), statement, &range);
                let count = self
                    .rows(&count.unwrap_or_default(), &binder)
                    .await
                    .map_err(what)?;
                let count = count.into_iter().flatten().flatten().next();
                let count: u64 = count.and_then(|count| count.parse().ok()).unwrap_or_default();
                compared.more = count.saturating_sub(TOLD.into());
            }
            if sample > 0 {
                let order = random(self.session.backend.dialect());
                let sampled = prepared
                    .sample(statement, &range, order, sample)
                    .unwrap_or_default();
                let answer = self.rows(&sampled, &binder).await.map_err(what)?;
                (compared.sampled, compared.wrong_in_sample) = flagged(answer);
            }
        }
        compared.upto = upto;
        Ok(Some(compared))
    }

    /// Asks the code of each row whether it is right; `None` where it does not say.
    async fn compare_by_code(
        &mut self,
        code: Code,
        prepared: &Prepared,
        after: Option<&str>,
        rows: u64,
    ) -> Result<Option<Compared>, Stumble> {
        let limit = u32::try_from(rows).unwrap_or(u32::MAX);
        let read = self.session.read_range(prepared, after, None, limit).await;
        let read = read.map_err(|error| stumbled("comparison", error))?;
        let mut compared = Compared {
            how: How::Code,
            upto: read
                .last()
                .filter(|_| read.len() as u64 >= rows)
                .map(|last| last.key.clone()),
            ..Compared::default()
        };
        for row in read {
            let Some(is_right) = code.is_right(row.cells) else {
                continue;
            };
            compared.rows += 1;
            match is_right {
                true => {}
                false if compared.divergent.len() < TOLD as usize => compared.divergent.push(row.key),
                false => compared.more += 1,
            }
        }
        Ok((compared.rows > 0 || compared.upto.is_some() && after.is_some()).then_some(compared))
    }

    pub(super) async fn still_divergent(
        &mut self,
        job: &Job<'_>,
        keys: &[String],
        in_sample: bool,
    ) -> Result<Vec<Differs>, Stumble> {
        let prepared = self.known(job)?;
        let mut still = Vec::new();
        for key in keys {
            // The source is read last: one that is the same the next time was the same all the while.
            if self.is_divergent(job, &prepared, key, in_sample).await? {
                let source = self.source_of(job, &prepared, key).await?;
                still.push(Differs {
                    key: key.clone(),
                    source,
                });
            }
        }
        Ok(still)
    }

    /// What a row follows from, as a text: what is copied of it, what Rust code reads and does not write, else all of its
    /// columns that are not assigned.
    async fn source_of(&mut self, job: &Job<'_>, prepared: &Prepared, key: &str) -> Result<String, Stumble> {
        let what = |error| stumbled("comparison", error);
        if job.code.is_some() {
            let row = self.session.read_one(prepared, key).await.map_err(what)?;
            let cells = row.map(|row| row.cells).unwrap_or_default();
            let read = cells.iter().enumerate();
            let read = read.filter(|(index, _)| !prepared.fields.written.contains(index));
            return Ok(format!("{:?}", read.collect::<Vec<_>>()));
        }
        if let Some(copy) = prepared.copy.clone() {
            return self.source_of_copy(job, prepared, &copy, key).await;
        }
        if prepared.source.is_empty() {
            return Ok(String::new());
        }
        let mut binder = self.binder();
        let one = prepared.key.equals(DOTTED, key, &mut binder);
        let sql = format!(
            "SELECT {} FROM {} AS {ROW} WHERE {one}",
            prepared.source.join(", "),
            prepared.table
        );
        let rows = self.rows(&sql, &binder).await.map_err(what)?;
        Ok(format!("{rows:?}"))
    }

    async fn is_divergent(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        key: &str,
        in_sample: bool,
    ) -> Result<bool, Stumble> {
        let what = |error| stumbled("comparison", error);
        if let Some(code) = job.code {
            let row = self.session.read_one(prepared, key).await.map_err(what)?;
            return Ok(row.is_some_and(|row| code.is_right(row.cells) == Some(false)));
        }
        if let Some(copy) = prepared.copy.clone() {
            return Ok(match in_sample {
                true => {
                    let sampled = self
                        .sample_copies(job, prepared, &copy, Rows::Of(key), TOLD)
                        .await?;
                    !sampled.1.is_empty()
                }
                false => !self.apart(job, prepared, &copy, Rows::Of(key)).await?.is_empty(),
            });
        }
        let statement = batched(job).map_err(Stumble::Fatal)?;
        let mut binder = self.binder();
        let one = prepared
            .key
            .equals(&format!("{}.", statement.row), key, &mut binder);
        match prepared.divergent(statement, &one, 1) {
            Some(sql) => Ok(!self.rows(&sql, &binder).await.map_err(what)?.is_empty()),
            None => Ok(false),
        }
    }
}
