//! Worker processes, and what happens to them.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::migrator::{Event, Stop};
use tokio::process::{Child, Command};

use super::shape::Shape;
use crate::child;
use crate::database::{Client, Kind};
use crate::settings::{Random, tell};

/// How long a part stays a worker's that is not heard of.
pub(super) const LEASE: Duration = Duration::from_millis(400);

/// What happened, and how often.
#[derive(Default)]
pub(crate) struct Tally(Mutex<BTreeMap<&'static str, u64>>);

impl Tally {
    pub(crate) fn count(&self, what: &'static str) {
        tell(what);
        *self.0.lock().unwrap().entry(what).or_insert(0) += 1;
    }

    pub(super) fn add(&self, what: &'static str, more: u64) {
        *self.0.lock().unwrap().entry(what).or_insert(0) += more;
    }

    pub(crate) fn told(&self) -> String {
        let counts = self.0.lock().unwrap();
        let told: Vec<String> = counts
            .iter()
            .map(|(what, count)| format!("{count} {what}"))
            .collect();
        told.join(", ")
    }
}

/// What a worker process does: it works until its standard input ends.
pub(crate) async fn work(kind: Kind, url: &str, shape: &str) {
    let stop = Stop::new();
    let asked = stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        asked.stop();
    });
    let client = loop {
        if stop.is_asked() {
            return;
        }
        // The server may be down.
        match Client::try_connect(kind, url, 4).await {
            Ok(client) => break client,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    let migrator = Shape::decode(shape)
        .migrator(&client, 3)
        .instance(format!("worker {}", std::process::id()))
        .lease(LEASE)
        .observer(|event: &Event| tell(event))
        .build();
    if let Err(error) = migrator.worker(&stop).await {
        eprintln!("{error:?}");
        std::process::exit(1);
    }
}

/// Where and on what the workers of a round work.
pub(super) struct Yard {
    pub(super) kind: Kind,
    pub(super) url: String,
    pub(super) shape: Shape,
    /// From when on nobody is disturbed any more.
    pub(super) calm: AtomicBool,
    /// When the workers may go.
    pub(super) done: AtomicBool,
    pub(super) tally: Arc<Tally>,
}

impl Yard {
    fn start(&self) -> Child {
        child::start_worker(self.kind, &self.url, &self.shape.encode())
    }

    /// One worker: killed and started again, stopped and let go on, at random moments. Gives back what went wrong with
    /// it.
    pub(super) async fn keep_one(&self, mut random: Random) -> Result<(), String> {
        let mut worker = self.start();
        while !self.calm.load(Ordering::Relaxed) {
            pause(&mut random, 50, 700).await;
            if let Ok(Some(status)) = worker.try_wait() {
                let (_, errors) = child::outcome(worker).await;
                return Err(format!("a worker ended by itself, {status}: {errors}"));
            }
            let Some(process) = worker.id() else { continue };
            match random.below(5) {
                0..=1 => {
                    worker.kill().await.unwrap();
                    self.tally.count("workers killed");
                    pause(&mut random, 0, 300).await;
                    worker = self.start();
                }
                2 => {
                    // In one go, so that nothing stays stopped behind a test that is killed.
                    let time = LEASE.mul_f64(1.1 + 1.5 * random.fraction()).as_secs_f64();
                    let stop = format!("kill -STOP {process}; sleep {time:.3}; kill -CONT {process}");
                    let stopped = Command::new("/bin/sh").args(["-c", &stop]).status().await;
                    assert!(stopped.unwrap().success());
                    self.tally.count("workers stopped");
                }
                _ => {}
            }
        }
        while !self.done.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if let Ok(Some(status)) = worker.try_wait() {
                let (_, errors) = child::outcome(worker).await;
                return Err(format!("a worker ended by itself, {status}: {errors}"));
            }
        }
        drop(worker.stdin.take());
        let (status, errors) = child::outcome(worker).await;
        match status.success() {
            true => Ok(()),
            false => Err(format!("a worker did not end well, {status}: {errors}")),
        }
    }
}

pub(crate) async fn pause(random: &mut Random, least_ms: u64, more_ms: u64) {
    tokio::time::sleep(Duration::from_millis(least_ms + random.below(more_ms))).await;
}
