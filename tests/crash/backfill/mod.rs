//! A backfill while both builds write at full speed and everything is killed: its workers, their connections, the
//! server. At the end every row is right, no answered write is lost, and no row was visited twice or not at all.

pub(crate) mod repair;
mod server;
mod shape;
mod workers;
mod writers;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use migrate_core::Migrator;
use migrate_core::backfill::{BackfillSettings, BackfillState, BackfillStatus};

use self::server::Server;
use self::shape::{FILL, Shape};
use self::workers::Yard;
use self::writers::{APART, Done, Log, WRITERS, Writer, initial};
use crate::database::{Client, Kind, SOON, Scratch};
use crate::settings::{Random, Repeat, rounds, seed};

pub(crate) use self::workers::{Tally, pause, work};

/// Where a round takes place.
struct Place {
    kind: Kind,
    url: String,
    /// Its name on the test's own server, where it has one.
    name: Option<String>,
    _scratch: Option<Scratch>,
}

pub(crate) async fn check(test: &'static str, kind: Kind) {
    let Some(scratch) = Scratch::create(kind).await else {
        return;
    };
    let mut server = Server::start(&scratch).await;
    let (started, rounds, tally) = (Instant::now(), rounds(3, 100), Arc::new(Tally::default()));
    for round in 0..rounds {
        let seed = seed() + round;
        let _repeat = Repeat { test, seed };
        let place = match &server {
            Some(server) => {
                let name = format!("round_{seed}");
                Place {
                    kind,
                    url: server.create(&name).await,
                    name: Some(name),
                    _scratch: None,
                }
            }
            None => {
                let scratch = Scratch::create(kind).await.unwrap();
                Place {
                    kind,
                    url: scratch.url().to_owned(),
                    name: None,
                    _scratch: Some(scratch),
                }
            }
        };
        let told = one_round(&place, seed, server.as_mut(), &tally).await;
        eprintln!("{test}: seed {seed}: {told}");
        if let (Some(server), Some(name)) = (&server, &place.name) {
            server.drop_database(name).await;
        }
    }
    eprintln!(
        "{test}: {rounds} rounds from seed {} on, in {:.1?}: {}",
        self::seed(),
        started.elapsed(),
        tally.told()
    );
}

async fn one_round(place: &Place, seed: u64, server: Option<&mut Server>, tally: &Arc<Tally>) -> String {
    let started = Instant::now();
    let mut random = Random::new(seed);
    let shape = Shape::random(&mut random).by_code(seed % 2 == 1);
    let rows = 1_500 + random.below(if crate::settings::is_long() { 8_500 } else { 1_500 });
    let workers = 2 + random.below(3);
    let is_written = !seed.is_multiple_of(3);
    let client = Client::connect(place.kind, &place.url, 2).await;
    let log = prepare(&client, shape, rows).await;
    let migrator = shape.migrator(&client, 3).build();
    let written = Arc::new(AtomicBool::new(!is_written));
    let mut writing = tokio::task::JoinSet::new();
    for number in (0..WRITERS).filter(|_| is_written) {
        let writer = Writer {
            number,
            shape,
            kind: place.kind,
            url: place.url.clone(),
            log: log
                .iter()
                .filter(|(key, _)| *key / APART % WRITERS == number)
                .map(|(key, known)| (*key, known.clone()))
                .collect(),
            rows,
            random: Random::new(seed * 1_000 + number),
        };
        let stop = Arc::clone(&written);
        writing.spawn(async move { writer.run(&stop).await });
    }
    let yard = Arc::new(Yard {
        kind: place.kind,
        url: place.url.clone(),
        shape,
        calm: AtomicBool::new(false),
        done: AtomicBool::new(false),
        tally: Arc::clone(tally),
    });
    let mut working = tokio::task::JoinSet::new();
    for number in 0..workers {
        let yard = Arc::clone(&yard);
        working.spawn(async move { yard.keep_one(Random::new(seed * 2_000 + number)).await });
    }
    let again = disturb(&client, &migrator, server, &yard, random, rows).await;
    yard.calm.store(true, Ordering::Relaxed);
    let status = verified(&client, &migrator).await;
    written.store(true, Ordering::Relaxed);
    yard.done.store(true, Ordering::Relaxed);
    while let Some(ended) = working.join_next().await {
        if let Err(error) = ended.expect("a worker that is kept") {
            panic!("{error}");
        }
    }
    let mut logs = if is_written { Log::new() } else { log };
    let (mut answered, mut lost) = (0, 0);
    while let Some(ended) = writing.join_next().await {
        let Done {
            log,
            answered: more,
            lost: lost_here,
        } = ended.expect("a writer that ended well");
        logs.extend(log);
        answered += more;
        lost += lost_here;
    }
    tally.add("writes answered", answered);
    tally.add("answers lost", lost);
    check_rows(&client, shape, &logs).await;
    check_counts(&client, shape, &status, &logs, again).await;
    client.close().await;
    format!(
        "{rows} rows, {workers} workers, {answered} writes answered, {lost} not; {status}; in {:.1?}",
        started.elapsed()
    )
}

