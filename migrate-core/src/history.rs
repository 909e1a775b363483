//! What the database remembers of a set: the rows of the history, without the I/O that reads them.

use core::fmt;

use crate::model::{Digest, Phase, Version};

/// How far a migration is in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is being applied, or was when the process died.
    Applying,
    /// It is applied.
    Applied,
    /// It is being taken back, or was when the process died.
    Reverting,
    /// It was taken back.
    Reverted,
}

impl State {
    const ALL: [State; 4] = [State::Applying, State::Applied, State::Reverting, State::Reverted];

    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            State::Applying => "applying",
            State::Applied => "applied",
            State::Reverting => "reverting",
            State::Reverted => "reverted",
        }
    }

    /// The state of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a migration stands in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It ran.
    Run,
    /// It ran on a database nobody used yet, where gates and approval do not matter.
    Fresh,
    /// It was declared to be there already, and never ran.
    Baseline,
}

impl Reason {
    const ALL: [Reason; 3] = [Reason::Run, Reason::Fresh, Reason::Baseline];

    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Run => "run",
            Reason::Fresh => "fresh",
            Reason::Baseline => "baseline",
        }
    }

    /// The reason of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// One row: the latest attempt at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The version.
    pub version: Version,
    /// How often it was applied before and taken back again, plus one.
    pub attempt: u32,
    /// How far it is.
    pub state: State,
    /// Its phase.
    pub phase: Phase,
    /// Its name.
    pub name: String,
    /// The digest of the exact text that ran.
    pub exact: Digest,
    /// The digest of the tokens that ran.
    pub semantic: Digest,
    /// For a contract: the versions a build has to embed.
    pub requires: Vec<Version>,
    /// Why it stands here.
    pub reason: Reason,
    /// How many statements are done, where they commit one by one.
    pub done: u32,
    /// The digest of the catalog before the next statement, if that was begun; in front of it, how it was taken.
    pub catalog: Option<String>,
    /// When its last change of state was, in UTC.
    pub at: String,
}

/// What the database remembers of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Whether the set is known to the database: the tables of the history are there, and its row in them.
    pub present: bool,
    /// Whether a run on a fresh database was begun and did not end.
    pub fresh: bool,
    /// The latest attempt at each version, sorted by version. Versions that were taken back are not in it.
    pub rows: Vec<Row>,
    /// The highest attempt at versions that were taken back.
    pub reverted: Vec<(Version, u32)>,
}

impl History {
    /// Sorts rows in, keeping the latest attempt at each version.
    pub fn of(mut rows: Vec<Row>) -> Self {
        rows.sort_by_key(|row| (row.version, row.attempt));
        let mut history = Self {
            present: true,
            ..Self::default()
        };
        for row in rows {
            if history
                .rows
                .last()
                .is_some_and(|last| last.version == row.version)
            {
                history.rows.pop();
            }
            history.reverted.retain(|(version, _)| *version != row.version);
            if row.state == State::Reverted {
                history.reverted.push((row.version, row.attempt));
            } else {
                history.rows.push(row);
            }
        }
        history
    }

    /// The row of that version.
    pub fn get(&self, version: Version) -> Option<&Row> {
        let index = self.rows.binary_search_by_key(&version, |row| row.version).ok()?;
        Some(&self.rows[index])
    }

    /// Whether that version is applied in full.
    pub fn is_applied(&self, version: Version) -> bool {
        self.get(version).is_some_and(|row| row.state == State::Applied)
    }

    /// The number of the next attempt at that version.
    pub fn next_attempt(&self, version: Version) -> u32 {
        let reverted = self.reverted.iter().find(|(other, _)| *other == version);
        reverted.map_or(1, |(_, attempt)| attempt + 1)
    }
}
