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
    waits_for_its_lock::<Postgres>(&folder, db.pool().clone(), &mut *connection).await;
    folder.check::<Postgres>(db.pool().clone(), Tool::Sqlx).await;
    lock_is_free(&mut *connection).await;
}

#[tokio::test]
async fn mariadb() {
    let db = MysqlDatabase::create().await.expect("a database");
    let folder = folder();
    theirs(&folder).await.run(db.pool()).await.expect("their run");
    let mut connection = db.pool().acquire().await.expect("a connection");
    waits_for_its_lock::<MariaDb>(&folder, db.pool().clone(), &mut *connection).await;
    folder.check::<MariaDb>(db.pool().clone(), Tool::Sqlx).await;
    lock_is_free(&mut *connection).await;
}

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let folder = folder();
    theirs(&folder).await.run(db.pool()).await.expect("their run");
    folder.check::<Sqlite>(db.pool().clone(), Tool::Sqlx).await;
}

/// While sqlx migrates, nothing is taken over.
async fn waits_for_its_lock<D: Database>(folder: &Folder, pool: impl Pool<D>, sqlx: &mut impl Migrate) {
    let migrator = folder.migrator(pool);
    sqlx.lock().await.expect("their lock");
    let error = migrator.adopt(Tool::Sqlx).await.expect_err("it is locked");
    assert!(
        error.is_lock_timeout() && error.to_string().contains("sqlx is migrating"),
        "{error}"
    );
    // A plan takes no lock.
    migrator.adopt_plan(Tool::Sqlx).await.expect("a plan");
    sqlx.unlock().await.expect("their lock is freed");
}

/// sqlx waits for its lock for as long as that takes: one that was kept would hold the test for ever.
async fn lock_is_free(sqlx: &mut impl Migrate) {
    sqlx.lock().await.expect("their lock");
    sqlx.unlock().await.expect("their lock is freed");
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
