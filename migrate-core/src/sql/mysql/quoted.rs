//! Names in quotes. To MySQL and MariaDB quotes of both kinds hold text, and only a name may stand in these places.

use super::tokens::Token;
use crate::script::lex::TokenKind;

/// What is called by the name behind it.
const KINDS: &[&str] = &[
    "table",
    "view",
    "index",
    "column",
    "constraint",
    "references",
    "join",
    "trigger",
    "procedure",
    "function",
    "event",
    "database",
    "schema",
];

/// Where a name stands in quotes.
pub(super) fn misquoted(tokens: &[Token<'_>]) -> Option<u32> {
    let [first, second, ..] = tokens else { return None };
    let starts = |words: [&str; 2]| first.is(words[0]) && second.is(words[1]);
    let alters = starts(["alter", "table"]);
    let makes = |word: &str| first.is("create") && tokens.iter().take(4).any(|token| token.is(word));
    let (index, keys) = (makes("index"), makes("index") || makes("trigger"));
    if starts(["create", "table"])
        && let Some(at) = of_column(tokens)
    {
        return Some(at);
    }
    let (mut depth, mut on) = (0_u32, false);
    for (at, token) in tokens.iter().enumerate() {
        if token.punct("(") {
            depth += 1;
        } else if token.punct(")") {
            depth = depth.saturating_sub(1);
        }
        let first_on = keys && !on && token.is("on");
        on |= first_on;
        let Some(next) = tokens.get(at + 1).filter(|next| next.kind == TokenKind::String) else {
            continue;
        };
        let before = &tokens[..at];
        let names = match token {
            _ if token.is_any(KINDS) => true,
            _ if token.is("exists") => {
                let mut words = before.iter().rev().filter(|word| !word.is_any(&["if", "not"]));
                words.next().is_some_and(|word| word.is_any(KINDS))
            }
            _ if token.is_any(&["update", "truncate"]) => at == 0,
            _ if token.is("into") => first.is_any(&["insert", "replace"]) && depth == 0,
            _ if token.is("from") => {
                let begins = ["delete", "low_priority", "quick", "ignore"];
                at > 0 && before.iter().all(|word| word.is_any(&begins))
            }
            _ if token.is_any(&["add", "modify", "change"]) => alters && depth == 0,
            _ if token.is("on") => first_on,
            // A list of the columns of a key.
            _ if token.punct("(") => before.last().is_some_and(|word| {
                word.is_any(&["key", "unique"]) || index && on && depth == 1 && word.is_name()
            }),
            _ => false,
        };
        if names {
            return Some(next.span.start);
        }
    }
    None
}

/// A column of CREATE TABLE.
fn of_column(tokens: &[Token<'_>]) -> Option<u32> {
    let mut rest = &tokens[2..];
    while let [word, left @ ..] = rest
        && word.is_any(&["if", "not", "exists"])
    {
        rest = left;
    }
    let list = match rest {
        [name, open, list @ ..] if name.is_name() && open.punct("(") => list,
        [name, dot, other, open, list @ ..]
            if name.is_name() && dot.punct(".") && other.is_name() && open.punct("(") =>
        {
            list
        }
        _ => return None,
    };
    let (mut depth, mut begins) = (0_u32, true);
    for token in list {
        match token {
            _ if token.punct("(") => depth += 1,
            _ if token.punct(")") && depth == 0 => return None,
            _ if token.punct(")") => depth -= 1,
            _ if begins && token.kind == TokenKind::String => return Some(token.span.start),
            _ => {}
        }
        begins = depth == 0 && token.punct(",");
    }
    None
}
