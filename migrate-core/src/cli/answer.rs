//! What a command on a database answers, or why it did not.

use super::arguments::Format;
use super::json::{object, optional, text};
use super::terminal::{Paint, tell};
use super::{UNABLE, WAITING, WRONG};
use crate::error::Error;

/// What a command answers.
pub(super) struct Answer {
    /// For a person.
    pub(super) text: String,
    /// The same for a program: one JSON value.
    pub(super) json: String,
    /// The same as a page, where the command has one.
    pub(super) markdown: Option<String>,
    /// The exit status.
    pub(super) status: u8,
}

impl Answer {
    /// An answer that is fine.
    pub(super) fn new(text: impl Into<String>, json: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            json: json.into(),
            markdown: None,
            status: super::FINE,
        }
    }

    /// The same with that exit status.
    pub(super) fn status(mut self, status: u8) -> Self {
        self.status = status;
        self
    }

    /// The same with a page.
    pub(super) fn page(mut self, markdown: String) -> Self {
        self.markdown = Some(markdown);
        self
    }

    /// What the standard output gets.
    pub(super) fn shown(&self, format: Format) -> String {
        let shown = match format {
            Format::Text => self.text.trim_end(),
            Format::Json => &self.json,
            Format::Markdown => self.markdown.as_deref().unwrap_or(&self.text).trim_end(),
        };
        if shown.is_empty() {
            String::new()
        } else {
            format!("{shown}\n")
        }
    }
}

/// Why a command did not do its work.
#[derive(Debug)]
pub(super) struct Failure {
    /// What happened, and what to do.
    message: String,
    status: u8,
    error: Option<Error>,
}

impl Failure {
    /// The command could not start.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: UNABLE,
            error: None,
        }
    }

    /// The command started, and did not come to its end.
    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self {
            status: WRONG,
            ..Self::new(message)
        }
    }

    /// An error of the migrator before anything was begun.
    pub(super) fn at_start(error: Error) -> Self {
        Self {
            status: UNABLE,
            ..Self::from(error)
        }
    }

    /// What the standard output gets: a program that reads it wants one JSON value in any case.
    pub(super) fn shown(&self, format: Format) -> String {
        if format != Format::Json {
            return String::new();
        }
        let error = self.error.as_ref();
        let number = |value: Option<u32>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
        let version = error.and_then(Error::version).map(|version| version.to_string());
        let fields = object([
            ("message", text(&self.message)),
            ("version", optional(version.as_deref())),
            ("file", optional(error.and_then(Error::path))),
            ("line", number(error.and_then(Error::line))),
            ("column", number(error.and_then(Error::column))),
        ]);
        format!("{}\n", object([("error", fields)]))
    }

    /// Tells a person, and gives the exit status.
    pub(super) fn tell(&self, paint: Paint, verbose: bool) -> u8 {
        tell(&format!("{} {}", paint.bad("error:"), self.message));
        let error = self.error.as_ref().filter(|_| verbose);
        for cause in error.map(Error::causes).into_iter().flatten() {
            tell(&format!("caused by: {cause}"));
        }
        self.status
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = if error.is_not_ready() {
            WAITING
        } else if error.is_configuration()
            || error.is_policy_refused()
            || error.is_server()
            || error.is_pooler()
        {
            UNABLE
        } else {
            WRONG
        };
        Self {
            message: error.to_string(),
            status,
            error: Some(error),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}
