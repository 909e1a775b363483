//! The migrator: brings a database to where a build needs it.

mod adopt;
mod approve;
mod baseline;
mod builder;
mod changes;
mod code;
mod contract;
mod development;
mod document;
mod down;
mod facts;
mod failed;
mod kept;
mod loss;
mod missing;
mod observer;
mod registration;
mod report;
mod rollback;
mod row_repair;
mod run;
mod squash;
mod start_up;
mod status;
mod verify;
mod wait;
mod work;
mod worker;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::backfill::Code;
use crate::database::{Driver, Namespace, Pool, SessionOptions};
use crate::error::{Error, Kind};
use crate::gates::{Clock, Gate, GateOptions};
use crate::live::{Build, Liveness};
use crate::model::{Database, Digest, MigrationSet, Set, Version};
use crate::plan::Policy;

use self::registration::Registration;

pub use adopt::{AdoptPlan, Adoption, Tool};
pub use builder::MigratorBuilder;
#[doc(hidden)]
pub use failed::FailedAttempt;
pub use kept::KeptSession;
pub use loss::Loss;
#[cfg(feature = "tracing")]
pub use observer::Tracing;
pub use observer::{Event, Observer, Silent};
pub use report::{AppliedMigration, Report};
pub use rollback::RollbackPlan;
pub use row_repair::{RepairRows, RowRepair, RowRepairPlan};
pub use status::{Status, StatusLine, StatusState};
pub use verify::{Check, CheckKind, Verification};
pub use worker::{Stop, WorkOptions, Worker};

use std::time::Duration;

/// Applies a set to a database.
///
/// Every call is a plain future: dropping it stops the statement that runs, at the server too, undoes what was not
/// committed and frees the migration lock. A process that is killed leaves a database from which the next call goes
/// on.
///
/// ```no_run
/// # #[cfg(feature = "sqlite")]
/// # async fn example(pool: sqlx::SqlitePool, set: migrate_core::Set<migrate_core::Sqlite>)
/// # -> Result<(), migrate_core::Error> {
/// use migrate_core::Migrator;
///
/// let migrator = Migrator::new(pool, set).build();
/// let report = migrator.run().await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Migrator {
    driver: Arc<dyn Driver>,
    set: MigrationSet,
    namespace: Namespace,
    session: SessionOptions,
    lock_wait: Duration,
    ready_timeout: Duration,
    start_up_limit: Duration,
    count_limit: Duration,
    policy: Policy,
    /// Whether nobody else ran on the database before.
    made_here: bool,
    /// The tools whose tables say nothing of the set.
    ignored_tools: Vec<Tool>,
    work: WorkOptions,
    /// The Rust code of backfills, by the names that files have for it.
    code: BTreeMap<String, Code>,
    /// The digest of the set where all of it is applied, once it was asked for.
    expected: OnceLock<Digest>,
    /// What this build embeds, once it was asked for.
    build: OnceLock<Arc<Build>>,
    liveness: Liveness,
    registration: Registration,
    gate_options: GateOptions,
    own_gates: Vec<Arc<dyn Gate>>,
    clock: Arc<dyn Clock>,
}

impl Migrator {
    /// Begins to build a migrator for that pool and set.
    ///
    /// A PostgreSQL pool whose connect options have no `application_name` gets one that no other process has: a connection
    /// without a name could be of any program, and [contracts](crate::documentation::changes) wait until every connection is
    /// accounted for. One that has a name keeps it.
    #[expect(clippy::new_ret_no_self, reason = "the options come before the migrator")]
    pub fn new<D: Database>(pool: impl Pool<D>, set: Set<D>) -> MigratorBuilder {
        let bound = set.bound();
        MigratorBuilder::new(pool.driver(), set.into_untyped(), bound)
    }

    /// The set it applies.
    pub fn set(&self) -> &MigrationSet {
        &self.set
    }

    /// What the set is called in the database.
    pub fn set_name(&self) -> &str {
        &self.namespace.set
    }

    /// Lets somebody else hear what happens as well.
    #[cfg(feature = "cli")]
    pub(crate) fn also_observed_by(mut self, other: impl Observer) -> Self {
        let first = Arc::clone(&self.session.observer);
        self.session.observer = Arc::new(move |event: &Event| {
            first.event(event);
            other.event(event);
        });
        self
    }

    /// The same for a job, which works for as long as it takes.
    #[cfg(feature = "cli")]
    pub(crate) fn as_job(&self) -> Self {
        Self {
            start_up_limit: Duration::MAX,
            ..self.clone()
        }
    }

    /// Makes sure that the options fit and that the database can be read, before anything is begun.
    #[cfg(feature = "cli")]
    pub(crate) async fn reach(&self) -> Result<crate::history::History, Error> {
        self.check_names()?;
        self.check_database().await?;
        self.driver.read_history(&self.namespace).await
    }

    /// Names go into the database unread by any parser of ours, so they are kept plain.
    fn check_names(&self) -> Result<(), Error> {
        let plain = |name: &str, longest: usize| {
            let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            !name.is_empty() && name.len() <= longest && name.bytes().all(fits)
        };
        if !plain(&self.namespace.set, 60) {
            let message = format!("`{}` cannot be the name of a set", self.namespace.set);
            return Err(
                Error::new(Kind::Configuration, message).help("use `a-z`, `0-9` and `_`, at most 60 of them")
            );
        }
        if !plain(&self.namespace.prefix, 40) {
            let message = format!(
                "`{}` cannot be the prefix of the library's tables",
                self.namespace.prefix
            );
            return Err(
                Error::new(Kind::Configuration, message).help("use `a-z`, `0-9` and `_`, at most 40 of them")
            );
        }
        Ok(())
    }

    /// The version has to be one of the set.
    fn check_known(&self, version: Version) -> Result<(), Error> {
        if self.set.get(version).is_some() {
            return Ok(());
        }
        if let Some(into) = self.set.squashed_into(version) {
            let message = format!("{version} is squashed into {into}, which stands for it as a whole");
            return Err(Error::new(Kind::UnknownVersion, message).migration(into));
        }
        let names: Vec<String> = self
            .set
            .migrations
            .iter()
            .map(|other| other.version.to_string())
            .collect();
        let nearest = crate::diagnostic::nearest(&version.to_string(), names.iter().map(String::as_str));
        let hint = nearest.map_or(String::new(), |name| format!("; did you mean {name}?"));
        let message = format!("the set has no migration {version}{hint}");
        Err(Error::new(Kind::UnknownVersion, message))
    }
}
