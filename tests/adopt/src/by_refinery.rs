//! What refinery made.

use migrate_core::{Layout, MariaDb, Postgres, Sqlite, Tool};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};
use refinery::Runner;

use crate::Folder;

fn folder() -> Folder {
    Folder::new(
        Layout::Refinery,
        [
            "V1__create_users.sql",
            "V2__add_email.sql",
            "later/V10__create_posts.sql",
        ],
    )
}

fn theirs(folder: &Folder) -> Runner {
    let migrations = refinery::load_sql_migrations(folder.path());
    Runner::new(&migrations.expect("their migrations"))
}

#[tokio::test]
async fn postgres() {
    let db = PostgresDatabase::create().await.expect("a database");
    let folder = folder();
    let options = db.options();
    let mut config = tokio_postgres::Config::new();
    config.user(options.get_username()).port(options.get_port());
    config.dbname(options.get_database().unwrap_or_default());
    match options.get_socket() {
        Some(socket) => config.host_path(socket),
        None => config.host(options.get_host()),
    };
    let (mut client, connection) = config.connect(tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    theirs(&folder).run_async(&mut client).await.expect("their run");
    folder.check::<Postgres>(db.pool().clone(), Tool::Refinery).await;
}

#[tokio::test]
async fn mariadb() {
    let db = MysqlDatabase::create().await.expect("a database");
    let folder = folder();
    let options = db.options();
    let theirs_options = mysql_async::OptsBuilder::default()
        .socket(
            options
                .get_socket()
                .map(|path| path.to_string_lossy().into_owned()),
        )
        .user(Some(options.get_username()))
        .db_name(options.get_database());
    let mut pool = mysql_async::Pool::new(theirs_options);
    theirs(&folder).run_async(&mut pool).await.expect("their run");
    pool.disconnect().await.expect("a goodbye");
    folder.check::<MariaDb>(db.pool().clone(), Tool::Refinery).await;
}

#[tokio::test]
async fn sqlite() {
    let db = SqliteDatabase::create().await.expect("a database");
    let folder = folder();
    let mut connection = rusqlite::Connection::open(db.path()).expect("a connection");
    theirs(&folder).run(&mut connection).expect("their run");
    drop(connection);
    folder.check::<Sqlite>(db.pool().clone(), Tool::Refinery).await;
}
