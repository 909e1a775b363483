//! `run`, `run_to_completion`, and the plans that show what they would do.

use std::time::{Duration, Instant};

use futures_timer::Delay;

use super::work::Locked;
use super::worker::{Outcome, Stop};
use super::{AppliedMigration, Event, Migrator, Report};
use crate::database::{Applied, Session};
use crate::error::{Error, Kind};
use crate::history::{History, Reason, Standing};
use crate::model::{Digest, Migration, Version};
use crate::plan::{self, Mode, Plan, Situation};

/// How often readiness is looked at while waiting for it.
const READY_POLL: Duration = Duration::from_millis(500);

impl Migrator {
    /// For the start of a service: applies every expand migration that is pending. `Ok` means that this build may
    /// serve.
    ///
    /// Where nothing is to do, this is one round trip: no lock, no DDL, no write, so it also works on a read-only
    /// replica. On a database that nobody uses yet, everything is applied. Contracts that wait are never an error.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_ready`] where this build needs data that is not moved yet; and everything else that
    /// [`Error`] tells. What was applied before the error stays applied and recorded.
    ///
    /// # Cancellation
    ///
    /// Dropping the future stops the running statement at the server, rolls back what is not committed and frees the
    /// lock.
    pub async fn run(&self) -> Result<Report, Error> {
        self.bring(Mode::StartUp).await
    }

    /// Applies everything that may run now, migrate files and contracts with open gates included. For jobs and tests.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run). Contracts that wait are not an error: they stand in the report.
    pub async fn run_to_completion(&self) -> Result<Report, Error> {
        self.bring(Mode::Completion).await
    }

