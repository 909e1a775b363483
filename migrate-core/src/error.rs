//! The one error of the migrator.

use core::fmt;
use std::error::Error as StdError;

use crate::diagnostic::Position;
use crate::model::{Migration, Version};
#[cfg(feature = "sql")]
use crate::model::{Section, Statement};

/// Why the migrator stopped.
///
/// Opaque: ask with the `is_…` methods, follow [`source`](StdError::source) to the database's own error, and print
/// it for a person; the text names the migration, the file, the line, the statement and what to do.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: String,
    version: Option<Version>,
    path: Option<String>,
    position: Option<Position>,
    notes: Vec<String>,
    help: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of error it is; each has a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Connection,
    Statement,
    LockTimeout,
    Blocked,
    LockLost,
    Pooler,
    DigestMismatch,
    Dirty,
    OlderBuild,
    PartlySquashed,
    NotAdopted,
    NotReady,
    RollbackRefused,
    PolicyRefused,
    UnknownVersion,
    Irreversible,
    Server,
    NotYet,
    Verification,
    Sync,
    Backfill,
    History,
    Configuration,
}

impl Error {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            version: None,
            path: None,
            position: None,
            notes: Vec::new(),
            help: None,
            source: None,
        }))
    }

    pub(crate) fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds another thing that can be done.
    pub(crate) fn also_help(mut self, help: &str) -> Self {
        self.0.help = Some(match self.0.help.take() {
            Some(first) => format!("{first}\n{help}"),
            None => help.to_owned(),
        });
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.0.notes.push(note.into());
        self
    }

    #[cfg(feature = "sql")]
    /// Adds what another error says.
    pub(crate) fn notes_of(mut self, other: &Self) -> Self {
        self.0.notes.push(other.0.message.clone());
        self.0.notes.extend_from_slice(&other.0.notes);
        self
    }

    /// What lies behind it, the nearest first, without what the one before says already.
    pub(crate) fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = Vec::new();
        let mut source = StdError::source(self);
        let mut added = None;
        while let Some(error) = source {
            added = line_of_server(error).or(added);
            let mut text = error.to_string();
            if let Some(told) = added.as_deref().and_then(|added| text.strip_suffix(added)) {
                text.truncate(told.len());
            }
            if causes.last().is_none_or(|before| !before.contains(&text)) {
                causes.push(text);
            }
            source = error.source();
        }
        causes
    }

    /// Names the migration it is about.
    pub(crate) fn migration(mut self, migration: &Migration) -> Self {
        self.0.version = Some(migration.version);
        self.0.path.get_or_insert_with(|| migration.path.to_string());
        self
    }

    pub(crate) fn version_is(mut self, version: Version) -> Self {
        self.0.version = Some(version);
        self
    }

    #[cfg(feature = "sql")]
    /// Points at a statement, or at the byte of it that the database points at.
    pub(crate) fn statement(mut self, section: &Section, statement: &Statement, byte: Option<usize>) -> Self {
        let start = statement.start as usize + byte.unwrap_or(0);
        let end = match byte {
            Some(_) => section.text[start.min(section.text.len())..]
                .find(|character: char| !character.is_alphanumeric() && character != '_')
                .map_or(section.text.len(), |length| start + length.max(1)),
            None => statement.end as usize,
        };
        let mut position = Position::of(&section.text, start, end);
        let offset = section.text[..start.min(section.text.len())]
            .matches('\n')
            .count() as u32;
        position.line = section.line + offset;
        self.0.path = Some(section.path.to_string());
        self.0.position = Some(position);
        self
    }

    /// The migration it is about, where it is about one.
    pub fn version(&self) -> Option<Version> {
        self.0.version
    }

    /// The file it is about, where it is about one.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The line of the file, from 1, where it is about a statement.
    pub fn line(&self) -> Option<u32> {
        self.0.position.as_ref().map(|position| position.line)
    }

    /// The column in characters, from 1, where the database names a place in the statement.
    pub fn column(&self) -> Option<u32> {
        self.0.position.as_ref().map(|position| position.column)
    }
}

