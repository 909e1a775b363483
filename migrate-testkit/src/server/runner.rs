//! What becomes of a test process whose runner was killed: it ends as well.
//!
//! `cargo test` and `cargo nextest` end their tests when they are interrupted, but cannot when they are killed. The tests
//! then would run on with nobody to read what they find, and keep their servers for as long.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::parent_id;
use std::path::Path;
use std::sync::Once;
use std::thread;
use std::time::Duration;

use super::unix;

const EVERY: Duration = Duration::from_millis(500);

/// Has this process end with its runner, if it has one.
pub(super) fn watch() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        if is_there() {
            let runner = parent_id();
            // Without the thread all works as well, only that a killed runner's tests go on to their end.
            let _ = thread::Builder::new()
                .name("testkit-runner".to_owned())
                .spawn(move || end_with(runner));
        }
    });
}

/// A process gets another parent when its own ends. The kernel's signal for that would not do: it is sent when the
/// *thread* ends that started the process.
fn end_with(runner: u32) {
    while parent_id() == runner {
        thread::sleep(EVERY);
    }
    let _ = writeln!(
        std::io::stderr(),
        "migrate-testkit: the test runner is gone, so this test process ends"
    );
    unix::send(std::process::id(), unix::SIGKILL);
}

/// Whether the parent is a test runner. `cargo run` is none: the program takes its place, and its parent is a shell, which
/// may end and let the program go on.
fn is_there() -> bool {
    let is_set = |variable| std::env::var_os(variable).is_some();
    is_set("NEXTEST") || (is_set("CARGO") && std::env::current_exe().is_ok_and(|program| is_test(&program)))
}

/// Where cargo puts test programs, but not examples and what else a person starts.
fn is_test(program: &Path) -> bool {
    program.parent().and_then(Path::file_name) == Some(OsStr::new("deps"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_programs_are_known_by_their_place() {
        assert!(is_test(Path::new("/p/target/debug/deps/it-0123456789abcdef")));
        assert!(!is_test(Path::new("/p/target/debug/examples/prove")));
        assert!(!is_test(Path::new("/p/target/debug/app")));
        assert!(is_test(&std::env::current_exe().unwrap()));
    }
}
