//! How a database is doing while data is moved.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::SqlMover;
use crate::database::mover::{Load, Stumble};
use crate::model::Dialect;

/// How many positions of the log are remembered.
const REMEMBERED: usize = 1_000;

/// Positions of the write-ahead log, and when they were there. What a replica says of its lag stands still while
/// nothing is written, so the age of what it did not replay is measured here as well.
#[derive(Debug, Default)]
pub(super) struct Positions(VecDeque<(Instant, u64)>);

impl Positions {
    /// By how much a replica is behind that has replayed up to `replayed`, now that the log is at `written`.
    fn lag(&mut self, now: Instant, written: u64, replayed: u64) -> Duration {
        if self.0.back().is_none_or(|(_, last)| *last < written) {
            self.0.push_back((now, written));
        }
        while self.0.front().is_some_and(|(_, position)| *position <= replayed) {
            self.0.pop_front();
        }
        if self.0.len() > REMEMBERED {
            // The oldest one says since when; the others only how it goes on.
            self.0.remove(1);
        }
        self.0
            .front()
            .map_or(Duration::ZERO, |(since, _)| now.duration_since(*since))
    }

    /// Nobody is behind: a replica that comes later counts with what is written from then on.
    fn forget(&mut self) {
        self.0.clear();
    }
}

/// A position such as `16/B374D848`.
fn position(text: &str) -> Option<u64> {
    let (high, low) = text.split_once('/')?;
    Some(u64::from_str_radix(high, 16).ok()? << 32 | u64::from_str_radix(low, 16).ok()?)
}

impl SqlMover {
    pub(super) async fn read_load(&mut self) -> Result<Load, Stumble> {
        // A primary of MySQL or MariaDB does not know how far its replicas are; SQLite has none.
        if self.session.backend.dialect() != Dialect::Postgres {
            return Ok(Load::default());
        }
        // A copy that is being made is no replica yet, and who only stores the log never replays it. Without the role
        // pg_monitor all of it is NULL. The log's position is asked for only where there are replicas, as some managed
        // servers refuse to tell it.
        let query = "SELECT (count(*) FILTER (WHERE state IS NULL))::text, \
                     extract(epoch FROM coalesce(max(replay_lag), '0'))::text, min(replay_lsn)::text, \
                     CASE WHEN count(replay_lsn) > 0 THEN pg_catalog.pg_current_wal_lsn()::text END \
                     FROM pg_catalog.pg_stat_replication WHERE state IS DISTINCT FROM 'backup' \
                     AND state IS DISTINCT FROM 'startup'";
        let rows = match self.ask(query).await {
            Ok(rows) => rows,
            Err(error) if error.is_connection => return Err(super::stumbled("look at the replicas", error)),
            Err(error) => {
                return Ok(Load {
                    lag: None,
                    unreadable: Some(format!("the lag of replicas cannot be read: {}", error.message)),
                });
            }
        };
        let mut row = rows.into_iter().flatten();
        let mut next = || row.next().flatten();
        if next().as_deref() != Some("0") {
            return Ok(Load {
                lag: None,
                unreadable: Some(
                    "the lag of replicas cannot be read: the role needs `GRANT pg_monitor`".to_owned(),
                ),
            });
        }
        let told = next()
            .and_then(|lag| lag.parse::<f64>().ok())
            .unwrap_or(0.0)
            .max(0.0);
        let (replayed, written) = (next(), next());
        let known = |text: Option<String>| text.as_deref().and_then(position);
        let (Some(replayed), Some(written)) = (known(replayed), known(written)) else {
            self.positions.forget();
            return Ok(Load::default());
        };
        let measured = self.positions.lag(Instant::now(), written, replayed);
        Ok(Load {
            lag: Some(measured.max(Duration::try_from_secs_f64(told).unwrap_or(Duration::MAX))),
            unreadable: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_replayed_grows_old() {
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        let mut positions = Positions::default();
        assert_eq!(positions.lag(at(0), 100, 100), Duration::ZERO);
        assert_eq!(positions.lag(at(1), 200, 100), Duration::ZERO, "written just now");
        assert_eq!(positions.lag(at(5), 300, 100), Duration::from_secs(4));
        assert_eq!(positions.lag(at(6), 300, 200), Duration::from_secs(1));
        assert_eq!(positions.lag(at(9), 300, 300), Duration::ZERO);
        assert_eq!(
            positions.lag(at(10), 400, 300),
            Duration::ZERO,
            "written just now"
        );
        assert_eq!(positions.lag(at(12), 400, 300), Duration::from_secs(2));
        positions.forget();
        assert_eq!(positions.lag(at(16), 400, 300), Duration::ZERO, "back again");
        assert_eq!(position("16/B374D848"), Some(0x16_b374_d848));
    }
}
