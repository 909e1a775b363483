//! A session over a [`Backend`]: applies migrations and keeps the history.

use std::pin::pin;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_timer::Delay;
use futures_util::future::{Either, select};

use super::backend::{Backend, DatabaseError, Transacted, Watcher};
use super::connection_error;
use super::cursor::{Direction, Run};
use super::ledger::{Ledger, RowKey, rows_of_history};
use super::tables::Tables;
use crate::database::{Applied, Namespace, Server, Session, shown};
use crate::error::{Error, Kind};
use crate::history::{History, Reason, Row, State};
use crate::migrator::Event;
use crate::model::directives::Expectation;
use crate::model::{Digest, Migration, Phase, Section, Statement, TransactionMode, Version};
use crate::script::section::{statements_digest, stored};
use crate::script::words::Words;

/// The first pause before a statement that did not get its lock is tried again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How often a transaction is repeated that was the victim of a deadlock or could not be serialised.
const CONFLICTS: u32 = 10;

/// The one connection of a run on an SQL database.
pub(in crate::database) struct SqlSession {
    pub(super) backend: Box<dyn Backend>,
    pub(super) tables: Tables,
    pub(super) namespace: Namespace,
    /// Looks from beside while a statement waits; opened when one had to wait before.
    watcher: Option<Box<dyn Watcher>>,
    /// Whether one transaction holds the whole run.
    batch: bool,
}

/// A statement that failed, or the whole attempt around it.
pub(super) enum Failure {
    /// The database refused the statement with that index; who held its lock, where that was the reason.
    Statement(usize, DatabaseError, Vec<String>),
    /// Something else is wrong; it is not tried again.
    Fatal(Error),
    /// Another instance applied the migration meanwhile.
    ByAnother,
}

/// The attempts at one statement, or at one transaction.
pub(super) struct Retry {
    version: Version,
    started: Instant,
    pause: Duration,
    conflicts: u32,
    /// Which attempt it is, from 1.
    pub(super) number: u32,
}

impl Retry {
    pub(super) fn new(version: Version) -> Self {
        Self {
            version,
            started: Instant::now(),
            pause: FIRST_PAUSE,
            conflicts: 0,
            number: 1,
        }
    }

    /// Whether the same may succeed the next time.
    fn again(&mut self, error: &DatabaseError, budget: Duration) -> bool {
        if error.is_locked {
            // At least one attempt is watched, so that the error can name who is in the way.
            return self.number == 1 || self.started.elapsed() + self.pause < budget;
        }
        self.conflicts += 1;
        error.is_retryable && self.conflicts <= CONFLICTS
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Fatal(error)
    }
}

impl SqlSession {
    pub(in crate::database) fn new(backend: Box<dyn Backend>, tables: Tables, namespace: Namespace) -> Self {
        Self {
            backend,
            tables,
            namespace,
            watcher: None,
            batch: false,
        }
    }

    pub(super) fn ledger(&mut self) -> (Ledger<'_>, &mut dyn Backend) {
        let ledger = Ledger {
            tables: &self.tables,
            set: &self.namespace.set,
        };
        (ledger, &mut *self.backend)
    }

    /// Runs a statement of a migration. From the second attempt on, looks from beside who it waits for.
    pub(super) async fn run_statement(
        &mut self,
        sql: &str,
        attempt: u32,
    ) -> Result<(), (DatabaseError, Vec<String>)> {
        if attempt > 1 && self.watcher.is_none() {
            self.watcher = self.backend.watcher();
        }
        let Some(watcher) = self.watcher.as_mut().filter(|_| attempt > 1) else {
            return self.backend.run(sql).await.map_err(|error| (error, Vec::new()));
        };
        let mut seen = Vec::new();
        let result = {
            let watch = pin!(async {
                loop {
                    Delay::new(watcher.after()).await;
                    let blockers = watcher.blockers().await;
                    if !blockers.is_empty() {
                        seen = blockers;
                    }
                }
            });
            match select(self.backend.run(sql), watch).await {
                Either::Left((result, _)) => result,
                Either::Right((never, _)) => never,
            }
        };
        result.map_err(|error| (error, seen))
    }

