//! What PostgreSQL does for a statement: the locks it takes, what it rewrites, reads and builds, or how it fails.
//!
//! Only relations that were there before the drafts count: nobody uses the others yet.

use std::collections::{BTreeMap, BTreeSet};

use migrate_core::MigrationSet;
use migrate_core::model::{Section, TransactionMode};
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, PgConnection};

/// How a statement failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// What a statement did to relations in use.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// The file and the statement in it.
    pub(crate) migration: usize,
    pub(crate) statement: usize,
    pub(crate) failure: Option<Failure>,
    /// Whether its locks could be seen: what cannot run in a transaction has released them.
    pub(crate) seen: bool,
    /// The locks held on each relation after it, by the numbers of the modes.
    pub(crate) locks: BTreeMap<String, BTreeSet<usize>>,
    /// The modes it took itself, on whatever relation.
    pub(crate) gained: BTreeSet<usize>,
    /// Relations with other files than before.
    pub(crate) rewritten: BTreeSet<String>,
    /// Tables that were read from end to end.
    pub(crate) scanned: BTreeSet<String>,
    /// Tables with an index that is new or has been built again.
    pub(crate) built: BTreeSet<String>,
    /// Tables of which every row was changed or deleted.
    pub(crate) written: BTreeSet<String>,
}

/// The modes, weakest first, as the server and as a finding writes them.
pub(crate) const MODES: [(&str, &str); 8] = [
    ("AccessShareLock", "ACCESS SHARE"),
    ("RowShareLock", "ROW SHARE"),
    ("RowExclusiveLock", "ROW EXCLUSIVE"),
    ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
    ("ShareLock", "SHARE"),
    ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
    ("ExclusiveLock", "EXCLUSIVE"),
    ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
];

/// The number of a mode that keeps writers out.
pub(crate) const SHARE: usize = 4;
pub(crate) const ACCESS_EXCLUSIVE: usize = 7;

/// The time zone is one in which a conversion changes something.
const SESSION: &str = "RESET ALL; SET client_min_messages = error; SET timezone = 'Europe/Berlin'";

/// How many rows each table gets.
const ROWS: i64 = 1_000;

/// Takes away what the case before has left, and makes an empty public schema.
pub(crate) const CLEAR: &str = "
    SET client_min_messages = error;
    DO $$
    DECLARE one text;
    BEGIN
        FOR one IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', one);
        END LOOP;
        CREATE SCHEMA public;
    END
    $$;";

