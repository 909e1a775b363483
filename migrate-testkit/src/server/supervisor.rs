//! The two processes that stay with a server and see to it that nothing is left behind.
//!
//! Both are the test's own program, started again and caught before `main`. The **supervisor** starts the
//! server, waits until no test process holds the lease, stops the server and removes the directory. The
//! **reaper** reads a pipe that ends with the supervisor, and does the same should that one be killed. Where
//! there is no server (SQLite), they only see to the directory.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, PipeWriter, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::accounts::Account;
use super::place::{self, Place};
use super::unix;
use crate::error::{Error, IoContext};

/// Set for supervisors and reapers only; removed from the environment of what they start.
pub(super) const VARIABLE: &str = "MIGRATE_TESTKIT_INTERNAL_ROLE";

/// How long a server waits for the next test process, such as the next test binary of `cargo test`.
const LINGER: Duration = Duration::from_secs(2);
/// How long a server may take to end when its supervisor was killed. Its data are for the bin.
const PATIENCE: Duration = Duration::from_secs(3);
const SUPERVISE: &str = "supervise:";
const REAP: &str = "reap:";

/// How to start and stop a server.
#[derive(Debug, PartialEq)]
pub(crate) struct ServerCommand {
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<OsString>,
    pub(super) account: Option<Account>,
    pub(super) stop_signal: i32,
}

impl ServerCommand {
    /// The fields separated by NUL, which no argument can contain.
    fn encode(&self) -> Vec<u8> {
        let account = self
            .account
            .map(|account| format!("{}:{}", account.uid, account.gid))
            .unwrap_or_default();
        let mut bytes = format!("{}\0{account}\0", self.stop_signal).into_bytes();
        bytes.extend_from_slice(self.program.as_os_str().as_bytes());
        for argument in &self.arguments {
            bytes.push(0);
            bytes.extend_from_slice(argument.as_bytes());
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = bytes
            .split(|byte| *byte == 0)
            .map(|field| OsString::from_vec(field.to_vec()));
        let stop_signal = fields.next()?.to_str()?.parse().ok()?;
        let account = fields.next()?;
        let account = match account.to_str()?.split_once(':') {
            Some((uid, gid)) => Some(Account {
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            }),
            None => None,
        };
        Some(Self {
            program: fields.next()?.into(),
            arguments: fields.collect(),
            account,
            stop_signal,
        })
    }

    fn spawn(&self) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        super::plain_environment(&mut command);
        super::run_as(&mut command, self.account);
        unix::die_with_parent(&mut command, self.stop_signal);
        command.spawn()
    }
}

/// Whoever holds this keeps the reaper waiting: first the client that prepares the place, then the supervisor.
pub(super) struct Life(PipeWriter);

/// Starts the reaper, before there is anything that could be left behind.
pub(super) fn start_reaper(place: &Place) -> Result<Life, Error> {
    if std::env::var_os(VARIABLE).is_some() {
        // Starting this program once more would run its tests once more, without end.
        return Err(Error::new(
            "this program was started to supervise a test server, but its hook before main did not run; \
             name a running server in MIGRATE_TESTKIT_POSTGRES_URL or MIGRATE_TESTKIT_MYSQL_URL instead",
        ));
    }
    let (death, life) = io::pipe().map_err(|error| Error::caused("cannot create a pipe", error))?;
    start_again(REAP, place.path(), death.into(), Stdio::null(), Stdio::null())?;
    Ok(Life(life))
}

/// Starts the supervisor of a place whose supervisor's lock, `claim`, the caller holds. The lock passes to it.
pub(super) fn start(
    place: &Place,
    claim: File,
    life: Life,
    server: Option<&ServerCommand>,
) -> Result<(), Error> {
    let directory = place.path();
    let command = command_file(directory);
    let written = match server {
        Some(server) => fs::write(&command, server.encode()),
        None => fs::write(&command, ""),
    };
    written.doing("write", &command)?;
    let log = log_file(directory);
    let errors = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&log)
        .doing("open", &log)?;
    start_again(SUPERVISE, directory, claim.into(), life.0.into(), errors.into())
}

