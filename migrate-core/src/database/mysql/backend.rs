//! The connection of a run on MySQL or MariaDB.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{Connection, MySqlConnection};

use super::dropping;
use super::nature::{keeps_from_history, nature};
use super::overdue;
use super::skipped::Looks;
use super::watcher::MysqlWatcher;
use super::{beside, not_reached, quoted, raw_rows, refused};
use crate::database::sql::backend::{Settled, Watcher};
use crate::database::sql::live::Around;
use crate::database::sql::rows::{all_texts, bind, spawn_cleanup};
use crate::database::sql::{Backend, DatabaseError, Nature, Transacted, Value, connection_error};
use crate::database::{Namespace, Server, SessionOptions};
use crate::error::{Error, Kind};
use crate::facts::{Facts, Scope};
use crate::model::{Dialect, Digest, ServerVersion};

/// A connection taken out of the pool. Dropping it ends its thread at the server, and with that its statement, its
/// transaction and its lock.
pub(super) struct MysqlBackend {
    /// There until it is closed.
    connection: Option<MySqlConnection>,
    connect: Arc<MySqlConnectOptions>,
    options: SessionOptions,
    server: Server,
    database: Option<String>,
    checks: Checks,
    /// The number of this connection at the server.
    id: u64,
    /// The name of the lock; names are shared by all databases of a server.
    lock: String,
    locked: bool,
    /// How long one of our writes may run, where the server does not see to that.
    limit: Option<Duration>,
}

/// What the pool had set, to come back to after a file that set something else.
#[derive(Clone, Copy)]
struct Checks {
    foreign_keys: bool,
    unique: bool,
}

impl MysqlBackend {
    pub(super) async fn open(
        mut connection: MySqlConnection,
        connect: Arc<MySqlConnectOptions>,
        namespace: &Namespace,
        options: SessionOptions,
    ) -> Result<Self, Error> {
        let about = "SELECT CONNECTION_ID(), VERSION(), DATABASE(), @@foreign_key_checks, @@unique_checks";
        let rows = raw_rows(&mut connection, about).await;
        let rows = rows.map_err(|error| not_reached(*error.source))?;
        let mut fields = rows.into_iter().next().unwrap_or_default().into_iter();
        let mut next = || fields.next().flatten();
        let id = next().and_then(|id| id.parse().ok()).unwrap_or_default();
        let version = next().unwrap_or_default();
        let database = next();
        let mut is_on = || next().is_none_or(|value| value != "0");
        let checks = Checks {
            foreign_keys: is_on(),
            unique: is_on(),
        };
        let schema = namespace
            .schema
            .as_deref()
            .or(database.as_deref())
            .unwrap_or_default();
        let digest = Digest::of_fields(["migrate", schema, &namespace.prefix, &namespace.set]);
        let mut backend = Self {
            connection: Some(connection),
            connect,
            options,
            server: server(&version),
            database,
            checks,
            id,
            lock: format!("migrate:{digest:.40}"),
            locked: false,
            limit: None,
        };
        backend
            .reset()
            .await
            .map_err(|error| not_reached(*error.source))?;
        // Where there is no GET_LOCK, what needs it says so; who only looks does not.
        let _ = backend.raw(&super::live::mark(namespace)).await;
        Ok(backend)
    }

    pub(super) fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Ends writes that run for longer.
    pub(super) fn limit_writes(&mut self, limit: Option<Duration>) {
        self.limit = limit;
    }

    fn connection(&mut self) -> Result<&mut MySqlConnection, DatabaseError> {
        let closed = || refused(sqlx::Error::PoolClosed, "");
        self.connection.as_mut().ok_or_else(closed)
    }

    /// What a query answers, whatever it left out.
    async fn rows_at_once(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        if values.is_empty() {
            return self.raw(sql).await;
        }
        let connection = self.connection()?;
        let query = bind!(sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false), values);
        let rows = all_texts(query.fetch_all(connection).await);
        rows.map_err(|error| refused(error, sql))
    }

    pub(super) async fn raw(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        raw_rows(self.connection()?, sql).await
    }

    /// What went wrong. A statement whose connection is killed may be told as interrupted, or as any other fault of
    /// what it was doing (reading a trigger: 1602, corrupted file), so the connection is tried.
    async fn failed(&mut self, error: sqlx::Error, sql: &str) -> DatabaseError {
        let mut error = refused(error, sql);
        if !error.is_connection
            && let Some(connection) = &mut self.connection
        {
            error.is_connection = connection.ping().await.is_err();
        }
        error
    }

    /// Makes sure that the lock is ours.
    async fn owned(&mut self) -> Result<(), Error> {
        if !self.locked {
            return Ok(());
        }
        let sql = format!("SELECT IS_USED_LOCK('{}') = CONNECTION_ID()", self.lock);
        let rows = self.raw(&sql).await;
        let rows = rows.map_err(|error| connection_error("the migration lock cannot be looked at", error))?;
        if rows
            .first()
            .and_then(|row| row.first())
            .and_then(Option::as_deref)
            == Some("1")
        {
            return Ok(());
        }
        Err(Error::new(
            Kind::LockLost,
            "the migration lock is not held any more by the connection that works",
        )
        .note("a proxy that shares connections gives every statement another one")
        .help("migrate over a direct connection to the server"))
    }
}

