//! Single rows of a copy are repaired by a process that is killed, or stopped while another one takes its place: in the
//! end every row is right, and each was written once.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use migrate_core::backfill::BackfillState;
use migrate_core::migrator::MigratorBuilder;
use tokio::process::{Child, Command};

use super::pause;
use super::shape::FILL;
use crate::child;
use crate::database::{Client, Kind, SOON, Scratch};
use crate::settings::{Random, Repeat, rounds, seed};

/// How many rows are copied, and how many of them are broken.
const ROWS: u64 = 600;
const BROKEN: u64 = 400;

fn migrator(client: &Client) -> MigratorBuilder {
    client.migrator(client.set_of(
        "main",
        &[
            "-- migrate:up\nCREATE TABLE items (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(60));\n\
             -- migrate:down\nDROP TABLE items;\n",
            // Nobody sees what is written to the other table.
            "-- migrate:change copies\n\
             -- migrate:sync items.(name) -> copies.(label) using (lower(name)) on (items.id = copies.id) rows (items, copies)\n\
             -- migrate:up\n\
             CREATE TABLE copies (id INTEGER PRIMARY KEY NOT NULL, label VARCHAR(60));\n\
             -- migrate:down\nDROP TABLE copies;\n",
            "-- migrate:change copies\n-- migrate:phase migrate\n\
             -- migrate:backfill table=items key=id batch=80 pause=0ms\n\
             -- migrate:up\nINSERT INTO copies (id, label) SELECT id, lower(name) FROM items;\n\
             -- migrate:verify zero\nSELECT 0;\n",
        ],
    ))
}

/// What a process does that repairs.
pub(crate) async fn repair(kind: Kind, url: &str) -> Result<(), migrate_core::Error> {
    let client = Client::connect(kind, url, 4).await;
    let migrator = migrator(&client).build();
    migrator.repair_rows(FILL).await.map(drop)
}

pub(crate) async fn check(test: &'static str, kind: Kind) {
    for round in 0..rounds(2, 50) {
        let seed = seed() + round;
        let _repeat = Repeat { test, seed };
        let Some(scratch) = Scratch::create(kind).await else {
            return;
        };
        let told = one_round(&scratch, Random::new(seed)).await;
        eprintln!("{test}: seed {seed}: {told}");
    }
}

async fn one_round(scratch: &Scratch, mut random: Random) -> String {
    let client = scratch.client(2).await;
    let first = migrator(&client).build();
    let rows: Vec<String> = (1..=ROWS).map(|id| format!("({id}, 'Name {id}')")).collect();
    client
        .execute("CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(60))")
        .await;
    first.baseline(migrate_core::Version(FILL.0 - 2)).await.unwrap();
    client
        .execute(&format!("INSERT INTO items VALUES {}", rows.join(", ")))
        .await;
    let report = first.run_to_completion().await.unwrap();
    assert!(report.waiting.is_empty(), "{report}");
    client.execute("DELETE FROM copies WHERE id % 3 = 0").await;
    client
        .execute("UPDATE copies SET label = 'x' WHERE id % 3 = 1")
        .await;
    let started = Instant::now();
    let (mut killed, mut replaced) = (0, 0);
    loop {
        assert!(started.elapsed() < SOON * 3, "the repair does not end");
        let mut child = child::start_repair(scratch);
        let meanwhile = tokio::time::timeout(Duration::from_millis(300 + random.below(4_000)), child.wait());
        if let Ok(status) = meanwhile.await {
            ended(child, status.unwrap()).await;
            break;
        }
        match random.below(3) {
            0 => {
                replaced += 1;
                if replace(scratch, child, &mut random).await {
                    break;
                }
            }
            _ => {
                killed += 1;
                child.kill().await.unwrap();
            }
        }
    }
    let status = first.backfill(FILL).await.unwrap().expect("a backfill");
    assert_eq!(status.state, BackfillState::Verified, "{status}");
    assert_eq!(
        status.changed,
        ROWS + BROKEN,
        "each row is written once: {status}"
    );
    let text = if scratch.kind() == Kind::Mysql {
        "char"
    } else {
        "text"
    };
    let right = format!(
        "SELECT CAST(count(*) AS {text}) FROM items i JOIN copies c ON i.id = c.id WHERE c.label = lower(i.name)"
    );
    assert_eq!(client.texts(&right).await, [ROWS.to_string()]);
    client.close().await;
    format!(
        "killed {killed} times, replaced {replaced} times, in {:.1?}",
        started.elapsed()
    )
}

async fn ended(child: Child, status: ExitStatus) {
    let (_, errors) = child::outcome(child).await;
    assert!(status.success(), "{status}: {errors}");
}

/// Stops a process, lets another one take its place, and lets it go on: it has to write nothing. Gives back whether the
/// other one came to the end.
async fn replace(scratch: &Scratch, mut late: Child, random: &mut Random) -> bool {
    let signal = async |name: &str, process: u32| {
        let sent = Command::new("kill")
            .args([name, &process.to_string()])
            .status()
            .await;
        assert!(sent.unwrap().success());
    };
    let Some(process) = late.id() else {
        let status = late.wait().await.unwrap();
        ended(late, status).await;
        return true;
    };
    signal("-STOP", process).await;
    let mut other = child::start_repair(scratch);
    pause(random, 1_000, 4_000).await;
    signal("-CONT", process).await;
    // One that was stopped with a lock in its hands keeps the other one waiting, and was the last one to write.
    let late = child::outcome(late).await;
    let lost = late.1.contains("is not this process's any more");
    assert!(late.0.success() || lost, "{}: {}", late.0, late.1);
    if random.below(2) == 0 {
        other.kill().await.unwrap();
        return false;
    }
    let (status, errors) = child::outcome(other).await;
    assert!(status.success(), "{status}: {errors}");
    true
}
