//! What the expansion of the macros refers to. Not part of the API: it changes without notice.

pub use core::option::Option::{None, Some};
pub use core::result::Result;
pub use core::time::Duration;
pub use core::{cfg, include_bytes};

pub use crate::backfill::Code;
pub use crate::database::Pool;
pub use crate::error::Error;
use crate::migrator::Migrator;
pub use crate::migrator::Report;
use crate::model::Database;
pub use crate::model::directives::{
    Allow, Assignment, Backfill, Batched, Cutover, Expectation, Grace, List, RollbackNote, Squashed, Sync,
    SyncRows, SyncSide, Text, Window,
};
pub use crate::model::{
    Dialect, Digest, Layout, MariaDb, Migration, MigrationSet, Mysql, Phase, Postgres, Section,
    ServerVersion, Set, Sqlite, Statement, TransactionMode, Verify, Version,
};

/// An expand migration without directives of its own, free of destructors: cheap for the compiler to check.
#[derive(Clone, Copy, Debug)]
pub struct Plain {
    pub version: u64,
    pub name: &'static str,
    pub path: &'static str,
    pub change: Option<&'static str>,
    pub up: PlainSection,
    pub down: Option<PlainSection>,
    pub irreversible: Option<&'static str>,
    /// How many tables it creates.
    pub creates: usize,
    pub rebuild: bool,
    pub released: bool,
    pub exact: Digest,
    pub semantic: Digest,
}

/// A [`Section`] free of destructors.
#[derive(Clone, Copy, Debug)]
pub struct PlainSection {
    pub path: &'static str,
    pub text: &'static str,
    pub line: u32,
    /// How many statements it has.
    pub statements: usize,
    pub transaction: TransactionMode,
}

impl PlainSection {
    const NONE: Self = Self {
        path: "",
        text: "",
        line: 0,
        statements: 0,
        transaction: TransactionMode::One,
    };

    const fn section(self, statements: &'static [Statement]) -> Section {
        Section {
            path: Text::Borrowed(self.path),
            text: Text::Borrowed(self.text),
            line: self.line,
            statements: List::Borrowed(statements),
            transaction: self.transaction,
        }
    }
}

impl Plain {
    /// Keeps the place of a migration that [`put`] fills in.
    pub const NONE: Self = Self {
        version: 0,
        name: "",
        path: "",
        change: None,
        up: PlainSection::NONE,
        down: None,
        irreversible: None,
        creates: 0,
        rebuild: false,
        released: false,
        exact: Digest([0; 32]),
        semantic: Digest([0; 32]),
    };

    const fn migration(
        self,
        up: &'static [Statement],
        down: &'static [Statement],
        creates: &'static [Text],
    ) -> Migration {
        Migration {
            version: Version(self.version),
            name: Text::Borrowed(self.name),
            path: Text::Borrowed(self.path),
            change: text(self.change),
            phase: Phase::Expand,
            up: self.up.section(up),
            down: match self.down {
                Some(section) => Some(section.section(down)),
                None => None,
            },
            irreversible: text(self.irreversible),
            verify: List::Borrowed(&[]),
            requires: List::Borrowed(&[]),
            rollback: None,
            soak: None,
            grace: None,
            cutover: None,
            window: None,
            backfill: None,
            sync: List::Borrowed(&[]),
            unsync: List::Borrowed(&[]),
            rust: None,
            squash: List::Borrowed(&[]),
            allow: List::Borrowed(&[]),
            creates: List::Borrowed(creates),
            rebuild: self.rebuild,
            released: self.released,
            exact: self.exact,
            semantic: self.semantic,
        }
    }
}

const fn text(text: Option<&'static str>) -> Option<Text> {
    match text {
        Some(text) => Some(Text::Borrowed(text)),
        None => None,
    }
}

/// The migrations that the plain ones are. Statements and created tables of all of them are one list each, in order.
pub const fn plain<const N: usize>(
    plain: &[Plain; N],
    mut statements: &'static [Statement],
    mut tables: &'static [Text],
) -> [Migration; N] {
    const NONE: Migration = Plain::NONE.migration(&[], &[], &[]);
    let mut migrations = [NONE; N];
    let mut index = 0;
    while index < N {
        let one = plain[index];
        let (up, down, creates);
        (up, statements) = statements.split_at(one.up.statements);
        (down, statements) = statements.split_at(match one.down {
            Some(down) => down.statements,
            None => 0,
        });
        (creates, tables) = tables.split_at(one.creates);
        put(&mut migrations, index, one.migration(up, down, creates));
        index += 1;
    }
    migrations
}

/// Statements from their start, end and line, each four bytes. A byte string is one token to the compiler, where a
/// list of numbers is thousands of expressions.
pub const fn statements<const N: usize>(bytes: &[u8]) -> [Statement; N] {
    let mut statements = [Statement {
        start: 0,
        end: 0,
        line: 0,
    }; N];
    let mut rest = bytes;
    let mut index = 0;
    while let Some((&[a, b, c, d, e, f, g, h, i, j, k, l], tail)) = rest.split_first_chunk() {
        statements[index] = Statement {
            start: u32::from_le_bytes([a, b, c, d]),
            end: u32::from_le_bytes([e, f, g, h]),
            line: u32::from_le_bytes([i, j, k, l]),
        };
        rest = tail;
        index += 1;
    }
    statements
}

/// Puts a migration in its place. The one that was there holds nothing that had to be given back.
pub const fn put(migrations: &mut [Migration], index: usize, migration: Migration) {
    core::mem::forget(core::mem::replace(&mut migrations[index], migration));
}

/// Applies what is pending with a migrator about which nothing is changed.
pub async fn run<D: Database>(pool: &impl Pool<D>, set: Set<D>) -> Result<Report, Error> {
    Migrator::new(pool.clone(), set).build().run().await
}
