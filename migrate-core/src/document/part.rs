//! The parts of a plan document.

use super::{Assessment, DocumentStep, Estimate};
use crate::change::ChangeState;
use crate::model::{Phase, TransactionMode, Version};
use crate::plan::WayBack;

/// An answer of yes or no that may not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It is not known.
    Unknown,
    /// It does not come up.
    NotNeeded,
}

impl Answer {
    /// Its name for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
            Answer::NotNeeded => "not-needed",
        }
    }

    pub(crate) const fn of(yes: bool) -> Self {
        match yes {
            true => Answer::Yes,
            false => Answer::No,
        }
    }
}

/// Something that has to be so before a phase begins, or when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// What it is called; for a gate, the gate.
    pub name: String,
    /// Whether it is so now.
    pub met: Answer,
    /// What was looked at, and the figure.
    pub finding: String,
}

/// How far a migration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is applied, since this time in UTC.
    Applied(String),
    /// It would run now.
    Now,
    /// It waits.
    Waits,
}

/// How the data of a migration is moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Moves {
    /// The table whose rows are visited, by which key, and how; in words.
    pub how: String,
    /// How far it is, where it was begun.
    pub progress: Option<String>,
    /// How long it takes.
    pub estimate: Estimate,
    /// The queries that say whether the data is right, and what each has to answer.
    pub verify: Vec<(String, String)>,
}

/// One migration of a part.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationPart {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// How far it is.
    pub standing: Standing,
    /// Whether its statements are one transaction, as far as the database can do that.
    pub transaction: TransactionMode,
    /// Its statements; empty where it is applied.
    pub steps: Vec<DocumentStep>,
    /// How its data is moved.
    pub moves: Option<Moves>,
    /// How it is taken back.
    pub way_back: WayBack,
}

/// One phase of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct PhasePart {
    /// The phase.
    pub phase: Phase,
    /// What has to be so before it begins.
    pub entry: Vec<Criterion>,
    /// Its migrations.
    pub migrations: Vec<MigrationPart>,
    /// What is so when it has ended.
    pub exit: Vec<Criterion>,
    /// How it is taken back, one sentence each.
    pub rollback: Vec<String>,
}

/// Something that stops a change or takes it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollbackTrigger {
    /// What is measured.
    pub what: String,
    /// From where on it counts.
    pub threshold: String,
    /// What happens then.
    pub then: String,
    /// Whether the library watches it; else a person has to.
    pub watched: bool,
}

/// What to do when something goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// What happened.
    pub happened: String,
    /// What to do.
    pub then: String,
}

/// The first step behind which a change cannot be taken back without loss.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoReturn {
    /// The migration.
    pub version: Version,
    /// Its name.
    pub name: String,
    /// What is lost.
    pub why: String,
}

/// One line of the quality checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is asked.
    pub item: String,
    /// The answer.
    pub answer: Answer,
    /// The fact behind it.
    pub fact: String,
}

/// A change, or a migration that belongs to none.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The change's name; the version of the file that names none.
    pub name: String,
    /// Whether it is a change that has a name. A part without is short.
    pub named: bool,
    /// How far the change is.
    pub state: Option<ChangeState>,
    /// Since when, in milliseconds since 1970.
    pub since_ms: Option<u64>,
    /// Why it does not go on, where it is blocked.
    pub blocked: Option<String>,
    /// What is known of the tables that it touches.
    pub tables: Vec<Assessment>,
    /// Its phases.
    pub phases: Vec<PhasePart>,
    /// What stops it or takes it back; empty for a part without a name.
    pub triggers: Vec<RollbackTrigger>,
    /// What to do when something goes wrong; empty for a part without a name.
    pub scenarios: Vec<Scenario>,
    /// The first step that cannot be taken back without loss.
    pub no_return: Option<NoReturn>,
    /// The quality checklist; empty for a part without a name.
    pub checklist: Vec<Check>,
}
