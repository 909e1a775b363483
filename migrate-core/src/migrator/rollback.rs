//! Taking a whole change back.

mod plan;

use std::time::Instant;

use super::missing::{embedding, misses};
use super::work::Locked;
use super::{Event, Migrator, Report};
use crate::change::Occurrence;
use crate::database::{Applied, Session};
use crate::error::{Error, Kind};
use crate::history::{Row, State};
use crate::model::Version;
use crate::plan::Policy;

pub use plan::RollbackPlan;

impl Migrator {
    /// What [`rollback`](Self::rollback) would do, what it would lose, and why it would be refused. Changes nothing; it
    /// counts rows, for as long as [`count_limit`](crate::migrator::MigratorBuilder::count_limit) for each file.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if neither this build nor the database has that change.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
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
    /// is until the down of its expand removes its place. Where this build embeds a file not at all, or with another text,
    /// the text that the history keeps of it is used: so a change can be taken back that no build knows any more. What
    /// such a down removes is not counted before, and whether such a contract lost data is read from its text; without one
    /// it counts as lost. Roll the application back first: builds that need the new shape keep it, and instances that only
    /// embed what goes miss it; the notes of the plan and of the report name those.
    ///
    /// # Errors
    ///
    /// Nothing is touched where one of these is the answer:
    ///
    /// - [`Error::is_rollback_refused`], saying everything that is in the way: an instance runs that needs the new shape,
    ///   or may need it, as [`down`](Self::down) says; a contract has lost data; a file of this build has no way back; a
    ///   migration was applied in part; the data is moved and wrong; or a migration is squashed. Under
    ///   [`Policy::Development`] instances are not asked about.
    /// - [`Error::is_unknown_version`] if neither this build nor the database has that change, or nothing of it is in the
    ///   database.
    ///
    /// [`Error::is_irreversible`] where the history keeps no way back of a file that this build does not embed. No
    /// migration is touched then, though backfills of the change were stopped.
    ///
    /// # Cancellation
    ///
    /// As for [`down`](Self::down). Backfills that were stopped stay so, and what was taken back stays out; the same call takes
    /// the rest back.
    pub async fn rollback(&self, change: &str) -> Result<Report, Error> {
        self.roll_back(change, false).await
    }

    /// As [`rollback`](Self::rollback), though data that was moved is wrong, and is given up with that.
    ///
    /// # Errors
    ///
    /// As [`rollback`](Self::rollback), but for data that is moved and wrong.
    ///
    /// # Cancellation
    ///
    /// As for [`rollback`](Self::rollback).
    pub async fn rollback_discarding(&self, change: &str) -> Result<Report, Error> {
        self.roll_back(change, true).await
    }

    /// Lets a change be applied again that was rolled back: the next run of a build that embeds it does.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if the change was not rolled back.
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run). The log of the change may not say what was done already.
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
        if self.policy == Policy::Production {
            let live = session.look_around().await?;
            report.notes.extend(misses(&embedding(&live, &rows)));
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
            if self
                .revert_in(session, row, &[], State::RolledBack, &[said])
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