    /// The part of [`run_to_completion`](Self::run_to_completion) up to and including `version`.
    ///
    /// For tests, and for looking at a schema as it was. On a database that nobody uses yet, everything up to there is
    /// applied, and the database goes on counting as one that nobody uses: so do the next calls, until `run` or
    /// `run_to_completion` completes it. Until then no build may serve from it. What is newer than `version` and
    /// applied already stays; [`down_to`](Self::down_to) takes it back.
    ///
    /// ```no_run
    /// # async fn example(migrator: migrate_core::Migrator) -> Result<(), migrate_core::Error> {
    /// migrator.up_to("20260102120000".parse().unwrap()).await?;
    /// // Here is the schema before the newer migrations: put rows in, then see what becomes of them.
    /// migrator.run_to_completion().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if the set does not have that version, else as [`run`](Self::run).
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run).
    pub async fn up_to(&self, version: Version) -> Result<Report, Error> {
        self.check_names()?;
        self.check_code()?;
        self.check_known(version)?;
        let started = Instant::now();
        self.tell_stale_embedding();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let goal = Goal::UpTo(version);
        let history = self.driver.read_history(&self.namespace).await?;
        let pending = self.plan_for(&history, false, goal)?;
        if pending.steps.is_empty() && history.present && !history.fresh {
            report.waiting = pending.waiting;
            report.notes = pending.notes;
        } else {
            self.apply_pending(goal, &mut report).await?;
        }
        report.took = started.elapsed();
        Ok(report)
    }

    /// What `run_to_completion` would do, and what waits for what. Changes nothing.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run), where history and set do not go together.
    pub async fn plan(&self) -> Result<Plan, Error> {
        self.preview(Mode::Completion).await
    }

    /// What `run` would do. Changes nothing; it is made by the planner that `run` uses.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run), where history and set do not go together.
    pub async fn dry_run(&self) -> Result<Plan, Error> {
        self.preview(Mode::StartUp).await
    }

    async fn preview(&self, mode: Mode) -> Result<Plan, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let plan = self.preview_in(&mut *session, mode).await;
        session.close().await?;
        plan
    }

    async fn preview_in(&self, session: &mut dyn Session, mode: Mode) -> Result<Plan, Error> {
        let history = session.read_history().await?;
        let fresh = self.is_fresh(session, &history).await?;
        plan::plan(&self.set, &history, self.situation(fresh, mode))
    }

    pub(super) fn situation(&self, fresh: bool, mode: Mode) -> Situation {
        Situation {
            fresh,
            mode,
            policy: self.policy,
        }
    }

    fn plan_for(&self, history: &History, fresh: bool, goal: Goal) -> Result<Plan, Error> {
        let mut plan = plan::plan(&self.set, history, self.situation(fresh, goal.mode()))?;
        if let Goal::UpTo(version) = goal {
            plan.steps.retain(|step| step.version <= version);
            plan.waiting.retain(|waiting| waiting.version <= version);
        }
        Ok(plan)
    }

    /// The migrations that are applied, or were, when the goal is reached on a fresh database.
    fn reached_by(&self, goal: Goal) -> &[Migration] {
        let migrations = &self.set.migrations;
        match goal {
            Goal::Everything(_) => migrations,
            Goal::UpTo(version) => {
                &migrations[..migrations.partition_point(|migration| migration.version <= version)]
            }
        }
    }

    async fn bring(&self, mode: Mode) -> Result<Report, Error> {
        self.check_names()?;
        self.check_code()?;
        let started = Instant::now();
        self.tell_stale_embedding();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let standing = self
            .driver
            .read_standing(&self.namespace, self.expected())
            .await?;
        if !self.is_done(mode, &standing) {
            let history = if standing.present {
                self.driver.read_history(&self.namespace).await?
            } else {
                History::default()
            };
            let goal = Goal::Everything(mode);
            let pending = self.plan_for(&history, false, goal)?;
            if pending.steps.is_empty() && history.present && !history.fresh {
                report.waiting = pending.waiting;
                report.notes = pending.notes;
            } else {
                self.apply_pending(goal, &mut report).await?;
            }
        }
        self.wait_until_ready(&mut report, started).await?;
        report.took = started.elapsed();
        Ok(report)
    }

    /// The digest of the set where all of it is applied.
    fn expected(&self) -> &Digest {
        self.expected.get_or_init(|| {
            let migrations = self.set.migrations.iter();
            Digest::of_applied(migrations.map(|migration| (migration.version, migration.semantic)))
        })
    }

    fn is_done(&self, mode: Mode, standing: &Standing) -> bool {
        plan::stands(&self.set, standing)
            && (mode == Mode::StartUp
                || standing.exact
                || self
                    .set
                    .migrations
                    .iter()
                    .all(|migration| standing.is_applied(migration.version)))
    }

    /// Applies what is pending, and moves what has to be moved: that without the migration lock, so that other
    /// instances start meanwhile.
    async fn apply_pending(&self, goal: Goal, report: &mut Report) -> Result<(), Error> {
        loop {
            let mut session = match self.lock(goal.mode() == Mode::StartUp).await? {
                Locked::Session(session) => session,
                Locked::DoneByAnother => return Ok(()),
            };
            let result = self.apply_locked(&mut *session, goal, report).await;
            let closed = session.close().await;
            let moves = result?;
            closed?;
            if moves.is_empty() {
                return Ok(());
            }
            for version in moves {
                self.move_to_the_end(version, report).await?;
            }
        }
    }

    async fn move_to_the_end(&self, version: Version, report: &mut Report) -> Result<(), Error> {
        let Some(migration) = self.set.get(version) else {
            return Ok(());
        };
        let started = Instant::now();
        self.session.observer.event(&Event::Started {
            version,
            name: migration.name.to_string(),
        });
        match self.move_data(migration, &Stop::new()).await? {
            Outcome::Verified => {
                let applied = AppliedMigration {
                    version,
                    name: migration.name.to_string(),
                    took: started.elapsed(),
                };
                self.session.observer.event(&Event::Applied {
                    version,
                    name: applied.name.clone(),
                    took: applied.took,
                });
                report.applied.push(applied);
                Ok(())
            }
            Outcome::Blocked(error) => Err(error),
            Outcome::Stopped => Ok(()),
            Outcome::Held(state, reason) => {
                let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
                let message = format!("the backfill of {migration} is {state}{reason}");
                let error = Error::new(Kind::Backfill, message).migration(migration);
                Err(error.help("`resume` lets it go on; `rerun` begins again from the first row"))
            }
        }
    }

    async fn apply_locked(
        &self,
        session: &mut dyn Session,
        goal: Goal,
        report: &mut Report,
    ) -> Result<Vec<Version>, Error> {
        loop {
            let history = session.read_history().await?;
            let fresh = self.is_fresh(session, &history).await?;
            let plan = self.plan_for(&history, fresh, goal)?;
            if fresh {
                if !session.begin_fresh(self.reached_by(goal), &history).await? {
                    continue;
                }
            } else if !plan.steps.is_empty() {
                session.prepare().await?;
            }
            let moves = self.apply_steps(session, &plan, &history, report).await?;
            if fresh {
                session.end_fresh(matches!(goal, Goal::Everything(_))).await?;
            } else if !plan.steps.is_empty() {
                session.settle().await?;
            }
            report.fresh |= fresh;
            report.waiting = plan.waiting;
            report.notes = plan.notes;
            return Ok(moves);
        }
    }

    async fn apply_steps(
        &self,
        session: &mut dyn Session,
        plan: &Plan,
        history: &History,
        report: &mut Report,
    ) -> Result<Vec<Version>, Error> {
        let mut moves = Vec::new();
        let mut moving: Vec<&str> = Vec::new();
        let observer = &self.session.observer;
        let reason = if plan.fresh { Reason::Fresh } else { Reason::Run };
        for step in &plan.steps {
            let Some(migration) = self.set.get(step.version) else {
                continue;
            };
            // What comes behind a move in its change needs the data in its place.
            if step.moves_data || moving.contains(&&*step.change) {
                if step.moves_data && !moving.contains(&&*step.change) {
                    moves.push(step.version);
                }
                moving.push(&step.change);
                continue;
            }
            let started = Instant::now();
            observer.event(&Event::Started {
                version: migration.version,
                name: migration.name.to_string(),
            });
            let code = self.code_of(migration)?;
            if session.apply(migration, code, reason, history).await? == Applied::ByAnother {
                continue;
            }
            let applied = AppliedMigration {
                version: migration.version,
                name: migration.name.to_string(),
                took: started.elapsed(),
            };
            observer.event(&Event::Applied {
                version: applied.version,
                name: applied.name.clone(),
                took: applied.took,
            });
            report.applied.push(applied);
        }
        Ok(moves)
    }

    /// Returns once this build may serve, or says what is missing when the ready time-out is over.
    async fn wait_until_ready(&self, report: &mut Report, started: Instant) -> Result<(), Error> {
        let mut told = false;
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
                return Err(Error::new(
                    Kind::NotReady,
                    format!(
                        "this build may not serve yet: it reads data that is not moved ({})",
                        missing.join(", ")
                    ),
                )
                .help("move the data first: `run_to_completion` in a job before the deployment does it"));
            }
            if !told {
                self.session.observer.event(&Event::NotReady { waiting: missing });
                told = true;
            }
            Delay::new(READY_POLL.min(self.ready_timeout.saturating_sub(started.elapsed()))).await;
            let history = self.driver.read_history(&self.namespace).await?;
            report.waiting = plan::plan(&self.set, &history, self.situation(false, Mode::StartUp))?.waiting;
        }
    }

    /// In debug builds: says so when the folder is not what is embedded, which happens without a `build.rs`.
    fn tell_stale_embedding(&self) {
        let Some(folder) = self.set.folder else {
            return;
        };
        let Ok(files) = crate::source::files_in_folder(std::path::Path::new(folder)) else {
            return;
        };
        let embedded = |path: &str| {
            self.set.migrations.iter().any(|migration| {
                let down = migration.down.as_ref().map(|down| &down.path);
                migration.path.ends_with(path) || down.is_some_and(|down| down.ends_with(path))
            })
        };
        let files: Vec<String> = files
            .into_iter()
            .map(|file| file.path)
            .filter(|path| path.ends_with(".sql") && !embedded(path))
            .collect();
        if !files.is_empty() {
            self.session.observer.event(&Event::StaleEmbedding { files });
        }
    }
}

/// How far a call goes.
#[derive(Clone, Copy)]
enum Goal {
    /// As far as its caller may go.
    Everything(Mode),
    /// Up to and including a version, with everything that may run now.
    UpTo(Version),
}

impl Goal {
    fn mode(self) -> Mode {
        match self {
            Goal::Everything(mode) => mode,
            Goal::UpTo(_) => Mode::Completion,
        }
    }
}