    /// Waits before the next attempt, where the failure is a lock or a conflict that may be gone by then; else gives
    /// the failure back.
    pub(super) async fn wait(&mut self, retry: &mut Retry, failure: Failure) -> Result<(), Failure> {
        let Failure::Statement(index, error, blockers) = failure else {
            return Err(failure);
        };
        let options = self.backend.options();
        if self.batch || !retry.again(&error, options.lock_retry) {
            return Err(Failure::Statement(index, error, blockers));
        }
        let pause = retry.pause;
        options.observer.event(&Event::Blocked {
            version: retry.version,
            blockers,
            retry_in: pause,
        });
        Delay::new(pause).await;
        retry.number += 1;
        retry.pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        Ok(())
    }

    async fn apply_transaction(
        &mut self,
        migration: &Migration,
        key: RowKey,
        reason: Reason,
    ) -> Result<(), Failure> {
        let mut retry = Retry::new(key.version);
        loop {
            match self.apply_in_one(migration, key, reason, retry.number).await {
                Ok(()) => return Ok(()),
                Err(failure) => self.wait(&mut retry, failure).await?,
            }
        }
    }

    /// Applies a section as one transaction, together with its history.
    async fn apply_in_one(
        &mut self,
        migration: &Migration,
        key: RowKey,
        reason: Reason,
        attempt: u32,
    ) -> Result<(), Failure> {
        let own_lock_timeout = sets_lock_timeout(&migration.up, &*self.backend);
        self.backend
            .begin(Transacted::Migration {
                rebuild: migration.rebuild,
                own_lock_timeout,
            })
            .await?;
        let result = self.in_transaction(migration, key, reason, attempt).await;
        self.end_transaction(result, &migration.up).await
    }

    /// Commits the statements of a section, or undoes them. A commit that is refused is undone as well: what is tried
    /// again begins from nothing.
    async fn end_transaction(
        &mut self,
        result: Result<(), Failure>,
        section: &Section,
    ) -> Result<(), Failure> {
        let result = match result {
            Ok(()) => self.backend.commit().await.map_err(|error| {
                let last = section.statements.len().saturating_sub(1);
                Failure::Statement(last, error, Vec::new())
            }),
            Err(failure) => Err(failure),
        };
        if result.is_err() {
            // The reason of the failure is the one to tell.
            let _ = self.backend.rollback().await;
        }
        result
    }

    async fn in_transaction(
        &mut self,
        migration: &Migration,
        key: RowKey,
        reason: Reason,
        attempt: u32,
    ) -> Result<(), Failure> {
        if self.backend.locks_per_transaction() && !self.batch && self.is_begun(migration.version).await? {
            return Err(Failure::ByAnother);
        }
        let before = self.values_before(migration).await?;
        let count = migration.up.statements.len() as u32;
        for (index, (_, sql)) in migration.up.iter().enumerate() {
            self.tell_statement(migration.version, index as u32, count);
            self.run_statement(sql, attempt)
                .await
                .map_err(|(error, blockers)| Failure::Statement(index, error, blockers))?;
        }
        self.verify(migration, &before).await?;
        if migration.rebuild {
            let fault = self.backend.check_rebuild().await;
            let fault =
                fault.map_err(|error| connection_error("the foreign keys cannot be checked", error))?;
            if let Some(fault) = fault {
                return Err(Failure::Fatal(
                    Error::new(
                        Kind::Verification,
                        format!("migration {migration} leaves rows without the row they refer to: {fault}"),
                    )
                    .migration(migration)
                    .help("keep the keys of the rebuilt table as they were; nothing was changed"),
                ));
            }
        }
        let (ledger, backend) = self.ledger();
        let inserted = ledger
            .insert(backend, migration, key, State::Applied, reason)
            .await;
        inserted.map_err(|error| connection_error("the history cannot be written", error))?;
        Ok(())
    }

    /// Whether the history has a row of that version, seen from within the transaction.
    async fn is_begun(&mut self, version: Version) -> Result<bool, Error> {
        Ok(self.read_history().await?.get(version).is_some())
    }

    /// Whether that attempt is still applied, seen from within the transaction.
    async fn is_applied(&mut self, key: RowKey) -> Result<bool, Error> {
        let history = self.read_history().await?;
        let row = history.get(key.version);
        Ok(row.is_some_and(|row| row.attempt == key.attempt && row.state == State::Applied))
    }

    pub(super) fn tell_statement(&self, version: Version, index: u32, of: u32) {
        self.backend.options().observer.event(&Event::Statement {
            version,
            number: index + 1,
            of,
        });
    }

