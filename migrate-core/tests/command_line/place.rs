//! A folder and a database for one case.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use migrate_core::source::{Options, files_in_folder};
use migrate_core::{Dialect, Migrator, Set, Sqlite};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase, TestDatabase};

/// A database of one of the kinds.
pub(crate) enum Database {
    Postgres(PostgresDatabase),
    Sqlite(SqliteDatabase),
    MariaDb(MysqlDatabase),
}

impl Database {
    pub(crate) async fn create(kind: &str) -> Self {
        match kind {
            "postgres" => Self::Postgres(PostgresDatabase::create().await.unwrap()),
            "sqlite" => Self::Sqlite(SqliteDatabase::create().await.unwrap()),
            "mariadb" => Self::MariaDb(MysqlDatabase::create().await.unwrap()),
            other => panic!("no such kind: {other}"),
        }
    }

    /// The URL, as a user of that database writes it.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Postgres(database) => database.url().to_owned(),
            Self::Sqlite(database) => database.url().to_owned(),
            Self::MariaDb(database) => database.url().replacen("mysql:", "mariadb:", 1),
        }
    }

    pub(crate) async fn execute(&self, sql: &str) {
        match self {
            Self::Postgres(database) => database.execute(sql).await,
            Self::Sqlite(database) => database.execute(sql).await,
            Self::MariaDb(database) => database.execute(sql).await,
        }
        .unwrap();
    }
}

/// The folder in which the program runs; removed in the end.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) database: Database,
}

impl Place {
    pub(crate) async fn new(name: &str, kind: &str) -> Self {
        let folder = env::temp_dir().join(format!("migrate-command-line-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let database = Database::create(kind).await;
        Self { folder, database }
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// An instance of a service that embeds the migrations of the folder.
    pub(crate) fn instance(&self, name: &str) -> Migrator {
        let Database::Sqlite(database) = &self.database else {
            panic!("instances are started on SQLite only");
        };
        let mut options = Options::new(Dialect::Sqlite);
        options.rules = None;
        let files = files_in_folder(&self.folder.join("migrations")).unwrap();
        let set = options.read(files).into_result().unwrap();
        let set = Set::<Sqlite>::typed(set).unwrap();
        Migrator::new(database.pool().clone(), set).instance(name).build()
    }

    /// The program with these arguments, without a terminal.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
        command.args(arguments).current_dir(&self.folder);
        command.env("DATABASE_URL", self.database.url());
        // Who runs it, and where, is told in the log.
        command.env("HOSTNAME", "host").env("USER", "tester");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, while this test's own runtime goes on.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
