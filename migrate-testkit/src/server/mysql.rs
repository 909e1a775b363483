//! MariaDB and MySQL, which `tests/run mysql` runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection, MySqlConnection};
use tokio::sync::OnceCell;

use super::accounts::Account;
use super::binaries::{self, Search};
use super::supervisor::ServerCommand;
use super::{Admin, Engine, PREFIX, Server, percent_encode, unix};
use crate::error::Error;

const SEARCH: Search = Search {
    variable: "MIGRATE_TESTKIT_MYSQL_BIN",
    programs: &["mariadbd", "mysqld"],
    directories: &[
        "/usr/sbin",
        "/usr/libexec",
        "/opt/homebrew/opt/mariadb/bin",
        "/usr/local/opt/mariadb/bin",
        "/opt/homebrew/opt/mysql/bin",
        "/usr/local/opt/mysql/bin",
    ],
    missing: "no MariaDB or MySQL server is installed where one is looked for (/usr/sbin, /usr/libexec, Homebrew, PATH). \
              Install it: `apt install mariadb-server` (Debian, Ubuntu), `dnf install mariadb-server` (Fedora), \
              `brew install mariadb` (macOS). Or name the directory of its programs in MIGRATE_TESTKIT_MYSQL_BIN, or a \
              running server in MIGRATE_TESTKIT_MYSQL_URL. To leave these tests out, set MIGRATE_TESTKIT_SKIP=mysql",
};

/// Nothing here survives a crash, and nothing needs to. A test may start 50 processes on one database.
const SETTINGS: &[&str] = &[
    "--skip-networking",
    "--skip-log-bin",
    "--max-connections=300",
    "--performance-schema=OFF",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-buffer-pool-size=64M",
];

/// MySQL does not start where the directory for its files is missing or somebody else's, which packages make for their
/// own server.
const NO_FILES: &str = "--secure-file-priv=NULL";

static SHARED: OnceCell<Server> = OnceCell::const_new();

/// The process's MariaDB or MySQL server.
pub(crate) async fn server() -> Result<&'static Server, Error> {
    Server::shared::<Mysql>(&SHARED).await
}

struct Mysql {
    server: PathBuf,
    /// Only MariaDB has a program of its own for this.
    install: Option<PathBuf>,
}

impl Mysql {
    /// Both refuse root unless told that it is meant. The account is not changed, since that would clear
    /// the signal at the parent's death.
    fn user(&self) -> Option<&'static str> {
        (unix::effective_uid() == 0).then_some("--user=root")
    }
}

impl Engine for Mysql {
    const KIND: &'static str = "mysql";
    const URL_VARIABLE: &'static str = "MIGRATE_TESTKIT_MYSQL_URL";
    const IMAGE_VARIABLE: &'static str = "MIGRATE_TESTKIT_MYSQL_IMAGE";
    #[cfg(feature = "testcontainers")]
    const CONTAINER: super::container::Container = super::container::Container {
        port: 3306,
        environment: &[
            ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "1"),
            ("MYSQL_ALLOW_EMPTY_PASSWORD", "1"),
        ],
        command: &["--max-connections=300", "--innodb-flush-log-at-trx-commit=0"],
        address: |host, port| format!("mysql://root@{host}:{port}/mysql"),
    };
    type Admin = MysqlAdmin;

    fn find() -> Result<Self, Error> {
        let server = SEARCH.find()?;
        let install = binaries::companion(&server, &["mariadb-install-db", "mysql_install_db"]);
        let is_mariadb = server.file_name().is_some_and(|name| name == "mariadbd") || {
            let version = Command::new(&server).arg("--version").output();
            version.is_ok_and(|version| String::from_utf8_lossy(&version.stdout).contains("MariaDB"))
        };
        match install {
            None if is_mariadb => {
                let server = server.display();
                Err(Error::new(format!(
                    "there is {server}, but no mariadb-install-db near it or on PATH"
                )))
            }
            install => Ok(Self {
                server,
                install: install.filter(|_| is_mariadb),
            }),
        }
    }

    fn binary(&self) -> &Path {
        &self.server
    }

    fn account(&self) -> Option<Account> {
        None
    }

    fn initialise(&self, data: &Path) -> Command {
        let mut command = Command::new(self.install.as_ref().unwrap_or(&self.server));
        command
            .arg("--no-defaults")
            .arg(flag("--datadir=", data))
            .args(self.user());
        if self.install.is_some() {
            command.args([
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--innodb-log-file-size=8M",
            ]);
            if let Some(base) = self
                .server
                .canonicalize()
                .ok()
                .as_deref()
                .and_then(Path::parent)
                .and_then(Path::parent)
            {
                command.arg(flag("--basedir=", base));
            }
        } else {
            command.args(["--initialize-insecure", NO_FILES]);
        }
        command
    }

    fn command(&self, run: &Path) -> ServerCommand {
        let mut arguments = vec![
            "--no-defaults".into(),
            flag("--datadir=", &run.join("data")),
            flag("--socket=", &Self::socket(run)),
            flag("--pid-file=", &run.join("pid")),
            flag("--tmpdir=", run),
        ];
        arguments.extend(
            self.user()
                .into_iter()
                .chain(SETTINGS.iter().copied())
                .map(Into::into),
        );
        let own: &[&str] = match self.install {
            Some(_) => &["--innodb-log-file-size=8M"],
            None => &["--mysqlx=OFF", NO_FILES],
        };
        arguments.extend(own.iter().map(Into::into));
        ServerCommand {
            program: self.server.clone(),
            arguments,
            account: None,
            stop_signal: unix::SIGTERM,
        }
    }

    fn socket(run: &Path) -> PathBuf {
        run.join("socket")
    }

    fn admin_url(run: &Path) -> String {
        format!(
            "mysql://root@localhost/?socket={}&ssl-mode=disabled",
            percent_encode(&Self::socket(run))
        )
    }
}

