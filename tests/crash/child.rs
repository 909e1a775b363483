//! Processes that migrate: this test program started again.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use migrate_core::Version;
use tokio::process::{Child, Command};

use crate::database::{Client, Kind, Scratch};
use crate::settings::is_told;

/// How long a child may take before it counts as hanging.
const LONGEST: Duration = Duration::from_secs(300);

/// What a child does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// `run()`.
    Up,
    /// `down_to(0)`.
    Down,
}

/// What the child does, in its own process. Does nothing where no parent said so.
pub(crate) fn main() {
    let variable = |name: &str| std::env::var(format!("MIGRATE_CRASH_CHILD_{name}"));
    let Ok(task) = variable("TASK") else {
        return;
    };
    let kind = Kind::from_name(&variable("KIND").unwrap());
    let url = variable("URL").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    if task == "work" {
        runtime.block_on(crate::backfill::work(kind, &url, &variable("SHAPE").unwrap()));
        std::process::exit(0);
    }
    if task == "repair" {
        if let Err(error) = runtime.block_on(crate::backfill::repair::repair(kind, &url)) {
            eprintln!("{error}");
            std::process::exit(1);
        }
        std::process::exit(0);
    }
    if task == "serve" {
        std::process::exit(runtime.block_on(crate::changes::serve(kind, &url, &variable("ROLE").unwrap())));
    }
    let result = runtime.block_on(async {
        if let Ok(barrier) = variable("BARRIER") {
            wait_at(Path::new(&barrier)).await;
        }
        let client = Client::connect(kind, &url, 5).await;
        let migrator = client.migrator(client.set()).build();
        if task == "down" {
            migrator.down_to(Version(0)).await
        } else {
            migrator.run().await
        }
    });
    if let Err(error) = result {
        eprintln!("{error:?}");
        std::process::exit(1);
    }
    std::process::exit(0);
}

async fn wait_at(barrier: &Path) {
    std::fs::write(barrier.join(std::process::id().to_string()), "").unwrap();
    while !barrier.join("go").exists() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Starts a child. It is killed when the value is dropped.
pub(crate) fn start(scratch: &Scratch, task: Task, barrier: Option<&PathBuf>) -> Child {
    let name = if task == Task::Down { "down" } else { "up" };
    let mut command = command(scratch.kind(), scratch.url(), name);
    command.stdin(Stdio::null());
    if let Some(barrier) = barrier {
        command.env("MIGRATE_CRASH_CHILD_BARRIER", barrier);
    }
    command.spawn().unwrap()
}

/// An instance of an application in that role. It ends when its standard input does.
pub(crate) fn start_instance(kind: Kind, url: &str, role: &str) -> Child {
    let mut command = command(kind, url, "serve");
    command
        .env("MIGRATE_CRASH_CHILD_ROLE", role)
        .stdin(Stdio::piped());
    command.spawn().unwrap()
}

/// A worker on the backfill of that shape. It stops when its standard input ends.
pub(crate) fn start_worker(kind: Kind, url: &str, shape: &str) -> Child {
    let mut command = command(kind, url, "work");
    command
        .env("MIGRATE_CRASH_CHILD_SHAPE", shape)
        .stdin(Stdio::piped());
    if is_told() {
        command.stderr(Stdio::inherit());
    }
    command.spawn().unwrap()
}

/// A process that repairs the single rows of a copy.
pub(crate) fn start_repair(scratch: &Scratch) -> Child {
    let mut command = command(scratch.kind(), scratch.url(), "repair");
    command.stdin(Stdio::null());
    command.spawn().unwrap()
}

fn command(kind: Kind, url: &str, task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"])
        .env("MIGRATE_CRASH_CHILD_TASK", task)
        .env("MIGRATE_CRASH_CHILD_KIND", kind.name())
        .env("MIGRATE_CRASH_CHILD_URL", url)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// The status and what was written to standard error.
pub(crate) async fn outcome(child: Child) -> (ExitStatus, String) {
    let output = tokio::time::timeout(LONGEST, child.wait_with_output()).await;
    let output = output.expect("a child hangs").unwrap();
    (
        output.status,
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Lets a child do its task undisturbed.
pub(crate) async fn complete(scratch: &Scratch, task: Task) {
    let (status, errors) = outcome(start(scratch, task, None)).await;
    assert!(status.success(), "{task:?} failed: {errors}");
}
