//! What is lost where something is removed or taken back, counted before.

use core::fmt;

use super::Migrator;
use crate::change::Occurrence;
use crate::database::{Counted, Session};
use crate::error::Error;
use crate::history::Row;
use crate::model::{Migration, Version};

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

/// What the downs of a rollback do to values that are there.
#[derive(Default)]
pub(super) struct Losses {
    pub(super) lost: Vec<Loss>,
    pub(super) altered: Vec<String>,
    pub(super) uncounted: Vec<String>,
}

impl Migrator {
    /// What the downs of these rows do to what is there.
    pub(super) async fn count_losses(
        &self,
        session: &mut dyn Session,
        rows: &[&Row],
    ) -> Result<Losses, Error> {
        let mut losses = Losses::default();
        for row in rows {
            for counted in self.count_down(session, row).await? {
                let version = row.version;
                let told = format!("{} ({version})", counted.told);
                match counted.rows {
                    None => losses.uncounted.push(told),
                    Some(0) => {}
                    Some(rows) if counted.way == "drops" => losses.lost.push(Loss {
                        version,
                        table: counted.table,
                        columns: counted.column.into_iter().collect(),
                        rows,
                    }),
                    Some(_) => losses.altered.push(format!("{} {told}", counted.way)),
                }
            }
        }
        Ok(losses)
    }

    /// What the down of a row does to what is there; nothing where it has none.
    pub(super) async fn count_down(
        &self,
        session: &mut dyn Session,
        row: &Row,
    ) -> Result<Vec<Counted>, Error> {
        match session
            .count_down(row, self.embedded(row), self.count_limit)
            .await
        {
            // That there is no way back is told where one is asked for.
            Err(error) if error.is_irreversible() => Ok(Vec::new()),
            counted => counted,
        }
    }

    /// Writes down what a contract is about to drop, transform or default: behind it that cannot be counted.
    pub(super) async fn write_counts(
        &self,
        session: &mut dyn Session,
        migration: &Migration,
        counted: Vec<Counted>,
    ) -> Result<(), Error> {
        if counted.is_empty() {
            return Ok(());
        }
        let mut figures = vec![("contract".to_owned(), "begins".to_owned())];
        figures.extend(figures_of(counted));
        let change = migration.change_name();
        let entry = self.entry(&change, Some(migration.version), Occurrence::Noted, figures);
        session.write_log(&[entry]).await
    }
}

/// Counts as the log has them.
pub(super) fn figures_of(counted: Vec<Counted>) -> impl Iterator<Item = (String, String)> {
    counted.into_iter().map(|one| (one.way.to_owned(), one.told))
}
