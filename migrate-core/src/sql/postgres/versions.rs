//! What of a statement older versions of PostgreSQL do not understand, where its words tell.

use crate::model::{Dialect, ServerVersion};
use crate::script::lex::{Lexer, TokenKind};
use crate::sql::Span;
use crate::sql::particular::Demand;

/// Words that stand one behind the other, the first words of the statements they count in, and what brought them when.
const WORDS: &[(&[&str], &[&str], u32, &str)] = &[
    (&["include", "("], &["create", "alter"], 11, "INCLUDE"),
    (&["set", "compression"], &["alter"], 14, "SET COMPRESSION"),
    (&["begin", "atomic"], &["create"], 14, "a BEGIN ATOMIC body"),
    (
        &["nulls", "not", "distinct"],
        &["create", "alter"],
        15,
        "NULLS NOT DISTINCT",
    ),
    (
        &["security_invoker"],
        &["create", "alter"],
        15,
        "security_invoker",
    ),
    (
        &["delete", "set", "null", "("],
        &["create", "alter"],
        15,
        "ON DELETE SET NULL of some columns",
    ),
    (
        &["delete", "set", "default", "("],
        &["create", "alter"],
        15,
        "ON DELETE SET DEFAULT of some columns",
    ),
    (
        &["not", "matched", "by", "source"],
        &["merge", "with"],
        17,
        "NOT MATCHED BY SOURCE",
    ),
    (&["storage", "plain"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (
        &["storage", "external"],
        &["create"],
        16,
        "STORAGE in CREATE TABLE",
    ),
    (
        &["storage", "extended"],
        &["create"],
        16,
        "STORAGE in CREATE TABLE",
    ),
    (&["storage", "main"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["compression", "pglz"], &["create"], 14, "COMPRESSION"),
    (&["compression", "lz4"], &["create"], 14, "COMPRESSION"),
    (
        &["as", "materialized", "("],
        &["with", "insert", "create"],
        12,
        "AS MATERIALIZED",
    ),
    (
        &["as", "not", "materialized", "("],
        &["with", "insert", "create"],
        12,
        "AS NOT MATERIALIZED",
    ),
    (
        &["json_table", "("],
        &["create", "select", "insert", "update", "with"],
        17,
        "JSON_TABLE",
    ),
    (&["not", "enforced"], &["create", "alter"], 18, "NOT ENFORCED"),
    (
        &["without", "overlaps"],
        &["create", "alter"],
        18,
        "WITHOUT OVERLAPS",
    ),
    (
        &["uuidv7", "("],
        &["create", "alter", "insert", "update", "select", "with"],
        18,
        "uuidv7()",
    ),
];

/// The rarest word of each, lest every statement is cut into words.
const MARKS: &[&str] = &[
    "include",
    "compression",
    "atomic",
    "distinct",
    "security_invoker",
    "set null",
    "set default",
    "by source",
    "storage",
    "materialized",
    "json_table",
    "enforced",
    "overlaps",
    "uuidv7",
];

pub(in super::super) fn demands(statement: &str) -> Vec<Demand> {
    let lower = statement.to_ascii_lowercase();
    if !MARKS.iter().any(|mark| lower.contains(mark)) {
        return Vec::new();
    }
    let tokens: Vec<_> = Lexer::new(statement, Dialect::Postgres)
        .filter_map(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Punct) && token.text(&lower) == word
        })
    };
    let mut found = Vec::new();
    for (words, first, version, what) in WORDS {
        if !first.iter().any(|word| is(0, word)) {
            continue;
        }
        let stands = |at: &usize| words.iter().enumerate().all(|(index, word)| is(at + index, word));
        let Some(at) = (0..tokens.len()).find(stands) else {
            continue;
        };
        let (Some(start), Some(end)) = (tokens.get(at), tokens.get(at + words.len() - 1)) else {
            continue;
        };
        found.push(Demand {
            version: ServerVersion::new(*version, 0, 0),
            what,
            span: Span {
                start: start.start as u32,
                end: end.end as u32,
            },
        });
    }
    found
}
