//! What a check found, told so that it is read once and says what to do.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

use migrate_core::model::Section;
use migrate_core::{Dialect, Migration};

use super::Prove;
use crate::database::TestKind;
use crate::error::Error;
use crate::round_trip::{RoundTrip, StepOutcome};
use crate::server::is_kept;

/// How many lines of one finding are shown.
const LINES: usize = 40;

/// How many findings are shown in full. One migration may break a hundred queries.
const SHOWN: usize = 20;

/// How much of a gap the line of a passing test shows.
const WIDTH: usize = 160;

/// What a check found to be right.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The check.
    pub check: &'static str,
    /// The set.
    pub set: String,
    /// The dialect of the set.
    pub dialect: Dialect,
    /// What was done, in a few words.
    pub summary: String,
    /// What is worth knowing.
    pub notes: Vec<String>,
    /// What was left out, or tried on less than it should be. [`Prove::strict`] makes faults of these.
    pub unproved: Vec<String>,
    /// Why there was nothing to check at all, if so: the set has nothing of the kind.
    pub nothing: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl From<RoundTrip> for Proof {
    fn from(report: RoundTrip) -> Self {
        let crossed = report.crossed_once().count();
        let mut notes = Vec::new();
        let nothing = match report.steps.len() {
            0 => Some("no migration is newer than what is history".to_owned()),
            all if all == crossed => Some("no migration has a down".to_owned()),
            _ => None,
        };
        let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for step in &report.steps {
            let name = format!("{} {}", step.version, step.name);
            notes.extend(step.notes.iter().map(|note| format!("{name}: {note}")));
            if let StepOutcome::CrossedOnce(reason) = &step.outcome {
                reasons.entry(reason).or_default().push(name);
            }
        }
        for (reason, names) in reasons {
            notes.push(match &names[..] {
                [first, .., last] if names.len() > 3 => {
                    format!("crossed once, {reason}: {} from {first} to {last}", names.len())
                }
                names => format!("crossed once, {reason}: {}", names.join(", ")),
            });
        }
        Self {
            check: "round trip",
            summary: format!(
                "{} migrations up, down and up again, {crossed} crossed once",
                report.steps.len() - crossed
            ),
            set: report.set,
            dialect: report.dialect,
            notes,
            unproved: Vec::new(),
            nothing,
            took: report.took,
        }
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            check,
            set,
            dialect,
            summary,
            ..
        } = self;
        write!(
            f,
            "{check} of set `{set}` on {dialect}: {summary} ({:.1} s)",
            self.took.as_secs_f64()
        )?;
        if let Some(why) = &self.nothing {
            write!(f, "\n  nothing to check: {why}")?;
        }
        for gap in &self.unproved {
            write!(f, "\n  not proved: {}", gap.replace('\n', "\n    "))?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {}", note.replace('\n', "\n    "))?;
        }
        Ok(())
    }
}

impl Proof {
    /// What a test that passes has to say about what it did not prove, on one line.
    pub(crate) fn shortfall(&self) -> Option<String> {
        let mut line = match (&self.nothing, self.unproved.first()) {
            (_, Some(gap)) => format!("not proved: {}", first_line(gap)),
            (Some(why), None) => format!("nothing to check: {why}"),
            (None, None) => return None,
        };
        if self.unproved.len() > 1 {
            let _ = write!(
                line,
                "; and {} more, which `-- --nocapture` shows",
                self.unproved.len() - 1
            );
        }
        Some(line)
    }
}

/// What fits on a line that nobody asked for.
fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    let start: String = line.chars().take(WIDTH).collect();
    format!("{start}…")
}

/// What is said of a table for which the generator finds no rows.
pub(crate) fn no_rows(table: &str, why: &str) -> String {
    format!("{table} has no rows: the generator finds none that it takes ({why}). Give some with `rows`")
}

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// What is wrong, on one line.
    pub(crate) title: String,
    /// File and line.
    pub(crate) place: Option<String>,
    /// What was seen.
    pub(crate) body: String,
    /// What to do.
    pub(crate) help: String,
    /// The command that opens the database, where it shows something.
    pub(crate) client: Option<String>,
}

