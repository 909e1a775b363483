//! The command line: as a part of an application, or as the program `migrate`.
//!
//! An application that embeds its migrations hands over its migrator, whatever database that is for:
//!
//! ```no_run
//! # #[cfg(feature = "sqlite")]
//! # mod example {
//! # use migrate_core::{Migrator, Set, Sqlite};
//! # async fn settings() -> Result<(sqlx::SqlitePool, Set<Sqlite>), Box<dyn std::error::Error>> { unimplemented!() }
//! use std::process::ExitCode;
//!
//! // #[tokio::main]
//! async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
//!     let (pool, set) = settings().await?; // a pool made with `connect_lazy` lets `--help` work without a database
//!     let migrator = Migrator::new(pool, set).build();
//!     Ok(migrate_core::cli::run(migrator).await) // my-migrations up --all
//! }
//! # }
//! ```
//!
//! One that has commands of its own hands over what stands behind one of them, with [`run_from`].
//!
//! What was asked for goes to the standard output, as text or with `--format json`; progress, questions and errors go
//! to the standard error. The exit status:
//!
//! | status | means |
//! |---|---|
//! | 0 | done, or only waiting |
//! | 1 | failed, or something is wrong with what was looked at |
//! | 2 | could not start: usage, files, connection, or a question that nobody was there to answer |
//! | 3 | this build may not serve yet; or something waits, and `--strict` |

mod answer;
mod arguments;
mod audit;
mod bars;
mod commands;
#[cfg(all(feature = "program", feature = "sql"))]
mod connect;
mod example;
mod explain;
mod finding;
mod folder;
mod format;
mod interrupt;
mod lock;
mod new;
mod place;
mod show;
mod squash;
mod terminal;
mod values;
mod work;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Subcommand;

use self::answer::{Answer, Failure};
use self::arguments::{Called, Given};
use self::commands::DatabaseCommand;
use self::place::Place;
use self::terminal::Paint;
use crate::migrator::Migrator;
use crate::model::Dialect;
use crate::{json, time};

pub use bars::Bars;

/// Done, or nothing is wrong.
const FINE: u8 = 0;
/// Failed, or something is wrong with what was looked at.
const WRONG: u8 = 1;
/// The command could not do its work.
const UNABLE: u8 = 2;
/// This build may not serve yet, or something waits that must not.
const WAITING: u8 = 3;

// The commands that work on files only. A doc comment would become the description of the program.
#[derive(Debug, Subcommand)]
enum FileCommand {
    New(new::New),
    Lock(lock::Lock),
    Squash(squash::Squash),
    Explain(explain::Explain),
    Rules(explain::Rules),
    Audit(audit::Audit),
}

impl FileCommand {
    /// The same at the place that was named before the command, where it says nothing itself.
    fn at(mut self, before: Place) -> Self {
        let spoken = before.spoken();
        match &mut self {
            Self::New(new) => new.in_folder(before.dir, before.layout),
            Self::Lock(lock) => {
                lock.dialect = lock.dialect.or(spoken);
                lock.layout = lock.layout.or(before.layout);
                lock.folder.or(before.dir);
            }
            Self::Squash(squash) => {
                squash.dialect = squash.dialect.or(spoken);
                squash.folder.or(before.dir);
            }
            Self::Audit(audit) => {
                audit.dialect = audit.dialect.or(spoken);
                audit.layout = audit.layout.or(before.layout);
                audit.baseline = audit.baseline.take().or(before.baseline);
                audit.folder.or(before.dir);
            }
            Self::Explain(_) | Self::Rules(_) => {}
        }
        self
    }

    fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        match self {
            Self::New(new) => new.run(out),
            Self::Lock(lock) => lock.run(out),
            Self::Squash(squash) => squash.run(out),
            Self::Explain(explain) => explain.run(out),
            Self::Rules(rules) => rules.run(out),
            Self::Audit(audit) => audit.run(out),
        }
    }
}

/// Runs the command that the process was started with. For a program that is nothing but the command line of its
/// migrations; to be called within the runtime that the migrator's pool uses.
///
/// The migrator's own observer hears what happens, and so does the terminal. While a command runs, SIGINT and SIGTERM
/// stop it: a worker behind its batch, everything else at once, with what was not committed undone. A second one ends
/// the process.
pub async fn run(migrator: Migrator) -> ExitCode {
    run_from(migrator, std::env::args_os()).await
}

