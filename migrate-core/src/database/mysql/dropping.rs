//! What MySQL and MariaDB do one by one, or leave in the session, where they ought to do all or nothing.

use super::backend::MysqlBackend;
use crate::database::sql::DatabaseError;
use crate::model::Dialect;
use crate::script::words::Words;

/// What is done before a statement of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// A temporary table outlives the transaction that made it: a second attempt would find it there.
    Clear(String),
    /// MariaDB drops what stands before the name that is not there, and then says so.
    Look(String),
}

impl Before {
    pub(super) async fn run(self, backend: &mut MysqlBackend) -> Result<(), DatabaseError> {
        match self {
            Before::Clear(sql) => backend.raw(&sql).await.map(drop),
            Before::Look(sql) => match backend.raw(&sql).await {
                Err(error) if error.is_missing_table => Err(error),
                // Who may drop need not be allowed to look.
                _ => Ok(()),
            },
        }
    }
}

/// What is done before that statement.
pub(super) fn before(sql: &str, dialect: Dialect) -> Vec<Before> {
    let mut words = Words::new(sql, dialect);
    if words.eat_all(&["create", "temporary", "table"]) {
        if words.starts_with(&["if"]) {
            return Vec::new();
        }
        let name = written_name(sql, &mut words);
        return name
            .map(|name| Before::Clear(format!("DROP TEMPORARY TABLE IF EXISTS {name}")))
            .into_iter()
            .collect();
    }
    if dialect != Dialect::MariaDb {
        return Vec::new();
    }
    match Dropped::read(sql, dialect) {
        Some(Dropped {
            kind,
            names,
            is_sure: false,
            ..
        }) if names.len() > 1 => names
            .into_iter()
            .map(|name| Before::Look(format!("SHOW CREATE {kind} {name}")))
            .collect(),
        _ => Vec::new(),
    }
}

/// What drops the rest of what a statement was to drop that was interrupted.
pub(super) fn rest(sql: &str, dialect: Dialect) -> Option<String> {
    let Dropped { kind, names, .. } = Dropped::read(sql, dialect)?;
    (names.len() > 1).then(|| format!("DROP {kind} IF EXISTS {}", names.join(", ")))
}

/// A DROP of tables or views.
struct Dropped<'a> {
    kind: &'static str,
    names: Vec<&'a str>,
    /// It says itself that something may not be there.
    is_sure: bool,
}

impl<'a> Dropped<'a> {
    fn read(sql: &'a str, dialect: Dialect) -> Option<Self> {
        let mut words = Words::new(sql, dialect);
        if !words.eat("drop") {
            return None;
        }
        let kind = match words.next()? {
            word if word.is_any(&["table", "tables"]) => "TABLE",
            word if word.is("view") => "VIEW",
            _ => return None,
        };
        let is_sure = words.eat_all(&["if", "exists"]);
        let mut names = vec![written_name(sql, &mut words)?];
        while words.eat_punct(",") {
            names.push(written_name(sql, &mut words)?);
        }
        Some(Self { kind, names, is_sure })
    }
}

/// The name at the cursor, as it is written.
fn written_name<'a>(sql: &'a str, words: &mut Words<'a>) -> Option<&'a str> {
    let start = offset(sql, words.peek()?.text)?;
    let mut last = words.next()?;
    while words.eat_punct(".") {
        last = words.next()?;
    }
    sql.get(start..offset(sql, last.text)? + last.text.len())
}

/// Where a part of a text begins in it.
fn offset(whole: &str, part: &str) -> Option<usize> {
    let offset = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    (offset + part.len() <= whole.len()).then_some(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_one_by_one_is_looked_at_first() {
        for (sql, expected) in [
            ("DROP TABLE a", &[][..]),
            ("DROP TABLE IF EXISTS a, b", &[]),
            (
                "DROP TABLE a, `b c` . d CASCADE",
                &["SHOW CREATE TABLE a", "SHOW CREATE TABLE `b c` . d"],
            ),
            ("drop view a,b", &["SHOW CREATE VIEW a", "SHOW CREATE VIEW b"]),
            ("DROP INDEX a ON b", &[]),
        ] {
            let looks: Vec<Before> = expected
                .iter()
                .map(|sql| Before::Look((*sql).to_owned()))
                .collect();
            assert_eq!(before(sql, Dialect::MariaDb), looks, "{sql}");
            // MySQL drops all or none.
            assert_eq!(before(sql, Dialect::Mysql), [], "{sql}");
        }
    }

    #[test]
    fn the_rest_is_dropped() {
        let rest = |sql| rest(sql, Dialect::MariaDb);
        assert_eq!(
            rest("DROP TABLE a, b WAIT 3").as_deref(),
            Some("DROP TABLE IF EXISTS a, b")
        );
        assert_eq!(rest("DROP TABLE a"), None);
        assert_eq!(rest("DROP TEMPORARY TABLE a, b"), None);
    }

    #[test]
    fn a_temporary_table_is_made_where_none_is() {
        let clears = |sql| before(sql, Dialect::Mysql);
        let clear = Before::Clear("DROP TEMPORARY TABLE IF EXISTS `x`.y".to_owned());
        assert_eq!(clears("CREATE TEMPORARY TABLE `x`.y (a INT)"), [clear]);
        assert_eq!(clears("CREATE TEMPORARY TABLE IF NOT EXISTS y (a INT)"), []);
    }
}
