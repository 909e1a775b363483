//! Taking migrations back.

use std::time::Instant;

use super::missing::{embedding, misses};
use super::squash::together;
use super::work::Locked;
use super::{AppliedMigration, Event, Migrator, Report};
use crate::database::{Applied, Session, shown};
use crate::error::{Error, Kind, counted};
use crate::gates::needs_new;
use crate::history::{History, Reason, Row, State};
use crate::model::{Migration, Version};
use crate::plan::{Policy, WayBack, way_back};

impl Migrator {
    /// Takes the newest applied migration back. What its down drops is counted before, and stands in the log.
    ///
    /// Where this build does not embed it, the text that the history keeps is used. The report's notes say so, and which
    /// instances run that embed what was taken back and may miss it: an expand is taken back under them.
    ///
    /// # Errors
    ///
    /// Nothing is touched where one of these is the answer:
    ///
    /// - [`Error::is_irreversible`] if there is no way back;
    /// - [`Error::is_dirty`] if it was applied in part: finish it first;
    /// - [`Error::is_rollback_refused`] if an instance runs that needs the new shape of its change, or may need it: its
    ///   build embeds a contract of the change, or migrations that neither this build nor the history knows, or nobody
    ///   knows what it embeds. So it is for a contract that lost data when it was applied, unless that was on a database
    ///   that nobody used yet: its down brings the old shape back, and not what was in it.
    ///
    /// Under [`Policy::Development`] neither instances nor lost data are asked about. A squash of which a part was to stay,
    /// or whose file this build does not have, is refused in the same way under each policy.
    ///
    /// A statement that fails leaves its migration as a failed [`run`](Self::run) does.
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run). What was taken back before stays so, and the log of its change may not say it. This
    /// instance is not registered any more until its worker or its next [`run`](Self::run) registers it.
    pub async fn down(&self) -> Result<Report, Error> {
        self.take_back(Target::Newest, false).await
    }

    /// Takes back every applied migration that is newer than `version`, newest first. Version 0 takes all back.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if neither set nor history has that version, and as [`down`](Self::down) if that is so
    /// for one of the migrations; then nothing is touched. What was taken back before a statement failed stays so.
    ///
    /// # Cancellation
    ///
    /// As for [`down`](Self::down); the same call takes the rest back.
    pub async fn down_to(&self, version: Version) -> Result<Report, Error> {
        self.take_back(Target::Version(version), false).await
    }

    /// Takes the newest applied migration back and applies it again, as this build embeds it. For development.
    ///
    /// # Errors
    ///
    /// As [`down`](Self::down), [`Error::is_rollback_refused`] included; and [`Error::is_unknown_version`] if this build does
    /// not embed it. Where only the way up fails, it stays taken back.
    ///
    /// # Cancellation
    ///
    /// As for [`down`](Self::down). What was taken back and not applied again is pending, as behind [`down`](Self::down).
    pub async fn redo(&self) -> Result<Report, Error> {
        self.take_back(Target::Newest, true).await
    }

    async fn take_back(&self, target: Target, again: bool) -> Result<Report, Error> {
        self.check_names()?;
        if again {
            self.check_code()?;
        }
        let started = Instant::now();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let served = self.step_aside().await;
        let result = self.take_back_alone(target, again, &mut report).await;
        if served && result.is_err() && report.reverted.is_empty() {
            self.step_back().await;
        }
        result?;
        report.took = started.elapsed();
        Ok(report)
    }

    async fn take_back_alone(&self, target: Target, again: bool, report: &mut Report) -> Result<(), Error> {
        let Locked::Session(mut session) = self.lock(false).await? else {
            return Ok(());
        };
        let result = self.take_back_locked(&mut *session, target, again, report).await;
        let closed = session.close().await;
        result?;
        closed
    }

    /// [`down`](Self::down) on a session that is locked already.
    pub(super) async fn take_newest_back(
        &self,
        session: &mut dyn Session,
        report: &mut Report,
    ) -> Result<(), Error> {
        self.take_back_locked(session, Target::Newest, false, report)
            .await
    }

    async fn take_back_locked(
        &self,
        session: &mut dyn Session,
        target: Target,
        again: bool,
        report: &mut Report,
    ) -> Result<(), Error> {
        self.check_policy(session).await?;
        let history = session.read_history().await?;
        let rows = self.rows_above(&history, target)?;
        if again && rows.iter().any(|row| self.set.get(row.version).is_none()) {
            return Err(Error::new(
                Kind::UnknownVersion,
                "the newest applied migration is not in this build, so it cannot be applied again",
            ));
        }
        // All are looked at before the first one is touched.
        let squashes = self.squashes(session, &history).await?;
        let together = together(self, &history, &rows, target.kept(), &squashes)?;
        for (row, _) in &together {
            check_complete(row)?;
            match self.embedded(row) {
                Some(migration) => check_way_back(row, migration)?,
                None => session.check_way_back(row).await?,
            }
        }
        let missed = self.check_not_needed(session, &history, &rows).await?;
        self.check_nothing_lost(session, &rows).await?;
        if !rows.is_empty() {
            report.notes.extend(self.history_of_another(&history));
            report.notes.extend(self.by_the_history(&rows));
            report.notes.extend(missed);
            session.prepare().await?;
            let unsaid = self.look(session, &history).await?.unsaid;
            session.write_log(&unsaid).await?;
        }
        let by = if again { "redo" } else { "down" };
        let mut changes = Vec::new();
        for (row, with) in &together {
            let counted = self.count_down(session, row).await?;
            let mut said = self.said_of_taking_back(row, by, counted, &mut changes);
            for other in with {
                said.extend(self.said_of_taking_back(other, by, Vec::new(), &mut changes));
            }
            let reverted = self.revert_in(session, row, with, State::Reverted, &said).await?;
            if reverted == Applied::ByAnother {
                continue;
            }
            self.session.observer.event(&Event::Reverted {
                version: row.version,
                name: row.name.clone(),
            });
            report.reverted.push((row.version, row.name.clone()));
        }
        if again {
            let history = session.read_history().await?;
            for row in &rows {
                let Some(migration) = self.set.get(row.version) else {
                    continue;
                };
                let started = Instant::now();
                let mut said = self.squash_entries(migration);
                said.push(self.said_of_redoing(row, migration));
                self.apply_in(session, migration, Reason::Run, &history, &said)
                    .await?;
                report.applied.push(AppliedMigration {
                    version: migration.version,
                    name: migration.name.to_string(),
                    took: started.elapsed(),
                });
            }
        }
        Ok(())
    }

    /// A build that runs and reads only the new shape of a change keeps it. Answers who else embeds what is taken back.
    async fn check_not_needed(
        &self,
        session: &mut dyn Session,
        history: &History,
        rows: &[Row],
    ) -> Result<Option<String>, Error> {
        if rows.is_empty() || self.policy == Policy::Development {
            return Ok(None);
        }
        let live = session.look_around().await?;
        for row in rows {
            let needs = live.instances.iter().find_map(|instance| match &instance.build {
                None => Some((instance, "nobody knows whether it needs the new shape")),
                Some(build) => {
                    needs_new(&self.set, history, &row.change, build).map(|needs| (instance, needs))
                }
            });
            if let Some((instance, needs)) = needs {
                let message = format!(
                    "migration {} is not taken back: {instance} runs, and {needs} of the change `{}`",
                    shown(row.version, &row.name),
                    row.change
                );
                return Err(Error::new(Kind::RollbackRefused, message)
                    .version_is(row.version)
                    .help("roll the application back first; `Policy::Development` does not ask"));
            }
        }
        let rows: Vec<&Row> = rows.iter().collect();
        Ok(misses(&embedding(&live, &rows)))
    }

    /// A contract whose down brings the old shape back without what was in it is not the way back to an old build.
    async fn check_nothing_lost(&self, session: &mut dyn Session, rows: &[Row]) -> Result<(), Error> {
        if self.policy == Policy::Development {
            return Ok(());
        }
        for row in rows {
            if row.reason != Reason::Fresh && self.lost_data(session, row).await? {
                let message = format!(
                    "migration {} is not taken back: it has lost data, which its down cannot bring back",
                    shown(row.version, &row.name)
                );
                return Err(Error::new(Kind::RollbackRefused, message)
                    .version_is(row.version)
                    .help("restore a backup, or write a migration that goes on from here; `Policy::Development` does not ask"));
            }
        }
        Ok(())
    }

    /// The rows to take back, newest first.
    fn rows_above(&self, history: &History, target: Target) -> Result<Vec<Row>, Error> {
        let newest_first = history.rows.iter().rev();
        match target {
            Target::Newest => Ok(newest_first.take(1).cloned().collect()),
            Target::Version(version) => {
                let known = version == Version(0)
                    || history.get(version).is_some()
                    || self.set.get(version).is_some();
                if !known {
                    return Err(Error::new(
                        Kind::UnknownVersion,
                        format!("neither this build nor the database has a migration {version}"),
                    )
                    .help("`status` lists the versions; 0 takes everything back"));
                }
                Ok(newest_first
                    .filter(|row| row.version > version)
                    .cloned()
                    .collect())
            }
        }
    }

    /// The migration of a row, if this build has the text that was applied.
    pub(super) fn embedded(&self, row: &Row) -> Option<&Migration> {
        self.set
            .get(row.version)
            .filter(|migration| migration.semantic == row.semantic)
    }
}

