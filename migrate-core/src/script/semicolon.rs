//! A semicolon that was forgotten between two statements.

use super::lex::{Lexer, TokenKind};
use crate::model::Dialect;

/// What a statement can begin with that is never the middle of another one, with what may stand behind it: one of these
/// words, or behind `!` any other word.
const BEGINNINGS: &[(&str, &[&str])] = &[
    (
        "create",
        &[
            "table",
            "index",
            "unique",
            "view",
            "trigger",
            "or",
            "temporary",
            "procedure",
            "function",
            "event",
            "user",
            "role",
            "database",
            "sequence",
            "fulltext",
            "spatial",
            "materialized",
            "type",
            "extension",
            "domain",
            "policy",
        ],
    ),
    ("alter", &["table"]),
    (
        "drop",
        &[
            "table",
            "view",
            "trigger",
            "procedure",
            "function",
            "event",
            "user",
            "role",
            "database",
            "sequence",
            "type",
            "extension",
            "materialized",
            "policy",
        ],
    ),
    ("insert", &["into", "ignore"]),
    ("replace", &["into"]),
    ("merge", &["into"]),
    ("delete", &["from"]),
    ("truncate", &["!", "partition"]),
    ("analyze", &["table"]),
    ("optimize", &["table"]),
    ("rename", &["table"]),
    ("lock", &["table", "tables"]),
    ("unlock", &["tables"]),
    ("grant", &["!", "option"]),
    ("revoke", &["!", "option"]),
    ("use", &["!", "index", "key"]),
];

/// What else a statement can begin with, of which more than the next word tells whether it does.
const MORE: &[&str] = &["update", "select", "set", "call", "commit", "rollback"];

/// The statements behind which SELECT begins another one, as it does not behind an INSERT or a view. Of ALTER that of a
/// table is one.
const BEFORE_SELECT: &[&str] = &[
    "alter", "drop", "truncate", "update", "delete", "rename", "grant", "revoke", "analyze", "optimize",
    "set", "use", "call", "lock", "unlock",
];

/// The statements behind which SET begins another one, which is a word of other statements as well.
const BEFORE_SET: &[&str] = &[
    "drop", "truncate", "delete", "rename", "grant", "revoke", "analyze", "optimize", "set", "use", "call",
    "lock", "unlock", "select",
];

/// What holds statements of its own.
const HOLDS: &[&str] = &[
    "trigger",
    "procedure",
    "function",
    "event",
    "package",
    "rule",
    "schema",
    "explain",
    "with",
    "statement",
];

/// The words behind which a statement may stand within another one.
const BEFORE: &[&str] = &[
    "as",
    "for",
    "do",
    "begin",
    "then",
    "else",
    "also",
    "instead",
    "atomic",
    "on",
    "from",
    "join",
    "into",
    "update",
    "table",
    "select",
    "set",
    "where",
    "and",
    "or",
    "in",
    "by",
    "union",
    "all",
    "distinct",
    "except",
    "intersect",
    "minus",
];

