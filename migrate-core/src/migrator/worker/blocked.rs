//! A backfill that cannot go on: it is marked as blocked for a person to see, unless others have decided otherwise by then.

use super::crew::{Crew, Outcome};
use super::is_under_way;
use crate::backfill::{BackfillState, of_another_text};
use crate::database::mover::Stumble;
use crate::error::Error;

impl Crew<'_> {
    /// Marks the backfill as blocked.
    pub(super) async fn block(&mut self, reason: String) -> Result<Outcome, Stumble> {
        Ok(self.block_once(reason).await?.0)
    }

    /// The same, and whether it was this worker who did. Where it was not, the answer is what others made of it.
    pub(super) async fn block_once(&mut self, reason: String) -> Result<(Outcome, bool), Stumble> {
        self.give_back().await?;
        self.connect().await?;
        let going = [BackfillState::Moving, BackfillState::Verifying];
        let mut turned = false;
        if !self.enlisted && self.is_wanted().await? {
            let (Some(mover), job) = self.parts() else {
                return Ok((Outcome::Stopped, false));
            };
            turned = mover.refuse(&job, &reason).await?;
        }
        if !turned && let (Some(mover), job) = self.parts() {
            turned = mover
                .turn_own(&job, &going, BackfillState::Blocked, Some(&reason))
                .await?;
        }
        if !turned && let Some(outcome) = self.made_of_it().await? {
            return Ok((outcome, false));
        }
        Ok((Outcome::Held(BackfillState::Blocked, Some(reason)), turned))
    }

    /// Blocks the backfill with what went wrong.
    pub(super) async fn give_up(&mut self, error: Error) -> Result<Outcome, Error> {
        if self.connect().await.is_ok()
            // Others came to the end while this worker was stopped with a batch in its hands: the old shape may be gone.
            && matches!(self.made_of_it().await, Ok(Some(Outcome::Verified)))
        {
            return Ok(Outcome::Verified);
        }
        match self.block(error.to_string()).await {
            Ok(Outcome::Held(BackfillState::Blocked, _)) => Ok(Outcome::Blocked(error)),
            // Others held it, came to its end, or took over with another text: what went wrong here blocks nothing.
            Ok(other) => Ok(other),
            // What cannot be written down has to be told.
            Err(_) => Err(error),
        }
    }

    /// What others made of it: they took it over, held it, or came to the end.
    async fn made_of_it(&mut self) -> Result<Option<Outcome>, Stumble> {
        let (version, attempt) = (self.migration.version, self.attempt);
        let Some(mover) = self.mover.as_mut() else {
            return Ok(None);
        };
        let Some(status) = mover.status(version, attempt).await? else {
            return Ok(None);
        };
        let status = status.seen_with(self.migration);
        Ok(match status.state {
            state if is_under_way(state) => status
                .is_of_another_text
                .then(|| Outcome::Held(state, Some(of_another_text(version)))),
            BackfillState::Verified => Some(Outcome::Verified),
            state => Some(Outcome::Held(state, status.reason)),
        })
    }

    /// Whether its rows are to be moved as before: somebody may have taken its change back before it began.
    async fn is_wanted(&mut self) -> Result<bool, Stumble> {
        // The mover's connection may be the only one.
        self.lend().await?;
        let wanted = self.migrator.to_be_moved().await;
        self.connect().await?;
        Ok(wanted.is_ok_and(|(versions, _)| versions.contains(&self.migration.version)))
    }
}
