//! What a load of the application feels of a backfill: single rows are read and written at a fixed rate, 40 % of what the
//! machine can do, while nothing runs, while a backfill runs with the settings that it has by itself, while one UPDATE
//! changes the whole table, and while the loop that is written by hand does.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::items::{
    Kind, OnMariaDb, OnPostgres, OnSqlite, Runs, SINGLE, fill, filled, grouped, migrator, table,
};
use crate::{Failure, Options};

/// How many ask at once.
const CLIENTS: u64 = 8;
/// What of the rate that the machine saturates at is asked for.
const SHARE: f64 = 0.4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Backfill,
    Single,
    Classic,
}

const ALL: [(&str, Beside); 3] = [
    ("backfill, default settings", Beside::Backfill),
    ("single UPDATE", Beside::Single),
    ("loop by hand", Beside::Classic),
];

pub(crate) async fn measure(options: &Options) -> Result<(), Failure> {
    let shape = Shape {
        rows: if options.quick { 200_000 } else { 2_000_000 },
        window: Duration::from_secs(if options.quick { 5 } else { 60 }),
        pairs: options.times(5, 1),
    };
    println!(
        "| {} rows | p99 without | p99 with | ratio (each pair) | rows changed per second | measured |",
        grouped(shape.rows)
    );
    println!("|---|---|---|---|---|---|");
    lines::<OnPostgres>(options, &shape).await?;
    lines::<OnMariaDb>(options, &shape).await?;
    lines::<OnSqlite>(options, &shape).await?;
    println!(
        "\nReads and writes of single rows, half and half, by {CLIENTS} connections at a fixed rate of {:.0} % of what the machine \
         saturates at; a time counts from when the statement was due. {} alternating pairs of up to {} s, as long as the work beside \
         lasts. Target for the backfill: ≤ 1.25.",
        SHARE * 100.0,
        shape.pairs,
        shape.window.as_secs()
    );
    Ok(())
}

struct Shape {
    rows: u64,
    window: Duration,
    pairs: usize,
}

async fn lines<K: Kind>(options: &Options, shape: &Shape) -> Result<(), Failure> {
    if !options.measures::<K>() {
        return Ok(());
    }
    let scratch = &options.scratch;
    let rate = saturation::<K>(scratch, shape).await? * SHARE;
    for (name, beside) in ALL {
        let (mut without, mut with, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let (mut lasted, mut changed) = (Duration::ZERO, 0);
        for _ in 0..shape.pairs {
            let (first, ..) = window::<K>(scratch, shape, rate, Beside::Nothing).await?;
            let (second, time, rows) = window::<K>(scratch, shape, rate, beside).await?;
            ratios.push(second.as_secs_f64() / first.as_secs_f64());
            without.push(first.as_secs_f64());
            with.push(second.as_secs_f64());
            lasted += time;
            changed += rows;
        }
        let milliseconds = |times: &mut Vec<f64>| format!("{:.2} ms", median(times) * 1e3);
        println!(
            "| {}, {rate:.0}/s, {name} | {} | {} | **{:.2}** ({:.2}–{:.2}) | {} | {:.0} s |",
            K::SQL.name,
            milliseconds(&mut without),
            milliseconds(&mut with),
            median(&mut ratios),
            ratios.first().copied().unwrap_or_default(),
            ratios.last().copied().unwrap_or_default(),
            grouped((changed as f64 / lasted.as_secs_f64()) as u64),
            lasted.as_secs_f64()
        );
    }
    Ok(())
}

/// The middle one; sorts them.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// How many statements a second there are when each connection asks again at once.
async fn saturation<K: Kind>(scratch: &Path, shape: &Shape) -> Result<f64, Failure> {
    let (_database, pool, url) = filled::<K>(scratch, shape.rows).await?;
    let load = K::connect(&url).await?;
    let until = Instant::now() + shape.window / 6;
    let started = Instant::now();
    let times = ask::<K>(&load, shape.rows, None, until, &Arc::default()).await?;
    drop(pool);
    Ok(times.len() as f64 / started.elapsed().as_secs_f64())
}

/// The p99 of the load beside something, how long both ran, and how many rows were changed beside it.
async fn window<K: Kind>(
    scratch: &Path,
    shape: &Shape,
    rate: f64,
    beside: Beside,
) -> Result<(Duration, Duration, u64), Failure> {
    let (_database, pool, url) = filled::<K>(scratch, shape.rows).await?;
    let load = K::connect(&url).await?;
    // What is prepared and cached at first is not what is asked for here.
    ask::<K>(
        &load,
        shape.rows,
        Some(rate),
        Instant::now() + Duration::from_secs(2),
        &Arc::default(),
    )
    .await?;
    let started = Instant::now();
    // Behind the end of the work there is nothing to learn.
    let ended = Arc::new(AtomicBool::new(false));
    let asked = ask::<K>(&load, shape.rows, Some(rate), started + shape.window, &ended);
    let mut times = if beside == Beside::Nothing {
        asked.await?
    } else {
        let mut asked = std::pin::pin!(asked);
        tokio::select! {
            times = &mut asked => times?,
            done = work::<K>(&pool, beside) => {
                done?;
                ended.store(true, Ordering::Relaxed);
                asked.await?
            }
        }
    };
    let last = times.iter().map(|(due, _)| *due).max().unwrap_or(started);
    times.sort_by_key(|(_, time)| *time);
    let p99 = times
        .get(times.len() * 99 / 100)
        .map_or(Duration::ZERO, |(_, time)| *time);
    let changed = pool.run("UPDATE items SET title = title WHERE title IS NOT NULL").await?;
    Ok((p99, last.duration_since(started), changed))
}

async fn work<K: Kind>(pool: &K::Pool, beside: Beside) -> Result<(), Failure> {
    match beside {
        Beside::Nothing => {}
        Beside::Backfill => {
            let files = [table(), ("20260102000000_fill", fill(""))];
            migrator::<K>(pool, &files)?.build().run_to_completion().await?;
        }
        Beside::Single => drop(pool.run(SINGLE).await?),
        Beside::Classic => while pool.run(K::SQL.classic).await? > 0 {},
    }
    Ok(())
}

/// Asks until then; answers when each statement was due and how long after that it was answered.
async fn ask<K: Kind>(
    pool: &K::Pool,
    rows: u64,
    rate: Option<f64>,
    until: Instant,
    ended: &Arc<AtomicBool>,
) -> Result<Vec<(Instant, Duration)>, Failure> {
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (pool, ended) = (pool.clone(), Arc::clone(ended));
        let step = rate.map(|rate| Duration::from_secs_f64(CLIENTS as f64 / rate));
        clients.spawn(async move {
            let mut times = Vec::new();
            // A congruential generator is random enough to spread over the table.
            let mut random = 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(client + 1);
            let mut due = started
                + step.map_or(Duration::ZERO, |step| {
                    step.mul_f64(client as f64 / CLIENTS as f64)
                });
            while due < until && !ended.load(Ordering::Relaxed) {
                tokio::time::sleep_until(due.into()).await;
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let id = (random >> 33) % rows + 1;
                pool.one(times.len() % 2 == 0, id as i64).await?;
                times.push((due, due.elapsed()));
                due = step.map_or_else(Instant::now, |step| due + step);
            }
            Ok::<_, sqlx::Error>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(client) = clients.join_next().await {
        times.extend(client??);
    }
    Ok(times)
}