fn flag(name: &str, path: &Path) -> std::ffi::OsString {
    let mut flag = std::ffi::OsString::from(name);
    flag.push(path);
    flag
}

/// The administrator's connection to a MariaDB or MySQL server.
pub(crate) struct MysqlAdmin(MySqlConnection);

impl MysqlAdmin {
    async fn run(&mut self, sql: String) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut self.0)
            .await
            .map(drop)
    }
}

impl Admin for MysqlAdmin {
    async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        let mut admin = Self(MySqlConnection::connect(url).await?);
        // An external server may close idle connections, and with this one go its locks; and dropping a
        // database waits for tables in use, by default for a day.
        admin
            .run("SET SESSION wait_timeout = 86400, SESSION lock_wait_timeout = 30".to_owned())
            .await?;
        Ok(admin)
    }

    async fn claim(&mut self, owner: &str) -> Result<bool, sqlx::Error> {
        let taken: Option<i64> = sqlx::query_scalar("SELECT GET_LOCK(?, 0)")
            .bind(owner)
            .fetch_one(&mut self.0)
            .await?;
        Ok(taken == Some(1))
    }

    async fn release(&mut self, owner: &str) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT RELEASE_LOCK(?)")
            .bind(owner)
            .execute(&mut self.0)
            .await
            .map(drop)
    }

    async fn databases(&mut self) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT CAST(schema_name AS CHAR) FROM information_schema.schemata WHERE LEFT(schema_name, ?) = ?",
        )
        .bind(PREFIX.len() as u32)
        .bind(PREFIX)
        .fetch_all(&mut self.0)
        .await
    }

    async fn create(&mut self, name: &str, _template: Option<&str>) -> Result<(), sqlx::Error> {
        self.run(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))
            .await
    }

    async fn drop(&mut self, name: &str) -> Result<(), sqlx::Error> {
        // Nobody is killed who goes by himself: a server that hands the thread of a connection that has just ended to
        // a new one may end that one for a KILL that was meant for the other (seen on MariaDB 10.11).
        self.run("SET SESSION lock_wait_timeout = 1".to_owned()).await?;
        let dropped = self.run(format!("DROP DATABASE IF EXISTS {name}")).await;
        self.run("SET SESSION lock_wait_timeout = 30".to_owned()).await?;
        match dropped {
            Err(sqlx::Error::Database(error)) if is_lock_wait_timeout(&*error) => {}
            ended => return ended,
        }
        // A transaction that a test has left open holds its tables.
        let users: Vec<i64> =
            sqlx::query_scalar("SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE db = ?")
                .bind(name)
                .fetch_all(&mut self.0)
                .await?;
        for user in users {
            // It may have gone by itself meanwhile.
            let _ = self.run(format!("KILL {user}")).await;
        }
        self.run(format!("DROP DATABASE IF EXISTS {name}")).await
    }
}

fn is_lock_wait_timeout(error: &dyn sqlx::error::DatabaseError) -> bool {
    const ER_LOCK_WAIT_TIMEOUT: u16 = 1205;
    error
        .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
        .is_some_and(|error| error.number() == ER_LOCK_WAIT_TIMEOUT)
}
