//! A database on its way through the migrations of a set.
//!
//! A chain has hundreds of steps, so nothing is opened for one of them: the migrator's session and the connection that
//! reads the catalog stay until the end.

use std::fmt;
use std::time::Duration;

use migrate_core::facts::{Facts, Scope};
use migrate_core::migrator::{KeptSession, MigratorBuilder, Report};
use migrate_core::{Migration, Migrator, Phase, Set, Version};

use super::Prove;
use crate::contents::{self, Contents};
use crate::database::sealed::Sealed as _;
use crate::database::{TestDatabase, TestKind};
use crate::error::Error;
use crate::structure::{self, Tables};

/// What the names of the migrator's own tables start with; they are no part of a schema.
pub(crate) const TABLE_PREFIX: &str = "_migrate_";

/// How long a statement waits for a lock in a test: whoever holds it there will not let go later.
pub(crate) const LOCK_RETRY: Duration = Duration::from_secs(5);

/// How long a part of a table stays with a worker that was interrupted: nobody else is there who could be slow.
pub(crate) const LEASE: Duration = Duration::from_millis(500);

type MemoryOf<K> = <<K as TestKind>::Database as crate::database::sealed::Sealed>::Memory;
type LinkOf<K> = <<K as TestKind>::Database as crate::database::sealed::Sealed>::Link;

/// One database, with the migrator of a set or a part of it.
pub(crate) struct Chain<K: TestKind> {
    pub(crate) steps: Steps<K>,
    pub(crate) link: LinkOf<K>,
    // Last, so that the connections end before the database does.
    pub(crate) database: K::Database,
}

/// A migrator that does one step after the other, and looks at the catalog in between.
pub(crate) struct Steps<K: TestKind> {
    migrator: Migrator,
    kept: KeptSession,
    reader: LinkOf<K>,
    memory: MemoryOf<K>,
}

impl<K: TestKind> Steps<K> {
    pub(crate) async fn new(database: &K::Database, migrator: Migrator) -> Result<Self, Error> {
        Ok(Self {
            migrator,
            kept: KeptSession::default(),
            reader: database.link().await?,
            memory: MemoryOf::<K>::default(),
        })
    }

    pub(crate) async fn up_to(&mut self, version: Version) -> Result<Report, migrate_core::Error> {
        self.migrator.up_to_within(&mut self.kept, version).await
    }

    pub(crate) async fn down(&mut self) -> Result<Report, migrate_core::Error> {
        self.migrator.down_within(&mut self.kept).await
    }

    /// The statements of a migration that is not applied yet, with those that install or remove the triggers of its syncs;
    /// each with its line in the file, which for the latter is that of the section.
    pub(crate) async fn statements(&mut self, migration: &Migration) -> Result<Vec<(u32, String)>, Error> {
        let written = migration
            .up
            .iter()
            .map(|(statement, sql)| (statement.line, sql.to_owned()));
        let written: Vec<_> = written.collect();
        if migration.sync.is_empty() && migration.unsync.is_empty() {
            return Ok(written);
        }
        self.release().await?;
        let plan = self.migrator.plan().await;
        let plan = plan.map_err(|error| Error::caused(format!("there is no plan for {migration}"), error))?;
        let step = plan
            .steps
            .into_iter()
            .find(|step| step.version == migration.version);
        let line = |sql: &String| {
            let same = written.iter().find(|(_, other)| other == sql);
            same.map_or(migration.up.line, |(line, _)| *line)
        };
        let statements = step.map(|step| step.statements);
        let statements = statements.map(|all| all.into_iter().map(|sql| (line(&sql), sql)).collect());
        Ok(statements.unwrap_or(written))
    }

    /// Lets other migrators have the database.
    pub(crate) async fn release(&mut self) -> Result<(), Error> {
        let released = self.kept.close().await;
        released.map_err(|error| Error::caused("the connection of the migrator broke", error))
    }

    pub(crate) async fn facts(&mut self) -> Result<Facts, Error> {
        let scope = Scope {
            exclude_prefix: TABLE_PREFIX,
            names: None,
        };
        K::Database::facts_again(&mut self.reader, &scope, &mut self.memory).await
    }

    /// Goes on with another part of the set.
    pub(crate) fn replace(&mut self, migrator: Migrator) -> Migrator {
        std::mem::replace(&mut self.migrator, migrator)
    }
}

/// Why a migration was not applied.
pub(crate) enum NotApplied {
    Refused(Box<migrate_core::Error>),
    Waits(Vec<String>),
}

impl fmt::Display for NotApplied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotApplied::Refused(error) => error.fmt(f),
            NotApplied::Waits(gates) => write!(f, "it waits: {}", gates.join("; ")),
        }
    }
}

impl<K: TestKind> Chain<K> {
    /// An empty database, prepared as the user wants it.
    pub(crate) async fn open(prove: &Prove<K>) -> Result<Self, Error> {
        Self::open_for(prove, prove.set.clone()).await
    }

