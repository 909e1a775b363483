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
    /// It was taken back with its whole change, which is not applied again until it is resumed.
    RolledBack,
}

impl State {
    const ALL: [State; 5] = [
        State::Applying,
        State::Applied,
        State::Reverting,
        State::Reverted,
        State::RolledBack,
    ];

    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            State::Applying => "applying",
            State::Applied => "applied",
            State::Reverting => "reverting",
            State::Reverted => "reverted",
            State::RolledBack => "rolled-back",
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
    /// Another tool had applied it, by that tool's own table.
    Adopted,
    /// It stands for migrations that are applied, and did not run itself; or it is one of them, and ran only as a part
    /// of what stands for it.
    Squashed,
}

impl Reason {
    const ALL: [Reason; 5] = [
        Reason::Run,
        Reason::Fresh,
        Reason::Baseline,
        Reason::Adopted,
        Reason::Squashed,
    ];

    /// The word in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Run => "run",
            Reason::Fresh => "fresh",
            Reason::Baseline => "baseline",
            Reason::Adopted => "adopted",
            Reason::Squashed => "squashed",
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
    /// The change it belongs to.
    pub change: String,
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

impl Row {
    /// Whether it was begun, and nothing of it was done: its first statement was refused.
    pub fn did_nothing(&self) -> bool {
        self.state == State::Applying && self.done == 0 && self.catalog.is_none()
    }

    /// Whether it was begun and is not at its end: applied, or taken back, in part.
    pub(crate) fn is_half_way(&self) -> bool {
        matches!(self.state, State::Applying | State::Reverting)
    }
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
    /// Those of them that were taken back with their whole change, and are not to be applied again until it is resumed.
    pub withdrawn: Vec<Version>,
    /// The changes of versions that were taken back.
    pub changes: Vec<(Version, String)>,
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
            history.withdrawn.retain(|version| *version != row.version);
            if row.state == State::RolledBack {
                history.withdrawn.push(row.version);
            }
            if matches!(row.state, State::Reverted | State::RolledBack) {
                history.reverted.push((row.version, row.attempt));
                history.changes.push((row.version, row.change));
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

    /// The change of a version that is in the history, or was.
    pub fn change_of(&self, version: Version) -> Option<&str> {
        let taken_back = || {
            let found = self.changes.iter().rev().find(|(other, _)| *other == version);
            found.map(|(_, change)| &**change)
        };
        self.get(version).map(|row| &*row.change).or_else(taken_back)
    }

    /// Whether that version was taken back with its whole change.
    pub fn is_withdrawn(&self, version: Version) -> bool {
        self.withdrawn.contains(&version)
    }

    #[cfg(feature = "sql")]
    /// The digest of what is applied; `None` where anything else than that could be said of the set.
    pub(crate) fn digest(&self) -> Option<Digest> {
        let settled = self.present && !self.fresh && self.rows.iter().all(|row| row.state == State::Applied);
        settled.then(|| Digest::of_applied(self.rows.iter().map(|row| (row.version, row.semantic))))
    }

    /// As much of it as a start asks for.
    pub fn standing(&self) -> Standing {
        let rows = self.rows.iter().map(|row| StandingRow {
            version: row.version,
            attempt: row.attempt,
            state: row.state,
            semantic: row.semantic,
            requires: row.requires.clone(),
        });
        Standing {
            present: self.present,
            fresh: self.fresh,
            exact: false,
            rows: rows.collect(),
        }
    }

    /// The number of the next attempt at that version.
    pub fn next_attempt(&self, version: Version) -> u32 {
        let reverted = self.reverted.iter().find(|(other, _)| *other == version);
        reverted.map_or(1, |(_, attempt)| attempt + 1)
    }
}

/// As much of a history as tells whether a build may serve: what every start reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// As [`History::present`].
    pub present: bool,
    /// As [`History::fresh`].
    pub fresh: bool,
    /// Whether it is known that exactly the expected migrations are applied. There are no rows then.
    pub exact: bool,
    /// As [`History::rows`].
    pub rows: Vec<StandingRow>,
}

/// As much of a [`Row`] as tells whether a build may serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRow {
    /// The version.
    pub version: Version,
    /// As [`Row::attempt`].
    pub attempt: u32,
    /// How far it is.
    pub state: State,
    /// The digest of the tokens that ran.
    pub semantic: Digest,
    /// For a contract: the versions a build has to embed. Empty for other phases.
    pub requires: Vec<Version>,
}

impl Standing {
    /// Sorts rows in, keeping the latest attempt at each version where that was not taken back.
    pub fn of(mut rows: Vec<StandingRow>) -> Self {
        // Rows mostly come sorted, which makes this one pass over them.
        rows.sort_by_key(|row| (row.version, core::cmp::Reverse(row.attempt)));
        rows.dedup_by_key(|row| row.version);
        rows.retain(|row| !matches!(row.state, State::Reverted | State::RolledBack));
        Self {
            present: true,
            fresh: false,
            exact: false,
            rows,
        }
    }

    /// The row of that version.
    pub fn get(&self, version: Version) -> Option<&StandingRow> {
        let index = self.rows.binary_search_by_key(&version, |row| row.version).ok()?;
        Some(&self.rows[index])
    }

    /// Whether that version is applied in full.
    pub fn is_applied(&self, version: Version) -> bool {
        self.get(version).is_some_and(|row| row.state == State::Applied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(version: u64, attempt: u32, state: State) -> Row {
        Row {
            version: Version(version),
            attempt,
            state,
            phase: Phase::Expand,
            change: String::new(),
            name: String::new(),
            exact: Digest([0; 32]),
            semantic: Digest([attempt as u8; 32]),
            requires: Vec::new(),
            reason: Reason::Run,
            done: 0,
            catalog: None,
            at: String::new(),
        }
    }

    #[test]
    fn both_keep_the_latest_attempt() {
        let rows = vec![
            row(3, 1, State::Applied),
            row(1, 2, State::Applied),
            row(2, 1, State::Applied),
            row(1, 1, State::Reverted),
            row(2, 2, State::RolledBack),
        ];
        let each = rows.iter().map(|row| StandingRow {
            version: row.version,
            attempt: row.attempt,
            state: row.state,
            semantic: row.semantic,
            requires: Vec::new(),
        });
        let standing = Standing::of(each.collect());
        assert_eq!(standing, History::of(rows).standing());
        assert_eq!(standing.rows.len(), 2);
        assert_eq!(standing.get(Version(1)).map(|row| row.attempt), Some(2));
    }
}
