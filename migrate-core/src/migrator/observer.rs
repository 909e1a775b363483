//! What the migrator tells while it works.

use core::fmt;
use std::time::Duration;

use crate::backfill::{BackfillState, Progress};
use crate::model::Version;

/// Something that happened.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// Another instance holds the migration lock; this one waits.
    WaitingForLock {
        /// For how long it has waited.
        waited: Duration,
        /// Who holds it, where the database tells: the connection, as the server names it.
        holder: Option<String>,
    },
    /// A migration begins.
    Started {
        /// Its version.
        version: Version,
        /// Its name.
        name: String,
    },
    /// A statement of a migration begins.
    Statement {
        /// The migration's version.
        version: Version,
        /// Which statement, from 1.
        number: u32,
        /// How many there are.
        of: u32,
    },
    /// A statement did not get its table lock, and will be tried again.
    Blocked {
        /// The migration's version.
        version: Version,
        /// Who holds the lock, as far as the database tells.
        blockers: Vec<String>,
        /// When it is tried again.
        retry_in: Duration,
    },
    /// A migration is applied.
    Applied {
        /// Its version.
        version: Version,
        /// Its name.
        name: String,
        /// How long it took.
        took: Duration,
    },
    /// A migration is taken back.
    Reverted {
        /// Its version.
        version: Version,
        /// Its name.
        name: String,
    },
    /// Data was moved, or could not be for a moment.
    Progress(Progress),
    /// A backfill does not go on by itself.
    BackfillHeld {
        /// Its version.
        version: Version,
        /// Its state.
        state: BackfillState,
        /// Why.
        reason: Option<String>,
    },
    /// A backfill waits until its window opens. Told once, however long that takes.
    WaitingForWindow {
        /// Its version.
        version: Version,
        /// Which one it is, and when it opens.
        window: String,
    },
    /// Migrations wait until running builds are seen for long enough, and a run waits for that. Told once for each run.
    Settling {
        /// The version and name of each, with what it waits for.
        waiting: Vec<String>,
        /// For how long at most.
        up_to: Duration,
    },
    /// The data of a migration is moved and right.
    Verified {
        /// Its version.
        version: Version,
        /// What was compared.
        report: String,
    },
    /// A worker ran into something that may pass, and goes on.
    Trouble {
        /// What it is.
        message: String,
    },
    /// The registration of this instance was lost. While it is, contracts do not wait for this instance.
    RegistrationLost {
        /// What the database said.
        message: String,
    },
    /// The instance is registered again, and this build may serve, as it could before.
    RegisteredAgain,
    /// The instance is registered again, and what this build needs is gone: it has to stop serving.
    Overtaken {
        /// What was applied or taken back meanwhile.
        reason: String,
    },
    /// This build may not serve yet.
    NotReady {
        /// What it waits for.
        waiting: Vec<String>,
    },
    /// The folder of the migrations holds files that this debug build does not embed, or the other way round.
    StaleEmbedding {
        /// The files.
        files: Vec<String>,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::WaitingForLock { waited, holder } => {
                let seconds = waited.as_secs_f64();
                write!(f, "waiting for the migration lock for {seconds:.1} s")?;
                match holder {
                    Some(holder) => write!(f, "; the lock is held by {holder}"),
                    None => Ok(()),
                }
            }
            Event::Started { version, name } => write!(f, "applying {version} {name}"),
            Event::Statement { version, number, of } => write!(f, "{version}: statement {number} of {of}"),
            Event::Blocked {
                version,
                blockers,
                retry_in,
            } => {
                write!(
                    f,
                    "{version}: waits for a table lock, tried again in {:.1} s",
                    retry_in.as_secs_f64()
                )?;
                if !blockers.is_empty() {
                    write!(f, "; held by {}", blockers.join("; "))?;
                }
                Ok(())
            }
            Event::Applied { version, name, took } => {
                write!(f, "applied {version} {name} in {:.3} s", took.as_secs_f64())
            }
            Event::Reverted { version, name } => write!(f, "took back {version} {name}"),
            Event::Progress(progress) => write!(f, "{progress}"),
            Event::BackfillHeld {
                version,
                state,
                reason,
            } => {
                write!(f, "the backfill of {version} is {state}")?;
                reason.iter().try_for_each(|reason| write!(f, ": {reason}"))
            }
            Event::WaitingForWindow { version, window } => {
                write!(f, "the backfill of {version} waits for its window {window}")
            }
            Event::Settling { waiting, up_to } => {
                let seconds = up_to.as_secs_f64();
                write!(f, "waiting for up to {seconds:.0} s: {}", waiting.join("; "))
            }
            Event::Verified { version, report } => write!(f, "the data of {version} is moved: {report}"),
            Event::Trouble { message } => f.write_str(message),
            Event::RegistrationLost { message } => {
                write!(
                    f,
                    "this instance is not registered any more, and tries to be: {message}"
                )
            }
            Event::RegisteredAgain => f.write_str("this instance is registered again"),
            Event::Overtaken { reason } => write!(f, "this instance has to stop serving: {reason}"),
            Event::NotReady { waiting } => write!(f, "not ready: {}", waiting.join("; ")),
            Event::StaleEmbedding { files } => write!(
                f,
                "this build does not embed the folder as it is now ({}): build again, with a build.rs that prints \
                 `cargo:rerun-if-changed=<folder>`, as `migrate_core::build::watch` does",
                files.join(", ")
            ),
        }
    }
}

/// Hears what happens. Called from within the migrator's futures: it must not block.
pub trait Observer: Send + Sync + 'static {
    /// Something happened.
    fn event(&self, event: &Event);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _: &Event) {}
}

impl<F: Fn(&Event) + Send + Sync + 'static> Observer for F {
    fn event(&self, event: &Event) {
        self(event);
    }
}

/// Reports through `tracing`: what waits as a warning, what happens as information, statements for debugging.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Tracing;

#[cfg(feature = "tracing")]
impl Observer for Tracing {
    fn event(&self, event: &Event) {
        match event {
            Event::Blocked { .. }
            | Event::NotReady { .. }
            | Event::StaleEmbedding { .. }
            | Event::BackfillHeld { .. }
            | Event::RegistrationLost { .. }
            | Event::Overtaken { .. }
            | Event::Trouble { .. } => {
                tracing::warn!(target: "migrate", "{event}");
            }
            Event::Statement { .. } | Event::Progress(_) => tracing::debug!(target: "migrate", "{event}"),
            _ => tracing::info!(target: "migrate", "{event}"),
        }
    }
}
