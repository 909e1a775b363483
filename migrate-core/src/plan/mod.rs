//! What would happen, decided without touching anything.
//!
//! Architecture invariant: [`plan`] is a pure function. `run`, `plan`, `dry_run` and the tests use this one, so what
//! is shown is what is done.

mod document;
mod integrity;
mod redo;
mod renamed;
mod squash;

use crate::error::{Error, Kind};
use crate::gates::{Facts, contract_gates, dual_write};
use crate::history::{History, Standing, State};
use crate::model::{Migration, MigrationSet, Phase, TransactionMode, Version};
use crate::sync::with_triggers;

pub use crate::gates::Finding;
pub(crate) use redo::INLINE_ROWS;
pub(crate) use renamed::renamed;
pub(crate) use squash::{partly, stands_for_applied};

/// Who asks, and so how far it may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The service, at start-up: expand files only.
    StartUp,
    /// Everything that may run now: expand files, data migrations, and contracts whose gates are open.
    Completion,
}

/// How careful the migrator has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Other builds may be running: contracts wait for their gates.
    #[default]
    Production,
    /// A database that only this developer uses: every gate is open, small tables are backfilled by whoever starts, and a
    /// draft that was edited is taken back and applied again. It holds on databases that are kept under it only:
    /// [`Migrator::choose_policy`](crate::Migrator::choose_policy).
    Development,
}

impl Policy {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Policy::Production => "production",
            Policy::Development => "development",
        }
    }

    /// The policy of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Policy::Production, Policy::Development]
            .into_iter()
            .find(|policy| policy.name() == name)
    }
}

impl core::fmt::Display for Policy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// What the planner has to know beside the set and the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Whether nobody runs on this database: no history of the set and no table that it would create.
    pub fresh: bool,
    /// Who asks.
    pub mode: Mode,
    /// How careful to be.
    pub policy: Policy,
}

/// One migration that would be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// The change it belongs to.
    pub change: String,
    /// Its phase.
    pub phase: Phase,
    /// The migrations it stands for, where they are applied: then it is recorded and does not run. Else nothing.
    pub squashes: Vec<Version>,
    /// The SQL of its statements, in order, with those that install or remove the triggers of a sync. Nothing where it
    /// does not run.
    pub statements: Vec<String>,
    /// Whether they are one transaction, as far as the database can do that.
    pub transaction: TransactionMode,
    /// How many statements an interrupted run did already; it goes on behind them.
    pub done: u32,
    /// How it is taken back.
    pub way_back: WayBack,
    /// Whether it moves data in batches, beside what builds write: a worker does that, without the migration lock.
    pub moves_data: bool,
    /// Where Rust code moves the rows, what it is called in the file, and of which table they are.
    pub code: Option<(String, String)>,
    /// For a contract, and for data that no triggers keep: the gates it went through.
    pub gates: Vec<Finding>,
}

/// How a migration is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayBack {
    /// By the statements of its down section.
    Down {
        /// Their SQL.
        statements: Vec<String>,
        /// What is lost by it, where the file says so.
        data_loss: Option<String>,
        /// Until when, where the file says so.
        window: Option<String>,
    },
    /// Not at all, and the file says why.
    Irreversible(String),
    /// Nothing to do: its data stays, and what it wrote into is removed with its expand.
    KeepData,
    /// Not at all: the file of another tool has no down.
    Missing,
}

/// A migration that is pending and may not run now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// The change it belongs to.
    pub change: String,
    /// Its phase.
    pub phase: Phase,
    /// What it waits for; at least one is closed. Those of a contract that are open stand here too.
    pub gates: Vec<Finding>,
    /// Whether this build may not serve before it ran.
    pub blocks_serving: bool,
}

impl Waiting {
    /// What it waits for, a gate on each line behind `indent`, the open ones too. One alone is told without.
    pub(crate) fn lines(&self, indent: &str) -> String {
        match &*self.gates {
            [only] => format!("; {only}"),
            gates => Finding::lines(gates, indent),
        }
    }

    /// What is closed.
    pub fn closed(&self) -> impl Iterator<Item = &Finding> {
        self.gates.iter().filter(|gate| !gate.open)
    }
}

/// A migration that is taken back, to be applied again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// Whether it is a draft that was edited since it was applied; else it is behind one.
    pub edited: bool,
}

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The set.
    pub set: String,
    /// Whether the database is fresh.
    pub fresh: bool,
    /// What is taken back first, in this order: drafts that were edited since they were applied, and what is applied behind
    /// them. Under the development policy only.
    pub taken_back: Vec<TakenBack>,
    /// The migrations that would be applied, in this order.
    pub steps: Vec<Step>,
    /// The migrations that are pending and may not run now.
    pub waiting: Vec<Waiting>,
    /// What is worth knowing and refuses nothing.
    pub notes: Vec<String>,
}

