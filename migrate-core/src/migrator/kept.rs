//! One migration after the other on a connection that stays, for tests that walk through a long chain.

use std::time::Instant;

use super::run::Goal;
use super::work::Locked;
use super::{Migrator, Report};
use crate::database::Session;
use crate::error::Error;
use crate::model::Version;

/// A session that holds the migration lock between calls; opened by the first one. Until it is closed no other migrator
/// gets to this set.
#[doc(hidden)]
#[derive(Default)]
pub struct KeptSession(Option<Box<dyn Session>>);

impl KeptSession {
    /// Frees the lock.
    ///
    /// # Errors
    ///
    /// If the connection broke.
    pub async fn close(&mut self) -> Result<(), Error> {
        match self.0.take() {
            Some(session) => session.close().await,
            None => Ok(()),
        }
    }
}

impl Migrator {
    /// [`up_to`](Self::up_to) without opening, locking and closing around it, which takes longer than a small migration.
    ///
    /// # Errors
    ///
    /// As [`up_to`](Self::up_to). The session is closed then.
    #[doc(hidden)]
    pub async fn up_to_within(&self, kept: &mut KeptSession, version: Version) -> Result<Report, Error> {
        self.check_names()?;
        self.check_code()?;
        self.check_known(version)?;
        let started = Instant::now();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let goal = Goal::UpTo(version);
        let mut session = self.taken(kept).await?;
        let moves = match self.apply_locked(&mut *session, goal, &mut report).await {
            Ok(moves) => moves,
            Err(error) => {
                // The first error is the one to tell.
                let _ = session.close().await;
                return Err(error);
            }
        };
        if moves.is_empty() {
            kept.0 = Some(session);
        } else {
            // Data is moved without the lock, and what comes behind that takes it again.
            session.close().await?;
            for version in moves {
                self.move_to_the_end(version, &mut report).await?;
            }
            self.apply_pending(goal, &mut report).await?;
        }
        report.took = started.elapsed();
        Ok(report)
    }

    /// [`down`](Self::down) in the same way.
    ///
    /// # Errors
    ///
    /// As [`down`](Self::down). The session is closed then.
    #[doc(hidden)]
    pub async fn down_within(&self, kept: &mut KeptSession) -> Result<Report, Error> {
        self.check_names()?;
        let started = Instant::now();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        let mut session = self.taken(kept).await?;
        match self.take_newest_back(&mut *session, &mut report).await {
            Ok(()) => kept.0 = Some(session),
            Err(error) => {
                let _ = session.close().await;
                return Err(error);
            }
        }
        report.took = started.elapsed();
        Ok(report)
    }

    /// The session, out of its place: a call that is dropped half-way leaves none behind.
    async fn taken(&self, kept: &mut KeptSession) -> Result<Box<dyn Session>, Error> {
        if let Some(session) = kept.0.take() {
            return Ok(session);
        }
        loop {
            if let Locked::Session(session) = self.lock(false).await? {
                return Ok(session);
            }
        }
    }
}
