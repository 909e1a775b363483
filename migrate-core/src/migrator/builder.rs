//! The options of a migrator.

use std::sync::Arc;
use std::time::Duration;

use super::registration::Registration;
use super::{Migrator, Observer, Silent, Tool, WorkOptions};
use crate::backfill::{Code, Throttle, Transform};
use crate::database::{Driver, Namespace, SessionOptions};
use crate::gates::{Clock, Gate, GateOptions, SystemClock};
use crate::live::Liveness;
use crate::model::MigrationSet;
use crate::monitor::{Monitor, Thresholds};
use crate::plan::Policy;

/// The options of a [`Migrator`]; each has a default that is right for production.
#[must_use = "call `build`"]
pub struct MigratorBuilder {
    migrator: Migrator,
}

impl MigratorBuilder {
    pub(super) fn new(driver: Arc<dyn Driver>, set: MigrationSet, bound: &[(&'static str, Code)]) -> Self {
        // A part of a set needs a part of its code.
        let is_named = |name: &str| set.migrations.iter().any(|one| one.rust.as_deref() == Some(name));
        let bound = bound.iter().filter(|(name, _)| is_named(name));
        let code = bound.map(|(name, code)| ((*name).to_owned(), *code)).collect();
        Self {
            migrator: Migrator {
                driver,
                namespace: Namespace {
                    set: set.name.to_string(),
                    prefix: "_migrate_".to_owned(),
                    schema: None,
                },
                set,
                session: SessionOptions {
                    lock_timeout: Duration::from_secs(1),
                    long_lock_timeout: Duration::from_secs(600),
                    lock_retry: Duration::from_secs(120),
                    statement_timeout: None,
                    instance: default_instance(),
                    observer: Arc::new(Silent),
                },
                lock_wait: Duration::from_secs(600),
                ready_timeout: Duration::ZERO,
                start_up_limit: Duration::from_secs(60),
                count_limit: Duration::from_secs(10),
                policy: Policy::Production,
                made_here: false,
                ignored_tools: Vec::new(),
                work: WorkOptions::default(),
                code,
                expected: std::sync::OnceLock::new(),
                build: std::sync::OnceLock::new(),
                liveness: Liveness::Session,
                registration: Registration::default(),
                gate_options: GateOptions::default(),
                own_gates: Vec::new(),
                clock: Arc::new(SystemClock),
            },
        }
    }

    /// Names the set in the database, where the same set is used twice. `a-z`, `0-9` and `_`, at most 60.
    /// Default: the name given in the derive, else `main`.
    pub fn set_name(mut self, name: impl Into<String>) -> Self {
        self.migrator.namespace.set = name.into();
        self
    }

    /// What the names of the library's tables start with. `a-z`, `0-9` and `_`, at most 40. Default: `_migrate_`.
    pub fn table_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.migrator.namespace.prefix = prefix.into();
        self
    }

    /// The schema of the library's tables; on MySQL and MariaDB the database. It is made where it is missing on
    /// PostgreSQL, and refused on SQLite. Default: where the connection creates tables.
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.migrator.namespace.schema = Some(schema.into());
        self
    }

