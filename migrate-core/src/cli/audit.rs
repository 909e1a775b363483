//! `migrate audit`.

use std::io::Write;
use std::time::Duration;

use clap::Args;

use super::finding::with_statements;
use super::folder::Folder;
use super::format::Format;
use super::{FINE, Failure, WRONG, dialect_of, values};
use crate::diagnostic::{Severity, codes, nearest};
use crate::model::{Dialect, Layout, Phase, ServerVersion, Version};
use crate::rules::{Config, Level};
use crate::source::{Options, Runner, SourceFile};

/// Audit a folder of migrations, of this library or of another tool
///
/// Finds what blocks, breaks or loses something when it is run on a database in use: unsafe operations, missing ways
/// back and such that do not lead back, writes to whole tables, edited history.
///
/// Exit status: 0 without errors, 1 with errors, 2 if the audit could not run.
#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(flatten)]
    pub(super) folder: Folder,
    /// The dialect of the files: postgres, sqlite, mysql or mariadb; else what the database's URL says
    #[arg(long, value_parser = values::dialect)]
    pub(super) dialect: Option<Dialect>,
    /// The oldest server that the migrations have to run on, such as 14 or 10.6
    #[arg(long, value_name = "VERSION", value_parser = server_version)]
    since: Option<ServerVersion>,
    /// How the folder is laid out: native, sqlx, diesel, refinery, dbmate, or plain for every *.sql in name order [default: native]
    #[arg(long, value_parser = values::layout)]
    pub(super) layout: Option<Layout>,
    /// The last file that is history, by version or name: files up to it are not judged
    #[arg(long, value_name = "VERSION OR FILE")]
    pub(super) baseline: Option<String>,
    /// The phase of files that name none: expand, migrate or contract
    #[arg(long, default_value = "expand", value_parser = values::phase)]
    phase: Phase,
    /// The tool sends each statement on its own, instead of a file in one transaction
    #[arg(long)]
    autocommit: bool,
    /// Run the rules for style as well
    #[arg(long)]
    style: bool,
    /// The migrations start from an empty database: what they did not make does not exist
    #[arg(long)]
    strict: bool,
    /// Each file was deployed on its own: only tables made in the same file are new
    ///
    /// Else the tables of all judged files are new, because no database in use has them yet. This is for looking at a
    /// whole history.
    #[arg(long)]
    one_by_one: bool,
    /// Make findings of a rule errors
    #[arg(long, value_name = "RULE")]
    deny: Vec<String>,
    /// Make findings of a rule warnings
    #[arg(long, value_name = "RULE")]
    warn: Vec<String>,
    /// Do not report a rule
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
    /// How much younger than a change the newest file is when the change is reminded of its contract: 30d
    #[arg(long, value_name = "AGE", default_value = "90d", value_parser = age)]
    remind_after: Duration,
    /// How to report: text, json, github or sarif
    #[arg(long, default_value = "text", value_enum)]
    format: Format,
}

fn age(text: &str) -> Result<Duration, String> {
    Config::age(text).ok_or_else(|| "an age is written like 90d, 12w or 36h".to_owned())
}

fn server_version(text: &str) -> Result<ServerVersion, String> {
    text.parse()
        .map_err(|error: crate::model::ParseServerVersionError| error.to_string())
}

impl Audit {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        let dialect = dialect_of(self.dialect)?;
        if !crate::sql::supports(dialect) {
            return Err(Failure::new(format!(
                "this program was built without the analysis of {dialect}: build it with the feature `cli`"
            )));
        }
        let files = self.folder.files()?;
        let mut options = Options::new(dialect);
        options.layout = self.layout.unwrap_or(Layout::Native);
        if let Some(Err(message)) = self.since.map(|since| since.checked(dialect)) {
            return Err(Failure::new(format!("--since: {message}")));
        }
        options.since = self.since;
        options.phase = self.phase;
        options.runner = if self.autocommit {
            Runner::Autocommit
        } else {
            Runner::Tool
        };
        options.rules = Some(self.config()?);
        options.folder = self.folder.shown();
        options.baseline = self.baseline(&options, &files)?;
        let outcome = options.read(files);
        if let [only] = outcome.diagnostics.as_slice()
            && only.code == &codes::NO_FILES
        {
            return Err(Failure::new(format!("{}: {}", options.folder, only.message)));
        }
        let findings = with_statements(&outcome.set, &outcome.diagnostics);
        self.format.write(&findings, outcome.set.migrations.len(), out)?;
        if let Some(note) = not_in_use(outcome.spared) {
            match self.format {
                Format::Text => writeln!(out, "\n{note}")?,
                // A program reads the rest.
                _ => super::terminal::tell(&note.to_string()),
            }
        }
        let refused = |diagnostic: &crate::diagnostic::Diagnostic| diagnostic.severity == Severity::Error;
        Ok(if outcome.diagnostics.iter().any(refused) {
            WRONG
        } else {
            FINE
        })
    }

    fn config(&self) -> Result<Config, Failure> {
        let mut config = Config {
            style: self.style,
            strict: self.strict,
            new_in_same_file_only: self.one_by_one,
            remind_after: Some(self.remind_after),
            one_shot: true,
            ..Config::default()
        };
        for (names, level) in [
            (&self.deny, Level::Deny),
            (&self.warn, Level::Warn),
            (&self.allow, Level::Allow),
        ] {
            config
                .levels
                .extend(names.iter().map(|name| (name.clone(), level)));
        }
        let unknown = config.unknown_rules().next().map(super::explain::unknown);
        match unknown {
            Some(failure) => Err(failure),
            None => Ok(config),
        }
    }

    /// The version that `--baseline` names, itself or by its file.
    fn baseline(&self, options: &Options, files: &[SourceFile]) -> Result<Option<Version>, Failure> {
        let Some(given) = self.baseline.as_deref() else {
            return Ok(None);
        };
        if let Some(version) = options.version_of(files, given) {
            return Ok(Some(version));
        }
        let names = files.iter().map(|file| file.path.as_str());
        let hint = nearest(given, names).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        Err(Failure::new(format!(
            "no file in {} has the name or version `{given}`, the baseline{hint}",
            options.folder
        )))
    }
}

/// Says of how many statements more would be found, and how to have them judged.
fn not_in_use(spared: usize) -> Option<String> {
    let statements = match spared {
        0 => return None,
        1 => "1 statement was".to_owned(),
        more => format!("{more} statements were"),
    };
    Some(format!(
        "note: {statements} not judged as on tables in use, because these files make the tables: more would be found.\n\
         Where files are released, `--baseline <version or file>` names the last of them; `--one-by-one` takes each for \
         released before the next"
    ))
}
