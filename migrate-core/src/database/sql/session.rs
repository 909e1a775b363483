//! A session over a [`Backend`]: applies migrations and keeps the history.

use std::time::Duration;

use async_trait::async_trait;

use super::attempts::Failure;
use super::backend::{Backend, Transacted, Value, Watcher};
use super::beside::Beside;
use super::connection_error;
use super::cursor::{Direction, Run};
use super::ledger::{Entry, Ledger, RowKey};
use super::reading::rows_of_history;
use super::sync::Install;
use super::tables::Tables;
use super::transaction::Suspect;
use crate::backfill::Code;
use crate::change::LogEntry;
use crate::database::{Applied, Begun, Counted, Namespace, Server, Session, ToolRow};
use crate::document::{Assessments, ForeignKeyAssessment, TableName};
use crate::error::{Error, Kind};
use crate::facts::Facts;
use crate::history::{History, Reason, Row, State};
use crate::live::{Build, Live};
use crate::migrator::{Event, Tool};
use crate::model::{Dialect, Digest, Migration, Section, TransactionMode, Version};
use crate::script::outside::rebuilds;
use crate::sync::with_triggers;

/// The one connection of a run on an SQL database.
pub(in crate::database) struct SqlSession {
    pub(super) backend: Box<dyn Backend>,
    pub(super) tables: Tables,
    pub(super) namespace: Namespace,
    /// Looks from beside while a statement waits; opened when one had to wait before.
    pub(super) watcher: Option<Box<dyn Watcher>>,
    /// Whether one transaction holds the whole run.
    pub(super) batch: bool,
    /// Whether the digest of the history was taken away, because this session writes to it.
    pub(super) unsettled: bool,
    /// Whether such a run has keys that are looked at when it commits.
    pub(super) deferring: bool,
    /// Why its commit would be refused.
    pub(super) suspect: Option<Suspect>,
    /// What such a run has yet to write to the history.
    pub(super) unwritten: Vec<Entry<'static>>,
    /// What the section that runs installs at its end, to be looked at before.
    pub(super) install: Option<Install>,
    /// What is written beside the row of the migration that runs.
    pub(super) beside: Beside,
}

impl SqlSession {
    pub(in crate::database) fn new(backend: Box<dyn Backend>, tables: Tables, namespace: Namespace) -> Self {
        Self {
            backend,
            tables,
            namespace,
            watcher: None,
            batch: false,
            unsettled: false,
            deferring: false,
            suspect: None,
            unwritten: Vec::new(),
            install: None,
            beside: Beside::default(),
        }
    }

    pub(super) fn ledger(&mut self) -> (Ledger<'_>, &mut dyn Backend) {
        let ledger = Ledger {
            tables: &self.tables,
            set: &self.namespace.set,
        };
        (ledger, &mut *self.backend)
    }

    pub(super) fn tell_statement(&self, version: Version, index: u32, of: u32) {
        self.backend.options().observer.event(&Event::Statement {
            version,
            number: index + 1,
            of,
        });
    }

    /// Whether a section can be one transaction here.
    pub(super) fn is_one_transaction(&self, section: &Section) -> bool {
        let statements: Vec<&str> = section.iter().map(|(_, sql)| sql).collect();
        // The rows that refer to a table which is rebuilt are only safe until the new one is there in one transaction.
        let is_one = section.transaction == TransactionMode::One || self.rebuilds(section);
        is_one && self.backend.fits_one_transaction(&statements)
    }

    /// Whether a section rebuilds a table, so that foreign keys have to rest meanwhile.
    pub(super) fn rebuilds(&self, section: &Section) -> bool {
        let dialect = self.backend.dialect();
        dialect == Dialect::Sqlite && rebuilds(section, dialect)
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
    // On a fresh database there is no traffic to cut over.
    if reason != Reason::Fresh && migration.cutover.is_some() {
        return fault("a cutover");
    }
    Ok(())
}

#[async_trait]
impl Session for SqlSession {
    fn server(&self) -> &Server {
        self.backend.server()
    }

    async fn set_up(&mut self) -> Result<(), Error> {
        self.backend.set_up(false).await.map(drop)
    }

    async fn try_lock(&mut self) -> Result<bool, Error> {
        self.backend.try_lock().await
    }

    async fn lock_holder(&mut self) -> Option<String> {
        // Who cannot be seen is not told; that somebody has the lock is known.
        self.backend.lock_holder().await.ok().flatten()
    }

    async fn read_history(&mut self) -> Result<History, Error> {
        let select = self.tables.select(&self.namespace.set, self.backend.dialect());
        match self.backend.rows(&select, &[]).await {
            Ok(rows) => rows_of_history(rows),
            Err(error) if error.is_missing_table => Ok(History::default()),
            Err(error) => Err(connection_error("the history cannot be read", error)),
        }
    }

