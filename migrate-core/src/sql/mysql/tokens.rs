//! The tokens of a statement, executable comments opened, and a cursor over them.

use crate::model::Dialect;
use crate::script::lex::{Lexer, TokenKind};
use crate::sql::{Name, Span, Word};

/// A token that means something to the server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) span: Span,
}

impl Token<'_> {
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    pub(super) fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }

    pub(super) fn punct(&self, text: &str) -> bool {
        self.kind == TokenKind::Punct && self.text == text
    }

    /// Whether it can be a name.
    pub(super) fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Quoted)
    }

    /// The identifier or the string without its quotes.
    pub(super) fn value(&self) -> String {
        let inner = |mark: char| {
            let text = self.text.trim_start_matches(|c: char| c != mark);
            text.get(1..text.len().saturating_sub(1)).unwrap_or("").to_owned()
        };
        match self.kind {
            TokenKind::Quoted => inner('`').replace("``", "`"),
            TokenKind::String => {
                let mark = if self.text.ends_with('"') { '"' } else { '\'' };
                unescape(&inner(mark), mark)
            }
            _ => self.text.to_owned(),
        }
    }
}

fn unescape(text: &str, mark: char) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            _ if character == mark => {
                characters.next_if_eq(&mark);
                out.push(mark);
            }
            _ => out.push(character),
        }
    }
    out
}

/// The significant tokens of a statement; `None` where it ends within one.
pub(super) fn tokens(statement: &str, dialect: Dialect) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    read(statement, 0, dialect, &mut found)?;
    Some(found)
}

fn read<'a>(text: &'a str, offset: usize, dialect: Dialect, found: &mut Vec<Token<'a>>) -> Option<()> {
    for token in Lexer::new(text, dialect) {
        let token = token.ok()?;
        if token.kind.is_trivia() {
            continue;
        }
        let piece = token.text(text);
        if token.kind == TokenKind::ExecutableComment {
            // One comment does not stand in another, so this goes one level down and no further.
            if offset == 0
                && let Some((inner, at)) = executed(piece, dialect)
            {
                read(inner, offset + token.start + at, dialect, found)?;
            }
            continue;
        }
        let start = (offset + token.start) as u32;
        found.push(Token {
            kind: token.kind,
            text: piece,
            span: Span {
                start,
                end: start + piece.len() as u32,
            },
        });
    }
    Some(())
}

/// What the server runs of an executable comment, and where it starts in it.
///
/// MariaDB leaves out what names a version of MySQL that it has no equal of, 5.7 and later.
fn executed(comment: &str, dialect: Dialect) -> Option<(&str, usize)> {
    let opening = if comment.starts_with("/*M!") { 4 } else { 3 };
    let rest = comment.get(opening..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let digits = if digits >= 5 { digits.min(6) } else { 0 };
    let version: u32 = rest.get(..digits)?.parse().unwrap_or(0);
    let runs = match dialect {
        // A version of its own that is yet to come is how a dump hides a command of the client.
        Dialect::MariaDb => (!(50_700..100_000).contains(&version) || opening == 4) && version < 200_000,
        // The last number there can be is how a dump hides what no server is to run.
        _ => version < 99_000,
    };
    let inner = rest.get(digits..)?;
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    runs.then_some((inner, opening + digits))
}

/// A cursor over tokens. Copying it is how to look ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a, 's> {
    pub(super) text: &'s str,
    pub(super) rest: &'a [Token<'s>],
    /// Where the token before ended.
    pub(super) last: u32,
}

