//! Statements of PostgreSQL that each are a transaction of their own.
//!
//! Most of them run in a transaction as well, which then tells what they hold before it ends. Those that do not (`CREATE
//! INDEX CONCURRENTLY`, `VACUUM`) are watched by a second connection, which first keeps every table in a mode that none of
//! them gets past: so the first lock that a statement asks for is seen for sure. Then the connection lets go, and looks
//! at what comes as often as it can.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use migrate_core::Migration;

use super::Looked;
use super::seen::{self, Seen};
use crate::database::TestKind;
use crate::database::sealed::Sealed as _;
use crate::error::Error;
use crate::link::Link;
use crate::prove::Prove;
use crate::prove::chain::Chain;

/// PostgreSQL's code for a statement that takes no transaction around it.
const NOT_IN_A_TRANSACTION: &str = "25001";
/// How long tables are kept where nothing asks for one.
const PATIENCE: Duration = Duration::from_secs(1);
/// The tables that can be kept.
const TABLES: &str = "select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/// Runs the statements on a database of their own, where what they do may stay, and tells what each did to tables that were
/// there before. One that fails ends it.
pub(super) async fn alone<'s, K: TestKind>(
    prove: &Prove<K>,
    migration: &Migration,
    statements: &'s [(u32, String)],
) -> Result<Vec<Looked<'s>>, Error> {
    let failed = |error| Error::caused("cannot read the locks of the test database", error);
    let mut chain = Chain::at(prove, prove.before(migration.version)).await?;
    chain.steps.release().await?;
    let mut watcher = chain.database.link().await?;
    let link = &mut chain.link;
    let process = crate::seed::first(link.rows("select pg_backend_pid()::text").await.map_err(failed)?);
    let process = process.unwrap_or_default();
    let there = seen::look(link).await.map_err(failed)?.tables();
    let mut found = Vec::new();
    // Files of other tools may have a transaction of their own.
    let mut open = false;
    for (line, sql) in statements {
        let first: String = sql.chars().take_while(|c| c.is_alphanumeric()).collect();
        let (begins, ends) = match &*first.to_lowercase() {
            "begin" | "start" => (true, false),
            "commit" | "end" | "rollback" | "abort" => (false, true),
            _ => (false, false),
        };
        let own = !open && !begins;
        if own {
            link.execute("BEGIN").await.map_err(failed)?;
        }
        let before = seen::look(link).await.map_err(failed)?;
        let seen = match link.execute(sql).await {
            Ok(()) => {
                let after = seen::look(link).await.map_err(failed)?;
                if own && !ends {
                    link.execute("COMMIT").await.map_err(failed)?;
                }
                before.until(&after, &there)
            }
            Err(error) if own && is_refused_in_a_transaction(&error) => {
                link.execute("ROLLBACK").await.map_err(failed)?;
                let watched = watch(link, &mut watcher, &process, sql, &there).await;
                match watched.map_err(failed)? {
                    Some(seen) => seen,
                    None => break,
                }
            }
            Err(_) => break,
        };
        open = (open || begins) && !ends;
        found.push((*line, sql.as_str(), seen));
    }
    Ok(found)
}

fn is_refused_in_a_transaction(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.and_then(|error| error.code()).as_deref() == Some(NOT_IN_A_TRANSACTION)
}

/// Runs a statement while another connection looks at its locks; nothing if it fails.
async fn watch(
    link: &mut impl Link,
    watcher: &mut impl Link,
    process: &str,
    sql: &str,
    there: &BTreeSet<String>,
) -> Result<Option<Seen>, sqlx::Error> {
    let before = seen::look(link).await?;
    let tables = watcher.rows(TABLES).await?;
    let tables: Vec<String> = tables.into_iter().flatten().flatten().collect();
    watcher.execute("BEGIN").await?;
    if !tables.is_empty() {
        let keep = format!("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE", tables.join(", "));
        watcher.execute(&keep).await?;
    }
    let done = Cell::new(false);
    let run = async {
        let outcome = link.execute(sql).await;
        done.set(true);
        outcome
    };
    let look = async {
        let (started, mut keeps, mut locks) = (Instant::now(), true, BTreeSet::new());
        while !done.get() {
            let (more, waits) = seen::locks(watcher, process).await?;
            locks.extend(more);
            if keeps && (waits || started.elapsed() > PATIENCE) {
                watcher.execute("ROLLBACK").await?;
                keeps = false;
            }
        }
        if keeps {
            watcher.execute("ROLLBACK").await?;
        }
        Ok::<_, sqlx::Error>(locks)
    };
    let (outcome, locks) = tokio::join!(run, look);
    let locks = locks?;
    if outcome.is_err() {
        return Ok(None);
    }
    let mut after = seen::look(link).await?;
    after.locks = locks;
    Ok(Some(before.until(&after, there)))
}
