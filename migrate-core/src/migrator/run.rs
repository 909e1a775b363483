//! `run`, `run_to_completion`, and the plans that show what they would do.

mod moving;
mod steps;

use std::time::Instant;

use super::work::Locked;
use super::{Migrator, Report};
use crate::database::Session;
use crate::error::Error;
use crate::gates::Facts;
use crate::history::{History, Row, Standing};
use crate::model::{Digest, Migration, Version};
use crate::plan::{self, Mode, Plan, Policy, Situation};

impl Migrator {
    /// For the start of a service: applies every expand migration that is pending. `Ok` means that this build may
    /// serve.
    ///
    /// Where nothing is to do, this is one round trip: no lock, no DDL, no write, so it also works on a read-only
    /// replica. On a database that nobody uses yet, everything is applied. Contracts that wait are never an error.
    ///
    /// Where the database has no history of the set, and the table of a tool that [`adopt`](Self::adopt) knows says that
    /// it applied one of its versions, nothing is applied: it would run a second time.
    ///
    /// Under [`Policy::Development`], data files and contracts are applied as well, and drafts that were edited since they
    /// were applied are taken back and applied again; tables of more than 100,000 rows are left to a worker.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_adopted`] where another tool applied migrations of the set, before anything is written;
    /// [`Error::is_not_ready`] where this build needs data that is not moved yet; [`Error::is_policy_refused`] where the
    /// database is not kept under the development policy and only that would let it go on; and everything else that
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
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run). A batch that was not committed is undone, and what this call had taken of a backfill is given
    /// back, as for [`worker`](Self::worker).
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
        let pending = self.plan_for(&history, false, goal, None)?;
        if self.is_nothing(goal, &history, &pending) {
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
    /// As [`run`](Self::run), where history and set do not go together, or another tool has the history.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn plan(&self) -> Result<Plan, Error> {
        self.preview(Mode::Completion).await
    }

    /// What `run` would do. Changes nothing; it is made by the planner that `run` uses.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run), where history and set do not go together, or another tool has the history.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn dry_run(&self) -> Result<Plan, Error> {
        self.preview(Mode::StartUp).await
    }

    async fn preview(&self, mode: Mode) -> Result<Plan, Error> {
        self.check_names()?;
        let mut session = self.open_to_look().await?;
        let plan = self.preview_in(&mut *session, mode).await;
        session.close().await?;
        plan
    }

    pub(super) async fn preview_in(&self, session: &mut dyn Session, mode: Mode) -> Result<Plan, Error> {
        let history = session.read_history().await?;
        let mut others = self.look_at_others(session, &history).await?;
        others.check()?;
        let fresh = self.is_fresh(session, &history).await?;
        let look = match !fresh && self.waits_for_gates(&history) {
            true => Some(self.look(session, &history).await?),
            false => None,
        };
        let facts = match look {
            Some(look) => Some(look.facts),
            None if self.looks_for_large(mode, fresh) => Some(self.look_for_large(session, &history).await?),
            None => None,
        };
        let situation = self.situation(fresh, mode);
        let mut plan = plan::plan_with(&self.set, &history, situation, facts.as_ref())?;
        plan.notes.extend(others.of_others);
        if !fresh && self.opens_by_itself(&plan) {
            let refused = self.check_policy(session).await.err();
            plan.notes
                .extend(refused.map(|error| format!("it would be refused: {error}")));
        }
        Ok(plan)
    }

    /// Whether a start moves small tables, and leaves the others.
    fn looks_for_large(&self, mode: Mode, fresh: bool) -> bool {
        self.policy == Policy::Development && mode == Mode::StartUp && !fresh
    }

    pub(super) fn situation(&self, fresh: bool, mode: Mode) -> Situation {
        Situation {
            fresh,
            mode,
            policy: self.policy,
        }
    }

    fn plan_for(
        &self,
        history: &History,
        fresh: bool,
        goal: Goal,
        facts: Option<&Facts>,
    ) -> Result<Plan, Error> {
        let mut plan = plan::plan_with(&self.set, history, self.situation(fresh, goal.mode()), facts)?;
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
        let served = self.is_serving();
        let unkept = self.unkept();
        let result = self.bring_registered(mode).await;
        match (mode, &result) {
            (Mode::StartUp, Ok(_)) => {
                self.serves();
                self.keep_registered();
            }
            // What may not serve is no instance that others have to wait for.
            (Mode::StartUp, Err(_)) if !served => self.leave().await,
            (Mode::StartUp, Err(_)) => {}
            (Mode::Completion, _) => {}
        }
        drop(unkept);
        result
    }

    async fn bring_registered(&self, mode: Mode) -> Result<Report, Error> {
        let started = Instant::now();
        self.tell_stale_embedding();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let standing = match mode {
            Mode::StartUp => self.arrive().await?,
            Mode::Completion => {
                self.driver
                    .read_standing(&self.namespace, self.expected())
                    .await?
            }
        };
        if mode == Mode::Completion && standing.present {
            self.move_opened_again().await?;
        }
        if !self.is_done(mode, &standing) {
            let history = if standing.present {
                self.driver.read_history(&self.namespace).await?
            } else {
                History::default()
            };
            let goal = Goal::Everything(mode);
            let pending = self.plan_for(&history, false, goal, None)?;
            if self.is_nothing(goal, &history, &pending) {
                report.waiting = pending.waiting;
                report.notes = pending.notes;
            } else {
                self.apply_pending(goal, &mut report).await?;
                if mode == Mode::StartUp {
                    self.arrive_late().await?;
                } else {
                    self.wait_until_settled(goal, &mut report).await?;
                }
            }
        }
        self.wait_until_ready(&mut report, started).await?;
        report.took = started.elapsed();
        Ok(report)
    }

    /// Whether there is nothing to do, and no contract to look at.
    fn is_nothing(&self, goal: Goal, history: &History, plan: &Plan) -> bool {
        let looks = goal.mode() == Mode::Completion && self.waits_for_gates(history);
        plan.is_empty() && history.present && !history.fresh && !looks
    }

    /// The digest of the set where all of it is applied.
    pub(super) fn expected(&self) -> &Digest {
        self.expected
            .get_or_init(|| Digest::of_applied(self.set.when_applied()))
    }

    fn is_done(&self, mode: Mode, standing: &Standing) -> bool {
        // Under the development policy a start does everything.
        let serves_only = mode == Mode::StartUp && self.policy == Policy::Production;
        plan::stands(&self.set, standing)
            && (serves_only
                || standing.exact
                || self
                    .set
                    .migrations
                    .iter()
                    .all(|migration| standing.is_applied(migration.version)))
    }

    /// Applies what is pending, and moves what has to be moved: that without the migration lock, so that other
    /// instances start meanwhile.
    pub(super) async fn apply_pending(&self, goal: Goal, report: &mut Report) -> Result<(), Error> {
        loop {
            let may_be_done = goal.mode() == Mode::StartUp && self.policy == Policy::Production;
            let mut session = match self.lock(may_be_done).await? {
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

    pub(super) async fn apply_locked(
        &self,
        session: &mut dyn Session,
        goal: Goal,
        report: &mut Report,
    ) -> Result<Vec<Version>, Error> {
        // What was taken back because a draft was edited; the next turn plans without.
        let mut redone: Vec<Row> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        loop {
            let history = session.read_history().await?;
            let mut others = self.look_at_others(session, &history).await?;
            others.check()?;
            let fresh = self.is_fresh(session, &history).await?;
            let looks = goal.mode() == Mode::Completion && history.present && !fresh;
            let facts = if looks {
                self.look_and_say(session, &history).await?
            } else if self.looks_for_large(goal.mode(), fresh) {
                Some(self.look_for_large(session, &history).await?)
            } else {
                None
            };
            let plan = self.plan_for(&history, fresh, goal, facts.as_ref())?;
            if !plan.taken_back.is_empty() {
                redone.extend(self.redo_drafts(session, &history, &plan, report).await?);
                notes.extend(plan.notes);
                continue;
            }
            if fresh {
                if !session.begin_fresh(self.reached_by(goal), &history).await? {
                    continue;
                }
            } else if !plan.steps.is_empty() {
                session.prepare().await?;
            }
            if fresh || !plan.steps.is_empty() {
                self.keep_policy(session, fresh, &mut notes).await?;
                session.enroll(&self.own_build(), self.now_ms()).await?;
            }
            if self.is_to_be_moved(&history, fresh) && (fresh || history.present || !plan.steps.is_empty()) {
                notes.extend(session.prepare_for_workers().await?);
            }
            if goal.mode() == Mode::StartUp && !fresh {
                self.check_start_up(session, &plan).await?;
            }
            report.waiting.clear();
            let by_itself = !fresh && self.opens_by_itself(&plan);
            if by_itself {
                self.close_for_development(session).await?;
            }
            let applied = self.apply_steps(session, &plan, &history, &redone, report).await;
            let opened = match by_itself {
                true => session.open_door().await,
                false => Ok(()),
            };
            let applied = applied.map_err(|error| self.explained(error, &history, &others));
            let moves = applied.and_then(|moves| opened.map(|()| moves))?;
            if fresh {
                session.end_fresh(matches!(goal, Goal::Everything(_))).await?;
            } else if !plan.steps.is_empty() {
                self.say_what_was_done(session, &plan).await?;
                session.settle().await?;
            }
            report.fresh |= fresh;
            report.waiting.extend(plan.waiting);
            notes.extend(plan.notes);
            notes.extend(others.of_others);
            // What an earlier turn found is as true as it was.
            for note in notes {
                if !report.notes.contains(&note) {
                    report.notes.push(note);
                }
            }
            return Ok(moves);
        }
    }

    /// Whether workers have data to move, or had on a database that somebody uses: their role may be one that makes no
    /// tables, so who applies makes theirs.
    fn is_to_be_moved(&self, history: &History, fresh: bool) -> bool {
        let migrations = &self.set.migrations;
        let mut moving = migrations.iter().filter(|one| one.backfill.is_some());
        moving.any(|migration| fresh || !history.is_applied(migration.version))
    }

    /// Makes the tables that workers need, where data waits for them; a start that has nothing else to do does not look.
    /// Gives back what is to be done where this role may not make them.
    #[cfg(feature = "cli")]
    pub(crate) async fn prepare_for_workers(&self) -> Result<Option<String>, Error> {
        let mut session = self.open_to_look().await?;
        let result = async {
            let history = session.read_history().await?;
            match history.present && !history.fresh && self.is_to_be_moved(&history, false) {
                true => session.prepare_for_workers().await,
                false => Ok(None),
            }
        }
        .await;
        session.close().await?;
        result
    }

    /// Writes down what became of the changes that are named; what wrote no log yet does not begin with one.
    async fn say_what_was_done(&self, session: &mut dyn Session, plan: &Plan) -> Result<(), Error> {
        let is_named = |step: &plan::Step| self.set.get(step.version).is_some_and(|one| one.change.is_some());
        if !plan.steps.iter().any(is_named) {
            return Ok(());
        }
        let history = session.read_history().await?;
        let unsaid = self.look(session, &history).await?.unsaid;
        session.write_log(&unsaid).await
    }
}

/// How far a call goes.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// As far as its caller may go.
    Everything(Mode),
    /// Up to and including a version, with everything that may run now.
    UpTo(Version),
}

impl Goal {
    pub(super) fn mode(self) -> Mode {
        match self {
            Goal::Everything(mode) => mode,
            Goal::UpTo(_) => Mode::Completion,
        }
    }
}
