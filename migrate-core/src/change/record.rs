//! What the log says of one change.

use super::{ChangeState, LogEntry, Occurrence, Refused, Shape};
use crate::model::Version;

/// What the log says of one change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// How far it is.
    pub state: ChangeState,
    /// Since when, in milliseconds since 1970.
    pub since_ms: Option<u64>,
    /// Why it does not go on.
    pub blocked: Option<String>,
    /// Since when every running build was seen to use the new shape only.
    pub in_use_ms: Option<u64>,
    /// How often that came to an end since its data was there, with what ended it last.
    pub interrupted: Option<(u32, String)>,
    /// Since when all gates but the grace were seen open.
    pub ready_ms: Option<u64>,
    /// The approvals of its contracts: the version, the digest of what was approved, and the entry.
    pub approvals: Vec<(Version, String, LogEntry)>,
}

impl Record {
    /// The record of a change: `log` may hold entries of others, and is in its own order.
    pub fn of<'a>(change: &str, shape: Shape, log: impl IntoIterator<Item = &'a LogEntry>) -> Self {
        let mut record = Self::default();
        for entry in log.into_iter().filter(|entry| entry.change == change) {
            // What cannot be was written by a library that knew more. It is left out rather than believed.
            let _ = record.add(entry, shape);
        }
        record
    }

    /// Adds what happened.
    ///
    /// # Errors
    ///
    /// If it cannot happen to a change as it is; the record stays as it is.
    pub fn add(&mut self, entry: &LogEntry, shape: Shape) -> Result<(), Refused> {
        if self.blocked.is_some() && matches!(entry.what, Occurrence::InUse | Occurrence::Contracted) {
            return Err(Refused { why: "it is blocked" });
        }
        let state = self.state.after(entry.what, shape)?;
        if state != self.state {
            self.state = state;
            self.since_ms = Some(entry.at_ms);
        }
        match entry.what {
            Occurrence::Blocked => self.blocked = Some(entry.figure("reason").unwrap_or_default().to_owned()),
            Occurrence::Unblocked => self.blocked = None,
            Occurrence::InUse => {
                self.in_use_ms.get_or_insert(entry.at_ms);
            }
            Occurrence::InUseEnded => {
                (self.in_use_ms, self.ready_ms) = (None, None);
                let because = entry
                    .figure("because")
                    .unwrap_or("a build was seen that uses the old shape");
                let before = self.interrupted.as_ref().map_or(0, |(times, _)| *times);
                self.interrupted = Some((before.saturating_add(1), because.to_owned()));
            }
            Occurrence::Ready => {
                self.ready_ms.get_or_insert(entry.at_ms);
            }
            Occurrence::NotReady => self.ready_ms = None,
            Occurrence::Approved => {
                if let (Some(version), Some(digest)) = (entry.version, entry.figure("digest")) {
                    self.approvals.push((version, digest.to_owned(), entry.clone()));
                }
            }
            Occurrence::RolledBack => {
                *self = Self {
                    state: self.state,
                    since_ms: self.since_ms,
                    ..Self::default()
                };
            }
            Occurrence::Expanded
            | Occurrence::Backfilling
            | Occurrence::Verified
            | Occurrence::Contracted
            | Occurrence::Resumed
            | Occurrence::Squashed
            | Occurrence::TakenBack
            | Occurrence::Redone
            | Occurrence::Recorded
            | Occurrence::Repaired
            | Occurrence::Steered
            | Occurrence::Policy
            | Occurrence::Failed
            | Occurrence::Noted => {}
        }
        Ok(())
    }
}
