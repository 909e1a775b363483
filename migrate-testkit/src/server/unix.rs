//! The system calls that `std` has no safe form of.
#![allow(
    unsafe_code,
    reason = "libc calls and the hook before main; nothing else in this crate is unsafe"
)]

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

pub(super) use libc::{SIGKILL, SIGQUIT, SIGTERM};

/// Turns a process that was started to supervise a server into the supervisor. In every other process it
/// reads one environment variable and returns.
#[ctor::ctor(unsafe)]
fn before_main() {
    if let Some(role) = std::env::var_os(super::supervisor::VARIABLE) {
        let status = super::supervisor::run(&role);
        // SAFETY: takes no pointers. `std::process::exit` would run exit handlers of a program that has
        // not started.
        unsafe { libc::_exit(status) }
    }
}

/// The user whose rights this process has.
pub(super) fn effective_uid() -> u32 {
    // SAFETY: takes nothing, cannot fail.
    unsafe { libc::geteuid() }
}

/// Leaves the session, so that neither Ctrl-C nor a test runner's signal to its process group arrives.
pub(super) fn new_session() {
    // SAFETY: takes no pointers. It fails only for the leader of a process group, who is out of reach already.
    unsafe { libc::setsid() };
}

/// Has the kernel send `signal` to the process to be started when the thread that starts it ends. Linux
/// only; elsewhere the reaper alone stops the server.
pub(super) fn die_with_parent(command: &mut Command, signal: i32) {
    #[cfg(target_os = "linux")]
    {
        let parent = std::process::id();
        let arrange = move || {
            // SAFETY: both calls take no pointers and are async-signal-safe.
            unsafe {
                if libc::prctl(libc::PR_SET_PDEATHSIG, signal as libc::c_ulong) != 0 {
                    return Err(io::Error::last_os_error());
                }
                if libc::getppid() as u32 != parent {
                    return Err(io::Error::from_raw_os_error(libc::ESRCH));
                }
            }
            Ok(())
        };
        // SAFETY: the closure only makes the two system calls above; it does not allocate.
        unsafe { command.pre_exec(arrange) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (command, signal);
}

/// Sends a signal; a process that is gone is fine.
pub(super) fn send(pid: u32, signal: i32) {
    // SAFETY: takes no pointers.
    unsafe { libc::kill(pid as libc::pid_t, signal) };
}

/// Whether the process runs. A zombie does not: in a container whose first process does not reap, it stays
/// for ever.
pub(super) fn is_running(pid: u32) -> bool {
    if let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The state follows the program's name, which is in parentheses and may contain some itself.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        return !matches!(state, Some('Z' | 'X'));
    }
    // SAFETY: takes no pointers; signal 0 only asks.
    cfg!(not(target_os = "linux")) && unsafe { libc::kill(pid as libc::pid_t, 0) } == 0
}

/// The free bytes of the tmpfs at `path`; none if something else is there.
pub(super) fn tmpfs_free_bytes(path: &Path) -> Option<u64> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let path = std::ffi::CString::new(path.as_os_str().as_bytes()).ok()?;
        let mut found = std::mem::MaybeUninit::<libc::statfs>::uninit();
        // SAFETY: the path ends in NUL, and `found` has room for the result.
        if unsafe { libc::statfs(path.as_ptr(), found.as_mut_ptr()) } != 0 {
            return None;
        }
        // SAFETY: the call succeeded, so it has filled `found`.
        let found = unsafe { found.assume_init() };
        let is_tmpfs = found.f_type as u64 == libc::TMPFS_MAGIC as u64;
        #[allow(
            clippy::unnecessary_cast,
            reason = "the fields' types differ between architectures"
        )]
        is_tmpfs.then(|| (found.f_bavail as u64).saturating_mul(found.f_bsize as u64))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}
