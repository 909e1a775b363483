//! What every start reads of the history, gathered by the database into one row.
//!
//! A driver spends far more on a row than on its bytes, so a history of hundreds of migrations is one text.

use super::ledger::{FORMAT, Texts};
use super::tables::Tables;
use crate::history::{Standing, StandingRow, State};
use crate::model::Digest;

/// The length of a digest in the history.
const DIGEST: usize = 64;

/// Rows of which version and digest say everything; the others are few.
const PLAIN: &str = "attempt = 1 AND state = 'applied' AND requires = ''";
const FRESH: &str = "CASE WHEN fresh_since IS NULL THEN 'set' ELSE 'fresh' END";

/// What is gathered of the rows that are plain, and of the others.
fn gathered(aggregate: &str) -> [String; 2] {
    [
        format!("{aggregate}(version || semantic_digest, ' ') FILTER (WHERE {PLAIN})"),
        format!(
            "{aggregate}(version || ' ' || attempt || ' ' || state || ' ' || semantic_digest || ' ' || requires, ',') \
             FILTER (WHERE NOT ({PLAIN}))"
        ),
    ]
}

impl Tables {
    /// The query of a set's standing, one statement without values; see [`Tables::select`].
    ///
    /// The digest that the last run left is that of the history as long as no row came, went or was written since.
    /// That is looked up, rather than kept by triggers, so that nothing runs in the database that nobody called.
    #[cfg(feature = "postgres")]
    pub(in crate::database) fn standing_postgres(&self, set: &str, expected: &Digest) -> String {
        let Self { sets, history, .. } = self;
        let [plain, other] = gathered("pg_catalog.string_agg");
        format!(
            "SELECT format, {FRESH}, same, plain, other FROM \
             (SELECT format, fresh_since, CASE WHEN standing = '{expected} ' || number AND newest <= written THEN 1 END AS same FROM \
             (SELECT format, fresh_since, standing, xmin::text::bigint AS written FROM {sets} WHERE set_name = '{set}') AS known, \
             (SELECT pg_catalog.count(*) AS number, pg_catalog.max(xmin::text::bigint) AS newest FROM {history} WHERE set_name = '{set}') AS found) \
             AS compared LEFT JOIN LATERAL \
             (SELECT {plain} AS plain, {other} AS other FROM {history} WHERE set_name = '{set}' AND same IS NULL) AS gathered ON true"
        )
    }

    /// As on PostgreSQL; triggers take the digest away when the history is written.
    #[cfg(feature = "sqlite")]
    pub(in crate::database) fn standing_sqlite(&self, set: &str, expected: &Digest) -> String {
        let Self { sets, history, .. } = self;
        let [plain, other] = gathered("group_concat");
        let same = format!("substr(standing, 1, {DIGEST}) = '{expected}'");
        let unless = |what| {
            format!(
                "CASE WHEN {same} THEN NULL ELSE (SELECT {what} FROM {history} WHERE set_name = '{set}') END"
            )
        };
        format!(
            "SELECT format, {FRESH}, CASE WHEN {same} THEN 1 END, {}, {} FROM {sets} WHERE set_name = '{set}'",
            unless(plain),
            unless(other)
        )
    }

    /// The triggers that [`standing_sqlite`](Self::standing_sqlite) relies on.
    #[cfg(feature = "sqlite")]
    pub(in crate::database) fn standing_triggers(&self, prefix: &str) -> [String; 3] {
        let Self { sets, history, .. } = self;
        [("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")].map(|(event, row)| {
            format!(
                "CREATE TRIGGER IF NOT EXISTS \"{prefix}standing_{event}\" AFTER {event} ON {history} BEGIN \
                 UPDATE {sets} SET standing = NULL WHERE set_name = {row}.set_name AND standing IS NOT NULL; END"
            )
        })
    }
}

/// The standing that the queries above give; `None` where it cannot be read, of which reading the history tells
/// the reason.
pub(in crate::database) fn standing_of(rows: &[Texts]) -> Option<Standing> {
    let Some(row) = rows.first() else {
        return Some(Standing::default());
    };
    let [format, fresh, same, plain, other] = &row[..] else {
        return None;
    };
    if format.as_deref()?.parse::<i64>().ok()? > FORMAT {
        return None;
    }
    if same.is_some() {
        return Some(Standing {
            present: true,
            exact: true,
            ..Standing::default()
        });
    }
    let (plain, other) = (plain.as_deref().unwrap_or(""), other.as_deref().unwrap_or(""));
    let mut parsed = Vec::with_capacity(plain.len() / DIGEST + 8);
    for row in plain.split_terminator(' ') {
        let (version, semantic) = row.split_at_checked(row.len().checked_sub(DIGEST)?)?;
        parsed.push(StandingRow {
            version: version.parse().ok()?,
            attempt: 1,
            state: State::Applied,
            semantic: Digest::from_hex(semantic)?,
            requires: Vec::new(),
        });
    }
    for row in other.split_terminator(',') {
        parsed.push(parse_other(row)?);
    }
    let mut standing = Standing::of(parsed);
    standing.fresh = fresh.as_deref() == Some("fresh");
    Some(standing)
}

fn parse_other(row: &str) -> Option<StandingRow> {
    let mut fields = row.split_whitespace();
    let mut next = || fields.next();
    Some(StandingRow {
        version: next()?.parse().ok()?,
        attempt: next()?.parse().ok()?,
        state: State::from_name(next()?)?,
        semantic: Digest::from_hex(next()?)?,
        requires: fields
            .map(|version| version.parse().ok())
            .collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Version;

    fn check(row: [Option<&str>; 5]) -> Option<Standing> {
        standing_of(&[row.map(|text| text.map(str::to_owned)).to_vec()])
    }

    #[test]
    fn rows_are_read() {
        let digest = "ab".repeat(32);
        let plain = format!("20260101000000{digest} 7{digest}");
        let other = format!("9 2 reverted {digest} ,10 1 applied {digest} 7 9");
        let standing =
            check([Some("1"), Some("fresh"), None, Some(&plain), Some(&other)]).expect("a standing");
        let versions: Vec<u64> = standing.rows.iter().map(|row| row.version.0).collect();
        assert_eq!(versions, [7, 10, 20260101000000]);
        assert_eq!(standing.rows[1].requires, [Version(7), Version(9)]);
        assert!(standing.present && standing.fresh);
    }

    #[test]
    fn what_cannot_be_read_is_left_to_the_history() {
        assert_eq!(standing_of(&[]), Some(Standing::default()));
        assert_eq!(
            check([Some("2"), Some("set"), None, None, None]),
            None,
            "a newer format"
        );
        assert_eq!(check([Some("1"), Some("set"), None, Some("7abc"), None]), None);
        assert_eq!(
            check([Some("1"), Some("set"), None, None, Some("7 1 applied")]),
            None
        );
    }
}
