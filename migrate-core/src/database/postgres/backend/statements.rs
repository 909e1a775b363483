//! How the statements of a migration run: many in one round trip, each with the patience that it may have.

use super::PostgresBackend;
use crate::database::postgres::refused;
use crate::database::sql::joined::{Joined, results};
use crate::database::sql::{DatabaseError, Ended, Ran};
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::script::words::{Word, Words};

/// How long a statement in a transaction waits for locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Short, and nothing of the migration has run yet.
    First,
    Short,
    /// As long as one outside: nobody has to wait for it meanwhile.
    Long,
}

impl PostgresBackend {
    /// Runs statements behind SQL of ours, which gives `ours` results; an error without an index is of that.
    async fn run_behind(
        &mut self,
        before: String,
        ours: usize,
        statements: &[&str],
        ended: Ended<'_>,
    ) -> Result<(), (Option<usize>, DatabaseError)> {
        self.touched |= statements.iter().any(|sql| may_touch_session(sql));
        let joined = Joined::new(before, statements);
        let connection = self.connection().map_err(|error| (None, error))?;
        let stream = sqlx::raw_sql(sqlx::AssertSqlSafe(&*joined.text)).fetch_many(connection);
        let Err((count, error)) = results(stream, ours, ended).await else {
            return Ok(());
        };
        let mut error = refused(error, &joined.text);
        // A text is read as a whole before any of it runs, so where a fault has a place, that says which statement it
        // is in.
        let index = match error.position.take() {
            Some(byte) => joined.place(byte).map(|(index, within)| {
                error.position = Some(within);
                index
            }),
            None => count.checked_sub(ours),
        };
        let last = statements.len().checked_sub(1);
        Err((index.zip(last).map(|(index, last)| index.min(last)), error))
    }

    /// As [`run_behind`](Self::run_behind), with the patience that each statement may have.
    ///
    /// VALIDATE blocks nobody while it waits for its lock, unless the transaction holds stronger ones by then; so it may
    /// wait long where nothing stands before it but its like.
    pub(super) async fn run_patiently(
        &mut self,
        mut before: String,
        mut ours: usize,
        statements: &[&str],
        ended: Ended<'_>,
    ) -> Result<(), (Option<usize>, DatabaseError)> {
        let mut first = 0;
        if self.waits == Some(Wait::First) {
            self.waits = Some(Wait::Short);
            first = statements.iter().take_while(|sql| validates(sql)).count();
        }
        if first > 0 {
            before.push_str(&self.wait_sql(Wait::Long));
            self.run_behind(before, ours + 1, &statements[..first], &mut *ended)
                .await?;
            (before, ours) = (String::new(), 0);
        }
        let rest = &statements[first..];
        if rest.is_empty() && first > 0 {
            return Ok(());
        }
        if self.waits == Some(Wait::Long) {
            before.push_str(&self.wait_sql(Wait::Short));
            ours += 1;
        }
        let mut ended = |index: usize| ended(first + index);
        let ran = self.run_behind(before, ours, rest, &mut ended).await;
        // Where there was a part before, an error is one of the rest.
        let told = |index: Option<usize>| match first {
            0 => index,
            _ => Some(first + index.unwrap_or(0)),
        };
        ran.map_err(|(index, error)| (told(index), error))
    }

    /// What lets the transaction of a migration wait that long.
    pub(super) fn wait_sql(&mut self, wait: Wait) -> String {
        self.waits = Some(wait);
        let timeout = match wait {
            Wait::First | Wait::Short => self.options.lock_timeout,
            Wait::Long => self.options.long_lock_timeout,
        };
        format!("SET LOCAL lock_timeout = {}; ", timeout.as_millis())
    }

    pub(super) async fn run_each(&mut self, statements: &[&str], ended: Ended<'_>) -> Ran {
        for (index, sql) in statements.iter().enumerate() {
            self.run_one(sql).await.map_err(|error| (index, error))?;
            ended(index);
        }
        Ok(())
    }

    pub(super) async fn run_one(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.touched |= may_touch_session(sql);
        let connection = self.connection()?;
        let result = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await;
        result.map(drop).map_err(|error| refused(error, sql))
    }
}

/// Whether a statement changes how the ones behind it are read, so that they cannot be read together with it.
pub(super) fn changes_reading(statements: &[&str]) -> bool {
    statements
        .iter()
        .any(|sql| may_touch_session(sql) && sql.to_ascii_lowercase().contains("standard_conforming_strings"))
}

/// Whether a statement validates constraints of a table and does nothing else.
pub(super) fn validates(sql: &str) -> bool {
    let mut words = Words::new(sql, Dialect::Postgres);
    if !words.eat_all(&["alter", "table"]) {
        return false;
    }
    words.eat_all(&["if", "exists"]);
    words.eat("only");
    if words.qualified_name().is_none() {
        return false;
    }
    words.eat_punct("*");
    loop {
        if !words.eat_all(&["validate", "constraint"]) || words.qualified_name().is_none() {
            return false;
        }
        if !words.eat_punct(",") {
            return words.next().is_none();
        }
    }
}

/// Whether a statement is a SET in the form of a query, as dumps have it: `SELECT pg_catalog.set_config('a', 'b', false)`.
pub(super) fn sets_config(sql: &str) -> bool {
    let mut words = Words::new(sql, Dialect::Postgres);
    let is_text = |word: Option<Word<'_>>| word.is_some_and(|word| word.kind == TokenKind::String);
    words.eat("select")
        && words
            .qualified_name()
            .is_some_and(|name| name.last().is_some_and(|last| last == "set_config"))
        && words.eat_punct("(")
        && is_text(words.next())
        && words.eat_punct(",")
        && is_text(words.next())
        && words.eat_punct(",")
        && words.eat("false")
        && words.eat_punct(")")
        && words.next().is_none()
}

/// Whether a statement may leave a setting behind in the session.
fn may_touch_session(sql: &str) -> bool {
    let words = Words::new(sql, Dialect::Postgres);
    match words.peek() {
        Some(word) => word.is_any(&["set", "reset", "discard", "select", "do", "call", "with"]),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_in_the_form_of_a_query() {
        for (sql, sets) in [
            ("SELECT pg_catalog.set_config('search_path', '', false)", true),
            ("select set_config('a.b', 'c', FALSE)", true),
            ("SELECT set_config('a.b', 'c', true)", false),
            ("SELECT set_config('a.b', x, false) FROM t", false),
            ("SELECT set_config('a.b', 'c', false), f()", false),
        ] {
            assert_eq!(sets_config(sql), sets, "{sql}");
        }
    }

    #[test]
    fn validating_is_told_from_doing_more() {
        for sql in [
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            "alter table if exists only s.\"T\" * validate constraint \"c d\", validate constraint e",
        ] {
            assert!(validates(sql), "{sql}");
        }
        for sql in [
            "ALTER TABLE t VALIDATE CONSTRAINT c, ALTER COLUMN x SET NOT NULL",
            "ALTER TABLE t ALTER COLUMN x SET NOT NULL, VALIDATE CONSTRAINT c",
            "ALTER DOMAIN d VALIDATE CONSTRAINT c",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0) NOT VALID",
        ] {
            assert!(!validates(sql), "{sql}");
        }
    }
}
