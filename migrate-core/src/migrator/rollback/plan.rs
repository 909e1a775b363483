//! What a rollback would do, what it would lose, and why it is refused.

use core::fmt;

use crate::backfill::BackfillState;
use crate::database::{Begun, Session, shown};
use crate::error::Error;
use crate::gates::{loses_data, needs_new};
use crate::history::{History, Row, State};
use crate::migrator::loss::Losses;
use crate::migrator::missing::{embedding, would_miss};
use crate::migrator::{Loss, Migrator};
use crate::model::directives::Sync;
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
    /// Where values that are lost stand as well, because a sync keeps both sides equal.
    pub kept: Vec<String>,
    /// What the files say of the loss.
    pub declared: Vec<String>,
    /// Until when it is possible, as the files say.
    pub windows: Vec<String>,
    /// What is worth knowing: which instances run that embed what is taken back, and may use it.
    pub notes: Vec<String>,
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
        for kept in &self.kept {
            write!(f, "\n  {kept}")?;
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
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        if self.steps.is_empty() && self.stops.is_empty() && self.refusals.is_empty() {
            f.write_str("\n  nothing of it is in the database")?;
        }
        Ok(())
    }
}

impl Migrator {
    pub(super) async fn plan_rollback(
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
            let mut embedding = embedding(&live, &rows);
            for instance in &live.instances {
                match &instance.build {
                    None => planned.refusals.push(format!(
                        "{instance} runs, and nobody knows whether it needs the new shape: stop it first"
                    )),
                    Some(build) => {
                        let needs = needs_new(&self.set, history, change, build);
                        if needs.is_some() {
                            embedding.retain(|one| *one != instance);
                        }
                        planned.refusals.extend(needs.map(|needs| {
                            format!("{instance} runs, and {needs}: roll the application back first")
                        }));
                    }
                }
            }
            planned.notes.extend(would_miss(&embedding));
        }
        let Losses {
            lost,
            altered,
            uncounted,
        } = self.count_losses(session, &rows).await?;
        planned.kept = self.kept_beside(&rows, &lost);
        (planned.losses, planned.altered, planned.uncounted) = (lost, altered, uncounted);
        Ok(planned)
    }

    /// Which of the losses are of columns that the triggers of a sync of the change keep equal to others, which stay.
    fn kept_beside(&self, rows: &[&Row], lost: &[Loss]) -> Vec<String> {
        let is_ended = |sync: &Sync| {
            let mut applied = rows.iter().filter_map(|row| self.embedded(row));
            applied.any(|migration| migration.unsync.iter().any(|ended| ended.same_pair(sync)))
        };
        let mut kept = Vec::new();
        for row in rows.iter().filter(|row| row.state == State::Applied) {
            let syncs = self
                .embedded(row)
                .into_iter()
                .flat_map(|migration| &*migration.sync);
            for sync in syncs.filter(|sync| sync.both_ways && !is_ended(sync)) {
                let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
                let is_of = |loss: &&Loss| {
                    let mut columns = loss.columns.iter();
                    same(&loss.table, &sync.new.table)
                        && !loss.columns.is_empty()
                        && columns.all(|column| sync.new.columns.iter().any(|other| same(column, other)))
                };
                if lost.iter().any(|loss| is_of(&loss)) {
                    kept.push(format!(
                        "what is lost in `{}` stands in `{}` as well: the sync keeps both equal, in rows that were moved or \
                         written since",
                        sync.new, sync.old
                    ));
                }
            }
        }
        kept
    }

    fn plan_one(&self, row: &Row, planned: &mut RollbackPlan) {
        let name = shown(row.version, &row.name);
        if row.state != State::Applied && row.state != State::Reverting && !row.did_nothing() {
            planned.refusals.push(format!(
                "{name} was applied in part: finish it first, `run` (`migrate up`) goes on where it was interrupted"
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
    pub(in super::super) async fn lost_data(
        &self,
        session: &mut dyn Session,
        row: &Row,
    ) -> Result<bool, Error> {
        if row.phase != Phase::Contract || row.did_nothing() {
            return Ok(false);
        }
        match self.embedded(row) {
            Some(migration) => Ok(loses_data(migration, self.set.dialect)),
            None => session.stored_loses_data(row).await,
        }
    }
}
