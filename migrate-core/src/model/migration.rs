//! One migration.

use core::fmt;
use core::time::Duration;

use super::directives::{
    Allow, Backfill, Cutover, Expectation, Grace, List, Requires, RollbackNote, Squashed, Sync, Text, Window,
};
use super::{Digest, Phase, Version};

/// Whether a section is one transaction or each of its statements is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionMode {
    /// All statements commit together with the history, where the database can do that.
    One,
    /// Each statement is its own transaction; the history keeps a cursor. Asked for by
    /// `-- migrate:transaction off`, or by a statement that cannot run in a transaction.
    PerStatement,
}

/// Where one statement stands in the text of its section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Offset of its first byte in the section's text.
    pub start: u32,
    /// Offset behind its last byte, without the terminator.
    pub end: u32,
    /// Its first line in the file, from 1.
    pub line: u32,
}

/// The SQL of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The file it stands in, relative to the crate or to the folder that was read, with `/`.
    pub path: Text,
    /// The text, with LF line ends.
    pub text: Text,
    /// The line of the file on which the text starts, from 1.
    pub line: u32,
    /// Its statements.
    pub statements: List<Statement>,
    /// Whether they are one transaction.
    pub transaction: TransactionMode,
}

impl Section {
    /// The SQL of a statement of this section.
    pub fn sql(&self, statement: &Statement) -> &str {
        &self.text[statement.start as usize..statement.end as usize]
    }

    /// The statements with their SQL, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Statement, &str)> {
        self.statements
            .iter()
            .map(|statement| (statement, self.sql(statement)))
    }
}

/// A query that tells whether the data is right, and what it has to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verify {
    /// What it has to answer.
    pub expectation: Expectation,
    /// The query: exactly one statement.
    pub query: Section,
}

/// One migration: a file of the native layout, or whatever a foreign layout makes of one version.
///
/// Values of this type come from the derive, where everything is const, or from a run-time [source](crate::source).
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// What identifies it.
    pub version: Version,
    /// The words of its file's name.
    pub name: Text,
    /// Its file, relative to the crate or to the folder that was read, with `/`.
    pub path: Text,
    /// The change it belongs to. An expand file without one is a change of its own.
    pub change: Option<Text>,
    /// Its phase.
    pub phase: Phase,
    /// What runs forwards.
    pub up: Section,
    /// What takes it back.
    pub down: Option<Section>,
    /// Why there is no way back, where there is none.
    pub irreversible: Option<Text>,
    /// The queries that tell whether its data is right.
    pub verify: List<Verify>,
    /// For a contract: the versions whose builds no longer use what it removes. Never empty there.
    pub requires: Requires,
    /// What a rollback would mean.
    pub rollback: Option<RollbackNote>,
    /// How long it waits after the new shape is in full use.
    pub soak: Option<Duration>,
    /// How long it waits after its other gates opened.
    pub grace: Option<Grace>,
    /// The stages of its cutover.
    pub cutover: Option<Cutover>,
    /// When it may run.
    pub window: Option<Window>,
    /// How it moves data in batches.
    pub backfill: Option<Backfill>,
    /// What the database keeps equal from here on.
    pub sync: List<Sync>,
    /// What the database stops keeping equal here.
    pub unsync: List<Sync>,
    /// The name of the Rust code that moves its data, bound in the derive.
    pub rust: Option<Text>,
    /// The migrations that it stands for, ascending. Where they are applied, it is recorded and does not run.
    pub squash: List<Squashed>,
    /// Findings accepted with a reason.
    pub allow: List<Allow>,
    /// The tables its `up` creates, without their schema.
    pub creates: List<Text>,
    /// Whether its `up` rebuilds an SQLite table, so that foreign keys must rest while it runs.
    pub rebuild: bool,
    /// Whether it is released: in the lock file, or not after the baseline.
    pub released: bool,
    /// The digest of the exact text; decides what the lock file says.
    pub exact: Digest,
    /// The digest of the tokens, without comments and white space; decides what the database says.
    pub semantic: Digest,
}

impl Migration {
    /// The digest of what becomes of the rows of a backfill, as far as its file says it: statements and queries without
    /// their comments, whose rows they are, and which Rust code gets them. The pace is no part of it. Its first half is of
    /// the table and key alone: where that is the same, another text can go on at the same row.
    pub(crate) fn moves(&self) -> Digest {
        let semantic = self.semantic.to_string();
        let mut fields = vec![&*semantic, self.rust.as_deref().unwrap_or_default()];
        let mut visits = Vec::new();
        if let Some(backfill) = &self.backfill {
            visits.push(&*backfill.table);
            visits.extend(backfill.key.iter().map(|column| &**column));
        }
        fields.extend(&visits);
        for verify in self.verify.iter() {
            fields.extend(match &verify.expectation {
                Expectation::Zero => ["zero", ""],
                Expectation::Unchanged => ["unchanged", ""],
                Expectation::Equals(literal) => ["equals", literal],
            });
        }
        let mut moves = Digest::of_fields(fields);
        moves.0[..16].copy_from_slice(&Digest::of_fields(visits).0[..16]);
        moves
    }

    /// One that says nothing beyond its statements.
    pub(crate) fn plain(version: Version, name: &str, path: &str, phase: Phase, up: Section) -> Self {
        Self {
            version,
            name: name.to_owned().into(),
            path: path.to_owned().into(),
            change: None,
            phase,
            up,
            down: None,
            irreversible: None,
            verify: Default::default(),
            requires: Requires::default(),
            rollback: None,
            soak: None,
            grace: None,
            cutover: None,
            window: None,
            backfill: None,
            sync: Default::default(),
            unsync: Default::default(),
            rust: None,
            squash: Default::default(),
            allow: Default::default(),
            creates: Default::default(),
            rebuild: false,
            released: false,
            exact: Digest::of_fields([]),
            semantic: Digest::of_fields([]),
        }
    }

    /// What a person approves of a contract: its statements, and what its header says of the gates and of the way back.
    pub(crate) fn approvable(&self) -> Digest {
        let ms = |time: Duration| time.as_millis().to_string();
        let versions: Vec<String> = self.requires.iter().map(ToString::to_string).collect();
        let (data_loss, until) = match &self.rollback {
            Some(note) => (note.data_loss.as_deref(), note.window.as_deref()),
            None => (None, None),
        };
        let said = [
            Some(self.semantic.to_string()),
            self.soak.map(ms),
            self.grace.map(|grace| match grace {
                Grace::Time(time) => ms(time),
                Grace::Releases(count) => format!("{count} releases"),
            }),
            self.window
                .map(|window| format!("{:?} {} {}", window.days, window.from, window.to)),
            Some(versions.join(" ")),
            self.rollback.as_ref().map(|_| "rollback".to_owned()),
            data_loss.map(str::to_owned),
            until.map(str::to_owned),
            self.irreversible.as_deref().map(str::to_owned),
        ];
        // What is not said differs from what is said to be empty.
        let fields: Vec<String> = said
            .into_iter()
            .map(|said| said.map_or_else(String::new, |said| format!("={said}")))
            .collect();
        Digest::of_fields(fields.iter().map(|field| &**field))
    }

    /// The change it belongs to, by name: its own version where it names none.
    pub fn change_name(&self) -> std::borrow::Cow<'_, str> {
        match &self.change {
            Some(change) => std::borrow::Cow::Borrowed(&**change),
            None => std::borrow::Cow::Owned(self.version.to_string()),
        }
    }
}

impl fmt::Display for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.version, self.name)
    }
}
