//! The development policy: on which databases it holds, and what it does there.

use std::time::{Duration, Instant};

use futures_timer::Delay;

use super::loss::figures_of;
use super::work::Locked;
use super::{Event, Migrator, Report};
use crate::change::{LogEntry, Occurrence};
use crate::database::{Applied, Begun, Counted, Session, shown};
use crate::error::{Error, Kind};
use crate::gates::Facts;
use crate::history::{History, Reason, Row, State};
use crate::model::{Migration, Phase, Version};
use crate::plan::{INLINE_ROWS, Plan, Policy, Step, TakenBack};

/// The name of the figure that holds the policy.
const POLICY: &str = "policy";

/// How long it is waited for an instance to write down what it embeds: it does so a second after it started.
const UNKNOWN: Duration = Duration::from_secs(3);

impl Migrator {
    /// Under which policy the database is kept, with who said so and when; `None` where nobody did, which is
    /// [`Policy::Production`]. Changes nothing.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn chosen_policy(&self) -> Result<Option<(Policy, LogEntry)>, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let chosen = session.policy_chosen().await;
        session.close().await?;
        Ok(chosen?.map(|entry| (policy_of(&entry), entry)))
    }

    /// Keeps the database under a policy from now on.
    ///
    /// [`Policy::Development`] holds only where it was chosen: by the first run on a fresh database that is built with it,
    /// or by this. It is for a database whose data nobody misses. A run under [`Policy::Production`] that applies something
    /// chooses that one back. The choice is an entry of the log.
    ///
    /// # Errors
    ///
    /// [`Error::is_policy_refused`] if the database is to be kept under the development policy, and an instance runs that
    /// does not work under it.
    pub async fn choose_policy(&self, policy: Policy) -> Result<(), Error> {
        self.check_names()?;
        let Locked::Session(mut session) = self.lock(false).await? else {
            return Ok(());
        };
        let result = async {
            session.prepare().await?;
            session.enroll(&self.own_build(), self.now_ms()).await?;
            if policy == Policy::Development {
                self.check_others(&mut *session).await?;
            }
            self.write_policy(&mut *session, policy).await
        }
        .await;
        let closed = session.close().await;
        result?;
        closed
    }

    async fn write_policy(&self, session: &mut dyn Session, policy: Policy) -> Result<(), Error> {
        let figures = vec![(POLICY.to_owned(), policy.name().to_owned())];
        let entry = self.entry("", None, Occurrence::Policy, figures);
        session.write_log(&[entry]).await
    }

    /// Refuses what only the development policy allows where the database is not kept under it, or is used by others.
    pub(super) async fn check_policy(&self, session: &mut dyn Session) -> Result<(), Error> {
        if self.policy != Policy::Development {
            return Ok(());
        }
        self.check_chosen(session).await?;
        match others_than_developers(session).await? {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Refuses it where the database is not kept under the development policy.
    async fn check_chosen(&self, session: &mut dyn Session) -> Result<(), Error> {
        let chosen = session.policy_chosen().await?;
        if chosen.as_ref().map(policy_of) == Some(Policy::Development) {
            return Ok(());
        }
        let message =
            "this migrator works under the development policy, and the database is not kept under it";
        let since = match chosen {
            Some(entry) => format!(
                "{} chose the production policy at {}",
                entry.instance,
                crate::time::shown(entry.at_ms)
            ),
            None => "nobody chose a policy, which is the one for production".to_owned(),
        };
        Err(Error::new(Kind::PolicyRefused, message).note(since).help(
            "is it the right database? Where only you use it, and nobody misses its data, choose it once: \
             `migrate policy development`, or `choose_policy(Policy::Development)`",
        ))
    }

    /// Makes sure that only developers run, with patience for who has just started and did not write down yet what it is.
    async fn check_others(&self, session: &mut dyn Session) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            let Some(error) = others_than_developers(session).await? else {
                return Ok(());
            };
            let live = session.look_around().await?;
            let unknown = live.instances.iter().any(|one| one.build.is_none());
            if !unknown || started.elapsed() >= UNKNOWN {
                return Err(error);
            }
            Delay::new(UNKNOWN / 20).await;
        }
    }

    /// Before anything is applied: a fresh database is kept under the policy of who makes it, and one that a build for
    /// production works on is one for production from then on.
    pub(super) async fn keep_policy(
        &self,
        session: &mut dyn Session,
        fresh: bool,
        notes: &mut Vec<String>,
    ) -> Result<(), Error> {
        let chosen = session.policy_chosen().await?.map(|entry| policy_of(&entry));
        match (self.policy, chosen) {
            (Policy::Development, None) if fresh => {
                self.write_policy(session, Policy::Development).await?;
            }
            (Policy::Production, Some(Policy::Development)) => {
                self.write_policy(session, Policy::Production).await?;
                notes.push(
                    "the database was kept under the development policy, and is under the production policy from now on"
                        .to_owned(),
                );
            }
            _ => {}
        }
        Ok(())
    }

    /// What a plan under the development policy goes by beside the history: the backfills that no start does.
    pub(super) async fn look_for_large(
        &self,
        session: &mut dyn Session,
        history: &History,
    ) -> Result<Facts, Error> {
        let mut facts = Facts::default();
        for migration in self.set.migrations.iter() {
            let Some(backfill) = &migration.backfill else {
                continue;
            };
            if history.is_applied(migration.version) {
                continue;
            }
            if session.count_up_to(&backfill.table, INLINE_ROWS + 1).await? > INLINE_ROWS {
                facts.large.push(migration.version);
            }
        }
        Ok(facts)
    }

    /// Whether a plan holds what happens only because the development policy lets it.
    pub(super) fn opens_by_itself(&self, plan: &Plan) -> bool {
        let mut steps = plan.steps.iter();
        let opens = !plan.taken_back.is_empty() || steps.any(|step| step.phase != Phase::Expand);
        self.policy == Policy::Development && opens
    }

    /// Takes the drafts back that were edited, and what is behind them, with the door closed: no instance of another
    /// policy starts meanwhile. Gives back the rows.
    pub(super) async fn redo_drafts(
        &self,
        session: &mut dyn Session,
        history: &History,
        plan: &Plan,
        report: &mut Report,
    ) -> Result<Vec<Row>, Error> {
        self.close_for_development(session).await?;
        let result = self
            .take_drafts_back(session, history, &plan.taken_back, report)
            .await;
        let opened = session.open_door().await;
        result?;
        opened?;
        let taken = plan.taken_back.iter();
        Ok(taken
            .filter_map(|one| history.get(one.version).cloned())
            .collect())
    }

    /// Closes the door, and makes sure that the development policy holds.
    pub(super) async fn close_for_development(&self, session: &mut dyn Session) -> Result<(), Error> {
        self.check_chosen(session).await?;
        session.enroll(&self.own_build(), self.now_ms()).await?;
        // Looked at before anybody is kept waiting, and again where nobody starts any more.
        self.check_others(session).await?;
        if !self.try_close_door(session).await? {
            let message =
                "instances are starting just now, and what the development policy does waits for them";
            return Err(Error::new(Kind::LockTimeout, message));
        }
        let checked = match self.check_chosen(session).await {
            Ok(()) => self.check_others(session).await,
            Err(error) => Err(error),
        };
        if checked.is_err() {
            // Why it does not hold is what is to be told.
            let _ = session.open_door().await;
        }
        checked
    }

    /// Whether a worker under the development policy finds a contract to apply: nothing of its change comes before it.
    pub(super) fn opened_contracts(&self, plan: &Plan) -> Vec<Version> {
        if !plan.taken_back.is_empty() {
            return Vec::new();
        }
        let comes_before = |step: &Step| {
            let mut others = plan.steps.iter();
            others.any(|other| other.change == step.change && other.phase != Phase::Contract)
        };
        let contracts = plan.steps.iter().filter(|step| step.phase == Phase::Contract);
        contracts
            .filter(|step| !comes_before(step))
            .map(|step| step.version)
            .collect()
    }

    /// Applies the contracts that only waited for data. `true` where something came of it.
    pub(super) async fn apply_opened(
        &self,
        session: &mut dyn Session,
        history: &History,
        plan: &Plan,
    ) -> Result<bool, Error> {
        let opened = self.opened_contracts(plan);
        if opened.is_empty() {
            return Ok(false);
        }
        self.close_for_development(session).await?;
        let result = async {
            for migration in opened.iter().filter_map(|version| self.set.get(*version)) {
                if history.get(migration.version).is_none() {
                    let counted = session.count_up(migration, self.count_limit).await?;
                    self.write_counts(session, migration, counted).await?;
                }
                self.apply_in(session, migration, Reason::Run, history, &[])
                    .await?;
            }
            let history = session.read_history().await?;
            let unsaid = self.look(session, &history).await?.unsaid;
            session.write_log(&unsaid).await?;
            session.settle().await
        }
        .await;
        let door = session.open_door().await;
        result?;
        door.map(|()| true)
    }

    /// Takes back what a plan under the development policy takes back, after a look whether all of it has a way back.
    async fn take_drafts_back(
        &self,
        session: &mut dyn Session,
        history: &History,
        taken: &[TakenBack],
        report: &mut Report,
    ) -> Result<(), Error> {
        let rows: Vec<&Row> = taken.iter().filter_map(|one| history.get(one.version)).collect();
        let edited = |row: &Row| taken.iter().any(|one| one.version == row.version && one.edited);
        self.check_no_move(session, history, &rows).await?;
        // All are looked at before the first one is touched.
        for row in &rows {
            if row.did_nothing() {
                continue;
            }
            let checked = match self.embedded(row) {
                Some(migration) => super::down::check_way_back(row, migration),
                None => session.check_way_back(row).await,
            };
            checked.map_err(|error| self.cannot_redo(row, error))?;
        }
        session.prepare().await?;
        let unsaid = self.look(session, history).await?.unsaid;
        session.write_log(&unsaid).await?;
        let mut changes: Vec<&str> = Vec::new();
        for row in rows {
            let because = match edited(row) {
                true => "its draft was edited",
                false => "a draft before it was edited",
            };
            let counted = self.count_down(session, row).await?;
            let said = self.said_of_taking_back(row, because, counted, &mut changes);
            let reverted = self.revert_in(session, row, &[], State::Reverted, &said).await;
            if reverted.map_err(|error| self.cannot_redo(row, error))? == Applied::ByAnother {
                continue;
            }
            self.session.observer.event(&Event::Reverted {
                version: row.version,
                name: row.name.clone(),
            });
            report.reverted.push((row.version, row.name.clone()));
        }
        Ok(())
    }

    /// Data that is being moved is moved by the text that was there when that began.
    async fn check_no_move(
        &self,
        session: &mut dyn Session,
        history: &History,
        rows: &[&Row],
    ) -> Result<(), Error> {
        let Some(first) = rows.last() else {
            return Ok(());
        };
        let moving = session.moving().await?;
        let is_under_way = |begun: &&Begun| {
            begun.version > first.version
                && history.get(begun.version).is_none()
                && begun.attempt == history.next_attempt(begun.version)
        };
        let Some(begun) = moving.iter().find(is_under_way) else {
            return Ok(());
        };
        let name = shown(first.version, &first.name);
        let message = format!(
            "the draft {name} was edited since it was applied, and is not applied again: the backfill of {} behind it \
             has moved a part of its data",
            begun.version
        );
        Err(Error::new(Kind::Dirty, message)
            .version_is(first.version)
            .help("restore the file and let the backfill end, with `run_to_completion` (`migrate up --all`); then edit it again"))
    }

    fn cannot_redo(&self, row: &Row, error: Error) -> Error {
        let error = match self.set.get(row.version) {
            Some(migration) => error.migration(migration),
            None => error.version_is(row.version),
        };
        error
            .note(
                "its draft, or one before it, was edited since it was applied; what is taken back for that is what the \
                 history keeps, not what stands in the file now",
            )
            .help(
                "restore the file, and put the change into a new migration; or mend the database by hand and call \
                 `repair`; or make the database anew",
            )
    }

    /// What the log says of a migration that is taken back; of the first one of a change, that what was approved of the
    /// change, and how long it was in use, was so before. `changes` are those of which that is said.
    pub(super) fn said_of_taking_back<'a>(
        &self,
        row: &'a Row,
        because: &str,
        counted: Vec<Counted>,
        changes: &mut Vec<&'a str>,
    ) -> Vec<LogEntry> {
        let figures = [
            ("by", because.to_owned()),
            ("attempt", row.attempt.to_string()),
            ("digest", row.semantic.to_string()),
        ];
        let mut figures = figures.map(|(name, value)| (name.to_owned(), value)).to_vec();
        figures.extend(figures_of(counted));
        let mut said = vec![self.entry(&row.change, Some(row.version), Occurrence::TakenBack, figures)];
        if !changes.contains(&&*row.change) {
            changes.push(&row.change);
            let figures = vec![("by".to_owned(), because.to_owned())];
            said.push(self.entry(&row.change, None, Occurrence::RolledBack, figures));
            said.push(self.entry(&row.change, None, Occurrence::Resumed, Vec::new()));
        }
        said
    }

    /// What the log says of a migration that is applied again.
    pub(super) fn said_of_redoing(&self, row: &Row, migration: &Migration) -> LogEntry {
        let mut figures = vec![
            ("attempt".to_owned(), (row.attempt + 1).to_string()),
            ("digest".to_owned(), migration.semantic.to_string()),
        ];
        if row.semantic != migration.semantic {
            figures.push(("digest-before".to_owned(), row.semantic.to_string()));
        }
        self.entry(
            &migration.change_name(),
            Some(migration.version),
            Occurrence::Redone,
            figures,
        )
    }
}

/// The policy of an entry; what cannot be read is the careful one.
fn policy_of(entry: &LogEntry) -> Policy {
    let said = entry.figure(POLICY).and_then(Policy::from_name);
    said.unwrap_or_default()
}

/// Who runs and did not choose the development policy.
async fn others_than_developers(session: &mut dyn Session) -> Result<Option<Error>, Error> {
    let live = session.look_around().await?;
    let is_other =
        |build: Option<&crate::live::Build>| build.is_none_or(|build| build.policy != Policy::Development);
    let other = live.instances.iter().find(|one| is_other(one.build.as_ref()));
    Ok(other.map(|other| {
        let message =
            format!("the development policy does not hold here while {other} runs, which did not choose it");
        Error::new(Kind::PolicyRefused, message).help(
            "is it the right database? Stop that instance, or build it with `Policy::Development` as well",
        )
    }))
}
