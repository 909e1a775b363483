//! Taking a whole change back.

use core::fmt;
use std::time::Instant;

use super::loss::Losses;
use super::work::Locked;
use super::{Event, Loss, Migrator, Report};
use crate::backfill::BackfillState;
use crate::change::Occurrence;
use crate::database::{Applied, Begun, Session, shown};
use crate::error::{Error, Kind};
use crate::gates::{loses_data, needs_new};
use crate::history::{History, Row, State};
use crate::model::{Phase, Version};
use crate::plan::{Policy, WayBack, way_back};

/// What a rollback would do: [`Migrator::rollback_plan`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RollbackPlan {
    /// The change.
    pub change: String,
    /// What is taken back, in order: the version, the name, the phase.
    pub steps: Vec<(Version, String, Phase)>,
    /// The backfills that are stopped.
    pub stops: Vec<Version>,
    /// Why it is refused; empty where it is not.
    pub refusals: Vec<String>,
    /// Refusals that discarding the data overrides.
    pub discards: Vec<String>,
    /// What is lost, counted now.
    pub losses: Vec<Loss>,
    /// What is not lost, and becomes of another type or value, counted now.
    pub altered: Vec<String>,
    /// What is lost, or becomes another, and could not be counted, with why.
    pub uncounted: Vec<String>,
    /// What the files say of the loss.
    pub declared: Vec<String>,
    /// Until when it is possible, as the files say.
    pub windows: Vec<String>,
}

impl fmt::Display for RollbackPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rollback of `{}`", self.change)?;
        for refusal in &self.refusals {
            write!(f, "\n  refused: {refusal}")?;
        }
        for refusal in &self.discards {
            write!(f, "\n  refused, unless the data is discarded: {refusal}")?;
        }
        for version in &self.stops {
            write!(f, "\n  stops the backfill of {version}")?;
        }
        for (version, name, phase) in &self.steps {
            write!(f, "\n  - {version} {name} [{phase}]")?;
        }
        for loss in &self.losses {
            write!(f, "\n  loses {loss} ({})", loss.version)?;
        }
        for altered in &self.altered {
            write!(f, "\n  {altered}")?;
        }
        for uncounted in &self.uncounted {
            write!(f, "\n  loses {uncounted}")?;
        }
        for declared in &self.declared {
            write!(f, "\n  data loss, as declared: {declared}")?;
        }
        for window in &self.windows {
            write!(f, "\n  possible {window}")?;
        }
        if self.steps.is_empty() && self.stops.is_empty() && self.refusals.is_empty() {
            f.write_str("\n  nothing of it is in the database")?;
        }
        Ok(())
    }
}