impl Finding {
    pub(crate) fn new(title: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            place: None,
            body: String::new(),
            help: help.into(),
            client: None,
        }
    }

    pub(crate) fn at(mut self, section: &Section) -> Self {
        let line = section
            .statements
            .first()
            .map_or(section.line, |first| first.line);
        self.place = Some(format!("{}:{line}", section.path));
        self
    }

    pub(crate) fn at_line(mut self, section: &Section, line: u32) -> Self {
        self.place = Some(format!("{}:{line}", section.path));
        self
    }

    pub(crate) fn body(mut self, body: impl fmt::Display) -> Self {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
        let _ = write!(self.body, "{body}");
        self
    }

    pub(crate) fn client(mut self, client: String) -> Self {
        self.client = Some(client);
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)?;
        if let Some(place) = &self.place {
            write!(f, "\n  --> {place}")?;
        }
        // What the database said comes last, and a long query before it must not hide it.
        let lines: Vec<&str> = self.body.lines().collect();
        let said = lines.iter().rposition(|line| line.starts_with("=> "));
        let end = said.filter(|at| lines.len() - at < LINES).unwrap_or(lines.len());
        let shown = end.min(LINES - (lines.len() - end));
        for line in &lines[..shown] {
            write!(f, "\n    {line}")?;
        }
        if shown < end {
            write!(f, "\n    … and {} more lines", end - shown)?;
        }
        for line in &lines[end..] {
            write!(f, "\n    {line}")?;
        }
        write!(f, "\n  = help: {}", self.help)?;
        match &self.client {
            Some(client) if is_kept() => write!(f, "\n  = note: the database is kept: {client}"),
            Some(_) => write!(
                f,
                "\n  = note: MIGRATE_TESTKIT_KEEP=1 keeps the database, and this line then is the command that opens it"
            ),
            None => Ok(()),
        }
    }
}

/// What a check gathers.
pub(crate) struct Findings {
    check: &'static str,
    set: String,
    dialect: Dialect,
    found: Vec<Finding>,
    pub(crate) notes: Vec<String>,
    /// What was not proved.
    gaps: Vec<String>,
    nothing: Option<String>,
    strict: bool,
    started: std::time::Instant,
    /// Whether more may be wrong than was looked for.
    stopped: bool,
}

impl Findings {
    pub(crate) fn new<K: TestKind>(check: &'static str, prove: &Prove<K>) -> Self {
        Self {
            check,
            set: prove.set.name.to_string(),
            dialect: prove.set.dialect,
            found: Vec::new(),
            notes: Vec::new(),
            gaps: Vec::new(),
            nothing: None,
            strict: prove.is_strict(),
            started: std::time::Instant::now(),
            stopped: false,
        }
    }

    /// The set has nothing of what this check is about.
    pub(crate) fn nothing(mut self, why: impl Into<String>) -> Self {
        self.nothing = Some(why.into());
        self
    }

    /// Something was left out, or tried on less than it should be.
    pub(crate) fn gap(&mut self, what: impl Into<String>) {
        let what = what.into();
        self.gaps.retain(|other| *other != what);
        self.gaps.push(what);
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    pub(crate) fn note(&mut self, migration: &Migration, note: impl fmt::Display) {
        let note = format!("{migration}: {note}");
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Whether there are so many that more would not be read. Who asks stops there.
    pub(crate) fn is_full(&mut self) -> bool {
        self.stopped = self.found.len() >= SHOWN;
        self.stopped
    }

    /// The proof, or everything that was found as one error.
    pub(crate) fn judge(mut self, summary: String) -> Result<Proof, Error> {
        if self.strict {
            for gap in std::mem::take(&mut self.gaps) {
                let (title, body) = gap.split_once('\n').unwrap_or((&gap, ""));
                let help =
                    "give the check what it lacks; it fails because of `strict`, or MIGRATE_TESTKIT_STRICT=1";
                self.found
                    .push(Finding::new(format!("not proved: {title}"), help).body(body));
            }
        }
        if self.found.is_empty() {
            return Ok(Proof {
                check: self.check,
                set: self.set,
                dialect: self.dialect,
                summary,
                notes: self.notes,
                unproved: self.gaps,
                nothing: self.nothing,
                took: self.started.elapsed(),
            });
        }
        let plural = if self.found.len() == 1 { "" } else { "s" };
        let mut text = format!(
            "{} of set `{}` on {}: {} finding{plural}",
            self.check,
            self.set,
            self.dialect,
            self.found.len()
        );
        for (number, finding) in self.found.iter().enumerate().take(SHOWN) {
            let _ = write!(text, "\n\n{}. {finding}", number + 1);
        }
        if self.found.len() > SHOWN {
            text.push_str("\n\nand in short:");
        }
        for (number, finding) in self.found.iter().enumerate().skip(SHOWN) {
            let _ = write!(text, "\n{}. {}", number + 1, finding.title);
        }
        if self.stopped {
            text.push_str("\n\nmore were not looked for");
        }
        let _ = write!(text, "\n\nlooked at: {summary}");
        for gap in &self.gaps {
            let _ = write!(text, "\nnot proved: {gap}");
        }
        for note in &self.notes {
            let _ = write!(text, "\nnote: {note}");
        }
        Err(Error::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_said_is_shown_behind_a_long_query() {
        let query: String = (0..90).map(|line| format!("line {line}\n")).collect();
        let finding = Finding::new("title", "help")
            .body(query.trim_end())
            .body("=> no such column");
        let text = finding.to_string();
        let end = "    line 38\n    … and 51 more lines\n    => no such column\n  = help: help";
        assert!(text.ends_with(end), "{text}");
        let said = format!("=> {query}");
        let text = Finding::new("title", "help").body(said).to_string();
        assert!(text.contains("… and 50 more lines"), "{text}");
    }
}
