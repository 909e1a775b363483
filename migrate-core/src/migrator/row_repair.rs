//! Single rows of a copy that are not right: what a repair would do, and what it did.

use core::fmt;

use crate::backfill::BackfillState;
use crate::database::mover::{CopiedTables, Seen};
use crate::model::Version;

/// How many keys of a kind are kept, and how many of them a person is shown.
const KEPT: usize = 100;
const SHOWN: usize = 10;

/// Rows of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepairRows {
    /// How many there are.
    pub count: u64,
    /// The first of their keys, at most 100.
    pub keys: Vec<String>,
}

impl RepairRows {
    pub(in crate::migrator) fn add(&mut self, key: String) {
        self.count += 1;
        if self.keys.len() < KEPT {
            self.keys.push(key);
        }
    }

    /// How many rows, with the first keys: `2 rows (7, 8)`.
    fn shown(&self) -> String {
        let keys: Vec<&str> = self.keys.iter().take(SHOWN).map(String::as_str).collect();
        let more = if self.count > SHOWN as u64 { ", …" } else { "" };
        let rows = if self.count == 1 { "row" } else { "rows" };
        format!("{} {rows} ({}{more})", self.count, keys.join(", "))
    }

    /// The keys that a person is shown.
    pub(in crate::migrator) fn first(&self) -> String {
        let keys: Vec<&str> = self.keys.iter().take(SHOWN).map(String::as_str).collect();
        keys.join(", ")
    }
}

/// Rows of a copy that are not right, by what a repair does with them: [`Migrator::repair_rows_plan`](crate::Migrator::repair_rows_plan).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowRepairPlan {
    /// The migration that copied them.
    pub version: Version,
    /// The table that it copied from.
    pub source: String,
    /// The table that it copied to.
    pub target: String,
    /// How many rows of the source were looked at.
    pub looked: u64,
    /// Rows that the target does not have: they are inserted.
    pub missing: RepairRows,
    /// Rows that are there and differ: they are updated.
    pub differing: RepairRows,
    /// Rows that only the target has: they are left, because nothing is ever deleted.
    pub extra: RepairRows,
    /// Keys that have several rows: they are left, because nothing says which is which.
    pub several: RepairRows,
    /// Rows that were written each time they were looked at: they are left to the next look.
    pub busy: RepairRows,
}

/// What a row is to a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::migrator) enum RowKind {
    Missing,
    Differing,
    Extra,
    Several,
}

impl RowKind {
    pub(in crate::migrator) fn of(seen: &Seen) -> Self {
        match (seen.source.rows, seen.target.rows) {
            (1, 0) => Self::Missing,
            (1, 1) => Self::Differing,
            (0, _) => Self::Extra,
            _ => Self::Several,
        }
    }

    /// Whether a repair writes it.
    pub(in crate::migrator) fn is_written(self) -> bool {
        matches!(self, Self::Missing | Self::Differing)
    }
}

impl RowRepairPlan {
    pub(in crate::migrator) fn new(version: Version, tables: CopiedTables) -> Self {
        Self {
            version,
            source: tables.source,
            target: tables.target,
            looked: 0,
            missing: RepairRows::default(),
            differing: RepairRows::default(),
            extra: RepairRows::default(),
            several: RepairRows::default(),
            busy: RepairRows::default(),
        }
    }

    pub(in crate::migrator) fn add(&mut self, kind: RowKind, key: String) {
        let rows = match kind {
            RowKind::Missing => &mut self.missing,
            RowKind::Differing => &mut self.differing,
            RowKind::Extra => &mut self.extra,
            RowKind::Several => &mut self.several,
        };
        rows.add(key);
    }

    /// Whether there is a row that a repair would write.
    pub fn writes(&self) -> bool {
        self.missing.count + self.differing.count > 0
    }

    /// Whether there is a row that a repair leaves as it is.
    pub fn leaves(&self) -> bool {
        self.extra.count + self.several.count + self.busy.count > 0
    }

