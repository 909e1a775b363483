//! Finds the directives of a file, whatever they mean.

use super::directives::{self, Directive, Place};
use super::lex::{LexError, LexErrorKind, Lexer, TokenKind};
use super::values::suggestion;
use crate::diagnostic::{Diagnostic, Position, codes};
use crate::model::Dialect;

/// A file's text, normalised: without byte order mark and with LF line ends.
pub(crate) struct File<'a> {
    /// Its path, as messages show it.
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) dialect: Dialect,
}

impl File<'_> {
    pub(crate) fn position(&self, start: usize, end: usize) -> Position {
        Position::of(self.text, start, end)
    }
}

/// A directive in its file; offsets are into the file's text.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) directive: &'static Directive,
    pub(crate) arguments: &'a str,
    pub(crate) arguments_start: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: u32,
    /// Whether it stands after the first section directive.
    pub(crate) in_section: bool,
}

/// The directives of a file in order, and where SQL stands before the first section.
#[derive(Debug, Default)]
pub(crate) struct Scan<'a> {
    pub(crate) found: Vec<Found<'a>>,
    pub(crate) sql_before_section: Option<(usize, usize)>,
    /// The text could not be read to its end; sections after that point are unknown.
    pub(crate) broken: bool,
    /// A line that may have been meant as a section is none. It had its error; what it leaves missing needs no other.
    pub(crate) unclear: bool,
}

/// What the line comment is, seen as a directive.
enum Reading<'a> {
    Comment,
    /// Written as it should be: name and arguments.
    Directive(&'a str, &'a str),
    /// Meant as one but written otherwise; the text it should be.
    NearMiss(String),
}

fn read(comment: &str) -> Reading<'_> {
    if let Some(rest) = comment.strip_prefix("-- migrate:") {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        return Reading::Directive(&rest[..end], &rest[end..]);
    }
    let rest = comment.trim_start_matches('-').trim_start();
    let (head, tail) = match rest.get(..7) {
        Some(head) => (head, rest[7..].trim_start()),
        None => return Reading::Comment,
    };
    let Some(tail) = tail
        .strip_prefix(':')
        .filter(|_| head.eq_ignore_ascii_case("migrate"))
    else {
        return Reading::Comment;
    };
    let tail = tail.trim();
    let name = tail.split_whitespace().next().unwrap_or_default();
    let known = directives::ALL
        .iter()
        .any(|directive| directive.name.eq_ignore_ascii_case(name));
    if known {
        Reading::NearMiss(format!(
            "-- migrate:{}{}",
            name.to_lowercase(),
            &tail[name.len()..]
        ))
    } else {
        Reading::Comment
    }
}

/// Finds the directives of `file`. Faults go into `diagnostics`.
pub(crate) fn scan<'a>(file: &File<'a>, diagnostics: &mut Vec<Diagnostic>) -> Scan<'a> {
    let text = file.text;
    let mut scan = Scan::default();
    let mut in_section = false;
    let mut line = 1;
    let mut counted = 0;
    for token in Lexer::new(text, file.dialect) {
        let token = match token {
            Ok(token) => token,
            Err(error) => {
                diagnostics.push(unterminated(file, &error));
                scan.broken = true;
                break;
            }
        };
        match token.kind {
            TokenKind::LineComment => {}
            TokenKind::Whitespace | TokenKind::BlockComment | TokenKind::Semicolon => continue,
            _ => {
                if !in_section && scan.sql_before_section.is_none() {
                    scan.sql_before_section = Some((token.start, token.end));
                }
                continue;
            }
        }
        let comment = text[token.start..token.end].trim_end();
        let end = token.start + comment.len();
        let (name, arguments) = match read(comment) {
            Reading::Comment => continue,
            Reading::Directive(name, arguments) => (name, arguments),
            Reading::NearMiss(meant) => {
                let message = "this looks like a directive but is only a comment";
                diagnostics.push(
                    Diagnostic::error(&codes::MALFORMED_DIRECTIVE, file.path, message)
                        .at(file.position(token.start, end))
                        .help(format!("write `{meant}`")),
                );
                scan.unclear = true;
                continue;
            }
        };
        let name_start = token.start + "-- migrate:".len();
        let Some(directive) = directives::ALL.iter().copied().find(|known| known.name == name) else {
            diagnostics.push(unknown(file, name, name_start, arguments));
            scan.unclear = true;
            continue;
        };
        let line_start = text[..token.start].rfind('\n').map_or(0, |at| at + 1);
        if !text[line_start..token.start].trim().is_empty() {
            diagnostics.push(
                Diagnostic::error(
                    &codes::MISPLACED_DIRECTIVE,
                    file.path,
                    "a directive follows other text",
                )
                .at(file.position(token.start, end))
                .help("put it on a line of its own"),
            );
            scan.unclear = true;
            continue;
        }
        line += text[counted..token.start]
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count() as u32;
        counted = token.start;
        in_section |= directive.place == Place::Section;
        scan.found.push(Found {
            directive,
            arguments: arguments.trim_end(),
            arguments_start: end - arguments.len(),
            start: token.start,
            end,
            line,
            in_section,
        });
    }
    scan
}

fn unknown(file: &File<'_>, name: &str, start: usize, arguments: &str) -> Diagnostic {
    let names = || directives::ALL.iter().map(|directive| directive.name);
    let message = if name.is_empty() {
        let word = arguments.split_whitespace().next().unwrap_or_default();
        match names().find(|known| *known == word) {
            Some(known) => format!("write `-- migrate:{known}`, without a space"),
            None => "`-- migrate:` without the name of a directive".to_owned(),
        }
    } else {
        format!("there is no directive `{name}`{}", suggestion(name, names()))
    };
    Diagnostic::error(&codes::UNKNOWN_DIRECTIVE, file.path, message)
        .at(file.position(start, start + name.len()))
        .help(format!(
            "the directives are: {}",
            names().collect::<Vec<_>>().join(", ")
        ))
}

pub(crate) fn unterminated(file: &File<'_>, error: &LexError) -> Diagnostic {
    let (what, help) = match error.kind {
        LexErrorKind::UnterminatedString => ("string", "close it; a quote inside a string is written twice"),
        LexErrorKind::UnterminatedQuotedIdentifier => ("quoted name", "close the quote"),
        LexErrorKind::UnterminatedComment => ("comment", "close it with `*/`"),
        LexErrorKind::UnterminatedDollarQuote => ("dollar quote", "close it with the tag that opens it"),
    };
    Diagnostic::error(
        &codes::UNTERMINATED,
        file.path,
        format!("this {what} is not closed"),
    )
    .at(file.position(error.start, error.end))
    .label("it starts here")
    .help(help)
}
