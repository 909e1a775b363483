//! What diesel made. Not on MariaDB, whose client library it links: there is only its table, in `tests/drivers`.

use diesel::migration::MigrationConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use migrate_core::{Layout, Postgres, Sqlite, Tool};
use migrate_testkit::{PostgresDatabase, SqliteDatabase};

use crate::Folder;

fn folder() -> Folder {
    Folder::new(
        Layout::Diesel,
        [
            "00000000000000_create_users/up.sql",
            "2026-01-01-120000-0001_add_email/up.sql",
            "2026-01-01-120000-0002_create_posts/up.sql",
        ],
    )
}

fn run<C>(folder: &Folder, address: &str)
where
    C: Connection + MigrationConnection + MigrationHarness<C::Backend>,
{
    let mut connection = C::establish(address).expect("a connection");
    let theirs = FileBasedMigrations::from_path(folder.path()).expect("their migrations");
    connection.run_pending_migrations(theirs).expect("their run");
}

#[tokio::test]
async fn postgres() {
    let db = PostgresDatabase::create().await.expect("a database");
    let folder = folder();
    let options = db.options();
    let host = match options.get_socket() {
        Some(socket) => socket.to_string_lossy().into_owned(),
        None => options.get_host().to_owned(),
    };
    let (port, user) = (options.get_port(), options.get_username());
    let name = options.get_database().unwrap_or_default();
    run::<PgConnection>(
        &folder,
        &format!("host='{host}' port={port} user='{user}' dbname='{name}'"),
    );
    folder.check::<Postgres>(db.pool().clone(), Tool::Diesel).await;
}

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let folder = folder();
    run::<SqliteConnection>(&folder, &db.path().to_string_lossy());
    folder.check::<Sqlite>(db.pool().clone(), Tool::Diesel).await;
}
