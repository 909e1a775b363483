//! What MariaDB accepts for a statement: the cheapest way that it takes tells whether rows are copied and whether
//! anybody may write meanwhile.
//!
//! DDL commits by itself there and leaves no lock behind to look at. But a statement that is to be done in a way which
//! the server does not have for it is refused before anything happens, so the ways are tried, the cheapest first. Such
//! refusals do not depend on how many rows there are.

use super::LockMode;
use super::seen::Seen;
use crate::link::Link;

/// What may be asked for: the algorithm, and whether writers go on.
const WAYS: [(&str, bool); 7] = [
    ("INSTANT", true),
    ("NOCOPY", true),
    ("NOCOPY", false),
    ("INPLACE", true),
    ("INPLACE", false),
    ("COPY", true),
    ("COPY", false),
];

/// Runs a statement in the cheapest way and tells what that means for its table.
///
/// # Errors
/// What the server says of the statement itself.
pub(super) async fn run(link: &mut impl Link, sql: &str) -> Result<Seen, sqlx::Error> {
    if let Some(table) = table_of(sql) {
        for (algorithm, writers_go_on) in WAYS {
            let asked = asking(sql, algorithm, writers_go_on);
            // Where what was added may not stand, or the statement itself is wrong, running it as it is tells.
            if link.execute(&asked).await.is_ok() {
                return Ok(seen(table, algorithm, writers_go_on));
            }
        }
    }
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

/// The statement that asks for that.
fn asking(sql: &str, algorithm: &str, writers_go_on: bool) -> String {
    let separator = if words(sql).first().is_some_and(|word| word == "alter") {
        ","
    } else {
        ""
    };
    let lock = if writers_go_on {
        format!("{separator} LOCK=NONE")
    } else {
        String::new()
    };
    // A comment may end the statement.
    let sql = sql.trim_end().trim_end_matches(';');
    format!("{sql}\n{separator} ALGORITHM={algorithm}{lock}")
}

fn words(sql: &str) -> Vec<String> {
    sql.split(|c: char| c.is_whitespace() || c == '(' || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The table that an ALTER TABLE or a CREATE INDEX is about, unless the statement says itself how it is to be done. A DROP
/// INDEX cannot be asked, and copies nothing.
fn table_of(sql: &str) -> Option<String> {
    let words = words(sql);
    if words
        .iter()
        .any(|word| word.starts_with("algorithm") || word.starts_with("lock="))
    {
        return None;
    }
    let is_about = |what: &str| words.iter().take(4).any(|word| word == what);
    let before = match words.first()?.as_str() {
        "alter" if is_about("table") => "table",
        "create" if is_about("index") => "on",
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
        let check = |sql: &str, table: Option<&str>| assert_eq!(table_of(sql).as_deref(), table, "{sql}");
        check("ALTER TABLE IF EXISTS `users` ADD COLUMN a INT", Some("users"));
        check("CREATE UNIQUE INDEX i ON users(a);", Some("users"));
        check("CREATE INDEX i ON users (a) ALGORITHM=COPY", None);
        check("DROP INDEX i ON users", None);
        check("UPDATE users SET a = 1", None);
        check("CREATE TABLE users (a INT)", None);
    }

    #[test]
    fn a_way_is_asked_for() {
        assert_eq!(
            asking("ALTER TABLE users FORCE;", "INPLACE", true),
            "ALTER TABLE users FORCE\n, ALGORITHM=INPLACE, LOCK=NONE"
        );
        assert_eq!(
            asking("CREATE INDEX i ON users (a)", "COPY", false),
            "CREATE INDEX i ON users (a)\n ALGORITHM=COPY"
        );
    }
}
