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
        /// As it is, without quotes; where the server chooses one there is none.
        index: Option<String>,
        table: String,
        unique: bool,
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
        let unique = words.eat("unique");
        if !words.eat_all(&["index", "concurrently"]) {
            return None;
        }
        words.eat_all(&["if", "not", "exists"]);
        let mut index = None;
        if !words.eat("on") {
            index = Some(words.schema_and_name()?.1);
            if !words.eat("on") {
                return None;
            }
        }
        words.eat("only");
        let table = qualified(&words.qualified_name()?);
        return Some(Online::CreateIndex { index, table, unique });
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
///
/// That something changed need not be its work: others change the same objects. So the catalog is asked for what it
/// should have done.
pub(super) async fn settle(backend: &mut PostgresBackend, sql: &str) -> Result<Settled, DatabaseError> {
    match online(sql) {
        // Which name the server would have chosen is not known, so neither is whether an index is this one.
        Some(Online::CreateIndex { index: None, .. }) => Ok(Settled::Unknown),
        Some(Online::CreateIndex {
            index: Some(index),
            table,
            unique,
        }) => {
            let built = "SELECT 1 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
                         WHERE i.indrelid = pg_catalog.to_regclass($1) AND c.relname = $2::name \
                         AND i.indisvalid AND i.indisready AND i.indisunique = ($3 = 'unique')";
            let unique = if unique { "unique" } else { "" };
            let values = [Value::text(table), Value::text(index), Value::text(unique)];
            Ok(match backend.rows(built, &values).await?.is_empty() {
                // An INVALID one is removed before it runs. A name that something else has is for the server to judge.
                true => Settled::Again,
                false => Settled::Done,
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
        Some(Online::Detach { parent, partition }) => {
            finish_detach(backend, &parent, &partition).await?;
            let attached = "SELECT 1 FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass($1) \
                            AND inhparent = pg_catalog.to_regclass($2)";
            let values = [
                Value::text(qualified(&partition)),
                Value::text(qualified(&parent)),
            ];
            Ok(match backend.rows(attached, &values).await?.is_empty() {
                true => Settled::Done,
                false => Settled::Again,
            })
        }
        Some(Online::Reindex { .. }) => Ok(Settled::Again),
        None if may_run_twice(sql) => Ok(Settled::Again),
        None => Ok(Settled::Unknown),
    }
}

/// Whether a statement that cannot run in a transaction leaves the same when it runs once more.
pub(super) fn may_run_twice(sql: &str) -> bool {
    let words = Words::new(sql, Dialect::Postgres);
    let first = ["vacuum", "cluster", "reindex", "discard"];
    words.peek().is_some_and(|word| word.is_any(&first))
        || [
            ["alter", "system"],
            ["alter", "database"],
            ["alter", "subscription"],
        ]
        .iter()
        .any(|start| words.starts_with(start))
}

/// Whether a statement leaves something that has to be removed before it runs again.
pub(super) fn leaves_behind(sql: &str) -> bool {
    matches!(
        online(sql),
        Some(Online::CreateIndex { .. } | Online::Reindex { .. })
    )
}

/// Removes what an interrupted attempt left, so that the statement can run.
pub(super) async fn clean_up(backend: &mut PostgresBackend, sql: &str) -> Result<(), DatabaseError> {
    match online(sql) {
        Some(Online::CreateIndex {
            index: Some(index),
            table,
            ..
        }) => {
            // The server cuts a long name off.
            let invalid = invalid_indexes(backend, &table, ("c.relname = $2::name", &index)).await?;
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
            let left = ("c.relname ~ $2", "_cc(new|old)[0-9]*$");
            let invalid = invalid_indexes(backend, &table, left).await?;
            drop_all(backend, &invalid).await
        }
        _ => Ok(()),
    }
}

/// The INVALID indexes of a table for whose names that condition holds with that value, quoted and qualified. One that
/// another session is building just now is INVALID too, and is left alone.
async fn invalid_indexes(
    backend: &mut PostgresBackend,
    table: &str,
    (condition, value): (&str, &str),
) -> Result<Vec<String>, DatabaseError> {
    let sql = format!(
        "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_index i \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE i.indrelid = pg_catalog.to_regclass($1) AND NOT i.indisvalid AND c.relkind = 'i' \
         AND {condition} AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p \
         WHERE p.index_relid = i.indexrelid AND p.pid <> pg_catalog.pg_backend_pid())"
    );
    let rows = backend
        .rows(&sql, &[Value::text(table), Value::text(value)])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn index(sql: &str) -> (Option<String>, String, bool) {
        match online(sql) {
            Some(Online::CreateIndex { index, table, unique }) => (index, table, unique),
            _ => panic!("{sql}"),
        }
    }

    #[test]
    fn an_index_is_known_by_its_name() {
        for (sql, name, table, unique) in [
            ("CREATE INDEX CONCURRENTLY a ON t (x)", Some("a"), "\"t\"", false),
            (
                "create unique index concurrently if not exists \"A b\" on only s.t using btree (x)",
                Some("A b"),
                "\"s\".\"t\"",
                true,
            ),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY ON s.t (x)",
                None,
                "\"s\".\"t\"",
                true,
            ),
            ("CREATE INDEX CONCURRENTLY ON ONLY t (x)", None, "\"t\"", false),
        ] {
            assert_eq!(
                index(sql),
                (name.map(str::to_owned), table.to_owned(), unique),
                "{sql}"
            );
        }
        assert!(online("CREATE INDEX a ON t (x)").is_none());
    }

    #[test]
    fn what_may_run_twice_is_told_from_what_may_not() {
        for sql in [
            "VACUUM t",
            "REINDEX (VERBOSE) SCHEMA s",
            "CLUSTER",
            "ALTER SYSTEM SET work_mem = 1",
        ] {
            assert!(may_run_twice(sql), "{sql}");
        }
        for sql in [
            "CREATE DATABASE d",
            "DROP TABLESPACE t",
            "CALL p()",
            "DO $$ BEGIN COMMIT; END $$",
        ] {
            assert!(!may_run_twice(sql), "{sql}");
        }
    }
}