    async fn facts(&mut self) -> Result<Facts, Error> {
        self.all_facts().await
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

    async fn prepare_for_workers(&mut self) -> Result<Option<String>, Error> {
        self.make_for_workers().await
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
            self.prepare_within().await?;
        } else {
            self.prepare_and_mark(true).await?;
        }
        Ok(true)
    }

    async fn end_fresh(&mut self, complete: bool) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        if !batch {
            self.begin(Transacted::Ours).await?;
        }
        let mut ended = self.write_end(batch, complete).await;
        let backend = &mut self.backend;
        if batch {
            let committed = backend.end_batch(ended.is_ok()).await;
            if let (true, Err(error)) = (ended.is_ok(), committed) {
                // The reason of the failure is the one to tell.
                let _ = backend.end_batch(false).await;
                return Err(self.refused_batch(error));
            }
        } else {
            ended = self.commit_or_undo(ended).await;
        }
        ended.map_err(|error| connection_error("the run on a fresh database cannot be completed", error))
    }

    async fn settle(&mut self) -> Result<(), Error> {
        if !self.backend.keeps_standing() {
            return Ok(());
        }
        self.begin(Transacted::Ours).await?;
        let kept = self.keep_standing().await;
        let result = self.commit_or_undo(kept).await;
        result.map_err(|error| connection_error("the history cannot be written", error))
    }

    async fn apply(
        &mut self,
        migration: &Migration,
        code: Option<Code>,
        reason: Reason,
        history: &History,
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        not_yet(migration, reason)?;
        let dialect = self.backend.dialect();
        let whole = with_triggers(migration, &self.namespace.set, dialect)?;
        self.install = Install::of(&whole, &whole.sync, &whole.up, &self.namespace.set, dialect)?;
        let migration = &*whole;
        self.check_history_is_reached(&migration.up, &migration.to_string(), migration.version)?;
        self.beside = self.beside_of(migration, history, said);
        self.unsettle().await?;
        let row = history.get(migration.version);
        let key = row.map_or_else(|| RowKey::next(history, migration.version), RowKey::of);
        let reset = self.backend.reset().await;
        reset.map_err(|error| connection_error("the session cannot be reset", error))?;
        let one = code.is_some() || self.batch || self.is_one_transaction(&migration.up);
        let result = if row.is_none() && one {
            self.apply_transaction(migration, code, key, reason).await
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
        self.kept_down(row).await.map(drop)
    }

    async fn stored_loses_data(&mut self, row: &Row) -> Result<bool, Error> {
        self.kept_loses_data(row).await
    }

    async fn revert(
        &mut self,
        row: &Row,
        with: &[&Row],
        embedded: Option<&Migration>,
        state: State,
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        self.beside = Beside::taken_back(with, said);
        self.unsettle().await?;
        self.take_back(row, embedded, state).await
    }

    async fn record(
        &mut self,
        migration: &Migration,
        reason: Reason,
        history: &History,
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        let whole = with_triggers(migration, &self.namespace.set, self.backend.dialect())?;
        self.beside = self.beside_of(&whole, history, said);
        self.unsettle().await?;
        self.begin(Transacted::Ours).await?;
        match self.recorded(&whole, reason, history).await {
            Ok(Applied::Now) => {
                let committed = self.backend.commit().await;
                committed.map_err(|error| connection_error("the history cannot be written", error))?;
                Ok(Applied::Now)
            }
            other => {
                // What was found out is what is to be told.
                let _ = self.backend.rollback().await;
                other
            }
        }
    }

    async fn lock_tool(&mut self, tool: Tool, take: bool) -> Result<bool, Error> {
        self.lock_of_tool(tool, take).await
    }

    async fn read_tool(&mut self, tool: Tool, table: &str) -> Result<Option<Vec<ToolRow>>, Error> {
        self.rows_of_tool(tool, table).await
    }

    async fn read_tools(&mut self) -> Result<Vec<(Tool, Vec<ToolRow>)>, Error> {
        self.rows_of_tools().await
    }

    async fn other_sets(&mut self) -> Result<Vec<(String, Version)>, Error> {
        self.rows_of_others().await
    }

    async fn record_adopted(
        &mut self,
        migrations: &[&Migration],
        history: &History,
        source: (Tool, &str, &[ToolRow]),
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        self.record_all(migrations, history, source, said).await
    }

    async fn complete_backfill(
        &mut self,
        migration: &Migration,
        history: &History,
        worker: &str,
    ) -> Result<bool, Error> {
        let key = RowKey::next(history, migration.version);
        self.unsettle().await?;
        self.begin(Transacted::Ours).await?;
        let verified = format!(
            "UPDATE {} SET state = 'verified', owner = NULL, lease_until_ms = NULL, verified_ms = {} \
             WHERE set_name = '{}' AND version = {} AND attempt = {} AND state = 'verifying' AND owner = {}",
            self.tables.backfills,
            super::backfill::now_ms(&*self.backend),
            self.namespace.set,
            key.version.0,
            key.attempt,
            self.backend.placeholder(1)
        );
        let (ledger, backend) = self.ledger();
        let result = async {
            if backend.execute(&verified, &[Value::text(worker)]).await? == 0 {
                return Ok(false);
            }
            ledger
                .insert(backend, migration, key, State::Applied, Reason::Run)
                .await?;
            backend.commit().await.map(|()| true)
        }
        .await;
        if !matches!(result, Ok(true)) {
            let _ = self.backend.rollback().await;
        }
        result.map_err(|error| connection_error("the history cannot be written", error))
    }

    async fn adopt_digests(
        &mut self,
        row: &Row,
        migration: &Migration,
        keep_marker: bool,
        said: LogEntry,
    ) -> Result<(), Error> {
        let whole = with_triggers(migration, &self.namespace.set, self.backend.dialect())?;
        self.unsettle().await?;
        self.take_text_over(row, &whole, keep_marker, said).await
    }

    async fn stored_digest(&mut self, row: &Row, count: u32) -> Result<Option<Digest>, Error> {
        self.kept_digest(row, count).await
    }

    async fn let_again(&mut self, versions: &[Version]) -> Result<(), Error> {
        self.unsettle().await?;
        self.unwithdraw(versions).await
    }

    async fn enroll(&mut self, build: &Build, at_ms: u64) -> Result<(), Error> {
        self.begin_ours().await?;
        let result = self.write_build(build, at_ms).await;
        self.end_ours(result).await
    }

    async fn look_around(&mut self) -> Result<Live, Error> {
        self.around().await
    }

    async fn close_door(&mut self) -> Result<bool, Error> {
        let namespace = self.namespace.clone();
        let closed = self.backend.close_door(&namespace).await;
        closed.map_err(|error| connection_error("the door cannot be closed", error))
    }

    async fn open_door(&mut self) -> Result<(), Error> {
        let namespace = self.namespace.clone();
        let opened = self.backend.open_door(&namespace).await;
        opened.map_err(|error| connection_error("the door cannot be opened", error))
    }

    async fn forget_gone(&mut self) -> Result<bool, Error> {
        self.begin_ours().await?;
        let mut done = false;
        let result = self.forget().await.map(|all| done = all);
        self.end_ours(result).await.map(|()| done)
    }

    async fn moving(&mut self) -> Result<Vec<Begun>, Error> {
        self.backfills_begun().await
    }

    async fn read_log(&mut self) -> Result<Vec<LogEntry>, Error> {
        self.log().await
    }

    async fn policy_chosen(&mut self) -> Result<Option<LogEntry>, Error> {
        self.latest_policy().await
    }

    async fn write_log(&mut self, entries: &[LogEntry]) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        self.begin_ours().await?;
        let result = self.add_to_log(entries).await;
        self.end_ours(result).await
    }