/// Where a second statement begins in what should be one: at the start of a line and outside brackets.
pub(crate) fn forgotten(statement: &str, dialect: Dialect) -> Option<u32> {
    // Few statements have such a line, and cutting one into tokens takes its time.
    let verbs = BEGINNINGS.iter().map(|(verb, _)| *verb);
    let begins = |line: &str| {
        let line = line.trim_start();
        verbs.clone().chain(MORE.iter().copied()).any(|verb| {
            line.get(..verb.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(verb))
        })
    };
    if !statement.lines().skip(1).any(begins) {
        return None;
    }
    let mut tokens = Vec::new();
    for token in Lexer::new(statement, dialect) {
        let token = token.ok()?;
        if !token.kind.is_trivia() {
            tokens.push(token);
        }
    }
    let word = |at: usize| {
        let token = tokens.get(at).filter(|token| token.kind == TokenKind::Word);
        token.map_or_else(String::new, |token| token.text(statement).to_ascii_lowercase())
    };
    let first = word(0);
    let is_known = ["create", "insert", "replace"].contains(&&*first)
        || BEFORE_SELECT.contains(&&*first)
        || BEFORE_SET.contains(&&*first);
    // A view is a query, whatever stands before it; ANALYZE of MariaDB may be of one.
    let body = (0..tokens.len()).find(|at| word(*at) == "as").unwrap_or(0);
    let views = (0..body).any(|at| word(at) == "view");
    let queries =
        views || first == "analyze" && !["table", "no_write_to_binlog", "local"].contains(&&*word(1));
    if !is_known
        || queries && first != "create"
        || (0..tokens.len().min(12)).any(|at| HOLDS.contains(&&*word(at)))
    {
        return None;
    }
    let mut depth = 0_i32;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        match token.text(statement) {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        let line = statement.get(..token.start).unwrap_or("");
        let line = line.rfind('\n').map(|end| &line[end + 1..]);
        let first_of_line = line.is_some_and(|line| line.trim().is_empty());
        if depth > 0 || at < 2 || !first_of_line {
            continue;
        }
        let before = tokens[at - 1].text(statement);
        let open = matches!(before, "," | ";" | "(" | "=") || BEFORE.contains(&&*word(at - 1));
        let (one, two) = (word(at), word(at + 1));
        let follows = |behind: &[&str]| match behind {
            ["!", others @ ..] => !two.is_empty() && !others.contains(&&*two),
            _ => behind.contains(&&*two),
        };
        let begins = BEGINNINGS
            .iter()
            .any(|(verb, behind)| one == *verb && follows(behind))
            || match &*one {
                "update" => word(at + 2) == "set",
                "drop" => two == "index" && first != "alter",
                "commit" | "rollback" => at + 1 == tokens.len() && first != "select",
                "select" => BEFORE_SELECT.contains(&&*first),
                "set" => BEFORE_SET.contains(&&*first) && !two.is_empty(),
                "call" => tokens
                    .get(at + 2)
                    .is_some_and(|token| token.text(statement) == "("),
                _ => false,
            };
        if begins && !open {
            return Some(token.start as u32);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::forgotten;
    use crate::model::Dialect;

    #[test]
    fn second_statements() {
        for (text, at) in [
            ("CREATE TABLE a (id int)\nINSERT INTO a VALUES (1)", Some(24)),
            ("UPDATE a SET b = 1\n  UPDATE c SET d = 2", Some(21)),
            (
                "CREATE TABLE a (id int)\nCREATE UNIQUE INDEX i ON a (id)",
                Some(24),
            ),
            ("CREATE VIEW v AS\nSELECT 1", None),
            ("ALTER VIEW v AS\nSELECT 1\nUNION ALL\nSELECT 2", None),
            ("ALTER VIEW v AS\nSELECT 1 EXCEPT\nSELECT 2", None),
            (
                "ALTER ALGORITHM = MERGE DEFINER = `a`@`b` SQL SECURITY INVOKER VIEW v AS WITH x AS (SELECT 1)\nSELECT 2",
                None,
            ),
            ("ANALYZE FORMAT=JSON\nSELECT 1", None),
            ("ANALYZE TABLE a\nSELECT 1", Some(16)),
            ("CREATE VIEW v AS SELECT 1\nINSERT INTO a VALUES (1)", Some(26)),
            ("INSERT INTO a VALUES (1)\nON DUPLICATE KEY\nUPDATE b = 2", None),
            (
                "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW\nINSERT INTO b VALUES (1)",
                None,
            ),
            ("ALTER TABLE a ADD b int,\nDROP TABLE", None),
            ("INSERT INTO a VALUES ('\nDROP TABLE a')", None),
            ("WITH x AS (SELECT 1)\nINSERT INTO a SELECT * FROM x", None),
            ("ALTER TABLE a ADD b int\nTRUNCATE TABLE c", Some(24)),
            ("DROP TABLE a\nSET x = 1", Some(13)),
            ("SET x = 1\nSELECT 1", Some(10)),
            ("DELETE FROM a\nCALL p()", Some(14)),
            ("CREATE TABLE a (b int)\nGRANT SELECT ON a TO c", Some(23)),
            ("UPDATE a SET b = 1\nDROP INDEX i ON a", Some(19)),
            ("UPDATE a SET b = 1\nCOMMIT", Some(19)),
            ("ALTER TABLE a\nDROP INDEX i", None),
            ("ALTER TABLE a\nTRUNCATE PARTITION p", None),
            ("UPDATE a\nSET b = 1", None),
            ("UPDATE a\nUSE INDEX (i)\nSET b = 1", None),
            ("ALTER TABLE a\nRENAME TO b", None),
            ("INSERT INTO a\nSELECT 1", None),
            ("INSERT INTO a\nSET b = 1", None),
            ("DROP TABLE a,\nuse", None),
            ("INSERT INTO a SELECT * FROM\ntruncate ORDER BY b", None),
        ] {
            assert_eq!(forgotten(text, Dialect::Mysql), at, "{text}");
        }
    }
}