    /// The same for another set than the user's: a part of it.
    pub(crate) async fn open_for(prove: &Prove<K>, set: Set<K>) -> Result<Self, Error> {
        let database = K::Database::create().await?;
        if let Some(sql) = &prove.prepare {
            database.execute(sql).await?;
        }
        let link = database.link().await?;
        let steps = Steps::new(&database, migrator::<K>(&database, set)).await?;
        Ok(Self {
            steps,
            link,
            database,
        })
    }

    /// The database with all migrations up to and including `version`, and the user's rows of these versions.
    pub(crate) async fn at(prove: &Prove<K>, version: Option<Version>) -> Result<Self, Error> {
        let mut chain = Self::open(prove).await?;
        let Some(version) = version else { return Ok(chain) };
        for (at, _) in prove.rows.iter().filter(|(at, _)| *at <= version) {
            chain.up_to(*at).await?;
            chain.user_rows(prove, *at).await?;
        }
        chain.up_to(version).await?;
        Ok(chain)
    }

    /// The same as a database that builds use: nothing newer is applied just because nobody would notice.
    pub(crate) async fn in_use(prove: &Prove<K>, version: Option<Version>) -> Result<Self, Error> {
        let earlier = prove
            .set
            .migrations
            .iter()
            .filter(|migration| Some(migration.version) <= version);
        let part = prove.set.with(earlier.cloned().collect::<Vec<_>>().into());
        let mut chain = Self::open_for(prove, part).await?;
        for (at, _) in prove.rows.iter().filter(|(at, _)| Some(*at) <= version) {
            chain.up_to(*at).await?;
            chain.user_rows(prove, *at).await?;
        }
        chain.steps.release().await?;
        let done = chain.steps.migrator.run_to_completion().await;
        done.map_err(|error| Error::caused("the migrations cannot be applied", error))?;
        let whole = options::<K>(&chain.database, prove.set.clone()).build();
        chain.steps.replace(whole);
        Ok(chain)
    }

    pub(crate) async fn up_to(&mut self, version: Version) -> Result<(), Error> {
        let applied = self.steps.up_to(version).await;
        applied.map(drop).map_err(|error| {
            Error::caused(format!("the migrations up to {version} cannot be applied"), error)
        })
    }

    /// Writes the rows that the user gave for a version.
    pub(crate) async fn user_rows(&mut self, prove: &Prove<K>, version: Version) -> Result<(), Error> {
        use crate::link::Link as _;
        for (_, sql) in prove.rows.iter().filter(|(at, _)| *at == version) {
            self.link.execute(sql).await.map_err(|error| {
                Error::caused(format!("the rows given for version {version} are refused"), error)
            })?;
        }
        Ok(())
    }

    /// Applies the next migration.
    pub(crate) async fn up(&mut self, migration: &Migration) -> Result<(), NotApplied> {
        let applied = self.steps.up_to(migration.version).await;
        let report = applied.map_err(|error| NotApplied::Refused(Box::new(error)))?;
        let is_this =
            |applied: &migrate_core::migrator::AppliedMigration| applied.version == migration.version;
        if report.applied.iter().any(is_this) {
            return Ok(());
        }
        let gates = report.waiting.iter().flat_map(|waiting| &waiting.gates);
        Err(NotApplied::Waits(gates.map(ToString::to_string).collect()))
    }

    pub(crate) async fn facts(&mut self) -> Result<Facts, Error> {
        self.steps.facts().await
    }

    pub(crate) async fn tables(&mut self) -> Result<Tables, Error> {
        let tables = structure::read(&mut self.link, K::DIALECT, TABLE_PREFIX).await;
        tables.map_err(|error| Error::caused("cannot read the tables of the test database", error))
    }

    pub(crate) async fn contents(&mut self, tables: &Tables) -> Result<Contents, Error> {
        let contents = contents::read(&mut self.link, K::DIALECT, tables).await;
        contents.map_err(|error| Error::caused("cannot read the rows of the test database", error))
    }

    pub(crate) fn client(&self) -> String {
        self.database.client()
    }
}

/// The migrator of a set on a test database, which was made for it: also a set that makes no table of its own goes straight
/// through, and so does one that finds its tables there.
pub(crate) fn migrator<K: TestKind>(database: &K::Database, set: Set<K>) -> Migrator {
    options::<K>(database, set).made_here().build()
}

fn options<K: TestKind>(database: &K::Database, set: Set<K>) -> MigratorBuilder {
    Migrator::new(database.pool().clone(), set)
        .table_prefix(TABLE_PREFIX)
        .lock_retry(LOCK_RETRY)
        .lease(LEASE)
        // Nobody else runs on the database of a test.
        .settle(Duration::ZERO)
        .ignore_application("*")
}

/// Why there is nothing to take back, if so.
pub(crate) fn one_way(migration: &Migration) -> Option<String> {
    if let Some(reason) = &migration.irreversible {
        return Some(format!("irreversible: {reason}"));
    }
    match (&migration.down, migration.phase) {
        (Some(_), _) => None,
        (None, Phase::Migrate) => Some("it keeps its data".to_owned()),
        (None, _) => Some("it has no down".to_owned()),
    }
}
