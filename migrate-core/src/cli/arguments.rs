//! What the arguments say, for an embedded command line and for the program.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum};

use super::commands::DatabaseCommand;
use super::place::Place;
use super::{FINE, FileCommand, UNABLE, database_commands};

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person
    Text,
    /// One JSON value
    Json,
    /// A page to be read and signed
    Markdown,
}

// A doc comment would become the description of every command.
#[derive(Clone, Debug, Args)]
pub(super) struct Output {
    /// How to answer: text, json for one JSON value on the standard output, or markdown where it is a document
    #[arg(long, default_value = "text", value_enum, hide_possible_values = true)]
    pub(super) format: Format,
    /// Tell every statement, and what lies behind an error
    #[arg(short, long, action = ArgAction::SetTrue)]
    pub(super) verbose: bool,
}

impl Output {
    /// What was said of it before the command and behind it.
    fn of(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (before, innermost) = (Self::from_arg_matches(matches)?, innermost(matches));
        let mut output = Self::from_arg_matches(innermost)?;
        output.verbose |= before.verbose;
        if innermost.value_source("format") != Some(ValueSource::CommandLine) {
            output.format = before.format;
        }
        Ok(output)
    }
}

/// A command on a database, with what was said beside it.
pub(super) struct Given {
    pub(super) command: DatabaseCommand,
    pub(super) output: Output,
    pub(super) place: Place,
}

/// What was asked for.
pub(super) enum Called {
    /// A command that needs no database.
    Files(FileCommand),
    /// One that does.
    Database(Given),
    /// Nothing more: help, or an error that was told, with its exit status.
    Answered(u8),
}

/// The arguments of an application's command line.
pub(super) fn embedded(arguments: Vec<OsString>) -> Called {
    let name = arguments.first().map(|first| {
        let path = std::path::Path::new(first);
        path.file_stem().unwrap_or(first).to_string_lossy().into_owned()
    });
    let command = Command::new("migrations").about("The migrations of this application");
    let command = match name {
        Some(name) => command.bin_name(name.clone()).display_name(name),
        None => command,
    };
    let command = with_subcommands(Output::augment_args(command), Output::augment_args);
    parsed(command, arguments, |_| Ok(None))
}

/// The arguments of the program `migrate`.
pub(super) fn program(arguments: Vec<OsString>) -> Called {
    let command = Command::new("migrate")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Database migrations that run while the service runs");
    // Where the database is, and how to answer, can be said before the command and behind it.
    let command = Place::augment_args(Output::augment_args(command));
    let command = with_subcommands(command, |command| {
        Place::augment_args(Output::augment_args(command))
    });
    parsed(command, arguments, |matches| {
        let (before, innermost) = (Place::from_arg_matches(matches)?, innermost(matches));
        if FileCommand::has_subcommand(matches.subcommand_name().unwrap_or_default()) {
            return Ok(Some(before));
        }
        Ok(Some(Place::from_arg_matches(innermost)?.or(before)))
    })
}

fn with_subcommands(command: Command, add: fn(Command) -> Command) -> Command {
    let command = command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true);
    let database: Vec<Command> = database_commands().get_subcommands().cloned().collect();
    let command = database
        .into_iter()
        .fold(command, |command, sub| command.subcommand(with_args(sub, add)));
    FileCommand::augment_subcommands(command)
}

/// Adds the arguments to the commands that have none below them.
fn with_args(mut command: Command, add: fn(Command) -> Command) -> Command {
    if !command.has_subcommands() {
        return add(command);
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        command = command.mut_subcommand(name, |sub| with_args(sub, add));
    }
    command
}

/// What was said of the command that has none below it.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    match matches.subcommand() {
        Some((_, below)) => innermost(below),
        None => matches,
    }
}

fn parsed(
    command: Command,
    arguments: Vec<OsString>,
    place: impl FnOnce(&ArgMatches) -> Result<Option<Place>, clap::Error>,
) -> Called {
    let called = command.try_get_matches_from(arguments).and_then(|matches| {
        let name = matches.subcommand_name().unwrap_or_default();
        if FileCommand::has_subcommand(name) {
            // How these answer is said behind them.
            if matches.value_source("format") == Some(ValueSource::CommandLine) {
                let message = format!("`--format` stands behind `{name}`, where that takes it\n");
                return Err(clap::Error::raw(ErrorKind::ArgumentConflict, message));
            }
            let command = FileCommand::from_arg_matches(&matches)?;
            return Ok(Called::Files(match place(&matches)? {
                Some(place) => command.at(place),
                None => command,
            }));
        }
        Ok(Called::Database(Given {
            command: DatabaseCommand::from_arg_matches(&matches)?,
            output: Output::of(&matches)?,
            place: place(&matches)?.unwrap_or_default(),
        }))
    });
    called.unwrap_or_else(|error| {
        // Help and the version were asked for; everything else is wrong.
        let asked_for = !error.use_stderr();
        let _ = error.print();
        Called::Answered(if asked_for { FINE } else { UNABLE })
    })
}
