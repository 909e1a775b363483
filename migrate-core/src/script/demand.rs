//! What a statement demands of the transaction around it.

use super::lex::TokenKind;
use super::words::Words;
use crate::model::Dialect;

/// How a statement and a transaction block go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// It may run inside a transaction.
    Any,
    /// The server refuses or ignores it inside a transaction block; the text says which, as the end of a sentence
    /// that starts with the statement.
    Outside(&'static str),
    /// It changes a setting of the session; allowed beside a statement that must run alone.
    SessionSetting,
    /// It begins, ends or subdivides a transaction.
    Control,
}

/// What a statement demands of the transaction around it, as far as its words tell.
///
/// What only the schema tells is not seen: PostgreSQL also refuses `REINDEX` and `CLUSTER` of a partitioned table and
/// procedures that commit; where each statement commits by itself, it is asked. On MySQL and MariaDB nothing is [`Demand::Outside`]: there a statement that does not fit
/// into a transaction commits it.
pub fn transaction_demand(statement: &str, dialect: Dialect) -> Demand {
    let words = Words::new(statement, dialect);
    match dialect {
        Dialect::Postgres => postgres(words),
        Dialect::Sqlite => sqlite(words),
        Dialect::Mysql | Dialect::MariaDb => mysql(&words),
    }
}

const IN_TRANSACTION: &str = "cannot run inside a transaction block";

fn postgres(mut words: Words<'_>) -> Demand {
    let Some(first) = words.next() else {
        return Demand::Any;
    };
    let outside = match () {
        () if first.is_any(&[
            "begin",
            "commit",
            "rollback",
            "end",
            "abort",
            "savepoint",
            "release",
        ]) =>
        {
            return Demand::Control;
        }
        () if first.is("start") && words.starts_with(&["transaction"]) => return Demand::Control,
        () if first.is("prepare") && words.starts_with(&["transaction"]) => return Demand::Control,
        () if first.is_any(&["set", "reset"]) => return Demand::SessionSetting,
        () if first.is("vacuum") => true,
        () if first.is("discard") => words.starts_with(&["all"]),
        () if first.is("create") => postgres_create(words),
        () if first.is("drop") => {
            words.starts_with(&["index", "concurrently"])
                || words
                    .peek()
                    .is_some_and(|word| word.is_any(&["database", "tablespace", "subscription"]))
        }
        () if first.is("alter") => postgres_alter(words),
        () if first.is("reindex") => postgres_reindex(words),
        () if first.is("cluster") => clusters_everything(words),
        () => false,
    };
    match outside {
        true => Demand::Outside(IN_TRANSACTION),
        false => Demand::Any,
    }
}

fn postgres_create(mut words: Words<'_>) -> bool {
    if words.eat_any(&["database", "tablespace"]) {
        return true;
    }
    if words.eat("subscription") {
        // The slot on the publisher is what cannot be rolled back.
        return !(words.skip_past(&["with"]) && has_false_option(words, &["connect", "create_slot"]));
    }
    words.eat("unique");
    words.starts_with(&["index", "concurrently"])
}

fn postgres_alter(mut words: Words<'_>) -> bool {
    if words.eat("system") {
        return true;
    }
    if words.eat("database") {
        words.qualified_name();
        return words.starts_with(&["set", "tablespace"]);
    }
    if words.eat("subscription") {
        words.qualified_name();
        return match () {
            () if words.eat("refresh") => true,
            () if words.eat_any(&["set", "add", "drop"]) && words.eat("publication") => {
                !(words.skip_past(&["with"]) && has_false_option(words, &["refresh"]))
            }
            () => false,
        };
    }
    if words.eat("table") && words.skip_past(&["detach", "partition"]) {
        words.qualified_name();
        return words.eat("concurrently");
    }
    false
}

fn postgres_reindex(mut words: Words<'_>) -> bool {
    let concurrently =
        words.peek().is_some_and(|word| word.text == "(") && has_true_option(&mut words, "concurrently");
    concurrently
        || words.eat_any(&["database", "system", "schema"])
        || (words.eat_any(&["index", "table"]) && words.eat("concurrently"))
}

fn clusters_everything(mut words: Words<'_>) -> bool {
    if words.peek().is_some_and(|word| word.text == "(") {
        options(&mut words, |_, _| {});
    }
    words.eat("verbose");
    words.peek().is_none()
}

/// Whether one of these options is false in a list such as `(refresh = false)`.
fn has_false_option(mut words: Words<'_>, names: &[&str]) -> bool {
    let mut found = false;
    options(&mut words, |name, value| {
        found |= names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)) && is_false(value);
    });
    found
}

