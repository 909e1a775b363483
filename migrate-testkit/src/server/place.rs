//! The directory that all test processes share for one server, and the locks in it.
//!
//! | file | lock |
//! |---|---|
//! | `lease` | shared by every test process for as long as it lives; exclusive for whoever removes the directory |
//! | `start` | exclusive while one process checks for, and starts, the server |
//! | `supervisor` | exclusive for the supervisor, for as long as it lives |
//!
//! The kernel frees them however a process ends, so no decision rests on a process id.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::{runner, unix};
use crate::error::{Error, IoContext};

/// Less room than this on a tmpfs, and the next place is tried.
const ROOM: u64 = 512 << 20;

/// In the name of a directory that is being removed.
const GONE: &str = ".gone-";

/// A server's directory, held with a lease that keeps its server running.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    _lease: File,
}

impl Place {
    /// Finds or creates the directory `name`. Blocks while a former one is being removed.
    pub(crate) fn enter(name: &str) -> Result<Self, Error> {
        runner::watch();
        let path = choose(&format!("{}{name}", prefix()))?;
        loop {
            match DirBuilder::new().mode(mode()).create(&path) {
                // The process's umask may have taken bits away.
                Ok(()) => fs::set_permissions(&path, Permissions::from_mode(mode())).doing("open", &path)?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error).doing("create", &path),
            }
            let lease_path = path.join("lease");
            let lease = match open(&lease_path) {
                Ok(lease) => lease,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error).doing("open", &lease_path),
            };
            retry(|| lease.lock_shared()).doing("lock", &lease_path)?;
            if is_current(&lease, &lease_path) {
                return Ok(Self { path, _lease: lease });
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until no other process is starting the server.
    pub(super) fn lock_start(&self) -> Result<File, Error> {
        let path = self.path.join("start");
        let file = open(&path).doing("open", &path)?;
        retry(|| file.lock()).doing("lock", &path)?;
        Ok(file)
    }

    /// The supervisor's lock if no supervisor lives.
    pub(super) fn claim(&self) -> Result<Option<File>, Error> {
        let path = supervisor_lock(&self.path);
        let file = open(&path).doing("open", &path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).doing("lock", &path),
        }
    }

    /// Removes what a supervisor that was killed has left here. Call it with the supervisor's lock held.
    pub(super) fn clear(&self) -> Result<(), Error> {
        remove_discarded(&self.path);
        for entry in fs::read_dir(&self.path).doing("read", &self.path)?.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                fs::remove_dir_all(entry.path()).doing("remove", &entry.path())?;
            }
        }
        let _ = fs::remove_file(keep_marker(&self.path));
        Ok(())
    }
}

/// Has the server in `directory` outlive its tests until the marker is removed.
pub(crate) fn keep(directory: &Path) -> Result<(), Error> {
    let marker = keep_marker(directory);
    open(&marker).map(drop).doing("create", &marker)
}

pub(super) fn keep_marker(directory: &Path) -> PathBuf {
    directory.join("keep")
}

/// Whether somebody asked for the server in `directory` to stay.
pub(super) fn is_kept(directory: &Path) -> bool {
    keep_marker(directory).exists()
}

pub(super) fn supervisor_lock(directory: &Path) -> PathBuf {
    directory.join("supervisor")
}

/// Removes the whole directory. The caller holds the lease exclusively. It is renamed first, so that a
/// process that enters meanwhile finds either the old lease, and waits for it, or nothing.
pub(super) fn discard(directory: &Path) {
    let _ = fs::rename(directory, discarded(directory, &std::process::id().to_string()));
    remove_discarded(directory);
}

