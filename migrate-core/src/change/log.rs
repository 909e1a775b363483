//! What happened to changes.

use core::fmt;

use crate::model::Version;

/// What can happen to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occurrence {
    /// Its last expand file was applied.
    Expanded,
    /// Its data began to be moved.
    Backfilling,
    /// Its data was found to be moved and right.
    Verified,
    /// It was found that it cannot go on; the figures say why.
    Blocked,
    /// What blocked it is gone.
    Unblocked,
    /// Every running build was seen to use the new shape only.
    InUse,
    /// A build was seen again that uses the old shape.
    InUseEnded,
    /// All gates of its contract but the grace were seen open.
    Ready,
    /// One of them was seen closed again.
    NotReady,
    /// A person approved its contract.
    Approved,
    /// Its contract was applied.
    Contracted,
    /// It was taken back.
    RolledBack,
    /// A person let it be applied again.
    Resumed,
    /// A file that stands for its migrations was recorded, or ran in their place.
    Squashed,
    /// A migration of it was taken back, by `down`, `redo`, or because its draft was edited.
    TakenBack,
    /// One that was taken back was applied again, in the same call.
    Redone,
    /// A migration of it was recorded as applied, and did not run: by a baseline, or from another tool.
    Recorded,
    /// The text of a file was taken over into the history; the figures keep what stood there. Or single rows of a copy were
    /// written that were not right; the figures say how many of which kind.
    Repaired,
    /// A person said how a backfill of it goes on; the figures keep how it was before.
    Steered,
    /// Under which policy the database is kept from here on. It is about no change.
    Policy,
    /// A statement of a migration of it failed in the middle of a file whose statements commit one by one; the figures
    /// say which, and why.
    Failed,
    /// Something worth keeping that leaves it as it is, such as a limit that was exceeded.
    Noted,
}

impl Occurrence {
    /// All of them.
    pub const ALL: [Occurrence; 22] = [
        Occurrence::Expanded,
        Occurrence::Backfilling,
        Occurrence::Verified,
        Occurrence::Blocked,
        Occurrence::Unblocked,
        Occurrence::InUse,
        Occurrence::InUseEnded,
        Occurrence::Ready,
        Occurrence::NotReady,
        Occurrence::Approved,
        Occurrence::Contracted,
        Occurrence::RolledBack,
        Occurrence::Resumed,
        Occurrence::Squashed,
        Occurrence::TakenBack,
        Occurrence::Redone,
        Occurrence::Recorded,
        Occurrence::Repaired,
        Occurrence::Steered,
        Occurrence::Policy,
        Occurrence::Failed,
        Occurrence::Noted,
    ];

    /// The word in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Occurrence::Expanded => "expanded",
            Occurrence::Backfilling => "backfilling",
            Occurrence::Verified => "verified",
            Occurrence::Blocked => "blocked",
            Occurrence::Unblocked => "unblocked",
            Occurrence::InUse => "in-use",
            Occurrence::InUseEnded => "in-use-ended",
            Occurrence::Ready => "ready",
            Occurrence::NotReady => "not-ready",
            Occurrence::Approved => "approved",
            Occurrence::Contracted => "contracted",
            Occurrence::RolledBack => "rolled-back",
            Occurrence::Resumed => "resumed",
            Occurrence::Squashed => "squashed",
            Occurrence::TakenBack => "taken-back",
            Occurrence::Redone => "redone",
            Occurrence::Recorded => "recorded",
            Occurrence::Repaired => "repaired",
            Occurrence::Steered => "steered",
            Occurrence::Policy => "policy",
            Occurrence::Failed => "failed",
            Occurrence::Noted => "noted",
        }
    }

    /// The occurrence of that word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.name() == name)
    }
}

impl fmt::Display for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One entry of the log of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its place in the log: later entries have higher numbers. 0 before it is written.
    pub id: u64,
    /// When, in milliseconds since 1970, by the clock of who wrote it.
    pub at_ms: u64,
    /// The change it is about.
    pub change: String,
    /// The migration it is about, where it is about one.
    pub version: Option<Version>,
    /// What happened.
    pub what: Occurrence,
    /// The instance that wrote it.
    pub instance: String,
    /// The build of that instance.
    pub build: String,
    /// What was seen or said, as names and values.
    pub figures: Vec<(String, String)>,
}

impl LogEntry {
    /// The value of that name.
    pub fn figure(&self, name: &str) -> Option<&str> {
        let found = self.figures.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| &**value)
    }
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.change.is_empty() {
            write!(f, "{} ", self.change)?;
        }
        write!(f, "{}", self.what)?;
        if let Some(version) = self.version {
            write!(f, " {version}")?;
        }
        for (name, value) in &self.figures {
            match value.trim().split_once('\n') {
                None if value.trim().is_empty() => write!(f, "; {name}: none")?,
                None => write!(f, "; {name}: {value}")?,
                Some((first, rest)) => {
                    write!(f, "; {name}: {first} … ({} more lines)", rest.lines().count())?;
                }
            }
        }
        write!(f, " ({})", self.instance)
    }
}

/// What a person says when a contract may remove what cannot be brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who approves.
    pub by: String,
    /// The backup from which what is lost could be restored: a name, a path, a snapshot's id.
    pub backup: String,
    /// The day on which restoring such a backup was last tried, as `YYYY-MM-DD`.
    pub restore_tested: String,
    /// The owner of the data, who signs off the loss.
    pub owner: String,
}

#[cfg(any(feature = "sql", test))]
/// Names and values as one text: a line each, which people can read in the database.
pub(crate) fn text_of(figures: &[(String, String)]) -> String {
    // A return before the end of a line would be taken for a part of that.
    let lined = |text: &str| {
        text.replace('\\', "\\\\")
            .replace('\n', "\\n")
            .replace('\r', "\\r")
    };
    let escaped = |text: &str| lined(text).replace('=', "\\e");
    let lines: Vec<String> = figures
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), lined(value)))
        .collect();
    lines.join("\n")
}

#[cfg(any(feature = "sql", test))]
/// The names and values of such a text.
pub(crate) fn figures_of(text: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        let mut plain = String::with_capacity(text.len());
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => plain.push(match characters.next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some('e') => '=',
                    Some(other) => other,
                    None => '\\',
                }),
                other => plain.push(other),
            }
        }
        plain
    };
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_come_back() {
        let figures = [("a=b\\", "x\ny=z"), ("", ""), ("rows", "12\r")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        assert_eq!(figures_of(&text_of(&figures)), figures);
    }
}
