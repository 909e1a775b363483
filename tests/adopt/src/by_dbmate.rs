//! What dbmate made: a program, whose path is in `MIGRATE_DBMATE`. `tests/run peers` gets it.

use std::process::Command;

use migrate_core::{Layout, MariaDb, Postgres, Sqlite, Tool};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};

use crate::Folder;

fn folder() -> Folder {
    Folder::new(
        Layout::Dbmate,
        [
            "20260101000000_create_users.sql",
            "20260102000000_add_email.sql",
            "20260103000000_create_posts.sql",
        ],
    )
}

fn run(folder: &Folder, url: &str) {
    let program = std::env::var_os("MIGRATE_DBMATE").unwrap_or_else(|| "dbmate".into());
    let output = Command::new(program)
        .args(["--no-dump-schema", "--url", url, "--migrations-dir"])
        .arg(folder.path())
        .arg("migrate")
        .output();
    let output = output.expect("dbmate: `tests/run peers` gets it");
    assert!(
        output.status.success(),
        "{url}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
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
    let url = format!("postgres://{user}@/{name}?socket={host}&port={port}&sslmode=disable");
    run(&folder, &url);
    folder.check::<Postgres>(db.pool().clone(), Tool::Dbmate).await;
}

#[tokio::test]
async fn mariadb() {
    let db = MysqlDatabase::create().await.expect("a database");
    let folder = folder();
    let options = db.options();
    let (user, name) = (options.get_username(), options.get_database().unwrap_or_default());
    let url = match options.get_socket() {
        Some(socket) => format!("mysql://{user}@/{name}?socket={}", socket.display()),
        None => format!(
            "mysql://{user}@{}:{}/{name}",
            options.get_host(),
            options.get_port()
        ),
    };
    run(&folder, &url);
    folder.check::<MariaDb>(db.pool().clone(), Tool::Dbmate).await;
}

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let folder = folder();
    run(&folder, &format!("sqlite:{}", db.path().display()));
    folder.check::<Sqlite>(db.pool().clone(), Tool::Dbmate).await;
}
