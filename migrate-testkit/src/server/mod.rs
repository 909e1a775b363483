//! Private servers: one of each kind per user, shared by all test processes, and servers of one test alone.
//!
//! `binaries` finds the programs, `place` the directory and its locks, `cache` an initialised data
//! directory, `container` starts one with the feature `testcontainers`, `supervisor` keeps the server running and ends it,
//! `runner` ends a test process whose runner was killed, `janitor` creates and drops databases;
//! `alone` is a server for one test.
//! `postgres` and `mysql` say what is particular to each.

mod accounts;
mod alone;
mod binaries;
mod cache;
#[cfg(feature = "testcontainers")]
mod container;
mod janitor;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
mod place;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod runner;
mod shared;
mod start;
mod supervisor;
mod unix;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use alone::Alone;
pub(crate) use place::{Place, keep};
pub(crate) use shared::{Admin, Engine, Lodging, Server};
pub(crate) use start::open_directory;

use crate::error::Error;

/// What scratch databases start with; the next process drops those whose owner has ended.
pub(crate) const PREFIX: &str = "migrate_test_";

/// Says where something kept is, and how to be rid of it.
pub(crate) fn announce_kept(what: &str, directory: Option<&Path>) {
    match directory {
        Some(directory) => {
            let marker = place::keep_marker(directory);
            announce(&format!("kept {what} until you remove {}", marker.display()));
        }
        None => announce(&format!("kept {what}")),
    }
}

/// Fails, and says so, if the user has left out this kind of database.
pub(crate) fn check_skipped(kind: &str) -> Result<(), Error> {
    let skip = std::env::var("MIGRATE_TESTKIT_SKIP").unwrap_or_default();
    if skip.split(',').any(|skipped| skipped.trim() == kind) {
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        let message = format!("skipped on {kind}, as MIGRATE_TESTKIT_SKIP says");
        announce(&format!("{test}: {message}"));
        return Err(Error::skipped(message));
    }
    Ok(())
}

pub(crate) fn is_kept() -> bool {
    std::env::var_os("MIGRATE_TESTKIT_KEEP").is_some_and(|value| !value.is_empty() && value != "0")
}

/// Writes past the test harness, which shows only what failing tests print.
pub(crate) fn announce(message: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "migrate-testkit: {message}");
}

/// A name that no other process has, also where process ids are reused or belong to another machine.
pub(crate) fn owner() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{PREFIX}{}_{:x}", std::process::id(), since.as_nanos())
}

pub(crate) fn counter() -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

/// A path as part of a URL's parameters.
pub(crate) fn percent_encode(path: &Path) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte);
    let encode = |byte: &u8| {
        if plain(byte) {
            char::from(*byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    path.as_os_str().as_encoded_bytes().iter().map(encode).collect()
}

/// Servers see none of the variables that steer them or their clients, such as `PGPORT`.
fn plain_environment(command: &mut Command) {
    let mut path = OsString::from("/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    if let Some(inherited) = std::env::var_os("PATH") {
        path.push(":");
        path.push(inherited);
    }
    command
        .env_clear()
        .env("PATH", path)
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    for library_path in [
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH",
    ] {
        if let Some(value) = std::env::var_os(library_path) {
            command.env(library_path, value);
        }
    }
}

fn run_as(command: &mut Command, account: Option<accounts::Account>) {
    use std::os::unix::process::CommandExt;
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_for_urls() {
        assert_eq!(percent_encode(Path::new("/dev/shm/a-b_c.d")), "/dev/shm/a-b_c.d");
        assert_eq!(percent_encode(Path::new("/a b&c")), "/a%20b%26c");
    }
}
