//! The connection of a run on SQLite.

mod transaction;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection};

use self::transaction::Open;
use super::live::Register;
use super::stop::Stop;
use super::{not_reached, quoted, raw_rows, refused};
use crate::database::sql::joined::{Joined, results};
use crate::database::sql::live::Around;
use crate::database::sql::rows::{all_texts, bind, spawn_cleanup};
use crate::database::sql::{Backend, DatabaseError, Ended, Nature, Ran, Transacted, Value, connection_error};
use crate::database::{Namespace, Server, SessionOptions};
use crate::error::Error;
use crate::facts::{Facts, Scope};
use crate::model::{Dialect, ServerVersion};
use crate::script::demand::{Demand, connection_pragma, transaction_demand};
use crate::script::outside::foreign_keys_pragma;

/// How many instructions of SQLite's machine pass between two looks at whether the run was cancelled.
const INSTRUCTIONS: i32 = 2000;

/// A pragma, qualified, and its value.
type Found = (String, String);

/// One connection of the pool. Dropping it in the middle of something interrupts the statement, undoes the
/// transaction, and only then gives the connection back.
pub(super) struct SqliteBackend {
    /// There until it is given back.
    connection: Option<PoolConnection<Sqlite>>,
    options: SessionOptions,
    server: Server,
    open: Open,
    /// What the pragmas were that files have given a value, in the order in which they did.
    found: Vec<Found>,
    /// Whether foreign keys are enforced on this connection when no rebuild is under way.
    foreign_keys: bool,
    /// Whether they rest just now.
    resting: bool,
    /// The references that were broken before the rebuild began.
    broken_before: Vec<String>,
    /// Stops the running statement.
    stop: Arc<Stop>,
    /// How long a statement may run.
    limit: Option<Duration>,
    /// For how long others are waited for.
    patience: Duration,
    /// The file of the database.
    file: String,
    /// Where instances register; there is none for a database that no other process can open.
    register: Option<Register>,
    /// The locked file that keeps the door closed.
    door: Option<std::fs::File>,
}