impl Plan {
    /// Whether there is nothing to do, now.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.taken_back.is_empty()
    }

    /// What this build waits for before it may serve.
    pub fn blocks_serving(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting.iter().filter(|waiting| waiting.blocks_serving)
    }

    /// The first step that cannot be taken back without loss, if there is one.
    pub fn point_of_no_return(&self) -> Option<&Step> {
        let mut running = self.steps.iter().filter(|step| step.squashes.is_empty());
        running.find(|step| match &step.way_back {
            WayBack::Irreversible(_) | WayBack::Missing => true,
            WayBack::Down { data_loss, .. } => data_loss.is_some(),
            WayBack::KeepData => false,
        })
    }
}

/// Decides what to do.
///
/// # Errors
///
/// If the history and the set do not go together: see the predicates [`Error::is_digest_mismatch`],
/// [`Error::is_dirty`], [`Error::is_older_build`] and [`Error::is_partly_squashed`]; and if a pending `sync` makes no sense, or is not done yet:
/// [`Error::is_sync`], [`Error::is_not_yet`].
pub fn plan(set: &MigrationSet, history: &History, situation: Situation) -> Result<Plan, Error> {
    plan_with(set, history, situation, None)
}

/// [`plan`], with what was seen of the database: without, contracts wait, and so does data that builds write in both shapes
/// themselves.
///
/// # Errors
///
/// As [`plan`].
pub fn plan_with(
    set: &MigrationSet,
    history: &History,
    situation: Situation,
    facts: Option<&Facts>,
) -> Result<Plan, Error> {
    let redo::Begun {
        history,
        taken_back,
        notes,
    } = redo::check(set, history, situation)?;
    let history = &*history;
    let mut plan = Plan {
        set: set.name.to_string(),
        fresh: situation.fresh,
        taken_back,
        steps: Vec::new(),
        waiting: Vec::new(),
        notes,
    };
    for migration in set.migrations.iter() {
        let row = history.get(migration.version);
        if row.is_some_and(|row| row.state == State::Applied) {
            continue;
        }
        if row.is_none() && stands_for_applied(migration, history)? {
            let members = migration.squash.iter();
            plan.steps.push(Step {
                squashes: members.map(|member| member.version).collect(),
                statements: Vec::new(),
                ..step(migration, 0, false, Vec::new())
            });
            continue;
        }
        plan.notes.extend(renamed(set, history, migration));
        let gates = gates(set, history, migration, situation, &plan, facts);
        if gates.iter().all(|gate| gate.open) {
            let done = row.map_or(0, |row| row.done);
            if done == 0
                && history
                    .rows
                    .last()
                    .is_some_and(|last| last.version > migration.version)
            {
                plan.notes.push(format!(
                    "{migration} is older than what is applied already; it is applied out of order"
                ));
            }
            let whole = with_triggers(migration, &set.name, set.dialect)?;
            let moves_data = migration.backfill.is_some() && !situation.fresh;
            plan.steps.push(step(&whole, done, moves_data, gates));
        } else {
            plan.waiting.push(Waiting {
                version: migration.version,
                name: migration.name.to_string(),
                change: migration.change_name().into_owned(),
                phase: migration.phase,
                gates,
                blocks_serving: match migration.phase {
                    Phase::Expand => true,
                    Phase::Migrate => contract_embedded(set, migration),
                    Phase::Contract => false,
                },
            });
        }
    }
    Ok(plan)
}

/// Whether everything that this build needs in order to serve is there.
pub fn may_serve(set: &MigrationSet, history: &History) -> bool {
    stands(set, &history.standing())
}

/// [`may_serve`], as every start-up asks it: it allocates nothing.
pub(crate) fn stands(set: &MigrationSet, standing: &Standing) -> bool {
    if standing.exact {
        return true;
    }
    if !standing.present {
        return set.migrations.is_empty();
    }
    let every_needed = set.migrations.iter().all(|migration| {
        let row = standing.get(migration.version);
        let applied =
            row.is_some_and(|row| row.state == State::Applied && row.semantic == migration.semantic);
        applied
            || match migration.phase {
                Phase::Expand => false,
                Phase::Migrate => row.is_none() && !contract_embedded(set, migration),
                Phase::Contract => row.is_none(),
            }
    });
    every_needed && !standing.fresh && integrity::knows_contracts(set, standing)
}

/// Why a build may not go on with what is there; `None` where it may. What it needs in order to serve may be missing as long
/// as it does not serve. What is half done, of a contract or of a move, was there when it began to.
pub(crate) fn overtaken(set: &MigrationSet, standing: &Standing, serves: bool) -> Option<Error> {
    if standing.exact {
        return None;
    }
    if let Some(error) = integrity::outlived(set, standing) {
        return Some(error);
    }
    let is_gone = |migration: &&Migration| match migration.phase {
        Phase::Expand => !standing.is_applied(migration.version),
        Phase::Migrate => contract_embedded(set, migration) && standing.get(migration.version).is_none(),
        Phase::Contract => false,
    };
    let gone = set.migrations.iter().find(is_gone).filter(|_| serves)?;
    let message = format!("this build may not serve any more: {gone} is not in the database as it was");
    let error = Error::new(Kind::NotReady, message).migration(gone);
    Some(error.help("was it taken back? `events` tells by whom"))
}