    /// How long one attempt at a statement waits for its table lock. While it waits, others queue up behind it, so it
    /// is short: default 1 s. The attempt is repeated, see [`lock_retry`](Self::lock_retry).
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.migrator.session.lock_timeout = timeout;
        self
    }

    /// The same for statements that block nobody while they wait, such as `CREATE INDEX CONCURRENTLY`.
    /// Default: 10 min.
    pub fn long_lock_timeout(mut self, timeout: Duration) -> Self {
        self.migrator.session.long_lock_timeout = timeout;
        self
    }

    /// How long attempts that did not get their table lock are repeated, with growing pauses. Default: 2 min.
    pub fn lock_retry(mut self, budget: Duration) -> Self {
        self.migrator.session.lock_retry = budget;
        self
    }

    /// How long a statement may run. Default: without end, whatever the role's own setting says.
    pub fn statement_timeout(mut self, timeout: Duration) -> Self {
        self.migrator.session.statement_timeout = Some(timeout);
        self
    }

    /// The lock wait budget: how long to wait while another instance migrates. Default: 10 min.
    pub fn lock_wait(mut self, budget: Duration) -> Self {
        self.migrator.lock_wait = budget;
        self
    }

    /// How long `run` waits for what this build needs before it says that it is not ready. Default: not at all.
    pub fn ready_timeout(mut self, timeout: Duration) -> Self {
        self.migrator.ready_timeout = timeout;
        self
    }

    /// How long `run` may work on a table while others use it (`CREATE INDEX CONCURRENTLY`, `VALIDATE CONSTRAINT`, an index on
    /// MySQL and MariaDB). Where that is estimated to take longer, or nothing tells how long, `run` applies nothing and is
    /// [not ready](crate::Error::is_not_ready): a job before the deployment does it. `Duration::MAX` asks for nothing, as the command `up`
    /// does, which is for that job. Default: 60 s.
    pub fn start_up_limit(mut self, limit: Duration) -> Self {
        self.migrator.start_up_limit = limit;
        self
    }

    /// How long it is counted, for each file, what a contract or a way back is about to drop, transform or default. What is
    /// not counted within that stands as such in the log; zero counts nothing. Default: 10 s.
    pub fn count_limit(mut self, limit: Duration) -> Self {
        self.migrator.count_limit = limit;
        self
    }

    /// Who hears what happens: an [`Observer`], or a closure that takes an [`Event`](super::Event).
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.migrator.session.observer = Arc::new(observer);
        self
    }

    /// What this instance is called in the history. Default: host name and process id.
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.migrator.session.instance = name.into();
        self
    }

    /// How careful to be. Default: [`Policy::Production`]. The other one holds only on databases that are
    /// [kept under it](Migrator::choose_policy); elsewhere what it would do is refused.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.migrator.policy = policy;
        self
    }

    /// The replica lag above which workers pause, where neither the file nor a setting says otherwise, and the one above
    /// which they stop and mark the backfill as blocked. PostgreSQL only: elsewhere the server does not tell, and a
    /// [`Throttle`](crate::backfill::Throttle) asks the replicas. Default: 5 s and 30 s.
    pub fn replica_lag(mut self, soft: Duration, hard: Duration) -> Self {
        self.migrator.work.soft_lag = soft;
        self.migrator.work.hard_lag = hard;
        self
    }

    /// How long one batch of a backfill may run; one that does not end is undone and made smaller. Rust code has as long
    /// for the rows of a batch. MySQL has a time for what reads only: there the worker ends what writes with a `KILL QUERY`
    /// over a second connection, made for that; where none can be made, the batch comes to its end. Default: 10 s.
    pub fn batch_timeout(mut self, timeout: Duration) -> Self {
        self.migrator.work.batch_timeout = timeout;
        self
    }

    /// How long a part of a table stays a worker's that is not heard of. Default: 30 s.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.migrator.work.lease = lease;
        self
    }

    /// How often workers look again at data that was moved and right, from then until its contract removes the old shape;
    /// zero is never. Rows that are not right any more block the change, so that its contract waits. Default: 1 h.
    pub fn verify_again(mut self, every: Duration) -> Self {
        self.migrator.work.again = every;
        self
    }

    /// The application's own say in how fast data is moved. Default: none.
    pub fn throttle(mut self, throttle: impl Throttle) -> Self {
        self.migrator.work.throttle = Some(Arc::new(throttle));
        self
    }

    /// What the application measures of itself: its [thresholds](Self::thresholds) stop a backfill, and end a soak.
    /// Default: none, and then nobody watches error rates and latencies.
    pub fn monitor(mut self, monitor: impl Monitor) -> Self {
        self.migrator.work.monitor = Some(Arc::new(monitor));
        self
    }

    /// What of that stops a change, where its file does not say (`errors=`, `p99=` of a backfill). Default: 0.1 % of the writes
    /// fail, or the p99 is above 1.10 times the one before.
    pub fn thresholds(mut self, thresholds: Thresholds) -> Self {
        self.migrator.work.thresholds = thresholds;
        self
    }

    /// How this instance shows to the others that it lives. Default: [`Liveness::Session`].
    pub fn liveness(mut self, liveness: Liveness) -> Self {
        self.migrator.liveness = liveness;
        self
    }

    /// How long every running build has to be seen to use the new shape only, before that counts: instances whose
    /// connection broke are back within that time. Default: 15 s.
    pub fn settle(mut self, time: Duration) -> Self {
        self.migrator.gate_options.settle = time;
        self
    }

    /// Lets contracts be applied though an application of that name is connected which is not registered: a dashboard, a
    /// backup. On PostgreSQL it is the `application_name`, or `user NAME` where a connection has none; on MySQL and
    /// MariaDB the user. `NAME from ADDRESS` is that name at one address only, as the gate writes it. `*` is every name.
    pub fn ignore_application(mut self, name: impl Into<String>) -> Self {
        self.migrator.gate_options.ignored.push(name.into());
        self
    }

    /// Passes over what the table of another tool says of the versions of this set, where they are those of other
    /// migrations. Default: [`run`](Migrator::run) applies nothing to a database where a tool applied one of them and the
    /// set has no history.
    pub fn ignore_tool(mut self, tool: Tool) -> Self {
        self.migrator.ignored_tools.push(tool);
        self
    }

    /// Lets contracts that lose data be applied without [approval](Migrator::approve). Default: they wait for it.
    pub fn without_approval(mut self) -> Self {
        self.migrator.gate_options.unapproved = true;
        self
    }

    /// Another thing that every contract waits for.
    pub fn gate(mut self, gate: impl Gate) -> Self {
        self.migrator.own_gates.push(Arc::new(gate));
        self
    }

    /// The time that gates go by: soak, grace and windows. For tests; default: the system's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.migrator.clock = Arc::new(clock);
        self
    }

    /// Counts a database without a history as fresh, whatever is in it: whoever says so made it for this.
    #[doc(hidden)]
    pub fn made_here(mut self) -> Self {
        self.migrator.made_here = true;
        self
    }

    /// Binds Rust code to the name that `-- migrate:rust` has for it, for sets that are read at run time; the derive binds
    /// it for those that are embedded.
    pub fn rust<T: Transform>(mut self, name: impl Into<String>) -> Self {
        self.migrator.code.insert(name.into(), Code::of::<T>());
        self
    }

    /// The migrator. Options that do not fit are reported by its calls.
    pub fn build(self) -> Migrator {
        self.migrator
    }
}

fn default_instance() -> String {
    let host = std::env::var("HOSTNAME").ok().or_else(|| {
        let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
        Some(name.trim().to_owned())
    });
    format!(
        "{}:{}",
        host.as_deref().unwrap_or("localhost"),
        std::process::id()
    )
}
