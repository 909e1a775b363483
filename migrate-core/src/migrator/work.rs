//! What every call that changes the database does around its work: open, lock, look again, close.

use std::time::{Duration, Instant};

use futures_timer::Delay;

use super::{Event, Migrator};
use crate::database::mover::Mover;
use crate::database::{Server, Session, SessionOptions};
use crate::error::{Error, Kind};
use crate::history::History;
use crate::model::Dialect;
use crate::plan;
use crate::script::words::created_table;

/// The first pause between two looks at the lock, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(15);
const LONGEST_PAUSE: Duration = Duration::from_millis(400);

/// Whether a locked session came about, or another instance did everything meanwhile.
pub(super) enum Locked {
    Session(Box<dyn Session>),
    DoneByAnother,
}

impl Migrator {
    /// Opens a session for what needs no lock, and checks that the server is one for the set.
    pub(super) async fn open(&self) -> Result<Box<dyn Session>, Error> {
        let mut session = self.connect().await?;
        match session.set_up().await {
            Ok(()) => Ok(session),
            Err(error) => {
                session.close().await?;
                Err(error)
            }
        }
    }

    /// As [`open`](Self::open), for what changes nothing on a database that has no history either.
    pub(super) async fn open_to_look(&self) -> Result<Box<dyn Session>, Error> {
        let session = self.driver.open_to_look(&self.namespace, &self.session).await?;
        let mut session = self.checked(session).await?;
        match session.set_up().await {
            Ok(()) => Ok(session),
            Err(error) => {
                session.close().await?;
                Err(error)
            }
        }
    }

    async fn connect(&self) -> Result<Box<dyn Session>, Error> {
        let session = self.driver.open(&self.namespace, &self.session).await?;
        self.checked(session).await
    }

    async fn checked(&self, session: Box<dyn Session>) -> Result<Box<dyn Session>, Error> {
        match self.check_server(session.server()) {
            Ok(()) => Ok(session),
            Err(error) => {
                session.close().await?;
                Err(error)
            }
        }
    }

    /// Opens a connection that moves data, or looks at what is moved, and checks the same.
    pub(super) async fn mover(&self, options: &SessionOptions) -> Result<Box<dyn Mover>, Error> {
        let mover = self.driver.open_mover(&self.namespace, options).await?;
        match self.check_server(mover.server()) {
            Ok(()) => Ok(mover),
            Err(error) => {
                mover.close().await?;
                Err(error)
            }
        }
    }

    /// Makes sure that the server is one for the set, before anything is begun.
    pub(super) async fn check_database(&self) -> Result<(), Error> {
        self.connect().await?.close().await
    }

    fn check_server(&self, server: &Server) -> Result<(), Error> {
        if server.dialect != self.set.dialect {
            return Err(Error::new(
                Kind::Server,
                format!(
                    "the set `{}` is for {}, and this is a {} server",
                    self.set.name, self.set.dialect, server.dialect
                ),
            )
            .help(match server.dialect {
                Dialect::Mysql | Dialect::MariaDb => {
                    format!(
                        "embed it with `dialect = \"{0}\"`, or say `--dialect {0}` on the command line",
                        server.dialect
                    )
                }
                _ => "use the pool of the database the set is for".to_owned(),
            }));
        }
        match self.set.since {
            Some(since) if server.version < since => Err(Error::new(
                Kind::Server,
                format!(
                    "the server is {} {}, and the set is for {since} and newer",
                    server.dialect, server.version
                ),
            )
            .help("upgrade the server, or lower `since` in the derive and see what it says")),
            _ => Ok(()),
        }
    }

    /// Waits until the lock is held. Where `may_be_done`, looks at each turn whether another instance did what this
    /// build needs, so that many instances that start at once do not line up.
    pub(super) async fn lock(&self, may_be_done: bool) -> Result<Locked, Error> {
        let mut session = self.connect().await?;
        match self.wait_for_lock(&mut *session, may_be_done).await {
            Ok(true) => Ok(Locked::Session(session)),
            Ok(false) => {
                session.close().await?;
                Ok(Locked::DoneByAnother)
            }
            Err(error) => {
                // The first error is the one to tell.
                let _ = session.close().await;
                Err(error)
            }
        }
    }

    async fn wait_for_lock(&self, session: &mut dyn Session, may_be_done: bool) -> Result<bool, Error> {
        let started = Instant::now();
        let mut pause = FIRST_PAUSE;
        let mut told = Duration::ZERO;
        while !session.try_lock().await? {
            if may_be_done && plan::may_serve(&self.set, &session.read_history().await?) {
                return Ok(false);
            }
            let waited = started.elapsed();
            if waited >= self.lock_wait {
                // There everybody who writes has it.
                let message = match self.set.dialect {
                    Dialect::Sqlite => {
                        format!("the write lock of the database was not free for {waited:.1?}")
                    }
                    _ => format!(
                        "another instance is migrating the set `{}` for more than {waited:.1?}",
                        self.namespace.set
                    ),
                };
                let error = Error::new(Kind::LockTimeout, message).help(
                    "wait for it; `MigratorBuilder::lock_wait` sets how long. A process that died frees the lock at once",
                );
                return Err(match session.lock_holder().await {
                    Some(holder) => error.note(format!("the lock is held by {holder}")),
                    None => error,
                });
            }
            if waited >= told {
                let holder = session.lock_holder().await;
                self.session
                    .observer
                    .event(&Event::WaitingForLock { waited, holder });
                told = waited + Duration::from_secs(5);
            }
            Delay::new(jittered(pause).min(self.lock_wait - waited)).await;
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
        Ok(true)
    }

    /// Whether nobody runs on this database yet: there is no history, and none of the tables that the set makes. A set
    /// that makes no table is about those that somebody else made.
    pub(super) async fn is_fresh(&self, session: &mut dyn Session, history: &History) -> Result<bool, Error> {
        if history.fresh {
            return Ok(true);
        }
        if !history.rows.is_empty() || !history.reverted.is_empty() {
            return Ok(false);
        }
        if self.made_here {
            return Ok(true);
        }
        let migrations = || self.set.migrations.iter();
        let mut tables: Vec<String> = migrations()
            .flat_map(|migration| &*migration.creates)
            .map(ToString::to_string)
            .collect();
        // A schema that is named need not be one that is looked in.
        let statements = migrations().flat_map(|migration| migration.up.iter());
        let created = statements.filter_map(|(_, sql)| created_table(sql, self.set.dialect));
        tables.extend(created.filter_map(|(schema, name)| schema.map(|schema| format!("{schema}.{name}"))));
        tables.sort_unstable();
        tables.dedup();
        if tables.is_empty() && migrations().next().is_some() {
            return Ok(false);
        }
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        Ok(session.existing_tables(&tables).await?.is_empty())
    }
}

/// The pause, up to half as long again, so that instances that began together drift apart.
fn jittered(pause: Duration) -> Duration {
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |now| now.subsec_nanos());
    let spread = (nanos ^ std::process::id().wrapping_mul(0x9e37_79b9)) % 512;
    pause + pause * spread / 1024
}
