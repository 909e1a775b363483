//! What a rule has found.

use super::Rule;
use crate::diagnostic::{ProposedFile, Severity};
use crate::model::Phase;
use crate::schema::Key;
use crate::sql::Span;

/// One finding of a rule.
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    /// The place in the statement.
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) notes: Vec<String>,
    pub(crate) help: Option<String>,
    pub(crate) replacement: Vec<ProposedFile>,
}

impl Finding {
    /// Makes it an error, whatever the rule says.
    pub(crate) fn error(&mut self) -> &mut Self {
        self.severity = Severity::Error;
        self
    }

    /// Makes it a warning, whatever the rule says.
    pub(crate) fn warning(&mut self) -> &mut Self {
        self.severity = Severity::Warning;
        self
    }

    /// The lock it takes and for how long.
    pub(crate) fn lock(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(format!("lock: {}", text.into()));
        self
    }

    /// Which build breaks, and how.
    pub(crate) fn breaks(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(format!("breaks: {}", text.into()));
        self
    }

    /// What to do, in words.
    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Adds a sentence to what to do.
    pub(crate) fn advise(&mut self, text: &str) -> &mut Self {
        match &mut self.help {
            Some(help) => {
                help.push('\n');
                help.push_str(text);
            }
            None => self.help = Some(text.to_owned()),
        }
        self
    }

    /// A file to write instead.
    pub(crate) fn file(&mut self, phase: Phase, sql: impl Into<String>) -> &mut Self {
        self.replacement.push(ProposedFile::new(phase, sql));
        self
    }

    /// A file to write instead, each statement of which commits by itself.
    pub(crate) fn steps(&mut self, phase: Phase, sql: impl Into<String>) -> &mut Self {
        self.file(phase, sql);
        if let Some(file) = self.replacement.last_mut() {
            file.per_statement = true;
        }
        self
    }

    /// A directive of the file that was told last.
    pub(crate) fn says(&mut self, directive: impl AsRef<str>) -> &mut Self {
        if let Some(file) = self.replacement.last_mut() {
            file.say(directive.as_ref());
        }
        self
    }

    /// The way back of the file that was told last, where its statements do not tell it.
    pub(crate) fn down(&mut self, sql: impl AsRef<str>) -> &mut Self {
        if let Some(file) = self.replacement.last_mut() {
            file.behind = Some(format!("-- migrate:down\n{}", sql.as_ref()));
        }
        self
    }

    /// Why the file that was told last has no way back.
    pub(crate) fn irreversible(&mut self, why: impl Into<String>) -> &mut Self {
        if let Some(file) = self.replacement.last_mut() {
            file.irreversible = Some(why.into());
        }
        self
    }

    /// A migrate file that moves the rows of a table in batches, by the columns of a key.
    pub(crate) fn backfill(&mut self, table: &Key, key: &str, sql: impl Into<String>) -> &mut Self {
        self.file(Phase::Migrate, sql)
            .says(format!("-- migrate:backfill table={table} key={key}"))
    }
}

/// Gathers the findings of one statement.
pub(crate) struct Findings<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) found: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// Reports something about a place in the statement. The message is one sentence without a full stop.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let index = self.found.len();
        self.found.push(Finding {
            rule: self.rule,
            severity: self.rule.severity,
            span,
            message: message.into(),
            notes: Vec::new(),
            help: None,
            replacement: Vec::new(),
        });
        &mut self.found[index]
    }

    /// Whether a finding of this statement is an error already.
    pub(crate) fn has_error(&self) -> bool {
        self.found
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// Whether the rule of that name has found an error in this statement.
    pub(crate) fn has_error_of(&self, rule: &str) -> bool {
        self.found
            .iter()
            .any(|finding| finding.severity == Severity::Error && finding.rule.name() == rule)
    }
}