    /// The answers of the verify queries that compare before and after.
    pub(super) async fn values_before(
        &mut self,
        migration: &Migration,
    ) -> Result<Vec<Option<String>>, Error> {
        let mut values = Vec::new();
        for verify in migration.verify.iter() {
            values.push(match verify.expectation {
                Expectation::Unchanged => self.answer(migration, &verify.query).await?,
                _ => None,
            });
        }
        Ok(values)
    }

    /// Asks the verify queries.
    pub(super) async fn verify(
        &mut self,
        migration: &Migration,
        before: &[Option<String>],
    ) -> Result<(), Error> {
        for (verify, before) in migration.verify.iter().zip(before) {
            let expected = match &verify.expectation {
                Expectation::Zero => Some("0".to_owned()),
                Expectation::Equals(literal) => Some(literal.to_string()),
                Expectation::Unchanged => before.clone(),
            };
            let found = self.answer(migration, &verify.query).await?;
            if found != expected {
                let shown = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
                let error = Error::new(
                    Kind::Verification,
                    format!(
                        "migration {migration}: a verify query answers {}, expected {}",
                        shown(found),
                        shown(expected)
                    ),
                );
                return Err(at_first(error.migration(migration), &verify.query));
            }
        }
        Ok(())
    }

    async fn answer(&mut self, migration: &Migration, query: &Section) -> Result<Option<String>, Error> {
        let Some((statement, sql)) = query.iter().next() else {
            return Ok(None);
        };
        let rows = self
            .backend
            .rows(sql, &[])
            .await
            .map_err(|error| statement_error(migration, query, statement, error))?;
        match &rows[..] {
            [row] if row.len() == 1 => Ok(row[0].clone()),
            _ => Err(at_first(
                Error::new(
                    Kind::Verification,
                    format!(
                        "migration {migration}: a verify query answers {} rows instead of one value",
                        rows.len()
                    ),
                )
                .migration(migration),
                query,
            )),
        }
    }

    /// Whether a section can be one transaction here.
    fn is_one_transaction(&self, section: &Section) -> bool {
        let statements: Vec<&str> = section.iter().map(|(_, sql)| sql).collect();
        section.transaction == TransactionMode::One && self.backend.fits_one_transaction(&statements)
    }

    pub(super) fn error_of(
        &self,
        name: &str,
        migration: Option<&Migration>,
        section: &Section,
        failure: Failure,
    ) -> Error {
        match failure {
            Failure::Fatal(error) => error,
            Failure::ByAnother => Error::new(
                Kind::LockLost,
                format!("another instance applied migration {name}"),
            ),
            Failure::Statement(index, error, blockers) => {
                let locked = error.is_locked;
                let connection = error.is_connection;
                let kind = if locked {
                    Kind::Blocked
                } else if connection {
                    Kind::Connection
                } else {
                    Kind::Statement
                };
                let what = if locked {
                    "a statement did not get its lock"
                } else if connection {
                    "the connection broke during a statement"
                } else {
                    "the database refused a statement"
                };
                let mut told = Error::new(kind, format!("{what} of migration {name}: {}", error.message));
                if let Some(migration) = migration {
                    told = told.migration(migration);
                }
                if let Some(statement) = section.statements.get(index) {
                    told = told.statement(section, statement, error.position);
                }
                if let Some(code) = &error.code {
                    told = told.note(format!("the database's code is {code}"));
                }
                if let Some(detail) = &error.detail {
                    told = told.note(detail.clone());
                }
                for blocker in blockers {
                    told = told.note(format!("held by {blocker}"));
                }
                if locked {
                    told = told.help(
                        "let that end, or stop it, and run again; `lock_retry` sets how long it is tried",
                    );
                }
                told.source(*error.source)
            }
        }
    }
}

/// A migration that asks for what is not built yet. Refused before anything is touched.
fn not_yet(migration: &Migration, reason: Reason) -> Result<(), Error> {
    let fault = |what: &str| {
        Err(Error::new(
            Kind::NotYet,
            format!("migration {migration} asks for {what}, which this version does not do yet"),
        )
        .migration(migration))
    };
    if !migration.sync.is_empty() {
        return fault("`sync` triggers");
    }
    if migration.rust.is_some() {
        return fault("a data migration in Rust");
    }
    // On a fresh database a backfill is a plain statement, and there is no traffic to cut over.
    if reason != Reason::Fresh && migration.backfill.is_some() {
        return fault("a backfill in batches");
    }
    if reason != Reason::Fresh && migration.cutover.is_some() {
        return fault("a cutover");
    }
    Ok(())
}

