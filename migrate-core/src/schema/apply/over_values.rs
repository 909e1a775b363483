//! What MySQL refuses to keep in an index over an expression.

use super::drop::has_word;
use crate::model::Dialect;
use crate::script::lex::{Lexer, TokenKind};

/// Functions that give JSON.
const JSON: &[&str] = &[
    "json_array",
    "json_array_append",
    "json_array_insert",
    "json_extract",
    "json_insert",
    "json_keys",
    "json_merge",
    "json_merge_patch",
    "json_merge_preserve",
    "json_object",
    "json_remove",
    "json_replace",
    "json_search",
    "json_set",
];

/// Why the parts of an index cannot be as they are defined, where one is a value that no index keeps or that is not the
/// same each time.
pub(super) fn refused_value(definition: &str, differs: &[&str]) -> Option<&'static str> {
    let tokens = tokens(definition);
    let inner = tokens.strip_prefix(&["("])?.strip_suffix(&[")"])?;
    let moment = ["current_timestamp", "current_date", "current_time"];
    let varies = |part: &[&str]| {
        part.iter().enumerate().any(|(at, word)| {
            let word = word.to_lowercase();
            let called = part.get(at + 1) == Some(&"(");
            moment.contains(&&*word) || (called && differs.contains(&&*word))
        })
    };
    if parts(inner).into_iter().filter_map(bare).any(varies) {
        return Some("an expression that is not the same each time");
    }
    parts(inner).into_iter().find_map(|part| {
        let part = bare(part)?;
        let name = part.first()?.to_lowercase();
        let whole = part.get(1) == Some(&"(") && closes(part, 1) == Some(part.len() - 1);
        let arrow = part.len() == 2 || (part.len() == 4 && part.get(1) == Some(&"."));
        match part.last().copied() {
            Some("->") if arrow => Some("JSON, which no index keeps: CAST it to a type of its own"),
            Some("->>") if arrow => {
                Some("a text of any length, which no index keeps: CAST it, as by CAST(\u{2026} AS CHAR(20))")
            }
            _ if whole && JSON.contains(&&*name) => {
                Some("JSON, which no index keeps: CAST it to a type of its own")
            }
            _ if whole && name == "json_unquote" => {
                Some("a text of any length, which no index keeps: CAST it, as by CAST(\u{2026} AS CHAR(20))")
            }
            _ => None,
        }
    })
}

/// Whether an expression of an index names a column. A column that is a part of its own is no expression, and what a text
/// says, as the path into a document does, is no name.
pub(super) fn computes_from(definition: &str, column: &str) -> bool {
    let tokens = tokens(definition);
    let inner = tokens
        .strip_prefix(&["("])
        .and_then(|rest| rest.strip_suffix(&[")"]));
    let names = |part: &[&str]| part.iter().any(|token| has_word(token, column));
    parts(inner.unwrap_or(&tokens))
        .into_iter()
        .filter_map(bare)
        .any(names)
}

/// What a definition says, but for its texts.
fn tokens(definition: &str) -> Vec<&str> {
    Lexer::new(definition, Dialect::Mysql)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia() && token.kind != TokenKind::String)
        .map(|token| token.text(definition))
        .collect()
}

/// The parts between commas, those in parentheses aside.
fn parts<'a, 's>(tokens: &'a [&'s str]) -> Vec<&'a [&'s str]> {
    let mut depth = 0_u32;
    let split = |token: &&str| {
        match *token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == ","
    };
    tokens.split(split).collect()
}

/// An expression without the parentheses around it; none where it is a column.
fn bare<'a, 's>(mut part: &'a [&'s str]) -> Option<&'a [&'s str]> {
    if part.first() != Some(&"(") {
        return None;
    }
    while part.first() == Some(&"(") {
        let end = closes(part, 0)?;
        // ASC or DESC may follow.
        if end + 2 < part.len() {
            return None;
        }
        part = part.get(1..end)?;
    }
    Some(part)
}

/// Where the parenthesis closes that opens there.
fn closes(tokens: &[&str], open: usize) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match *token {
            "(" => depth += 1,
            ")" if depth == 1 => return Some(at),
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
