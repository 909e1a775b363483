//! One column of a table, filled from another one: by a backfill, by a single UPDATE, and by the loop that is written by
//! hand today.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use migrate_core::migrator::Event;
use migrate_core::model::Database;
use migrate_core::source::SourceFile;
use migrate_core::{Dialect, MariaDb, Migrator, Pool, Postgres, Set, Sqlite};
use migrate_testkit::{MysqlDatabase, PostgresDatabase};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, SqlitePool};

use crate::samples::Samples;
use crate::{Failure, Options};

/// What a database needs to be measured.
struct Sql {
    name: &'static str,
    dialect: Dialect,
    fill: fn(u64) -> String,
    /// What makes the database forget that the rows were just written.
    settle: &'static [&'static str],
    /// One turn of the loop by hand.
    classic: &'static str,
}

const CREATE: &str =
    "CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, title VARCHAR(40))";
const SINGLE: &str = "UPDATE items SET title = name";
const FILL: &str = "-- migrate:change title\n-- migrate:phase migrate\n\
                    -- migrate:backfill table=items key=id pause=0ms\n-- migrate:up\nUPDATE items SET title = name;\n\
                    -- migrate:verify zero\nSELECT count(*) FROM items WHERE title IS NULL;\n";

const POSTGRES: Sql = Sql {
    name: "PostgreSQL",
    dialect: Dialect::Postgres,
    fill: |rows| {
        format!("INSERT INTO items SELECT n, 'name of item ' || n FROM generate_series(1, {rows}) n")
    },
    settle: &["VACUUM ANALYZE items", "CHECKPOINT"],
    classic: "UPDATE items SET title = name WHERE title IS NULL \
              AND id IN (SELECT id FROM items WHERE title IS NULL LIMIT 1000)",
};
const MARIADB: Sql = Sql {
    name: "MariaDB",
    dialect: Dialect::MariaDb,
    fill: |rows| {
        format!("INSERT INTO items SELECT seq, CONCAT('name of item ', seq), NULL FROM seq_1_to_{rows}")
    },
    settle: &["ANALYZE TABLE items"],
    classic: "UPDATE items SET title = name WHERE title IS NULL LIMIT 1000",
};
const SQLITE: Sql = Sql {
    name: "SQLite",
    dialect: Dialect::Sqlite,
    fill: |rows| {
        format!(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows}) \
             INSERT INTO items SELECT n, 'name of item ' || n, NULL FROM n"
        )
    },
    settle: &["ANALYZE"],
    classic: POSTGRES.classic,
};

/// One table, and the times for it.
struct Line {
    what: String,
    ours: Samples,
    single: Samples,
    classic: Samples,
    /// The rate over the last fifth of the rows as a share of that over the first.
    flat: Vec<f64>,
}

pub(crate) async fn measure(options: &Options) -> Result<(), Failure> {
    let sizes: &[u64] = match (options.quick, options.large) {
        (true, _) => &[100_000],
        (_, true) => &[100_000, 1_000_000, 10_000_000],
        _ => &[100_000, 1_000_000],
    };
    let mut lines = Vec::new();
    for rows in sizes {
        let times = options.times(3, 1);
        lines.push(
            line::<_, Postgres, _>(&POSTGRES, *rows, times, async || {
                let database = PostgresDatabase::create().await?;
                let pool = database.pool().clone();
                Ok((database, pool))
            })
            .await?,
        );
        if *rows > 1_000_000 {
            continue;
        }
        lines.push(
            line::<_, MariaDb, _>(&MARIADB, *rows, times, async || {
                let database = MysqlDatabase::create().await?;
                let pool = database.pool().clone();
                Ok((database, pool))
            })
            .await?,
        );
        lines.push(
            line::<_, Sqlite, _>(&SQLITE, *rows, times, async || {
                let folder = tempfile::TempDir::new_in(&options.scratch)?;
                let at = SqliteConnectOptions::new()
                    .filename(folder.path().join("items.db"))
                    .create_if_missing(true);
                let pool = SqlitePool::connect_with(at.journal_mode(SqliteJournalMode::Wal)).await?;
                Ok((folder, pool))
            })
            .await?,
        );
    }
    print(&lines);
    Ok(())
}

/// A pool on which SQL is run as it is.
trait Runs: Clone {
    async fn run(&self, sql: &str) -> Result<u64, Failure>;
}

macro_rules! runs {
    ($($pool:ty),*) => {$(
        impl Runs for $pool {
            async fn run(&self, sql: &str) -> Result<u64, Failure> {
                Ok(sqlx::raw_sql(AssertSqlSafe(sql)).execute(self).await?.rows_affected())
            }
        }
    )*};
}
runs!(sqlx::PgPool, sqlx::MySqlPool, SqlitePool);

