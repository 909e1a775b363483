//! The steps of a plan, one after the other.

use std::time::Instant;

use crate::database::{Applied, Session};
use crate::error::Error;
use crate::history::{History, Reason, Row};
use crate::migrator::adopt::Newcomer;
use crate::migrator::contract::Contracted;
use crate::migrator::{AppliedMigration, Event, Migrator, Report};
use crate::model::{Phase, Version};
use crate::plan::{Plan, Policy, Waiting, renamed};

impl Migrator {
    /// Says beside the failure of a statement what is in the history under another version, or of another set, where that
    /// may be why.
    pub(super) fn explained(&self, error: Error, history: &History, others: &Newcomer) -> Error {
        if !error.is_statement() {
            return error;
        }
        let failed = error.version().and_then(|version| self.set.get(version));
        let error = match failed.and_then(|migration| renamed(&self.set, history, migration)) {
            Some(note) => error.note(note),
            None => error,
        };
        match &others.of_others {
            Some(note) => error.note(note.clone()).also_help(
                "`set` (`--set`) names the set. Where the name is right, and the schema is there already, `baseline` \
                 records it without running it, unless it is half done",
            ),
            None => error,
        }
    }

    /// Applies the steps; gives back those whose data has to be moved first.
    pub(super) async fn apply_steps(
        &self,
        session: &mut dyn Session,
        plan: &Plan,
        history: &History,
        redone: &[Row],
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
            let mut said = self.squash_entries(migration);
            let before = redone.iter().find(|row| row.version == migration.version);
            said.extend(before.map(|row| self.said_of_redoing(row, migration)));
            if !step.squashes.is_empty() {
                let recorded = session
                    .record(migration, Reason::Squashed, history, &said)
                    .await?;
                if recorded == Applied::Now {
                    report
                        .recorded
                        .push((migration.version, migration.name.to_string()));
                }
                continue;
            }
            // What comes behind a move in its change needs the data in its place.
            if step.moves_data || moving.contains(&&*step.change) {
                if step.moves_data && !moving.contains(&&*step.change) {
                    moves.push(step.version);
                    session.write_log(&said).await?;
                }
                moving.push(&step.change);
                continue;
            }
            let started = Instant::now();
            observer.event(&Event::Started {
                version: migration.version,
                name: migration.name.to_string(),
            });
            // What was begun is finished without asking again: the old shape is not whole any more.
            let gated = step.phase == Phase::Contract
                && !plan.fresh
                && self.policy == Policy::Production
                && history.get(step.version).is_none();
            let applied = if gated {
                match self.apply_contract(session, migration, history).await? {
                    Contracted::Done(applied) => applied,
                    Contracted::Not(gate) => {
                        report.waiting.push(Waiting {
                            version: step.version,
                            name: step.name.clone(),
                            change: step.change.clone(),
                            phase: step.phase,
                            gates: vec![gate],
                            blocks_serving: false,
                        });
                        continue;
                    }
                }
            } else {
                // Gates that are open by themselves are no reason to lose something unseen.
                if step.phase == Phase::Contract && !plan.fresh && history.get(step.version).is_none() {
                    let counted = session.count_up(migration, self.count_limit).await?;
                    self.write_counts(session, migration, counted).await?;
                }
                self.apply_in(session, migration, reason, history, &said).await?
            };
            if applied == Applied::ByAnother {
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
}
