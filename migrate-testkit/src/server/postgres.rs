//! PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use super::accounts::{self, Account};
use super::binaries::{self, Search};
use super::supervisor::ServerCommand;
use super::{Admin, Alone, Engine, PREFIX, Server, alone, check_skipped, percent_encode, start, unix};
use crate::error::Error;

const SEARCH: Search = Search {
    variable: "MIGRATE_TESTKIT_POSTGRES_BIN",
    programs: &["postgres"],
    directories: &[
        "/usr/lib/postgresql/*/bin",
        "/usr/pgsql-*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
    ],
    missing: "no PostgreSQL server is installed where one is looked for (/usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, \
              Homebrew, PATH). Install it: `apt install postgresql` (Debian, Ubuntu), `dnf install postgresql-server` \
              (Fedora), `brew install postgresql@17` (macOS). Or name the directory of its programs in \
              MIGRATE_TESTKIT_POSTGRES_BIN, or a running server in MIGRATE_TESTKIT_POSTGRES_URL. To leave these tests \
              out, set MIGRATE_TESTKIT_SKIP=postgres",
};

/// Settings in which two servers can differ; servers with different ones run side by side.
pub(crate) struct ServerOptions {
    settings: &'static [&'static str],
}

/// Nothing here survives a crash, and nothing needs to. A test may start 50 processes on one database.
const DEFAULT: ServerOptions = ServerOptions {
    settings: &["wal_level=minimal", "max_wal_senders=0", "max_connections=300"],
};

/// A primary and its standby. What the primary keeps outlasts the longest absence of a standby in a test.
const STREAMING: ServerOptions = ServerOptions {
    settings: &[
        "wal_level=replica",
        "max_wal_senders=4",
        "wal_keep_size=256MB",
        "hot_standby=on",
        "wal_receiver_status_interval=1s",
        "wal_retrieve_retry_interval=100ms",
        "max_connections=50",
    ],
};

/// What holds for all variants. Shared memory is mapped from files in the data directory, as the segments
/// in /dev/shm would survive a server that is killed.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "port=5432",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "max_wal_size=1GB",
    "autovacuum=off",
    "jit=off",
    "dynamic_shared_memory_type=mmap",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_min_messages=fatal",
];

static SHARED: OnceCell<Server> = OnceCell::const_new();

/// The process's PostgreSQL server.
pub(crate) async fn server() -> Result<&'static Server, Error> {
    Server::shared::<Postgres>(&SHARED).await
}

/// A primary, and a standby that streams from it; nobody else uses them.
pub(crate) async fn pair() -> Result<(Alone, Alone), Error> {
    check_skipped(Postgres::KIND)?;
    alone::start(|runtime| {
        let mut engine = Postgres {
            options: STREAMING,
            ..Postgres::find()?
        };
        let primary = start::open_alone(runtime, &engine, "primary")?;
        engine.upstream = Some(Upstream {
            program: companion(&engine.postgres, "pg_basebackup")?,
            run: primary.run().to_owned(),
        });
        let standby = start::open_alone(runtime, &engine, "standby")?;
        Ok((primary, standby))
    })
    .await
}

struct Postgres {
    postgres: PathBuf,
    initdb: PathBuf,
    account: Option<Account>,
    options: ServerOptions,
    upstream: Option<Upstream>,
}

/// What a standby is a copy of.
struct Upstream {
    program: PathBuf,
    run: PathBuf,
}

fn companion(postgres: &Path, program: &str) -> Result<PathBuf, Error> {
    binaries::companion(postgres, &[program]).ok_or_else(|| {
        let message = format!("there is {}, but no {program} beside it", postgres.display());
        Error::new(message)
    })
}

