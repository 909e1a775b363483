//! What the history says, read by one statement.

use super::ledger::{FORMAT, Texts};
use super::tables::Tables;
use crate::error::{Error, Kind};
use crate::history::{History, Reason, Row, State};
use crate::model::{Dialect, Digest, Phase};

impl Tables {
    /// The query of the history of a set, one statement without values: the set's name is made of `a-z`, `0-9` and
    /// `_`, which is checked before anything else happens, so it needs no quoting. A bound value would cost a
    /// second round trip on PostgreSQL and MySQL.
    pub(in crate::database) fn select(&self, set: &str, dialect: Dialect) -> String {
        let Self { sets, history, .. } = self;
        // In UTC, to the millisecond, as RFC 3339 writes it: what the session shows of a time is a setting of it.
        let at = match dialect {
            Dialect::Postgres => {
                "pg_catalog.to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
            }
            Dialect::Mysql | Dialect::MariaDb => {
                "CONCAT(LEFT(DATE_FORMAT(changed_at, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')"
            }
            Dialect::Sqlite => "changed_at",
        };
        format!(
            "SELECT version, attempt, state, phase, name, exact_digest, semantic_digest, requires, reason, done, \
             catalog_digest, {at}, change_name FROM {history} WHERE set_name = '{set}' \
             UNION ALL SELECT 0, format, CASE WHEN fresh_since IS NULL THEN 'set' ELSE 'fresh' END, \
             '', '', '', '', '', '', 0, NULL, '', '' FROM {sets} WHERE set_name = '{set}'"
        )
    }
}

/// The history that [`Tables::select`] gives.
pub(in crate::database) fn rows_of_history(rows: Vec<Texts>) -> Result<History, Error> {
    let mut parsed = Vec::with_capacity(rows.len());
    let (mut present, mut fresh) = (false, false);
    for row in rows {
        if matches!(row.get(2), Some(Some(state)) if state == "set" || state == "fresh") {
            let format: i64 = row[1]
                .as_deref()
                .and_then(|text| text.parse().ok())
                .unwrap_or(FORMAT);
            if format > FORMAT {
                return Err(Error::new(
                    Kind::History,
                    format!("the history has format {format}, and this library knows up to {FORMAT}"),
                )
                .help("a newer build migrated this database: use its version of migrate-core"));
            }
            present = true;
            fresh = row[2].as_deref() == Some("fresh");
            continue;
        }
        let parsed_row = parse_row(&row).ok_or_else(|| {
            Error::new(
                Kind::History,
                format!("a row of the history cannot be read: {row:?}"),
            )
            .help("was it edited by hand? Restore it from a backup")
        })?;
        parsed.push(parsed_row);
    }
    let mut history = History::of(parsed);
    history.present = present;
    history.fresh = fresh;
    Ok(history)
}

fn parse_row(row: &Texts) -> Option<Row> {
    let mut fields = row.iter();
    let mut next = || fields.next().and_then(Option::as_deref);
    Some(Row {
        version: next()?.parse().ok()?,
        attempt: next()?.parse().ok()?,
        state: State::from_name(next()?)?,
        phase: Phase::from_name(next()?)?,
        name: next()?.to_owned(),
        exact: Digest::from_hex(next()?)?,
        semantic: Digest::from_hex(next()?)?,
        requires: next()?
            .split_whitespace()
            .map(|version| version.parse().ok())
            .collect::<Option<_>>()?,
        reason: Reason::from_name(next()?)?,
        done: next()?.parse().ok()?,
        catalog: next().map(str::to_owned),
        at: next()?.to_owned(),
        change: next()?.to_owned(),
    })
}
