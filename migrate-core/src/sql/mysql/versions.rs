//! What of a statement one of MySQL and MariaDB does not understand, or only a newer one, where its words tell.

use crate::model::Dialect;
use crate::script::lex::{Lexer, TokenKind};
use crate::sql::Span;
use crate::sql::particular::Since;

/// Words that stand one behind the other, `*` for any and `0` for a number; the first words of the statements they count in, where that
/// matters; since when MySQL and MariaDB know them; and what they are.
type Known = (
    &'static [&'static str],
    &'static [&'static str],
    Since,
    Since,
    &'static str,
);

const WORDS: &[Known] = &[
    (&["not", "enforced"], &[], Some((8, 0, 16)), None, "NOT ENFORCED"),
    (
        &["unsigned", "array", ")"],
        &["alter", "create"],
        Some((8, 0, 17)),
        None,
        "a multi-valued index",
    ),
    (
        &["signed", "array", ")"],
        &["alter", "create"],
        Some((8, 0, 17)),
        None,
        "a multi-valued index",
    ),
    (
        &["char", "(", "0", ")", "array", ")"],
        &["alter", "create"],
        Some((8, 0, 17)),
        None,
        "a multi-valued index",
    ),
    (
        &["date", "array", ")"],
        &["alter", "create"],
        Some((8, 0, 17)),
        None,
        "a multi-valued index",
    ),
    (
        &["datetime", "array", ")"],
        &["alter", "create"],
        Some((8, 0, 17)),
        None,
        "a multi-valued index",
    ),
    (
        &["time", "array", ")"],
        &["alter", "create"],
        Some((8, 0, 17)),
        None,
        "a multi-valued index",
    ),
    (
        &["convert", "partition"],
        &["alter"],
        None,
        Some((10, 7, 1)),
        "CONVERT PARTITION",
    ),
    (
        &["convert", "table"],
        &["alter"],
        None,
        Some((10, 7, 1)),
        "CONVERT TABLE",
    ),
    (
        &["drop", "check"],
        &["alter"],
        Some((8, 0, 16)),
        None,
        "DROP CHECK",
    ),
    (
        &["alter", "check"],
        &["alter"],
        Some((8, 0, 16)),
        None,
        "ALTER CHECK",
    ),
    (
        &["alter", "index", "*", "invisible"],
        &["alter"],
        Some((8, 0, 0)),
        None,
        "ALTER INDEX … INVISIBLE",
    ),
    (
        &["alter", "index", "*", "visible"],
        &["alter"],
        Some((8, 0, 0)),
        None,
        "ALTER INDEX … VISIBLE",
    ),
    (
        &["alter", "index", "*", "ignored"],
        &["alter"],
        None,
        Some((10, 6, 0)),
        "ALTER INDEX … IGNORED",
    ),
    (
        &["alter", "key", "*", "ignored"],
        &["alter"],
        None,
        Some((10, 6, 0)),
        "ALTER KEY … IGNORED",
    ),
    (&["values", "row", "("], &[], Some((8, 0, 19)), None, "VALUES ROW"),
    (
        &["alter", "index", "*", "not", "ignored"],
        &["alter"],
        None,
        Some((10, 6, 0)),
        "ALTER INDEX … NOT IGNORED",
    ),
    (
        &["drop", "constraint"],
        &["alter"],
        Some((8, 0, 19)),
        Some((10, 2, 1)),
        "DROP CONSTRAINT",
    ),
    (
        &[")", "persistent"],
        &["alter", "create"],
        None,
        Some((10, 0, 0)),
        "PERSISTENT of a column",
    ),
    (
        &["with", "system", "versioning"],
        &["create"],
        None,
        Some((10, 3, 4)),
        "SYSTEM VERSIONING",
    ),
    (
        &["add", "system", "versioning"],
        &["alter"],
        None,
        Some((10, 3, 4)),
        "SYSTEM VERSIONING",
    ),
    (
        &["alter", "online", "table"],
        &["alter"],
        None,
        Some((10, 0, 0)),
        "ALTER ONLINE TABLE",
    ),
    (
        &["alter", "ignore", "table"],
        &["alter"],
        None,
        Some((10, 0, 0)),
        "ALTER IGNORE TABLE",
    ),
    (
        &["begin", "not", "atomic"],
        &["begin"],
        None,
        Some((10, 1, 1)),
        "BEGIN NOT ATOMIC",
    ),
    (
        &["execute", "immediate"],
        &["execute"],
        None,
        Some((10, 2, 3)),
        "EXECUTE IMMEDIATE",
    ),
    (
        &["returning"],
        &["insert", "replace"],
        None,
        Some((10, 5, 0)),
        "RETURNING",
    ),
    (&["returning"], &["delete"], None, Some((10, 0, 5)), "RETURNING"),
    (
        &["returning"],
        &["update"],
        None,
        Some((13, 0, 0)),
        "RETURNING of UPDATE",
    ),
    (
        &["skip", "locked"],
        &["select"],
        Some((8, 0, 1)),
        Some((10, 6, 0)),
        "SKIP LOCKED",
    ),
    (
        &[")", "as", "*", "on", "duplicate"],
        &["insert"],
        Some((8, 0, 19)),
        None,
        "a name for the new row of INSERT",
    ),
    (&["->"], &[], Some((5, 7, 9)), None, "the operator -> of JSON"),
    (&["->>"], &[], Some((5, 7, 13)), None, "the operator ->> of JSON"),
    (&["lateral", "("], &[], Some((8, 0, 14)), None, "LATERAL"),
    (&["over", "("], &[], Some((8, 0, 2)), Some((10, 2, 0)), "OVER"),
    (
        &["with", "*", "as", "("],
        &[],
        Some((8, 0, 1)),
        Some((10, 2, 1)),
        "WITH",
    ),
    (
        &["with", "recursive"],
        &[],
        Some((8, 0, 1)),
        Some((10, 2, 2)),
        "WITH RECURSIVE",
    ),
    (
        &["srid", "0"],
        &["create", "alter"],
        Some((8, 0, 3)),
        None,
        "SRID of a column",
    ),
    (
        &["intersect", "select"],
        &[],
        Some((8, 0, 31)),
        Some((10, 3, 0)),
        "INTERSECT",
    ),
    (
        &["intersect", "all"],
        &[],
        Some((8, 0, 31)),
        Some((10, 5, 0)),
        "INTERSECT ALL",
    ),
    (
        &["except", "all"],
        &[],
        Some((8, 0, 31)),
        Some((10, 5, 0)),
        "EXCEPT ALL",
    ),
    (
        &["except", "select"],
        &[],
        Some((8, 0, 31)),
        Some((10, 3, 0)),
        "EXCEPT",
    ),
    (
        &["drop", "index", "*", "on", "*", "algorithm"],
        &["drop"],
        Some((5, 6, 0)),
        None,
        "ALGORITHM of DROP INDEX",
    ),
    (
        &["drop", "index", "*", "on", "*", "lock"],
        &["drop"],
        Some((5, 6, 0)),
        None,
        "LOCK of DROP INDEX",
    ),
    (
        &["alter", "table", "*", "nowait"],
        &["alter"],
        None,
        Some((10, 3, 0)),
        "NOWAIT of ALTER TABLE",
    ),
    (
        &["alter", "table", "*", "wait", "0"],
        &["alter"],
        None,
        Some((10, 3, 0)),
        "WAIT of ALTER TABLE",
    ),
];

