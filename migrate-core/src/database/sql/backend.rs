//! The few things in which SQL databases differ.

use std::borrow::Cow;
use std::time::Duration;

use async_trait::async_trait;

use super::live::Around;
use crate::database::{Namespace, Server, SessionOptions};
use crate::error::Error;
use crate::facts::{Facts, Scope};
use crate::model::Dialect;

/// A value bound to a statement of ours.
#[derive(Clone, Debug)]
pub(in crate::database) enum Value<'a> {
    Number(i64),
    Real(f64),
    Text(Cow<'a, str>),
    Null,
}

impl<'a> Value<'a> {
    pub(in crate::database) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Value::Text(text.into())
    }

    pub(in crate::database) fn into_owned(self) -> Value<'static> {
        match self {
            Value::Number(number) => Value::Number(number),
            Value::Real(number) => Value::Real(number),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Null => Value::Null,
        }
    }

    /// The values of a list of names.
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    pub(in crate::database) fn names(names: &[&'a str]) -> Vec<Self> {
        names
            .iter()
            .map(|name| Value::Text(Cow::Borrowed(*name)))
            .collect()
    }
}

/// What a database said of a statement that it refused.
#[derive(Debug)]
pub(in crate::database) struct DatabaseError {
    pub(in crate::database) message: String,
    /// SQLSTATE or the database's own code.
    pub(in crate::database) code: Option<String>,
    /// The byte of the statement that the database points at.
    pub(in crate::database) position: Option<usize>,
    /// What the database says beside the message.
    pub(in crate::database) detail: Option<String>,
    /// The connection is gone: what the statement did is not known.
    pub(in crate::database) is_connection: bool,
    /// The table, or the whole database, was locked by somebody else.
    pub(in crate::database) is_locked: bool,
    /// What was locked is the whole database, for whoever writes.
    pub(in crate::database) is_busy: bool,
    /// The transaction was the victim of a deadlock or could not be serialised: the same again may succeed.
    pub(in crate::database) is_retryable: bool,
    /// The statement ran for longer than it may.
    pub(in crate::database) is_timeout: bool,
    /// These values are refused, and others would not be: too long, not unique, against a check.
    pub(in crate::database) is_of_values: bool,
    /// What was to be made is there already. For a statement with IF NOT EXISTS: somebody made it at the same moment.
    pub(in crate::database) is_there: bool,
    /// What to do, where that does not depend on what was being done.
    pub(in crate::database) help: Option<&'static str>,
    /// It cannot run in a transaction, which only the server knows.
    pub(in crate::database) is_outside: bool,
    /// A table of ours is not there.
    pub(in crate::database) is_missing_table: bool,
    pub(in crate::database) source: Box<sqlx::Error>,
}

impl DatabaseError {
    /// Whether a row of that key is there already.
    pub(in crate::database) fn is_duplicate(&self) -> bool {
        matches!(&*self.source, sqlx::Error::Database(error) if error.is_unique_violation())
    }

    /// Whether the role may not do that: of PostgreSQL and of MySQL and MariaDB, where it is a table, a database or a column.
    pub(in crate::database) fn is_denied(&self) -> bool {
        matches!(
            self.code.as_deref(),
            Some("42501" | "1044" | "1142" | "1143" | "1227")
        )
    }

    /// Whether it is one of the moment, and says nothing of the statement.
    pub(in crate::database) fn may_pass(&self) -> bool {
        self.is_connection || self.is_locked || self.is_retryable || self.is_timeout
    }
}

/// What kind of transaction is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::database) enum Transacted {
    /// Statements of a migration.
    Migration {
        /// Foreign keys rest meanwhile, because a table is rebuilt.
        rebuild: bool,
        /// The file sets its lock time-out itself.
        own_lock_timeout: bool,
    },
    /// Only our own tables are written.
    Ours,
}

/// What became of statements that were run one after the other: the index of the one that was refused, and why.
pub(in crate::database) type Ran = Result<(), (usize, DatabaseError)>;

/// Hears the index of each statement that ended.
pub(in crate::database) type Ended<'a> = &'a mut (dyn FnMut(usize) + Send);