/// Puts rows into every empty table: counted ones, or else ones that a CHECK on small numbers lets in.
const FILL: &str = "
    SET session_replication_role = replica;
    DO $$
    DECLARE
        one record;
        names text;
        counted text;
        constant text;
    BEGIN
        FOR one IN SELECT c.oid, c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1 LOOP
            SELECT string_agg(quote_ident(attname), ', '),
                string_agg(CASE
                    WHEN kind = 'e' THEN format('(SELECT enumlabel FROM pg_enum WHERE enumtypid = %s ORDER BY enumsortorder LIMIT 1)::%s', base, typname)
                    WHEN typname IN ('int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'money') THEN 'g::' || typname
                    WHEN typname IN ('text', 'varchar', 'bpchar') THEN
                        format('left(''x@'' || g, %s)', CASE WHEN length > 4 THEN length - 4 ELSE 100 END)
                    WHEN typname = 'date' THEN '''2026-01-01''::date + g % 300'
                    WHEN typname IN ('timestamp', 'timestamptz') THEN format('''2026-01-01''::%s + g * interval ''1 hour''', typname)
                    WHEN typname = 'bool' THEN 'true'
                    WHEN typname = 'uuid' THEN 'md5(g::text)::uuid'
                    WHEN typname IN ('json', 'jsonb') THEN '''{}''::' || typname
                    WHEN typname IN ('inet', 'cidr') THEN format('''10.0.0.1''::%s', typname)
                    WHEN typname IN ('bit', 'varbit') THEN 'B''1'''
                    WHEN typname = 'interval' THEN 'g * interval ''1 hour'''
                    WHEN typname = 'xml' THEN '''<a/>''::xml'
                    WHEN typname = 'tsrange' THEN
                        'tsrange(''2026-01-01''::timestamp + g * interval ''1 day'', ''2026-01-01''::timestamp + g * interval ''1 day'' + interval ''1 hour'')'
                    WHEN typname = 'int4range' THEN 'int4range(g, g + 1)'
                    WHEN typname LIKE '\\_%' THEN '''{}'''
                    ELSE 'NULL' END, ', ' ORDER BY attnum),
                string_agg(CASE
                    WHEN typname IN ('int2', 'int4', 'int8', 'float4', 'float8', 'numeric') THEN '1'
                    WHEN typname = 'date' THEN '''2026-01-01'''
                    WHEN typname IN ('text', 'varchar', 'bpchar') THEN '''a'''
                    ELSE 'NULL' END, ', ' ORDER BY attnum)
            INTO names, counted, constant
            FROM (
                SELECT a.attname, a.attnum, b.typname, b.typtype AS kind, b.oid AS base, a.atttypmod AS length
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                JOIN pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
                WHERE a.attrelid = one.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
            ) columns;
            CONTINUE WHEN names IS NULL;
            BEGIN
                EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM generate_series(1, 1000) g', one.name, names, counted);
            EXCEPTION WHEN OTHERS THEN
                BEGIN
                    EXECUTE format('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM generate_series(1, 1000) g', one.name, names, constant);
                EXCEPTION WHEN OTHERS THEN NULL;
                END;
            END;
        END LOOP;
    END
    $$;
    RESET session_replication_role;";

pub(crate) async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), Failure> {
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    result.map(drop).map_err(|error| match error.as_database_error() {
        Some(error) => {
            let error = error.downcast_ref::<PgDatabaseError>();
            Failure {
                code: error.code().to_owned(),
                message: error.message().to_owned(),
            }
        }
        None => panic!("{sql}: {error}"),
    })
}

/// Builds what is there before the drafts, with rows in it.
pub(crate) async fn build(
    connection: &mut PgConnection,
    set: &MigrationSet,
    world: &[&str],
) -> Result<(), Failure> {
    run(connection, "RESET ROLE; RESET ALL; DISCARD TEMP").await?;
    run(connection, CLEAR).await?;
    for statement in world {
        let _ = run(connection, statement).await;
    }
    for migration in set.migrations.iter().filter(|migration| migration.released) {
        for (_, sql) in migration.up.iter() {
            run(connection, sql).await?;
        }
    }
    run(connection, SESSION).await?;
    run(connection, FILL).await
}

#[derive(Default)]
struct Snapshot {
    /// By object: name, kind, file, rows read, rows changed.
    relations: BTreeMap<i64, (String, i8, i64, i64, i64)>,
    /// By index: table and file.
    indexes: BTreeMap<i64, (i64, i64)>,
    locks: BTreeMap<i64, BTreeSet<usize>>,
}

type RelationRow = (i64, String, i8, i64, i64, i64);

async fn snapshot(connection: &mut PgConnection) -> Result<Snapshot, sqlx::Error> {
    let relations = "SELECT c.oid::int8, n.nspname || '.' || c.relname, c.relkind, coalesce(pg_relation_filenode(c.oid), 0)::int8,
            pg_stat_get_xact_tuples_returned(c.oid), pg_stat_get_xact_tuples_updated(c.oid) + pg_stat_get_xact_tuples_deleted(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'i', 'I') AND n.nspname !~ '^pg_'";
    let relations: Vec<RelationRow> = sqlx::query_as(relations).fetch_all(&mut *connection).await?;
    let indexes = "SELECT i.indexrelid::int8, i.indrelid::int8, coalesce(pg_relation_filenode(i.indexrelid), 0)::int8
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indexrelid >= 16384 AND c.relkind = 'i'";
    let indexes: Vec<(i64, i64, i64)> = sqlx::query_as(indexes).fetch_all(&mut *connection).await?;
    let locks = "SELECT relation::int8, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384";
    let locks: Vec<(i64, String)> = sqlx::query_as(locks).fetch_all(&mut *connection).await?;
    let mut found = Snapshot::default();
    for (oid, name, kind, file, read, changed) in relations {
        found.relations.insert(oid, (name, kind, file, read, changed));
    }
    for (oid, table, file) in indexes {
        found.indexes.insert(oid, (table, file));
    }
    for (oid, mode) in locks {
        let mode = MODES.iter().position(|(name, _)| *name == mode).unwrap();
        found.locks.entry(oid).or_default().insert(mode);
    }
    Ok(found)
}

fn compare(base: &Snapshot, before: &Snapshot, after: &Snapshot, measured: &mut Measured) {
    for (oid, (name, kind, ..)) in &base.relations {
        if let Some(mode) = after.locks.get(oid) {
            let known = before.locks.get(oid).cloned().unwrap_or_default();
            measured.gained.extend(mode.difference(&known));
            measured.locks.insert(name.clone(), mode.clone());
        }
        let (Some(now), Some(then)) = (after.relations.get(oid), before.relations.get(oid)) else {
            continue;
        };
        if matches!(*kind as u8, b'i' | b'I') {
            continue;
        }
        let reads = *kind as u8 != b'm';
        if now.2 != then.2 {
            measured.rewritten.insert(name.clone());
        }
        if reads && now.3 - then.3 >= ROWS {
            measured.scanned.insert(name.clone());
        }
        if now.4 - then.4 >= ROWS {
            measured.written.insert(name.clone());
        }
    }
    let files: BTreeSet<i64> = before.indexes.values().map(|(_, file)| *file).collect();
    for (table, file) in after.indexes.values() {
        // An index that is made again for another type may keep its file.
        if let Some((name, ..)) = base.relations.get(table)
            && !files.contains(file)
        {
            measured.built.insert(name.clone());
        }
    }
}

/// Statements that run in no transaction; what they locked is gone when they are done.
fn alone(sql: &str) -> bool {
    let upper = sql.to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    upper.contains("CONCURRENTLY")
        || words.contains(&"VACUUM")
        || words.contains(&"REINDEX")
        || words == ["CLUSTER"]
        || upper.contains("DATABASE")
}

/// Runs the drafts up to the first statement that fails, and says what each did.
pub(crate) async fn drafts(connection: &mut PgConnection, set: &MigrationSet) -> Vec<Measured> {
    let base = snapshot(connection).await.unwrap();
    let mut all = Vec::new();
    for (index, migration) in set.migrations.iter().enumerate() {
        if !migration.released && !section(connection, &base, &migration.up, index, &mut all).await {
            break;
        }
    }
    let _ = run(connection, "ROLLBACK").await;
    all
}

async fn section(
    connection: &mut PgConnection,
    base: &Snapshot,
    section: &Section,
    migration: usize,
    all: &mut Vec<Measured>,
) -> bool {
    run(connection, SESSION).await.unwrap();
    let one = section.transaction == TransactionMode::One;
    if one {
        run(connection, "BEGIN").await.unwrap();
    }
    let mut explicit = false;
    for (statement, (_, sql)) in section.iter().enumerate() {
        let first = sql
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .trim_end_matches(';')
            .to_uppercase();
        let begins = matches!(first.as_str(), "BEGIN" | "START");
        let ends = matches!(first.as_str(), "COMMIT" | "END" | "ROLLBACK");
        let own = !one && !explicit && !begins && !ends && !alone(sql);
        if own {
            run(connection, "BEGIN").await.unwrap();
        }
        let before = snapshot(connection).await.unwrap();
        let mut measured = Measured {
            migration,
            statement,
            seen: (one || explicit || own) && !ends,
            failure: run(connection, sql).await.err(),
            ..Measured::default()
        };
        explicit = begins || explicit && !ends;
        let failed = measured.failure.is_some();
        if !failed {
            let after = snapshot(connection).await.unwrap();
            compare(base, &before, &after, &mut measured);
        }
        all.push(measured);
        if failed {
            return false;
        }
        if own && let Err(failure) = run(connection, "COMMIT").await {
            all.last_mut().unwrap().failure = Some(failure);
            return false;
        }
    }
    if (one || explicit) && run(connection, "COMMIT").await.is_err() {
        return false;
    }
    true
}
