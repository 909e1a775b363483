//! What the directives of a file say, once they are understood.

use core::fmt;
use core::time::Duration;
use std::borrow::Cow;

use super::{Digest, Phase, Version};

/// Text that is either embedded in the program or read at run time.
pub type Text = Cow<'static, str>;

/// A list that is either embedded in the program or read at run time.
pub type List<T> = Cow<'static, [T]>;

/// How long a contract waits after its other gates opened, `-- migrate:grace`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grace {
    /// A span of time.
    Time(Duration),
    /// A number of releases of the application.
    Releases(u32),
}

/// What a rollback would mean, `-- migrate:rollback`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollbackNote {
    /// What would be lost, in words; `None` where it says `none`.
    pub data_loss: Option<Text>,
    /// Until when the rollback is possible, in words.
    pub window: Option<Text>,
}

/// The stages of a cutover, `-- migrate:cutover`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cutover {
    /// Percentages of traffic, growing, the last one 100.
    pub ramp: List<u8>,
    /// How long each stage is held.
    pub hold: Option<Duration>,
    /// The highest allowed p99 of the new path, as a multiple of the old one's.
    pub p99: Option<f64>,
    /// The highest allowed error rate, a fraction of 1.
    pub errors: Option<f64>,
    /// The highest allowed rate of mismatches in shadow reads, a fraction of 1.
    pub mismatch: Option<f64>,
}

/// Days and hours in which a file may run, `-- migrate:window "Sun 02:00-04:00 UTC"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The days on which it opens, Monday first.
    pub days: [bool; 7],
    /// Minutes after midnight UTC at which it opens.
    pub from: u16,
    /// Minutes after midnight UTC at which it closes; less than `from` means on the next day.
    pub to: u16,
}

impl Window {
    /// When it opens next, behind that time.
    pub fn opens(&self, at: std::time::SystemTime) -> std::time::SystemTime {
        use std::time::UNIX_EPOCH;
        const DAY: u64 = 86_400;
        let seconds = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let today = seconds / DAY;
        let from = u64::from(self.from) * 60;
        // One week on it is the same day again, and its hour of today may be over.
        let next = (today..=today + 7)
            .filter(|day| self.days[((day + 3) % 7) as usize])
            .map(|day| day * DAY + from)
            .find(|opens| *opens > seconds);
        next.map_or(at, |next| UNIX_EPOCH + Duration::from_secs(next))
    }

    /// Which window it is, and when it opens next.
    pub(crate) fn told(&self, at: std::time::SystemTime) -> String {
        let opens = self.opens(at).duration_since(std::time::UNIX_EPOCH);
        let ms = opens.map_or(0, |since| since.as_millis() as u64);
        format!("{self}, which opens at {}", crate::time::shown(ms))
    }

    /// Whether it is open at that time.
    pub fn is_open(&self, at: std::time::SystemTime) -> bool {
        let seconds = at
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let (day, minute) = (seconds / 86_400, (seconds / 60 % 1_440) as u16);
        // 1 January 1970 was a Thursday.
        let opens_on = |day: u64| self.days[((day + 3) % 7) as usize];
        if self.from < self.to {
            return opens_on(day) && (self.from..self.to).contains(&minute);
        }
        (opens_on(day) && minute >= self.from) || (opens_on(day + 6) && minute < self.to)
    }
}

impl core::fmt::Display for Window {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        if self.days.contains(&false) {
            let days = DAYS.iter().zip(self.days).filter(|(_, opens)| *opens);
            let days: Vec<&str> = days.map(|(day, _)| *day).collect();
            write!(f, "{} ", days.join(","))?;
        }
        let [from, to] = [self.from, self.to].map(|minute| (minute / 60, minute % 60));
        write!(f, "{:02}:{:02}-{:02}:{:02} UTC", from.0, from.1, to.0, to.1)
    }
}

/// How a migrate file moves its data in batches, `-- migrate:backfill`.
#[derive(Clone, Debug, PartialEq)]
pub struct Backfill {
    /// The table whose rows are visited.
    pub table: Text,
    /// The columns of a unique key by which they are visited.
    pub key: List<Text>,
    /// Rows of the first batch; later ones adapt.
    pub batch: Option<u32>,
    /// The pause between two batches.
    pub pause: Option<Duration>,
    /// The replica lag above which it pauses.
    pub max_lag: Option<Duration>,
    /// How many rows Rust code may set aside before it stops.
    pub failures: Option<u32>,
    /// The highest share of the application's writes that may fail, a fraction of 1.
    pub errors: Option<f64>,
    /// The highest p99 of the application, as a multiple of the one before.
    pub p99: Option<f64>,
    /// The statement of `up`, ready to run over a range of keys; `None` where Rust code moves the data.
    pub batched: Option<Batched>,
}

