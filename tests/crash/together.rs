//! Many processes that start at once on one database.

use std::time::{Duration, Instant};

use migrate_core::Version;

use crate::child::{self, Task};
use crate::database::{Client, Kind, SOON, Scratch};
use crate::settings::{Repeat, processes, rounds, seed};
use crate::snapshot::Snapshot;

/// How much of the set is applied before the processes start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    Nothing,
    Half,
    /// All of it; then the processes take it back.
    All,
}

impl Before {
    fn task(self) -> Task {
        match self {
            Before::All => Task::Down,
            Before::Nothing | Before::Half => Task::Up,
        }
    }
}

pub(crate) async fn check(test: &'static str, kind: Kind, before: Before) {
    let Some(expected) = undisturbed(kind, before).await else {
        return;
    };
    let (count, rounds, started) = (processes(), rounds(2, 20), Instant::now());
    for round in 0..rounds {
        let _repeat = Repeat {
            test,
            seed: seed() + round,
        };
        let scratch = Scratch::create(kind).await.unwrap();
        let client = scratch.client(2).await;
        prepare(&client, before).await;
        start_together(&scratch, before.task(), count).await;
        expected.check(&Snapshot::take(&client).await);
        let migrator = client.migrator(client.set()).build();
        let report = match before.task() {
            Task::Up => migrator.run().await,
            Task::Down => migrator.down_to(Version(0)).await,
        };
        let report = report.unwrap();
        assert!(
            report.applied.is_empty() && report.reverted.is_empty(),
            "something was left to do: {report}"
        );
        client.close().await;
    }
    eprintln!(
        "{test}: {rounds} rounds of {count} processes in {:.1?}",
        started.elapsed()
    );
}

/// Applies what has to be there before.
pub(crate) async fn prepare(client: &Client, before: Before) {
    let mut set = client.set();
    let count = match before {
        Before::Nothing => return,
        Before::Half => set.migrations.len() / 2,
        Before::All => set.migrations.len(),
    };
    set.migrations = set.migrations[..count].to_vec().into();
    client.migrator(set).build().run().await.unwrap();
}

/// What one process alone leaves.
pub(crate) async fn undisturbed(kind: Kind, before: Before) -> Option<Snapshot> {
    let scratch = Scratch::create(kind).await?;
    let client = scratch.client(2).await;
    prepare(&client, before).await;
    child::complete(&scratch, before.task()).await;
    let snapshot = Snapshot::take(&client).await;
    client.close().await;
    Some(snapshot)
}

async fn start_together(scratch: &Scratch, task: Task, count: usize) {
    let barrier = tempfile::tempdir().unwrap();
    let folder = barrier.path().to_owned();
    let children: Vec<_> = (0..count)
        .map(|_| child::start(scratch, task, Some(&folder)))
        .collect();
    let deadline = Instant::now() + SOON;
    while std::fs::read_dir(&folder).unwrap().count() < count {
        assert!(Instant::now() < deadline, "the children do not get ready");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    std::fs::write(folder.join("go"), "").unwrap();
    let mut outcomes = tokio::task::JoinSet::new();
    for child in children {
        outcomes.spawn(child::outcome(child));
    }
    let failed: Vec<String> = outcomes
        .join_all()
        .await
        .into_iter()
        .filter(|(status, _)| !status.success())
        .map(|(status, errors)| format!("{status}: {errors}"))
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {count} failed; the first: {}",
        failed.len(),
        failed[0]
    );
}
