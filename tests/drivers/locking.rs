//! Locks: the migration lock, and table locks that others hold.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::migrator::Event;
use migrate_core::{Migrator, Pool, model};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sqlx::{AssertSqlSafe, Connection};

use crate::applying::{EMAIL, USERS};
use crate::kind::{Kind, versions};

/// A migrator with short patience, and the events it told.
fn impatient<K: Kind>(
    db: &K,
    pool: impl Pool<K::Marker>,
    files: &[(&str, &str)],
) -> (Migrator, Arc<Mutex<Vec<Event>>>)
where
    K::Marker: model::Database,
{
    let events = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&events);
    let migrator = Migrator::new(pool, db.set(files))
        .lock_timeout(Duration::from_millis(200))
        .lock_retry(Duration::from_millis(1500))
        .lock_wait(Duration::from_millis(700))
        .observer(move |event: &Event| told.lock().unwrap().push(event.clone()))
        .build();
    (migrator, events)
}

/// A migration that keeps the migration lock busy.
fn slow(statement: &str) -> (&'static str, String) {
    let text = format!(
        "-- migrate:irreversible \"test\"\n-- migrate:up\nCREATE TABLE slow (id INTEGER);\n{statement};\n"
    );
    ("20260103000000_slow", text)
}

/// Runs `first` until it is inside its statement, and then `second`.
async fn while_running(first: Migrator, second: impl Future<Output = ()>) {
    let running = tokio::spawn(async move { first.run().await });
    tokio::time::sleep(Duration::from_millis(600)).await;
    second.await;
    running.await.expect("no panic").expect("the slow migration ends");
}

#[test]
fn postgres_waits_for_the_migration_lock_only_so_long() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let (name, text) = slow("SELECT pg_sleep(4)");
        let files = [USERS, (name, &*text)];
        let (second, events) = impatient(&db, Kind::pool(&db), &files);
        let job = sqlx::PgPool::connect_with(db.options().application_name("the-job"));
        let job = Migrator::new(job.await.unwrap(), db.set(&files)).build();
        while_running(job, async {
            let error = second.run().await.unwrap_err();
            assert!(error.is_lock_timeout(), "{error}");
            assert!(
                error.to_string().contains("the lock is held by the-job"),
                "{error}"
            );
        })
        .await;
        let told = events.lock().unwrap().iter().find_map(|event| match event {
            Event::WaitingForLock { holder, .. } => Some((holder.clone(), event.to_string())),
            _ => None,
        });
        let (holder, line) = told.expect("it says that it waits");
        let holder = holder.expect("who has the lock");
        assert!(
            holder.starts_with("the-job ") && holder.contains("pid "),
            "{holder}"
        );
        assert!(line.ends_with(&format!("the lock is held by {holder}")), "{line}");
        assert!(second.run().await.unwrap().applied.is_empty());
    });
}

#[test]
fn mariadb_waits_for_the_migration_lock_only_so_long() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        let (name, text) = slow("SELECT SLEEP(4)");
        let files = [USERS, (name, &*text)];
        let (second, events) = impatient(&db, Kind::pool(&db), &files);
        while_running(db.migrator(&files), async {
            let error = second.run().await.unwrap_err();
            assert!(error.is_lock_timeout(), "{error}");
            let text = error.to_string();
            assert!(
                text.contains("the lock is held by connection ") && text.contains("(user "),
                "{text}"
            );
        })
        .await;
        let held = |event: &Event| matches!(event, Event::WaitingForLock { holder: Some(_), .. });
        assert!(events.lock().unwrap().iter().any(held));
        assert!(second.run().await.unwrap().applied.is_empty());
    });
}

#[test]
fn sqlite_waits_for_the_write_lock_only_so_long() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        let mut writer = sqlx::SqliteConnection::connect_with(&db.options()).await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE")
            .execute(&mut writer)
            .await
            .unwrap();
        let options = db.options().busy_timeout(Duration::from_millis(50));
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let (migrator, events) = impatient(&db, pool, &[USERS]);
        let error = migrator.run().await.unwrap_err();
        assert!(error.is_lock_timeout(), "{error}");
        // Whose it is nobody can tell: here it is no instance's.
        let told: Vec<String> = events.lock().unwrap().iter().map(Event::to_string).collect();
        for text in [error.to_string(), told.join("\n")] {
            assert!(
                !text.contains("another instance is migrating")
                    && text.contains("the lock is held by a connection that writes to the database"),
                "{text}"
            );
        }
        sqlx::raw_sql("ROLLBACK").execute(&mut writer).await.unwrap();
        assert_eq!(versions(&migrator.run().await.unwrap()), [20260101000000]);
    });
}

#[test]
fn postgres_names_who_holds_the_table() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.unwrap();
        let mut reader = sqlx::PgConnection::connect_with(&db.options().application_name("report-job"))
            .await
            .unwrap();
        sqlx::raw_sql("BEGIN; SELECT * FROM users")
            .execute(&mut reader)
            .await
            .unwrap();
        let (migrator, events) = impatient(&db, Kind::pool(&db), &[USERS, EMAIL]);
        let error = migrator.run().await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_blocked(), "{text}");
        assert!(
            text.contains("report-job") && text.contains("SELECT * FROM users"),
            "{text}"
        );
        assert!(text.contains("20260102000000_add_email.sql:3:1"), "{text}");
        assert!(
            events
                .lock()
                .unwrap()
                .iter()
                .any(|event| matches!(event, Event::Blocked { .. }))
        );
        // Others get through while it waits, because no attempt is long.
        sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
        assert_eq!(versions(&migrator.run().await.unwrap()), [20260102000000]);
    });
}