impl Engine for Postgres {
    const KIND: &'static str = "postgres";
    const URL_VARIABLE: &'static str = "MIGRATE_TESTKIT_POSTGRES_URL";
    const IMAGE_VARIABLE: &'static str = "MIGRATE_TESTKIT_POSTGRES_IMAGE";
    #[cfg(feature = "testcontainers")]
    const CONTAINER: super::container::Container = super::container::Container {
        port: 5432,
        environment: &[("POSTGRES_HOST_AUTH_METHOD", "trust")],
        command: &["postgres", "-cfsync=off", "-cmax_connections=300"],
        address: |host, port| format!("postgres://postgres@{host}:{port}/postgres"),
    };
    type Admin = PostgresAdmin;

    fn find() -> Result<Self, Error> {
        let postgres = SEARCH.find()?;
        Ok(Self {
            initdb: companion(&postgres, "initdb")?,
            postgres,
            account: accounts::unprivileged(),
            options: DEFAULT,
            upstream: None,
        })
    }

    fn binary(&self) -> &Path {
        &self.postgres
    }

    fn account(&self) -> Option<Account> {
        self.account
    }

    fn initialise(&self, data: &Path) -> Command {
        if let Some(upstream) = &self.upstream {
            let mut command = Command::new(&upstream.program);
            command
                .arg("-h")
                .arg(&upstream.run)
                .args(["-p", "5432", "-U", "postgres"]);
            command.args([
                "--write-recovery-conf",
                "--wal-method=stream",
                "--checkpoint=fast",
                "--no-sync",
            ]);
            command.arg("-D").arg(data);
            return command;
        }
        let mut command = Command::new(&self.initdb);
        command.args([
            "--no-sync",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        command.arg("--wal-segsize=1").arg("-D").arg(data);
        command
    }

    fn is_cached(&self) -> bool {
        self.upstream.is_none()
    }

    fn command(&self, run: &Path) -> ServerCommand {
        let mut arguments = vec!["-D".into(), run.join("data").into(), "-k".into(), run.into()];
        for setting in SETTINGS.iter().chain(self.options.settings) {
            arguments.extend(["-c".into(), setting.into()]);
        }
        // SIGQUIT ends it at once, and still releases its shared memory, as SIGKILL would not.
        ServerCommand {
            program: self.postgres.clone(),
            arguments,
            account: self.account,
            stop_signal: unix::SIGQUIT,
        }
    }

    fn socket(run: &Path) -> PathBuf {
        run.join(".s.PGSQL.5432")
    }

    fn admin_url(run: &Path) -> String {
        format!(
            "postgres://postgres@localhost:5432/postgres?host={}&sslmode=disable",
            percent_encode(run)
        )
    }
}

/// The administrator's connection to a PostgreSQL server.
pub(crate) struct PostgresAdmin {
    connection: PgConnection,
    /// Since version 15 the way of copying can be chosen; before, it was copying files.
    chooses_strategy: bool,
}

impl PostgresAdmin {
    async fn run(&mut self, sql: String) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut self.connection)
            .await
            .map(drop)
    }
}

impl Admin for PostgresAdmin {
    async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        let connection = PgConnection::connect(url).await?;
        let chooses_strategy = connection
            .server_version_num()
            .is_some_and(|version| version >= 150_000);
        Ok(Self {
            connection,
            chooses_strategy,
        })
    }

    async fn claim(&mut self, owner: &str) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended($1, 0))")
            .bind(owner)
            .fetch_one(&mut self.connection)
            .await
    }

    async fn release(&mut self, owner: &str) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT pg_advisory_unlock(hashtextextended($1, 0))")
            .bind(owner)
            .execute(&mut self.connection)
            .await
            .map(drop)
    }

    async fn databases(&mut self) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT datname::text FROM pg_catalog.pg_database WHERE starts_with(datname::text, $1)",
        )
        .bind(PREFIX)
        .fetch_all(&mut self.connection)
        .await
    }

    async fn create(&mut self, name: &str, template: Option<&str>) -> Result<(), sqlx::Error> {
        let template = template.unwrap_or("template0");
        let strategy = if self.chooses_strategy {
            " STRATEGY file_copy"
        } else {
            ""
        };
        self.run(format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}"))
            .await
    }

    async fn drop(&mut self, name: &str) -> Result<(), sqlx::Error> {
        self.run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            .await
    }
}
