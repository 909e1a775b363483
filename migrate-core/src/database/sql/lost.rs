//! What went with the connection of a run that was interrupted: temporary tables, prepared statements, variables.
//!
//! Statements that only set something are run again; what these leave cannot be made again, because the data they were
//! made of has changed since. A later statement that needs it would fail, or worse, meet another table of that name.

use super::attempts::Failure;
use super::backend::Nature;
use super::cursor::Run;
use super::session::SqlSession;
use crate::error::{Error, Kind};
use crate::model::{Dialect, Section};
use crate::script::lex::TokenKind;
use crate::script::words::Words;

impl SqlSession {
    /// Refuses to go on where a statement needs what went with another session.
    pub(super) fn check_still_there(
        &self,
        run: &Run<'_>,
        elsewhere: &[usize],
        next: usize,
    ) -> Result<(), Failure> {
        let changes = |sql: &str| self.backend.nature(sql) != Nature::Session;
        let is_elsewhere = |index: usize| elsewhere.contains(&index);
        let dialect = self.backend.dialect();
        let Some(lost) = lost(run.section, dialect, is_elsewhere, next, changes) else {
            return Ok(());
        };
        let Lost {
            made,
            needed,
            what,
            name,
        } = lost;
        let message = format!(
            "migration {} cannot go on behind statement {next}: the {what} `{name}` that statement {} made went with \
             another connection, and statement {} needs it",
            run.name,
            made + 1,
            needed + 1
        );
        let error = Error::new(Kind::Dirty, message).version_is(run.key.version);
        let error = error.help(format!(
            "what is done stays done. Make `{name}` anew in front of that statement, out of what the tables hold now, \
             and call `repair`; or do the rest with a table that is not temporary"
        ));
        Err(Failure::Fatal(match run.section.statements.get(needed) {
            Some(statement) => error.statement(run.section, statement, None),
            None => error,
        }))
    }
}

/// Something of a session that is gone, and is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lost {
    /// The index of the statement that made it.
    made: usize,
    /// The index of the first statement that needs it.
    needed: usize,
    what: &'static str,
    name: String,
}

/// What a statement leaves in the session.
struct Left {
    made: usize,
    what: &'static str,
    name: String,
    /// A statement that is run again sets it, to what it should be unless data has changed since.
    again: bool,
}

/// What the statements from `next` on need of those before that ran in another session, which is for `elsewhere` to tell.
/// `changes` tells whether a statement does more than to set something.
fn lost(
    section: &Section,
    dialect: Dialect,
    elsewhere: impl Fn(usize) -> bool,
    next: usize,
    changes: impl Fn(&str) -> bool,
) -> Option<Lost> {
    let mut left: Vec<Left> = Vec::new();
    for (index, (_, sql)) in section.iter().enumerate() {
        if index < next {
            let mut words = Words::new(sql, dialect);
            if words.eat_any(&["drop", "deallocate", "close", "detach", "discard"]) {
                let all = words
                    .peek()
                    .is_none_or(|word| word.is_any(&["all", "temp", "temporary"]))
                    && words.clone().count() <= 1;
                left.retain(|one| !all && !names(sql, dialect, &one.name));
            }
            if changes(sql) {
                left.iter_mut().for_each(|one| one.again = false);
            }
            if elsewhere(index) {
                let made = leaves(sql, dialect);
                left.retain(|one| {
                    made.iter()
                        .all(|(_, name, _)| !name.eq_ignore_ascii_case(&one.name))
                });
                left.extend(made.into_iter().map(|(what, name, again)| Left {
                    made: index,
                    what,
                    name,
                    again,
                }));
            }
            continue;
        }
        left.retain(|one| !one.again);
        if left.is_empty() {
            return None;
        }
        let made = leaves(sql, dialect);
        left.retain(|one| {
            made.iter()
                .all(|(_, name, _)| !name.eq_ignore_ascii_case(&one.name))
        });
        if let Some(index_of) = left.iter().position(|one| names(sql, dialect, &one.name)) {
            let Left { made, what, name, .. } = left.swap_remove(index_of);
            return Some(Lost {
                made,
                needed: index,
                what,
                name,
            });
        }
    }
    None
}

