//! An instance of the application, as a process of its own.

use std::error::Error;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use migrate_core::migrator::Stop;
use migrate_core::{Set, Sqlite};
use sqlx::SqlitePool;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// What an instance says when it may serve.
const SERVES: &str = "serves";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// Knows `username`, and was built before the other column was thought of.
    Old,
    /// Knows `display_name` only, and embeds the end of the change.
    New,
}

impl Build {
    fn name(self) -> &'static str {
        match self {
            Build::Old => "old",
            Build::New => "new",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Build::Old, Build::New]
            .into_iter()
            .find(|build| build.name() == name)
    }

    /// What it embeds: the old build had the first file.
    pub(crate) fn set(self) -> Option<Set<Sqlite>> {
        let mut set = super::Schema::SET.into_untyped();
        if self == Build::Old {
            set.migrations.to_mut().truncate(1);
            // The files that are left out are there on purpose, and no sign of a build that is out of date.
            set.folder = None;
        }
        Set::typed(set)
    }

    /// What its users are called.
    fn column(self) -> &'static str {
        match self {
            Build::Old => "username",
            Build::New => "display_name",
        }
    }
}

/// A process that was started.
pub(crate) struct Instance {
    name: String,
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Instance {
    /// Starts one, and waits until it serves. An error is what it said instead.
    pub(crate) async fn start(build: Build, name: &str, file: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["instance", build.name(), name])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = process.stdout.take().ok_or("it has no output")?;
        let mut said = BufReader::new(out).lines();
        if said.next_line().await?.as_deref() == Some(SERVES) {
            println!("   {name} serves");
            return Ok(Self {
                name: name.to_owned(),
                process,
                said,
            });
        }
        let output = process.wait_with_output().await?;
        Err(String::from_utf8_lossy(&output.stderr).trim().into())
    }

    /// Asks it to end, and tells what it did.
    pub(crate) async fn end(mut self) -> Result<(), Box<dyn Error>> {
        drop(self.process.stdin.take());
        while let Some(line) = self.said.next_line().await? {
            println!("   {} ends: {line}", self.name);
        }
        let output = self.process.wait_with_output().await?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("{}: {}", self.name, String::from_utf8_lossy(&output.stderr)).into()),
        }
    }

    /// Kills it: it cannot say that it is gone, and need not.
    pub(crate) async fn kill(mut self) -> Result<(), Box<dyn Error>> {
        if let Some(status) = self.process.try_wait()? {
            return Err(format!("{} had ended before: {status}", self.name).into());
        }
        self.process.kill().await?;
        println!("   {} is killed", self.name);
        Ok(())
    }
}

/// What an instance does: it migrates, serves, and works in the background until its input ends.
pub(crate) async fn serve(build: Build, name: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let stop = Stop::new();
    let asked = stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        asked.stop();
    });
    let pool = super::open(file).await?;
    let migrator = super::migrator(&pool, build, name)?.build();
    migrator.run().await?;
    println!("{SERVES}");
    let worker = migrator.spawn_worker();
    let mut requests = 0_u32;
    while !stop.is_asked() {
        request(&pool, build, name, requests).await?;
        requests += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    worker.shutdown().await?;
    println!("{requests} requests were served");
    pool.close().await;
    Ok(())
}

/// What the application does for a request: any statement that is refused ends it with an error.
async fn request(pool: &SqlitePool, build: Build, name: &str, number: u32) -> Result<(), sqlx::Error> {
    let column = build.column();
    let find = format!("SELECT {column} FROM users ORDER BY id DESC LIMIT 1");
    let _: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(find))
        .fetch_optional(pool)
        .await?;
    if number.is_multiple_of(20) {
        let insert = format!("INSERT INTO users ({column}) VALUES (?)");
        sqlx::query(sqlx::AssertSqlSafe(insert))
            .bind(format!("user {number:05} by {name}"))
            .execute(pool)
            .await?;
    }
    Ok(())
}
