//! What `information_schema` leaves out.
//!
//! A connection that holds a lock of its own, that of GET_LOCK among them, does not wait for a table that somebody else is
//! changing at that moment: the table is not in the answer, and nothing but a warning says so. An answer without it would
//! pass for a table without columns, or for a database that nobody uses.

use std::io;
use std::time::{Duration, Instant};

use futures_timer::Delay;
use sqlx::MySqlConnection;

use crate::database::sql::rows::texts;

/// `ER_WARN_I_S_SKIPPED_TABLE`.
const SKIPPED: &str = "1684";
/// How long somebody else may keep a table to himself. A change has it for a moment, unless it was asked to.
const PATIENCE: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Looks at the catalog again until nothing is left out.
pub(super) struct Looks {
    until: Instant,
    pause: Duration,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self {
            until: Instant::now() + PATIENCE,
            pause: FIRST_PAUSE,
        }
    }

    /// Whether to ask once more, because the last statement of the connection left a table out.
    pub(super) async fn again(&mut self, connection: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
        let warnings = sqlx::raw_sql("SHOW WARNINGS").fetch_all(connection).await?;
        let warnings = warnings.iter().map(texts).collect::<Result<Vec<_>, _>>()?;
        let skipped = warnings
            .into_iter()
            .find(|warning| matches!(&warning[..], [_, Some(code), ..] if code == SKIPPED));
        let Some(warning) = skipped else {
            return Ok(false);
        };
        if Instant::now() >= self.until {
            let message = warning.into_iter().flatten().next_back().unwrap_or_default();
            return Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, message)));
        }
        Delay::new(self.pause).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(true)
    }
}