/// As [`run`], with arguments of the caller. The first one is what usage messages call the program.
///
/// ```no_run
/// # async fn example(migrator: migrate_core::Migrator) -> std::process::ExitCode {
/// // `service migrations up --all`: what follows `service` is `migrations up --all`.
/// let arguments = std::env::args_os().skip(1);
/// migrate_core::cli::run_from(migrator, arguments).await
/// # }
/// ```
///
/// # Cancellation
///
/// As the calls of the [`Migrator`] that the command makes.
pub async fn run_from(
    migrator: Migrator,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    match arguments::embedded(arguments) {
        Called::Files(command) => {
            // Its files are of the migrator's database, where nothing else is said.
            let own = Place {
                dialect: Some(migrator.set().dialect),
                layout: Some(migrator.set().layout),
                ..Place::default()
            };
            on_files(&command.at(own))
        }
        Called::Database(given) => on_database(given, |_| Ok(migrator)).await,
        Called::Answered(status) => ExitCode::from(status),
    }
}

/// The program `migrate`: reads the migrations from a folder, and connects by itself. The first argument is the name of
/// the program. To be called within a tokio runtime.
///
/// Without the feature `program`, only the commands that need no database do their work.
pub async fn program(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    match arguments::program(arguments) {
        Called::Files(command) => on_files(&command),
        Called::Database(given) => on_database(given, |given| connect(&given.place, Judged::of(given))).await,
        Called::Answered(status) => ExitCode::from(status),
    }
}

/// Whether the drafts of a folder are judged by the rules, and how warnings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    /// Nothing of the folder is going to be applied.
    Not,
    /// A line for each: whoever applies the files looks at them again and again.
    Briefly,
    /// As a compiler does.
    Fully,
}

impl Judged {
    fn of(given: &Given) -> Self {
        let work = given.command.work();
        match (work.applies(), work.repeats() && !given.output.verbose) {
            (false, _) => Judged::Not,
            (true, true) => Judged::Briefly,
            (true, false) => Judged::Fully,
        }
    }
}

#[cfg(all(feature = "program", feature = "sql"))]
fn connect(place: &Place, judged: Judged) -> Result<Migrator, Failure> {
    connect::migrator(place, judged)
}

#[cfg(not(all(feature = "program", feature = "sql")))]
fn connect(_: &Place, _: Judged) -> Result<Migrator, Failure> {
    Err(Failure::new(
        "this program was built without databases: build it with the feature `program`, and the feature of each \
         database: `postgres`, `sqlite`, `mysql`",
    ))
}

/// The dialect of files, which has to be known where they are read.
fn dialect_of(said: Option<Dialect>) -> Result<Dialect, Failure> {
    said.ok_or_else(|| {
        Failure::new(
            "of which dialect are the files? Say it with `--dialect` (postgres, sqlite, mysql, mariadb), or by the database's \
             URL: `--database-url` before the command, or DATABASE_URL in the environment",
        )
    })
}

fn on_files(command: &FileCommand) -> ExitCode {
    // Locked once: a long report is many small writes.
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let done = command.run(&mut out);
    // A reader that went away is no failure of the command.
    let _ = out.flush();
    ExitCode::from(done.unwrap_or_else(|failure| failure.tell(Paint::of_stderr(), false)))
}

async fn on_database(given: Given, migrator: impl FnOnce(&Given) -> Result<Migrator, Failure>) -> ExitCode {
    let paint = Paint::of_stderr();
    let answered = match migrator(&given) {
        Ok(migrator) => work::answer(&given, migrator).await,
        Err(failure) => Err(failure),
    };
    let answered = answered.and_then(|answer| into_file(&given, answer));
    let (text, status) = match answered {
        Ok(answer) => (answer.shown(given.output.format), answer.status),
        Err(failure) => {
            let text = failure.shown(given.output.format);
            (text, failure.tell(paint, given.output.verbose))
        }
    };
    let mut out = std::io::stdout().lock();
    // A reader that went away is no failure of the command.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::from(status)
}

/// Writes the answer into the file that was named, if one was, and answers with that.
fn into_file(given: &Given, answer: Answer) -> Result<Answer, Failure> {
    let Some(path) = given.command.work().output() else {
        return Ok(answer);
    };
    let path_shown = path.display().to_string();
    std::fs::write(path, answer.shown(given.output.format))
        .map_err(|error| Failure::wrong(format!("{path_shown} cannot be written: {error}")))?;
    let json = json::object([("written", json::text(&path_shown))]);
    Ok(Answer::new(format!("{path_shown} is written"), json).status(answer.status))
}

/// The commands on databases, for what lists them.
fn database_commands() -> clap::Command {
    DatabaseCommand::augment_subcommands(clap::Command::new("migrate"))
}
