//! A small application that brings its own database along, and changes it while it is in use.
//!
//! ```text
//! cargo run --example quickstart                     # a database that is thrown away
//! cargo run --example quickstart -- --db app.db      # one that is kept: run it twice
//! ```

mod show;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use migrate_core::backfill::BackfillState;
use migrate_core::change::Approval;
use migrate_core::{Migrator, Set, Sqlite, Version};
use migrate_macros::Migrations;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use show::{Shown, title};

/// The migrations, checked and embedded when this file is compiled.
#[derive(Migrations)]
#[migrations(path = "examples/quickstart/migrations", dialect = "sqlite")]
struct Schema;

/// The migration that moves data.
const FILL: Version = Version(20260113090000);

/// How long what is lost is kept behind its last use.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many users the application has when its schema changes.
const USERS: u32 = 300_000;

/// What a release embedded that was built from the first files: the last one from two, this one from five. The next one
/// embeds all.
fn release(files: usize) -> Option<Set<Sqlite>> {
    let mut set = Schema::SET.into_untyped();
    set.migrations.to_mut().truncate(files);
    // The files that are left out are there on purpose, and no sign of a build that is out of date.
    set.folder = None;
    Set::typed(set)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let file = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => None,
        (Some("--db"), Some(file)) => Some(file),
        _ => {
            eprintln!("usage: quickstart [--db FILE]");
            return ExitCode::from(2);
        }
    };
    match quickstart(file).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn quickstart(file: Option<String>) -> Result<(), Box<dyn Error>> {
    let pool = match &file {
        Some(file) => {
            SqlitePool::connect_with(SqliteConnectOptions::new().filename(file).create_if_missing(true))
                .await?
        }
        // A database in memory lives as long as its one connection.
        None => {
            SqlitePoolOptions::new()
                .max_connections(1)
                .connect("sqlite::memory:")
                .await?
        }
    };

    title("The last release starts on its database");
    let before = Migrator::new(pool.clone(), release(2).ok_or("the set is for SQLite")?).build();
    match before.run().await {
        Ok(report) => println!("{report}"),
        Err(error) if error.is_older_build() => {
            println!("{error}");
            title("The next release starts on it: nothing to do, one statement");
            println!("{}", Schema::run(&pool).await?);
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    }
    let users = fill_with_users(&pool).await?;
    println!("   {users} users");

    title("What this release would do");
    let shown = Shown::default();
    let migrator = Migrator::new(pool.clone(), release(5).ok_or("the set is for SQLite")?)
        .observer(shown.clone())
        .build();
    print!("{}", migrator.dry_run().await?);

    title("It starts: the schema grows, and it may serve at once");
    println!("{}", migrator.run().await?);
    serve(&pool).await?;
    before.leave().await;

    title("A worker in the background moves the data of 300,000 users");
    move_data(&migrator, &shown).await?;

    title("It starts again: nothing to do, one statement");
    println!("{}", migrator.run().await?);

    title("Where the database is");
    print!("{}", migrator.status().await?);

    title("The newest step back, and forward again");
    println!("{}", migrator.redo().await?);

    contract(&pool).await?;

    match file {
        Some(file) => {
            println!("\nThe database is {file}. Run it again, or look at it: sqlite3 {file} .schema")
        }
        None => println!("\nKeep the database with `-- --db app.db`, and run it twice."),
    }
    println!(
        "The migrations are in examples/quickstart/migrations: break one, and see what the compiler says."
    );
    Ok(())
}

/// The next release removes what only the last one read.
async fn contract(pool: &SqlitePool) -> Result<(), Box<dyn Error>> {
    title("The next release embeds the end of the change: it serves, and the end waits");
    let later = Arc::new(AtomicBool::new(false));
    let clock = Arc::clone(&later);
    let migrator = Migrator::new(pool.clone(), Schema::SET)
        .clock(move || SystemTime::now() + DAY * u32::from(clock.load(Ordering::Relaxed)))
        .settle(Duration::from_millis(200))
        .build();
    migrator.run().await?;
    migrator.run_to_completion().await?;
    for change in migrator.changes().await? {
        println!("{change}");
    }

    title("A person approves what is lost, and a day passes");
    let approval = Approval {
        by: "you".to_owned(),
        backup: "app.db of last night".to_owned(),
        restore_tested: "2026-02-09".to_owned(),
        owner: "you as well".to_owned(),
    };
    migrator.approve("display_name", &approval).await?;
    later.store(true, Ordering::Relaxed);
    println!("{}", migrator.run_to_completion().await?);
    for change in migrator.changes().await? {
        println!("{change}");
    }
    let error = match Migrator::new(pool.clone(), release(2).ok_or("the set is for SQLite")?)
        .build()
        .run()
        .await
    {
        Err(error) => error,
        Ok(report) => return Err(format!("the last release started: {report}").into()),
    };
    println!("   and the last release, started by mistake: {error}");
    Ok(())
}

/// Moves the data as two instances would, one after the other.
async fn move_data(migrator: &Migrator, shown: &Shown) -> Result<(), Box<dyn Error>> {
    if migrator.backfill(FILL).await?.is_none() {
        let worker = migrator.spawn_worker();
        shown
            .until(|progress| progress.visited >= u64::from(USERS) / 3)
            .await;
        worker.shutdown().await?;
    }
    if let Some(status) = migrator.backfill(FILL).await? {
        println!("   the service is restarted here; the database knows: {status}");
    }
    let worker = migrator.spawn_worker();
    while migrator
        .backfill(FILL)
        .await?
        .is_some_and(|status| status.state != BackfillState::Verified)
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.shutdown().await?;
    if let Some(status) = migrator.backfill(FILL).await? {
        println!("   {status}");
    }
    Ok(())
}

/// Users as the last release writes them; none where there are some already.
async fn fill_with_users(pool: &SqlitePool) -> Result<u32, sqlx::Error> {
    let insert = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) \
                  INSERT INTO users (name) SELECT 'user ' || n FROM n WHERE NOT EXISTS (SELECT 1 FROM users)";
    sqlx::query(insert).bind(USERS).execute(pool).await?;
    sqlx::query_scalar("SELECT count(*) FROM users")
        .fetch_one(pool)
        .await
}

/// What both releases do all day: the old one knows names, the new one display names.
async fn serve(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO users (name) VALUES ('ada, by the old release')")
        .execute(pool)
        .await?;
    sqlx::query("INSERT INTO users (display_name) VALUES ('grace, by the new one')")
        .execute(pool)
        .await?;
    let both = "SELECT name || ' = ' || display_name FROM users ORDER BY id DESC LIMIT 2";
    for row in sqlx::query_scalar::<_, String>(both).fetch_all(pool).await? {
        println!("   both sides are there, whoever writes: {row}");
    }
    Ok(())
}
