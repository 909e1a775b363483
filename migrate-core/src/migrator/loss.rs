//! What is lost where something is taken back, counted before.

use core::fmt;
use std::collections::BTreeMap;

use super::Migrator;
use crate::database::Session;
use crate::error::Error;
use crate::history::Row;
use crate::model::{Migration, Phase, Version};

/// What is lost with a rollback: rows of a table, or the values of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The migration whose down loses it.
    pub version: Version,
    /// The table.
    pub table: String,
    /// The columns; none where it is the table itself.
    pub columns: Vec<String>,
    /// How many rows have something to lose there.
    pub rows: u64,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.columns {
            [] => write!(f, "{} rows of `{}`", self.rows, self.table),
            columns => write!(
                f,
                "{} values of `{}.{}`",
                self.rows,
                self.table,
                columns.join(", ")
            ),
        }
    }
}

impl Migrator {
    /// What the downs of these rows remove, as far as their files tell: tables that they made, and columns that a sync or
    /// a backfill of the change wrote.
    pub(super) async fn count_losses(
        &self,
        session: &mut dyn Session,
        rows: &[&Row],
    ) -> Result<Vec<Loss>, Error> {
        let mut losses = Vec::new();
        for row in rows.iter().filter(|row| row.phase == Phase::Expand) {
            let Some(migration) = self.embedded(row) else {
                continue;
            };
            for table in migration.creates.iter() {
                // A table that took the place of another one has that one's name by now.
                if session.existing_tables(&[&**table]).await?.is_empty() {
                    continue;
                }
                let count = session.count_rows(table, &[]).await?;
                losses.push(Loss {
                    version: row.version,
                    table: table.to_string(),
                    columns: Vec::new(),
                    rows: count,
                });
            }
            for (table, columns) in self.written(migration) {
                if migration.creates.iter().any(|made| *made == table) {
                    continue;
                }
                let names: Vec<&str> = columns.iter().map(String::as_str).collect();
                let count = session.count_rows(&table, &names).await?;
                losses.push(Loss {
                    version: row.version,
                    table,
                    columns,
                    rows: count,
                });
            }
        }
        losses.retain(|loss| loss.rows > 0);
        Ok(losses)
    }

    /// The columns that the change fills, by table: the new sides of its syncs, and what its backfills assign.
    fn written(&self, expand: &Migration) -> BTreeMap<String, Vec<String>> {
        let mut written: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for sync in expand.sync.iter() {
            let columns = sync.new.columns.iter().map(ToString::to_string);
            written
                .entry(sync.new.table.to_string())
                .or_default()
                .extend(columns);
        }
        let of_change = |other: &&Migration| other.change.is_some() && other.change == expand.change;
        for migration in self.set.migrations.iter().filter(of_change) {
            let Some(backfill) = &migration.backfill else {
                continue;
            };
            let Some(batched) = &backfill.batched else {
                continue;
            };
            let columns = written.entry(backfill.table.to_string()).or_default();
            for assignment in batched.assignments.iter() {
                if !columns.iter().any(|column| *column == assignment.column) {
                    columns.push(assignment.column.to_string());
                }
            }
        }
        written.retain(|_, columns| !columns.is_empty());
        written
    }
}
