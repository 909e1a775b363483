//! Runs that are disturbed at random moments, again and again, until one gets through.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use migrate_core::{Migrator, Version};

use crate::child::{self, Task};
use crate::database::{Client, Kind, Scratch};
use crate::settings::{Random, Repeat, rounds, seed};
use crate::snapshot::Snapshot;
use crate::together::{Before, prepare};

/// What happens to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disturbance {
    /// Its process gets SIGKILL.
    Kill,
    /// Its future is dropped.
    Drop,
    /// The server ends its connection.
    Disconnect,
}

/// What a test disturbs.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) test: &'static str,
    pub(crate) kind: Kind,
    pub(crate) disturbance: Disturbance,
    pub(crate) task: Task,
    pub(crate) short: u64,
    pub(crate) long: u64,
}

/// What undisturbed runs left, and how long they took.
struct Reference {
    /// After the task.
    after: Snapshot,
    /// After `run()`, where the task was to take everything back.
    again: Option<Snapshot>,
    took: Duration,
}

pub(crate) async fn check(case: Case) {
    let started = Instant::now();
    let mut references = Vec::new();
    for before in [Before::Nothing, Before::Half] {
        match reference(case, before).await {
            Some(reference) => references.push(reference),
            None => return,
        }
    }
    let rounds = rounds(case.short, case.long);
    let mut landings = BTreeMap::new();
    let mut disturbed = 0;
    // A run that finishes before it is disturbed shows nothing.
    for round in 0..rounds * 3 {
        if disturbed >= rounds {
            break;
        }
        let seed = seed() + round;
        let _repeat = Repeat {
            test: case.test,
            seed,
        };
        let mut random = Random::new(seed);
        let before = if random.below(3) == 0 {
            Before::Half
        } else {
            Before::Nothing
        };
        let reference = &references[usize::from(before == Before::Half)];
        for landing in one_round(case, before, &mut random, reference).await {
            *landings.entry(landing).or_insert(0) += 1;
            disturbed += 1;
        }
    }
    eprintln!(
        "{}: from seed {} on, {disturbed} times {:?}, in {:.1?}; an undisturbed run takes {:.1?}; found then:",
        case.test,
        seed(),
        case.disturbance,
        started.elapsed(),
        references[0].took,
    );
    for (landing, count) in landings {
        eprintln!("  {count:4} x {landing}");
    }
}

/// Brings a database to where the task begins. A run that is to be taken back was made in full.
async fn begin(case: Case, before: Before) -> Option<Scratch> {
    let scratch = Scratch::create(case.kind).await?;
    let client = scratch.client(2).await;
    prepare(&client, before).await;
    if case.task == Task::Down {
        client.migrator(client.set()).build().run().await.unwrap();
    }
    client.close().await;
    Some(scratch)
}

async fn reference(case: Case, before: Before) -> Option<Reference> {
    let scratch = begin(case, before).await?;
    let client = scratch.client(2).await;
    let started = Instant::now();
    match case.disturbance {
        Disturbance::Kill => child::complete(&scratch, case.task).await,
        _ => perform(&client.migrator(client.set()).build(), case.task)
            .await
            .unwrap(),
    }
    let took = started.elapsed();
    let after = Snapshot::take(&client).await;
    let again = again(&client, case.task).await;
    client.close().await;
    Some(Reference { after, again, took })
}

async fn again(client: &Client, task: Task) -> Option<Snapshot> {
    if task == Task::Up {
        return None;
    }
    client.migrator(client.set()).build().run().await.unwrap();
    Some(Snapshot::take(client).await)
}

async fn perform(migrator: &Migrator, task: Task) -> Result<(), migrate_core::Error> {
    match task {
        Task::Up => migrator.run().await.map(drop),
        Task::Down => migrator.down_to(Version(0)).await.map(drop),
    }
}