impl SqliteBackend {
    pub(super) async fn open(
        connection: PoolConnection<Sqlite>,
        options: SessionOptions,
        register: Option<Register>,
        file: String,
    ) -> Result<Self, Error> {
        let stop = Arc::new(Stop::new());
        let mut backend = Self {
            connection: Some(connection),
            limit: options.statement_timeout,
            patience: options.lock_retry,
            options,
            server: Server {
                dialect: Dialect::Sqlite,
                version: ServerVersion::new(0, 0, 0),
            },
            open: Open::None,
            found: Vec::new(),
            foreign_keys: false,
            resting: false,
            broken_before: Vec::new(),
            stop: Arc::clone(&stop),
            register,
            file,
            door: None,
        };
        let refused = |error: DatabaseError| not_reached(*error.source);
        let handle = backend.connection().map_err(refused)?.lock_handle().await;
        handle
            .map_err(not_reached)?
            .set_progress_handler(INSTRUCTIONS, move || stop.goes_on());
        let about = "SELECT sqlite_version(), (SELECT foreign_keys FROM pragma_foreign_keys)";
        let started = Instant::now();
        let rows = loop {
            match backend.raw(about).await {
                Ok(rows) => break rows,
                Err(error) => backend.wait_for_others(error, started).await.map_err(refused)?,
            }
        };
        let mut fields = rows.into_iter().flatten();
        let version = fields.next().flatten().unwrap_or_default();
        backend.server.version = ServerVersion::from_server(&version).unwrap_or(backend.server.version);
        backend.foreign_keys = fields.next().flatten().as_deref() == Some("1");
        Ok(backend)
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection, DatabaseError> {
        match self.connection.as_deref_mut() {
            Some(connection) => Ok(connection),
            None => Err(refused(sqlx::Error::PoolClosed, "")),
        }
    }

    async fn raw(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let rows = raw_rows(self.connection()?, sql).await;
        rows.map_err(|error| self.with_file(error))
    }

    /// Names the file, where it is the file that is only read.
    fn with_file(&self, mut error: DatabaseError) -> DatabaseError {
        const SQLITE_READONLY: u32 = 8;
        const SQLITE_READONLY_DBMOVED: u32 = 1032;
        let code = error.code.as_deref().and_then(|code| code.parse::<u32>().ok());
        // The lower byte of an extended code is the primary one.
        if code == Some(SQLITE_READONLY_DBMOVED) {
            error.message = format!(
                "the file {} was moved, deleted or put anew while it was open",
                self.file
            );
            error.help = Some(
                "nothing is written to a file that is no longer at its place: start again on the one that is",
            );
        } else if code.is_some_and(|code| code & 0xff == SQLITE_READONLY) {
            error.message = format!("the file {} is read-only ({})", self.file, error.message);
            error.help = Some(
                "give this user the right to write the file, and its folder, in which SQLite keeps a journal beside it; \
                 is the URL without `mode=ro`, and the file system not mounted for reading only?",
            );
        }
        error
    }

    /// Keeps what the pragmas are that these statements give a value, so that it can be given back.
    async fn keep_pragmas(&mut self, statements: &[&str]) -> Ran {
        for (index, sql) in statements.iter().enumerate() {
            let Some((schema, name)) = connection_pragma(sql) else {
                continue;
            };
            let schema = schema.map_or(String::new(), |schema| format!("{}.", quoted(&schema)));
            let pragma = format!("{schema}{name}");
            if self.found.iter().any(|(known, _)| *known == pragma) {
                continue;
            }
            let value = match &*name {
                // They may be resting just now.
                "foreign_keys" => Some(i32::from(self.foreign_keys).to_string()),
                // It has a value that nobody can ask for.
                "case_sensitive_like" => self.pragma_value("SELECT NOT ('a' LIKE 'A')", index).await?,
                _ => self.pragma_value(&format!("PRAGMA {pragma}"), index).await?,
            };
            // One without a value has no effect on this database.
            self.found.extend(value.map(|value| (pragma, value)));
        }
        Ok(())
    }

    async fn pragma_value(
        &mut self,
        sql: &str,
        index: usize,
    ) -> Result<Option<String>, (usize, DatabaseError)> {
        let rows = self.raw(sql).await.map_err(|error| (index, error))?;
        Ok(rows.into_iter().flatten().next().flatten())
    }

    /// Gives the pragmas back what they were before a file gave them another value.
    async fn give_back(&mut self) -> Result<(), DatabaseError> {
        while let Some((pragma, value)) = self.found.last() {
            let sql = format!("PRAGMA {pragma} = {value}");
            self.raw(&sql).await?;
            self.found.pop();
        }
        Ok(())
    }
}

impl Drop for SqliteBackend {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        self.stop.cancel();
        let foreign_keys = self.foreign_keys;
        let found = std::mem::take(&mut self.found);
        spawn_cleanup(async move {
            // The first call waits until the interrupted statement is gone.
            let removed = connection
                .lock_handle()
                .await
                .map(|mut handle| handle.remove_progress_handler());
            if removed.is_err() {
                connection.close_on_drop();
                return;
            }
            // What was cancelled may have been the BEGIN, or the PRAGMA that lets foreign keys rest: whether it took
            // effect is not known. Nothing to undo is no fault.
            let _ = raw_rows(&mut connection, "ROLLBACK").await;
            let found = found.into_iter().rev();
            let mut back: Vec<String> = found
                .map(|(pragma, value)| format!("PRAGMA {pragma} = {value}"))
                .collect();
            if foreign_keys {
                back.push("PRAGMA foreign_keys = ON".to_owned());
            }
            if !back.is_empty() && raw_rows(&mut connection, &back.join("; ")).await.is_err() {
                connection.close_on_drop();
            }
        });
    }
}

#[async_trait]
impl Backend for SqliteBackend {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn server(&self) -> &Server {
        &self.server
    }

    fn limit_time(&mut self, limit: Option<Duration>) {
        self.stop.limit(limit);
    }

    fn options(&self) -> &SessionOptions {
        &self.options
    }

    fn placeholder(&self, _index: usize) -> String {
        "?".to_owned()
    }

    fn keeps_standing(&self) -> bool {
        true
    }

    fn guards_every_write(&self) -> bool {
        true
    }

