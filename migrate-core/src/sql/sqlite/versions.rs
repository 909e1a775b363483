//! What of a statement older versions of SQLite do not understand.

use super::cursor::{self, Cursor};
use super::data::skip_with;
use crate::model::ServerVersion;
use crate::script::lex::TokenKind;
use crate::sql::Span;
use crate::sql::particular::Demand;

/// Functions, and the minor version of 3 that brought them.
const FUNCTIONS: &[(&str, u32)] = &[
    ("concat", 44),
    ("concat_ws", 44),
    ("format", 38),
    ("iif", 32),
    ("json_error_position", 42),
    ("jsonb", 45),
    ("octet_length", 43),
    ("string_agg", 44),
    ("timediff", 43),
    ("unhex", 41),
    ("unistr", 50),
    ("unixepoch", 38),
];

/// Functions over several rows.
const AGGREGATES: &[&str] = &[
    "avg",
    "count",
    "group_concat",
    "json_group_array",
    "json_group_object",
    "max",
    "min",
    "string_agg",
    "sum",
    "total",
];

/// Everything of a statement that came with a version after 3.20.
pub(in super::super) fn demands(statement: &str) -> Vec<Demand> {
    let Some(tokens) = cursor::tokens(statement) else {
        return Vec::new();
    };
    let cursor = Cursor::new(statement, &tokens);
    let mut found = Vec::new();
    let mut need = |minor: u32, what: &'static str, span: Span| {
        found.push(Demand {
            version: ServerVersion::new(3, minor, 0),
            what,
            function: None,
            span,
        });
    };
    if cursor.starts_with(&["alter", "table"]) {
        alter(cursor, &mut need);
    }
    if cursor.starts_with(&["vacuum"])
        && let Some(at) = cursor.find(|cursor, index| cursor.is_at(index, "into"))
    {
        need(27, "VACUUM INTO", cursor.span_at(at));
    }
    let mut main = cursor;
    skip_with(&mut main);
    let writes = main.is_any(&["insert", "replace", "update", "delete"]);
    if writes && let Some(at) = main.find(|cursor, index| cursor.is_at(index, "returning")) {
        need(35, "RETURNING", main.span_at(at));
    }
    if main.is("update")
        && let Some(set) = main.find(|cursor, index| cursor.is_at(index, "set"))
        && let Some(at) = main.find(|cursor, index| index > set && cursor.is_at(index, "from"))
        // IS DISTINCT FROM is about something else.
        && !main.is_at(at.wrapping_sub(1), "distinct")
    {
        need(33, "UPDATE … FROM", main.span_at(at));
    }
    let creates_table = cursor.is("create") && (cursor.is_at(1, "table") || cursor.is_at(2, "table"));
    if creates_table && let Some(at) = strict(cursor) {
        need(37, "a STRICT table", cursor.span_at(at));
    }
    words(cursor, creates_table, &mut need);
    found
}

fn alter(mut cursor: Cursor<'_>, need: &mut impl FnMut(u32, &'static str, Span)) {
    cursor.skip(2);
    if cursor.name().is_none() {
        return;
    }
    let span = cursor.span();
    match () {
        () if cursor.is("rename") && !cursor.is_at(1, "to") => need(25, "RENAME COLUMN", span),
        () if cursor.starts_with(&["drop", "constraint"]) => need(53, "DROP CONSTRAINT", span),
        () if cursor.is("drop") => need(35, "DROP COLUMN", span),
        () if cursor.starts_with(&["add", "constraint"]) || cursor.starts_with(&["add", "check"]) => {
            need(53, "ADD CONSTRAINT", span);
        }
        () if cursor.is("alter") => need(53, "ALTER COLUMN", span),
        () => {}
    }
}

/// Where the table option STRICT stands.
fn strict(cursor: Cursor<'_>) -> Option<usize> {
    let body = cursor.find(|cursor, index| cursor.text_at(index) == "(")?;
    cursor.find(|cursor, index| {
        index > body + 1
            && cursor.is_at(index, "strict")
            && matches!(cursor.text_at(index - 1), ")" | "," | "rowid" | "ROWID")
    })
}

