//! What sea-orm-migration made. Its migrations are Rust; the native files say the same.

use migrate_core::{Layout, MariaDb, Postgres, Sqlite, Tool};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{SqlxMySqlConnector, SqlxPostgresConnector, SqlxSqliteConnector};

use crate::{Folder, TEXTS};

struct Theirs;

impl MigratorTrait for Theirs {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(Sql("m20260101_000001_create_users", TEXTS[0])),
            Box::new(Sql("m20260101_000002_add_email", TEXTS[1])),
        ]
    }
}

struct Sql(&'static str, &'static str);

impl MigrationName for Sql {
    fn name(&self) -> &str {
        self.0
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared so, and the two have to match"
)]
#[async_trait::async_trait]
impl MigrationTrait for Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.1).await?;
        Ok(())
    }
}

fn folder() -> Folder {
    Folder::new(
        Layout::Native,
        [
            "20260101000001_create_users.sql",
            "20260101000002_add_email.sql",
            "20260101000003_create_posts.sql",
        ],
    )
}

#[tokio::test]
async fn postgres() {
    let db = PostgresDatabase::create().await.expect("a database");
    let theirs = SqlxPostgresConnector::from_sqlx_postgres_pool(db.pool().clone());
    Theirs::up(&theirs, None).await.expect("their run");
    folder().check::<Postgres>(db.pool().clone(), Tool::SeaOrm).await;
}

#[tokio::test]
async fn mariadb() {
    let db = MysqlDatabase::create().await.expect("a database");
    let theirs = SqlxMySqlConnector::from_sqlx_mysql_pool(db.pool().clone());
    Theirs::up(&theirs, None).await.expect("their run");
    folder().check::<MariaDb>(db.pool().clone(), Tool::SeaOrm).await;
}

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let theirs = SqlxSqliteConnector::from_sqlx_sqlite_pool(db.pool().clone());
    Theirs::up(&theirs, None).await.expect("their run");
    folder().check::<Sqlite>(db.pool().clone(), Tool::SeaOrm).await;
}
