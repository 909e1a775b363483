//! Everything that is to be proved of a set, with what the user says about it.

mod builds;
mod chain;
mod finding;
mod survival;

use std::path::PathBuf;

use migrate_core::source::Options;
use migrate_core::{Layout, Migration, Set, Version};

use crate::database::TestKind;
use crate::error::Error;
use crate::round_trip::{RoundTrip, RoundTripOptions, round_trip_with};
pub use builds::Build;
pub(crate) use chain::{LOCK_RETRY, TABLE_PREFIX, one_way};
pub use finding::Proof;

/// What is to be proved of a set: the set, and what the checks have to know beside it.
///
/// [`prove!`](crate::prove) makes a test of each check. Here they are called by themselves:
///
/// ```no_run
/// # async fn example(set: migrate_core::Set<migrate_core::Sqlite>) -> Result<(), migrate_testkit::Error> {
/// use migrate_core::Version;
/// use migrate_testkit::Prove;
///
/// let prove = Prove::new(set).rows(Version(20260101000000), "INSERT INTO users VALUES (1, 'ada')");
/// println!("{}", prove.data_survival().await?);
/// # Ok(())
/// # }
/// ```
///
/// Every check works on databases of its own, and drops them, also where its future is dropped.
#[must_use = "call one of its checks"]
pub struct Prove<K: TestKind> {
    pub(crate) set: Set<K>,
    pub(crate) prepare: Option<String>,
    pub(crate) after: Option<Version>,
    pub(crate) strict_order: bool,
    pub(crate) rows: Vec<(Version, String)>,
    pub(crate) losses: Vec<(Version, String)>,
    pub(crate) builds: Vec<Build<K>>,
    pub(crate) builds_folder: Option<PathBuf>,
}

impl<K: TestKind> Prove<K> {
    /// Everything about a set.
    pub fn new(set: Set<K>) -> Self {
        Self {
            set,
            prepare: None,
            after: None,
            strict_order: false,
            rows: Vec::new(),
            losses: Vec::new(),
            builds: Vec::new(),
            builds_folder: None,
        }
    }

    /// Everything about a folder, read now and in whatever layout. Its SQL is not judged by rules: that a database takes
    /// it is what the checks find out.
    ///
    /// # Errors
    /// All faults of all files.
    pub fn folder(path: impl Into<PathBuf>, layout: Layout) -> Result<Self, Error> {
        let path = path.into();
        let options = Options {
            layout,
            rules: None,
            ..Options::new(K::DIALECT)
        };
        let set = options
            .read_folder(&path)
            .map_err(|faults| Error::caused(format!("the folder {} has faults", path.display()), faults))?;
        let set = Set::typed(set).ok_or_else(|| Error::new("the set is for another database"))?;
        Ok(Self::new(set))
    }

    /// Runs SQL on each database before the first migration: for what the set expects to be there already.
    pub fn prepare(mut self, sql: impl Into<String>) -> Self {
        self.prepare = Some(sql.into());
        self
    }

    /// Migrations up to and including `version` are only applied. For files that are history, which nobody may edit.
    pub fn after(mut self, version: Version) -> Self {
        self.after = Some(version);
        self
    }

    /// Another order of a table's columns is a fault as well. Dropping a column and adding it again moves it to the
    /// end, so by default that is a note.
    pub fn strict_order(mut self) -> Self {
        self.strict_order = true;
        self
    }

    /// Runs SQL that writes rows when the migrations up to and including `version` are applied. For tables for which
    /// the generator finds none, and for the rows that matter most. Generated rows come on top.
    pub fn rows(mut self, version: Version, sql: impl Into<String>) -> Self {
        self.rows.push((version, sql.into()));
        self.rows.sort_by_key(|(version, _)| *version);
        self
    }

    /// Accepts that a migration loses data. For layouts whose files cannot say so.
    pub fn accept_loss(mut self, version: Version, reason: impl Into<String>) -> Self {
        self.losses.push((version, reason.into()));
        self
    }

    /// A build whose queries have to work on every schema on which it may run.
    pub fn build(mut self, build: Build<K>) -> Self {
        self.builds.push(build);
        self
    }

    /// The builds of a folder, each in a sub-folder that is called `<version>_<name>` after the newest migration that
    /// the build embeds, or `newest`. What is in there: [`Build::folder`]. A folder that is not there has none.
    pub fn builds_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.builds_folder = Some(folder.into());
        self
    }

    /// Each migration up, down and up again, with a look at the catalog after each step: see
    /// [`round_trip`](crate::round_trip).
    ///
    /// # Errors
    /// All faults, as one error whose text names migrations, files, steps and what is different. Also if there is no
    /// database ([`Error::is_skipped`]).
    pub async fn round_trip(&self) -> Result<RoundTrip, Error> {
        let mut options = RoundTripOptions::default();
        if let Some(sql) = &self.prepare {
            options = options.prepare(sql);
        }
        if let Some(version) = self.after {
            options = options.after(version);
        }
        if self.strict_order {
            options = options.strict_order();
        }
        round_trip_with(self.set.clone(), options).await
    }

    /// Rows that are written before a migration are there after it, and those and the ones written since are there
    /// after its down.
    ///
    /// The rows are generated from the catalog, the same ones each time: NULL, empty, Unicode and extremes where the
    /// schema permits them. What is compared are the columns that both sides have, and after the down all. Where the
    /// up refuses such rows it is tried again with plainer ones, and the report notes it. What the file declares lost
    /// may be lost: `rollback data-loss="…"`, `irreversible "…"`, or [`accept_loss`](Self::accept_loss).
    ///
    /// # Errors
    /// Everything that is lost unsaid, with rows and values. Also if there is no database ([`Error::is_skipped`]).
    pub async fn data_survival(&self) -> Result<Proof, Error> {
        survival::check(self).await
    }

    /// Every query of every build works on every schema on which the build may run, in the order of production: contracts
    /// wait until the builds are gone that need what they remove.
    ///
    /// Each query is described and run on each schema; it is prepared before each step and run after it on the same
    /// connection; it has to answer with the same columns. In one transaction, what one build writes the others
    /// read, and verify queries of what is moved already have to hold after it.
    ///
    /// # Errors
    /// Each query that breaks: of which build, at which migration, and what the database says. Also if there is no
    /// database ([`Error::is_skipped`]).
    pub async fn builds(&self) -> Result<Proof, Error> {
        builds::check(self).await
    }

    /// Production's order, where contracts wait while later files run, works, and makes the schema that the order of
    /// the files makes on a fresh database.
    ///
    /// # Errors
    /// The migration that fails, or what is different. Also if there is no database ([`Error::is_skipped`]).
    pub async fn order(&self) -> Result<Proof, Error> {
        builds::check_order(self).await
    }

    /// The version before that one.
    pub(crate) fn before(&self, version: Version) -> Option<Version> {
        let earlier = self.set.migrations.iter().map(|migration| migration.version);
        earlier
            .take_while(|other| *other < version)
            .last()
            .max(self.after)
    }

    /// What a migration says it loses.
    pub(crate) fn declared_loss(&self, migration: &Migration) -> Option<String> {
        let accepted = self
            .losses
            .iter()
            .find(|(version, _)| *version == migration.version);
        let noted = migration
            .rollback
            .as_ref()
            .and_then(|note| note.data_loss.as_ref());
        let declared = noted
            .or(migration.irreversible.as_ref())
            .map(|words| words.to_string());
        declared.or_else(|| accepted.map(|(_, reason)| reason.clone()))
    }
}