fn statement_error(
    migration: &Migration,
    section: &Section,
    statement: &Statement,
    error: DatabaseError,
) -> Error {
    Error::new(
        Kind::Statement,
        format!(
            "the database refused a query of migration {migration}: {}",
            error.message
        ),
    )
    .migration(migration)
    .statement(section, statement, error.position)
    .source(*error.source)
}

fn at_first(error: Error, section: &Section) -> Error {
    match section.statements.first() {
        Some(statement) => error.statement(section, statement, None),
        None => error,
    }
}

/// Whether a file sets its lock time-out itself, so that ours has to stand back.
pub(super) fn sets_lock_timeout(section: &Section, backend: &dyn Backend) -> bool {
    section.iter().any(|(_, sql)| {
        let mut words = Words::new(sql, backend.dialect());
        words.eat("set") && {
            words.eat_any(&["session", "local"]);
            words.peek().is_some_and(|word| {
                word.is_any(&["lock_timeout", "lock_wait_timeout", "innodb_lock_wait_timeout"])
            })
        }
    })
}

#[async_trait]
impl Session for SqlSession {
    fn server(&self) -> &Server {
        self.backend.server()
    }

    async fn try_lock(&mut self) -> Result<bool, Error> {
        self.backend.try_lock().await
    }

    async fn read_history(&mut self) -> Result<History, Error> {
        let select = self.tables.select(&self.namespace.set);
        match self.backend.rows(&select, &[]).await {
            Ok(rows) => rows_of_history(rows),
            Err(error) if error.is_missing_table => Ok(History::default()),
            Err(error) => Err(connection_error("the history cannot be read", error)),
        }
    }

