//! A set of migrations, typed by the database it is for.

use core::fmt;
use core::marker::PhantomData;

use super::directives::{List, Text};
use super::{Dialect, Digest, Layout, Migration, ServerVersion, Version};
use crate::backfill::Code;

/// A database a set can be written for. Implemented by the marker types of this module and by nothing else.
pub trait Database: sealed::Sealed + Send + core::marker::Sync + 'static {
    /// Its dialect.
    const DIALECT: Dialect;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! databases {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Database for $name {
            const DIALECT: Dialect = Dialect::$name;
        }
    )*};
}

databases! {
    /// Marks sets for PostgreSQL; they run on an `sqlx::PgPool`.
    Postgres;
    /// Marks sets for SQLite; they run on an `sqlx::SqlitePool`.
    Sqlite;
    /// Marks sets for MySQL; they run on an `sqlx::MySqlPool`.
    Mysql;
    /// Marks sets for MariaDB; they run on an `sqlx::MySqlPool`.
    MariaDb;
}

/// The migrations one derive embeds, or one run-time source reads.
#[derive(Clone, Debug, PartialEq)]
pub struct MigrationSet {
    /// Names the set in the database: sets of different names share one database without meeting.
    pub name: Text,
    /// The dialect of its files.
    pub dialect: Dialect,
    /// The layout its files were read in.
    pub layout: Layout,
    /// The oldest server it is meant for.
    pub since: Option<ServerVersion>,
    /// The migrations, by ascending version.
    pub migrations: List<Migration>,
    /// Versions that were released once and are no longer files, ascending: squashed or withdrawn.
    pub tombstones: List<Version>,
    /// The folder it was embedded from, in debug builds, to notice files that are not embedded yet.
    #[doc(hidden)]
    pub folder: Option<&'static str>,
}

impl MigrationSet {
    /// The migration of that version.
    pub fn get(&self, version: Version) -> Option<&Migration> {
        let index = self
            .migrations
            .binary_search_by_key(&version, |migration| migration.version);
        index.ok().map(|index| &self.migrations[index])
    }

    /// The migration that stands for that version, where that was squashed.
    pub fn squashed_into(&self, version: Version) -> Option<&Migration> {
        let stands_for = |migration: &&Migration| {
            let mut members = migration.squash.iter();
            members.any(|member| member.version == version)
        };
        self.migrations.iter().find(stands_for)
    }

    /// Version and semantic digest of all that is applied where the whole set is, by ascending version: what squashed
    /// files stand for is in the history as well.
    pub(crate) fn when_applied(&self) -> impl Iterator<Item = (Version, Digest)> {
        // No file stands between a squashed one and what it stands for.
        self.migrations.iter().flat_map(|migration| {
            let members = migration.squash.iter();
            let members = members.map(|member| (member.version, member.semantic));
            members.chain([(migration.version, migration.semantic)])
        })
    }

    /// The newest version, unless the set is empty.
    pub fn newest(&self) -> Option<Version> {
        self.migrations.last().map(|migration| migration.version)
    }
}

/// A [`MigrationSet`] for the database `D`: one that does not fit a pool does not compile with it.
pub struct Set<D> {
    set: MigrationSet,
    bound: &'static [(&'static str, Code)],
    database: PhantomData<fn() -> D>,
}

impl<D: Database> Set<D> {
    /// Types a set. For the derive, which knows that the dialect fits.
    #[doc(hidden)]
    pub const fn embedded(set: MigrationSet) -> Self {
        Self {
            set,
            bound: &[],
            database: PhantomData,
        }
    }

    /// The set with the Rust code of its backfills, by the names that its files have for it.
    #[doc(hidden)]
    pub const fn binding(mut self, bound: &'static [(&'static str, Code)]) -> Self {
        self.bound = bound;
        self
    }

    pub(crate) fn bound(&self) -> &'static [(&'static str, Code)] {
        self.bound
    }

    /// This set with other migrations, for what is tried on a part of it; the Rust code stays with those that name it.
    #[doc(hidden)]
    pub fn with(&self, migrations: List<Migration>) -> Self {
        let mut part = self.clone();
        part.set.migrations = migrations;
        part
    }

    /// Types a set that was read at run time; `None` if its dialect is not that of `D`.
    pub fn typed(set: MigrationSet) -> Option<Self> {
        (set.dialect == D::DIALECT).then(|| Self::embedded(set))
    }

    /// The set without its type.
    pub fn untyped(&self) -> &MigrationSet {
        &self.set
    }

    /// The set without its type.
    pub fn into_untyped(self) -> MigrationSet {
        self.set
    }
}

impl<D: Database> core::ops::Deref for Set<D> {
    type Target = MigrationSet;

    fn deref(&self) -> &MigrationSet {
        &self.set
    }
}

impl<D> Clone for Set<D> {
    fn clone(&self) -> Self {
        Self {
            set: self.set.clone(),
            bound: self.bound,
            database: PhantomData,
        }
    }
}

impl<D> fmt::Debug for Set<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.set.fmt(f)
    }
}