async fn line<D, M: Database, P: Pool<M> + Runs>(
    sql: &Sql,
    rows: u64,
    times: usize,
    create: impl AsyncFn() -> Result<(D, P), Failure>,
) -> Result<Line, Failure> {
    let mut line = Line {
        what: format!("{}, {} rows", sql.name, grouped(rows)),
        ours: Samples::default(),
        single: Samples::default(),
        classic: Samples::default(),
        flat: Vec::new(),
    };
    for turn in 0..times {
        for tool in 0..3 {
            let (_database, pool) = create().await?;
            let migrator = |files: &[(&str, &str)]| -> Result<_, Failure> {
                Ok(Migrator::new(pool.clone(), set::<M>(sql.dialect, files)?))
            };
            let create = format!("-- migrate:up\n{CREATE};\n-- migrate:down\nDROP TABLE items;\n");
            let files = [("20260101000000_items", &*create), ("20260102000000_fill", FILL)];
            migrator(&files[..1])?.build().run().await?;
            pool.run(&(sql.fill)(rows)).await?;
            for settle in sql.settle {
                pool.run(settle).await?;
            }
            match (tool + turn) % 3 {
                0 => {
                    let told: Arc<Mutex<Vec<(Instant, u64)>>> = Arc::default();
                    let kept = Arc::clone(&told);
                    let migrator = migrator(&files)?.observer(move |event: &Event| {
                        if let (Event::Progress(progress), Ok(mut kept)) = (event, kept.lock()) {
                            kept.push((Instant::now(), progress.visited));
                        }
                    });
                    let migrator = migrator.build();
                    let started = Instant::now();
                    migrator.run_to_completion().await?;
                    let told = told.lock().map_err(|_| "the observer failed")?;
                    // The comparison comes behind the last batch; nobody who updates by hand compares.
                    let ended = told.last().map_or(started, |(at, _)| *at);
                    line.ours.push(ended.duration_since(started));
                    line.flat.push(flatness(started, &told, rows));
                }
                1 => {
                    let started = Instant::now();
                    pool.run(SINGLE).await?;
                    line.single.push(started.elapsed());
                }
                _ => {
                    let started = Instant::now();
                    while pool.run(sql.classic).await? > 0 {
                        // At ten times the single UPDATE its place is known.
                        if started.elapsed() > Duration::from_secs(300) {
                            break;
                        }
                    }
                    line.classic.push(started.elapsed());
                }
            }
        }
    }
    Ok(line)
}

fn flatness(started: Instant, told: &[(Instant, u64)], rows: u64) -> f64 {
    let at = |share: f64| {
        let wanted = (rows as f64 * share) as u64;
        let found = told.iter().find(|(_, visited)| *visited >= wanted);
        found.map_or(Duration::ZERO, |(at, _)| at.duration_since(started))
    };
    let (first, last) = (
        at(0.25) - at(0.05),
        at(0.999).max(at(0.95)).saturating_sub(at(0.75)),
    );
    let scale = 0.20 / 0.249;
    first.as_secs_f64() / last.as_secs_f64() / scale
}

fn set<M: Database>(dialect: Dialect, files: &[(&str, &str)]) -> Result<Set<M>, Failure> {
    let files = files.iter().map(|(name, text)| SourceFile {
        path: format!("{name}.sql"),
        content: Ok(text.as_bytes().to_vec()),
    });
    let mut options = migrate_core::source::Options::new(dialect);
    options.rules = None;
    let set = options
        .read(files.collect())
        .into_result()
        .map_err(|faults| faults.to_string())?;
    Set::typed(set).ok_or_else(|| "the set is of another database".into())
}

fn grouped(rows: u64) -> String {
    match rows {
        1_000_000.. => format!("{} million", rows / 1_000_000),
        _ => format!("{},000", rows / 1_000),
    }
}

fn print(lines: &[Line]) {
    println!("| | backfill | single UPDATE | loop by hand | rate, of single | × loop | end / start |");
    println!("|---|---|---|---|---|---|---|");
    for line in lines {
        let of = |other: &Samples| other.median().as_secs_f64() / line.ours.median().as_secs_f64();
        let mut flat = line.flat.clone();
        flat.sort_by(f64::total_cmp);
        println!(
            "| {} | {} | {} | {} | **{:.2}** | **{:.1}** | {:.2} |",
            line.what,
            line.ours,
            line.single,
            line.classic,
            of(&line.single),
            of(&line.classic),
            flat.get(flat.len() / 2).copied().unwrap_or(0.0)
        );
    }
    println!(
        "\nOne column filled from another one, pause 0, no throttle, one worker. Targets: rate of a single UPDATE ≥ 0.5, \
         loop by hand (`… WHERE title IS NULL … LIMIT 1000`, no sleep, given up after 300 s) ≥ 3 at a million, end / start ≥ 0.9."
    );
}