    async fn existing_tables(&mut self, names: &[&str]) -> Result<Vec<String>, Error> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let existing = self.backend.existing_tables(names).await;
        existing.map_err(|error| connection_error("the tables cannot be listed", error))
    }

    async fn prepare(&mut self) -> Result<(), Error> {
        self.prepare_and_mark(false).await
    }

    async fn begin_fresh(&mut self, migrations: &[Migration], history: &History) -> Result<bool, Error> {
        // What an interrupted run began one by one is finished one by one.
        let fits = history.rows.is_empty() && migrations.iter().all(|one| self.is_one_transaction(&one.up));
        let rebuild = migrations.iter().any(|migration| migration.rebuild);
        if fits && self.backend.begin_batch(rebuild).await? {
            let now = self.read_history().await?;
            if now.rows != history.rows || now.reverted != history.reverted {
                let ended = self.backend.end_batch(false).await;
                ended.map_err(|error| connection_error("the transaction cannot be undone", error))?;
                return Ok(false);
            }
            self.batch = true;
            let (ledger, backend) = self.ledger();
            let created = ledger.create(backend).await;
            created.map_err(|error| connection_error("the tables of the history cannot be made", error))?;
        } else {
            self.prepare_and_mark(true).await?;
        }
        Ok(true)
    }

    async fn end_fresh(&mut self, complete: bool) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        let (ledger, backend) = self.ledger();
        // A batch has no need of the mark while it runs, because it leaves nothing behind unless it is committed.
        let mut ended = match (batch, complete) {
            (true, false) => ledger.mark_fresh(backend, true).await,
            (_, true) => ledger.mark_fresh(backend, false).await,
            (false, false) => Ok(()),
        };
        if batch {
            let committed = backend.end_batch(ended.is_ok()).await;
            ended = ended.and(committed);
        }
        ended.map_err(|error| connection_error("the run on a fresh database cannot be completed", error))
    }

    async fn apply(
        &mut self,
        migration: &Migration,
        reason: Reason,
        history: &History,
    ) -> Result<Applied, Error> {
        not_yet(migration, reason)?;
        let row = history.get(migration.version);
        let key = RowKey {
            version: migration.version,
            attempt: row.map_or_else(|| history.next_attempt(migration.version), |row| row.attempt),
        };
        let reset = self.backend.reset().await;
        reset.map_err(|error| connection_error("the session cannot be reset", error))?;
        let result = if row.is_none() && (self.batch || self.is_one_transaction(&migration.up)) {
            self.apply_transaction(migration, key, reason).await
        } else {
            let run = Run {
                name: migration.to_string(),
                migration: Some(migration),
                section: &migration.up,
                key,
                direction: Direction::Up(reason),
                resume: row.map(|row| (row.done, row.catalog.clone())),
            };
            self.run_by_cursor(&run).await
        };
        match result {
            Ok(()) => Ok(Applied::Now),
            Err(Failure::ByAnother) => Ok(Applied::ByAnother),
            Err(failure) => {
                let mut error =
                    self.error_of(&migration.to_string(), Some(migration), &migration.up, failure);
                if reason != Reason::Fresh && history.rows.is_empty() && error.is_statement() {
                    error = error.help(
                        "the database has tables of this set but no history of it.\n\
                         Where the schema is there already, `baseline` records it without running it",
                    );
                }
                Err(error)
            }
        }
    }

    async fn check_way_back(&mut self, row: &Row) -> Result<(), Error> {
        let key = RowKey {
            version: row.version,
            attempt: row.attempt,
        };
        self.stored_down(row, key, &shown(row.version, &row.name))
            .await
            .map(drop)
    }

    async fn revert(&mut self, row: &Row, embedded: Option<&Migration>) -> Result<Applied, Error> {
        let key = RowKey {
            version: row.version,
            attempt: row.attempt,
        };
        let name = shown(row.version, &row.name);
        let section = match embedded {
            Some(migration) => migration.down.clone(),
            None => self.stored_down(row, key, &name).await?,
        };
        let reset = self.backend.reset().await;
        reset.map_err(|error| connection_error("the session cannot be reset", error))?;
        let section = section.unwrap_or_else(|| nothing(&name));
        let result = if row.state == State::Applied && self.is_one_transaction(&section) {
            self.revert_transaction(&section, key).await
        } else {
            let run = Run {
                name: name.clone(),
                migration: None,
                section: &section,
                key,
                direction: Direction::Down,
                resume: (row.state == State::Reverting).then(|| (row.done, row.catalog.clone())),
            };
            self.run_by_cursor(&run).await
        };
        match result {
            Ok(()) => Ok(Applied::Now),
            Err(Failure::ByAnother) => Ok(Applied::ByAnother),
            Err(failure) => Err(self.error_of(&name, embedded, &section, failure)),
        }
    }

    async fn record(
        &mut self,
        migration: &Migration,
        reason: Reason,
        history: &History,
    ) -> Result<(), Error> {
        let key = RowKey {
            version: migration.version,
            attempt: history.next_attempt(migration.version),
        };
        self.backend.begin(Transacted::Ours).await?;
        let (ledger, backend) = self.ledger();
        let result = match ledger
            .insert(backend, migration, key, State::Applied, reason)
            .await
        {
            Ok(()) => backend.commit().await,
            Err(error) => {
                let _ = backend.rollback().await;
                Err(error)
            }
        };
        result.map_err(|error| connection_error("the history cannot be written", error))
    }

    async fn adopt_digests(
        &mut self,
        row: &Row,
        migration: &Migration,
        keep_marker: bool,
    ) -> Result<(), Error> {
        let key = RowKey {
            version: row.version,
            attempt: row.attempt,
        };
        self.backend.begin(Transacted::Ours).await?;
        let (ledger, backend) = self.ledger();
        let result = match ledger.adopt(backend, migration, key, keep_marker).await {
            Ok(()) => backend.commit().await,
            Err(error) => {
                let _ = backend.rollback().await;
                Err(error)
            }
        };
        result.map_err(|error| connection_error("the history cannot be written", error))
    }

    async fn stored_digest(&mut self, row: &Row, count: u32) -> Result<Option<Digest>, Error> {
        let key = RowKey {
            version: row.version,
            attempt: row.attempt,
        };
        let dialect = self.backend.dialect();
        let (ledger, backend) = self.ledger();
        let text = ledger.text(backend, key).await;
        let text = text.map_err(|error| connection_error("the history cannot be read", error))?;
        Ok(text.and_then(|text| {
            let section = stored(&text.up, "history", dialect, text.up_transaction)?;
            let done = section.iter().take(count as usize).map(|(_, sql)| sql);
            Some(statements_digest(done, dialect))
        }))
    }

    async fn close(self: Box<Self>) -> Result<(), Error> {
        self.backend.close().await
    }
}

