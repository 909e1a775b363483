//! Cuts a script into statements, the way the command line client of each database would.

mod atomic;
mod blocks;
mod compound;
mod delimiter;
mod trigger;

use super::lex::{LexError, Lexer, Token, TokenKind};
use crate::model::Dialect;
use blocks::Blocks;

/// Where a statement stands in its text: without terminator, and without white space and comments around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatementSpan {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset after its last byte.
    pub end: usize,
    /// The line of `start` within the text, from 1.
    pub line: u32,
}

impl StatementSpan {
    /// The statement within the text it was found in; empty for another text.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The statements of a script, in order.
///
/// Semicolons inside strings, comments, PostgreSQL parentheses and `BEGIN ATOMIC` bodies, SQLite triggers and the
/// compound statements of the MySQL family do not end a statement. In the MySQL family, `DELIMITER` lines are obeyed
/// and belong to no statement; under another delimiter a plain `;` still ends every statement that cannot have a body.
/// Empty statements are dropped; a last statement needs no terminator.
///
/// Not understood: psql and sqlite3 meta-commands, data lines after `COPY … FROM stdin`, and bodies in the `ORACLE`
/// mode of MariaDB, unless a `DELIMITER` line protects them.
///
/// # Errors
/// When the text ends within a string, a quoted identifier or a comment.
pub fn split(text: &str, dialect: Dialect) -> Result<Vec<StatementSpan>, LexError> {
    let mut splitter = Splitter {
        text,
        spans: Vec::new(),
        open: None,
        blocks: Blocks::new(dialect),
        lines: Lines {
            text,
            position: 0,
            line: 1,
        },
    };
    let mut lexer = Lexer::new(text, dialect);
    let mut delimiter = ";";
    while let Some(token) = lexer.next() {
        let token = token?;
        if token.kind.is_trivia() {
            continue;
        }
        let word = token.text(text);
        if dialect.is_mysql_family()
            && token.kind == TokenKind::Word
            && splitter.open.is_none()
            && let Some(directive) = delimiter::directive(text, token.start)
        {
            delimiter = directive.delimiter;
            lexer.resume_with_delimiter(directive.end, (delimiter != ";").then_some(delimiter));
            continue;
        }
        if token.kind == TokenKind::Semicolon && word == delimiter && delimiter != ";" {
            splitter.close();
        } else {
            splitter.take(token, delimiter == ";");
        }
    }
    splitter.close();
    Ok(splitter.spans)
}

struct Splitter<'a> {
    text: &'a str,
    spans: Vec<StatementSpan>,
    open: Option<StatementSpan>,
    blocks: Blocks,
    lines: Lines<'a>,
}

impl Splitter<'_> {
    fn take(&mut self, token: Token, semicolon_is_delimiter: bool) {
        let may_end = self.blocks.follow(token.kind, token.text(self.text));
        if token.kind == TokenKind::Semicolon {
            if may_end && (semicolon_is_delimiter || !self.blocks.in_body()) {
                self.close();
            }
            return;
        }
        match &mut self.open {
            Some(span) => span.end = token.end,
            None => {
                let line = self.lines.line_of(token.start);
                self.open = Some(StatementSpan {
                    start: token.start,
                    end: token.end,
                    line,
                });
            }
        }
    }

    fn close(&mut self) {
        self.spans.extend(self.open.take());
        self.blocks.reset();
    }
}

/// Counts lines once over the text, for positions that only grow.
struct Lines<'a> {
    text: &'a str,
    position: usize,
    line: u32,
}

impl Lines<'_> {
    fn line_of(&mut self, position: usize) -> u32 {
        let passed = self.text.get(self.position..position).unwrap_or("");
        self.line += u32::try_from(passed.matches('\n').count()).unwrap_or(0);
        self.position = position;
        self.line
    }
}