impl Migrator {
    /// What [`rollback`](Self::rollback) would do, what it would lose, and why it would be refused. Changes nothing; it
    /// counts rows, for as long as [`count_limit`](crate::migrator::MigratorBuilder::count_limit) for each file.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if neither this build nor the database has that change.
    pub async fn rollback_plan(&self, change: &str) -> Result<RollbackPlan, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let planned = async {
            let history = session.read_history().await?;
            self.plan_rollback(&mut *session, &history, change).await
        }
        .await;
        session.close().await?;
        planned
    }

    /// Takes a change back, up to its point of no return, and keeps builds that embed it from applying it again until
    /// [`resume_change`](Self::resume_change).
    ///
    /// Backfills stop, the triggers of a sync go, and the downs run in reverse order; data that was moved stays where it
    /// is until the down of its expand removes its place. Where this build does not embed the files, what the history
    /// keeps of them is used. Roll the application back first: builds that need the new shape keep it.
    ///
    /// # Errors
    ///
    /// [`Error::is_rollback_refused`], saying why: a running build needs the new shape, the data is moved and wrong, or
    /// data is lost already. [`Error::is_irreversible`] where a file has no way back. Nothing is touched then.
    pub async fn rollback(&self, change: &str) -> Result<Report, Error> {
        self.roll_back(change, false).await
    }

    /// As [`rollback`](Self::rollback), though data that was moved is wrong, and is given up with that.
    ///
    /// # Errors
    ///
    /// As [`rollback`](Self::rollback).
    pub async fn rollback_discarding(&self, change: &str) -> Result<Report, Error> {
        self.roll_back(change, true).await
    }

    /// Lets a change be applied again that was rolled back: the next run of a build that embeds it does.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if the change was not rolled back.
    pub async fn resume_change(&self, change: &str) -> Result<(), Error> {
        self.check_names()?;
        let Locked::Session(mut session) = self.lock(false).await? else {
            return Ok(());
        };
        let result = async {
            let history = session.read_history().await?;
            let versions: Vec<Version> = history
                .withdrawn
                .iter()
                .copied()
                .filter(|version| history.change_of(*version) == Some(change))
                .collect();
            if versions.is_empty() {
                let message = format!("the change `{change}` was not rolled back");
                return Err(Error::new(Kind::UnknownVersion, message));
            }
            session.let_again(&versions).await?;
            let entry = self.entry(change, None, Occurrence::Resumed, Vec::new());
            session.write_log(&[entry]).await?;
            session.settle().await
        }
        .await;
        let closed = session.close().await;
        result?;
        closed
    }

    async fn roll_back(&self, change: &str, discard: bool) -> Result<Report, Error> {
        self.check_names()?;
        let started = Instant::now();
        let served = self.step_aside().await;
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let result = self.roll_back_alone(change, discard, &mut report).await;
        if served && result.is_err() && report.reverted.is_empty() {
            self.step_back().await;
        }
        result?;
        report.took = started.elapsed();
        Ok(report)
    }

    async fn roll_back_alone(&self, change: &str, discard: bool, report: &mut Report) -> Result<(), Error> {
        let Locked::Session(mut session) = self.lock(false).await? else {
            return Ok(());
        };
        let planned = self.check_rollback(&mut *session, change, discard).await;
        let planned = match planned {
            Ok(planned) => planned,
            Err(error) => {
                session.close().await?;
                return Err(error);
            }
        };
        // Workers stop before anything is taken back: one that comes to the end of its backfill finds it cancelled.
        if !planned.stops.is_empty() {
            session.close().await?;
            self.stop_backfills(&planned.stops, change).await?;
            session = match self.lock(false).await? {
                Locked::Session(session) => session,
                Locked::DoneByAnother => return Ok(()),
            };
        }
        let result = self
            .roll_back_locked(&mut *session, change, &planned, report)
            .await;
        let closed = session.close().await;
        result?;
        closed
    }

    /// What a rollback would do; an error where it is refused.
    async fn check_rollback(
        &self,
        session: &mut dyn Session,
        change: &str,
        discard: bool,
    ) -> Result<RollbackPlan, Error> {
        let history = session.read_history().await?;
        let planned = self.plan_rollback(session, &history, change).await?;
        let given_up = planned.discards.iter().filter(|_| !discard);
        check_refusals(change, planned.refusals.iter().chain(given_up))?;
        if planned.steps.is_empty() && planned.stops.is_empty() {
            let message = format!("nothing of the change `{change}` is in the database");
            return Err(Error::new(Kind::UnknownVersion, message));
        }
        Ok(planned)
    }

    /// `first` is what was planned before its backfills were stopped.
    async fn roll_back_locked(
        &self,
        session: &mut dyn Session,
        change: &str,
        first: &RollbackPlan,
        report: &mut Report,
    ) -> Result<(), Error> {
        let history = session.read_history().await?;
        let planned = self.plan_rollback(session, &history, change).await?;
        check_refusals(change, planned.refusals.iter())?;
        let rows: Vec<&Row> = planned
            .steps
            .iter()
            .filter_map(|(version, ..)| history.get(*version))
            .collect();
        // All are looked at before the first one is touched.
        for row in &rows {
            match self.embedded(row) {
                Some(migration) => super::down::check_way_back(row, migration)?,
                None => session.check_way_back(row).await?,
            }
        }
        session.prepare().await?;
        let unsaid = self.look(session, &history).await?.unsaid;
        session.write_log(&unsaid).await?;
        // Written first: what is lost cannot be counted behind it.
        let mut figures: Vec<(String, String)> = planned
            .losses
            .iter()
            .map(|loss| (format!("loses ({})", loss.version), loss.to_string()))
            .collect();
        let named = |name: &str, values: &[String]| {
            let values = values.iter().map(|value| (name.to_owned(), value.clone()));
            values.collect::<Vec<_>>()
        };
        figures.extend(named("alters", &planned.altered));
        figures.extend(named("loses", &planned.uncounted));
        figures.extend(
            first
                .discards
                .iter()
                .map(|why| ("discarded".to_owned(), why.clone())),
        );
        let begun = self.entry(change, None, Occurrence::Noted, {
            let mut figures = figures.clone();
            figures.insert(0, ("rollback".to_owned(), "begins".to_owned()));
            figures
        });
        session.write_log(&[begun]).await?;
        for row in &rows {
            let figures = vec![
                ("by".to_owned(), "rollback".to_owned()),
                ("attempt".to_owned(), row.attempt.to_string()),
                ("digest".to_owned(), row.semantic.to_string()),
            ];
            let said = self.entry(change, Some(row.version), Occurrence::TakenBack, figures);
            if session
                .revert(row, &[], self.embedded(row), State::RolledBack, &[said])
                .await?
                == Applied::ByAnother
            {
                continue;
            }
            self.session.observer.event(&Event::Reverted {
                version: row.version,
                name: row.name.clone(),
            });
            report.reverted.push((row.version, row.name.clone()));
        }
        let entry = self.entry(change, None, Occurrence::RolledBack, figures);
        session.write_log(&[entry]).await?;
        session.settle().await
    }

    /// Gives up the backfills of a change whose rows are gone: their workers find nothing left to do.
    async fn stop_backfills(&self, versions: &[Version], change: &str) -> Result<(), Error> {
        for version in versions {
            let reason = format!("the change `{change}` was rolled back");
            match self.cancel(*version, &reason).await {
                // It ended by itself, or was never begun.
                Err(error) if error.is_backfill() => {}
                result => result?,
            }
        }
        Ok(())
    }

    async fn plan_rollback(
        &self,
        session: &mut dyn Session,
        history: &History,
        change: &str,
    ) -> Result<RollbackPlan, Error> {
        let known = history.rows.iter().any(|row| row.change == change)
            || self.set.migrations.iter().any(|one| one.change_name() == change);
        if !known {
            self.check_change(change)?;
        }
        let rows: Vec<&Row> = history
            .rows
            .iter()
            .rev()
            .filter(|row| row.change == change)
            .collect();
        for squash in self.squashes(session, history).await? {
            let is_of = |row: &&&Row| row.version == squash.version || squash.members.contains(&row.version);
            if let Some(row) = rows.iter().find(is_of) {
                return Ok(RollbackPlan {
                    change: change.to_owned(),
                    refusals: vec![format!(
                        "{} is squashed into {}, which is taken back as a whole or not at all: `down` does that",
                        shown(row.version, &row.name),
                        squash.version
                    )],
                    ..RollbackPlan::default()
                });
            }
        }
        let moving = session.moving().await?;
        let of_change = |begun: &&Begun| {
            let of_set = self.set.get(begun.version);
            of_set.is_some_and(|one| one.change_name() == change)
                && (!history.is_applied(begun.version) || begun.was_right)
        };
        let mut planned = RollbackPlan {
            change: change.to_owned(),
            steps: rows
                .iter()
                .map(|row| (row.version, row.name.clone(), row.phase))
                .collect(),
            stops: moving
                .iter()
                .filter(of_change)
                .filter(|begun| !matches!(begun.state, BackfillState::Cancelled | BackfillState::Verified))
                .map(|begun| begun.version)
                .collect(),
            ..RollbackPlan::default()
        };
        for row in &rows {
            self.plan_one(row, &mut planned);
            // What has no way back is refused for that.
            let has_way = self.embedded(row).is_none_or(|migration| {
                matches!(way_back(migration), WayBack::Down { .. } | WayBack::KeepData)
            });
            if has_way && self.lost_data(session, row).await? {
                planned.refusals.push(format!(
                    "the contract {} has lost data, which its down cannot bring back: restore a backup",
                    shown(row.version, &row.name)
                ));
            }
        }
        for begun in moving.iter().filter(of_change) {
            // One that did not come to its end was moved in part, which is what a rollback is for.
            if begun.state == BackfillState::Blocked && begun.ended {
                planned.discards.push(format!(
                    "the data that the backfill of {} moved is wrong, and a rollback of the schema does not \
                     mend it: write a corrective backfill ({})",
                    begun.version,
                    begun.reason.as_deref().unwrap_or("it is blocked")
                ));
            }
        }
        if let Err(error) = self.check_policy(session).await {
            planned.refusals.push(error.to_string());
        }
        if self.policy == Policy::Production {
            let live = session.look_around().await?;
            for instance in &live.instances {
                match &instance.build {
                    None => planned.refusals.push(format!(
                        "{instance} runs, and nobody knows whether it needs the new shape: stop it first"
                    )),
                    Some(build) => {
                        let needs = needs_new(&self.set, history, change, build);
                        planned.refusals.extend(needs.map(|needs| {
                            format!("{instance} runs, and {needs}: roll the application back first")
                        }));
                    }
                }
            }
        }
        let Losses {
            lost,
            altered,
            uncounted,
        } = self.count_losses(session, &rows).await?;
        (planned.losses, planned.altered, planned.uncounted) = (lost, altered, uncounted);
        Ok(planned)
    }

    fn plan_one(&self, row: &Row, planned: &mut RollbackPlan) {
        let name = shown(row.version, &row.name);
        if row.state != State::Applied && row.state != State::Reverting && !row.did_nothing() {
            planned.refusals.push(format!(
                "{name} was applied in part: finish it first, `run` goes on where it was interrupted"
            ));
        }
        let Some(migration) = self.embedded(row) else {
            return;
        };
        if let Some(note) = &migration.rollback {
            planned
                .declared
                .extend(note.data_loss.iter().map(|text| format!("{name}: {text}")));
            planned
                .windows
                .extend(note.window.iter().map(ToString::to_string));
        }
        match way_back(migration) {
            WayBack::Irreversible(reason) => {
                planned
                    .refusals
                    .push(format!("{name} is irreversible ({reason}): restore a backup"));
            }
            WayBack::Missing => planned
                .refusals
                .push(format!("{name} has no down: restore a backup")),
            WayBack::Down { .. } | WayBack::KeepData => {}
        }
    }

    /// Whether a migration is a contract that lost data when it was applied.
    pub(super) async fn lost_data(&self, session: &mut dyn Session, row: &Row) -> Result<bool, Error> {
        if row.phase != Phase::Contract || row.did_nothing() {
            return Ok(false);
        }
        match self.embedded(row) {
            Some(migration) => Ok(loses_data(migration, self.set.dialect)),
            None => session.stored_loses_data(row).await,
        }
    }
}

/// The first reason not to roll a change back is the error, the others its notes.
fn check_refusals<'a>(change: &str, mut refusals: impl Iterator<Item = &'a String>) -> Result<(), Error> {
    let Some(first) = refusals.next() else {
        return Ok(());
    };
    let message = format!("the change `{change}` is not rolled back: {first}");
    let error = Error::new(Kind::RollbackRefused, message);
    Err(refusals.fold(error, |error, other| error.note(other.clone())))
}