/// The section of a migration that has nothing to take back.
fn nothing(name: &str) -> Section {
    Section {
        path: name.to_owned().into(),
        text: Default::default(),
        line: 1,
        statements: Default::default(),
        transaction: TransactionMode::One,
    }
}

impl SqlSession {
    /// Makes the tables of the history, and marks a fresh run in the same transaction.
    async fn prepare_and_mark(&mut self, fresh: bool) -> Result<(), Error> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            self.backend.begin(Transacted::Ours).await?;
            let (ledger, backend) = self.ledger();
            let mut result = ledger.create(backend).await;
            if result.is_ok() && fresh {
                result = ledger.mark_fresh(backend, true).await;
            }
            let result = match result {
                Ok(()) => backend.commit().await,
                Err(error) => {
                    let _ = backend.rollback().await;
                    Err(error)
                }
            };
            match result {
                // Another set makes the same tables just now, under a lock of its own.
                Err(error) if error.is_retryable && attempts <= CONFLICTS => Delay::new(FIRST_PAUSE).await,
                result => {
                    return result.map_err(|error| {
                        connection_error("the tables of the history cannot be made", error)
                            .help("the role that migrates has to be able to create tables")
                    });
                }
            }
        }
    }

    /// The down that the history keeps of a row.
    async fn stored_down(&mut self, row: &Row, key: RowKey, name: &str) -> Result<Option<Section>, Error> {
        let dialect = self.backend.dialect();
        let (ledger, backend) = self.ledger();
        let text = ledger.text(backend, key).await;
        let text = text.map_err(|error| connection_error("the history cannot be read", error))?;
        let irreversible = |why: &str| {
            Err(Error::new(
                Kind::Irreversible,
                format!("migration {name} cannot be taken back: {why}"),
            )
            .version_is(row.version))
        };
        match text {
            None => irreversible("the history has no text of it"),
            Some(text) => match (text.down, text.irreversible) {
                (_, Some(reason)) => irreversible(&reason),
                (None, None) if row.phase == Phase::Migrate => Ok(None),
                (None, None) => irreversible("it has no down"),
                (Some(down), None) => {
                    let path = format!("history of {name}");
                    match stored(&down, &path, dialect, text.down_transaction) {
                        Some(section) => Ok(Some(section)),
                        None => irreversible("the text that the history keeps of it cannot be read"),
                    }
                }
            },
        }
    }

    async fn revert_transaction(&mut self, section: &Section, key: RowKey) -> Result<(), Failure> {
        let mut retry = Retry::new(key.version);
        loop {
            match self.revert_in_one(section, key, retry.number).await {
                Ok(()) => return Ok(()),
                Err(failure) => self.wait(&mut retry, failure).await?,
            }
        }
    }

    async fn revert_in_one(&mut self, section: &Section, key: RowKey, attempt: u32) -> Result<(), Failure> {
        let own_lock_timeout = sets_lock_timeout(section, &*self.backend);
        let rebuild = crate::script::section::rebuilds(section, self.backend.dialect());
        self.backend
            .begin(Transacted::Migration {
                rebuild,
                own_lock_timeout,
            })
            .await?;
        let result = self.reverting(section, key, rebuild, attempt).await;
        self.end_transaction(result, section).await
    }

    async fn reverting(
        &mut self,
        section: &Section,
        key: RowKey,
        rebuild: bool,
        attempt: u32,
    ) -> Result<(), Failure> {
        if self.backend.locks_per_transaction() && !self.is_applied(key).await? {
            return Err(Failure::ByAnother);
        }
        let count = section.statements.len() as u32;
        for (index, (_, sql)) in section.iter().enumerate() {
            self.tell_statement(key.version, index as u32, count);
            self.run_statement(sql, attempt)
                .await
                .map_err(|(error, blockers)| Failure::Statement(index, error, blockers))?;
        }
        if rebuild {
            let fault = self.backend.check_rebuild().await;
            let fault =
                fault.map_err(|error| connection_error("the foreign keys cannot be checked", error))?;
            if let Some(fault) = fault {
                let message = format!(
                    "taking {} back leaves rows without the row they refer to: {fault}",
                    key.version
                );
                return Err(Failure::Fatal(
                    Error::new(Kind::Verification, message).version_is(key.version),
                ));
            }
        }
        let (ledger, backend) = self.ledger();
        let updated = ledger.update(backend, key, State::Reverted, 0, None).await;
        updated.map_err(|error| connection_error("the history cannot be written", error))?;
        Ok(())
    }
}
