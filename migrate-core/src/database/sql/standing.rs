//! What every start reads of the history, gathered by the database into one row.
//!
//! A driver spends far more on a row than on its bytes, so a history of hundreds of migrations is one text.

use super::ledger::{FORMAT, Texts};
use super::tables::Tables;
use crate::history::{Standing, StandingRow, State};
use crate::model::{Dialect, Digest};

/// The setting of a session whose own writes to the history need no guard.
pub(in crate::database) const WRITING: &str = "migrate.writing";

/// How a database gathers the rows of the history in one text, with `,` between them: the expression for what begins
/// with `FROM`.
type Gathering = fn(&str) -> String;

impl Tables {
    /// The query of a set's standing, one statement without values; see [`Tables::select`].
    ///
    /// Where the digest that the last run left is the expected one, that is all.
    pub(in crate::database) fn standing(&self, set: &str, expected: &Digest, gathering: Gathering) -> String {
        let Self { sets, history, .. } = self;
        let gathered = gathering(&format!("FROM {history} WHERE set_name = '{set}'"));
        format!(
            "SELECT format, CASE WHEN fresh_since IS NULL THEN 'set' ELSE 'fresh' END, \
             CASE WHEN standing = '{expected}' THEN 'same' ELSE \
             {gathered} END \
             FROM {sets} WHERE set_name = '{set}'"
        )
    }

    /// What takes the digest away when somebody writes the history by hand.
    pub(super) fn guards(&self, dialect: Dialect) -> Vec<String> {
        let Self { sets, history, .. } = self;
        let (qualified, name) = &self.guard;
        match dialect {
            Dialect::Sqlite => [("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")]
                .map(|(event, row)| {
                    format!(
                        "CREATE TRIGGER IF NOT EXISTS \"{name}_{event}\" AFTER {event} ON {history} \
                         BEGIN UPDATE {sets} SET standing = NULL \
                         WHERE set_name = {row}.set_name AND standing IS NOT NULL; END"
                    )
                })
                .to_vec(),
            Dialect::Postgres => {
                let literal = format!("'{}'", history.replace('\'', "''"));
                // A run takes it away itself, once, so that the function is not called for each of its rows.
                vec![format!(
                    "DO $migrate_guard$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger \
                     WHERE tgrelid = {literal}::pg_catalog.regclass AND tgname = '{name}') THEN \
                     CREATE FUNCTION {qualified}() RETURNS trigger LANGUAGE plpgsql AS $migrate_body$ BEGIN \
                     UPDATE {sets} SET standing = NULL WHERE standing IS NOT NULL; RETURN NULL; END $migrate_body$; \
                     CREATE TRIGGER \"{name}\" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {history} \
                     WHEN (pg_catalog.current_setting('{WRITING}', true) IS DISTINCT FROM 'on') \
                     EXECUTE FUNCTION {qualified}(); END IF; END $migrate_guard$"
                )]
            }
            Dialect::Mysql | Dialect::MariaDb => Vec::new(),
        }
    }
}

/// The standing that [`Tables::standing`] gives; `None` where it cannot be read, of which reading the history tells
/// the reason.
pub(in crate::database) fn standing_of(rows: &[Texts]) -> Option<Standing> {
    let Some(row) = rows.first() else {
        return Some(Standing::default());
    };
    let [format, fresh, gathered] = &row[..] else {
        return None;
    };
    if format.as_deref()?.parse::<i64>().ok()? > FORMAT {
        return None;
    }
    let gathered = gathered.as_deref().unwrap_or("");
    if gathered == "same" {
        return Some(Standing {
            present: true,
            exact: true,
            ..Standing::default()
        });
    }
    let parsed = gathered
        .split_terminator(',')
        .map(row_of)
        .collect::<Option<_>>()?;
    let mut standing = Standing::of(parsed);
    standing.fresh = fresh.as_deref() == Some("fresh");
    Some(standing)
}

fn row_of(row: &str) -> Option<StandingRow> {
    let mut fields = row.split(':');
    let mut next = || fields.next();
    Some(StandingRow {
        version: next()?.parse().ok()?,
        attempt: next()?.parse().ok()?,
        state: State::from_name(next()?)?,
        semantic: Digest::from_hex(next()?)?,
        requires: next()?
            .split_terminator(' ')
            .map(|version| version.parse().ok())
            .collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Version;

    fn check(row: [Option<&str>; 3]) -> Option<Standing> {
        standing_of(&[row.map(|text| text.map(str::to_owned)).to_vec()])
    }

    #[test]
    fn rows_are_read() {
        let digest = "ab".repeat(32);
        let gathered =
            format!("20260101000000:1:applied:{digest}:,9:2:reverted:{digest}:,10:1:applied:{digest}:7 9");
        let standing = check([Some("1"), Some("fresh"), Some(&gathered)]).expect("a standing");
        let versions: Vec<u64> = standing.rows.iter().map(|row| row.version.0).collect();
        assert_eq!(versions, [10, 20260101000000]);
        assert_eq!(standing.rows[0].requires, [Version(7), Version(9)]);
        assert!(standing.present && standing.fresh && !standing.exact);
    }

    #[test]
    fn the_expected_is_the_expected() {
        let standing = check([Some("1"), Some("set"), Some("same")]).expect("a standing");
        assert!(standing.exact && standing.present && !standing.fresh && standing.rows.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_left_to_the_history() {
        assert_eq!(standing_of(&[]), Some(Standing::default()));
        assert_eq!(
            check([Some("2"), Some("set"), Some("same")]),
            None,
            "a newer format"
        );
        assert_eq!(check([Some("1"), Some("set"), Some("7abc")]), None);
        assert_eq!(check([Some("1"), Some("set"), Some("7:1:applied")]), None);
    }
}
