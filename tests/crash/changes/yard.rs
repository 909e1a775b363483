//! The instances of a round: started, killed, stopped and let go on, one after the other in each place.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use tokio::process::{Child, Command};
use tokio::sync::RwLock;

use super::builds::{Build, CONTRACT};
use super::instance::{Role, Task, ending};
use crate::backfill::{Tally, pause};
use crate::child;
use crate::database::Kind;
use crate::settings::Random;

/// Which builds are started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// All of them.
    Mixed,
    /// Hardly one that needs the old shape any more, and those that are there end.
    Quiet,
    /// Nobody is disturbed any more, and no build that needs the old shape is there.
    Calm,
    /// The contract is applied. Those that need the old shape are still tried.
    Contracted,
}

impl Stage {
    const ALL: [Stage; 4] = [Stage::Mixed, Stage::Quiet, Stage::Calm, Stage::Contracted];
}

pub(super) struct Yard {
    pub(super) kind: Kind,
    pub(super) url: String,
    pub(super) is_strict: bool,
    pub(super) settle_ms: u64,
    pub(super) stage: AtomicU8,
    pub(super) done: AtomicBool,
    pub(super) next: AtomicU64,
    /// Held by who stops a process, so that nobody ends its connections: nothing would show that it lives.
    pub(super) stopping: RwLock<()>,
    pub(super) tally: Arc<Tally>,
}

/// What an instance is about to see.
enum Fate {
    Killed,
    Asked,
    Stopped,
}

impl Yard {
    pub(super) fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.stage.load(Ordering::SeqCst))]
    }

    pub(super) fn enter(&self, stage: Stage) {
        let index = Stage::ALL.iter().position(|other| *other == stage).unwrap();
        self.stage.fetch_max(index as u8, Ordering::SeqCst);
    }

    fn is_done(&self) -> bool {
        self.done.load(Ordering::SeqCst)
    }

    /// Whether a build has to go.
    fn is_unwanted(&self, build: Build) -> bool {
        self.stage() != Stage::Mixed && build.needs_old_shape(self.is_strict)
    }

    fn cast(&self, random: &mut Random) -> Role {
        let (old, middle) = match self.stage() {
            Stage::Mixed => (40, 75),
            Stage::Quiet if self.is_strict => (1, 2),
            Stage::Quiet => (1, 50),
            Stage::Contracted => (25, 50),
            Stage::Calm if self.is_strict => (0, 0),
            Stage::Calm => (0, 40),
        };
        let dice = random.below(100);
        let build = match dice {
            dice if dice < old => Build::Old,
            dice if dice < middle => Build::Middle,
            _ => Build::New,
        };
        let task = match random.below(10) {
            0 if build == Build::New => Task::Job,
            0..=3 => Task::ServeAndWork,
            _ => Task::Serve,
        };
        Role {
            build,
            is_strict: self.is_strict,
            task,
            number: self.next.fetch_add(1, Ordering::SeqCst),
            settle_ms: self.settle_ms,
            window_ms: 0,
        }
    }

    /// One place: whose instance ends is followed by another. Gives back what must not have happened.
    pub(super) async fn keep_one(&self, mut random: Random) -> Result<(), String> {
        pause(&mut random, 0, 1500).await;
        while !self.is_done() {
            let role = self.cast(&mut random);
            let was_contracted = self.stage() == Stage::Contracted;
            let child = child::start_instance(self.kind, &self.url, &role.encode());
            self.tally.count("instances started");
            let mut child = self.live(child, role, &mut random).await;
            // What is asked to go may wait for another that migrates.
            drop(child.stdin.take());
            let (status, said) = child::outcome(child).await;
            self.check(role, was_contracted, status, &said)?;
            // Who cannot start is tried less often, so that those that can have the machine.
            match status.code() {
                Some(ending::NOT_READY | ending::OLDER) => pause(&mut random, 500, 1_500).await,
                _ => pause(&mut random, 0, 300).await,
            }
        }
        Ok(())
    }

    /// Lets an instance live for a while.
    async fn live(&self, mut child: Child, role: Role, random: &mut Random) -> Child {
        let mut turns = 1 + random.below(20);
        let is_alive = |child: &mut Child| matches!(child.try_wait(), Ok(None));
        while turns > 0 && !self.is_done() && !self.is_unwanted(role.build) && is_alive(&mut child) {
            turns -= 1;
            pause(random, 50, 200).await;
            if random.below(25) == 0 && self.stage() != Stage::Calm {
                self.stop(&child, random).await;
            }
        }
        if self.is_unwanted(role.build) {
            // It is started at the wrong moment, or its time is over.
            pause(random, 0, 400).await;
        }
        if self.stage() == Stage::Calm || !is_alive(&mut child) {
            return child;
        }
        let fate = match random.below(3) {
            0 => Fate::Killed,
            1 => Fate::Stopped,
            _ => Fate::Asked,
        };
        match fate {
            Fate::Killed => {
                let _ = child.start_kill();
                self.tally.count("killed");
            }
            Fate::Stopped => {
                self.stop(&child, random).await;
                // What it does now must be as good as before.
                pause(random, 100, 300).await;
            }
            Fate::Asked => {}
        }
        child
    }

    /// Stops a process, and lets it go on.
    async fn stop(&self, child: &Child, random: &mut Random) {
        let Some(process) = child.id() else { return };
        let _held = self.stopping.read().await;
        // Longer than all others would have to be seen.
        let time = 0.2 + (self.settle_ms as f64 / 1000.0 + 1.5) * random.fraction();
        // In one go, so that nothing stays stopped behind a test that is killed.
        let stop = format!("kill -STOP {process} && sleep {time:.3}; kill -CONT {process}");
        let _ = Command::new("/bin/sh")
            .args(["-c", &stop])
            .stderr(std::process::Stdio::null())
            .status()
            .await;
        self.tally.count("stopped");
    }

    fn check(&self, role: Role, was_contracted: bool, status: ExitStatus, said: &str) -> Result<(), String> {
        let served = said.lines().any(|line| line == "serves");
        if served {
            self.tally.count("served");
        }
        if was_contracted && served && role.build.needs_old_shape(self.is_strict) {
            return Err(format!("{role:?} was let in behind the contract: {said}"));
        }
        let wrong = match (status.code(), status.signal()) {
            (None, Some(9)) | (Some(ending::ASKED), _) => false,
            (Some(ending::DISTURBED), _) => {
                self.tally.count("disturbed");
                false
            }
            (Some(ending::NOT_READY), _) => {
                self.tally.count("not ready");
                role.build != Build::New
            }
            (Some(ending::OLDER), _) => {
                self.tally.count("refused");
                let refused = format!("the contract {CONTRACT} step removed what it uses");
                !role.build.needs_old_shape(self.is_strict)
                    || served
                    || !said.contains(&refused)
                    || !said.contains("start a build that embeds these versions")
            }
            _ => true,
        };
        if wrong {
            return Err(format!("{role:?} ended with {status}: {said}"));
        }
        Ok(())
    }
}
