//! What statements leave behind that work beside transactions and are interrupted.
//!
//! `CREATE INDEX CONCURRENTLY` and `REINDEX … CONCURRENTLY` leave an INVALID index, `DROP INDEX CONCURRENTLY` an
//! INVALID one that is still there, `DETACH PARTITION … CONCURRENTLY` a partition that is half detached.

use super::backend::PostgresBackend;
use super::quoted;
use crate::database::sql::backend::Settled;
use crate::database::sql::{Backend, DatabaseError, Value};
use crate::model::Dialect;
use crate::script::words::Words;

/// What kind of statement it is, with the names it is about, quoted.
enum Online {
    CreateIndex {
        index: String,
        table: String,
    },
    DropIndex {
        index: Vec<String>,
    },
    Reindex {
        target: Vec<String>,
    },
    Detach {
        parent: Vec<String>,
        partition: Vec<String>,
    },
}

fn online(sql: &str) -> Option<Online> {
    let mut words = Words::new(sql, Dialect::Postgres);
    if words.eat("create") {
        words.eat("unique");
        if !words.eat_all(&["index", "concurrently"]) {
            return None;
        }
        words.eat_all(&["if", "not", "exists"]);
        let (_, index) = words.schema_and_name()?;
        if !words.eat("on") {
            return None;
        }
        words.eat("only");
        let table = qualified(&words.qualified_name()?);
        return Some(Online::CreateIndex { index, table });
    }
    if words.eat("drop") {
        if !words.eat_all(&["index", "concurrently"]) {
            return None;
        }
        words.eat_all(&["if", "exists"]);
        return Some(Online::DropIndex {
            index: words.qualified_name()?,
        });
    }
    if words.eat("reindex") {
        if words.peek().is_some_and(|word| word.text == "(") && !words.skip_past(&[")"]) {
            skip_parentheses(&mut words);
        }
        if !words.eat_any(&["index", "table"]) {
            return None;
        }
        words.eat("concurrently");
        return Some(Online::Reindex {
            target: words.qualified_name()?,
        });
    }
    if words.eat_all(&["alter", "table"]) {
        words.eat_all(&["if", "exists"]);
        words.eat("only");
        let parent = words.qualified_name()?;
        if !words.eat_all(&["detach", "partition"]) {
            return None;
        }
        let partition = words.qualified_name()?;
        return words
            .eat("concurrently")
            .then_some(Online::Detach { parent, partition });
    }
    None
}

fn skip_parentheses(words: &mut Words<'_>) {
    let mut depth = 0;
    for word in words.by_ref() {
        match word.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

fn qualified(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    names.join(".")
}

/// Decides about a statement that was begun before a crash, after which the catalog is not what it was.
pub(super) async fn settle(backend: &mut PostgresBackend, sql: &str) -> Result<Settled, DatabaseError> {
    match online(sql) {
        Some(Online::CreateIndex { index, table }) => {
            let invalid = invalid_indexes(backend, &table, &format!("^{}$", escaped(&index))).await?;
            drop_all(backend, &invalid).await?;
            Ok(if invalid.is_empty() {
                Settled::Done
            } else {
                Settled::Again
            })
        }
        Some(Online::DropIndex { index }) => {
            let there = "SELECT pg_catalog.to_regclass($1)::text";
            let rows = backend.rows(there, &[Value::text(qualified(&index))]).await?;
            let gone = rows
                .first()
                .is_none_or(|row| row.first().is_none_or(Option::is_none));
            Ok(if gone { Settled::Done } else { Settled::Again })
        }
        Some(Online::Reindex { .. }) => {
            clean_up(backend, sql).await?;
            Ok(Settled::Again)
        }
        Some(Online::Detach { parent, partition }) => {
            finish_detach(backend, &parent, &partition).await?;
            Ok(Settled::Done)
        }
        None => Ok(Settled::Done),
    }
}

/// Removes what an interrupted attempt left, so that the statement can run.
pub(super) async fn clean_up(backend: &mut PostgresBackend, sql: &str) -> Result<(), DatabaseError> {
    match online(sql) {
        Some(Online::CreateIndex { index, table }) => {
            let invalid = invalid_indexes(backend, &table, &format!("^{}$", escaped(&index))).await?;
            drop_all(backend, &invalid).await
        }
        Some(Online::Reindex { target }) => {
            // The target is a table or an index of one.
            let table = "SELECT coalesce((SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = t.oid), \
                         t.oid)::regclass::text FROM (SELECT pg_catalog.to_regclass($1)::oid AS oid) t \
                         WHERE t.oid IS NOT NULL";
            let rows = backend.rows(table, &[Value::text(qualified(&target))]).await?;
            let Some(table) = rows.into_iter().flatten().flatten().next() else {
                return Ok(());
            };
            let invalid = invalid_indexes(backend, &table, "_cc(new|old)[0-9]*$").await?;
            drop_all(backend, &invalid).await
        }
        _ => Ok(()),
    }
}

/// The INVALID indexes of a table whose names match, quoted and qualified. One that another session is building just
/// now is INVALID too, and is left alone.
async fn invalid_indexes(
    backend: &mut PostgresBackend,
    table: &str,
    pattern: &str,
) -> Result<Vec<String>, DatabaseError> {
    let sql = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i \
               JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
               WHERE i.indrelid = pg_catalog.to_regclass($1) AND NOT i.indisvalid AND c.relkind = 'i' \
               AND c.relname ~ $2 AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p \
               WHERE p.index_relid = i.indexrelid AND p.pid <> pg_catalog.pg_backend_pid())";
    let rows = backend
        .rows(sql, &[Value::text(table), Value::text(pattern)])
        .await?;
    Ok(rows.into_iter().flatten().flatten().collect())
}

async fn drop_all(backend: &mut PostgresBackend, indexes: &[String]) -> Result<(), DatabaseError> {
    for index in indexes {
        backend
            .run(&format!("DROP INDEX CONCURRENTLY IF EXISTS {index}"))
            .await?;
    }
    Ok(())
}

async fn finish_detach(
    backend: &mut PostgresBackend,
    parent: &[String],
    partition: &[String],
) -> Result<(), DatabaseError> {
    let pending = "SELECT inhrelid::regclass::text FROM pg_catalog.pg_inherits \
                   WHERE inhrelid = pg_catalog.to_regclass($1) AND inhdetachpending";
    let rows = backend
        .rows(pending, &[Value::text(qualified(partition))])
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let finalize = format!(
        "ALTER TABLE {} DETACH PARTITION {} FINALIZE",
        qualified(parent),
        qualified(partition)
    );
    backend.run(&finalize).await
}

/// A name as a regular expression that matches only itself.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.chars() {
        if !character.is_alphanumeric() && character != '_' {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
