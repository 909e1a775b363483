//! The tokens of a statement, and a place among them.

use crate::model::Dialect;
use crate::script::lex::{Lexer, Token, TokenKind};
use crate::sql::{Name, Span, Word};

/// The tokens that mean something; `None` where the text cannot be cut into tokens.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    for token in Lexer::new(text, Dialect::Sqlite) {
        let token = token.ok()?;
        if !token.kind.is_trivia() && token.kind != TokenKind::Semicolon {
            tokens.push(token);
        } else if token.kind == TokenKind::Semicolon {
            // The semicolons of a trigger's body count, the one that ends a statement does not.
            tokens.push(token);
        }
    }
    while tokens
        .last()
        .is_some_and(|last| last.kind == TokenKind::Semicolon)
    {
        tokens.pop();
    }
    Some(tokens)
}

/// A range of tokens.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The place of the whole range.
    pub(super) fn span(&self) -> Span {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => Span {
                start: first.start as u32,
                end: last.end as u32,
            },
            _ => Span::default(),
        }
    }

    /// The text of the whole range.
    pub(super) fn source(&self) -> &'a str {
        self.span().of(self.text)
    }

    /// How deep brackets are nested.
    pub(super) fn depth(&self) -> usize {
        let (mut now, mut most) = (0_usize, 0);
        for index in 0..self.tokens.len() {
            match self.text_at(index) {
                "(" => now += 1,
                ")" => now = now.saturating_sub(1),
                _ => {}
            }
            most = most.max(now);
        }
        most
    }

    pub(super) fn text_at(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.text(self.text))
    }

    /// The text of a token that is a bare word.
    pub(super) fn word_at(&self, index: usize) -> Option<&'a str> {
        let token = self.tokens.get(index)?;
        (token.kind == TokenKind::Word).then(|| token.text(self.text))
    }

    pub(super) fn kind_at(&self, index: usize) -> Option<TokenKind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    pub(super) fn span_at(&self, index: usize) -> Span {
        self.tokens.get(index).map_or_else(Span::default, |token| Span {
            start: token.start as u32,
            end: token.end as u32,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn is_at(&self, index: usize, word: &str) -> bool {
        self.word_at(index)
            .is_some_and(|text| text.eq_ignore_ascii_case(word))
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.is_at(0, word)
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    pub(super) fn starts_with(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(index, word)| self.is_at(index, word))
    }

    /// Whether a bare word stands anywhere.
    pub(super) fn mentions(&self, word: &str) -> bool {
        (0..self.len()).any(|index| self.is_at(index, word))
    }

    pub(super) fn has_parameter(&self) -> bool {
        self.tokens.iter().any(|token| token.kind == TokenKind::Parameter)
    }

    /// Moves on by so many tokens.
    pub(super) fn skip(&mut self, count: usize) {
        self.tokens = self.tokens.get(count..).unwrap_or_default();
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.skip(1);
        }
        found
    }

    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let found = self.starts_with(words);
        if found {
            self.skip(words.len());
        }
        found
    }

    pub(super) fn eat_text(&mut self, text: &str) -> bool {
        let found = !self.is_empty() && self.text_at(0) == text;
        if found {
            self.skip(1);
        }
        found
    }

    /// The first so many tokens.
    pub(super) fn take(&self, count: usize) -> Self {
        Self {
            text: self.text,
            tokens: self.tokens.get(..count).unwrap_or(self.tokens),
        }
    }

    /// The tokens before `rest`, which is what is left of this one.
    pub(super) fn until(&self, rest: &Self) -> Self {
        self.take(self.len().saturating_sub(rest.len()))
    }

    /// The first place outside brackets for which that holds.
    pub(super) fn find(&self, wanted: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let mut depth = 0_usize;
        for index in 0..self.len() {
            if depth == 0 && wanted(self, index) {
                return Some(index);
            }
            match self.text_at(index) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        None
    }

    /// What stands in the bracket that starts here; moves behind it.
    pub(super) fn group(&mut self) -> Option<Self> {
        if self.text_at(0) != "(" {
            return None;
        }
        let mut depth = 0_usize;
        for index in 0..self.len() {
            match self.text_at(index) {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inside = Self {
                    text: self.text,
                    tokens: self.tokens.get(1..index).unwrap_or_default(),
                };
                self.skip(index + 1);
                return Some(inside);
            }
        }
        None
    }

    /// The parts between the commas outside brackets.
    pub(super) fn split_commas(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut rest = *self;
        while let Some(at) = rest.find(|cursor, index| cursor.text_at(index) == ",") {
            parts.push(rest.take(at));
            rest.skip(at + 1);
        }
        if !rest.is_empty() {
            parts.push(rest);
        }
        parts
    }

    /// One identifier in any of its four quotings; moves behind it.
    pub(super) fn word(&mut self) -> Option<Word> {
        let text = match self.kind_at(0)? {
            TokenKind::Word | TokenKind::Quoted | TokenKind::String => unquoted(self.text_at(0)),
            _ => return None,
        };
        let span = self.span_at(0);
        self.skip(1);
        Some(Word { text, span })
    }

    /// A name with its schema; moves behind it. What `main` holds has no schema here, as it needs none.
    pub(super) fn name(&mut self) -> Option<Name> {
        let first = self.word()?;
        if self.text_at(0) != "." {
            return Some(Name {
                schema: None,
                name: first.text,
                span: first.span,
            });
        }
        self.skip(1);
        let second = self.word()?;
        let schema = match first.text.as_str() {
            "main" => None,
            _ => Some(first.text),
        };
        Some(Name {
            schema,
            name: second.text,
            span: Span {
                start: first.span.start,
                end: second.span.end,
            },
        })
    }

    /// The identifiers in the bracket that starts here; moves behind it. What follows each in its part is left out.
    pub(super) fn words(&mut self) -> Option<Vec<Word>> {
        let inside = self.group()?;
        inside
            .split_commas()
            .into_iter()
            .map(|mut part| part.word())
            .collect()
    }
}

/// An identifier without its quotes, folded: SQLite knows no difference between upper and lower case of ASCII.
pub(super) fn unquoted(text: &str) -> String {
    let inner = |quote: char| {
        let doubled: String = [quote, quote].iter().collect();
        let end = text.len().saturating_sub(1).max(1);
        text.get(1..end)
            .unwrap_or("")
            .replace(&doubled, &quote.to_string())
    };
    let bare = match text.chars().next() {
        Some(quote @ ('"' | '`' | '\'')) => inner(quote),
        Some('[') => text.trim_start_matches('[').trim_end_matches(']').to_owned(),
        _ => text.to_owned(),
    };
    bare.to_ascii_lowercase()
}
