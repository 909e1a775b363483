//! A server that is shared by the tests of a process, and by processes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokio::sync::{OnceCell, mpsc, oneshot};

use super::accounts::Account;
use super::janitor::{self, Request};
use super::supervisor::ServerCommand;
use super::{PREFIX, announce, announce_kept, check_skipped, counter, is_kept, keep, owner};
use crate::error::Error;

/// One kind of database server: how to find, prepare and run it.
pub(crate) trait Engine: Sized + Send + 'static {
    /// As `MIGRATE_TESTKIT_SKIP` names it.
    const KIND: &'static str;
    const URL_VARIABLE: &'static str;
    /// Names the image of a container that is to be the server.
    const IMAGE_VARIABLE: &'static str;
    /// How such a container is run.
    #[cfg(feature = "testcontainers")]
    const CONTAINER: super::container::Container;
    type Admin: Admin;

    fn find() -> Result<Self, Error>;
    fn binary(&self) -> &Path;
    fn account(&self) -> Option<Account>;
    /// The command that fills the empty directory `data`.
    fn initialise(&self, data: &Path) -> Command;
    /// Whether it fills it with the same each time.
    fn is_cached(&self) -> bool {
        true
    }
    /// The server's command; it keeps its socket and its data in `run`.
    fn command(&self, run: &Path) -> ServerCommand;
    fn socket(run: &Path) -> PathBuf;
    /// The URL of a database that always exists.
    fn admin_url(run: &Path) -> String;
}

/// The administrator's connection. Names of databases and owners consist of lower-case letters, digits and `_`.
pub(crate) trait Admin: Sized {
    async fn connect(url: &str) -> Result<Self, sqlx::Error>;
    /// Takes the lock named after an owner of databases; false if its process lives.
    async fn claim(&mut self, owner: &str) -> Result<bool, sqlx::Error>;
    async fn release(&mut self, owner: &str) -> Result<(), sqlx::Error>;
    /// The databases that start with [`PREFIX`].
    async fn databases(&mut self) -> Result<Vec<String>, sqlx::Error>;
    async fn create(&mut self, name: &str, template: Option<&str>) -> Result<(), sqlx::Error>;
    /// Drops the database, disconnecting who still uses it.
    async fn drop(&mut self, name: &str) -> Result<(), sqlx::Error>;
}

/// A running server, ours or the one a variable names.
#[derive(Debug)]
pub(crate) struct Server {
    admin_url: String,
    /// Where our own server lives; none for one that was there already.
    directory: Option<PathBuf>,
    owner: String,
    requests: mpsc::UnboundedSender<Request>,
}

impl Server {
    /// The process's server of this kind, started at first use.
    pub(crate) async fn shared<E: Engine>(cell: &'static OnceCell<Self>) -> Result<&'static Self, Error> {
        check_skipped(E::KIND)?;
        cell.get_or_try_init(async || {
            let (requests, inbox) = mpsc::unbounded_channel();
            let (ready, opened) = oneshot::channel();
            let owner = owner();
            // A thread of its own: locks and file copies block, and the connection must outlive the
            // runtime of the test that came first.
            std::thread::Builder::new()
                .name(format!("testkit-{}", E::KIND))
                .spawn({
                    let owner = owner.clone();
                    move || janitor::run::<E>(&owner, ready, inbox)
                })
                .map_err(|error| Error::caused("cannot start a thread", error))?;
            let opened = opened
                .await
                .map_err(|error| Error::caused("the testkit's thread ended", error))??;
            Ok(Self {
                admin_url: opened.admin_url,
                directory: opened.directory,
                owner,
                requests,
            })
        })
        .await
    }

    /// Creates a database with a name of its own.
    pub(crate) async fn create(&'static self, template: Option<String>) -> Result<Lodging, Error> {
        let keep = is_kept();
        if keep {
            self.keep()?;
        }
        // The next process leaves kept databases alone, as they lack the prefix.
        let owner = if keep {
            self.owner.replacen(PREFIX, "kept_", 1)
        } else {
            self.owner.clone()
        };
        let name = format!("{owner}_{}", counter());
        let (reply, created) = oneshot::channel();
        self.request(Request::Create {
            name: name.clone(),
            template,
            reply,
        })?;
        created
            .await
            .map_err(|error| Error::caused("the testkit's thread ended", error))??;
        Ok(Lodging {
            server: self,
            name,
            keep,
        })
    }

    /// Leaves a marker that keeps our own server running.
    fn keep(&self) -> Result<(), Error> {
        match &self.directory {
            Some(directory) => keep(directory),
            None => Ok(()),
        }
    }

    pub(crate) fn url(&self, database: &str) -> String {
        with_database(&self.admin_url, database)
    }

    pub(crate) fn admin_url(&self) -> &str {
        &self.admin_url
    }

    /// Whether this crate started the server, so that nothing left in it matters.
    pub(crate) fn is_private(&self) -> bool {
        self.directory.is_some()
    }

    fn request(&self, request: Request) -> Result<(), Error> {
        self.requests
            .send(request)
            .map_err(|_| Error::new("the testkit's thread has ended"))
    }
}

/// A database at a server for as long as this value lives.
#[derive(Debug)]
pub(crate) struct Lodging {
    server: &'static Server,
    name: String,
    keep: bool,
}

impl Lodging {
    pub(crate) fn url(&self) -> String {
        self.server.url(&self.name)
    }
}

impl Drop for Lodging {
    fn drop(&mut self) {
        if self.keep {
            announce_kept(&self.url(), self.server.directory.as_deref());
            return;
        }
        let (reply, dropped) = std::sync::mpsc::channel();
        let request = Request::Drop {
            name: self.name.clone(),
            reply,
        };
        let done = self.server.request(request).and_then(|()| {
            // The process may end right after this; it waits for the janitor, though not for ever.
            let time_out = Duration::from_secs(60);
            dropped
                .recv_timeout(time_out)
                .map_err(|error| Error::caused("no answer", error))?
        });
        if let Err(error) = done {
            announce(&format!("could not drop {}: {error:#}", self.name));
        }
    }
}

/// The URL with another database in its path.
fn with_database(url: &str, database: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(a, p)| (a, Some(p)));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..]
        .find('/')
        .map_or(address.len(), |at| authority + at);
    match parameters {
        Some(parameters) => format!("{}/{database}?{parameters}", &address[..end]),
        None => format!("{}/{database}", &address[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        let check = |url: &str, expected: &str| assert_eq!(with_database(url, "new"), expected);
        check(
            "postgres://u:p@h:1/old?sslmode=disable",
            "postgres://u:p@h:1/new?sslmode=disable",
        );
        check("postgres://u@h", "postgres://u@h/new");
        check(
            "mysql://root@localhost/?socket=/a/b",
            "mysql://root@localhost/new?socket=/a/b",
        );
        check(
            "mysql://root@localhost?socket=/a/b",
            "mysql://root@localhost/new?socket=/a/b",
        );
    }
}
