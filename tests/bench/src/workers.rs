//! One backfill, moved by one process and by four.

use std::process::{Child, Command};
use std::time::Instant;

use crate::items::{Kind, OnMariaDb, OnPostgres, OnSqlite, fill, filled, grouped, migrator, table};
use crate::samples::Samples;
use crate::{Failure, Options};

const PLACE: &str = "MIGRATE_BENCH_WORKER";
const KIND: &str = "MIGRATE_BENCH_WORKER_KIND";

pub(crate) async fn measure(options: &Options) -> Result<(), Failure> {
    let rows = if options.quick { 100_000 } else { 1_000_000 };
    let times = options.times(3, 1);
    println!("| {} rows | 1 worker | 4 workers | rate, of one |", grouped(rows));
    println!("|---|---|---|---|");
    line::<OnPostgres>(options, rows, times).await?;
    line::<OnMariaDb>(options, rows, times).await?;
    line::<OnSqlite>(options, rows, times).await?;
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    println!(
        "\nEach worker a process of its own, pause 0, start and comparison included; {cores} cores for the workers and the \
         server. Target: 1.5 where the server has the cores."
    );
    Ok(())
}

async fn line<K: Kind>(options: &Options, rows: u64, times: usize) -> Result<(), Failure> {
    if !options.measures::<K>() {
        return Ok(());
    }
    let scratch = &options.scratch;
    let mut samples = <[Samples; 2]>::default();
    for turn in 0..times {
        for one in 0..2 {
            let which = (one + turn) % 2;
            let (_database, _pool, url) = filled::<K>(scratch, rows).await?;
            let started = Instant::now();
            let workers: Result<Vec<Child>, _> = (0..[1, 4][which]).map(|_| spawn::<K>(&url)).collect();
            for mut worker in workers? {
                if !worker.wait()?.success() {
                    return Err("a worker failed".into());
                }
            }
            samples[which].push(started.elapsed());
        }
    }
    let [alone, together] = &samples;
    let rate = alone.median().as_secs_f64() / together.median().as_secs_f64();
    println!("| {} | {alone} | {together} | **{rate:.2}** |", K::SQL.name);
    Ok(())
}

fn spawn<K: Kind>(url: &str) -> std::io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(PLACE, url).env(KIND, K::SQL.name).spawn()
}

/// Where this process was started as a worker, works and answers `true`.
pub(crate) async fn child() -> Result<bool, Failure> {
    let Ok(url) = std::env::var(PLACE) else {
        return Ok(false);
    };
    match std::env::var(KIND).as_deref() {
        Ok("PostgreSQL") => work::<OnPostgres>(&url).await?,
        Ok("MariaDB") => work::<OnMariaDb>(&url).await?,
        _ => work::<OnSqlite>(&url).await?,
    }
    Ok(true)
}

async fn work<K: Kind>(url: &str) -> Result<(), Failure> {
    let pool = K::connect(url).await?;
    let files = [table(), ("20260102000000_fill", fill("pause=0ms"))];
    migrator::<K>(&pool, &files)?.build().run_to_completion().await?;
    Ok(())
}
