//! What came out, compared row by row.

use super::statement::batched;
use super::{SqlMover, stumbled};
use crate::database::mover::{Compared, Job, Stumble};

/// How many keys of rows that differ are told at once.
const TOLD: u32 = 1_000;

impl SqlMover {
    pub(super) async fn compare_rows(
        &mut self,
        job: &Job<'_>,
        after: Option<&str>,
        rows: u64,
    ) -> Result<Option<Compared>, Stumble> {
        // Only the code itself could say what is right, and what it does need not be the same a second time.
        if job.code.is_some() {
            return Ok(None);
        }
        let prepared = self.known(job)?;
        let statement = batched(job).map_err(Stumble::Fatal)?;
        let row = format!("{}.", statement.row);
        let what = |error| stumbled("comparison", error);
        if prepared.divergent(statement, "", 1).is_none() {
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
        let mut binder = self.binder();
        let range = prepared.key.range(&row, after, upto.as_deref(), &mut binder);
        let divergent = prepared.divergent(statement, &range, TOLD).unwrap_or_default();
        let divergent = self.rows(&divergent, &binder).await.map_err(what)?;
        let divergent = divergent.into_iter().map(|row| {
            let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
            super::key::encoded(&values)
        });
        Ok(Some(Compared {
            upto,
            rows: counted,
            divergent: divergent.collect(),
        }))
    }

    pub(super) async fn still_divergent(
        &mut self,
        job: &Job<'_>,
        keys: &[String],
    ) -> Result<Vec<String>, Stumble> {
        let prepared = self.known(job)?;
        let statement = batched(job).map_err(Stumble::Fatal)?;
        let row = format!("{}.", statement.row);
        let mut still = Vec::new();
        for key in keys {
            let mut binder = self.binder();
            let one = prepared.key.equals(&row, key, &mut binder);
            let Some(sql) = prepared.divergent(statement, &one, 1) else {
                continue;
            };
            let rows = self.rows(&sql, &binder).await;
            if !rows.map_err(|error| stumbled("comparison", error))?.is_empty() {
                still.push(key.clone());
            }
        }
        Ok(still)
    }
}
