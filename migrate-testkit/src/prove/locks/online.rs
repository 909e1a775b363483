//! What MariaDB accepts for a statement: the cheapest way that it takes tells whether rows are copied and whether
//! anybody may write meanwhile.
//!
//! DDL commits by itself there and leaves no lock behind to look at. But a statement that is to be done in a way which
//! the server does not have for it is refused before anything happens, so the ways are tried, the cheapest first. Such
//! refusals do not depend on how many rows there are.

use super::LockMode;
use super::seen::Seen;
use crate::link::{Link, message};

/// What may be asked for: the algorithm, and whether writers go on.
const WAYS: [(&str, bool); 6] = [
    ("INSTANT", true),
    ("NOCOPY", true),
    ("NOCOPY", false),
    ("INPLACE", true),
    ("INPLACE", false),
    ("COPY", false),
];

/// Runs a statement in the cheapest way and tells what that means for its table.
///
/// # Errors
/// What the server says of the statement itself.
pub(super) async fn run(link: &mut impl Link, sql: &str) -> Result<Seen, sqlx::Error> {
    let Some(table) = table_of(sql) else {
        link.execute(sql).await?;
        return Ok(Seen::default());
    };
    for (algorithm, writers_go_on) in WAYS {
        link.execute(&format!("SET alter_algorithm = '{algorithm}'"))
            .await?;
        let asked = if writers_go_on {
            with_lock_none(sql)
        } else {
            sql.to_owned()
        };
        let done = link.execute(&asked).await;
        link.execute("SET alter_algorithm = DEFAULT").await?;
        match done {
            Ok(()) => return Ok(seen(table, algorithm, writers_go_on)),
            // What was added may not stand in every statement.
            Err(error) if is_refused_way(&error) || asked != sql => {}
            Err(error) => return Err(error),
        }
    }
    // The statement names a way itself.
    link.execute(sql).await?;
    Ok(Seen::default())
}

fn seen(table: String, algorithm: &str, writers_go_on: bool) -> Seen {
    // A table that is built anew in place, or copied.
    let rewrites = matches!(algorithm, "INPLACE" | "COPY").then(|| table.clone());
    let locks = (!writers_go_on).then_some((table, LockMode::Share));
    Seen {
        locks: locks.into_iter().collect(),
        rewrites: rewrites.into_iter().collect(),
    }
}

/// `ALGORITHM=… is not supported`, with a reason or without one, and the same of LOCK.
fn is_refused_way(error: &sqlx::Error) -> bool {
    let text = message(error);
    text.contains("is not supported") && (text.contains("ALGORITHM=") || text.contains("LOCK="))
}

/// The statement that asks for writers to go on, unless it says something of that itself.
fn with_lock_none(sql: &str) -> String {
    let words = words(sql);
    let separator = match words.first().map(String::as_str) {
        _ if words.iter().any(|word| word.starts_with("lock")) => return sql.to_owned(),
        Some("alter") => ",",
        Some("create") => "",
        // DROP INDEX says nothing of locks.
        _ => return sql.to_owned(),
    };
    // A comment may end the statement.
    format!("{}\n{separator} LOCK=NONE", sql.trim_end().trim_end_matches(';'))
}

fn words(sql: &str) -> Vec<String> {
    sql.split(|c: char| c.is_whitespace() || c == '(' || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The table that an ALTER TABLE, CREATE INDEX or DROP INDEX is about.
fn table_of(sql: &str) -> Option<String> {
    let words = words(sql);
    let first = words.first()?.as_str();
    let before = match first {
        "alter" if words.iter().take(4).any(|word| word == "table") => "table",
        "create" | "drop" if words.iter().take(4).any(|word| word == "index") => "on",
        _ => return None,
    };
    let at = words.iter().position(|word| word == before)?;
    let name = words[at + 1..]
        .iter()
        .find(|word| !["if", "exists"].contains(&word.as_str()))?;
    Some(name.trim_matches('`').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_their_table() {
        let check = |sql: &str, table: Option<&str>, asked: &str| {
            assert_eq!(table_of(sql).as_deref(), table, "{sql}");
            assert_eq!(with_lock_none(sql), asked, "{sql}");
        };
        check(
            "ALTER TABLE IF EXISTS `users` ADD COLUMN a INT",
            Some("users"),
            "ALTER TABLE IF EXISTS `users` ADD COLUMN a INT\n, LOCK=NONE",
        );
        check(
            "CREATE UNIQUE INDEX i ON users(a);",
            Some("users"),
            "CREATE UNIQUE INDEX i ON users(a)\n LOCK=NONE",
        );
        check("DROP INDEX i ON users", Some("users"), "DROP INDEX i ON users");
        assert_eq!(table_of("UPDATE users SET a = 1"), None);
        assert_eq!(table_of("CREATE TABLE users (a INT)"), None);
    }
}