/// How a statement goes together with transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::database) enum Nature {
    /// It can be undone with the transaction it runs in.
    Transactional,
    /// It commits by itself; the catalog shows whether it ran.
    Catalog,
    /// It commits by itself, or may, and nothing shows whether it ran.
    Opaque,
    /// It changes the session only.
    Session,
}

/// What became of a statement that was begun before a crash and changed the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::database) enum Settled {
    /// It is done.
    Done,
    /// It is not done, or may be done twice; what it left is removed by [`clean_up`](Backend::clean_up).
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "only PostgreSQL leaves something")
    )]
    Again,
    /// The catalog does not tell.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "only PostgreSQL asks further")
    )]
    Unknown,
}

/// One connection to one kind of database.
///
/// Dropping a backend in the middle of something stops the running statement at the server, undoes an open
/// transaction and frees the lock.
#[async_trait]
pub(in crate::database) trait Backend: Send + Sync {
    fn dialect(&self) -> Dialect;
    fn server(&self) -> &Server;

    /// The placeholder of the value with that index, from 1.
    fn placeholder(&self, index: usize) -> String;
    /// Whether one statement can write to two tables, and so save a round trip.
    fn writes_together(&self) -> bool {
        false
    }
    /// The SQL of the current time, as it is stored.
    fn now(&self) -> &'static str;
    /// The type of the columns of our tables: a short text that may be part of a key, a long text, a time.
    fn types(&self) -> [&'static str; 3];
    /// Whether a start asks for the digest of the history instead of the history.
    fn keeps_standing(&self) -> bool {
        false
    }
    /// Whether triggers take that digest away even when a run writes.
    fn guards_every_write(&self) -> bool {
        false
    }
    /// What follows a CREATE TABLE of ours.
    fn table_suffix(&self) -> &'static str {
        ""
    }

    /// How long statements may run from now on, where that is no setting of the session but is looked at here.
    fn limit_statements(&mut self, _limit: Option<Duration>) {}

    /// Runs one statement of a migration, as it is.
    async fn run(&mut self, sql: &str) -> Result<(), DatabaseError>;
    /// Runs statements of a migration one after the other, as few round trips as that takes.
    async fn run_all(&mut self, statements: &[&str], ended: Ended<'_>) -> Ran {
        for (index, sql) in statements.iter().enumerate() {
            self.run(sql).await.map_err(|error| (index, error))?;
            ended(index);
        }
        Ok(())
    }
    /// Runs a statement of ours with bound values.
    async fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DatabaseError>;
    /// The rows of a query as texts; without values it is one round trip.
    async fn rows(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Vec<Option<String>>>, DatabaseError>;

    /// Begins a transaction, after making sure that the lock is still ours.
    async fn begin(&mut self, what: Transacted) -> Result<(), Error>;
    /// As [`begin`](Self::begin) and then [`run_all`](Self::run_all), as few round trips as that takes. Where it
    /// fails, a transaction may be open.
    async fn begin_with(
        &mut self,
        what: Transacted,
        statements: &[&str],
        ended: Ended<'_>,
    ) -> Result<Ran, Error> {
        self.begin(what).await?;
        Ok(self.run_all(statements, ended).await)
    }
    async fn commit(&mut self) -> Result<(), DatabaseError>;
    async fn rollback(&mut self) -> Result<(), DatabaseError>;
    /// Prepares for a statement outside a transaction, after making sure that the lock is still ours.
    async fn begin_alone(&mut self, own_lock_timeout: bool) -> Result<(), Error>;
    /// Undoes what an earlier file set for the session.
    async fn reset(&mut self) -> Result<(), DatabaseError>;

    /// Called before a transaction commits that rebuilt a table.
    async fn check_rebuild(&mut self) -> Result<Option<String>, DatabaseError> {
        Ok(None)
    }

    /// The references without the row they refer to, where a run on a fresh database is one transaction.
    async fn broken_references(&mut self) -> Result<Vec<String>, DatabaseError> {
        Ok(Vec::new())
    }

    /// Sets the session up, where that was not done when it was opened. `false` means that it cannot be, because somebody
    /// stands between who gives the same connection to others; for what has to be `alone` that is an error.
    async fn set_up(&mut self, _alone: bool) -> Result<bool, Error> {
        Ok(true)
    }
    /// For how long each statement, or the begin of a transaction, waits for others from here on, where the database does
    /// not do that by itself; `None` is as long as the options say.
    fn limit_waits(&mut self, _limit: Option<Duration>) {}
    /// Whether other processes can see that a worker is gone.
    fn sees_workers(&self) -> bool {
        false
    }
    /// Which of these workers are gone for sure.
    fn gone_workers(&self, _workers: Vec<String>) -> Vec<String> {
        Vec::new()
    }
    async fn try_lock(&mut self) -> Result<bool, Error>;
    /// Who holds the lock that [`try_lock`](Self::try_lock) did not get.
    async fn lock_holder(&mut self) -> Result<Option<String>, DatabaseError> {
        Ok(None)
    }
    async fn close(self: Box<Self>) -> Result<(), Error>;

    /// How a statement goes together with transactions.
    fn nature(&self, sql: &str) -> Nature;
    /// Why the history cannot be written behind a statement, where it cannot.
    fn keeps_from_history(&self, _sql: &str) -> Option<&'static str> {
        None
    }
    /// Whether a statement that commits by itself and is refused may have done a part of its work.
    fn is_done_in_parts(&self) -> bool {
        false
    }
    /// How a statement goes together with transactions that turned out not to run in one.
    fn nature_outside(&self, _sql: &str) -> Nature {
        Nature::Opaque
    }
    /// Whether one transaction can hold all these statements.
    fn fits_one_transaction(&self, statements: &[&str]) -> bool;
    /// Where a run on a fresh database is one transaction: begins it and answers `true`.
    async fn begin_batch(&mut self, _rebuild: bool) -> Result<bool, Error> {
        Ok(false)
    }
    /// Commits, or undoes, what [`begin_batch`](Self::begin_batch) began.
    async fn end_batch(&mut self, _commit: bool) -> Result<(), DatabaseError> {
        Ok(())
    }
    /// Whether the lock is only held within transactions, so that another instance may have been faster.
    fn locks_per_transaction(&self) -> bool {
        false
    }