/// Functions that came later, with the versions that brought them. Where a server has none, a database may have one of that
/// name made by its owner.
const FUNCTIONS: &[(&str, Since, Since)] = &[
    ("json_table", Some((8, 0, 4)), Some((10, 6, 0))),
    ("json_value", Some((8, 0, 21)), Some((10, 2, 3))),
    ("json_arrayagg", Some((5, 7, 22)), Some((10, 5, 0))),
    ("json_objectagg", Some((5, 7, 22)), Some((10, 5, 0))),
    ("json_overlaps", Some((8, 0, 17)), Some((10, 9, 0))),
    ("json_schema_valid", Some((8, 0, 17)), Some((11, 1, 0))),
    ("regexp_like", Some((8, 0, 4)), None),
    ("regexp_replace", Some((8, 0, 4)), Some((10, 0, 5))),
    ("regexp_substr", Some((8, 0, 4)), Some((10, 0, 5))),
    ("regexp_instr", Some((8, 0, 4)), Some((10, 0, 5))),
    ("uuid_to_bin", Some((8, 0, 0)), None),
    ("bin_to_uuid", Some((8, 0, 0)), None),
    ("natural_sort_key", None, Some((10, 7, 0))),
    ("sformat", None, Some((10, 7, 0))),
    ("uuid_v4", None, Some((11, 7, 0))),
    ("uuid_v7", None, Some((11, 7, 0))),
];