impl<'a, 's> Cursor<'a, 's> {
    pub(super) fn new(text: &'s str, tokens: &'a [Token<'s>]) -> Self {
        Self {
            text,
            rest: tokens,
            last: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<&'a Token<'s>> {
        self.rest.first()
    }

    pub(super) fn done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<&'a Token<'s>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.last = first.span.end;
        Some(first)
    }

    /// The place of what comes next.
    pub(super) fn start(&self) -> u32 {
        self.peek().map_or(self.last, |token| token.span.start)
    }

    /// From a place to the token just read.
    pub(super) fn since(&self, start: u32) -> Span {
        Span {
            start,
            end: self.last.max(start),
        }
    }

    pub(super) fn at(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|token| token.is(keyword))
    }

    pub(super) fn at_any(&self, keywords: &[&str]) -> bool {
        self.peek().is_some_and(|token| token.is_any(keywords))
    }

    pub(super) fn at_punct(&self, punct: &str) -> bool {
        self.peek().is_some_and(|token| token.punct(punct))
    }

    pub(super) fn eat(&mut self, keyword: &str) -> bool {
        let found = self.at(keyword);
        if found {
            self.next();
        }
        found
    }

    pub(super) fn eat_any(&mut self, keywords: &[&str]) -> bool {
        let found = self.at_any(keywords);
        if found {
            self.next();
        }
        found
    }

    /// Moves past these keywords if all of them follow, else not at all.
    pub(super) fn eat_all(&mut self, keywords: &[&str]) -> bool {
        let mut ahead = *self;
        let all = keywords.iter().all(|keyword| ahead.eat(keyword));
        if all {
            *self = ahead;
        }
        all
    }

    pub(super) fn eat_punct(&mut self, punct: &str) -> bool {
        let found = self.at_punct(punct);
        if found {
            self.next();
        }
        found
    }

    /// The tokens between the parenthesis here and its partner, which is passed.
    pub(super) fn group(&mut self) -> Option<Cursor<'a, 's>> {
        if !self.at_punct("(") {
            return None;
        }
        let mut depth = 0_u32;
        for (index, token) in self.rest.iter().enumerate() {
            if token.punct("(") {
                depth += 1;
            } else if token.punct(")") {
                depth -= 1;
                if depth == 0 {
                    let inner = Cursor {
                        text: self.text,
                        rest: &self.rest[1..index],
                        last: self.rest[0].span.end,
                    };
                    self.last = token.span.end;
                    self.rest = &self.rest[index + 1..];
                    return Some(inner);
                }
            }
        }
        None
    }

    /// Moves past one token, or past a whole pair of parentheses.
    pub(super) fn skip(&mut self) {
        if self.at_punct("(") && self.group().is_some() {
            return;
        }
        self.next();
    }

    /// The pieces between the commas outside parentheses.
    pub(super) fn items(self) -> Vec<Cursor<'a, 's>> {
        let mut items = Vec::new();
        if self.done() {
            return items;
        }
        let (mut depth, mut from, mut last) = (0_u32, 0, self.last);
        for (index, token) in self.rest.iter().enumerate() {
            if token.punct("(") {
                depth += 1;
            } else if token.punct(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.punct(",") {
                items.push(Cursor {
                    rest: &self.rest[from..index],
                    last,
                    ..self
                });
                from = index + 1;
                last = token.span.end;
            }
        }
        items.push(Cursor {
            rest: &self.rest[from..],
            last,
            ..self
        });
        items
    }

    /// The place of all the tokens left.
    pub(super) fn span(&self) -> Span {
        let start = self.start();
        Span {
            start,
            end: self.rest.last().map_or(start, |token| token.span.end),
        }
    }

    /// An identifier that the server compares without case: columns, indexes, constraints.
    pub(super) fn word(&mut self) -> Option<Word> {
        let token = self.peek().filter(|token| token.is_name())?;
        self.next();
        Some(Word {
            text: token.value().to_lowercase(),
            span: token.span,
        })
    }

    /// A column that may be written with its table before it.
    pub(super) fn column(&mut self) -> Option<Word> {
        let mut word = self.word()?;
        while self.eat_punct(".") {
            word = self.word()?;
        }
        Some(word)
    }

    /// The name of a table or a view, whose case counts on most servers.
    pub(super) fn name(&mut self) -> Option<Name> {
        let first = self.peek().filter(|token| token.is_name())?;
        self.next();
        if !self.at_punct(".") {
            return Some(Name {
                schema: None,
                name: first.value(),
                span: first.span,
            });
        }
        self.next();
        let second = self.peek().filter(|token| token.is_name())?;
        self.next();
        Some(Name {
            schema: Some(first.value()),
            name: second.value(),
            span: Span {
                start: first.span.start,
                end: second.span.end,
            },
        })
    }

    /// `IF EXISTS`.
    pub(super) fn if_exists(&mut self) -> bool {
        self.eat_all(&["if", "exists"])
    }

    /// `IF NOT EXISTS`.
    pub(super) fn if_not_exists(&mut self) -> bool {
        self.eat_all(&["if", "not", "exists"])
    }

    /// `= value` or `value`: a word, a string or a number.
    pub(super) fn setting(&mut self) -> Option<String> {
        self.eat_punct("=");
        self.next().map(Token::value)
    }
}