macro_rules! predicates {
    ($($(#[$doc:meta])* $name:ident: $kind:ident;)*) => {
        impl Error {
            $($(#[$doc])* pub fn $name(&self) -> bool {
                self.0.kind == Kind::$kind
            })*
        }
    };
}

predicates! {
    /// The database could not be reached, or the connection broke.
    is_connection: Connection;
    /// The database refused a statement of a migration.
    is_statement: Statement;
    /// Another instance held the migration lock for longer than the lock wait budget.
    is_lock_timeout: LockTimeout;
    /// A statement did not get its table lock within the budget; the text names who held it.
    is_blocked: Blocked;
    /// The migration lock was lost while working; nothing was done without it.
    is_lock_lost: LockLost;
    /// A transaction pooler stands between the service and PostgreSQL.
    is_pooler: Pooler;
    /// An applied migration is not what this build embeds under its version.
    is_digest_mismatch: DigestMismatch;
    /// A migration was applied in part, and it is not clear how to go on.
    is_dirty: Dirty;
    /// The database has left behind what this build needs.
    is_older_build: OlderBuild;
    /// A file stands for migrations of which the database has only a part; the text says which are missing.
    is_partly_squashed: PartlySquashed;
    /// Another tool applied migrations of the set, and its history was not taken over; the text names the tool.
    is_not_adopted: NotAdopted;
    /// This build may not serve yet; the text says what it waits for.
    is_not_ready: NotReady;
    /// A change may not be rolled back; the text says why.
    is_rollback_refused: RollbackRefused;
    /// The migrator works under a policy under which the database is not kept; the text says what to do.
    is_policy_refused: PolicyRefused;
    /// A version was named that the set, or the history, does not have.
    is_unknown_version: UnknownVersion;
    /// There is no way back from a migration.
    is_irreversible: Irreversible;
    /// The server is too old for the set, or of another kind.
    is_server: Server;
    /// The migration asks for something that this version of the library does not do yet.
    is_not_yet: NotYet;
    /// A verify query did not give what was expected.
    is_verification: Verification;
    /// The database cannot keep the sides of a `sync` equal as the table is; the text says what mends it.
    is_sync: Sync;
    /// A backfill cannot go on; the text says why, and where.
    is_backfill: Backfill;
    /// The history cannot be read or written.
    is_history: History;
    /// The migrator was built with options that do not fit.
    is_configuration: Configuration;
}

/// So many of something.
pub(crate) fn counted(count: impl Into<u64>, what: &str) -> String {
    match count.into() {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

impl Error {
    /// Others kept an SQLite database to themselves for that long, or for as long as a statement waits.
    pub(crate) fn busy(waited: Option<std::time::Duration>) -> Self {
        let time = waited.map_or(String::new(), |waited| format!(" for more than {waited:.1?}"));
        Self::new(
            Kind::LockTimeout,
            format!("the SQLite database is busy: other connections hold its only write lock{time}"),
        )
        .help(
            "let what writes for so long end. In WAL mode (`PRAGMA journal_mode = WAL`) who reads does not keep who \
             writes waiting, nor the other way round; `busy_timeout` of the connections is how long one statement \
             waits, and `lock_retry` how long it is tried again",
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.write_str(&inner.message)?;
        match (&inner.path, &inner.position) {
            (Some(path), Some(position)) => {
                let number = position.line.to_string();
                let margin = " ".repeat(number.len());
                let line = position.text.replace('\t', " ");
                let carets = "^".repeat(position.length as usize);
                let indent = " ".repeat(position.column as usize - 1);
                write!(
                    f,
                    "\n{margin}--> {path}:{}:{}\n{margin} |\n{number} | {line}\n{margin} | {indent}{carets}",
                    position.line, position.column
                )?;
            }
            (Some(path), None) => write!(f, "\n --> {path}")?,
            _ => {}
        }
        for note in &inner.notes {
            write!(f, "\n  = note: {}", note.replace('\n', "\n          "))?;
        }
        if let Some(help) = &inner.help {
            write!(f, "\n  = help: {}", help.replace('\n', "\n          "))?;
        }
        Ok(())
    }
}

/// What the driver of PostgreSQL adds to the server's message: the line of the server's own source, which reads like one of a
/// file.
#[cfg(feature = "postgres")]
fn line_of_server(cause: &(dyn StdError + 'static)) -> Option<String> {
    let error = cause.downcast_ref::<sqlx::Error>()?.as_database_error()?;
    let error = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>()?;
    Some(format!(" at line {}", error.line()?))
}

#[cfg(not(feature = "postgres"))]
fn line_of_server(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `main` returning an error prints this: it has to read as well as the other.
        write!(f, "{self}")?;
        for cause in self.causes() {
            write!(f, "\ncaused by: {cause}")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
