//! Contracts: what is looked at before one is applied, and how.

use std::time::{Duration, Instant};

use futures_timer::Delay;

use super::worker::{Stop, ask_monitor};
use super::{Event, Migrator};
use crate::backfill::BackfillState;
use crate::change::{LogEntry, Observed, Occurrence, Record, catch_up};
use crate::database::{Applied, Counted, Session};
use crate::error::Error;
use crate::gates::{self, Contract, Facts, Finding, Verdict};
use crate::history::{History, Reason, State};
use crate::model::{Migration, Phase, Version};
use crate::monitor::Stage;
use crate::plan::{self, Mode, Plan, Policy};

/// How often the door is tried while instances start.
const DOOR_TRIES: u32 = 40;
const DOOR_PAUSE: Duration = Duration::from_millis(25);

/// Which part of the settle time is waited behind the closed door. Instances look after their registration more often.
const BACK: u32 = 3;

/// What was seen, and what the log has yet to say of it.
pub(super) struct Look {
    pub(super) facts: Facts,
    pub(super) unsaid: Vec<LogEntry>,
}

impl Migrator {
    /// The time that gates go by.
    pub(super) fn now_ms(&self) -> u64 {
        gates::ms(self.clock.now())
    }

    /// An entry of the log of this instance.
    pub(super) fn entry(
        &self,
        change: &str,
        version: Option<Version>,
        what: Occurrence,
        figures: Vec<(String, String)>,
    ) -> LogEntry {
        LogEntry {
            id: 0,
            at_ms: self.now_ms(),
            change: change.to_owned(),
            version,
            what,
            instance: self.session.instance.clone(),
            build: self.own_build().id.clone(),
            figures,
        }
    }

