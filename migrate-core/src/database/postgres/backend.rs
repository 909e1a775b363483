//! The connection of a run on PostgreSQL.

mod statements;

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use self::statements::{Wait, changes_reading, sets_config, validates};
use super::place::{Place, locate};
use super::watcher::PostgresWatcher;
use super::{not_reached, quoted, raw_rows, refused};
use crate::database::sql::WRITING;
use crate::database::sql::backend::{Settled, Watcher};
use crate::database::sql::live::Around;
use crate::database::sql::rows::{all_texts, bind};
use crate::database::sql::{Backend, DatabaseError, Ended, Nature, Ran, Transacted, Value};
use crate::database::{Namespace, Server, SessionOptions};
use crate::error::Error;
use crate::facts::{Facts, Scope};
use crate::model::{Dialect, Digest, ServerVersion};
use crate::script::demand::{Demand, transaction_demand};

/// Sets what not every platform of a server can: on Windows, and on macOS before PostgreSQL 15, a connection that is gone
/// is not noticed by asking, and every value but 0 is refused.
fn set_where_it_can(setting: &str, value: &str) -> String {
    format!(
        "DO $migrate_set$ BEGIN PERFORM pg_catalog.set_config('{setting}', '{value}', false); \
         EXCEPTION WHEN invalid_parameter_value THEN NULL; END $migrate_set$"
    )
}

/// A connection taken out of the pool. Dropping it ends its server process, and with that its statement, its
/// transaction and its lock.
pub(super) struct PostgresBackend {
    /// There until it is closed.
    pub(super) connection: Option<PgConnection>,
    pub(super) connect: Arc<PgConnectOptions>,
    options: SessionOptions,
    server: Server,
    /// The process that serves this connection.
    pub(super) pid: i32,
    /// The key of the advisory lock.
    pub(super) key: i64,
    /// The server process that holds the lock for us: this connection's, unless a pooler stands between.
    pub(super) holder: Option<i32>,
    /// What the pool had set, to come back to after a file that set something else.
    search_path: String,
    role: String,
    /// Whether a file may have left settings behind.
    touched: bool,
    /// Whether the session waits for locks as long as statements outside a transaction may.
    patient: bool,
    /// How long the transaction of a migration that is open waits for locks; `None` where the file says it, or none is.
    waits: Option<Wait>,
    /// Whether the settings of a session are made.
    pub(super) is_set_up: bool,
    /// Whether the server process was seen to be ours alone, so that it may be ended.
    pub(super) is_direct: bool,
    /// What tells others that this is a session of the library; it would stay with the server process of a pooler.
    pub(super) mark: String,
}

impl PostgresBackend {
    pub(super) async fn open(
        mut connection: PgConnection,
        connect: Arc<PgConnectOptions>,
        options: SessionOptions,
    ) -> Result<Self, Error> {
        let about = "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version'), \
                     pg_catalog.current_setting('search_path'), pg_catalog.current_setting('role')";
        let rows = raw_rows(&mut connection, about).await;
        let rows = rows.map_err(|error| not_reached(*error.source))?;
        let mut fields = rows.into_iter().next().unwrap_or_default().into_iter();
        let mut next = || fields.next().flatten();
        let pid = next().and_then(|pid| pid.parse().ok()).unwrap_or_default();
        let version = next().unwrap_or_default();
        Ok(Self {
            connection: Some(connection),
            connect,
            options,
            server: Server {
                dialect: Dialect::Postgres,
                version: ServerVersion::from_server(&version).unwrap_or(ServerVersion::new(0, 0, 0)),
            },
            pid,
            key: 0,
            holder: None,
            search_path: next().unwrap_or_default(),
            role: next().unwrap_or_else(|| "none".to_owned()),
            touched: false,
            patient: false,
            waits: None,
            is_set_up: false,
            is_direct: false,
            mark: String::new(),
        })
    }

    /// Locks are for that namespace, whose schema is known by now.
    pub(super) fn key_is(&mut self, namespace: &Namespace) {
        let schema = namespace.schema.as_deref().unwrap_or_default();
        self.key = Digest::of_fields(["migrate", schema, &namespace.prefix, &namespace.set]).to_i64();
        self.mark = super::live::mark(namespace);
    }

    /// Where the history is, or will be made.
    pub(super) async fn place(&mut self, namespace: &Namespace) -> Result<Place, Error> {
        let connection = self.connection().map_err(|error| not_reached(*error.source))?;
        locate(connection, namespace).await
    }

