//! What an error means to a worker.

use super::statement::batched;
use crate::database::mover::{Job, Stumble};
use crate::database::sql::backend::DatabaseError;
use crate::database::sql::connection_error;
use crate::error::{Error, Kind};

/// An error of ours as what it means to a worker.
pub(super) fn told(error: Error) -> Stumble {
    if error.is_connection() {
        Stumble::Connection(error)
    } else if error.is_lock_timeout() {
        Stumble::Busy(error)
    } else {
        Stumble::Fatal(error)
    }
}

/// What the database said as what it means to a worker.
pub(super) fn stumbled(what: &str, error: DatabaseError) -> Stumble {
    let (connection, conflict, locked) = (
        error.is_connection,
        error.is_retryable,
        error.is_locked || error.is_timeout,
    );
    if error.is_busy {
        return Stumble::Busy(Error::busy(None).source(*error.source));
    }
    let told = connection_error(&format!("a backfill: the {what} was refused"), error);
    if connection {
        Stumble::Connection(told)
    } else if conflict {
        Stumble::Conflict(told)
    } else if locked {
        Stumble::Locked(told)
    } else {
        Stumble::Fatal(told)
    }
}

/// What the database said of the statement of a file.
pub(super) fn refused(job: &Job<'_>, error: DatabaseError) -> Stumble {
    let is_taken = error.is_duplicate();
    let stumble = stumbled("batch", error);
    let Stumble::Fatal(cause) = stumble else {
        return stumble;
    };
    let message = format!("migration {}: the database refused a batch", job.migration);
    let told = Error::new(Kind::Backfill, message)
        .migration(job.migration)
        .notes_of(&cause)
        .help(format!(
            "mend what it says, the rows or the file; then `resume` (`migrate backfill resume {}`) lets it go on",
            job.migration.version
        ));
    let inserts = batched(job).is_ok_and(|batched| batched.inserts);
    let told = match job.syncs.iter().find(|sync| inserts && is_taken && sync.on.is_some()) {
        Some(sync) => told.note(format!(
            "the triggers of `{sync}` make rows as well: a copy that comes to one of them has to pass over it, by `ON CONFLICT \
             … DO NOTHING` or `INSERT IGNORE`"
        )),
        None => told,
    };
    let told = match job.migration.up.statements.first() {
        Some(statement) => told.statement(&job.migration.up, statement, None),
        None => told,
    };
    Stumble::Fatal(told.source(cause))
}