    /// The contracts of this build that are neither applied nor begun.
    pub(super) fn pending_contracts<'a>(
        &'a self,
        history: &'a History,
    ) -> impl Iterator<Item = &'a Migration> {
        self.set.migrations.iter().filter(|migration| {
            migration.phase == Phase::Contract && history.get(migration.version).is_none()
        })
    }

    /// Whether something is pending that waits for gates.
    pub(super) fn waits_for_gates(&self, history: &History) -> bool {
        let policy = self.policy == Policy::Production;
        policy && (self.pending_contracts(history).next().is_some() || self.is_written_by_builds(history))
    }

    /// Whether data has yet to be moved whose shapes builds write both themselves.
    pub(super) fn is_written_by_builds(&self, history: &History) -> bool {
        let mut pending = self
            .set
            .migrations
            .iter()
            .filter(|one| !history.is_applied(one.version));
        pending.any(|one| !gates::written_by_builds(&self.set, one).is_empty())
    }

    /// Whether a contract of this build was begun, and interrupted.
    fn is_contract_begun(&self, history: &History) -> bool {
        let mut rows = history.rows.iter();
        rows.any(|row| {
            row.phase == Phase::Contract
                && row.state == State::Applying
                && self
                    .set
                    .get(row.version)
                    .is_some_and(|one| one.semantic == row.semantic)
        })
    }

    /// Looks at everything that the gates go by, and at what became of the changes.
    pub(super) async fn look(&self, session: &mut dyn Session, history: &History) -> Result<Look, Error> {
        let log = session.read_log().await?;
        let moving = session.moving().await?;
        let mut facts = Facts {
            now_ms: self.now_ms(),
            options: self.gate_options.clone(),
            is_monitored: self.work.monitor.is_some(),
            ..Facts::default()
        };
        let under_way = [BackfillState::Moving, BackfillState::Verifying];
        for begun in &moving {
            if !under_way.contains(&begun.state) {
                continue;
            }
            match self.set.get(begun.version) {
                Some(migration) => {
                    let backfill = migration.backfill.as_ref();
                    let table = backfill.map(|backfill| Some(backfill.table.to_string()));
                    facts.moving.extend(table.map(|table| (table, begun.version)));
                }
                None => facts.moving.push((None, begun.version)),
            }
        }
        let mut unsaid = Vec::new();
        for change in self.changes_of_set() {
            let of_change = |version: &Version| {
                self.set
                    .get(*version)
                    .is_some_and(|one| one.change_name() == change)
            };
            let mut backfills = moving.iter().filter(|begun| of_change(&begun.version)).peekable();
            let is_moving = backfills.peek().is_some();
            let blocked = backfills.find_map(|begun| begun.fault(history.is_applied(begun.version)));
            let observed = Observed::of(&self.set, history, &change, is_moving, blocked);
            let mut record = Record::of(&change, observed.shape, &log);
            for (what, figures) in catch_up(&record, &observed) {
                let entry = self.entry(&change, None, what, figures);
                if record.add(&entry, observed.shape).is_ok() {
                    unsaid.push(entry);
                }
            }
            facts.records.push((change, record));
        }
        if self.pending_contracts(history).next().is_some() || self.is_written_by_builds(history) {
            facts.live = session.look_around().await?;
            let pending: Vec<&Migration> = self.pending_contracts(history).collect();
            for migration in pending {
                self.ask_own_gates(migration, &mut facts).await;
                let change = migration.change_name();
                let fired = ask_monitor(self, &change, Stage::Soaking, &Stop::new()).await;
                facts
                    .fired
                    .extend(fired.map(|fired| (change.into_owned(), fired)));
                self.see_use(migration, history, &mut facts, &mut unsaid);
            }
        }
        Ok(Look { facts, unsaid })
    }

    /// Writes one entry into the log.
    pub(super) async fn add_to_log(&self, entry: LogEntry) -> Result<(), Error> {
        let mut session = self.open().await?;
        let written = session.write_log(&[entry]).await;
        let closed = session.close().await;
        written?;
        closed
    }

    /// Writes down what the history shows of the changes and the log does not say yet.
    pub(super) async fn write_down(&self) -> Result<(), Error> {
        let mut session = self.open().await?;
        let written = async {
            let history = session.read_history().await?;
            let unsaid = self.look(&mut *session, &history).await?.unsaid;
            session.write_log(&unsaid).await
        }
        .await;
        let closed = session.close().await;
        written?;
        closed
    }

    /// The names of the changes of this build that are named, in the order of their first files. An expand file that names
    /// none is done once it is applied.
    pub(super) fn changes_of_set(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for migration in self.set.migrations.iter().filter(|one| one.change.is_some()) {
            let name = migration.change_name();
            if known.insert(name.clone()) {
                names.push(name.into_owned());
            }
        }
        names
    }

    async fn ask_own_gates(&self, migration: &Migration, facts: &mut Facts) {
        for gate in &*self.own_gates {
            let contract = Contract {
                set: &self.namespace.set,
                change: &migration.change_name(),
                migration,
                now: self.clock.now(),
            };
            let (open, finding) = match gate.look(&contract).await {
                Verdict::Open(finding) => (true, finding),
                Verdict::Closed(finding) => (false, finding),
            };
            let finding = Finding {
                gate: gate.name().to_owned().into(),
                open,
                finding,
            };
            facts.own.push((migration.version, finding));
        }
    }

    /// Notes since when a change is in use by every build, and since when it only waits for its grace.
    fn see_use(
        &self,
        migration: &Migration,
        history: &History,
        facts: &mut Facts,
        unsaid: &mut Vec<LogEntry>,
    ) {
        let change = migration.change_name();
        let observed = Observed::of(&self.set, history, &change, false, None);
        let in_use = gates::in_use(migration, facts);
        let mut say = |facts: &mut Facts, what, figures| {
            let entry = self.entry(&change, Some(migration.version), what, figures);
            let record = facts.records.iter_mut().find(|(name, _)| *name == change);
            if let Some((_, record)) = record
                && record.add(&entry, observed.shape).is_ok()
            {
                unsaid.push(entry);
            }
        };
        let since = facts.record(&change).and_then(|record| record.in_use_ms);
        let seen = || {
            let seen: Vec<String> = facts.live.instances.iter().map(ToString::to_string).collect();
            ("instances".to_owned(), seen.join(", "))
        };
        let (seen, ended) = (
            seen(),
            since.and_then(|since| gates::interrupted(migration, facts, since)),
        );
        if let (Some(since), Some(because)) = (since, ended) {
            if let Some(fired) = facts.fired(&change) {
                let mut figures = vec![("trigger".to_owned(), fired.name().to_owned())];
                let seen = fired.figures().into_iter();
                figures.extend(seen.map(|(name, value)| (name.to_owned(), value)));
                figures.push(("became".to_owned(), "the soak begins anew".to_owned()));
                say(facts, Occurrence::Noted, figures);
            }
            let lasted = Duration::from_millis(facts.now_ms.saturating_sub(since));
            let figures = vec![
                ("because".to_owned(), because),
                ("lasted".to_owned(), gates::shown(lasted)),
                seen.clone(),
            ];
            say(facts, Occurrence::InUseEnded, figures);
        }
        if in_use
            && facts.fired(&change).is_none()
            && facts
                .record(&change)
                .is_some_and(|record| record.in_use_ms.is_none())
        {
            say(facts, Occurrence::InUse, vec![seen]);
        }
        let waits_for =
            |gate: &&Finding| !gate.open && !["grace", "window", "table-busy"].contains(&&*gate.gate);
        let ready = !gates::contract_gates(&self.set, history, migration, facts)
            .iter()
            .any(|gate| waits_for(&gate));
        let was = facts
            .record(&change)
            .is_some_and(|record| record.ready_ms.is_some());
        if migration.grace.is_some() && ready != was {
            let what = if ready {
                Occurrence::Ready
            } else {
                Occurrence::NotReady
            };
            say(facts, what, Vec::new());
        }
    }

    /// What was seen, where something is pending that waits for gates; what the log has yet to say is written.
    pub(super) async fn look_and_say(
        &self,
        session: &mut dyn Session,
        history: &History,
    ) -> Result<Option<Facts>, Error> {
        if !self.waits_for_gates(history) {
            return Ok(None);
        }
        session.enroll(&self.own_build(), self.now_ms()).await?;
        let look = self.look(session, history).await?;
        session.write_log(&look.unsaid).await?;
        Ok(Some(look.facts))
    }

    /// Applies a contract whose gates are open. Instances that start meanwhile wait, and it is looked once more behind
    /// the closed door: gives back what closed since.
    pub(super) async fn apply_contract(
        &self,
        session: &mut dyn Session,
        migration: &Migration,
        history: &History,
    ) -> Result<Contracted, Error> {
        // Counted before anybody is kept waiting at the door.
        let counted = session.count_up(migration, self.count_limit).await?;
        if !self.try_close_door(session).await? {
            return Ok(Contracted::Not(Finding {
                gate: "door".into(),
                open: false,
                finding: "instances are starting just now".to_owned(),
            }));
        }
        let result = self.apply_behind_door(session, migration, history, counted).await;
        let opened = session.open_door().await;
        let result = result?;
        opened?;
        Ok(result)
    }

    /// Closes the door, as soon as no instance is about to go through it; `false` where they do all the time.
    pub(super) async fn try_close_door(&self, session: &mut dyn Session) -> Result<bool, Error> {
        for turn in 0..DOOR_TRIES {
            if turn > 0 {
                Delay::new(DOOR_PAUSE).await;
            }
            if session.close_door().await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn apply_behind_door(
        &self,
        session: &mut dyn Session,
        migration: &Migration,
        history: &History,
        counted: Vec<Counted>,
    ) -> Result<Contracted, Error> {
        // Nobody starts any more. Who is not seen because its connection broke is back within a part of the settle time.
        let back = self.gate_options.settle / BACK;
        let mut gates;
        let mut waited = back.is_zero();
        loop {
            let look = self.look(session, history).await?;
            gates = gates::contract_gates(&self.set, history, migration, &look.facts);
            if let Some(closed) = gates.iter().find(|gate| !gate.open) {
                return Ok(Contracted::Not(closed.clone()));
            }
            if waited {
                break;
            }
            Delay::new(back).await;
            waited = true;
        }
        self.write_counts(session, migration, counted).await?;
        let applied = self
            .apply_in(session, migration, Reason::Run, history, &[])
            .await?;
        if applied == Applied::ByAnother {
            // Who did it writes it down.
            return Ok(Contracted::Done(applied));
        }
        let figures = gates
            .into_iter()
            .map(|gate| (gate.gate.into_owned(), gate.finding))
            .collect();
        let change = migration.change_name();
        let entry = self.entry(&change, Some(migration.version), Occurrence::Noted, figures);
        let mut entries = vec![entry];
        let after = session.read_history().await?;
        let observed = Observed::of(&self.set, &after, &change, false, None);
        if observed.contracted {
            entries.push(self.entry(
                &change,
                Some(migration.version),
                Occurrence::Contracted,
                Vec::new(),
            ));
        }
        session.write_log(&entries).await?;
        Ok(Contracted::Done(applied))
    }

    /// Applies the contracts whose gates are open, unless somebody migrates just now. `true` where something came of it.
    pub(super) async fn apply_contracts(&self) -> Result<bool, Error> {
        if !self.contracts_call().await? {
            return Ok(false);
        }
        let mut session = self.open().await?;
        let applied = match session.try_lock().await {
            Ok(true) => self.apply_contracts_locked(&mut *session).await,
            Ok(false) => Ok(false),
            Err(error) => Err(error),
        };
        let closed = session.close().await;
        let applied = applied?;
        closed?;
        Ok(applied)
    }

    async fn apply_contracts_locked(&self, session: &mut dyn Session) -> Result<bool, Error> {
        let history = session.read_history().await?;
        session.prepare().await?;
        let facts = self.look_and_say(session, &history).await?;
        let situation = self.situation(false, Mode::Completion);
        let plan = plan::plan_with(&self.set, &history, situation, facts.as_ref())?;
        if self.policy == Policy::Development {
            return self.apply_opened(session, &history, &plan).await;
        }
        let mut any = false;
        for step in plan.steps.iter().filter(|step| step.phase == Phase::Contract) {
            let Some(migration) = self.set.get(step.version) else {
                continue;
            };
            let started = Instant::now();
            let name = migration.name.to_string();
            let version = step.version;
            self.session.observer.event(&Event::Started {
                version,
                name: name.clone(),
            });
            let became = match history.get(version) {
                // What was begun is finished without asking again: the old shape is not whole any more.
                Some(_) => Contracted::Done(
                    self.apply_in(session, migration, Reason::Run, &history, &[])
                        .await?,
                ),
                None => self.apply_contract(session, migration, &history).await?,
            };
            if let Contracted::Done(Applied::Now) = became {
                any = true;
                let took = started.elapsed();
                self.session
                    .observer
                    .event(&Event::Applied { version, name, took });
            }
        }
        if any {
            session.settle().await?;
        }
        Ok(any)
    }

    /// Whether a contract may be applied now, or something of the changes has yet to be written down. Looks without the
    /// migration lock.
    pub(super) async fn contracts_call(&self) -> Result<bool, Error> {
        let history = self.driver.read_history(&self.namespace).await?;
        if !history.present || history.fresh {
            return Ok(false);
        }
        if self.is_contract_begun(&history) {
            return Ok(true);
        }
        if self.pending_contracts(&history).next().is_none() {
            return Ok(false);
        }
        if self.policy == Policy::Development {
            let plan = plan::plan(&self.set, &history, self.situation(false, Mode::Completion))?;
            return Ok(!self.opened_contracts(&plan).is_empty());
        }
        let mut session = self.open().await?;
        let look = self.look(&mut *session, &history).await;
        session.close().await?;
        let look = look?;
        let plan = plan::plan_with(
            &self.set,
            &history,
            self.situation(false, Mode::Completion),
            Some(&look.facts),
        )?;
        let is_contract = |plan: &Plan| plan.steps.iter().any(|step| step.phase == Phase::Contract);
        Ok(!look.unsaid.is_empty() || is_contract(&plan))
    }
}

/// What became of a contract.
pub(super) enum Contracted {
    Done(Applied),
    /// A gate closed meanwhile.
    Not(Finding),
}