/// The last lines that the server wrote, for an error message.
pub(super) fn log_tail(directory: &Path) -> String {
    let log = fs::read(log_file(directory)).unwrap_or_default();
    let log = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

/// What the hook before `main` does; returns the exit status.
pub(super) fn run(role: &OsStr) -> i32 {
    let role = role.as_bytes();
    let done = if let Some(directory) = role.strip_prefix(SUPERVISE.as_bytes()) {
        supervise(Path::new(OsStr::from_bytes(directory)))
    } else if let Some(directory) = role.strip_prefix(REAP.as_bytes()) {
        reap(Path::new(OsStr::from_bytes(directory)))
    } else {
        Err(io::Error::other(format!("{VARIABLE} is not for setting by hand")))
    };
    match done {
        Ok(()) => 0,
        Err(error) => {
            let _ = writeln!(io::stderr(), "migrate-testkit: {error}");
            1
        }
    }
}

/// The standard input is the supervisor's lock, the standard output the pipe to the reaper; they count as
/// long as they are open.
fn supervise(directory: &Path) -> io::Result<()> {
    unix::new_session();
    let lease = Arc::new(place::open(&directory.join("lease"))?);
    let bytes = fs::read(command_file(directory))?;
    if bytes.is_empty() {
        wait_for_clients(&lease, directory)?;
        place::discard(directory);
        return Ok(());
    }
    let server =
        ServerCommand::decode(&bytes).ok_or_else(|| io::Error::other("cannot read the server's command"))?;
    writeln!(
        io::stderr(),
        "migrate-testkit: starting {}",
        server.program.display()
    )?;
    let mut child = server.spawn()?;
    let pid = child.id();
    // Should the reaper be gone, the server still dies with its parent.
    let _ = write!(io::stdout(), "{pid} {}", server.stop_signal).and_then(|()| io::stdout().flush());
    // The server must be this thread's child, as it dies with the thread; so the other one waits for the lease.
    let stopping = Arc::new(AtomicBool::new(false));
    thread::spawn({
        let (lease, stopping, directory) = (lease.clone(), stopping.clone(), directory.to_owned());
        move || {
            if wait_for_clients(&lease, &directory).is_ok() {
                stopping.store(true, Ordering::SeqCst);
                unix::send(pid, server.stop_signal);
            }
        }
    });
    let status = child.wait()?;
    if stopping.load(Ordering::SeqCst) {
        place::discard(directory);
        return Ok(());
    }
    // The log stays for the tests' error messages; the reaper removes the directory after them.
    Err(io::Error::other(format!("the server ended by itself: {status}")))
}

/// Returns, with the lease held exclusively, when there has been no client for a while.
fn wait_for_clients(lease: &File, directory: &Path) -> io::Result<()> {
    loop {
        place::retry(|| lease.lock())?;
        lease.unlock()?;
        thread::sleep(LINGER);
        if !place::is_kept(directory) && lease.try_lock().is_ok() {
            return Ok(());
        }
    }
}

/// Waits for the end of the supervisor, and does what it has left undone.
fn reap(directory: &Path) -> io::Result<()> {
    unix::new_session();
    let lease_path = directory.join("lease");
    let lease = place::open(&lease_path)?;
    let claim = place::open(&place::supervisor_lock(directory))?;
    let mut server = String::new();
    io::stdin().read_to_string(&mut server)?;
    if let Some((Ok(pid), Ok(signal))) = server
        .split_once(' ')
        .map(|(pid, signal)| (pid.parse(), signal.parse()))
    {
        let asked = Instant::now();
        if unix::is_running(pid) {
            unix::send(pid, signal);
        }
        while unix::is_running(pid) && asked.elapsed() < Duration::from_secs(30) {
            // Its end has been asked for twice, by the death of its parent as well, and a server may hang over that.
            if asked.elapsed() > PATIENCE {
                unix::send(pid, unix::SIGKILL);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
    // The kernel may close a killed process's pipe a moment before it frees the process's locks.
    place::retry(|| claim.lock())?;
    claim.unlock()?;
    place::retry(|| lease.lock())?;
    // A client may have started a new supervisor meanwhile.
    if place::is_current(&lease, &lease_path) && claim.try_lock().is_ok() {
        place::discard(directory);
    }
    place::remove_discarded(directory);
    place::remove_unwatched(directory);
    Ok(())
}

fn start_again(
    role: &str,
    directory: &Path,
    stdin: Stdio,
    stdout: Stdio,
    stderr: Stdio,
) -> Result<(), Error> {
    // On Linux this also finds a program that was replaced by a newer build while it runs.
    let program = match cfg!(target_os = "linux") {
        true => Ok("/proc/self/exe".into()),
        false => std::env::current_exe(),
    };
    let mut value = OsString::from(role);
    value.push(directory);
    let started = program.and_then(|program| {
        let mut command = Command::new(program);
        command
            .env(VARIABLE, value)
            .current_dir("/")
            .stdin(stdin)
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
    });
    let failed = |error| {
        Error::caused(
            "cannot start this program again to watch over the test server",
            error,
        )
    };
    started.map(drop).map_err(failed)
}

fn command_file(directory: &Path) -> PathBuf {
    directory.join("command")
}

fn log_file(directory: &Path) -> PathBuf {
    directory.join("log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_survives_the_file() {
        for account in [None, Some(Account { uid: 101, gid: 104 })] {
            let command = ServerCommand {
                program: "/opt/post gres".into(),
                arguments: vec![
                    "-D".into(),
                    "".into(),
                    OsString::from_vec(vec![b'a', 0xff, b'\n']),
                ],
                account,
                stop_signal: unix::SIGQUIT,
            };
            assert_eq!(ServerCommand::decode(&command.encode()), Some(command));
        }
    }
}