/// The schema up to the expand, and the rows before it.
async fn prepare(client: &Client, shape: Shape, rows: u64) -> Log {
    let run = async |count| {
        let migrator = shape.migrator(client, count).build();
        migrator.run().await.unwrap_or_else(|error| panic!("{error:?}"));
    };
    run(1).await;
    let log = initial(shape, rows);
    let values: Vec<String> = log
        .iter()
        .map(|(key, known)| {
            let (name, _) = known.held[0].as_ref().expect("an initial row");
            format!("({}, '{name}')", shape.key(*key))
        })
        .collect();
    client
        .execute(&format!(
            "INSERT INTO items (id, name) VALUES {}",
            values.join(", ")
        ))
        .await;
    run(2).await;
    log
}

/// How long a round is disturbed at most.
const LONGEST: Duration = Duration::from_secs(6);

/// Waits until the backfill has begun, and makes it slow: some hundred batches, each with a pause.
async fn slow_down(migrator: &Migrator, random: &mut Random, rows: u64) -> u64 {
    let batch = rows / (150 + random.below(250)) + 1;
    let slow = BackfillSettings {
        max_batch: Some(batch as u32),
        pause: Some(Duration::from_millis(5 + random.below(30))),
        ..BackfillSettings::default()
    };
    let started = Instant::now();
    while let Err(error) = migrator.configure(FILL, slow).await {
        assert!(started.elapsed() < SOON, "it does not begin: {error:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    batch
}

/// What happens to all workers at once. Gives back whether the backfill was begun again.
async fn disturb(
    client: &Client,
    migrator: &Migrator,
    mut server: Option<&mut Server>,
    yard: &Yard,
    mut random: Random,
    rows: u64,
) -> bool {
    let mut again = false;
    let batch = slow_down(migrator, &mut random, rows).await;
    let started = Instant::now();
    // Recovery takes some seconds, so not every round has one.
    let mut kills = u64::from(random.below(3) == 0);
    while started.elapsed() < LONGEST {
        pause(&mut random, 50, 600).await;
        if let Ok(Some(status)) = migrator.backfill(FILL).await
            && status.state == BackfillState::Verified
        {
            return again;
        }
        match random.below(10) {
            0..=3 if yard.kind != Kind::Sqlite => {
                if disconnect_one(client, "items", &mut random).await {
                    yard.tally.count("connections ended");
                }
            }
            4..=5 if kills > 0 => {
                if let Some(server) = &mut server {
                    kills -= 1;
                    server.kill(Duration::from_millis(random.below(300))).await;
                    yard.tally.count("servers killed");
                }
            }
            6 => {
                if migrator.pause(FILL, "the test says so").await.is_ok() {
                    yard.tally.count("pauses");
                    pause(&mut random, 50, 400).await;
                    if random.below(4) == 0 {
                        again = true;
                        if migrator.rerun(FILL).await.is_ok() {
                            yard.tally.count("begun again");
                        }
                    }
                    resume(migrator).await;
                }
            }
            7 => {
                let settings = BackfillSettings {
                    max_batch: Some(1 + random.below(2 * batch) as u32),
                    pause: Some(Duration::from_millis(random.below(40))),
                    ..BackfillSettings::default()
                };
                if migrator.configure(FILL, settings).await.is_ok() {
                    yard.tally.count("settings");
                }
            }
            _ => {}
        }
    }
    let fast = BackfillSettings {
        max_batch: None,
        pause: Some(Duration::ZERO),
        ..BackfillSettings::default()
    };
    let _ = migrator.configure(FILL, fast).await;
    again
}

async fn resume(migrator: &Migrator) {
    let started = Instant::now();
    // The server may be killed meanwhile, and what was not answered may be done.
    loop {
        let error = match migrator.resume(FILL).await {
            Ok(()) => return,
            Err(error) => error,
        };
        if let Ok(Some(status)) = migrator.backfill(FILL).await
            && !matches!(status.state, BackfillState::Paused | BackfillState::Blocked)
        {
            return;
        }
        assert!(
            error.is_connection() || error.is_lock_timeout() || error.is_history(),
            "{error:?}"
        );
        assert!(started.elapsed() < SOON, "{error:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Ends a connection to the database at the server, whoever's it is but our own.
pub(crate) async fn disconnect_one(client: &Client, table: &str, random: &mut Random) -> bool {
    let others = match client.kind() {
        Kind::Postgres => {
            "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY pid"
        }
        _ => {
            "SELECT CAST(id AS char) FROM information_schema.processlist \
             WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY id"
        }
    };
    let others = client.texts(others).await;
    if others.is_empty() {
        return false;
    }
    let one = &others[random.below(others.len() as u64) as usize];
    match client.kind() {
        Kind::Postgres => {
            client
                .try_execute(&format!("SELECT pg_terminate_backend({one})"))
                .await
        }
        _ => {
            let ended = client.try_execute(&format!("KILL CONNECTION {one}")).await;
            // MariaDB 10.11 that is told to KILL while it reads a trigger keeps the half of it for everybody.
            client.try_execute(&format!("FLUSH TABLES {table}")).await;
            ended
        }
    }
}

/// Waits until the backfill is at its end.
async fn verified(client: &Client, migrator: &Migrator) -> BackfillStatus {
    let started = Instant::now();
    loop {
        let status = migrator.backfill(FILL).await;
        let shown = format!("{status:?}");
        match status {
            Ok(Some(status)) if status.state == BackfillState::Verified => return status,
            Ok(Some(status)) if status.state == BackfillState::Blocked => {
                let reason = status.reason.unwrap_or_default();
                let half_read = client.kind() == Kind::Mysql && reason.contains("orrupt");
                assert!(half_read, "it is blocked: {reason}");
                client.try_execute("FLUSH TABLES items").await;
                resume(migrator).await;
            }
            _ => {}
        }
        assert!(started.elapsed() < SOON * 2, "the backfill does not end: {shown}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// That every row holds what its last answered write says.
async fn check_rows(client: &Client, shape: Shape, log: &Log) {
    assert_eq!(
        client.texts(&shape.divergent(client.kind())).await,
        ["0"],
        "rows that differ"
    );
    let rows = match client.kind() {
        Kind::Mysql => "SELECT CONCAT_WS('|', id, COALESCE(name, '-'), COALESCE(nick, '-')) FROM items",
        _ => "SELECT id || '|' || COALESCE(name, '-') || '|' || COALESCE(nick, '-') FROM items",
    };
    let mut found: std::collections::BTreeMap<u64, (String, String)> = client
        .texts(rows)
        .await
        .iter()
        .map(|row| {
            let fields: Vec<&str> = row.split('|').collect();
            (
                shape.number(fields[0]),
                (fields[1].to_owned(), fields[2].to_owned()),
            )
        })
        .collect();
    let mut wrong = Vec::new();
    for (key, known) in log {
        let held = found.remove(key);
        if !known.held.contains(&held) {
            wrong.push(format!("{key} holds {held:?} instead of {:?}", known.held));
        }
    }
    wrong.extend(
        found
            .iter()
            .map(|(key, held)| format!("{key} holds {held:?}, and nobody wrote it")),
    );
    assert!(
        wrong.is_empty(),
        "{} rows are lost or changed; the first: {}",
        wrong.len(),
        wrong[0]
    );
}

/// That every row was visited once, and each that was not right moved once.
async fn check_counts(client: &Client, shape: Shape, status: &BackfillStatus, log: &Log, again: bool) {
    let text = if client.kind() == Kind::Mysql {
        "char"
    } else {
        "text"
    };
    let count = async |what: &str| {
        client
            .texts(&format!("SELECT CAST(count(*) AS {text}) FROM {what}"))
            .await
            .remove(0)
    };
    assert_eq!(count("_migrate_parts").await, "0", "parts are left");
    let applied = format!(
        "_migrate_history WHERE version = {} AND state = 'applied'",
        FILL.0
    );
    assert_eq!(count(&applied).await, "1");
    // A row that is right is not given a second time to what would move it.
    assert_eq!(count("items WHERE tries > 1").await, "0", "rows moved twice");
    let rows = format!("_migrate_history WHERE version = {}", FILL.0);
    assert_eq!(count(&rows).await, "1");
    // A key is kept behind its length, and on SQLite its type.
    let last = client
        .texts("SELECT last_key FROM _migrate_backfills")
        .await
        .remove(0);
    let last = last
        .split_once(':')
        .expect("a key")
        .1
        .trim_start_matches(['i', 't']);
    let last = shape.number(last);
    let upto = || log.range(..=last).map(|(_, known)| known);
    let all = upto().count() as u64;
    let stayed = upto().filter(|known| known.initial && !known.deleted).count() as u64;
    let began = upto().filter(|known| known.initial).count() as u64;
    let untouched = upto().filter(|known| known.initial && !known.touched).count() as u64;
    assert!(
        (stayed..=all).contains(&status.visited),
        "{status}; {stayed} rows were there all the time, {all} at some time"
    );
    // Without writers these are as good as equations. What was moved before it began again is not counted.
    let least = if again { 0 } else { untouched };
    assert!(
        (least..=began).contains(&status.changed),
        "{status}; {untouched} of {began} rows were nobody's but the backfill's"
    );
}
