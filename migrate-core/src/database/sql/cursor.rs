//! Statements that commit one by one: the history keeps a cursor.
//!
//! A statement that can be undone commits together with the cursor, so a crash leaves no doubt. Before one that
//! commits by itself, the digest of what it is about in the catalog is stored; after a crash an unchanged catalog
//! means that it did not run, a changed one that it did.

use super::backend::{DatabaseError, Nature, Settled, Transacted};
use super::connection_error;
use super::ledger::RowKey;
use super::session::{Failure, Retry, SqlSession, sets_lock_timeout};
use crate::error::{Error, Kind};
use crate::facts::Scope;
use crate::history::{Reason, State};
use crate::model::{Dialect, Digest, Migration, Section};
use crate::script::lex::{Lexer, TokenKind};

/// How the catalog is read for digests. To be raised when the same catalog gives other facts: a digest taken before
/// that tells nothing.
const FACTS: &str = "1";

/// Which way a section goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Direction {
    Up(Reason),
    Down,
}

/// One run of a section by cursor.
pub(super) struct Run<'a> {
    pub(super) name: String,
    /// The migration, on the way up.
    pub(super) migration: Option<&'a Migration>,
    pub(super) section: &'a Section,
    pub(super) key: RowKey,
    pub(super) direction: Direction,
    /// How many statements an interrupted run did, and the catalog's digest before the one it had begun.
    pub(super) resume: Option<(u32, Option<String>)>,
}

impl Run<'_> {
    fn working(&self) -> State {
        match self.direction {
            Direction::Up(_) => State::Applying,
            Direction::Down => State::Reverting,
        }
    }

    fn finished(&self) -> State {
        match self.direction {
            Direction::Up(_) => State::Applied,
            Direction::Down => State::Reverted,
        }
    }
}

fn history_error(error: DatabaseError) -> Failure {
    Failure::Fatal(connection_error("the history cannot be written", error))
}

impl SqlSession {
    pub(super) async fn run_by_cursor(&mut self, run: &Run<'_>) -> Result<(), Failure> {
        let own_lock_timeout = sets_lock_timeout(run.section, &*self.backend);
        let (done, mut begun) = match &run.resume {
            Some(resume) => resume.clone(),
            None => {
                self.begin_row(run).await?;
                (0, None)
            }
        };
        let before = match run.migration {
            Some(migration) => self.values_before(migration).await?,
            None => Vec::new(),
        };
        let count = run.section.statements.len() as u32;
        for (index, (_, sql)) in run.section.iter().enumerate() {
            let number = index as u32;
            let nature = self.backend.nature(sql);
            if number < done {
                // What an earlier statement set for the session is gone with that session.
                if nature == Nature::Session {
                    self.alone(run, index, sql, own_lock_timeout).await?;
                }
                continue;
            }
            self.tell_statement(run.key.version, number, count);
            match nature {
                Nature::Session => {
                    self.alone(run, index, sql, own_lock_timeout).await?;
                    self.advance(run, number + 1, None).await?;
                }
                Nature::Transactional => self.together(run, index, sql, own_lock_timeout).await?,
                Nature::Catalog | Nature::Opaque => {
                    let marker = begun.take();
                    self.marked(run, index, sql, nature, marker, own_lock_timeout)
                        .await?;
                }
            }
        }
        if let Some(migration) = run.migration {
            self.verify(migration, &before).await?;
        }
        let (ledger, backend) = self.ledger();
        ledger
            .update(backend, run.key, run.finished(), count, None)
            .await
            .map_err(history_error)
    }

    /// Writes the row that says: begun.
    async fn begin_row(&mut self, run: &Run<'_>) -> Result<(), Failure> {
        self.backend.begin(Transacted::Ours).await?;
        let (ledger, backend) = self.ledger();
        let written = match (run.direction, run.migration) {
            (Direction::Up(reason), Some(migration)) => {
                ledger
                    .insert(backend, migration, run.key, State::Applying, reason)
                    .await
            }
            _ => ledger.update(backend, run.key, run.working(), 0, None).await,
        };
        match written {
            Ok(()) => backend.commit().await.map_err(history_error),
            Err(error) => {
                let _ = backend.rollback().await;
                Err(history_error(error))
            }
        }
    }

    async fn advance(&mut self, run: &Run<'_>, done: u32, catalog: Option<&str>) -> Result<(), Failure> {
        let (ledger, backend) = self.ledger();
        let updated = ledger
            .update(backend, run.key, run.working(), done, catalog)
            .await;
        updated.map_err(history_error)
    }

