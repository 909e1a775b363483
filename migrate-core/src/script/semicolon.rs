//! A semicolon that was forgotten between two statements.

use super::lex::{Lexer, TokenKind};
use crate::model::Dialect;

/// What a statement can begin with that is never the middle of another one that begins with one of these.
const BEGINNINGS: &[[&str; 2]] = &[
    ["create", "table"],
    ["create", "index"],
    ["create", "unique"],
    ["create", "view"],
    ["create", "trigger"],
    ["alter", "table"],
    ["drop", "table"],
    ["insert", "into"],
    ["delete", "from"],
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
    "as", "for", "do", "begin", "then", "else", "also", "instead", "atomic", "on",
];

/// Where a second statement begins in what should be one: at the start of a line and outside brackets.
pub(crate) fn forgotten(statement: &str, dialect: Dialect) -> Option<u32> {
    // Few statements have such a line, and cutting one into tokens takes its time.
    let verbs = ["create ", "alter ", "drop ", "insert ", "delete ", "update "];
    let begins = |line: &str| {
        let line = line.trim_start();
        verbs.iter().any(|verb| {
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
    let first = [
        "create", "alter", "drop", "insert", "update", "delete", "truncate", "replace",
    ];
    if !first.contains(&&*word(0)) || (0..tokens.len().min(12)).any(|at| HOLDS.contains(&&*word(at))) {
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
        let begins = BEGINNINGS
            .iter()
            .any(|[one, two]| word(at) == *one && word(at + 1) == *two)
            || (word(at) == "update" && word(at + 2) == "set");
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
            ("INSERT INTO a VALUES (1)\nON DUPLICATE KEY\nUPDATE b = 2", None),
            (
                "CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW\nINSERT INTO b VALUES (1)",
                None,
            ),
            ("ALTER TABLE a ADD b int,\nDROP TABLE", None),
            ("INSERT INTO a VALUES ('\nDROP TABLE a')", None),
            ("WITH x AS (SELECT 1)\nINSERT INTO a SELECT * FROM x", None),
        ] {
            assert_eq!(forgotten(text, Dialect::Mysql), at, "{text}");
        }
    }
}
