//! The command line: as the program `migrate`, or as a part of another program.
//!
//! ```no_run
//! // A service with commands of its own hands over what stands behind `service migrations`.
//! let arguments = std::env::args_os().skip(1);
//! let status = migrate_core::cli::run(arguments, &mut std::io::stdout(), &mut std::io::stderr());
//! std::process::exit(i32::from(status));
//! ```
//!
//! Exit status: 0 if nothing is wrong, 1 if something is, 2 if the command could not do its work.

mod audit;
mod explain;
mod finding;
mod format;
mod json;
mod lock;
mod new;
mod time;
mod values;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Database migrations that run while the service runs.
#[derive(Debug, Parser)]
#[command(name = "migrate", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Lock(lock::Lock),
    Explain(explain::Explain),
    Rules(explain::Rules),
    Audit(audit::Audit),
}

/// Nothing is wrong.
const FINE: u8 = 0;
/// Something is wrong with what was looked at.
const WRONG: u8 = 1;
/// The command could not do its work.
const FAILED: u8 = 2;

/// Why a command could not do its work, as one sentence with what to do.
#[derive(Debug)]
struct Failure(String);

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Runs the program with its own arguments, and gives its exit status.
pub fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1);
    // Locked once: a long report is many small writes.
    let out = std::io::stdout().lock();
    let mut out = std::io::BufWriter::new(out);
    let status = run(arguments, &mut out, &mut std::io::stderr());
    ExitCode::from(status)
}

/// Runs a command; `arguments` are without the name of the program. Does blocking file I/O.
///
/// What is asked for goes to `out`, why it cannot be done to `err`. Gives the exit status. A reader that went away is
/// no failure of the command.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let arguments = arguments.into_iter().map(Into::into);
    let cli = match Cli::try_parse_from(std::iter::once(OsString::from("migrate")).chain(arguments)) {
        Ok(cli) => cli,
        Err(error) => {
            // Asked for, such as help and version, or wrong.
            let asked_for = !error.use_stderr();
            let to: &mut dyn Write = if asked_for { out } else { err };
            let _ = write!(to, "{error}").and_then(|()| to.flush());
            return if asked_for { FINE } else { FAILED };
        }
    };
    let done = match &cli.command {
        Command::New(new) => new.run(out),
        Command::Lock(lock) => lock.run(out),
        Command::Explain(explain) => explain.run(out),
        Command::Rules(rules) => rules.run(out),
        Command::Audit(audit) => audit.run(out),
    };
    let _ = out.flush();
    match done {
        Ok(status) => status,
        Err(Failure(message)) => {
            let _ = writeln!(err, "error: {message}");
            FAILED
        }
    }
}