    /// An identifier as it stands in a statement.
    fn quoted(&self, name: &str) -> String;

    /// Who is registered for a set, and who is connected without; `builds` are the ids of the builds that are known.
    async fn around(&mut self, namespace: &Namespace, builds: &[&str]) -> Result<Around, DatabaseError>;
    /// See [`Session::close_door`](crate::database::Session::close_door).
    async fn close_door(&mut self, namespace: &Namespace) -> Result<bool, DatabaseError>;
    /// See [`Session::open_door`](crate::database::Session::open_door).
    async fn open_door(&mut self, namespace: &Namespace) -> Result<(), DatabaseError>;

    async fn existing_tables(&mut self, names: &[&str]) -> Result<Vec<String>, DatabaseError>;
    async fn facts(&mut self, scope: &Scope<'_>) -> Result<Facts, DatabaseError>;

    /// Decides about a statement that was begun before a crash, after which the catalog is not what it was.
    async fn settle(&mut self, _sql: &str) -> Result<Settled, DatabaseError> {
        Ok(Settled::Done)
    }
    /// Whether a statement may leave something behind when it fails.
    fn leaves_behind(&self, _sql: &str) -> bool {
        false
    }
    /// Removes what a statement leaves behind when it fails.
    async fn clean_up(&mut self, _sql: &str) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Something that tells, from beside, who holds what this connection waits for.
    fn watcher(&self) -> Option<Box<dyn Watcher>> {
        None
    }

    /// Ends statements that run for longer, where the statement itself cannot say so.
    fn limit_time(&mut self, _limit: Option<Duration>) {}

    fn options(&self) -> &SessionOptions;
}

/// Looks from beside at a connection that waits.
#[async_trait]
pub(in crate::database) trait Watcher: Send {
    /// Who holds what it waits for; empty where it does not wait, or the database does not tell.
    async fn blockers(&mut self) -> Vec<String>;
    /// How long the connection may wait before it is looked at.
    fn after(&self) -> Duration;
}
