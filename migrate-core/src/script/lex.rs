//! The dialect-aware SQL lexer: cuts a text into tokens that tile it exactly.
//!
//! It knows what can hide a semicolon (strings, quoted identifiers, dollar quotes, comments) the way the server of
//! each dialect sees it, and nothing about grammar. Server modes that change lexing (`ANSI_QUOTES`,
//! `NO_BACKSLASH_ESCAPES`, `standard_conforming_strings = off`) are not followed: a file must mean the same everywhere. The
//! analysis reads a file that sets ANSI_QUOTES itself as if its names stood in backticks.
//!
//! It runs unoptimised inside proc macros, so it works on bytes and allocates nothing.

mod scan;

use core::fmt;

use crate::model::Dialect;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A keyword or an unquoted identifier.
    Word,
    /// A quoted identifier: `"…"`, `` `…` `` or `[…]`, as the dialect has them; PostgreSQL's `U&"…"` too.
    Quoted,
    /// A string literal of any form, prefix included: `'…'`, `E'…'`, `X'…'`, `$tag$…$tag$`, MySQL's `"…"`.
    String,
    /// A numeric literal without its sign.
    Number,
    /// An operator or a single character of punctuation.
    Punct,
    /// `;`, or the delimiter that a `DELIMITER` line set.
    Semicolon,
    /// `-- …` (and MySQL's `# …`) without the line end.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// A run of white space, line ends included.
    Whitespace,
    /// A parameter or variable: `$1`, `?`, `:name`, `@name`, as the dialect has them.
    Parameter,
    /// `/*! … */` and MariaDB's `/*M! … */`: code to the server, kept whole.
    ExecutableComment,
}

impl TokenKind {
    /// Whether the server ignores the token: white space and comments.
    pub const fn is_trivia(self) -> bool {
        matches!(
            self,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment
        )
    }
}

/// A token: its kind and its byte offsets in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset after its last byte.
    pub end: usize,
}

impl Token {
    /// The token's text within the text it was read from; empty if it was read from another one.
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// What is missing at the end of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LexErrorKind {
    /// The closing quote of a string literal.
    UnterminatedString,
    /// The closing quote of an identifier.
    UnterminatedQuotedIdentifier,
    /// The `*/` of a comment.
    UnterminatedComment,
    /// The second `$tag$` of a dollar-quoted string.
    UnterminatedDollarQuote,
}

/// A token that the text ends within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LexError {
    /// What is missing.
    pub kind: LexErrorKind,
    /// Offset of the opening token: the quote with its prefix, `/*`, or `$tag$`.
    pub start: usize,
    /// Offset after the opening token.
    pub end: usize,
}

impl fmt::Display for LexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            LexErrorKind::UnterminatedString => "this string is never closed",
            LexErrorKind::UnterminatedQuotedIdentifier => "this quoted identifier is never closed",
            LexErrorKind::UnterminatedComment => "this comment is never closed",
            LexErrorKind::UnterminatedDollarQuote => "this dollar-quoted string is never closed",
        })
    }
}

impl core::error::Error for LexError {}

/// Iterates over the tokens of a text. The tokens tile it: each starts where the one before ended, up to the end of
/// the text or the start of the error, after which there is nothing more.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a str,
    dialect: Dialect,
    position: usize,
    /// What a `DELIMITER` line made the statement terminator, if it is not `;`.
    delimiter: Option<&'a str>,
    continuation: Continuation,
    /// Whether the token before was a name: then a dot qualifies and does not start a number.
    after_name: bool,
}

/// PostgreSQL joins string literals that only white space with a line end separates, and the first one's prefix
/// decides how the next ones are read: in `E'a'⏎'b\''` the backslash escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Continuation {
    No,
    AfterEscapeString,
    NextLineAfterEscapeString,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of `text`.
    pub const fn new(text: &'a str, dialect: Dialect) -> Self {
        Lexer {
            text,
            dialect,
            position: 0,
            delimiter: None,
            continuation: Continuation::No,
            after_name: false,
        }
    }

    /// Continues at `position`, which must be a character boundary, with another statement terminator.
    pub(super) fn resume_with_delimiter(&mut self, position: usize, delimiter: Option<&'a str>) {
        self.position = position;
        self.delimiter = delimiter;
        self.continuation = Continuation::No;
        self.after_name = false;
    }

    fn follow(&mut self, token: Token) {
        let kind = token.kind;
        self.after_name = matches!(kind, TokenKind::Word | TokenKind::Quoted);
        if kind == TokenKind::String && self.dialect == Dialect::Postgres {
            let continued = self.continuation == Continuation::NextLineAfterEscapeString;
            self.continuation = match continued || token.text(self.text).starts_with(['e', 'E']) {
                true => Continuation::AfterEscapeString,
                false => Continuation::No,
            };
        } else if self.continuation != Continuation::No {
            match kind {
                TokenKind::Whitespace if token.text(self.text).contains(['\n', '\r']) => {
                    self.continuation = Continuation::NextLineAfterEscapeString;
                }
                TokenKind::Whitespace | TokenKind::LineComment => {}
                _ => self.continuation = Continuation::No,
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Result<Token, LexError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.position;
        if start >= self.text.len() {
            return None;
        }
        Some(match self.token_at(start) {
            Ok((kind, end)) => {
                self.position = end;
                let token = Token { kind, start, end };
                self.follow(token);
                Ok(token)
            }
            Err(error) => {
                self.position = self.text.len();
                Err(error)
            }
        })
    }
}