/// Removes what was renamed. A process that is just ending may still write there, so it tries for a while.
pub(super) fn remove_discarded(directory: &Path) {
    let discarded = discarded(directory, "");
    let (Some(parent), Some(prefix)) = (discarded.parent(), discarded.file_name()) else {
        return;
    };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(prefix.as_encoded_bytes())
        {
            for _ in 0..50 {
                let _ = fs::remove_dir_all(entry.path());
                if !entry.path().exists() {
                    break;
                }
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

/// Removes the places beside `directory` that nobody holds and nobody watches over: their process was killed after it
/// had made them, and before it had started their reaper. Whoever is just entering one finds it gone, and makes it anew.
pub(super) fn remove_unwatched(directory: &Path) {
    let Some(parent) = directory.parent() else {
        return;
    };
    let prefix = prefix();
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_place = name
            .to_str()
            .is_some_and(|name| name.starts_with(&prefix) && !name.contains(GONE));
        if !is_place || is_mine(&entry.path()) != Some(true) {
            continue;
        }
        let place = entry.path();
        let lease_path = place.join("lease");
        let Ok(lease) = OpenOptions::new().read(true).write(true).open(&lease_path) else {
            // Nothing happens to one that is not empty.
            let _ = fs::remove_dir(&place);
            continue;
        };
        if lease.try_lock().is_err() || !is_current(&lease, &lease_path) {
            continue;
        }
        let claim = open(&supervisor_lock(&place));
        if claim.is_ok_and(|claim| claim.try_lock().is_ok()) {
            discard(&place);
        }
    }
}

/// What the names of this user's places begin with.
fn prefix() -> String {
    format!("migrate-testkit-{}-", unix::effective_uid())
}

fn discarded(directory: &Path, suffix: &str) -> PathBuf {
    let mut name = directory.as_os_str().to_owned();
    name.push(format!("{GONE}{suffix}"));
    name.into()
}

/// Whether `file` is still what the path names: whoever held the lock before may have removed it.
pub(super) fn is_current(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => held.dev() == there.dev() && held.ino() == there.ino(),
        _ => false,
    }
}

pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(path)
}

/// Locks again when a signal interrupted the wait.
pub(super) fn retry(mut lock: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    loop {
        match lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Root's server runs as another user, who must pass through to its own directory, which is closed to others.
fn mode() -> u32 {
    if unix::effective_uid() == 0 { 0o711 } else { 0o700 }
}

fn choose(name: &str) -> Result<PathBuf, Error> {
    if let Some(directory) = std::env::var_os("MIGRATE_TESTKIT_DIR") {
        let directory = std::path::absolute(&directory).doing("find", Path::new(&directory))?;
        return Ok(directory.join(name));
    }
    let tmpfs: Vec<PathBuf> = [Some("/dev/shm".into()), runtime_directory(), Some("/tmp".into())]
        .into_iter()
        .flatten()
        .collect();
    // A server that runs has taken room itself: it is looked for before the room is.
    for directory in tmpfs.iter().map(PathBuf::as_path).chain([Path::new("/var/tmp")]) {
        if is_mine(&directory.join(name)) == Some(true) {
            return Ok(directory.join(name));
        }
    }
    let roomy = tmpfs
        .iter()
        .map(PathBuf::as_path)
        .filter(|directory| unix::tmpfs_free_bytes(directory).is_some_and(|free| free >= ROOM));
    for directory in roomy.chain([Path::new("/tmp"), Path::new("/var/tmp")]) {
        if is_mine(&directory.join(name)).is_none() && is_writable(directory) {
            return Ok(directory.join(name));
        }
    }
    Err(Error::new(
        "no directory for the test server: /dev/shm, XDG_RUNTIME_DIR, /tmp and /var/tmp are all unusable; \
         name one in MIGRATE_TESTKIT_DIR",
    ))
}

/// Root is excluded: the directory may be another user's, kept in the environment by sudo.
fn runtime_directory() -> Option<PathBuf> {
    let directory = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?);
    (unix::effective_uid() != 0 && is_mine(&directory) == Some(true)).then_some(directory)
}

/// Whether the directory is this user's; none if nothing is there. In a directory that everyone may write,
/// somebody else may have taken the name.
fn is_mine(path: &Path) -> Option<bool> {
    let found = fs::symlink_metadata(path).ok()?;
    Some(found.is_dir() && found.uid() == unix::effective_uid())
}

fn is_writable(directory: &Path) -> bool {
    tempfile::Builder::new()
        .prefix("migrate-testkit-")
        .tempfile_in(directory)
        .is_ok()
}