/// Whether this option is on in a list such as `(verbose, concurrently true)`; moves past the list.
fn has_true_option(words: &mut Words<'_>, wanted: &str) -> bool {
    let mut on = false;
    options(words, |name, value| {
        if name.eq_ignore_ascii_case(wanted) {
            on = !is_false(value);
        }
    });
    on
}

/// Calls `each` with name and value, which may be empty, of a parenthesised option list, and moves past it.
fn options<'a>(words: &mut Words<'a>, mut each: impl FnMut(&'a str, &'a str)) {
    words.eat_punct("(");
    let (mut name, mut value) = ("", "");
    for word in words.by_ref() {
        match word.text {
            "," | ")" => {
                each(name, value);
                (name, value) = ("", "");
                if word.text == ")" {
                    return;
                }
            }
            "=" => {}
            text if name.is_empty() => name = text,
            text => value = text,
        }
    }
}

fn is_false(value: &str) -> bool {
    let value = value.trim_matches('\'');
    ["false", "off", "0"]
        .iter()
        .any(|no| value.eq_ignore_ascii_case(no))
}

fn sqlite(mut words: Words<'_>) -> Demand {
    let Some(first) = words.next() else {
        return Demand::Any;
    };
    match () {
        () if first.is_any(&["begin", "commit", "end", "rollback", "savepoint", "release"]) => {
            Demand::Control
        }
        () if first.is("vacuum") => Demand::Outside("cannot run inside a transaction"),
        () if first.is("detach") => Demand::Outside("fails inside a transaction that has used the database"),
        () if first.is("pragma") => pragma(words),
        () => Demand::Any,
    }
}

/// The schema, if one is named, and the name of a pragma of SQLite that this statement gives a value, where that value
/// is one of the connection and not of the file.
#[cfg(feature = "sqlite")]
pub(crate) fn connection_pragma(statement: &str) -> Option<(Option<String>, String)> {
    let mut words = Words::new(statement, Dialect::Sqlite);
    if !words.eat("pragma") {
        return None;
    }
    let (schema, name) = words.schema_and_name()?;
    let name = name.to_ascii_lowercase();
    let is_of_connection = SESSION_PRAGMAS.contains(&&*name) || OUTSIDE_PRAGMAS.contains(&&*name);
    (is_of_connection && assigns(words)).then_some((schema, name))
}

/// Whether a pragma whose name was read is given a value.
fn assigns(mut words: Words<'_>) -> bool {
    words
        .next()
        .is_some_and(|word| word.kind == TokenKind::Punct && matches!(word.text, "=" | "("))
}

fn pragma(mut words: Words<'_>) -> Demand {
    let Some((_, name)) = words.schema_and_name() else {
        return Demand::Any;
    };
    let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    if is(&["wal_checkpoint"]) {
        return Demand::Outside("fails inside a transaction that has written");
    }
    let assigns = assigns(words);
    match () {
        () if !assigns => Demand::Any,
        () if is(&["foreign_keys"]) => Demand::Outside("has no effect inside a transaction"),
        () if is(&["journal_mode"]) => {
            Demand::Outside("fails inside a transaction, or has no effect in one that has written")
        }
        () if is(&["synchronous"]) => Demand::Outside("cannot run inside a transaction"),
        () if is(&["temp_store", "temp_store_directory"]) => {
            Demand::Outside("fails inside a transaction that has used a temporary table")
        }
        () if is(SESSION_PRAGMAS) => Demand::SessionSetting,
        () => Demand::Any,
    }
}

/// The pragmas of a connection that a transaction is in the way of.
#[cfg(feature = "sqlite")]
const OUTSIDE_PRAGMAS: &[&str] = &["foreign_keys", "synchronous", "temp_store"];

/// The pragmas that change how this connection works, and nothing in the file.
const SESSION_PRAGMAS: &[&str] = &[
    "analysis_limit",
    "automatic_index",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "case_sensitive_like",
    "cell_size_check",
    "checkpoint_fullfsync",
    "defer_foreign_keys",
    "fullfsync",
    "hard_heap_limit",
    "ignore_check_constraints",
    "journal_size_limit",
    "legacy_alter_table",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "secure_delete",
    "soft_heap_limit",
    "threads",
    "trusted_schema",
    "wal_autocheckpoint",
    "writable_schema",
];

fn mysql(words: &Words<'_>) -> Demand {
    let Some(first) = words.peek() else {
        return Demand::Any;
    };
    match () {
        () if words.starts_with(&["begin", "not", "atomic"]) => Demand::Any,
        () if first.is_any(&["begin", "commit", "rollback", "savepoint", "xa"]) => Demand::Control,
        () if words.starts_with(&["start", "transaction"]) => Demand::Control,
        () if words.starts_with(&["release", "savepoint"]) => Demand::Control,
        () if first.is("set") => Demand::SessionSetting,
        () => Demand::Any,
    }
}