/// A statement that can be run over one range of keys after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batched {
    /// Its text up to its condition, `WHERE` included.
    pub before: Text,
    /// The condition that is written, if one is.
    pub condition: Option<Text>,
    /// Its text behind the condition.
    pub after: Text,
    /// What the visited table is called in it: its alias, else its name as written.
    pub row: Text,
    /// What an UPDATE assigns, where each is one column and one expression; else nothing.
    pub assignments: List<Assignment>,
    /// Whether it inserts what it selects.
    pub inserts: bool,
    /// Whether it reads more tables than the visited one beside its subqueries.
    pub joined: bool,
}

impl Batched {
    /// The statement over a range, given as a condition.
    pub fn statement(&self, range: &str) -> String {
        let Self { before, after, .. } = self;
        let space = if after.is_empty() { "" } else { " " };
        // A comment at the end of the condition must not swallow the parenthesis.
        match &self.condition {
            Some(condition) => format!(
                "{before} {range} AND ({condition}\n){space}{after}",
                after = after.trim_start()
            ),
            None => format!("{before} {range}{space}{after}", after = after.trim_start()),
        }
    }
}

/// One column and what an UPDATE assigns to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The column, as written.
    pub column: Text,
    /// The expression, as written.
    pub expression: Text,
}

/// One side of a sync: columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncSide {
    /// The table, with its schema where one is named.
    pub table: Text,
    /// The columns, in the order written.
    pub columns: List<Text>,
}

impl fmt::Display for SyncSide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.columns {
            [column] => write!(f, "{}.{column}", self.table),
            columns => write!(f, "{}.({})", self.table, columns.join(", ")),
        }
    }
}

/// Which of two tables triggers make rows in and delete them from, so that each row has its counterpart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncRows {
    /// The new one: its rows are a part of what the old one has, split off.
    #[default]
    New,
    /// The old one: its rows are a part of what the new one has, merged into it.
    Old,
    /// Both: every row of one is a row of the other.
    Both,
}

/// Two sides the database keeps equal while both builds run, `-- migrate:sync` and `-- migrate:unsync`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// The side the old build uses.
    pub old: SyncSide,
    /// The side the new build uses.
    pub new: SyncSide,
    /// Whether writes to the new side reach the old one: `<->`, or `->` where they do not.
    pub both_ways: bool,
    /// The SQL expression that gives the new side, where it is not a copy.
    pub forward: Option<Text>,
    /// The SQL expression that gives the old side, where it is not a copy.
    pub backward: Option<Text>,
    /// For two tables: the condition that pairs their rows.
    pub on: Option<Text>,
    /// For two tables: whose rows come and go with those of the other.
    pub rows: SyncRows,
}

impl Sync {
    /// Whether both are about the same two sides.
    pub fn same_pair(&self, other: &Sync) -> bool {
        self.old == other.old && self.new == other.new
    }
}

impl fmt::Display for Sync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = if self.both_ways { "<->" } else { "->" };
        write!(f, "{} {arrow} {}", self.old, self.new)
    }
}

/// One accepted finding, `-- migrate:allow <rule> "<reason>"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The name of the rule.
    pub rule: Text,
    /// Why it is accepted here.
    pub reason: Text,
    /// The index of the statement of `up` or `down` it stands before; `None` in the header, for the whole file.
    pub statement: Option<u32>,
    /// The line of the directive in its file, from 1.
    pub line: u32,
}

/// What a verify query has to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// One row with one column, 0.
    Zero,
    /// The same value before and after.
    Unchanged,
    /// That literal, compared as text.
    Equals(Text),
}

/// The versions a build must embed so that it no longer uses what a contract removes, `-- migrate:requires`.
pub type Requires = List<Version>;

/// One migration that a squashed file stands for, `-- migrate:squash`.
///
/// It says all that the history keeps of it beside its SQL, so that a database on which only the squashed file ran
/// looks to older builds as if this migration had run there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squashed {
    /// Its version.
    pub version: Version,
    /// Its name.
    pub name: Text,
    /// The change it belonged to; `None` where it was one of its own.
    pub change: Option<Text>,
    /// Its phase.
    pub phase: Phase,
    /// For a contract: the versions whose builds no longer use what it removed.
    pub requires: Requires,
    /// The digest of its tokens.
    pub semantic: Digest,
}

impl Squashed {
    /// The change it belonged to, by name: its own version where it named none.
    pub fn change_name(&self) -> Cow<'_, str> {
        match &self.change {
            Some(change) => Cow::Borrowed(&**change),
            None => Cow::Owned(self.version.to_string()),
        }
    }
}

impl fmt::Display for Squashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.version, self.name)
    }
}
