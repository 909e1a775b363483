//! Files of MySQL and MariaDB that set `sql_mode` to ANSI_QUOTES: from there on `"…"` is a name and no text.

use std::collections::BTreeMap;

use crate::model::{Dialect, Section, Statement};
use crate::script::lex::{Lexer, TokenKind};

/// The modes that have ANSI_QUOTES in them.
const MODES: &[&str] = &[
    "ansi_quotes",
    "ansi",
    "oracle",
    "mssql",
    "db2",
    "postgresql",
    "maxdb",
];

/// The statements that are read in such a mode, by where they start, as they would be written without it. Offsets stay.
pub(super) fn requoted(section: &Section, dialect: Dialect) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    if !dialect.is_mysql_family() || !mentions(&section.text) {
        return found;
    }
    let mut on = false;
    for (statement, sql) in section.iter() {
        let statement: &Statement = statement;
        if on && sql.contains('"') {
            found.insert(statement.start, with_backticks(sql, dialect));
        }
        if let Some(mode) = switched(sql, dialect) {
            on = mode;
        }
    }
    found
}

fn mentions(text: &str) -> bool {
    let wanted = b"sql_mode";
    text.as_bytes()
        .windows(wanted.len())
        .any(|part| part.eq_ignore_ascii_case(wanted))
}

/// What stands in double quotes, in backticks.
fn with_backticks(sql: &str, dialect: Dialect) -> String {
    let mut made = String::with_capacity(sql.len());
    let mut end = 0;
    for token in Lexer::new(sql, dialect).map_while(Result::ok) {
        let text = token.text(sql);
        end = token.end;
        let inside = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match inside.filter(|inside| token.kind == TokenKind::String && !inside.contains(['`', '\\'])) {
            Some(inside) => {
                made.push('`');
                made.push_str(inside);
                made.push('`');
            }
            None => made.push_str(text),
        }
    }
    made.push_str(sql.get(end..).unwrap_or(""));
    made
}

/// Whether ANSI_QUOTES holds from a statement on; none where it does not say.
fn switched(sql: &str, dialect: Dialect) -> Option<bool> {
    let mut tokens = Vec::new();
    for token in Lexer::new(sql, dialect).map_while(Result::ok) {
        let text = token.text(sql);
        match token.kind {
            kind if kind.is_trivia() => {}
            // The way in which dumps set it, for servers that know it.
            TokenKind::ExecutableComment => {
                let inner = text
                    .trim_start_matches(['/', '*', '!', 'M'])
                    .trim_start_matches(|c: char| c.is_ascii_digit());
                return switched(inner.trim_end_matches(['*', '/']), dialect);
            }
            _ => tokens.push(text.to_lowercase()),
        }
    }
    if tokens.first().is_none_or(|first| first != "set") {
        return None;
    }
    let named =
        |at: &usize| tokens[*at].trim_start_matches("@@").ends_with("sql_mode") && !is_variable(&tokens[*at]);
    let is_assigned = |at: &usize| {
        tokens
            .get(at + 1)
            .is_some_and(|next| next == "=" || next == ":=" || next == ":")
    };
    let at = (1..tokens.len()).filter(named).find(is_assigned)?;
    if tokens[..at]
        .iter()
        .rev()
        .take_while(|token| *token != ",")
        .any(|token| token == "global" || token == "@@global")
    {
        return None;
    }
    let value = tokens.get(at + 2..).unwrap_or_default();
    let mut depth = 0_i32;
    let value: Vec<&String> = value
        .iter()
        .skip_while(|token| *token == "=")
        .take_while(|token| {
            depth += i32::from(*token == "(") - i32::from(*token == ")");
            depth > 0 || *token != ","
        })
        .collect();
    let named = value.iter().any(|token| {
        let mut words = token.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.any(|word| MODES.contains(&word))
    });
    let first = value.first()?;
    match first.as_str() {
        "replace" if named => Some(false),
        // What is added to the mode or taken from it leaves the rest.
        "concat" | "concat_ws" | "replace" | "sys" if !named => None,
        _ => Some(named),
    }
}

/// Whether it is a variable of the user's, such as the one that keeps the mode as it was.
fn is_variable(token: &str) -> bool {
    token.starts_with('@') && !token.starts_with("@@")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_mode() {
        let on = [
            "SET sql_mode = 'ANSI_QUOTES'",
            "set session sql_mode='ANSI,STRICT_TRANS_TABLES'",
            "SET @@sql_mode := \"ansi\"",
            "SET @@session.sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')",
            "SET NAMES utf8mb4, sql_mode = 'ansi_quotes'",
            "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='ANSI_QUOTES' */",
            "SET sql_mode = ANSI_QUOTES",
        ];
        let off = [
            "SET sql_mode = ''",
            "SET sql_mode = DEFAULT",
            "SET SQL_MODE=@OLD_SQL_MODE",
            "SET sql_mode = REPLACE(@@sql_mode, 'ANSI_QUOTES', '')",
            "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */",
        ];
        let neither = [
            "SET @ansi = @@sql_mode",
            "SET @OLD_SQL_MODE = @@sql_mode, time_zone = '+00:00'",
            "SET GLOBAL sql_mode = 'ANSI_QUOTES'",
            "SET sql_mode = CONCAT(@@sql_mode, ',NO_ZERO_DATE')",
            "SELECT 'sql_mode = ANSI_QUOTES'",
        ];
        for (all, wanted) in [
            (&on[..], Some(true)),
            (&off[..], Some(false)),
            (&neither[..], None),
        ] {
            for sql in all {
                assert_eq!(switched(sql, Dialect::MariaDb), wanted, "{sql}");
            }
        }
    }

    #[test]
    fn keeps_every_offset() {
        let sql = "ALTER TABLE \"a\" ADD \"b\" int COMMENT 'a \"text\"'";
        let made = with_backticks(sql, Dialect::Mysql);
        assert_eq!(made, "ALTER TABLE `a` ADD `b` int COMMENT 'a \"text\"'");
    }
}