    async fn assess(&mut self, tables: &[TableName]) -> Result<Assessments, Error> {
        let assessed = self.assessments(tables).await;
        assessed.map_err(|error| connection_error("the catalog cannot be read", error))
    }

    async fn foreign_keys(&mut self) -> Result<Vec<ForeignKeyAssessment>, Error> {
        let keys = self.all_foreign_keys().await;
        keys.map_err(|error| connection_error("the catalog cannot be read", error))
    }

    async fn count_up(&mut self, migration: &Migration, limit: Duration) -> Result<Vec<Counted>, Error> {
        self.count_up_of(migration, limit).await
    }

    async fn count_down(
        &mut self,
        row: &Row,
        embedded: Option<&Migration>,
        limit: Duration,
    ) -> Result<Vec<Counted>, Error> {
        self.count_down_of(row, embedded, limit).await
    }

    async fn count_up_to(&mut self, table: &str, most: u64) -> Result<u64, Error> {
        self.rows_up_to(table, most).await
    }

    async fn close(self: Box<Self>) -> Result<(), Error> {
        self.backend.close().await
    }
}

impl SqlSession {
    /// Refuses a section, before anything of it runs, behind one of whose statements nothing could be written down.
    pub(super) fn check_history_is_reached(
        &self,
        section: &Section,
        name: &str,
        version: Version,
    ) -> Result<(), Error> {
        let kept = |(statement, sql)| Some((statement, self.backend.keeps_from_history(sql)?));
        let Some((statement, why)) = section.iter().find_map(kept) else {
            return Ok(());
        };
        let message = format!("a statement of migration {name} would keep the run from its history");
        Err(Error::new(Kind::Statement, message)
            .version_is(version)
            .statement(section, statement, None)
            .note(why)
            .help("take it out, and the UNLOCK TABLES behind it: every statement takes the locks that it needs. Nothing was changed"))
    }
}
