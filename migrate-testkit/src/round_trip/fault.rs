//! What is wrong with a migration, told so that it is read once.

use std::fmt::{self, Write as _};

use migrate_core::facts::Difference;
use migrate_core::{Migration, Version};

use super::{FAULTS, RoundTrip};
use crate::error::Error;
use crate::server::is_kept;

/// Which of the three steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Up,
    Down,
    UpAgain,
}

impl Stage {
    /// When it is that something is seen.
    pub(super) fn place(self) -> &'static str {
        match self {
            Stage::Up => "after the up",
            Stage::Down => "after the down",
            Stage::UpAgain => "after the second up",
        }
    }
}

/// What went wrong in a step.
pub(super) enum Cause {
    /// It failed.
    Refused(migrate_core::Error),
    /// It was not done; what it waits for.
    NotApplied(Vec<String>),
    /// It was done, and the catalog is not what it has to be.
    Different(Difference),
}

/// A migration that does not make the round trip.
pub(super) struct Fault {
    pub(super) version: Version,
    pub(super) stage: Stage,
    name: String,
    /// The file and line of the section.
    place: String,
    cause: Cause,
    /// How to look at the database.
    client: String,
}

impl Fault {
    pub(super) fn new(migration: &Migration, stage: Stage, cause: Cause, client: String) -> Self {
        let section = match (stage, &migration.down) {
            (Stage::Down, Some(down)) => down,
            _ => &migration.up,
        };
        let line = section
            .statements
            .first()
            .map_or(section.line, |first| first.line);
        Self {
            version: migration.version,
            stage,
            name: migration.to_string(),
            place: format!("{}:{line}", section.path),
            cause,
            client,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, place, .. } = self;
        match (&self.cause, self.stage) {
            (Cause::Refused(error), stage) => {
                let what = match stage {
                    Stage::Up => "the up",
                    Stage::Down => "the down",
                    Stage::UpAgain => "the second up, after the down,",
                };
                writeln!(f, "{what} of {name} fails")?;
                writeln!(f, "{error}")?;
                match stage {
                    Stage::Up => writeln!(f, "  = help: make what it expects to be there with `prepare`")?,
                    Stage::Down => writeln!(
                        f,
                        "  = help: make the down undo what the up did, in reverse order"
                    )?,
                    Stage::UpAgain => writeln!(
                        f,
                        "  = help: the schema was as before the first up, so the difference is in the data: let the down \
                         take back the rows that the up wrote"
                    )?,
                }
            }
            (Cause::NotApplied(waits), _) => {
                writeln!(f, "{name} is not applied\n  --> {place}")?;
                for gate in waits {
                    writeln!(f, "  = waits: {gate}")?;
                }
                writeln!(
                    f,
                    "  = help: a round trip needs a database without tables of the set"
                )?;
            }
            (Cause::Different(difference), Stage::UpAgain) => {
                writeln!(
                    f,
                    "the second up of {name} makes another schema than the first\n  --> {place}"
                )?;
                writeln!(f, "after the first up (-) and after the second (+):")?;
                indented(f, difference)?;
                writeln!(
                    f,
                    "  = help: make the up independent of what was there before, such as the data and IF NOT EXISTS"
                )?;
            }
            (Cause::Different(difference), _) => {
                writeln!(f, "the down of {name} does not undo its up\n  --> {place}")?;
                writeln!(f, "before the up (-) and after the down (+):")?;
                indented(f, difference)?;
                writeln!(
                    f,
                    "  = help: add to the down what drops each `+` and restores each `-`, or declare the migration \
                     irreversible"
                )?;
            }
        }
        if is_kept() {
            write!(f, "  = note: the database is kept: {}", self.client)
        } else {
            write!(
                f,
                "  = note: MIGRATE_TESTKIT_KEEP=1 keeps the database, and this line then is the command that opens it"
            )
        }
    }
}

/// How many lines of a difference are shown: a view upon views upon the column that is missing has hundreds.
const LINES: usize = 60;

fn indented(f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let text = difference.to_string();
    for line in text.lines().take(LINES) {
        writeln!(f, "    {line}")?;
    }
    let all = text.lines().count();
    if all > LINES {
        writeln!(f, "    … and {} more lines", all - LINES)?;
    }
    Ok(())
}

/// The report, or all faults as one error.
pub(super) fn judge(report: RoundTrip, faults: &[Fault]) -> Result<RoundTrip, Error> {
    if faults.is_empty() {
        return Ok(report);
    }
    let plural = if faults.len() == 1 { "" } else { "s" };
    let mut text = format!(
        "the round trip of set `{}` on {} finds {} migration{plural} at fault",
        report.set,
        report.dialect,
        faults.len()
    );
    for (number, fault) in faults.iter().enumerate() {
        let _ = write!(text, "\n\n{}. {fault}", number + 1);
    }
    if faults.len() == FAULTS {
        text.push_str("\n\nmore were not looked for");
    }
    let _ = write!(text, "\n\nthe others: {}", report.summary());
    Err(Error::new(text))
}
