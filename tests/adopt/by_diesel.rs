//! What diesel made. On SQLite only: its clients of the other two are C libraries, which not every machine has.

use diesel::{Connection as _, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use migrate_core::{Layout, Sqlite, Tool};
use migrate_testkit::SqliteDatabase;

use crate::Folder;

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let folder = Folder::new(
        Layout::Diesel,
        [
            "00000000000000_create_users/up.sql",
            "2026-01-01-120000-0001_add_email/up.sql",
            "2026-01-01-120000-0002_create_posts/up.sql",
        ],
    );
    let path = db.path().to_string_lossy().into_owned();
    let mut connection = SqliteConnection::establish(&path).expect("a connection");
    let theirs = FileBasedMigrations::from_path(folder.path()).expect("their migrations");
    connection.run_pending_migrations(theirs).expect("their run");
    drop(connection);
    folder.check::<Sqlite>(db.pool().clone(), Tool::Diesel).await;
}