/// Whether a statement names something, be it in a text that it runs.
fn names(sql: &str, dialect: Dialect, name: &str) -> bool {
    let lower = name.to_lowercase();
    Words::new(sql, dialect).any(|word| match word.kind {
        TokenKind::Word | TokenKind::Parameter => word.text.eq_ignore_ascii_case(name),
        TokenKind::Quoted | TokenKind::String => word.text.to_lowercase().contains(&lower),
        _ => false,
    })
}

/// What a statement leaves: what it is, its name, and whether the statement is run again.
fn leaves(sql: &str, dialect: Dialect) -> Vec<(&'static str, String, bool)> {
    let one = |what, name: Option<String>| name.map(|name| (what, name, false)).into_iter().collect();
    let mut words = Words::new(sql, dialect);
    match words.next() {
        Some(first) if first.is("create") => one("temporary table", temporary(words, dialect)),
        Some(first) if first.is("attach") && dialect == Dialect::Sqlite => {
            one("attached database", words.last().map(|word| plain(word.text)))
        }
        Some(first)
            if first.is("prepare")
                && dialect == Dialect::Postgres
                && !words.starts_with(&["transaction"]) =>
        {
            one("prepared statement", name_of(&mut words))
        }
        Some(first) if first.is("declare") && words.contains(&["with", "hold"]) => {
            one("cursor", name_of(&mut words))
        }
        Some(first) if first.is_any(&["select", "with"]) && dialect == Dialect::Postgres => {
            let into = words.skip_past(&["into"]) && words.eat_any(&["temp", "temporary"]);
            words.eat("table");
            one("temporary table", if into { name_of(&mut words) } else { None })
        }
        Some(first) if dialect.is_mysql_family() => variables(sql, dialect, first.is("set")),
        _ => Vec::new(),
    }
}

fn temporary(mut words: Words<'_>, dialect: Dialect) -> Option<String> {
    words.eat_all(&["or", "replace"]);
    words.eat_any(&["global", "local"]);
    let mut is_temporary = words.eat_any(&["temp", "temporary"]);
    words.eat_any(&["unlogged", "recursive", "virtual"]);
    if !words.eat_any(&["table", "view", "sequence", "trigger"]) {
        return None;
    }
    words.eat_all(&["if", "not", "exists"]);
    let (schema, name) = words.schema_and_name()?;
    let temporary_schema = match dialect {
        Dialect::Postgres => "pg_temp",
        _ => "temp",
    };
    is_temporary |= !dialect.is_mysql_family()
        && schema.is_some_and(|schema| schema.eq_ignore_ascii_case(temporary_schema));
    is_temporary.then_some(name)
}

fn name_of(words: &mut Words<'_>) -> Option<String> {
    words.schema_and_name().map(|(_, name)| name)
}

fn plain(text: &str) -> String {
    text.trim_matches(['"', '`', '\'', '[', ']']).to_owned()
}

