//! Initialised data directories, made once and copied from then on.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, lchown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::accounts::Account;
use super::{place, unix};
use crate::error::{Error, IoContext};

/// Fills `data`, from the cache if it can, else by running `initialise`. A cache that cannot be used costs
/// time and is no error.
pub(super) fn fill(
    kind: &str,
    key: u64,
    data: &Path,
    account: Option<Account>,
    initialise: impl Fn(&Path) -> Command,
) -> Result<(), Error> {
    let Some(cache) = directory() else {
        return run(initialise(data), data, account);
    };
    let entry = cache.join(format!("{kind}-{key:016x}"));
    if !entry.exists() {
        // Two servers of one kind may be started at once, for different flags or in different places.
        let lock = place::open(&cache.join("lock"));
        let locked = lock.and_then(|lock| place::retry(|| lock.lock()).map(|()| lock));
        if !entry.exists() {
            run(initialise(data), data, account)?;
            if locked.is_ok() {
                publish(&cache, &entry, data);
            }
            return Ok(());
        }
    }
    copy_tree(&entry, data, account).or_else(|_| {
        let _ = fs::remove_dir_all(data);
        run(initialise(data), data, account)
    })
}

/// Runs the command that fills `data`.
pub(super) fn run(mut command: Command, data: &Path, account: Option<Account>) -> Result<(), Error> {
    create_directory(data, account).doing("create", data)?;
    super::plain_environment(&mut command);
    super::run_as(&mut command, account);
    // A script that outlived this process would create its directory anew. The thread that starts it waits
    // for it, so its end is the process's.
    unix::die_with_parent(&mut command, unix::SIGTERM);
    let program = command.get_program().to_string_lossy().into_owned();
    // Scripts among these programs put their temporary files here, where nothing is left behind.
    let run = data.parent().unwrap_or(data);
    let output = command
        .env("TMPDIR", run)
        .current_dir("/")
        .stdin(Stdio::null())
        .output();
    let output = output.map_err(|error| Error::caused(format!("cannot run {program}"), error))?;
    if output.status.success() {
        return Ok(());
    }
    let (printed, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    Err(Error::new(format!(
        "{program} failed ({}):\n{printed}{errors}",
        output.status
    )))
}

/// The caller holds the cache's lock, so whatever is unfinished here was left by a process that was killed.
fn publish(cache: &Path, entry: &Path, data: &Path) {
    let unfinished = cache.join("unfinished");
    let _ = fs::remove_dir_all(&unfinished);
    if copy_tree(data, &unfinished, None).is_err() || fs::rename(&unfinished, entry).is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
}

fn copy_tree(from: &Path, to: &Path, account: Option<Account>) -> io::Result<()> {
    create_directory(to, account)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&entry.path(), &target, account)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target)?;
            hand_over(&target, account)?;
        }
    }
    Ok(())
}

fn create_directory(path: &Path, account: Option<Account>) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    hand_over(path, account)
}

fn hand_over(path: &Path, account: Option<Account>) -> io::Result<()> {
    account.map_or(Ok(()), |account| {
        lchown(path, Some(account.uid), Some(account.gid))
    })
}

/// The first usable of the user's cache directory and `/var/tmp`.
fn directory() -> Option<PathBuf> {
    let uid = unix::effective_uid();
    let variable = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let home = variable("HOME")
        .filter(|home| is_owned(home, uid))
        .map(|home| home.join(".cache"));
    let own = variable("XDG_CACHE_HOME")
        .filter(|cache| is_owned(cache, uid))
        .or(home);
    let own = own.map(|cache| cache.join("migrate-testkit"));
    own.into_iter()
        .chain([PathBuf::from(format!("/var/tmp/migrate-testkit-{uid}"))])
        .find(|path| {
            let created = DirBuilder::new().recursive(true).mode(0o700).create(path);
            // In a directory that everyone may write, somebody else may have taken the name.
            created.is_ok() && is_owned(path, uid)
        })
}

fn is_owned(path: &Path, uid: u32) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir() && found.uid() == uid)
}