    fn now(&self) -> &'static str {
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    }

    fn types(&self) -> [&'static str; 3] {
        ["TEXT", "TEXT", "TEXT"]
    }

    async fn run(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.keep_pragmas(&[sql]).await.map_err(|(_, error)| error)?;
        self.stop.begin(self.limit);
        let connection = self.connection()?;
        let result = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await;
        let result = self
            .stop
            .end(result.map(drop).map_err(|error| refused(error, sql)));
        result.map_err(|error| self.with_file(error))
    }

    async fn run_all(&mut self, statements: &[&str], ended: Ended<'_>) -> Ran {
        self.keep_pragmas(statements).await?;
        let joined = Joined::new(String::new(), statements);
        let (stop, limit) = (Arc::clone(&self.stop), self.limit);
        let mut ended = |index: usize| {
            stop.begin(limit);
            ended(index);
        };
        self.stop.begin(limit);
        let connection = self.connection().map_err(|error| (0, error))?;
        let stream = sqlx::raw_sql(sqlx::AssertSqlSafe(joined.text)).fetch_many(connection);
        let mut at = 0;
        let result = results(stream, 0, &mut ended).await.map_err(|(index, error)| {
            at = index;
            refused(error, statements.get(index).unwrap_or(&""))
        });
        let result = self.stop.end(result);
        result.map_err(|error| (at, self.with_file(error)))
    }

    fn limit_statements(&mut self, limit: Option<Duration>) {
        self.limit = limit;
    }

    fn sees_workers(&self) -> bool {
        self.register.is_some()
    }

    fn gone_workers(&self, mut workers: Vec<String>) -> Vec<String> {
        workers.retain(|worker| {
            let register = self.register.as_ref();
            register.is_some_and(|register| register.is_worker_gone(worker))
        });
        workers
    }

    fn limit_waits(&mut self, limit: Option<Duration>) {
        let most = self.options.lock_retry;
        self.patience = limit.map_or(most, |limit| limit.min(most));
    }

    async fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<u64, DatabaseError> {
        let started = Instant::now();
        loop {
            self.stop.begin(self.limit);
            let connection = self.connection()?;
            let query = bind!(sqlx::query(sqlx::AssertSqlSafe(sql)), values);
            let result = query.execute(connection).await;
            match self.stop.end(result.map_err(|error| refused(error, sql))) {
                Ok(done) => return Ok(done.rows_affected()),
                Err(error) => {
                    let error = self.with_file(error);
                    self.wait_for_others(error, started).await?;
                }
            }
        }
    }

    async fn rows(
        &mut self,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        let started = Instant::now();
        loop {
            self.stop.begin(self.limit);
            let connection = self.connection()?;
            let query = bind!(sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(false), values);
            let result = all_texts(query.fetch_all(connection).await);
            match self.stop.end(result.map_err(|error| refused(error, sql))) {
                Ok(rows) => return Ok(rows),
                Err(error) => self.wait_for_others(error, started).await?,
            }
        }
    }

    async fn begin(&mut self, what: Transacted) -> Result<(), Error> {
        if self.open == Open::Batch {
            return Ok(());
        }
        let rebuild = matches!(what, Transacted::Migration { rebuild: true, .. });
        self.begin_rebuilding(Open::Transaction, rebuild).await
    }

    async fn commit(&mut self) -> Result<(), DatabaseError> {
        match self.open {
            Open::Batch => Ok(()),
            _ => self.end("COMMIT").await,
        }
    }

    async fn rollback(&mut self) -> Result<(), DatabaseError> {
        self.end("ROLLBACK").await
    }

    async fn begin_alone(&mut self, _own_lock_timeout: bool) -> Result<(), Error> {
        if self.open == Open::None {
            return Ok(());
        }
        let ended = self.end("ROLLBACK").await;
        ended.map_err(|error| connection_error("the transaction cannot be undone", error))
    }

    async fn reset(&mut self) -> Result<(), DatabaseError> {
        self.give_back().await
    }

    async fn check_rebuild(&mut self) -> Result<Option<String>, DatabaseError> {
        let before = std::mem::take(&mut self.broken_before);
        let now = self.broken().await?;
        let fault = now.iter().find(|reference| !before.contains(reference)).cloned();
        self.broken_before = before;
        Ok(fault)
    }

    async fn broken_references(&mut self) -> Result<Vec<String>, DatabaseError> {
        self.broken().await
    }

    async fn try_lock(&mut self) -> Result<bool, Error> {
        match self.raw("BEGIN IMMEDIATE").await {
            Ok(_) => {
                self.open = Open::Look;
                Ok(true)
            }
            Err(error) if error.is_locked => Ok(false),
            Err(error) => Err(connection_error("the database cannot be locked", error)),
        }
    }

    async fn lock_holder(&mut self) -> Result<Option<String>, DatabaseError> {
        let holder = "a connection that writes to the database, of another instance or of anybody else: SQLite does not tell whose";
        Ok(Some(holder.to_owned()))
    }

    async fn close(mut self: Box<Self>) -> Result<(), Error> {
        if self.open != Open::None {
            let ended = self.end("ROLLBACK").await;
            ended.map_err(|error| connection_error("the transaction cannot be undone", error))?;
        }
        // Where that fails, dropping this closes the connection.
        let given_back = self.give_back().await;
        given_back.map_err(|error| connection_error("the pragmas of a file cannot be taken back", error))?;
        let handle = match self.connection() {
            Ok(connection) => connection.lock_handle().await,
            Err(_) => return Ok(()),
        };
        handle.map_err(not_reached)?.remove_progress_handler();
        self.connection = None;
        Ok(())
    }

    fn nature(&self, sql: &str) -> Nature {
        match transaction_demand(sql, Dialect::Sqlite) {
            // What it gave the connection is gone with a connection that died.
            Demand::Outside(_) if connection_pragma(sql).is_some() => Nature::Session,
            Demand::Outside(_) => Nature::Catalog,
            Demand::SessionSetting => Nature::Session,
            Demand::Any | Demand::Control => Nature::Transactional,
        }
    }

    fn fits_one_transaction(&self, statements: &[&str]) -> bool {
        statements.iter().all(|sql| {
            let demand = transaction_demand(sql, Dialect::Sqlite);
            // In a transaction it does nothing; where a table is rebuilt, foreign keys rest around it.
            !matches!(demand, Demand::Outside(_)) || foreign_keys_pragma(sql, Dialect::Sqlite)
        })
    }

    async fn begin_batch(&mut self, rebuild: bool) -> Result<bool, Error> {
        self.begin_rebuilding(Open::Batch, rebuild).await?;
        Ok(true)
    }

    async fn end_batch(&mut self, commit: bool) -> Result<(), DatabaseError> {
        self.end(if commit { "COMMIT" } else { "ROLLBACK" }).await
    }

    fn locks_per_transaction(&self) -> bool {
        true
    }

    fn quoted(&self, name: &str) -> String {
        quoted(name)
    }

    async fn around(&mut self, _namespace: &Namespace, _builds: &[&str]) -> Result<Around, DatabaseError> {
        let Some(register) = &self.register else {
            return Ok(Around::default());
        };
        let found = register.look_around();
        found.map_err(|error| refused(sqlx::Error::Io(error), ""))
    }

    async fn close_door(&mut self, _namespace: &Namespace) -> Result<bool, DatabaseError> {
        let Some(register) = &self.register else {
            return Ok(true);
        };
        let door = register.close_door();
        self.door = door.map_err(|error| refused(sqlx::Error::Io(error), ""))?;
        Ok(self.door.is_some())
    }

    async fn open_door(&mut self, _namespace: &Namespace) -> Result<(), DatabaseError> {
        self.door = None;
        Ok(())
    }

    async fn existing_tables(&mut self, names: &[&str]) -> Result<Vec<String>, DatabaseError> {
        // Compared as SQLite compares names; the list is asked for whole, because the number of values is limited.
        let rows = self
            .raw("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .await?;
        let existing = rows.into_iter().flatten().flatten();
        Ok(existing
            .filter(|name| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)))
            .collect())
    }

    async fn facts(&mut self, scope: &Scope<'_>) -> Result<Facts, DatabaseError> {
        let facts = super::facts(self.connection()?, scope).await;
        facts.map_err(|error| refused(error, ""))
    }
}
