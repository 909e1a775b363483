//! Rows that Rust code moves within the transaction of its migration: where nobody uses the database yet.

use super::fields::fields;
use super::rows::Wrote;
use crate::backfill::Code;
use crate::database::sql::attempts::Failure;
use crate::database::sql::backend::DatabaseError;
use crate::database::sql::connection_error;
use crate::database::sql::session::SqlSession;
use crate::error::{Error, Kind};
use crate::model::{Dialect, Migration};

/// How many rows are read at once.
const ROWS: u32 = 1_000;

impl SqlSession {
    /// Moves every row. One that cannot be moved is an error: there is nobody else yet whom that would keep.
    pub(in crate::database::sql) async fn move_inline(
        &mut self,
        migration: &Migration,
        code: Code,
    ) -> Result<(), Failure> {
        let Some(backfill) = &migration.backfill else {
            return Ok(());
        };
        let dialect = self.backend.dialect();
        if dialect == Dialect::Postgres {
            // As texts, times mean the same in every session.
            for set in [
                "SET LOCAL datestyle = 'ISO'",
                "SET LOCAL intervalstyle = 'postgres'",
            ] {
                self.backend.run(set).await.map_err(not_moved)?;
            }
        }
        let looked = self.look_at_table(migration, backfill).await.map_err(not_moved)?;
        let (mut prepared, columns) = looked?;
        prepared.fields = fields(migration, code, &columns, dialect)?;
        let mut low: Option<String> = None;
        loop {
            let rows = self.read_range(&prepared, low.as_deref(), None, ROWS).await;
            let rows = rows.map_err(not_moved)?;
            for row in &rows {
                let wrote = match code.run(row.cells.clone()).await {
                    Ok(values) => self
                        .write_row(&prepared, row, &values, false)
                        .await
                        .map_err(not_moved)?,
                    Err(reason) => Wrote::Refused(reason),
                };
                let reason = match wrote {
                    Wrote::Changed | Wrote::Left => continue,
                    Wrote::Stale => "somebody wrote it meanwhile".to_owned(),
                    Wrote::Refused(reason) => reason,
                };
                let key = super::key::shown(&row.key, dialect);
                let message = format!(
                    "migration {migration}: the row {key} of `{}` cannot be moved",
                    backfill.table
                );
                let error = Error::new(Kind::Backfill, message).migration(migration);
                return Err(error.note(reason).into());
            }
            if rows.len() < ROWS as usize {
                return Ok(());
            }
            low = rows.into_iter().last().map(|row| row.key);
        }
    }
}

fn not_moved(error: DatabaseError) -> Failure {
    if error.is_retryable || error.is_locked {
        return Failure::Statement(0, error, Vec::new());
    }
    connection_error("rows cannot be moved", error).into()
}
