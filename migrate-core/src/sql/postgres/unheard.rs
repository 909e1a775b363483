//! What no PostgreSQL server reads: the first word begins no statement, or names nothing that CREATE, ALTER or DROP is
//! about.
//!
//! Extensions add no grammar, so a word that is not listed here is refused wherever it runs. PostgreSQL 15 was asked
//! about each of its keywords in each of these places; the later words are of PostgreSQL 19.

use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::script::lex::{Lexer, TokenKind};
use crate::sql::SyntaxFault;

/// What a statement can begin with.
#[rustfmt::skip]
const BEGINNINGS: &[&str] = &[
    "abort", "alter", "analyse", "analyze", "begin", "call", "checkpoint", "close", "cluster", "comment", "commit",
    "copy", "create", "deallocate", "declare", "delete", "discard", "do", "drop", "end", "execute", "explain", "fetch",
    "grant", "import", "insert", "listen", "load", "lock", "merge", "move", "notify", "prepare", "reassign", "refresh",
    "reindex", "release", "reset", "revoke", "rollback", "savepoint", "security", "select", "set", "show", "start",
    "table", "truncate", "unlisten", "update", "vacuum", "values", "with",
    "repack", "wait",
];

/// What can follow CREATE.
#[rustfmt::skip]
const CREATED: &[&str] = &[
    "access", "aggregate", "assertion", "cast", "collation", "constraint", "conversion", "database", "default",
    "domain", "event", "extension", "foreign", "function", "global", "group", "index", "language", "local",
    "materialized", "operator", "policy", "procedural", "procedure", "publication", "recursive", "role", "rule",
    "schema", "sequence", "server", "statistics", "subscription", "table", "tablespace", "temp", "temporary", "text",
    "transform", "trigger", "trusted", "type", "unique", "unlogged", "user", "view",
    "property",
];

/// What can follow CREATE OR REPLACE.
#[rustfmt::skip]
const REPLACED: &[&str] = &[
    "aggregate", "constraint", "function", "global", "language", "local", "procedural", "procedure", "recursive",
    "rule", "temp", "temporary", "transform", "trigger", "trusted", "unlogged", "view",
    "property",
];

/// What can follow ALTER.
#[rustfmt::skip]
const ALTERED: &[&str] = &[
    "aggregate", "collation", "conversion", "database", "default", "domain", "event", "extension", "foreign",
    "function", "group", "index", "language", "large", "materialized", "operator", "policy", "procedural", "procedure",
    "publication", "role", "routine", "rule", "schema", "sequence", "server", "statistics", "subscription", "system",
    "table", "tablespace", "text", "trigger", "type", "user", "view",
    "property",
];

/// What can follow DROP.
#[rustfmt::skip]
const DROPPED: &[&str] = &[
    "access", "aggregate", "cast", "collation", "conversion", "database", "domain", "event", "extension", "foreign",
    "function", "group", "index", "language", "materialized", "operator", "owned", "policy", "procedural", "procedure",
    "publication", "role", "routine", "rule", "schema", "sequence", "server", "statistics", "subscription", "table",
    "tablespace", "text", "transform", "trigger", "type", "user", "view",
    "property",
];

/// The word of a statement that no server reads, if there is one. To be asked only about what is not understood.
pub(in crate::sql) fn unheard(statement: &str) -> Option<SyntaxFault> {
    // Behind a command of psql stands what psql reads, and not the server.
    if statement.contains('\\') {
        return None;
    }
    let mut tokens = Lexer::new(statement, Dialect::Postgres)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia());
    let mut word = || {
        let token = tokens.next().filter(|token| token.kind == TokenKind::Word)?;
        Some((token.start as u32, token.text(statement)))
    };
    let (at, first) = word()?;
    let known = |word: &str, words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if !known(first, BEGINNINGS) {
        let meant = meant(first, "", BEGINNINGS);
        return Some(SyntaxFault {
            message: format!("no statement starts with `{first}`{meant}"),
            at,
        });
    }
    let (verb, kinds) = match first.to_ascii_uppercase().as_str() {
        "CREATE" => ("CREATE", CREATED),
        "ALTER" => ("ALTER", ALTERED),
        "DROP" => ("DROP", DROPPED),
        _ => return None,
    };
    let (at, second) = word()?;
    let ((verb, kinds), (at, kind)) = match verb == "CREATE" && second.eq_ignore_ascii_case("or") {
        true if !word()?.1.eq_ignore_ascii_case("replace") => return None,
        true => (("CREATE OR REPLACE", REPLACED), word()?),
        false => ((verb, kinds), (at, second)),
    };
    if known(kind, kinds) {
        return None;
    }
    let meant = meant(kind, &format!("{verb} "), kinds);
    Some(SyntaxFault {
        message: format!("there is no `{verb} {}`{meant}", kind.to_uppercase()),
        at,
    })
}

fn meant(word: &str, before: &str, known: &[&str]) -> String {
    nearest(word, known.iter().copied()).map_or(String::new(), |near| {
        format!("; did you mean `{before}{}`?", near.to_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::unheard;

    #[test]
    fn words_that_no_server_reads() {
        for (statement, message) in [
            (
                "SELEC 1",
                Some("no statement starts with `SELEC`; did you mean `SELECT`?"),
            ),
            (
                "/* a */ insrt INTO a VALUES (1)",
                Some("no statement starts with `insrt`; did you mean `INSERT`?"),
            ),
            (
                "PRAGMA foreign_keys = on",
                Some("no statement starts with `PRAGMA`"),
            ),
            (
                "DROP TABEL a",
                Some("there is no `DROP TABEL`; did you mean `DROP TABLE`?"),
            ),
            (
                "ALTER TABEL a ADD b int",
                Some("there is no `ALTER TABEL`; did you mean `ALTER TABLE`?"),
            ),
            (
                "CREATE OR REPLACE TABLE a ()",
                Some("there is no `CREATE OR REPLACE TABLE`"),
            ),
            ("CREATE ROUTINE a", Some("there is no `CREATE ROUTINE`")),
            ("CREATE OR REPLACE FUNCTION a", None),
            ("drop owned by a", None),
            ("ALTER \"tabel\" a", None),
            ("ALTER :kind a", None),
            ("CREATE OR", None),
            ("SELEC 1 \\gexec", None),
            ("\\connect a", None),
            ("(SELECT 1)", None),
            ("", None),
        ] {
            let found = unheard(statement).map(|fault| fault.message);
            assert_eq!(found.as_deref(), message, "{statement}");
        }
    }
}