/// What `VERSION()` says: MariaDB names itself, behind a version that old clients want to see.
fn server(version: &str) -> Server {
    let dialect = if version.contains("MariaDB") {
        Dialect::MariaDb
    } else {
        Dialect::Mysql
    };
    let number = version.strip_prefix("5.5.5-").unwrap_or(version);
    Server {
        dialect,
        version: ServerVersion::from_server(number).unwrap_or(ServerVersion::new(0, 0, 0)),
    }
}

impl Drop for MysqlBackend {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            // The server does not notice a closed socket while a statement runs, so the connection is ended. It stays
            // open until then: a KILL that meets a connection which is just ending may hit the next one that its
            // thread is given to (seen on MariaDB 10.11).
            let (connect, id) = (Arc::clone(&self.connect), self.id);
            spawn_cleanup(async move {
                if let Ok(mut other) = beside(&connect).await {
                    let _ = raw_rows(&mut other, &format!("KILL CONNECTION {id}")).await;
                    let _ = other.close().await;
                }
                drop(connection);
            });
        }
    }
}

#[async_trait]
impl Backend for MysqlBackend {
    fn dialect(&self) -> Dialect {
        self.server.dialect
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn options(&self) -> &SessionOptions {
        &self.options
    }

    fn placeholder(&self, _index: usize) -> String {
        "?".to_owned()
    }

    fn now(&self) -> &'static str {
        "UTC_TIMESTAMP(6)"
    }

    fn types(&self) -> [&'static str; 3] {
        ["VARCHAR(191)", "LONGTEXT", "DATETIME(6)"]
    }