fn words(cursor: Cursor<'_>, creates_table: bool, need: &mut impl FnMut(u32, &'static str, Span)) {
    let generates = creates_table || cursor.starts_with(&["alter", "table"]);
    let is = |index: usize, words: &[&str]| {
        words
            .iter()
            .enumerate()
            .all(|(at, word)| cursor.is_at(index + at, word))
    };
    for index in 0..cursor.len() {
        let span = cursor.span_at(index);
        let after = |offset: usize| cursor.text_at(index + offset);
        if cursor.kind_at(index) == Some(TokenKind::Punct) {
            if matches!(after(0), "->" | "->>") {
                need(38, "the operator -> of JSON", span);
            }
            continue;
        }
        match () {
            () if is(index, &["on", "conflict"]) && upserts(cursor, index) => {
                let again =
                    (0..index).any(|before| is(before, &["on", "conflict"]) && upserts(cursor, before));
                match again {
                    true => need(35, "a second ON CONFLICT", span),
                    false => need(24, "ON CONFLICT … DO", span),
                }
            }
            () if generates && is(index, &["generated", "always"]) => need(31, "a generated column", span),
            () if generates
                && is(index, &["as"])
                && after(1) == "("
                && !cursor.is_at(index.wrapping_sub(1), "always") =>
            {
                need(31, "a generated column", span);
            }
            () if is(index, &["as", "materialized"]) || is(index, &["as", "not", "materialized"]) => {
                need(35, "MATERIALIZED", span);
            }
            () if is(index, &["nulls", "first"]) || is(index, &["nulls", "last"]) => {
                need(30, "NULLS FIRST", span)
            }
            () if is(index, &["over"]) && index > 0 && cursor.text_at(index - 1) == ")" => {
                need(25, "a window function", span)
            }
            () if is(index, &["filter"])
                && after(1) == "("
                && index > 0
                && cursor.text_at(index - 1) == ")" =>
            {
                need(30, "FILTER of an aggregate", span);
            }
            () if is(index, &["is", "distinct", "from"]) || is(index, &["is", "not", "distinct", "from"]) => {
                need(39, "IS DISTINCT FROM", span);
            }
            () if is(index, &["right", "join"])
                || is(index, &["full", "join"])
                || is(index, &["right", "outer"])
                || is(index, &["full", "outer"]) =>
            {
                need(39, "RIGHT and FULL JOIN", span);
            }
            () if after(1) == "("
                && AGGREGATES.iter().any(|name| cursor.is_at(index, name))
                && orders(cursor, index + 1) =>
            {
                need(44, "ORDER BY in an aggregate", span);
            }
            () if after(1) == "(" => {
                let known = FUNCTIONS.iter().find(|(name, _)| cursor.is_at(index, name));
                if let Some((name, minor)) = known.filter(|_| !cursor.is_at(index.wrapping_sub(1), "table")) {
                    need(*minor, name, span);
                }
            }
            () => {}
        }
    }
}

/// Whether ORDER BY stands in the parentheses that open there, outside those in it.
fn orders(cursor: Cursor<'_>, open: usize) -> bool {
    let mut depth = 0_u32;
    for index in open..cursor.len() {
        match cursor.text_at(index) {
            "(" => depth += 1,
            ")" if depth == 1 => return false,
            ")" => depth -= 1,
            _ if depth == 1 && cursor.is_at(index, "order") && cursor.is_at(index + 1, "by") => return true,
            _ => {}
        }
    }
    false
}

/// Whether an ON CONFLICT is the clause of an INSERT, not that of a constraint.
fn upserts(mut cursor: Cursor<'_>, at: usize) -> bool {
    cursor.skip(at + 2);
    cursor.group();
    cursor.is("do") || cursor.is("where")
}