    /// What is left as it is, with what a person does about it.
    fn left(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, target, .. } = self;
        if self.extra.count > 0 {
            write!(
                f,
                "\n  leaves {} that `{target}` has and the statement does not select from `{source}`\n    \
                 look whose they are: DELETE those by hand that nobody needs (it takes along what refers to them, and a sync \
                 carries it to the other table), or insert what they were made of",
                self.extra.shown()
            )?;
        }
        if self.several.count > 0 {
            write!(
                f,
                "\n  leaves {} that the statement makes several rows of: nothing says which of them is which\n    \
                 mend them by hand, or `rerun`",
                self.several.shown()
            )?;
        }
        if self.busy.count > 0 {
            write!(
                f,
                "\n  leaves {} that somebody wrote each time it was looked at",
                self.busy.shown()
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for RowRepairPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            source,
            target,
            looked,
            ..
        } = self;
        write!(
            f,
            "Repair of single rows of {version}: {looked} rows of `{source}` looked at"
        )?;
        if self.missing.count > 0 {
            write!(
                f,
                "\n  inserts {} that `{target}` does not have",
                self.missing.shown()
            )?;
        }
        if self.differing.count > 0 {
            write!(f, "\n  updates {} that differ", self.differing.shown())?;
        }
        if !self.writes() {
            write!(f, "\n  writes nothing")?;
        }
        self.left(f)
    }
}

/// What a repair did: [`Migrator::repair_rows`](crate::Migrator::repair_rows).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowRepair {
    /// What was found.
    pub found: RowRepairPlan,
    /// How many rows were inserted.
    pub inserted: u64,
    /// How many rows were updated.
    pub updated: u64,
    /// Rows that somebody wrote between the look and the write, and that were left as they are.
    pub left: RepairRows,
    /// Rows whose values the database refuses.
    pub refused: RepairRows,
    /// Why, for the first of these keys.
    pub refusals: Vec<String>,
    /// The state of the backfill after everything was compared again.
    pub state: BackfillState,
    /// Why, where it is not right.
    pub reason: Option<String>,
}

impl RowRepair {
    pub(in crate::migrator) fn new(found: RowRepairPlan) -> Self {
        Self {
            found,
            inserted: 0,
            updated: 0,
            left: RepairRows::default(),
            refused: RepairRows::default(),
            refusals: Vec::new(),
            state: BackfillState::Blocked,
            reason: None,
        }
    }

    pub(in crate::migrator) fn refuse(&mut self, key: String, why: String) {
        self.refused.add(key);
        if self.refusals.len() < KEPT {
            self.refusals.push(why);
        }
    }
}

impl fmt::Display for RowRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            found,
            inserted,
            updated,
            ..
        } = self;
        write!(
            f,
            "Repair of single rows of {}: {} rows of `{}` looked at, {inserted} inserted into `{}`, {updated} updated",
            found.version, found.looked, found.source, found.target
        )?;
        if self.left.count > 0 {
            write!(
                f,
                "\n  left {} that somebody wrote meanwhile, or that are there under a key that counts as the same",
                self.left.shown()
            )?;
        }
        if self.refused.count > 0 {
            write!(f, "\n  the database refused {}", self.refused.shown())?;
            for (key, why) in self.refused.keys.iter().zip(&self.refusals).take(SHOWN) {
                write!(f, "\n    {key}: {}", why.replace('\n', "\n      "))?;
            }
        }
        found.left(f)?;
        match (&self.reason, self.state) {
            (Some(reason), state) => write!(f, "\n  now {state}: {reason}"),
            (None, BackfillState::Moving) => write!(f, "\n  a worker compares everything once more"),
            (None, state) => write!(f, "\n  now {state}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_told() {
        let tables = CopiedTables {
            source: "people".to_owned(),
            target: "names".to_owned(),
        };
        let mut plan = RowRepairPlan::new(Version(20260103000000), tables);
        plan.looked = 400;
        assert_eq!(
            plan.to_string(),
            "Repair of single rows of 20260103000000: 400 rows of `people` looked at\n  writes nothing"
        );
        for key in 1..=11 {
            plan.add(RowKind::Missing, key.to_string());
        }
        plan.add(RowKind::Extra, "1001".to_owned());
        plan.busy.add("7".to_owned());
        assert_eq!(
            plan.to_string(),
            "Repair of single rows of 20260103000000: 400 rows of `people` looked at\n  \
             inserts 11 rows (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …) that `names` does not have\n  \
             leaves 1 row (1001) that `names` has and the statement does not select from `people`\n    \
             look whose they are: DELETE those by hand that nobody needs (it takes along what refers to them, and a sync \
             carries it to the other table), or insert what they were made of\n  \
             leaves 1 row (7) that somebody wrote each time it was looked at"
        );
    }
}
