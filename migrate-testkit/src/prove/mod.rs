//! Everything that is to be proved of a set, with what the user says about it.

mod backfills;
mod builds;
mod chain;
mod drift;
mod expected;
mod finding;
mod locks;
mod macros;
mod matrix;
mod reach;
pub(crate) mod run;
mod survival;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use migrate_core::facts::Difference;
use migrate_core::source::{Options, files_in_folder};
use migrate_core::{Layout, Migration, Set, Version};

use crate::database::{TestDatabase, TestKind};
use crate::error::Error;
use crate::round_trip::{self, RoundTrip};
pub use builds::Build;
pub(crate) use chain::{Steps, migrator, one_way};
pub use finding::Proof;
pub use locks::LockMode;
pub use run::Check;

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
    pub(crate) strict: bool,
    pub(crate) rows: Vec<(Version, String)>,
    pub(crate) losses: Vec<(Version, String)>,
    pub(crate) builds: Vec<Build<K>>,
    pub(crate) builds_folder: Option<PathBuf>,
    pub(crate) budgets: Vec<locks::Budget>,
    pub(crate) pace: Option<locks::Pace>,
    pub(crate) schema_folder: Option<PathBuf>,
    /// Where the files are, if they were read here.
    pub(crate) folder: Option<PathBuf>,
}

impl<K: TestKind> Prove<K> {
    /// Everything about a set.
    pub fn new(set: Set<K>) -> Self {
        Self {
            set,
            prepare: None,
            after: None,
            strict_order: false,
            strict: false,
            rows: Vec::new(),
            losses: Vec::new(),
            builds: Vec::new(),
            builds_folder: None,
            budgets: Vec::new(),
            pace: None,
            schema_folder: None,
            folder: None,
        }
    }

    /// Everything about a folder, read now and in whatever layout. Its SQL is not judged by rules: that a database takes
    /// it is what the checks find out.
    ///
    /// # Errors
    /// All faults of all files.
    pub fn folder(path: impl Into<PathBuf>, layout: Layout) -> Result<Self, Error> {
        let path = path.into();
        let shown = path.to_string_lossy().replace('\\', "/");
        Self::folder_called(path, &shown, layout)
    }

