//! A column is renamed while two builds of an application run on one database: from the old build alone to the new one
//! alone, without a statement of either being refused.
//!
//! ```text
//! cargo run --example rename_column                     # some seconds, on a database that is thrown away
//! cargo run --example rename_column -- --db app.db      # on a new file, to look at behind it
//! ```
//!
//! This process is the platform that deploys. It starts itself again for each instance, as the old build or the new one.

mod instance;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use migrate_core::Migrator;
use migrate_core::change::{Approval, ChangeState};
use migrate_core::migrator::MigratorBuilder;
use migrate_macros::Migrations;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};

use instance::{Build, Instance};

/// The migrations, checked and embedded when this file is compiled.
#[derive(Migrations)]
#[migrations(path = "examples/rename_column/migrations", dialect = "sqlite")]
struct Schema;

const CHANGE: &str = "rename_username";

/// How many users there are when the column is renamed.
const USERS: u32 = 20_000;

/// How long every step is given.
const LONGEST: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match &arguments[..] {
        [] => match tempfile::tempdir() {
            Ok(folder) => life_of_a_change(&folder.path().join("app.db")).await,
            Err(error) => Err(error.into()),
        },
        ["--db", file] => life_of_a_change(Path::new(file)).await,
        ["instance", build, name, file] => match Build::from_name(build) {
            Some(build) => instance::serve(build, name, Path::new(file)).await,
            None => Err(format!("there is no build `{build}`").into()),
        },
        _ => {
            eprintln!("usage: rename_column [--db FILE]");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn open(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(20));
    SqlitePoolOptions::new()
        .max_connections(2)
        .connect_with(options)
        .await
}

/// A production waits longer for instances to be seen: 15 s, unless it says otherwise.
fn migrator(pool: &SqlitePool, build: Build, name: &str) -> Result<MigratorBuilder, Box<dyn Error>> {
    let set = build.set().ok_or("the set is for SQLite")?;
    Ok(Migrator::new(pool.clone(), set)
        .instance(name)
        .settle(Duration::from_millis(600)))
}

async fn life_of_a_change(file: &Path) -> Result<(), Box<dyn Error>> {
    if file.exists() {
        return Err(format!(
            "{} is there already: this begins with a new database",
            file.display()
        )
        .into());
    }
    let pool = open(file).await?;

    title("Two instances of the old build serve");
    let one = Instance::start(Build::Old, "old-1", file).await?;
    let two = Instance::start(Build::Old, "old-2", file).await?;
    fill_with_users(&pool).await?;
    println!("   {USERS} users, called by their `username`");

    title("The deployment of the new build begins: a job migrates, and they go on");
    let job = migrator(&pool, Build::New, "job")?.build();
    println!("{}", job.run_to_completion().await?);

    title("An instance of the new build serves beside them");
    let three = Instance::start(Build::New, "new-1", file).await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    for row in newest_of_each(&pool).await? {
        println!("   both sides are there, whoever writes: {row}");
    }
    println!("{}", change(&job).await?);

    title("One old instance is replaced, the other is killed");
    one.end().await?;
    let four = Instance::start(Build::New, "new-2", file).await?;
    two.kill().await?;
    until(&job, ChangeState::Soaking).await?;
    println!("{}", change(&job).await?);

    title("A person approves what is lost; a worker of the new build applies the contract");
    let approval = Approval {
        by: "you".to_owned(),
        backup: "app.db of last night".to_owned(),
        restore_tested: "2026-01-10".to_owned(),
        owner: "you as well".to_owned(),
    };
    job.approve(CHANGE, &approval).await?;
    until(&job, ChangeState::Contracted).await?;
    println!("{}", change(&job).await?);

    title("The old build is started by mistake");
    match Instance::start(Build::Old, "old-3", file).await {
        Err(error) => println!("   {error}"),
        Ok(_) => return Err("it serves, without its column".into()),
    }

    title("The new build serves on");
    three.end().await?;
    four.end().await?;

    title("What the log of the change says");
    for entry in job.events().await? {
        println!("   {entry}");
    }
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM users WHERE display_name IS NULL")
        .fetch_one(&pool)
        .await?;
    if left > 0 {
        return Err(format!("{left} users have no name").into());
    }
    pool.close().await;
    Ok(())
}

async fn change(migrator: &Migrator) -> Result<migrate_core::change::Change, Box<dyn Error>> {
    let changes = migrator.changes().await?;
    let found = changes.into_iter().find(|change| change.name == CHANGE);
    Ok(found.ok_or("the change is not there")?)
}

/// Waits until the change is so far, which the workers of the instances see to.
async fn until(migrator: &Migrator, state: ChangeState) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    while change(migrator).await?.state != state {
        if started.elapsed() > LONGEST {
            return Err(format!("it does not get there: {}", change(migrator).await?).into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn fill_with_users(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let insert = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) \
                  INSERT INTO users (username) SELECT 'user ' || n FROM n";
    sqlx::query(insert).bind(USERS).execute(pool).await.map(drop)
}

/// The newest row that each build wrote.
async fn newest_of_each(pool: &SqlitePool) -> Result<Vec<String>, sqlx::Error> {
    let newest = "SELECT max(username || ' = ' || display_name) FROM users WHERE username LIKE '% by %' \
                  GROUP BY substr(username, instr(username, ' by '), 7)";
    sqlx::query_scalar(newest).fetch_all(pool).await
}

fn title(text: &str) {
    println!("\n== {text}\n");
}
