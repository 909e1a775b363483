//! A small application that brings its own database along.
//!
//! ```text
//! cargo run --example quickstart                     # a database that is thrown away
//! cargo run --example quickstart -- --db app.db      # one that is kept: run it twice
//! ```

use std::error::Error;
use std::process::ExitCode;

use migrate_core::migrator::Event;
use migrate_core::{Migrator, Report};
use migrate_macros::Migrations;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

/// The migrations, checked and embedded when this file is compiled.
#[derive(Migrations)]
#[migrations(path = "examples/quickstart/migrations", dialect = "sqlite")]
struct Schema;

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
    let migrator = Migrator::new(pool.clone(), Schema::SET)
        .observer(|event: &Event| match event {
            Event::Statement { .. } => {}
            _ => println!("   {event}"),
        })
        .build();

    title("What would happen");
    print!("{}", migrator.dry_run().await?);

    title("The service starts: it migrates, then it may serve");
    println!("{}", migrator.run().await?);
    serve(&pool).await?;

    title("It starts again: nothing to do, one statement");
    let report: Report = Schema::run(&pool).await?;
    println!("{report}");

    title("Where the database is");
    print!("{}", migrator.status().await?);

    title("The newest step back, and forward again");
    println!("{}", migrator.redo().await?);

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

/// What the application does all day.
async fn serve(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    let post = "INSERT INTO posts (author, text) SELECT id, 'hello' FROM users WHERE username = 'ada'";
    sqlx::query(post).execute(pool).await?;
    let posts = "SELECT display_name || ': ' || text FROM posts JOIN users ON users.id = author ORDER BY posts.id DESC";
    let newest: String = sqlx::query_scalar(posts).fetch_one(pool).await?;
    println!("   the application reads: {newest}");
    Ok(())
}

fn title(text: &str) {
    println!("\n== {text}\n");
}