/// Makes sure that an embedded migration can be taken back.
pub(super) fn check_way_back(row: &Row, migration: &Migration) -> Result<(), Error> {
    let name = shown(row.version, &row.name);
    match way_back(migration) {
        WayBack::Irreversible(reason) => Err(Error::new(
            Kind::Irreversible,
            format!("migration {name} is irreversible: {reason}"),
        )
        .migration(migration)
        .help("restore a backup, or write a new migration that goes on from here")),
        WayBack::Missing => Err(
            Error::new(Kind::Irreversible, format!("migration {name} has no down"))
                .migration(migration)
                .help("add the SQL that takes it back where its layout has a place for it"),
        ),
        WayBack::Down { .. } | WayBack::KeepData => Ok(()),
    }
}

/// A migration that is half done has to be finished before it can be taken back.
fn check_complete(row: &Row) -> Result<(), Error> {
    if row.state != State::Applying || row.did_nothing() {
        return Ok(());
    }
    let name = shown(row.version, &row.name);
    let message = format!(
        "migration {name} was applied in part ({})",
        counted(row.done, "statement")
    );
    Err(Error::new(Kind::Dirty, message)
        .version_is(row.version)
        .help("finish it first: `run` (`migrate up`) goes on where it was interrupted"))
}

#[derive(Clone, Copy)]
enum Target {
    Newest,
    Version(Version),
}

impl Target {
    /// The last version that stays, where one is named.
    fn kept(self) -> Option<Version> {
        match self {
            Target::Newest => None,
            Target::Version(version) => Some(version),
        }
    }
}