/// The user variables that a statement sets. A SET is run again with the session; what it computes may be something else
/// by then.
fn variables(sql: &str, dialect: Dialect, is_set: bool) -> Vec<(&'static str, String, bool)> {
    let words: Vec<_> = Words::new(sql, dialect).collect();
    let is_variable = |index: usize| {
        words
            .get(index)
            .filter(|word| word.text.starts_with('@') && !word.text.starts_with("@@"))
    };
    let constant = is_set && !words.iter().any(|word| word.text == "(");
    let mut found = Vec::new();
    if constant {
        return found;
    }
    let mut into = false;
    for (index, word) in words.iter().enumerate() {
        into = word.is("into") || into && (word.text == "," || is_variable(index).is_some());
        let Some(variable) = is_variable(index) else {
            continue;
        };
        let next = words.get(index + 1).map_or("", |word| word.text);
        let assigned = next == ":=" || next == ":" || is_set && next == "=";
        if assigned || into {
            found.push(("variable", variable.text.to_owned(), is_set));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Statement, TransactionMode};

    fn section(statements: &[&str]) -> Section {
        let mut text = String::new();
        let mut places = Vec::new();
        for sql in statements {
            let start = text.len() as u32;
            text.push_str(sql);
            places.push(Statement {
                start,
                end: text.len() as u32,
                line: 1,
            });
            text.push('\n');
        }
        Section {
            path: "x".into(),
            text: text.into(),
            line: 1,
            statements: places.into(),
            transaction: TransactionMode::PerStatement,
        }
    }

    /// What is lost when the first `done` statements were done, and for which statement.
    fn check(dialect: Dialect, done: usize, statements: &[&str], expected: Option<(&str, usize, usize)>) {
        let changes = |sql: &str| !Words::new(sql, dialect).eat_any(&["set", "prepare"]);
        let found = lost(&section(statements), dialect, |_| true, done, changes);
        let found = found.as_ref().map(|lost| (&*lost.name, lost.made, lost.needed));
        assert_eq!(found, expected, "{done} of {statements:?}");
    }

    #[test]
    fn temporary_tables() {
        for dialect in [Dialect::Postgres, Dialect::Sqlite, Dialect::MariaDb] {
            let make = "CREATE TEMPORARY TABLE picked AS SELECT 1";
            let needs = "UPDATE t SET a = (SELECT max(a) FROM PICKED)";
            check(dialect, 0, &[make, needs], None);
            check(dialect, 1, &[make, needs], Some(("picked", 0, 1)));
            check(
                dialect,
                1,
                &[make, "UPDATE t SET a = 1", needs],
                Some(("picked", 0, 2)),
            );
            check(dialect, 1, &[make, "UPDATE t SET a = 1"], None);
            check(dialect, 2, &[make, needs], None);
            // What is dropped is not missed, and what is made again is there.
            check(dialect, 2, &[make, "DROP TABLE picked", needs], None);
            check(dialect, 1, &[make, make, needs], None);
            // Without it, that would be another table.
            check(
                dialect,
                1,
                &[make, "DROP TABLE IF EXISTS picked"],
                Some(("picked", 0, 1)),
            );
        }
        let make = "CREATE TABLE temp.picked (a)";
        check(
            Dialect::Sqlite,
            1,
            &[make, "DELETE FROM picked"],
            Some(("picked", 0, 1)),
        );
        let make = "SELECT 1 AS a INTO TEMP TABLE picked";
        check(
            Dialect::Postgres,
            1,
            &[make, "DELETE FROM picked"],
            Some(("picked", 0, 1)),
        );
        let body = "DO $$ BEGIN DELETE FROM picked; END $$";
        check(Dialect::Postgres, 1, &[make, body], Some(("picked", 0, 1)));
        check(
            Dialect::Postgres,
            1,
            &["CREATE TABLE kept (a int)", "DELETE FROM kept"],
            None,
        );
    }

    #[test]
    fn what_else_a_session_has() {
        let make = "PREPARE later AS SELECT 1";
        check(
            Dialect::Postgres,
            1,
            &[make, "EXECUTE later"],
            Some(("later", 0, 1)),
        );
        check(
            Dialect::Postgres,
            2,
            &[make, "DEALLOCATE ALL", "EXECUTE later"],
            None,
        );
        let make = "DECLARE rows CURSOR WITH HOLD FOR SELECT 1";
        check(
            Dialect::Postgres,
            1,
            &[make, "FETCH 1 FROM rows"],
            Some(("rows", 0, 1)),
        );
        let make = "ATTACH 'x.db' AS other";
        check(
            Dialect::Sqlite,
            1,
            &[make, "INSERT INTO t SELECT * FROM other.t"],
            Some(("other", 0, 1)),
        );
        check(Dialect::Sqlite, 2, &[make, "DETACH other", "SELECT 1"], None);
    }

    #[test]
    fn variables() {
        let check = |done, statements: &[&str], expected| check(Dialect::MariaDb, done, statements, expected);
        let needs = "UPDATE t SET a = @n";
        check(1, &["SET @n = 3", needs], None);
        check(1, &["SET @n = (SELECT max(a) FROM t)", needs], None);
        let changed = [
            "SET @n = (SELECT max(a) FROM t)",
            "INSERT INTO t VALUES (9)",
            needs,
        ];
        check(2, &changed, Some(("@n", 0, 2)));
        check(
            1,
            &["SELECT max(a) INTO @m, @n FROM t", needs],
            Some(("@n", 0, 1)),
        );
        check(1, &["SELECT @n := max(a) FROM t", needs], Some(("@n", 0, 1)));
        // It is prepared again.
        check(
            2,
            &["SET @s = 'SELECT 1'", "PREPARE s FROM @s", "EXECUTE s"],
            None,
        );
    }
}
