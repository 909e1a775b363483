//! By which text of its file a backfill is moved, where builds have several.
//!
//! Architecture invariants: workers of one text move rows at a time. The text is kept with the state when the backfill
//! begins; a part is given only to a worker that has it; and with another text all parts change hands in the same
//! transaction, so that a batch which is under way finds its part gone when it commits, and is undone.

use super::{SqlMover, stumbled};
use crate::backfill::{BackfillState, BackfillStatus};
use crate::database::mover::{Job, Stumble};
use crate::error::{Error, Kind};
use crate::model::Digest;

/// Whether rows are moved by another text than that.
pub(super) fn is_of_another(status: &BackfillStatus, moves: Option<Digest>) -> bool {
    matches!((status.moved_by, moves), (Some(before), Some(moves)) if before != moves)
}

/// Whether the rows are of one table, in the order of one key: the first half of the digest says so.
pub(super) fn visits_alike(one: Digest, other: Digest) -> bool {
    one.0[..16] == other.0[..16]
}

impl SqlMover {
    /// The condition that no other text than the job's counts.
    pub(super) fn is_own_text(job: &Job<'_>) -> String {
        format!("(moved_by IS NULL OR moved_by = '{}')", job.migration.moves())
    }

    /// Lets that text count from here on. Where it is another one, what was visited before is remembered, and every part
    /// is free: a worker that has one loses it, also with a batch in its hands.
    pub(super) async fn count_text(&mut self, before: &BackfillStatus, moves: Digest) -> Result<(), Stumble> {
        let is_job = self.is_job(before.version, before.attempt);
        let tables = self.session.tables.clone();
        let nothing = self.binder();
        let mut other = String::new();
        if is_of_another(before, Some(moves)) {
            // First of all: a batch that is about to commit is waited for, and counts as moved by the other text.
            let parts = format!(
                "UPDATE {} SET fence = fence + 1, owner = '', lease_until_ms = 0 WHERE {is_job}",
                tables.parts
            );
            let freed = self.execute(&parts, &nothing).await;
            freed.map_err(|error| stumbled("write of its state", error))?;
            other = format!(
                ", moved_otherwise = visited + COALESCE((SELECT SUM(visited) FROM {} WHERE {is_job}), 0)",
                tables.parts
            );
        }
        let text = format!(
            "UPDATE {} SET moved_by = '{moves}'{other} WHERE {is_job}",
            tables.backfills
        );
        self.write_state(&text, &nothing).await.map(drop)
    }

    /// Refuses to go on by positions of another table or key, in the transaction that steers.
    pub(super) fn check_visits(before: &BackfillStatus, moves: Option<Digest>) -> Result<(), Stumble> {
        match (before.moved_by, moves) {
            (Some(other), Some(moves)) if before.has_begun && !visits_alike(moves, other) => {
                let version = before.version;
                let message = format!(
                    "the backfill of {version} has visited rows of another table, or by another key, than this build's file names: \
                     it cannot go on from there"
                );
                let help = format!(
                    "`rerun` by this build (`migrate backfill rerun {version}`) visits all rows by its file; where workers of the \
                     other file still move it, `pause` it first"
                );
                Err(Stumble::Fatal(
                    Error::new(Kind::Backfill, message).version_is(version).help(help),
                ))
            }
            _ => Ok(()),
        }
    }

    /// Lets that text count for all rows, from the first one on.
    pub(super) async fn count_only(&mut self, before: &BackfillStatus, moves: Digest) -> Result<(), Stumble> {
        let text = format!(
            "UPDATE {} SET moved_by = '{moves}', moved_otherwise = NULL WHERE {}",
            self.session.tables.backfills,
            self.is_job(before.version, before.attempt)
        );
        let nothing = self.binder();
        self.write_state(&text, &nothing).await.map(drop)
    }

    /// Turns the state by the word of a worker, whose text has to count.
    pub(super) async fn turn_own_state(
        &mut self,
        job: &Job<'_>,
        from: &[BackfillState],
        to: BackfillState,
        reason: Option<&str>,
    ) -> Result<bool, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let is_own = format!("{is_job} AND {}", Self::is_own_text(job));
        self.turn_where(&is_own, from, to, reason).await
    }
}
