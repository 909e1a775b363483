//! What a run waits for before it returns: data that this build reads, and contracts that only have to be seen for longer.

use std::time::{Duration, Instant};

use futures_timer::Delay;

use super::run::Goal;
use super::{Event, Migrator, Report};
use crate::error::{Error, Kind};
use crate::gates::Facts;
use crate::plan::{self, Mode, Policy, Waiting};

/// How often readiness is looked at while waiting for it.
const READY_POLL: Duration = Duration::from_millis(500);

/// How often it is looked whether contracts are seen for long enough, and for how long behind that time.
const SETTLED_POLL: Duration = Duration::from_secs(1);
const SETTLED_LATE: Duration = Duration::from_secs(2);

impl Migrator {
    /// Goes on with contracts that only wait to be seen for long enough.
    pub(super) async fn wait_until_settled(&self, goal: Goal, report: &mut Report) -> Result<(), Error> {
        let settle = self.gate_options.settle;
        let started = Instant::now();
        let only_settles = |waiting: &Waiting| {
            let mut closed = waiting.closed().peekable();
            closed.peek().is_some() && closed.all(|gate| matches!(&*gate.gate, "settled" | "door"))
        };
        let mut told = false;
        while started.elapsed() <= settle + SETTLED_LATE && report.waiting.iter().any(only_settles) {
            if !told {
                let waiting = report.waiting.iter().filter(|waiting| only_settles(waiting));
                let event = Event::Settling {
                    waiting: waiting.map(settling).collect(),
                    up_to: settle + SETTLED_LATE,
                };
                self.session.observer.event(&event);
                told = true;
            }
            Delay::new((settle / 4).clamp(SETTLED_POLL / 10, SETTLED_POLL)).await;
            self.apply_pending(goal, report).await?;
        }
        Ok(())
    }

    /// Returns once this build may serve, or says what is missing when the ready time-out is over.
    pub(super) async fn wait_until_ready(&self, report: &mut Report, started: Instant) -> Result<(), Error> {
        let mut told = false;
        let withdrawn = |waiting: &&Waiting| waiting.gates.iter().any(|gate| gate.gate == "rolled-back");
        if let Some(waiting) = report
            .waiting
            .iter()
            .filter(|one| one.blocks_serving)
            .find(withdrawn)
        {
            let message = format!(
                "this build may not serve: it needs {} {}, and the change `{}` was rolled back",
                waiting.version, waiting.name, waiting.change
            );
            return Err(Error::new(Kind::NotReady, message).help(format!(
                "start a build without it, or let it be applied again: `resume_change({})`",
                waiting.change
            )));
        }
        loop {
            let missing: Vec<String> = report
                .waiting
                .iter()
                .filter(|waiting| waiting.blocks_serving)
                .map(|waiting| {
                    format!(
                        "{} {} of the change `{}`",
                        waiting.version, waiting.name, waiting.change
                    )
                })
                .collect();
            if missing.is_empty() {
                return Ok(());
            }
            if started.elapsed() >= self.ready_timeout {
                let mut error = Error::new(
                    Kind::NotReady,
                    format!(
                        "this build may not serve yet: it reads data that is not moved ({})",
                        missing.join(", ")
                    ),
                )
                .help("move the data first: `run_to_completion` (`migrate up --all`) in a job before the deployment does it");
                for waiting in report.waiting.iter().filter(|waiting| waiting.blocks_serving) {
                    // How far it is helps, and says nothing where it cannot be read.
                    if let Ok(Some(status)) = self.backfill(waiting.version).await {
                        error = error.note(format!("{} {}: {status}", waiting.version, waiting.name));
                    }
                }
                return Err(error);
            }
            if !told {
                self.session.observer.event(&Event::NotReady { waiting: missing });
                told = true;
            }
            Delay::new(READY_POLL.min(self.ready_timeout.saturating_sub(started.elapsed()))).await;
            let history = self.driver.read_history(&self.namespace).await?;
            // What a start left to others stays theirs.
            let left = report.waiting.iter().map(|waiting| waiting.version);
            let facts = Facts {
                large: left.collect(),
                ..Facts::default()
            };
            let facts = Some(facts).filter(|_| self.policy == Policy::Development);
            let situation = self.situation(false, Mode::StartUp);
            report.waiting = plan::plan_with(&self.set, &history, situation, facts.as_ref())?.waiting;
        }
    }
}

/// What waits to be seen for long enough, with why.
fn settling(waiting: &Waiting) -> String {
    let why: Vec<&str> = waiting.closed().map(|gate| &*gate.finding).collect();
    format!("{} {}: {}", waiting.version, waiting.name, why.join(", "))
}
