//! Statements that commit by themselves: what tells whether one ran that a run began which died.

use futures_util::future::BoxFuture;

use super::attempts::{Failure, Retry};
use super::backend::{Backend, DatabaseError, Nature, Settled};
use super::catalog::is_comparable;
use super::cursor::Run;
use super::session::SqlSession;
use crate::error::{Error, Kind};

/// What goes on around a statement.
type Around<T> = for<'a> fn(&'a mut dyn Backend, &'a str) -> BoxFuture<'a, Result<T, DatabaseError>>;

impl SqlSession {
    /// A statement outside a transaction.
    pub(super) async fn alone(
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
            let is_connection = error.is_connection;
            let failure = Failure::Statement(index, error, blockers);
            if !is_connection && self.cleaned_up(run, index, sql, own_lock_timeout).await.is_err() {
                // Over what is left it must not run again, and the reason of the failure is the one to tell.
                return Err(failure);
            }
            self.wait(&mut retry, failure).await?;
        }
    }

    /// Removes what the statement left when it was interrupted or failed.
    async fn cleaned_up(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
    ) -> Result<(), Failure> {
        if !self.backend.leaves_behind(sql) {
            return Ok(());
        }
        let clean_up: Around<()> = |backend, sql| backend.clean_up(sql);
        self.patiently(run, index, sql, own_lock_timeout, clean_up).await
    }

    /// Does what goes on around a statement outside a transaction, with the patience that the statement has.
    async fn patiently<T>(
        &mut self,
        run: &Run<'_>,
        index: usize,
        sql: &str,
        own_lock_timeout: bool,
        around: Around<T>,
    ) -> Result<T, Failure> {
        let mut retry = Retry::new(run.key.version);
        loop {
            self.backend.begin_alone(own_lock_timeout).await?;
            let error = match around(&mut *self.backend, sql).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let failure = Failure::Statement(index, error, Vec::new());
            self.wait(&mut retry, failure).await?;
        }
    }

    /// A statement that commits by itself. `begun` is the catalog's digest before it, if a run that died began it.
    pub(super) async fn marked(
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
            if nature == Nature::Opaque || !is_comparable(&begun) {
                return Err(Failure::Fatal(self.unknown_outcome(run, index)));
            }
            if self.catalog_digest(sql).await? != begun {
                let settle: Around<Settled> = |backend, sql| backend.settle(sql);
                match self.patiently(run, index, sql, own_lock_timeout, settle).await? {
                    Settled::Done => return self.advance(run, number, number + 1, None).await.map(drop),
                    Settled::Again => {}
                    Settled::Unknown => return Err(Failure::Fatal(self.unknown_outcome(run, index))),
                }
            }
        }
        // What an earlier attempt left would be taken for the result of this one.
        self.cleaned_up(run, index, sql, own_lock_timeout).await?;
        let before = self.catalog_digest(sql).await?;
        if !self.advance(run, number, number, Some(&before)).await? {
            return Ok(());
        }
        match self.alone(run, index, sql, own_lock_timeout).await {
            Ok(()) => self.advance(run, number, number + 1, None).await.map(drop),
            Err(failure) => {
                // One that was refused is not done; one whose connection broke may be.
                if matches!(&failure, Failure::Statement(_, error, _) if error.is_connection) {
                    return Err(failure);
                }
                let _ = self.advance(run, number, number, None).await;
                Err(self.told_of_a_part(failure, sql, &before).await)
            }
        }
    }

    /// Says of a statement that was refused where it has done a part of its work before.
    async fn told_of_a_part(&mut self, mut failure: Failure, sql: &str, before: &str) -> Failure {
        if let Failure::Statement(_, error, _) = &mut failure
            && self.backend.is_done_in_parts()
            && self.catalog_digest(sql).await.is_ok_and(|now| now != before)
        {
            let part = "it has done a part of its work before it failed: take that part out of it, and call `repair`";
            error.detail = Some(match error.detail.take() {
                Some(detail) => format!("{detail}\n{part}"),
                None => part.to_owned(),
            });
        }
        failure
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