/// Gives back what was found in the history after each disturbance.
async fn one_round(case: Case, before: Before, random: &mut Random, reference: &Reference) -> Vec<String> {
    let scratch = begin(case, before).await.unwrap();
    let looking = scratch.client(2).await;
    // A pool of one shows whether its connection comes back.
    let working = scratch.client(if random.below(2) == 0 { 1 } else { 5 }).await;
    let migrator = working.migrator(working.set()).build();
    let mut landings = Vec::new();
    for _ in 0..4 {
        let delay = reference.took.mul_f64(random.fraction());
        let finished = match case.disturbance {
            Disturbance::Kill => kill(&scratch, case.task, delay).await,
            Disturbance::Drop => drop_it(&looking, &migrator, case.task, delay).await,
            Disturbance::Disconnect => disconnect(&looking, &migrator, case.task, delay).await,
        };
        if finished {
            break;
        }
        landings.push(landing(&looking).await);
        if random.below(2) == 0 {
            break;
        }
    }
    match case.disturbance {
        Disturbance::Kill => child::complete(&scratch, case.task).await,
        _ => perform(&migrator, case.task)
            .await
            .unwrap_or_else(|error| panic!("{error:?}")),
    }
    reference.after.check(&Snapshot::take(&looking).await);
    if let Client::Sqlite(pool, _) = &working {
        let enforced: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
            .fetch_one(pool)
            .await
            .unwrap();
        assert_eq!(enforced, 1, "foreign keys are not enforced any more");
    }
    if let Some(expected) = &reference.again {
        expected.check(&again(&looking, case.task).await.unwrap());
    } else {
        let report = migrator.run().await.unwrap();
        assert!(report.applied.is_empty(), "something was left to do: {report}");
    }
    working.close().await;
    looking.close().await;
    landings
}

/// Whether the child finished before it was killed.
async fn kill(scratch: &Scratch, task: Task, delay: Duration) -> bool {
    let mut child = child::start(scratch, task, None);
    tokio::time::sleep(delay).await;
    child.start_kill().unwrap();
    let (status, errors) = child::outcome(child).await;
    match status.code() {
        None => false,
        Some(0) => true,
        Some(_) => panic!("{task:?} failed: {errors}"),
    }
}

async fn drop_it(looking: &Client, migrator: &Migrator, task: Task, delay: Duration) -> bool {
    let finished = match tokio::time::timeout(delay, perform(migrator, task)).await {
        Ok(result) => {
            result.unwrap_or_else(|error| panic!("{error:?}"));
            true
        }
        Err(_) => false,
    };
    looking.wait_until_quiet().await;
    finished
}

async fn disconnect(looking: &Client, migrator: &Migrator, task: Task, delay: Duration) -> bool {
    let running = migrator.clone();
    let running = tokio::spawn(async move { perform(&running, task).await });
    tokio::time::sleep(delay).await;
    let ended = looking.disconnect_migrator().await;
    let result = running.await.unwrap();
    looking.wait_until_quiet().await;
    match result {
        Ok(()) => true,
        Err(error) => {
            assert!(
                ended && (error.is_connection() || error.is_lock_lost()),
                "a broken connection is told as something else: {error:?}"
            );
            false
        }
    }
}

/// How far the history says the run was.
async fn landing(client: &Client) -> String {
    let texts = |sql: &'static str| async move { client.try_texts(sql).await };
    let Some(states) = texts("SELECT state FROM _migrate_history ORDER BY version, attempt").await else {
        return "no history".to_owned();
    };
    let count = |state: &str| states.iter().filter(|found| *found == state).count();
    let unfinished = match client.kind() {
        Kind::Mysql => {
            "SELECT CONCAT(state, ' ', version % 100, ', ', done, ' statements done', \
             IF(catalog_digest IS NULL, '', ', the next begun')) \
             FROM _migrate_history WHERE state IN ('applying', 'reverting')"
        }
        _ => {
            "SELECT state || ' ' || (version % 100) || ', ' || done || ' statements done' || \
             CASE WHEN catalog_digest IS NULL THEN '' ELSE ', the next begun' END \
             FROM _migrate_history WHERE state IN ('applying', 'reverting')"
        }
    };
    let unfinished = texts(unfinished).await.unwrap_or_default().join("; ");
    format!(
        "{} applied, {} reverted {unfinished}",
        count("applied"),
        count("reverted")
    )
}