    fn table_suffix(&self) -> &'static str {
        " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
    }

    async fn run(&mut self, sql: &str) -> Result<(), DatabaseError> {
        for before in dropping::before(sql, self.server.dialect) {
            before.run(self).await?;
        }
        let connection = self.connection()?;
        let result = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await;
        match result {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failed(error, sql).await),
        }
    }

    async fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DatabaseError> {
        let (limit, connect, id) = (self.limit, Arc::clone(&self.connect), self.id);
        let connection = self.connection()?;
        let query = bind!(sqlx::query(sqlx::AssertSqlSafe(sql)), values);
        let ended = overdue::within(limit, &connect, id, query.execute(connection)).await;
        match ended.result {
            Ok(done) => Ok(done.rows_affected()),
            Err(error) => {
                let mut error = self.failed(error, sql).await;
                error.is_timeout |= ended.overdue && !error.may_pass();
                Err(error)
            }
        }
    }

    fn limit_statements(&mut self, limit: Option<Duration>) {
        // MariaDB has `max_statement_time`.
        if self.server.dialect == Dialect::Mysql {
            self.limit_writes(limit);
        }
    }

    async fn rows(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        if !sql.contains("information_schema.") {
            return self.rows_at_once(sql, values).await;
        }
        let mut looks = Looks::new();
        loop {
            let rows = self.rows_at_once(sql, values).await?;
            let again = looks.again(self.connection()?).await;
            if !again.map_err(|error| refused(error, sql))? {
                return Ok(rows);
            }
        }
    }

    async fn begin(&mut self, _what: Transacted) -> Result<(), Error> {
        self.owned().await?;
        let begun = self.raw("START TRANSACTION").await;
        begun
            .map(drop)
            .map_err(|error| connection_error("the transaction cannot be begun", error))
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.raw("COMMIT").await.map(drop)
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.raw("ROLLBACK").await.map(drop)
    }

    async fn begin_alone(&mut self, _own_lock_timeout: bool) -> Result<(), Error> {
        self.owned().await
    }

    async fn reset(&mut self) -> Result<(), DatabaseError> {
        let lock = self.options.lock_timeout.as_secs().max(1);
        let statement = self
            .options
            .statement_timeout
            .map_or(0, |timeout| timeout.as_millis());
        // The driver sets a sql_mode and a time zone of its own; migrations get what the server gives to everybody.
        let mut sql = format!(
            "SET NAMES utf8mb4; SET SESSION sql_mode = @@GLOBAL.sql_mode, SESSION time_zone = @@GLOBAL.time_zone, \
             SESSION foreign_key_checks = {}, SESSION unique_checks = {}, SESSION autocommit = 1, \
             SESSION lock_wait_timeout = {lock}, SESSION innodb_lock_wait_timeout = {lock}",
            u8::from(self.checks.foreign_keys),
            u8::from(self.checks.unique),
        );
        match self.server.dialect {
            Dialect::MariaDb => sql.push_str(&format!(
                ", SESSION max_statement_time = {}",
                statement as f64 / 1000.0
            )),
            _ => sql.push_str(&format!(", SESSION max_execution_time = {statement}")),
        }
        if let Some(database) = &self.database {
            sql.push_str(&format!("; USE {}", quoted(database)));
        }
        self.raw(&sql).await.map(drop)
    }

    async fn try_lock(&mut self) -> Result<bool, Error> {
        // Only the answer 1 is a lock: NULL is an error of the server, 0 is somebody else.
        let sql = format!("SELECT GET_LOCK('{}', 0)", self.lock);
        let rows = self.raw(&sql).await;
        let rows = rows.map_err(|error| connection_error("the migration lock cannot be taken", error))?;
        self.locked = rows
            .first()
            .and_then(|row| row.first())
            .and_then(Option::as_deref)
            == Some("1");
        Ok(self.locked)
    }

    async fn lock_holder(&mut self) -> Result<Option<String>, DatabaseError> {
        // A user without PROCESS sees the connections of its own only.
        let sql = format!(
            "SELECT COALESCE((SELECT CONCAT('connection ', p.id, ' (user ', p.user, ' from ', p.host, ')') \
             FROM information_schema.processlist p WHERE p.id = h.holder), CONCAT('connection ', h.holder)) \
             FROM (SELECT IS_USED_LOCK('{}') AS holder) h WHERE h.holder IS NOT NULL",
            self.lock
        );
        Ok(self.raw(&sql).await?.into_iter().flatten().flatten().next())
    }

    async fn close(mut self: Box<Self>) -> Result<(), Error> {
        if self.locked {
            let sql = format!("SELECT RELEASE_LOCK('{}')", self.lock);
            let _ = self.raw(&sql).await;
        }
        if let Some(connection) = self.connection.take() {
            // What was to be done is done; a connection that cannot say goodbye is gone all the same.
            let _ = connection.close().await;
        }
        Ok(())
    }

    fn nature(&self, sql: &str) -> Nature {
        nature(sql, self.server.dialect, self.database())
    }

    fn keeps_from_history(&self, sql: &str) -> Option<&'static str> {
        keeps_from_history(sql, self.server.dialect)
    }

    fn is_done_in_parts(&self) -> bool {
        true
    }

    async fn settle(&mut self, sql: &str) -> Result<Settled, DatabaseError> {
        // What is dropped one by one may be dropped in part.
        if let Some(rest) = dropping::rest(sql, self.server.dialect) {
            self.raw(&rest).await?;
        }
        Ok(Settled::Done)
    }

    fn fits_one_transaction(&self, statements: &[&str]) -> bool {
        // A statement that commits by itself would commit the others with it.
        statements
            .iter()
            .all(|sql| self.nature(sql) == Nature::Transactional)
    }

    fn quoted(&self, name: &str) -> String {
        quoted(name)
    }

    async fn around(&mut self, namespace: &Namespace, builds: &[&str]) -> Result<Around, DatabaseError> {
        self.look_around(namespace, builds).await
    }

    async fn close_door(&mut self, namespace: &Namespace) -> Result<bool, DatabaseError> {
        self.take_door(namespace).await
    }

    async fn open_door(&mut self, namespace: &Namespace) -> Result<(), DatabaseError> {
        self.give_door(namespace).await
    }

    async fn existing_tables(&mut self, names: &[&str]) -> Result<Vec<String>, DatabaseError> {
        let places = vec!["?"; names.len()].join(", ");
        let sql = format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
             AND table_name IN ({places}) OR CONCAT(table_schema, '.', table_name) IN ({places})"
        );
        let rows = self.rows(&sql, &Value::names(&[names, names].concat())).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    async fn facts(&mut self, scope: &Scope<'_>) -> Result<Facts, DatabaseError> {
        match super::facts(self.connection()?, scope).await {
            Ok(facts) => Ok(facts),
            Err(error) => Err(self.failed(error, "").await),
        }
    }

    fn watcher(&self) -> Option<Box<dyn Watcher>> {
        Some(Box::new(MysqlWatcher::new(
            Arc::clone(&self.connect),
            self.id,
            self.options.lock_timeout,
        )))
    }
}