    pub(super) async fn make_schema(&mut self, schema: &str) -> Result<(), DatabaseError> {
        // Asked first, because a role that may only read must get past this.
        let known = "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname = $1";
        loop {
            if !self.rows(known, &[Value::text(schema)]).await?.is_empty() {
                return Ok(());
            }
            let create = format!("CREATE SCHEMA IF NOT EXISTS {}", quoted(schema));
            match self.raw(&create).await {
                // Others who start now make it, too; there is no lock yet.
                Err(error) if error.is_there => {}
                result => return result.map(drop),
            }
        }
    }

    fn connection(&mut self) -> Result<&mut PgConnection, DatabaseError> {
        let closed = || refused(sqlx::Error::PoolClosed, "");
        self.connection.as_mut().ok_or_else(closed)
    }

    pub(super) async fn raw(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        raw_rows(self.connection()?, sql).await
    }

    /// The settings of a session, in one round trip.
    ///
    /// The isolation is the server's default, whatever the pool asks for: a transaction that takes a lock and then looks
    /// has to see what was done before it got the lock, and one with a snapshot from before sees what was there earlier.
    pub(super) fn settings(&self) -> String {
        let statement = self
            .options
            .statement_timeout
            .map_or(0, |timeout| timeout.as_millis());
        let mut sql = format!(
            "SET lock_timeout = {}; SET statement_timeout = {statement}; \
             SET idle_in_transaction_session_timeout = 0; SET {WRITING} = 'on'; \
             SET default_transaction_isolation = 'read committed'",
            self.options.lock_timeout.as_millis()
        );
        if self.server.version.major() >= 14 {
            // The server notices that we died in the middle of a statement, and ends it.
            sql.push_str("; ");
            sql.push_str(&set_where_it_can("client_connection_check_interval", "1000"));
        }
        if self.server.version.major() >= 17 {
            sql.push_str("; SET transaction_timeout = 0");
        }
        sql
    }

    /// What begins a transaction, and fails where the lock is not ours any more.
    ///
    /// The transaction takes the lock for itself, which only succeeds where nobody else has it, and in the process
    /// that had it before: reading `pg_locks` instead takes longer than a small migration.
    fn begin_sql(&mut self, what: Transacted) -> String {
        let mut sql = "BEGIN; ".to_owned();
        let own_lock_timeout = matches!(
            what,
            Transacted::Migration {
                own_lock_timeout: true,
                ..
            }
        );
        self.waits = match what {
            Transacted::Migration { .. } if !own_lock_timeout => Some(Wait::First),
            _ => None,
        };
        // A file before this one may have left another time-out, and so may a statement outside a transaction.
        if !own_lock_timeout && (self.patient || self.touched) {
            let timeout = self.options.lock_timeout.as_millis();
            sql.push_str(&format!("SET LOCAL lock_timeout = {timeout}; "));
        }
        if let Some(holder) = self.holder {
            sql.push_str(&format!(
                "SELECT 1 / CASE WHEN pg_catalog.pg_backend_pid() = {holder} \
                 AND pg_catalog.pg_try_advisory_xact_lock({}) THEN 1 ELSE 0 END; ",
                self.key
            ));
        }
        sql
    }
}

#[async_trait]
impl Backend for PostgresBackend {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn options(&self) -> &SessionOptions {
        &self.options
    }

    fn placeholder(&self, index: usize) -> String {
        format!("${index}")
    }

    fn writes_together(&self) -> bool {
        true
    }

    fn keeps_standing(&self) -> bool {
        true
    }

