//! All migrations on a fresh database.

use std::path::Path;
use std::time::{Duration, Instant};

use migrate_testkit::PostgresDatabase;
use tempfile::TempDir;

use crate::files::{COUNT, File, files, tables};
use crate::peers::{postgres, postgres_databases, sqlite};
use crate::samples::Samples;
use crate::table::Line;
use crate::{Failure, Options};

pub(crate) async fn measure(options: &Options) -> Result<Vec<Line>, Failure> {
    let mixed = files(COUNT);
    let (mut times, mut floor) = <([Samples; 3], Samples)>::default();
    for turn in 0..options.times(9, 3) {
        let databases = postgres_databases().await?;
        let mut race = postgres(&mixed, &databases).await?;
        race.turn(turn, true).await?;
        gather(&mut times, race.times().0);
        floor.push(alone_on_postgres(&mixed).await?);
    }
    let mut lines = vec![line("PostgreSQL: apply 500", times, floor, 1.0, true)];
    // SQLite looks through the whole schema at each ALTER TABLE ADD COLUMN, whoever runs it, and most of the time
    // that is all it does. So the tools are compared without it as well.
    for (what, files) in [
        ("SQLite: apply 500, three of four alter", mixed),
        ("SQLite: apply 500, all create", tables(COUNT)),
    ] {
        let (mut times, mut floor) = <([Samples; 3], Samples)>::default();
        for turn in 0..options.times(5, 1) {
            let (_folder, mut race) = sqlite(&files, &options.scratch).await?;
            race.turn(turn, true).await?;
            gather(&mut times, race.times().0);
            floor.push(alone_on_sqlite(&files, &options.scratch)?);
        }
        lines.push(line(what, times, floor, 0.05, false));
    }
    Ok(lines)
}

fn line(what: &str, times: [Samples; 3], floor: Samples, target: f64, against_faster: bool) -> Line {
    let [ours, sqlx, refinery] = times;
    Line {
        what: what.to_owned(),
        ours,
        sqlx,
        refinery: Some(refinery),
        floor: Some(floor),
        target,
        against_faster,
    }
}

/// Runs the SQL of the files, each as one transaction, without history or lock.
async fn alone_on_postgres(files: &[File]) -> Result<Duration, Failure> {
    let database = PostgresDatabase::create().await?;
    let mut connection = database.pool().acquire().await?;
    let started = Instant::now();
    for file in files {
        let sql = format!("BEGIN; {} COMMIT", file.up());
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut *connection)
            .await?;
    }
    Ok(started.elapsed())
}

/// Runs the SQL of the files in one transaction, without history or lock.
fn alone_on_sqlite(files: &[File], scratch: &Path) -> Result<Duration, Failure> {
    let folder = TempDir::new_in(scratch)?;
    let connection = rusqlite::Connection::open(folder.path().join("alone.db"))?;
    let started = Instant::now();
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for file in files {
        connection.execute_batch(file.up())?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(started.elapsed())
}

fn gather(all: &mut [Samples; 3], times: [Samples; 3]) {
    for (all, times) in all.iter_mut().zip(times) {
        all.extend(times);
    }
}
