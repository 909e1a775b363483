//! What `sqlx::migrate` made.

use migrate_core::model::Database;
use migrate_core::{Layout, MariaDb, Pool, Postgres, Sqlite, Tool};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sqlx::migrate::{Migrate, Migrator};

use crate::Folder;

fn folder() -> Folder {
    let names = [
        "1_create_users.sql",
        "20260101_add_email.up.sql",
        "20260102000000_create_posts.sql",
    ];
    Folder::new(Layout::Sqlx, names)
}

async fn theirs(folder: &Folder) -> Migrator {
    Migrator::new(folder.path()).await.expect("their migrator")
}

#[tokio::test]
async fn postgres() {
    let db = PostgresDatabase::create().await.expect("a database");
    let folder = folder();
    theirs(&folder).await.run(db.pool()).await.expect("their run");
    let mut connection = db.pool().acquire().await.expect("a connection");
    connection.lock().await.expect("their lock");
    refused_while_locked::<Postgres>(&folder, db.pool().clone()).await;
    connection.unlock().await.expect("their lock is freed");
    folder.check::<Postgres>(db.pool().clone(), Tool::Sqlx).await;
    // sqlx waits for its lock for as long as that takes: one that was kept would hold the test for ever.
    connection.lock().await.expect("their lock");
    connection.unlock().await.expect("their lock is freed");
}

#[tokio::test]
async fn mariadb() {
    let db = MysqlDatabase::create().await.expect("a database");
    let folder = folder();
    theirs(&folder).await.run(db.pool()).await.expect("their run");
    // sqlx asks for the lock without a time-out, which MySQL takes and MariaDB answers with NULL: there sqlx migrates without
    // one, and says nothing. So the lock is taken here as MySQL would give it.
    let name = "LOWER(HEX(0x3d32ad9e * CRC32(DATABASE())))";
    let mut connection = db.pool().acquire().await.expect("a connection");
    let mut ask = async |call: &str| -> Option<i64> {
        let sql = sqlx::AssertSqlSafe(format!("SELECT {call}"));
        let answer = sqlx::query_scalar(sql).fetch_one(&mut *connection).await;
        answer.expect("an answer")
    };
    assert_eq!(ask(&format!("GET_LOCK({name}, 0)")).await, Some(1));
    refused_while_locked::<MariaDb>(&folder, db.pool().clone()).await;
    assert_eq!(ask(&format!("RELEASE_LOCK({name})")).await, Some(1));
    folder.check::<MariaDb>(db.pool().clone(), Tool::Sqlx).await;
    assert_eq!(ask(&format!("IS_FREE_LOCK({name})")).await, Some(1));
}

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let folder = folder();
    theirs(&folder).await.run(db.pool()).await.expect("their run");
    folder.check::<Sqlite>(db.pool().clone(), Tool::Sqlx).await;
}

/// While sqlx migrates, nothing is taken over.
async fn refused_while_locked<D: Database>(folder: &Folder, pool: impl Pool<D>) {
    let migrator = folder.migrator(pool);
    let error = migrator.adopt(Tool::Sqlx).await.expect_err("it is locked");
    assert!(
        error.is_lock_timeout() && error.to_string().contains("sqlx is migrating"),
        "{error}"
    );
    // A plan takes no lock.
    migrator.adopt_plan(Tool::Sqlx).await.expect("a plan");
}

/// MariaDB commits each statement, so a file that fails leaves a row that says so.
#[tokio::test]
async fn mariadb_failed_half_way() {
    let db = MysqlDatabase::create().await.expect("a database");
    let folder = folder();
    folder.write(
        1,
        "CREATE TABLE half (id INTEGER); INSERT INTO missing VALUES (1);",
    );
    theirs(&folder).await.run(db.pool()).await.expect_err("a failure");
    let error = folder
        .migrator::<MariaDb>(db.pool().clone())
        .adopt(Tool::Sqlx)
        .await
        .expect_err("a refusal");
    assert!(
        error.is_dirty() && error.to_string().contains("20260101 add email"),
        "{error}"
    );
}