    fn now(&self) -> &'static str {
        "pg_catalog.clock_timestamp()"
    }

    fn types(&self) -> [&'static str; 3] {
        ["TEXT", "TEXT", "TIMESTAMPTZ"]
    }

    async fn run(&mut self, sql: &str) -> Result<(), DatabaseError> {
        // The only statement of its transaction.
        if self.waits == Some(Wait::First) && validates(sql) {
            let wait = self.wait_sql(Wait::Long);
            self.raw(&wait).await?;
        }
        self.run_one(sql).await
    }

    async fn run_all(&mut self, statements: &[&str], ended: Ended<'_>) -> Ran {
        if changes_reading(statements) {
            return self.run_each(statements, ended).await;
        }
        let ran = self.run_patiently(String::new(), 0, statements, ended).await;
        ran.map_err(|(index, error)| (index.unwrap_or(0), error))
    }

    async fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DatabaseError> {
        let connection = self.connection()?;
        let query = bind!(sqlx::query(sqlx::AssertSqlSafe(sql)), values);
        let result = query.execute(connection).await;
        result
            .map(|done| done.rows_affected())
            .map_err(|error| refused(error, sql))
    }

    async fn rows(
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

    async fn begin(&mut self, what: Transacted) -> Result<(), Error> {
        let begin = self.begin_sql(what);
        match self.raw(&begin).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.not_begun(error).await),
        }
    }

    async fn begin_with(
        &mut self,
        what: Transacted,
        statements: &[&str],
        ended: Ended<'_>,
    ) -> Result<Ran, Error> {
        if changes_reading(statements) {
            self.begin(what).await?;
            return Ok(self.run_each(statements, ended).await);
        }
        // Counted by their semicolons, because each has its own result.
        let begin = self.begin_sql(what);
        let ours = begin.matches(';').count();
        match self.run_patiently(begin, ours, statements, ended).await {
            Ok(()) => Ok(Ok(())),
            Err((Some(index), error)) => Ok(Err((index, error))),
            Err((None, error)) => Err(self.not_begun(error).await),
        }
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.waits = None;
        self.raw("COMMIT").await.map(drop)
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.waits = None;
        self.raw("ROLLBACK").await.map(drop)
    }

    async fn begin_alone(&mut self, own_lock_timeout: bool) -> Result<(), Error> {
        let timeout = self.options.long_lock_timeout.as_millis();
        let before = if own_lock_timeout {
            String::new()
        } else {
            self.patient = true;
            format!("SET lock_timeout = {timeout}; ")
        };
        self.owned(&before).await
    }

    async fn reset(&mut self) -> Result<(), DatabaseError> {
        if !std::mem::take(&mut self.touched) {
            return Ok(());
        }
        let settings = self.settings();
        self.patient = false;
        self.raw(&format!("RESET SESSION AUTHORIZATION; RESET ALL; {settings}"))
            .await?;
        let (search_path, role) = (self.search_path.clone(), self.role.clone());
        let restore = "SELECT pg_catalog.set_config('search_path', $1, false), \
                       pg_catalog.set_config('role', $2, false)";
        self.rows(restore, &[Value::text(search_path), Value::text(role)])
            .await?;
        Ok(())
    }

    async fn set_up(&mut self, alone: bool) -> Result<bool, Error> {
        self.make_settings(alone).await
    }

    async fn try_lock(&mut self) -> Result<bool, Error> {
        self.take_lock().await
    }

    async fn lock_holder(&mut self) -> Result<Option<String>, DatabaseError> {
        self.who_holds_the_lock().await
    }

    async fn close(mut self: Box<Self>) -> Result<(), Error> {
        if let Some(holder) = self.holder.take() {
            // Freed before the connection closes, so that whoever waits does not wait for the server to notice.
            // What cannot be freed now goes with the server process.
            let _ = self.unlock(holder).await;
        }
        if let Some(connection) = self.connection.take() {
            // What was to be done is done; a connection that cannot say goodbye is gone all the same.
            let _ = connection.close().await;
        }
        Ok(())
    }

    fn nature(&self, sql: &str) -> Nature {
        match transaction_demand(sql, Dialect::Postgres) {
            Demand::Outside(_) => Nature::Catalog,
            Demand::SessionSetting => Nature::Session,
            _ if sets_config(sql) => Nature::Session,
            Demand::Any | Demand::Control => Nature::Transactional,
        }
    }

    fn nature_outside(&self, sql: &str) -> Nature {
        match super::concurrently::may_run_twice(sql) {
            true => Nature::Catalog,
            // It commits what it likes.
            false => Nature::Opaque,
        }
    }

    fn fits_one_transaction(&self, _statements: &[&str]) -> bool {
        true
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
        let places: Vec<String> = (1..=names.len()).map(|index| format!("${index}")).collect();
        let sql = format!(
            "SELECT c.relname::text FROM pg_catalog.pg_class c \
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f') \
             AND (pg_catalog.pg_table_is_visible(c.oid) AND c.relname IN ({places}) \
             OR n.nspname || '.' || c.relname IN ({places}))",
            places = places.join(", ")
        );
        let rows = self.rows(&sql, &Value::names(names)).await?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    async fn facts(&mut self, scope: &Scope<'_>) -> Result<Facts, DatabaseError> {
        let facts = super::facts(self.connection()?, scope).await;
        facts.map_err(|error| refused(error, ""))
    }

    async fn settle(&mut self, sql: &str) -> Result<Settled, DatabaseError> {
        super::concurrently::settle(self, sql).await
    }

    fn leaves_behind(&self, sql: &str) -> bool {
        super::concurrently::leaves_behind(sql)
    }

    async fn clean_up(&mut self, sql: &str) -> Result<(), DatabaseError> {
        super::concurrently::clean_up(self, sql).await
    }

    fn watcher(&self) -> Option<Box<dyn Watcher>> {
        Some(Box::new(PostgresWatcher::new(
            Arc::clone(&self.connect),
            self.pid,
            self.options.lock_timeout,
        )))
    }
}
