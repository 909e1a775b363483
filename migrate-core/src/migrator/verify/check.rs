//! What was looked at of moved data, and what came out.

use core::fmt;

/// How many keys of a check stand in a text.
const SHOWN: usize = 10;

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

impl Check {
    /// What was found, with the first keys that no check before told.
    fn write(&self, before: &[Check], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding)?;
        let is_new = |key: &&String| !before.iter().any(|check| check.keys.contains(key));
        let keys: Vec<&str> = self.keys.iter().filter(is_new).map(String::as_str).collect();
        match keys.get(..SHOWN) {
            _ if keys.is_empty() => Ok(()),
            Some(first) if keys.len() > SHOWN => write!(f, " ({}, …)", first.join(", ")),
            _ => write!(f, " ({})", keys.join(", ")),
        }
    }
}

/// What was found, with the first ten keys of rows that are not right.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&[], f)
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
            f.write_str(between)?;
            check.write(&self.checks[..index], f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: CheckKind, keys: &[u32]) -> Check {
        let keys: Vec<String> = keys.iter().map(u32::to_string).collect();
        Check::of_rows(kind, 2000, keys.len() as u64, 0, keys)
    }

    #[test]
    fn keys_are_told_once_and_not_all_of_them() {
        let many: Vec<u32> = (1..=100).collect();
        let verification = Verification {
            checks: vec![
                of(CheckKind::Comparison, &many),
                of(CheckKind::Sample, &[7, 101, 3]),
                of(CheckKind::Sample, &[7, 3]),
            ],
            help: None,
        };
        assert_eq!(
            verification.to_string(),
            "2000 rows compared, 100 differ (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …); 2000 random rows read, 3 differ (101); \
             2000 random rows read, 2 differ"
        );
        let ten = of(CheckKind::Comparison, &many[..10]).to_string();
        assert!(ten.ends_with("(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)"), "{ten}");
    }
}
