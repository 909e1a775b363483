//! What is wrong with a migration file, and how a person is told.
//!
//! A [`Diagnostic`] knows its [`Code`], its place in a file and what to do about it. The derive turns it into a
//! compile error, a run-time source into an error, the command line prints it: the text is the same everywhere.

pub mod codes;
mod render;

use core::fmt;

pub use codes::Code;

use crate::model::Phase;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; nothing is refused.
    Warning,
    /// The set is refused.
    Error,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// How many characters of the line are meant; at least 1.
    pub length: u32,
    /// The line itself, without its end.
    pub text: String,
}

impl Position {
    /// The place of the bytes `start..end` of a file's text, cut at the end of its first line.
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        let start = floor_char_boundary(text, start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor_char_boundary(text, end.clamp(start, line_end));
        let line = text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1;
        Self {
            line: line as u32,
            column: text[line_start..start].chars().count() as u32 + 1,
            length: text[start..end].chars().count().max(1) as u32,
            text: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }
}

fn floor_char_boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// One finding: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of finding it is.
    pub code: &'static Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The file, relative to the crate or to the folder that was read; or the folder itself.
    pub path: String,
    /// The place in the file, where there is one.
    pub position: Option<Position>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// A word under the caret.
    pub label: Option<String>,
    /// Facts that explain it.
    pub notes: Vec<String>,
    /// What to do. May have several lines, SQL among them.
    pub help: Option<String>,
    /// The files to write instead, where they can be told exactly.
    pub replacement: Vec<ProposedFile>,
}

/// One file of a replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedFile {
    /// The change it is of, where it has to name one.
    pub change: Option<String>,
    /// Its phase.
    pub phase: Phase,
    /// Whether each of its statements has to commit by itself.
    pub per_statement: bool,
    /// The directives that its header needs beside those, whole, each on a line of its own.
    pub directive: Option<String>,
    /// Why it has no way back, where none is known.
    pub irreversible: Option<String>,
    /// Its SQL.
    pub sql: String,
    /// The section behind that, whole: the way back, or the check of what was moved.
    pub behind: Option<String>,
}

impl ProposedFile {
    /// One that says nothing beyond its phase and its SQL.
    pub(crate) fn new(phase: Phase, sql: impl Into<String>) -> Self {
        Self {
            change: None,
            phase,
            per_statement: false,
            directive: None,
            irreversible: None,
            sql: sql.into(),
            behind: None,
        }
    }

    /// Adds a directive to its header.
    pub(crate) fn say(&mut self, directive: &str) {
        match &mut self.directive {
            Some(lines) => {
                lines.push('\n');
                lines.push_str(directive);
            }
            None => self.directive = Some(directive.to_owned()),
        }
    }

    /// Whether its header has a directive of that name.
    pub(crate) fn says(&self, name: &str) -> bool {
        let start = format!("-- migrate:{name} ");
        self.directive
            .as_ref()
            .is_some_and(|lines| lines.lines().any(|line| line.starts_with(&start)))
    }
}

impl fmt::Display for ProposedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(change) = &self.change {
            writeln!(f, "-- migrate:change {change}")?;
        }
        write!(f, "-- migrate:phase {}", self.phase)?;
        if self.per_statement {
            f.write_str("\n-- migrate:transaction off")?;
        }
        if let Some(directive) = &self.directive {
            write!(f, "\n{directive}")?;
        }
        if let Some(why) = &self.irreversible {
            write!(f, "\n-- migrate:irreversible {why:?}")?;
        }
        write!(f, "\n-- migrate:up\n{}", self.sql)?;
        self.behind.iter().try_for_each(|behind| write!(f, "\n{behind}"))
    }
}

impl Diagnostic {
    /// An error in a file, with the help its code always gives.
    pub fn error(code: &'static Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            path: path.into(),
            position: None,
            message: message.into(),
            label: None,
            notes: Vec::new(),
            help: (!code.help.is_empty()).then(|| code.help.to_owned()),
            replacement: Vec::new(),
        }
    }

    /// A warning in a file, with the help its code always gives.
    pub fn warning(code: &'static Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, path, message)
        }
    }

    /// Puts it at a place.
    pub fn at(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Puts a word under the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a fact that explains it.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Replaces what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        render::render(self, f)
    }
}

/// The one of `known` that was probably meant by `given`.
///
/// Close means: at most a third of its length has to be edited, or one contains the other.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&given, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            let longer = name.chars().count().max(given.chars().count());
            *distance * 3 <= longer
                || (given.len() >= 3 && (name.starts_with(&given) || given.starts_with(name)))
        })
        // The beginning of a longer name is meant before another name is that is not just misspelt.
        .min_by_key(|(distance, name)| {
            (
                *distance > 2 && !name.to_lowercase().starts_with(&given),
                *distance,
            )
        })
        .map(|(_, name)| name)
}

/// The name that a slip of the pen would make of another: two letters at most, as in a plural.
pub fn slip<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // What differs in length by more is no slip, whatever is nearest.
    let length = given.chars().count();
    let close = |name: &&str| name.chars().count().abs_diff(length) <= 2;
    let near = nearest(given, known.into_iter().filter(close))?;
    let distance = strsim::damerau_levenshtein(&given.to_lowercase(), &near.to_lowercase());
    (distance <= 2 && distance * 3 <= near.chars().count()).then_some(near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_name_is_near() {
        let known = ["sync-not-null", "set-not-null-scan", "set-statistics"];
        assert_eq!(nearest("set-not-null", known), Some("set-not-null-scan"));
        assert_eq!(nearest("sync-notnull", known), Some("sync-not-null"));
        assert_eq!(nearest("user", ["user_roles", "users"]), Some("users"));
    }

    #[test]
    fn slips_are_near() {
        assert_eq!(slip("user", ["users", "orders"]), Some("users"));
        assert_eq!(slip("project__integration", ["project__inventory"]), None);
        assert_eq!(slip("cat", ["bit"]), None);
    }

    #[test]
    fn positions_count_characters() {
        let text = "añb\n  çx y\r\nlast";
        let at = text.find('x').unwrap();
        let position = Position::of(text, at, at + 100);
        assert_eq!(
            (position.line, position.column, position.length, &*position.text),
            (2, 4, 4, "  çx y")
        );
        assert_eq!(Position::of(text, 10_000, 10_000).line, 3);
        assert_eq!(Position::of("", 0, 0).column, 1);
    }

    #[test]
    fn nearest_names() {
        let known = ["phase", "change", "backfill"];
        assert_eq!(nearest("pahse", known), Some("phase"));
        assert_eq!(nearest("BACKFIL", known), Some("backfill"));
        assert_eq!(nearest("nothing", known), None);
    }
}
