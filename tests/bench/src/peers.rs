//! Each tool, ready to bring a database of its own up to date.

use std::path::Path;
use std::time::{Duration, Instant};

use migrate_core::{Migrator, Postgres, Sqlite};
use migrate_testkit::PostgresDatabase;
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

use crate::Failure;
use crate::files::{self, File};
use crate::samples::Samples;

/// A tool over a connection that is open already.
pub(crate) enum Tool<C> {
    Ours(Box<Migrator>),
    Sqlx(sqlx::migrate::Migrator, C),
    Refinery(refinery::Runner, Peer),
}

/// The connections of refinery.
pub(crate) enum Peer {
    Postgres(tokio_postgres::Client),
    Sqlite(rusqlite::Connection),
}

/// The three tools, each with a database of its own, and the times they took.
pub(crate) struct Race<C> {
    tools: [Tool<C>; 3],
    times: [Samples; 3],
    floor: Samples,
}

/// A kind of connection pool that sqlx migrates.
pub(crate) trait Sqlx {
    /// Runs sqlx's migrator.
    async fn migrate(&self, migrator: &sqlx::migrate::Migrator) -> Result<(), Failure>;
    /// Makes one round trip.
    async fn ask(&self) -> Result<(), Failure>;
}

impl Sqlx for sqlx::PgPool {
    async fn migrate(&self, migrator: &sqlx::migrate::Migrator) -> Result<(), Failure> {
        Ok(migrator.run(self).await?)
    }

    async fn ask(&self) -> Result<(), Failure> {
        sqlx::raw_sql("SELECT 1").fetch_all(self).await?;
        Ok(())
    }
}

impl Sqlx for SqlitePool {
    async fn migrate(&self, migrator: &sqlx::migrate::Migrator) -> Result<(), Failure> {
        Ok(migrator.run(self).await?)
    }

    async fn ask(&self) -> Result<(), Failure> {
        sqlx::raw_sql("SELECT 1").fetch_all(self).await?;
        Ok(())
    }
}

impl<C: Sqlx> Tool<C> {
    async fn run(&mut self) -> Result<Duration, Failure> {
        let started = Instant::now();
        match self {
            Tool::Ours(migrator) => drop(migrator.run().await?),
            Tool::Sqlx(migrator, pool) => pool.migrate(migrator).await?,
            Tool::Refinery(runner, Peer::Postgres(client)) => drop(runner.run_async(client).await?),
            Tool::Refinery(runner, Peer::Sqlite(connection)) => drop(runner.run(connection)?),
        }
        Ok(started.elapsed())
    }
}

impl<C: Sqlx> Race<C> {
    pub(crate) fn new(tools: [Tool<C>; 3]) -> Self {
        Self {
            tools,
            times: Default::default(),
            floor: Samples::default(),
        }
    }

    /// Runs each tool once; `turn` decides who is first.
    pub(crate) async fn turn(&mut self, turn: usize, counts: bool) -> Result<(), Failure> {
        for offset in 0..self.tools.len() {
            let index = (turn + offset) % self.tools.len();
            let time = self.tools[index].run().await?;
            if counts {
                self.times[index].push(time);
            }
            // What a pool does when a connection came back is not to disturb the next one.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Asks for nothing, over the pool of sqlx.
    pub(crate) async fn ask(&mut self, counts: bool) -> Result<(), Failure> {
        let pool = self.tools.iter().find_map(|tool| match tool {
            Tool::Sqlx(_, pool) => Some(pool),
            _ => None,
        });
        let Some(pool) = pool else { return Ok(()) };
        let started = Instant::now();
        pool.ask().await?;
        if counts {
            self.floor.push(started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(())
    }

    /// The times of ours, sqlx and refinery, and of no tool.
    pub(crate) fn times(self) -> ([Samples; 3], Samples) {
        (self.times, self.floor)
    }
}

/// The tools on databases of their own on the private PostgreSQL server.
pub(crate) async fn postgres(
    files: &[File],
    databases: &[PostgresDatabase; 3],
) -> Result<Race<sqlx::PgPool>, Failure> {
    let [ours, sqlx, refinery] = databases;
    let options = refinery.options();
    let mut config = tokio_postgres::Config::new();
    config.user(options.get_username()).port(options.get_port());
    config.dbname(options.get_database().unwrap_or_default());
    match options.get_socket() {
        Some(socket) => config.host_path(socket),
        None => config.host(options.get_host()),
    };
    let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(Race::new([
        Tool::Ours(Box::new(
            Migrator::new(ours.pool().clone(), files::ours::<Postgres>(files)?).build(),
        )),
        Tool::Sqlx(files::sqlx(files), sqlx.pool().clone()),
        Tool::Refinery(
            refinery::Runner::new(&files::refinery(files)?),
            Peer::Postgres(client),
        ),
    ]))
}

/// Three new databases on the private PostgreSQL server.
pub(crate) async fn postgres_databases() -> Result<[PostgresDatabase; 3], Failure> {
    Ok([
        PostgresDatabase::create().await?,
        PostgresDatabase::create().await?,
        PostgresDatabase::create().await?,
    ])
}

/// The tools on new SQLite files of their own, set up as sqlx and rusqlite do by default. The folder goes with the
/// value that is given back beside them.
pub(crate) async fn sqlite(files: &[File], scratch: &Path) -> Result<(TempDir, Race<SqlitePool>), Failure> {
    let folder = TempDir::new_in(scratch)?;
    let pool = async |name: &str| {
        let options = SqliteConnectOptions::new().filename(folder.path().join(name));
        SqlitePool::connect_with(options.create_if_missing(true)).await
    };
    let (ours, sqlx) = (pool("ours.db").await?, pool("sqlx.db").await?);
    let connection = rusqlite::Connection::open(folder.path().join("refinery.db"))?;
    let race = Race::new([
        Tool::Ours(Box::new(
            Migrator::new(ours, files::ours::<Sqlite>(files)?).build(),
        )),
        Tool::Sqlx(files::sqlx(files), sqlx),
        Tool::Refinery(
            refinery::Runner::new(&files::refinery(files)?),
            Peer::Sqlite(connection),
        ),
    ]);
    Ok((folder, race))
}
