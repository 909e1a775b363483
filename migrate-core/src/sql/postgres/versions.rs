//! What of a statement older versions of PostgreSQL do not understand, where its words tell.

use std::cmp::Ordering;

use crate::model::{Dialect, ServerVersion};
use crate::script::lex::{Lexer, Token, TokenKind};
use crate::sql::Span;
use crate::sql::particular::Demand;

/// Words that stand one behind the other, the first words of the statements they count in, and what brought them when.
type Brought = (
    &'static [&'static str],
    &'static [&'static str],
    u32,
    &'static str,
);

const MAKES: &[&str] = &["create", "alter"];

/// Where a function can be called.
const ANYWHERE: &[&str] = &[
    "alter", "create", "delete", "insert", "merge", "select", "update", "with",
];

#[rustfmt::skip]
const WORDS: &[Brought] = &[
    (&["call"], &["call"], 11, "a procedure"),
    (&["create", "procedure"], MAKES, 11, "a procedure"),
    (&["replace", "procedure"], MAKES, 11, "a procedure"),
    (&["execute", "function"], MAKES, 11, "EXECUTE FUNCTION"),
    (&["by", "hash", "("], MAKES, 11, "PARTITION BY HASH"),
    (&["include", "("], MAKES, 11, "INCLUDE"),
    (&["websearch_to_tsquery", "("], ANYWHERE, 11, "websearch_to_tsquery()"),
    (&["as", "materialized", "("], &["with", "insert", "create"], 12, "AS MATERIALIZED"),
    (&["as", "not", "materialized", "("], &["with", "insert", "create"], 12, "AS NOT MATERIALIZED"),
    (&["replace", "aggregate"], MAKES, 12, "CREATE OR REPLACE AGGREGATE"),
    (&["deterministic", "="], MAKES, 12, "DETERMINISTIC"),
    (&["including", "generated"], MAKES, 12, "INCLUDING GENERATED"),
    (&["jsonb_path_exists", "("], ANYWHERE, 12, "jsonb_path_exists()"),
    (&["jsonb_path_match", "("], ANYWHERE, 12, "jsonb_path_match()"),
    (&["jsonb_path_query", "("], ANYWHERE, 12, "jsonb_path_query()"),
    (&["jsonb_path_query_array", "("], ANYWHERE, 12, "jsonb_path_query_array()"),
    (&["jsonb_path_query_first", "("], ANYWHERE, 12, "jsonb_path_query_first()"),
    (&["skip_locked"], &["vacuum", "analyze"], 12, "SKIP_LOCKED"),
    (&["parallel"], &["vacuum"], 13, "PARALLEL"),
    (&["with", "ties"], ANYWHERE, 13, "WITH TIES"),
    (&["(", "concurrently"], &["reindex"], 14, "REINDEX (CONCURRENTLY)"),
    (&[",", "concurrently"], &["reindex"], 14, "REINDEX (CONCURRENTLY)"),
    (&["set", "compression"], &["alter"], 14, "SET COMPRESSION"),
    (&["begin", "atomic"], &["create"], 14, "a BEGIN ATOMIC body"),
    (&["compression", "pglz"], &["create"], 14, "COMPRESSION"),
    (&["compression", "lz4"], &["create"], 14, "COMPRESSION"),
    (&["including", "compression"], MAKES, 14, "INCLUDING COMPRESSION"),
    (&["process_toast"], &["vacuum"], 14, "PROCESS_TOAST"),
    (&["search", "breadth"], ANYWHERE, 14, "SEARCH BREADTH FIRST"),
    (&["search", "depth"], ANYWHERE, 14, "SEARCH DEPTH FIRST"),
    (&["date_bin", "("], ANYWHERE, 14, "date_bin()"),
    (&["datemultirange"], ANYWHERE, 14, "datemultirange"),
    (&["int4multirange"], ANYWHERE, 14, "int4multirange"),
    (&["int8multirange"], ANYWHERE, 14, "int8multirange"),
    (&["nummultirange"], ANYWHERE, 14, "nummultirange"),
    (&["tsmultirange"], ANYWHERE, 14, "tsmultirange"),
    (&["tstzmultirange"], ANYWHERE, 14, "tstzmultirange"),
    (&["range_agg", "("], ANYWHERE, 14, "range_agg()"),
    (&["string_to_table", "("], ANYWHERE, 14, "string_to_table()"),
    (&["nulls", "not", "distinct"], MAKES, 15, "NULLS NOT DISTINCT"),
    (&["security_invoker"], MAKES, 15, "security_invoker"),
    (&["delete", "set", "null", "("], MAKES, 15, "ON DELETE SET NULL of some columns"),
    (&["delete", "set", "default", "("], MAKES, 15, "ON DELETE SET DEFAULT of some columns"),
    (&["unlogged", "sequence"], MAKES, 15, "an unlogged sequence"),
    (&["tables", "in", "schema"], MAKES, 15, "TABLES IN SCHEMA"),
    (&["regexp_count", "("], ANYWHERE, 15, "regexp_count()"),
    (&["regexp_instr", "("], ANYWHERE, 15, "regexp_instr()"),
    (&["regexp_like", "("], ANYWHERE, 15, "regexp_like()"),
    (&["regexp_substr", "("], ANYWHERE, 15, "regexp_substr()"),
    (&["storage", "plain"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["storage", "external"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["storage", "extended"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["storage", "main"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["any_value", "("], ANYWHERE, 16, "any_value()"),
    (&["array_sample", "("], ANYWHERE, 16, "array_sample()"),
    (&["array_shuffle", "("], ANYWHERE, 16, "array_shuffle()"),
    (&["is", "json"], ANYWHERE, 16, "IS JSON"),
    (&["json_arrayagg", "("], ANYWHERE, 16, "JSON_ARRAYAGG"),
    (&["json_objectagg", "("], ANYWHERE, 16, "JSON_OBJECTAGG"),
    (&["random_normal", "("], ANYWHERE, 16, "random_normal()"),
    (&["grant", "maintain"], &["grant"], 17, "MAINTAIN"),
    (&["json_exists", "("], ANYWHERE, 17, "JSON_EXISTS"),
    (&["json_query", "("], ANYWHERE, 17, "JSON_QUERY"),
    (&["json_table", "("], ANYWHERE, 17, "JSON_TABLE"),
    (&["json_value", "("], ANYWHERE, 17, "JSON_VALUE"),
    (&["not", "matched", "by", "source"], &["merge", "with"], 17, "NOT MATCHED BY SOURCE"),
    (&["on_error", "ignore"], &["copy"], 17, "ON_ERROR"),
    (&["on_error", "stop"], &["copy"], 17, "ON_ERROR"),
    (&["not", "enforced"], MAKES, 18, "NOT ENFORCED"),
    (&["without", "overlaps"], MAKES, 18, "WITHOUT OVERLAPS"),
    (&["uuidv4", "("], ANYWHERE, 18, "uuidv4()"),
    (&["uuidv7", "("], ANYWHERE, 18, "uuidv7()"),
];

/// A rare word of each, sorted, lest every statement is cut into tokens.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "aggregate", "any_value", "array_sample", "array_shuffle", "atomic", "breadth", "call", "compression",
    "concurrently", "date_bin", "datemultirange", "delete", "depth", "deterministic", "distinct", "enforced",
    "execute", "generated", "hash", "include", "int4multirange", "int8multirange", "json", "json_arrayagg",
    "json_exists", "json_objectagg", "json_query", "json_table", "json_value", "jsonb_path_exists",
    "jsonb_path_match", "jsonb_path_query", "jsonb_path_query_array", "jsonb_path_query_first", "maintain",
    "materialized", "nummultirange", "on_error", "overlaps", "parallel", "procedure", "process_toast",
    "random_normal", "range_agg", "regexp_count", "regexp_instr", "regexp_like", "regexp_substr",
    "security_invoker", "skip_locked", "source", "storage", "string_to_table", "tables", "ties", "tsmultirange",
    "tstzmultirange", "unlogged", "uuidv4", "uuidv7", "websearch_to_tsquery",
];

/// What a server of the version does not understand.
pub(in super::super) fn demands(statement: &str, since: ServerVersion) -> Vec<Demand> {
    let newer = |version: u32| since < ServerVersion::new(version, 0, 0);
    if !WORDS.iter().any(|(_, _, version, _)| newer(*version)) || !words(statement).any(is_mark) {
        return Vec::new();
    }
    let lower = statement.to_ascii_lowercase();
    let tokens: Vec<Token> = Lexer::new(statement, Dialect::Postgres)
        .filter_map(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Punct) && token.text(&lower) == word
        })
    };
    // A function of a schema is not one of the server, and one that is made here is there.
    let foreign = |at: usize| {
        let qualified = at > 1 && is(at - 1, ".") && !is(at - 2, "pg_catalog");
        qualified || at > 0 && (is(at - 1, "function") || is(at - 1, "aggregate"))
    };
    let mut found: Vec<Demand> = Vec::new();
    for (words, first, version, what) in WORDS.iter().filter(|(_, _, version, _)| newer(*version)) {
        if !first.iter().any(|word| is(0, word)) {
            continue;
        }
        let call = matches!(words, [_, "("]);
        let stands = |at: &usize| {
            let all = words.iter().enumerate().all(|(index, word)| is(at + index, word));
            all && !(call && foreign(*at))
        };
        let Some(at) = (0..tokens.len()).find(stands) else {
            continue;
        };
        let (Some(start), Some(end)) = (tokens.get(at), tokens.get(at + words.len() - 1)) else {
            continue;
        };
        found.push(Demand {
            version: ServerVersion::new(*version, 0, 0),
            what,
            function: words.first().copied().filter(|_| call),
            span: Span {
                start: start.start as u32,
                end: end.end as u32,
            },
        });
    }
    found
}

fn words(statement: &str) -> impl Iterator<Item = &[u8]> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    statement.as_bytes().split(move |byte| !inside(byte))
}

fn is_mark(word: &[u8]) -> bool {
    let compare = |mark: &&str| -> Ordering {
        let word = word.iter().map(u8::to_ascii_lowercase);
        mark.bytes().cmp(word)
    };
    word.len() > 3 && MARKS.binary_search_by(compare).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_mark() {
        assert!(MARKS.is_sorted(), "{MARKS:?}");
        for (words, ..) in WORDS {
            assert!(words.iter().any(|word| is_mark(word.as_bytes())), "{words:?}");
        }
    }
}
