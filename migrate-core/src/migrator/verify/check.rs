//! What was looked at of moved data, and what came out.

use core::fmt;

/// How moved data was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckKind {
    /// Every row was compared by what the statement assigns.
    Comparison,
    /// Every row was compared by checksums over the two tables, some thousands at a time.
    Checksums,
    /// The Rust code was asked of every row.
    Code,
    /// The rows of the two tables were counted.
    Counts,
    /// Random rows were read once more, each by itself and byte by byte.
    Sample,
    /// The verify queries of the file were asked.
    Queries,
}

impl CheckKind {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            CheckKind::Comparison => "comparison",
            CheckKind::Checksums => "checksums",
            CheckKind::Code => "code",
            CheckKind::Counts => "counts",
            CheckKind::Sample => "sample",
            CheckKind::Queries => "queries",
        }
    }
}

/// One look at moved data.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// How it was looked at.
    pub kind: CheckKind,
    /// How many rows were looked at, or how many queries were asked.
    pub looked: u64,
    /// How many of them are not right; of counts, by how much they differ. At least so many, where there are
    /// [`more`](Self::more).
    pub differ: u64,
    /// How many more differed at one look: behind the first thousand of some thousand rows they are counted, and not looked
    /// at again, so rows that were written at that moment may be among them.
    pub more: u64,
    /// The first keys of rows that are not right, at most 100.
    pub keys: Vec<String>,
    /// What was found, with its figures.
    pub finding: String,
}

impl Check {
    pub(super) fn of_rows(kind: CheckKind, looked: u64, differ: u64, more: u64, keys: Vec<String>) -> Self {
        let rows = match kind {
            CheckKind::Sample => "random rows read",
            CheckKind::Checksums => "rows compared by checksums",
            CheckKind::Code => "rows asked of the code",
            _ => "rows compared",
        };
        Self {
            kind,
            looked,
            differ,
            more,
            keys,
            finding: match more {
                0 => format!("{looked} {rows}, {differ} differ"),
                more => format!(
                    "{looked} {rows}, at least {differ} differ, {} at a single look",
                    differ + more
                ),
            },
        }
    }

    /// Whether it found everything right.
    pub fn is_right(&self) -> bool {
        self.differ == 0 && self.more == 0
    }

    /// What is wrong, with at most so many keys; for who has to mend it.
    pub(in crate::migrator) fn fault(&self, keys: usize) -> String {
        let shown = self
            .keys
            .iter()
            .take(keys)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let more = if self.keys.len() > keys { ", …" } else { "" };
        let looked = self.looked;
        let differ = match self.more {
            0 => self.differ.to_string(),
            more => format!(
                "at least {} ({} at a single look)",
                self.differ,
                self.differ + more
            ),
        };
        match self.kind {
            CheckKind::Counts | CheckKind::Queries => self.finding.clone(),
            CheckKind::Sample => {
                format!("{differ} of {looked} random rows are not right after the backfill: {shown}{more}")
            }
            _ => format!("{differ} of {looked} rows are not right after the backfill: {shown}{more}"),
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding)?;
        if !self.keys.is_empty() {
            write!(f, " ({})", self.keys.join(", "))?;
        }
        Ok(())
    }
}

/// What looking at moved data found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Each way in which it was looked at. Not every shape of data can be looked at in every way.
    pub checks: Vec<Check>,
    /// What to do about what is not right; `None` where everything is. Until that is done, or workers look again, the
    /// backfill's status says what the look before this one found.
    pub help: Option<String>,
}

impl Verification {
    /// Whether everything that was looked at is right.
    pub fn is_right(&self) -> bool {
        self.checks.iter().all(Check::is_right)
    }

    /// Whether anything looked at what is in the rows: how many there are says nothing of that.
    pub(crate) fn says_what_is_right(&self) -> bool {
        self.checks
            .iter()
            .any(|check| !matches!(check.kind, CheckKind::Counts))
    }

    /// The check of that kind, if it was made.
    pub fn check(&self, kind: CheckKind) -> Option<&Check> {
        self.checks.iter().find(|check| check.kind == kind)
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.checks.is_empty() {
            return f.write_str("nothing says what is right");
        }
        for (index, check) in self.checks.iter().enumerate() {
            let between = if index > 0 { "; " } else { "" };
            write!(f, "{between}{check}")?;
        }
        Ok(())
    }
}
