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

/// The first words of a statement, words in it, and what brought them when.
type Within = (
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
    (&["starts_with", "("], ANYWHERE, 11, "starts_with()"),
    (&["sha224", "("], ANYWHERE, 11, "sha224()"),
    (&["sha256", "("], ANYWHERE, 11, "sha256()"),
    (&["sha384", "("], ANYWHERE, 11, "sha384()"),
    (&["sha512", "("], ANYWHERE, 11, "sha512()"),
    (&["groups", "between"], ANYWHERE, 11, "GROUPS of a window"),
    (&["drop", "routine"], &["drop"], 11, "DROP ROUTINE"),
    (&["alter", "routine"], &["alter"], 11, "ALTER ROUTINE"),
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
    (&["and", "chain"], &["commit", "rollback", "end", "abort"], 12, "AND CHAIN"),
    (&["index_cleanup"], &["vacuum"], 12, "INDEX_CLEANUP"),
    (&["truncate"], &["vacuum"], 12, "TRUNCATE of VACUUM"),
    (&["vacuum_index_cleanup"], MAKES, 12, "vacuum_index_cleanup"),
    (&["vacuum_truncate"], MAKES, 12, "vacuum_truncate"),
    (&["parallel"], &["vacuum"], 13, "PARALLEL"),
    (&["with", "ties"], ANYWHERE, 13, "WITH TIES"),
    (&["(", "force"], &["drop"], 13, "DROP DATABASE … (FORCE)"),
    (&["no", "depends", "on", "extension"], &["alter"], 13, "NO DEPENDS ON EXTENSION"),
    (&["deduplicate_items"], MAKES, 13, "deduplicate_items"),
    (&["autovacuum_vacuum_insert_threshold"], MAKES, 13, "autovacuum_vacuum_insert_threshold"),
    (&["autovacuum_vacuum_insert_scale_factor"], MAKES, 13, "autovacuum_vacuum_insert_scale_factor"),
    (&["publish_via_partition_root"], MAKES, 13, "publish_via_partition_root"),
    (&["normalize", "("], ANYWHERE, 13, "normalize()"),
    (&["trim_scale", "("], ANYWHERE, 13, "trim_scale()"),
    (&["jsonb_set_lax", "("], ANYWHERE, 13, "jsonb_set_lax()"),
    (&["pg_current_xact_id", "("], ANYWHERE, 13, "pg_current_xact_id()"),
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
    (&["tablespace"], &["reindex"], 14, "REINDEX (TABLESPACE)"),
    (&["cluster", "("], &["cluster"], 14, "CLUSTER with options"),
    (&["group", "by", "distinct"], ANYWHERE, 14, "GROUP BY DISTINCT"),
    (&["unistr", "("], ANYWHERE, 14, "unistr()"),
    (&["trim_array", "("], ANYWHERE, 14, "trim_array()"),
    (&["bit_count", "("], ANYWHERE, 14, "bit_count()"),
    (&["range_intersect_agg", "("], ANYWHERE, 14, "range_intersect_agg()"),
    (&["bit_xor", "("], ANYWHERE, 14, "bit_xor()"),
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
    (&["on", "parameter"], &["grant", "revoke"], 15, "privileges of a parameter"),
    (&["refresh", "collation", "version"], &["alter"], 15, "REFRESH COLLATION VERSION"),
    (&["header", "match"], &["copy"], 15, "HEADER MATCH"),
    (&["storage", "plain"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["storage", "external"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["storage", "extended"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["storage", "main"], &["create"], 16, "STORAGE in CREATE TABLE"),
    (&["any_value", "("], ANYWHERE, 16, "any_value()"),
    (&["date_add", "("], ANYWHERE, 16, "date_add()"),
    (&["date_subtract", "("], ANYWHERE, 16, "date_subtract()"),
    (&["system_user"], ANYWHERE, 16, "SYSTEM_USER"),
    (&["array_sample", "("], ANYWHERE, 16, "array_sample()"),
    (&["array_shuffle", "("], ANYWHERE, 16, "array_shuffle()"),
    (&["is", "json"], ANYWHERE, 16, "IS JSON"),
    (&["json_arrayagg", "("], ANYWHERE, 16, "JSON_ARRAYAGG"),
    (&["json_objectagg", "("], ANYWHERE, 16, "JSON_OBJECTAGG"),
    (&["random_normal", "("], ANYWHERE, 16, "random_normal()"),
    (&["storage", "default"], MAKES, 16, "STORAGE DEFAULT"),
    (&["buffer_usage_limit"], &["vacuum", "analyze"], 16, "BUFFER_USAGE_LIMIT"),
    (&["only_database_stats"], &["vacuum"], 16, "ONLY_DATABASE_STATS"),
    (&["process_main"], &["vacuum"], 16, "PROCESS_MAIN"),
    (&["skip_database_stats"], &["vacuum"], 16, "SKIP_DATABASE_STATS"),
    (&["json_array", "("], ANYWHERE, 16, "JSON_ARRAY"),
    (&["pg_input_is_valid", "("], ANYWHERE, 16, "pg_input_is_valid()"),
    (&["grant", "maintain"], &["grant"], 17, "MAINTAIN"),
    (&["json_exists", "("], ANYWHERE, 17, "JSON_EXISTS"),
    (&["json_query", "("], ANYWHERE, 17, "JSON_QUERY"),
    (&["json_table", "("], ANYWHERE, 17, "JSON_TABLE"),
    (&["json_value", "("], ANYWHERE, 17, "JSON_VALUE"),
    (&["not", "matched", "by", "source"], &["merge", "with"], 17, "NOT MATCHED BY SOURCE"),
    (&["on_error", "ignore"], &["copy"], 17, "ON_ERROR"),
    (&["on_error", "stop"], &["copy"], 17, "ON_ERROR"),
    (&["returning"], &["merge"], 17, "RETURNING of MERGE"),
    (&["set", "statistics", "default"], &["alter"], 17, "SET STATISTICS DEFAULT"),
    (&["access", "method", "default"], &["alter"], 17, "SET ACCESS METHOD DEFAULT"),
    (&["at", "local"], ANYWHERE, 17, "AT LOCAL"),
    (&["transaction_timeout"], &["set"], 17, "transaction_timeout"),
    (&["json_scalar", "("], ANYWHERE, 17, "JSON_SCALAR"),
    (&["json_serialize", "("], ANYWHERE, 17, "JSON_SERIALIZE"),
    (&["merge_action", "("], ANYWHERE, 17, "merge_action()"),
    (&["to_bin", "("], ANYWHERE, 17, "to_bin()"),
    (&["to_oct", "("], ANYWHERE, 17, "to_oct()"),
    (&["uuid_extract_timestamp", "("], ANYWHERE, 17, "uuid_extract_timestamp()"),
    (&["uuid_extract_version", "("], ANYWHERE, 17, "uuid_extract_version()"),
    (&["xmltext", "("], ANYWHERE, 17, "xmltext()"),
    (&["not", "enforced"], MAKES, 18, "NOT ENFORCED"),
    (&["without", "overlaps"], MAKES, 18, "WITHOUT OVERLAPS"),
    (&["uuidv4", "("], ANYWHERE, 18, "uuidv4()"),
    (&["uuidv7", "("], ANYWHERE, 18, "uuidv7()"),
    (&["returning", "old", "."], ANYWHERE, 18, "RETURNING OLD"),
    (&["returning", "new", "."], ANYWHERE, 18, "RETURNING NEW"),
    (&["vacuum", "only"], &["vacuum"], 18, "VACUUM ONLY"),
    (&["analyze", "only"], &["analyze"], 18, "ANALYZE ONLY"),
    (&["reject_limit"], &["copy"], 18, "REJECT_LIMIT"),
    (&["array_reverse", "("], ANYWHERE, 18, "array_reverse()"),
    (&["array_sort", "("], ANYWHERE, 18, "array_sort()"),
    (&["crc32", "("], ANYWHERE, 18, "crc32()"),
    (&["crc32c", "("], ANYWHERE, 18, "crc32c()"),
    (&["gamma", "("], ANYWHERE, 18, "gamma()"),
    (&["casefold", "("], ANYWHERE, 18, "casefold()"),
];

/// The same in statements that begin with more than one word, each without OR REPLACE.
#[rustfmt::skip]
const WITHIN: &[Within] = &[
    (&["alter", "index"], &["set", "statistics"], 11, "SET STATISTICS of an index"),
    (&["create", "statistics"], &["mcv"], 12, "MCV statistics"),
    (&["create", "function"], &["return"], 14, "a RETURN body"),
    (&["create", "procedure"], &["(", "out"], 14, "an OUT parameter of a procedure"),
    (&["create", "procedure"], &[",", "out"], 14, "an OUT parameter of a procedure"),
    (&["create", "publication"], &["where"], 15, "WHERE of a publication"),
    (&["alter", "publication"], &["where"], 15, "WHERE of a publication"),
];

/// A rare word of each, sorted, lest every statement is cut into tokens.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "aggregate", "analyze", "any_value", "array_reverse", "array_sample", "array_shuffle", "array_sort", "atomic",
    "autovacuum_vacuum_insert_scale_factor", "autovacuum_vacuum_insert_threshold", "bit_count", "bit_xor", "breadth",
    "buffer_usage_limit", "call", "casefold", "chain", "cluster", "collation", "compression", "concurrently", "crc32",
    "crc32c", "date_add", "date_bin", "date_subtract", "datemultirange", "deduplicate_items", "delete", "depends",
    "depth", "deterministic", "distinct", "enforced", "execute", "force", "gamma", "generated", "groups",
    "hash", "include", "index_cleanup", "int4multirange", "int8multirange", "json", "json_array", "json_arrayagg",
    "json_exists", "json_objectagg", "json_query", "json_scalar", "json_serialize", "json_table", "json_value",
    "jsonb_path_exists", "jsonb_path_match", "jsonb_path_query", "jsonb_path_query_array", "jsonb_path_query_first",
    "jsonb_set_lax", "local", "maintain", "match", "materialized", "merge_action", "method", "normalize",
    "nummultirange", "on_error", "only_database_stats", "overlaps", "parallel", "parameter", "pg_current_xact_id",
    "pg_input_is_valid", "procedure", "process_main", "process_toast", "publication", "publish_via_partition_root",
    "random_normal", "range_agg", "range_intersect_agg", "regexp_count", "regexp_instr", "regexp_like", "regexp_substr",
    "reject_limit", "return", "returning", "routine", "security_invoker", "sha224", "sha256", "sha384", "sha512",
    "skip_database_stats", "skip_locked", "source", "starts_with", "statistics", "storage", "string_to_table",
    "system_user", "tables", "tablespace", "ties", "to_bin", "to_oct", "transaction_timeout", "trim_array",
    "trim_scale", "truncate", "tsmultirange", "tstzmultirange", "unistr", "unlogged", "uuid_extract_timestamp",
    "uuid_extract_version", "uuidv4", "uuidv7", "vacuum", "vacuum_index_cleanup", "vacuum_truncate",
    "websearch_to_tsquery", "xmltext",
];

/// What a server of the version does not understand.
pub(in super::super) fn demands(statement: &str, since: ServerVersion) -> Vec<Demand> {
    let newer = |version: u32| since < ServerVersion::new(version, 0, 0);
    if !WORDS.iter().any(|(_, _, version, _)| newer(*version))
        || !(words(statement).any(|word| is_mark(word) || is_grouped(word)) || statement.contains("['"))
    {
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
    let replaces = usize::from(is(1, "or") && is(2, "replace")) * 2;
    let begins = |first: &[&str]| {
        let mut all = first.iter().enumerate();
        all.all(|(index, word)| is(if index == 0 { 0 } else { index + replaces }, word))
    };
    let anywhere = WORDS
        .iter()
        .filter(|(_, first, ..)| first.iter().any(|word| is(0, word)))
        .map(|(words, _, version, what)| (words, version, what));
    let within = WITHIN
        .iter()
        .filter(|(first, ..)| begins(first))
        .map(|(_, words, version, what)| (words, version, what));
    for (words, version, what) in anywhere.chain(within).filter(|(_, version, _)| newer(**version)) {
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
    // What is listed behind ON are columns, or else expressions, in parentheses or calls.
    let listed = || (0..tokens.len()).skip_while(|at| !is(*at, "on"));
    if newer(14)
        && begins(&["create", "statistics"])
        && let Some(at) = listed().take_while(|at| !is(*at, "from")).find(|at| is(*at, "("))
        && let Some(token) = tokens.get(at)
    {
        found.push(Demand {
            version: ServerVersion::new(14, 0, 0),
            what: "statistics of an expression",
            function: None,
            span: Span {
                start: token.start as u32,
                end: token.end as u32,
            },
        });
    }
    // A list behind the name of a table: what stands in parentheses otherwise follows WHERE or WITH.
    let columns = |at: &usize| {
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let named = before.is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted));
        is(*at, "(") && named && !is(at - 1, "where") && !is(at - 1, "with") && !is(at - 1, "set")
    };
    if newer(15)
        && (begins(&["create", "publication"]) || begins(&["alter", "publication"]))
        && let Some(at) = (0..tokens.len()).take_while(|at| !is(*at, "where")).find(columns)
        && let Some(token) = tokens.get(at)
    {
        found.push(Demand {
            version: ServerVersion::new(15, 0, 0),
            what: "columns of a publication",
            function: None,
            span: Span {
                start: token.start as u32,
                end: token.end as u32,
            },
        });
    }
    // Only what is no array has fields that are called by a text.
    let field = |at: &usize| {
        let named = tokens
            .get(*at)
            .is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted));
        let text = tokens
            .get(at + 2)
            .is_some_and(|token| token.kind == TokenKind::String);
        named && text && is(at + 1, "[") && !is(*at, "array")
    };
    if newer(14)
        && let Some(at) = (0..tokens.len()).find(field)
        && let (Some(start), Some(end)) = (tokens.get(at), tokens.get(at + 2))
    {
        found.push(Demand {
            version: ServerVersion::new(14, 0, 0),
            what: "a field in brackets",
            function: None,
            span: Span {
                start: start.start as u32,
                end: end.end as u32,
            },
        });
    }
    if newer(16)
        && let Some(number) = tokens
            .iter()
            .find(|token| is_grouped(token.text(statement).as_bytes()))
    {
        found.push(Demand {
            version: ServerVersion::new(16, 0, 0),
            what: "a number with `_`, or in another base than ten,",
            function: None,
            span: Span {
                start: number.start as u32,
                end: number.end as u32,
            },
        });
    }
    found
}

/// Whether it is a number such as `1_000` or `0xff`.
fn is_grouped(word: &[u8]) -> bool {
    match word {
        [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', rest @ ..] => !rest.is_empty(),
        [b'0'..=b'9', rest @ ..] => {
            rest.contains(&b'_') && rest.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_')
        }
        _ => false,
    }
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
        for (first, words, ..) in WITHIN {
            let mut all = first.iter().chain(*words);
            assert!(all.any(|word| is_mark(word.as_bytes())), "{first:?} {words:?}");
        }
    }
}
