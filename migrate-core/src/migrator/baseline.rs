//! Bringing the history in line with what is true: baseline and repair.

use std::time::Instant;

use super::work::Locked;
use super::{Migrator, Report};
use crate::change::{LogEntry, Occurrence};
use crate::database::Session;
use crate::error::{Error, Kind};
use crate::history::{Reason, Row, State};
use crate::model::{Migration, Version};
use crate::plan::stands_for_applied;
use crate::script::section::statements_digest;
use crate::sync::with_triggers;

impl Migrator {
    /// Records every migration up to `version` as applied, without running it: for a database that has the schema
    /// already.
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if the set does not have that version.
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run). What was recorded before stays recorded; the same call records the rest.
    pub async fn baseline(&self, version: Version) -> Result<Report, Error> {
        self.check_known(version)?;
        self.correct(Correction::Baseline(version)).await
    }

    /// Takes the digests of edited files over into the history, after a person has seen that the database is right.
    ///
    /// A migration that was applied in part is gone on with under its new text, if the statements that are done are
    /// still the same. What the history had before, digests and text, is kept in the [log](Self::events).
    ///
    /// # Errors
    ///
    /// [`Error::is_dirty`] if a statement that is done was edited; then nothing is touched.
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run). What was taken over before stays so; the same call goes on.
    pub async fn repair(&self) -> Result<Report, Error> {
        self.correct(Correction::Repair).await
    }

    async fn correct(&self, correction: Correction) -> Result<Report, Error> {
        self.check_names()?;
        let started = Instant::now();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        if let Locked::Session(mut session) = self.lock(false).await? {
            let result = match correction {
                Correction::Baseline(version) => {
                    self.baseline_locked(&mut *session, version, &mut report).await
                }
                Correction::Repair => self.repair_locked(&mut *session, &mut report).await,
            };
            let closed = session.close().await;
            result?;
            closed?;
        }
        report.took = started.elapsed();
        Ok(report)
    }

    async fn baseline_locked(
        &self,
        session: &mut dyn Session,
        version: Version,
        report: &mut Report,
    ) -> Result<(), Error> {
        let history = session.read_history().await?;
        session.prepare().await?;
        let up_to = self
            .set
            .migrations
            .iter()
            .filter(|migration| migration.version <= version);
        for migration in up_to {
            match history.get(migration.version) {
                None => {
                    let reason = match stands_for_applied(migration, &history)? {
                        true => Reason::Squashed,
                        false => Reason::Baseline,
                    };
                    let mut said = self.squash_entries(migration);
                    said.push(self.said_of_recording(migration, reason, Vec::new()));
                    session.record(migration, reason, &history, &said).await?;
                    report
                        .recorded
                        .push((migration.version, migration.name.to_string()));
                }
                Some(row) if row.state == State::Applied => {}
                Some(row) => {
                    return Err(Error::new(
                        Kind::Dirty,
                        format!("migration {migration} is {} in the database", row.state),
                    )
                    .migration(migration)
                    .help("finish it first: `run` (`migrate up`) goes on where it was interrupted"));
                }
            }
        }
        Ok(())
    }

    async fn repair_locked(&self, session: &mut dyn Session, report: &mut Report) -> Result<(), Error> {
        let history = session.read_history().await?;
        let mut edited = Vec::new();
        for migration in self.set.migrations.iter() {
            let Some(row) = history.get(migration.version) else {
                continue;
            };
            if row.exact == migration.exact {
                continue;
            }
            let mut keep_marker = true;
            if row.state != State::Applied && row.semantic != migration.semantic {
                keep_marker = self
                    .same_statements(session, row, migration, row.done + 1)
                    .await?;
                if !keep_marker && !self.same_statements(session, row, migration, row.done).await? {
                    return Err(Error::new(
                        Kind::Dirty,
                        format!("migration {migration}: statements that are done already were edited"),
                    )
                    .note(format!("statements done: {}", row.done))
                    .migration(migration)
                    .help(
                        "restore their text; what they should have done differently goes into statements behind them",
                    ));
                }
            }
            edited.push((row, migration, keep_marker));
        }
        for (row, migration, keep_marker) in edited {
            let said = self.said_of_repairing(row, migration);
            session.adopt_digests(row, migration, keep_marker, said).await?;
            report
                .recorded
                .push((migration.version, migration.name.to_string()));
        }
        Ok(())
    }

    /// What the log says of a migration that is recorded and does not run.
    pub(super) fn said_of_recording(
        &self,
        migration: &Migration,
        reason: Reason,
        mut figures: Vec<(String, String)>,
    ) -> LogEntry {
        figures.insert(0, ("reason".to_owned(), reason.name().to_owned()));
        figures.push(("digest".to_owned(), migration.semantic.to_string()));
        self.entry(
            &migration.change_name(),
            Some(migration.version),
            Occurrence::Recorded,
            figures,
        )
    }

    /// What the log says of a row whose text is replaced: what it was, so that nothing is overwritten unseen.
    fn said_of_repairing(&self, row: &Row, migration: &Migration) -> LogEntry {
        let mut figures = vec![
            ("attempt".to_owned(), row.attempt.to_string()),
            ("state".to_owned(), row.state.name().to_owned()),
            ("digest-before".to_owned(), row.semantic.to_string()),
            ("digest".to_owned(), migration.semantic.to_string()),
            ("exact-before".to_owned(), row.exact.to_string()),
            ("exact".to_owned(), migration.exact.to_string()),
        ];
        if row.name != migration.name {
            figures.push(("name-before".to_owned(), row.name.clone()));
        }
        self.entry(&row.change, Some(row.version), Occurrence::Repaired, figures)
    }

    /// Whether the first `count` statements are still those that the history keeps.
    async fn same_statements(
        &self,
        session: &mut dyn Session,
        row: &Row,
        migration: &Migration,
        count: u32,
    ) -> Result<bool, Error> {
        let stored = session.stored_digest(row, count).await?;
        let migration = with_triggers(migration, &self.set.name, self.set.dialect)?;
        let now = migration.up.iter().take(count as usize).map(|(_, sql)| sql);
        let enough = migration.up.statements.len() >= count as usize;
        Ok(enough && stored == Some(statements_digest(now, self.set.dialect)))
    }
}

enum Correction {
    Baseline(Version),
    Repair,
}
