//! One column of a table, filled from another one: by a backfill, by a single UPDATE, and by the loop that is written by
//! hand today.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use migrate_core::migrator::Event;

use crate::items::{
    Kind, OnMariaDb, OnPostgres, OnSqlite, Runs, SINGLE, fill, filled, grouped, migrator, table,
};
use crate::samples::Samples;
use crate::{Failure, Options, memory};

/// How long the loop by hand may take: its place is known by then.
const GIVEN_UP: Duration = Duration::from_secs(60);

/// One table, and the times for it.
struct Line {
    what: String,
    ours: Samples,
    single: Samples,
    classic: Samples,
    /// The rate over the last fifth of the rows as a share of that over the first.
    flat: Vec<f64>,
    /// By how much the process grew at most, in KiB; 0 where that is not known.
    memory: u64,
}

pub(crate) async fn measure(options: &Options) -> Result<(), Failure> {
    let sizes: &[u64] = match (options.quick, options.large) {
        (true, _) => &[100_000],
        (_, true) => &[100_000, 1_000_000, 10_000_000],
        _ => &[100_000, 1_000_000],
    };
    println!(
        "| | backfill | single UPDATE | loop by hand | rate, of single | × loop | end / start | memory |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for rows in sizes {
        line::<OnPostgres>(options, *rows).await?;
        if *rows <= 1_000_000 {
            line::<OnMariaDb>(options, *rows).await?;
            line::<OnSqlite>(options, *rows).await?;
        }
    }
    println!(
        "\nOne column filled from another one, pause 0, no throttle, one worker. Targets: rate of a single UPDATE ≥ 0.5, \
         loop by hand (`… WHERE title IS NULL … LIMIT 1000`, no sleep, given up after {} s) ≥ 3 at a million, end / start \
         ≥ 0.9. Memory: by how much the process of the worker grew at most.",
        GIVEN_UP.as_secs()
    );
    Ok(())
}

/// Measures on one database and prints what came out, if it is one of those to measure.
async fn line<K: Kind>(options: &Options, rows: u64) -> Result<(), Failure> {
    if !options.measures::<K>() {
        return Ok(());
    }
    let (scratch, times) = (&options.scratch, options.times(3, 1));
    let mut line = Line {
        what: format!("{}, {} rows", K::SQL.name, grouped(rows)),
        ours: Samples::default(),
        single: Samples::default(),
        classic: Samples::default(),
        flat: Vec::new(),
        memory: 0,
    };
    for turn in 0..times {
        for tool in 0..3 {
            let (_database, pool, _) = filled::<K>(scratch, rows).await?;
            match (tool + turn) % 3 {
                0 => {
                    let told: Arc<Mutex<Vec<(Instant, u64)>>> = Arc::default();
                    let kept = Arc::clone(&told);
                    let files = [table(), ("20260102000000_fill", fill("pause=0ms"))];
                    let migrator = migrator::<K>(&pool, &files)?.observer(move |event: &Event| {
                        if let (Event::Progress(progress), Ok(mut kept)) = (event, kept.lock()) {
                            kept.push((Instant::now(), progress.visited));
                        }
                    });
                    let migrator = migrator.build();
                    let before = memory::forget_peak();
                    let started = Instant::now();
                    migrator.run_to_completion().await?;
                    let told = told.lock().map_err(|_| "the observer failed")?;
                    // The comparison comes behind the last batch; nobody who updates by hand compares.
                    let ended = told.last().map_or(started, |(at, _)| *at);
                    line.ours.push(ended.duration_since(started));
                    line.flat.push(flatness(started, &told, rows));
                    line.memory = line.memory.max(memory::peak().saturating_sub(before));
                }
                1 => {
                    let started = Instant::now();
                    pool.run(SINGLE).await?;
                    line.single.push(started.elapsed());
                }
                _ => {
                    let started = Instant::now();
                    while pool.run(K::SQL.classic).await? > 0 {
                        if started.elapsed() > GIVEN_UP {
                            break;
                        }
                    }
                    line.classic.push(started.elapsed());
                }
            }
        }
    }
    print(&line);
    Ok(())
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

fn print(line: &Line) {
    let of = |other: &Samples| other.median().as_secs_f64() / line.ours.median().as_secs_f64();
    let mut flat = line.flat.clone();
    flat.sort_by(f64::total_cmp);
    println!(
        "| {} | {} | {} | {} | **{:.2}** | **{:.1}** | {:.2} | {:.1} MiB |",
        line.what,
        line.ours,
        line.single,
        line.classic,
        of(&line.single),
        of(&line.classic),
        flat.get(flat.len() / 2).copied().unwrap_or(0.0),
        line.memory as f64 / 1024.0
    );
}