    /// The folder under the name that messages use.
    pub(crate) fn folder_called(path: PathBuf, shown: &str, layout: Layout) -> Result<Self, Error> {
        let options = Options {
            layout,
            rules: None,
            folder: shown.to_owned(),
            ..Options::new(K::DIALECT)
        };
        let files = files_in_folder(&path)
            .map_err(|error| Error::caused(format!("the folder {} cannot be read", path.display()), error))?;
        let set = options.read(files).into_result();
        let set = set.map_err(|faults| Error::caused(format!("the folder {shown} has faults"), faults))?;
        let set = Set::typed(set).ok_or_else(|| Error::new("the set is for another database"))?;
        Ok(Self {
            folder: Some(path),
            ..Self::new(set)
        })
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

    /// What a check leaves out, or tries on less than it should, is a fault: a table for which no rows are found, rows that
    /// an up refuses, a query that was not run, an expected schema that is not there. By default such a test passes and
    /// says so on standard error. Where the set has nothing of what a check is about, such as no migration that moves data,
    /// its test passes in both cases. `MIGRATE_TESTKIT_STRICT=1` does the same for all tests.
    pub fn strict(mut self) -> Self {
        self.strict = true;
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

    /// No statement of a migration may take a lock on that table that is stronger than `strongest`. The table is named as
    /// the catalog has it, with its schema unless that is `public`; `*` is every table. On MariaDB, where a statement lets
    /// others write or does not, the latter is [`LockMode::Share`]. PostgreSQL and MariaDB only.
    pub fn no_lock_above(mut self, strongest: LockMode, table: impl Into<String>) -> Self {
        self.budgets.push(locks::Budget {
            table: table.into(),
            limit: locks::Limit::Lock(strongest),
        });
        self
    }

    /// No statement of a migration may write that table, or one of its indexes, anew. `*` is every table. PostgreSQL and
    /// MariaDB only; the latter builds an index beside the rows, which is no rewrite.
    pub fn no_rewrite(mut self, table: impl Into<String>) -> Self {
        self.budgets.push(locks::Budget {
            table: table.into(),
            limit: locks::Limit::Rewrite,
        });
        self
    }

    /// No statement of a migration may take longer than `longest` where each table that it can reach has `rows` rows. What
    /// moves data in batches is left out. The rows are like the generated ones, multiplied by the server itself, so that
    /// 100 000 of them take a second or so. The time is that of this machine, so leave room.
    pub fn no_statement_over(mut self, longest: Duration, rows: u64) -> Self {
        self.pace = Some(locks::Pace { longest, rows });
        self
    }

    /// The folder of the expected schema, a file `schema.<dialect>.facts` (of a set that is not called `main`:
    /// `schema.<set>.<dialect>.facts`).
    pub fn schema_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.schema_folder = Some(folder.into());
        self
    }

    /// Each migration up, down and up again, with a look at the catalog after each step: see
    /// [`round_trip`](crate::round_trip()).
    ///
    /// # Errors
    /// All faults, as one error whose text names migrations, files, steps and what is different; and if the set has no
    /// version that [`after`](Self::after) names. Also if there is no database ([`Error::is_skipped`]).
    pub async fn round_trip(&self) -> Result<RoundTrip, Error> {
        round_trip::check(self).await
    }

    /// Rows that are written before a migration are there after it, and those and the ones written since are there
    /// after its down.
    ///
    /// The rows are generated from the catalog, the same ones each time: NULL, empty, Unicode and extremes where the
    /// schema permits them. What is compared are the columns that both sides have, and after the down all. Where the
    /// up refuses such rows it is tried again with plainer ones, and the report notes it. Looked at are the tables that a
    /// file names and those that refer to them; all of them where it reads or calls something. What the file declares lost
    /// may be lost: `rollback data-loss="…"`, `irreversible "…"`, or [`accept_loss`](Self::accept_loss).
    ///
    /// An up may change the columns that it assigns itself, in an UPDATE or where a row is there already, and it may fill a
    /// NULL. All other values have to be the same after it; of a column that gets another type, as many different ones,
    /// and where both types are whole or decimal numbers the same numbers: a digit that is rounded away is lost.
    /// Where it calls a function of the database, or there are triggers, only rows and NULLs are counted.
    ///
    /// Without a down, a table or a column is lost whose values are nowhere else afterwards. Where the file says DROP
    /// itself, that is in [`Proof::unproved`], so it fails in [strict](Self::strict) mode only; a rebuild that forgets a
    /// column fails always.
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
    /// connection; it has to answer with the same columns. Tables have generated rows, also those that come later, unless
    /// data is moved into them or they are kept equal with others. In one transaction, what one build writes the others
    /// read, and verify queries of what is moved already have to hold after it.
    ///
    /// Two builds write in turn, each write that only one of them has with those of the other on tables that have to do with each
    /// other: neither may be refused because of what the other wrote, nor undo what it wrote in a column that it does not
    /// name. What can happen between two queries of one build is the application's own. These writes are taken back too.
    ///
    /// What one build writes reaches the other side of each sync that is in force, also before anything is moved. Functions of
    /// builds ([`Build::call`]) each see what those of the others committed.
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

    /// Migrations that move data do so on generated rows: verify queries hold, a second run changes nothing, and a run that
    /// is interrupted and goes on makes the same rows as one that is not. Rows are written before the migration's change, and
    /// into tables that other changes made since; [`Proof::unproved`] names the tables that took none.
    /// Rust code that the derive binds is run as well, except for the second run.
    ///
    /// # Errors
    /// The migration, and the rows or the query that are wrong. Also if there is no database ([`Error::is_skipped`]).
    pub async fn backfills(&self) -> Result<Proof, Error> {
        backfills::check(self).await
    }

    /// Which locks each statement takes on tables that were there before its migration, and whether it writes them anew, as
    /// PostgreSQL itself says, and MariaDB by the cheapest way that it accepts for a statement. The report lists them;
    /// [`no_lock_above`](Self::no_lock_above), [`no_rewrite`](Self::no_rewrite) and
    /// [`no_statement_over`](Self::no_statement_over) set limits; only the last one is looked at on other databases.
    ///
    /// On PostgreSQL that includes what makes the triggers of a sync, and statements that each are a transaction of their own:
    /// these run on another database, where a second connection watches those that no transaction can hold. Of such a
    /// one the first lock is seen for sure, later ones if they last for a millisecond or so.
    ///
    /// MariaDB takes the metadata of a table for itself with every statement that changes it or its triggers, also with one that is
    /// `INSTANT`. It waits for the transactions that use the table, and those that come then wait behind it; which the migrator
    /// ends after a second and tries again later. As that is so for all of them, it is no lock here: what counts is whether
    /// writers are kept out while rows are read or copied, which the triggers of a sync do not do.
    ///
    /// # Errors
    /// Each statement that goes beyond a limit. Also if there is no database ([`Error::is_skipped`]).
    pub async fn locks(&self) -> Result<Proof, Error> {
        locks::check(self).await
    }

    /// The schema that the set makes is the one of the file that is checked in. `MIGRATE_UPDATE=1` writes the file; where
    /// there is none, the report says so.
    ///
    /// # Errors
    /// What is different, by object. Also if there is no database ([`Error::is_skipped`]).
    pub async fn schema(&self) -> Result<Proof, Error> {
        expected::check(self).await
    }

    /// What is different in a live database from what its history says it should be: somebody changed it by hand.
    ///
    /// The migrations that the history of the database has are applied to a database of the test server, and the two
    /// catalogs are compared. The live database is only read.
    ///
    /// # Errors
    /// If the live database cannot be read, or its history has migrations that the set does not have. Also if there is
    /// no database for the comparison ([`Error::is_skipped`]).
    pub async fn drift(&self, live: &<K::Database as TestDatabase>::Pool) -> Result<Difference, Error> {
        drift::find(self, live).await
    }

    /// [`drift`](Self::drift) for a database that another tool migrates: what is different from the schema after that
    /// version. The other tool's own table is among what is different.
    ///
    /// # Errors
    /// If the live database cannot be read. Also if there is no database for the comparison ([`Error::is_skipped`]).
    pub async fn drift_at(
        &self,
        live: &<K::Database as TestDatabase>::Pool,
        version: Version,
    ) -> Result<Difference, Error> {
        drift::find_at(self, live, version).await
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.strict || std::env::var("MIGRATE_TESTKIT_STRICT").is_ok_and(|value| value == "1")
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