#[test]
fn mariadb_names_who_may_hold_the_table() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.unwrap();
        let mut reader = sqlx::MySqlConnection::connect_with(&db.options()).await.unwrap();
        sqlx::raw_sql("START TRANSACTION; SELECT * FROM users")
            .execute(&mut reader)
            .await
            .unwrap();
        let (migrator, _) = impatient(&db, Kind::pool(&db), &[USERS, EMAIL]);
        let error = migrator.run().await.unwrap_err();
        let text = error.to_string();
        assert!(error.is_blocked(), "{text}");
        assert!(text.contains("in a transaction"), "{text}");
        sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
        assert_eq!(versions(&migrator.run().await.unwrap()), [20260102000000]);
    });
}

#[test]
fn a_table_lock_that_is_freed_in_time_is_waited_for() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.unwrap();
        let mut reader = sqlx::PgConnection::connect_with(&db.options()).await.unwrap();
        sqlx::raw_sql("BEGIN; SELECT * FROM users")
            .execute(&mut reader)
            .await
            .unwrap();
        let (migrator, _) = impatient(&db, Kind::pool(&db), &[USERS, EMAIL]);
        let running = tokio::spawn(async move { migrator.run().await });
        tokio::time::sleep(Duration::from_millis(400)).await;
        sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
        assert_eq!(versions(&running.await.unwrap().unwrap()), [20260102000000]);
    });
}

#[test]
fn an_index_built_concurrently_waits_for_old_transactions() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.unwrap();
        let index = (
            "20260102000000_index",
            "-- migrate:up\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n\
             -- migrate:down\nDROP INDEX CONCURRENTLY users_name;\n",
        );
        let mut writer = sqlx::PgConnection::connect_with(&db.options()).await.unwrap();
        sqlx::raw_sql("BEGIN; UPDATE users SET name = name")
            .execute(&mut writer)
            .await
            .unwrap();
        let (migrator, _) = impatient(&db, Kind::pool(&db), &[USERS, index]);
        let again = migrator.clone();
        let running = tokio::spawn(async move { migrator.run().await });
        // Longer than the short lock time-out and its retries.
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(!running.is_finished());
        sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
        assert_eq!(versions(&running.await.unwrap().unwrap()), [20260102000000]);
        again.down().await.unwrap();
    });
}

#[test]
fn an_invalid_index_is_removed_and_built_again() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let users = (
            "20260101000000_create_users",
            "-- migrate:up\nCREATE TABLE users (id INTEGER, name TEXT);\nINSERT INTO users VALUES (1, 'a'), (2, 'a');\n\
             -- migrate:down\nDROP TABLE users;\n",
        );
        let unique = (
            "20260102000000_unique",
            "-- migrate:up\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_name ON users (name);\n\
             -- migrate:down\nDROP INDEX CONCURRENTLY users_name;\n",
        );
        db.migrator(&[users]).run().await.unwrap();
        let invalid = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
        let migrator = db.migrator(&[users, unique]);
        let error = migrator.run().await.unwrap_err();
        assert!(
            error.is_statement() && error.to_string().contains("(name)=(a)"),
            "{error}"
        );
        assert_eq!(
            db.value(invalid).await,
            "0",
            "what the failed build left is removed"
        );
        // Somebody tries by hand and leaves an INVALID index of that name, which IF NOT EXISTS would take for the real one.
        let by_hand = sqlx::raw_sql(AssertSqlSafe(
            "CREATE UNIQUE INDEX CONCURRENTLY users_name ON users (name)",
        ));
        by_hand.execute(PostgresDatabase::pool(&db)).await.unwrap_err();
        assert_eq!(db.value(invalid).await, "1");
        db.execute("DELETE FROM users WHERE id = 2").await;
        assert_eq!(versions(&migrator.run().await.unwrap()), [20260102000000]);
        assert_eq!(db.value(invalid).await, "0");
        assert_eq!(
            db.value("SELECT count(*)::text FROM pg_indexes WHERE indexname = 'users_name'")
                .await,
            "1"
        );
    });
}

/// Another set makes the same tables, and takes longer for it than a lock time-out.
#[test]
fn postgres_waits_for_tables_that_another_set_makes() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let held = db.hold("CREATE TABLE _migrate_sets (id INTEGER)").await;
        let (migrator, _) = impatient(&db, Kind::pool(&db), &[USERS]);
        let run = tokio::spawn(async move { migrator.run().await });
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(!run.is_finished(), "it gave up");
        drop(held);
        let report = run.await.expect("no panic").expect("the tables are made then");
        assert_eq!(versions(&report), [20260101000000]);
    });
}

#[test]
fn postgres_says_who_is_in_the_way_of_its_own_tables() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let _held = db.hold("CREATE TABLE _migrate_sets (id INTEGER)").await;
        let (migrator, _) = impatient(&db, Kind::pool(&db), &[USERS]);
        let error = migrator.run().await.expect_err("the tables are not there");
        assert!(
            error.to_string().contains("somebody holds a lock on them"),
            "{error}"
        );
    });
}
