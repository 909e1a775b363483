//! How fast data was moved, kept for whoever has to say how long it will take the next time.

use std::time::{Duration, UNIX_EPOCH};

use super::tables::now_ms;
use super::{SqlMover, stumbled};
use crate::backfill::BackfillRate;
use crate::database::mover::{Job, Pace, Stumble};
use crate::model::{Dialect, Version};

/// How long the time is whose figures are kept together.
const WINDOW_MS: u32 = 10_000;
/// How many figures of a set are kept.
const KEPT: u32 = 1_000;

impl SqlMover {
    /// Adds to the figures of the time that is just over. Several workers add to the same.
    pub(super) async fn write_pace(&mut self, job: &Job<'_>, pace: &Pace) -> Result<(), Stumble> {
        let what = |error| stumbled("write of its rate", error);
        let (rates, now) = (self.session.tables.rates.clone(), now_ms(&*self.session.backend));
        let set = self.session.namespace.set.clone();
        let table = job.migration.backfill.as_ref();
        let mut binder = self.binder();
        let table = binder.text(table.map_or("", |backfill| &*backfill.table));
        let is_mysql = self.session.backend.dialect().is_mysql_family();
        let (alias, conflict) = match is_mysql {
            true => ("", "ON DUPLICATE KEY UPDATE"),
            false => (
                " AS kept",
                "ON CONFLICT (set_name, version, attempt, window_ms) DO UPDATE SET",
            ),
        };
        let added: Vec<String> = ["worked_ms", "visited", "changed", "batches"]
            .iter()
            .map(|column| match is_mysql {
                true => format!("{column} = {column} + VALUES({column})"),
                false => format!("{column} = kept.{column} + excluded.{column}"),
            })
            .collect();
        let (last, first) = match is_mysql {
            true => ("VALUES(last_ms)", "LEAST(first_ms, VALUES(first_ms))".to_owned()),
            false => {
                let least = match self.session.backend.dialect() {
                    Dialect::Sqlite => "min",
                    _ => "least",
                };
                (
                    "excluded.last_ms",
                    format!("{least}(kept.first_ms, excluded.first_ms)"),
                )
            }
        };
        let [span, worked] = [pace.span, pace.worked].map(|time| time.as_millis());
        let sql = format!(
            "INSERT INTO {rates}{alias} (set_name, version, attempt, window_ms, visited_table, first_ms, last_ms, \
             worked_ms, visited, changed, batches) SELECT '{set}', {}, {}, n - n % {WINDOW_MS}, {table}, n - {span}, n, \
             {worked}, {}, {}, {} FROM (SELECT {now} AS n) AS migrate_now WHERE 1 = 1 {conflict} last_ms = {last}, \
             first_ms = {first}, {}",
            job.migration.version.0,
            job.attempt,
            pace.visited,
            pace.changed,
            pace.batches,
            added.join(", ")
        );
        match self.execute(&sql, &binder).await {
            // A library that kept no rates made the tables.
            Err(error) if error.is_missing_table => {
                self.make_tables().await?;
                self.execute(&sql, &binder).await.map_err(what)?;
            }
            written => drop(written.map_err(what)?),
        }
        let oldest = format!(
            "SELECT window_ms FROM {rates} WHERE set_name = '{set}' ORDER BY window_ms DESC LIMIT 1 OFFSET {}",
            KEPT - 1
        );
        let oldest = self.ask(&oldest).await.map_err(what)?;
        if let Some(oldest) = oldest.into_iter().flatten().flatten().next()
            && let Ok(oldest) = oldest.parse::<u64>()
        {
            let nothing = self.binder();
            let sql = format!("DELETE FROM {rates} WHERE set_name = '{set}' AND window_ms < {oldest}");
            self.execute(&sql, &nothing).await.map_err(what)?;
        }
        Ok(())
    }

    /// The newest figures of the set.
    pub(super) async fn read_rates(&mut self, limit: u32) -> Result<Vec<BackfillRate>, Stumble> {
        let sql = format!(
            "SELECT version, attempt, visited_table, first_ms, last_ms, worked_ms, visited, changed, batches FROM {} \
             WHERE set_name = '{}' ORDER BY window_ms DESC, version DESC, attempt DESC LIMIT {limit}",
            self.session.tables.rates, self.session.namespace.set
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(Vec::new()),
            Err(error) => return Err(stumbled("look at the rates", error)),
        };
        let rates = rows.into_iter().map(|row| {
            let number = |index: usize| {
                let text = row.get(index).and_then(Option::as_deref);
                text.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0)
            };
            BackfillRate {
                version: Version(number(0)),
                attempt: number(1).try_into().unwrap_or(u32::MAX),
                table: row.get(2).cloned().flatten().unwrap_or_default(),
                at: UNIX_EPOCH + Duration::from_millis(number(3)),
                span: Duration::from_millis(number(4).saturating_sub(number(3))),
                worked: Duration::from_millis(number(5)),
                visited: number(6),
                changed: number(7),
                batches: number(8),
            }
        });
        Ok(rates.collect())
    }
}