    /// A statement outside a transaction.
    async fn alone(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
    ) -> Result<(), Failure> {
        let mut retry = Retry::new(run.key.version);
        loop {
            self.backend.begin_alone(own_lock_timeout).await?;
            let Err((error, blockers)) = self.run_statement(sql, retry.number).await else {
                return Ok(());
            };
            if !error.is_connection {
                self.backend.clean_up(sql).await.map_err(history_error)?;
            }
            self.wait(&mut retry, Failure::Statement(index, error, blockers))
                .await?;
        }
    }

    /// A statement that commits together with the cursor.
    async fn together(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
    ) -> Result<(), Failure> {
        let mut retry = Retry::new(run.key.version);
        loop {
            match self
                .in_its_own(run, index, sql, own_lock_timeout, retry.number)
                .await
            {
                Ok(()) => return Ok(()),
                Err(failure) => self.wait(&mut retry, failure).await?,
            }
        }
    }

    async fn in_its_own(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
        attempt: u32,
    ) -> Result<(), Failure> {
        let what = Transacted::Migration {
            rebuild: false,
            own_lock_timeout,
        };
        self.backend.begin(what).await?;
        let result = match self.run_statement(sql, attempt).await {
            Ok(()) => self.advance(run, index as u32 + 1, None).await,
            Err((error, blockers)) => Err(Failure::Statement(index, error, blockers)),
        };
        match result {
            Ok(()) => {
                let committed = self.backend.commit().await;
                committed.map_err(|error| Failure::Statement(index, error, Vec::new()))
            }
            Err(failure) => {
                let _ = self.backend.rollback().await;
                Err(failure)
            }
        }
    }

    /// A statement that commits by itself. `begun` is the catalog's digest before it, if a run that died began it.
    async fn marked(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        nature: Nature,
        begun: Option<String>,
        own_lock_timeout: bool,
    ) -> Result<(), Failure> {
        let number = index as u32;
        if let Some(begun) = begun {
            let comparable = begun.split_once(' ').is_some_and(|(how, _)| how == FACTS);
            if nature == Nature::Opaque || !comparable {
                return Err(Failure::Fatal(self.unknown_outcome(run, index)));
            }
            if self.catalog_digest(sql).await? != begun {
                let settled = self.backend.settle(sql).await;
                let settled = settled.map_err(|error| Failure::Statement(index, error, Vec::new()))?;
                if settled == Settled::Done {
                    return self.advance(run, number + 1, None).await;
                }
            }
        }
        // What an earlier attempt left would be taken for the result of this one.
        let cleaned = self.backend.clean_up(sql).await;
        cleaned.map_err(|error| Failure::Statement(index, error, Vec::new()))?;
        let before = self.catalog_digest(sql).await?;
        self.advance(run, number, Some(&before)).await?;
        match self.alone(run, index, sql, own_lock_timeout).await {
            Ok(()) => self.advance(run, number + 1, None).await,
            Err(failure) => {
                // A statement that was refused did nothing; one whose connection broke may have.
                if !matches!(&failure, Failure::Statement(_, error, _) if error.is_connection) {
                    let _ = self.advance(run, number, None).await;
                }
                Err(failure)
            }
        }
    }

    /// The digest of what the statement names in the catalog. Narrow on purpose: what others change meanwhile does
    /// not count.
    async fn catalog_digest(&mut self, sql: &str) -> Result<String, Failure> {
        let names = names(sql, self.backend.dialect());
        let scope = Scope {
            exclude_prefix: &self.namespace.prefix,
            names: Some(&names),
        };
        let facts = self.backend.facts(&scope).await;
        let facts = facts.map_err(|error| connection_error("the catalog cannot be read", error))?;
        Ok(format!("{FACTS} {}", Digest(facts.digest())))
    }

    fn unknown_outcome(&self, run: &Run<'_>, index: usize) -> Error {
        let error = Error::new(
            Kind::Dirty,
            format!(
                "migration {}: the process died during statement {}, and nothing shows whether it ran",
                run.name,
                index + 1
            ),
        )
        .version_is(run.key.version)
        .help(
            "look whether it ran. If it did, delete the statement from the file and call `repair`;\n\
             if not, replace it by one that may run twice and call `repair`",
        );
        match run.section.statements.get(index) {
            Some(statement) => error.statement(run.section, statement, None),
            None => error,
        }
    }
}

/// Every name in a statement, as written and as the dialect folds it.
fn names(sql: &str, dialect: Dialect) -> Vec<String> {
    let mut names = Vec::new();
    for token in Lexer::new(sql, dialect).map_while(Result::ok) {
        let text = token.text(sql);
        match token.kind {
            TokenKind::Word => {
                names.push(text.to_lowercase());
                names.push(text.to_owned());
            }
            TokenKind::Quoted if text.len() >= 2 => {
                let close = &text[text.len() - 1..];
                let inner = &text[1..text.len() - 1];
                names.push(inner.replace(&close.repeat(2), close));
            }
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}