/// Whether the set holds the contract of the migration's change: then its code reads only the new shape.
fn contract_embedded(set: &MigrationSet, migration: &Migration) -> bool {
    migration.change.is_some()
        && set
            .migrations
            .iter()
            .any(|other| other.phase == Phase::Contract && other.change == migration.change)
}

/// What the migration waits for. All open, or none, means: it may run now.
fn gates(
    set: &MigrationSet,
    history: &History,
    migration: &Migration,
    situation: Situation,
    plan: &Plan,
    facts: Option<&Facts>,
) -> Vec<Finding> {
    let mut gates = Vec::new();
    if situation.fresh {
        return gates;
    }
    if is_withdrawn(set, history, migration) {
        gates.push(Finding::closed(
            "rolled-back",
            format!(
                "the change `{0}` was rolled back; it is not applied again until `resume_change({0})` (`migrate resume-change {0}`)",
                migration.change_name()
            ),
        ));
        return gates;
    }
    // What an interrupted run began is finished, whoever asks.
    if history
        .get(migration.version)
        .is_some_and(|row| row.state == State::Applying)
    {
        return gates;
    }
    let earlier = plan
        .waiting
        .iter()
        .find(|waiting| migration.change.is_some() && migration.change.as_deref() == Some(&*waiting.change));
    if let Some(earlier) = earlier {
        gates.push(Finding::closed(
            "earlier-phase",
            format!(
                "{} {} of the same change is not applied",
                earlier.version, earlier.name
            ),
        ));
    }
    let open = situation.policy == Policy::Development;
    match migration.phase {
        Phase::Expand => {}
        Phase::Migrate if open && situation.mode == Mode::StartUp => {
            let large = facts.is_some_and(|facts| facts.large.contains(&migration.version));
            gates.extend(large.then(redo::large));
        }
        _ if open => {}
        Phase::Migrate if situation.mode == Mode::StartUp => gates.push(Finding::closed(
            "data-migration",
            "data is not moved at start-up; a worker does it, or `run_to_completion` (`migrate up --all`)",
        )),
        Phase::Migrate => gates.extend(dual_write(set, migration, facts)),
        Phase::Contract if situation.mode == Mode::StartUp => {
            gates.push(Finding::closed("contract", "nothing is removed at start-up"));
            // Where somebody looked, what it waits for beside that is worth telling.
            gates.extend(
                facts
                    .into_iter()
                    .flat_map(|facts| contract_gates(set, history, migration, facts)),
            );
        }
        Phase::Contract => match facts {
            Some(facts) => gates.extend(contract_gates(set, history, migration, facts)),
            None => gates.push(Finding::closed(
                "live-builds",
                "it was not looked at which builds run",
            )),
        },
    }
    gates
}

/// Whether the migration's change was rolled back and not resumed.
fn is_withdrawn(set: &MigrationSet, history: &History, migration: &Migration) -> bool {
    if history.withdrawn.is_empty() {
        return false;
    }
    let change = migration.change_name();
    history.is_withdrawn(migration.version)
        || set
            .migrations
            .iter()
            .any(|other| other.change_name() == change && history.is_withdrawn(other.version))
}

fn step(migration: &Migration, done: u32, moves_data: bool, gates: Vec<Finding>) -> Step {
    Step {
        version: migration.version,
        name: migration.name.to_string(),
        path: migration.path.to_string(),
        change: migration.change_name().into_owned(),
        phase: migration.phase,
        squashes: Vec::new(),
        statements: migration.up.iter().map(|(_, sql)| sql.to_owned()).collect(),
        transaction: migration.up.transaction,
        done,
        way_back: way_back(migration),
        moves_data,
        code: migration.rust.as_ref().map(|code| {
            let table = migration
                .backfill
                .as_ref()
                .map(|backfill| backfill.table.to_string());
            (code.to_string(), table.unwrap_or_default())
        }),
        gates,
    }
}

/// How a migration is taken back.
pub(crate) fn way_back(migration: &Migration) -> WayBack {
    if let Some(reason) = &migration.irreversible {
        return WayBack::Irreversible(reason.to_string());
    }
    let note = migration.rollback.as_ref();
    match &migration.down {
        Some(down) => WayBack::Down {
            statements: down.iter().map(|(_, sql)| sql.to_owned()).collect(),
            data_loss: note.and_then(|note| note.data_loss.as_deref().map(str::to_owned)),
            window: note.and_then(|note| note.window.as_deref().map(str::to_owned)),
        },
        None if migration.phase == Phase::Migrate => WayBack::KeepData,
        None => WayBack::Missing,
    }
}