/// What is older than every server that is asked about.
const EVER: Since = Some((0, 0, 0));

/// The rarest word of each, lest every statement is cut into words.
const MARKS: &[&str] = &[
    " array",
    "convert",
    "enforced",
    "check",
    "visible",
    "ignored",
    "constraint",
    "persistent",
    "versioning",
    "online",
    "ignore",
    "atomic",
    "immediate",
    "returning",
    "locked",
    "duplicate",
    "->",
    "lateral",
    "over",
    "with",
    "srid",
    "intersect",
    "except",
    "wait",
    "algorithm",
    "lock",
    "json_",
    "regexp_",
    "uuid",
    "natural_sort_key",
    "sformat",
    "row(",
    "row (",
];

/// What stands in the statement, with the versions of MySQL and MariaDB that know it.
pub(in super::super) fn peculiar(statement: &str) -> Vec<(Since, Since, Span, &'static str)> {
    let lower = statement.to_ascii_lowercase();
    if !MARKS.iter().any(|mark| lower.contains(mark)) {
        return Vec::new();
    }
    let tokens: Vec<_> = Lexer::new(statement, Dialect::Mysql)
        .filter_map(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| {
            let plain = matches!(token.kind, TokenKind::Word | TokenKind::Punct);
            let number = word == "0" && token.kind == TokenKind::Number;
            word == "*" || number || (plain && token.text(&lower) == word)
        })
    };
    let mut found = Vec::new();
    for (words, first, mysql, mariadb, what) in WORDS {
        if !first.is_empty() && !first.iter().any(|word| is(0, word)) {
            continue;
        }
        let stands = |at: &usize| words.iter().enumerate().all(|(index, word)| is(at + index, word));
        let Some(at) = (0..tokens.len()).find(stands) else {
            continue;
        };
        let (Some(start), Some(end)) = (tokens.get(at), tokens.get(at + words.len() - 1)) else {
            continue;
        };
        let span = Span {
            start: start.start as u32,
            end: end.end as u32,
        };
        found.push((*mysql, *mariadb, span, *what));
    }
    for (at, token) in tokens.iter().enumerate() {
        let known = FUNCTIONS
            .iter()
            .find(|(name, _, _)| is(at, name) && is(at + 1, "(") && !is(at.wrapping_sub(1), "function"));
        if let Some((name, mysql, mariadb)) = known {
            let span = Span {
                start: token.start as u32,
                end: token.end as u32,
            };
            found.push((mysql.or(EVER), mariadb.or(EVER), span, *name));
        }
        let hides = is(at, "invisible") || is(at, "visible");
        let ignores = is(at, "ignored");
        let behind = if is(at.wrapping_sub(1), "not") { at - 1 } else { at };
        if (hides || ignores) && behind > 0 && ends_index(behind - 1, &is) {
            let span = Span {
                start: token.start as u32,
                end: token.end as u32,
            };
            found.push(match hides {
                true => (Some((8, 0, 0)), None, span, "INVISIBLE and VISIBLE of an index"),
                false => (None, Some((10, 6, 0)), span, "IGNORED of an index"),
            });
        }
    }
    found
}

/// Whether the bracket that closes there holds the columns of an index.
fn ends_index(at: usize, is: &impl Fn(usize, &str) -> bool) -> bool {
    let mut depth = 0_u32;
    for open in (0..=at).rev() {
        if is(open, ")") {
            depth += 1;
        } else if is(open, "(") {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            let index = |before: usize| {
                ["index", "key", "unique"].iter().any(|word| is(before, word))
                    || (is(0, "create") && is(before, "on"))
            };
            return open < at && open >= 2 && (index(open - 1) || index(open - 2));
        }
    }
    false
}
