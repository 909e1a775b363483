//! Finds where the token at an offset ends. Every byte from 0x80 up belongs to a word, a string or a comment, so a
//! token never ends within a character.

use super::{Continuation, LexError, LexErrorKind, Lexer, TokenKind};
use crate::model::Dialect;

type Scanned = Result<(TokenKind, usize), LexError>;

impl Lexer<'_> {
    pub(super) fn token_at(&self, start: usize) -> Scanned {
        if let Some(end) = self.delimiter_at(start) {
            return Ok((TokenKind::Semicolon, end));
        }
        let next = self.byte(start + 1);
        let token = match self.byte(start) {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => (TokenKind::Whitespace, self.space(start)),
            b';' => (TokenKind::Semicolon, start + 1),
            b'\'' => return self.string(start, start, self.escapes_in_plain_string()),
            b'"' if self.is_mysql() => return self.string(start, start, true),
            b'"' => return self.quoted(start, start),
            b'`' if self.dialect != Dialect::Postgres => return self.quoted(start, start),
            b'[' if self.dialect == Dialect::Sqlite => return self.bracketed(start),
            b'-' if next == b'-' && self.dashes_are_comment(start) => {
                (TokenKind::LineComment, self.line_end(start))
            }
            b'#' if self.is_mysql() => (TokenKind::LineComment, self.line_end(start)),
            b'/' if next == b'*' => return self.comment(start),
            b'$' if self.dialect == Dialect::Postgres => return self.dollar(start),
            b'?' if self.dialect == Dialect::Sqlite => (
                TokenKind::Parameter,
                self.run(start + 1, |byte| byte.is_ascii_digit()),
            ),
            b'?' if self.is_mysql() => (TokenKind::Parameter, start + 1),
            b'$' | b':' | b'@' | b'#' if self.dialect == Dialect::Sqlite && is_word(next) => {
                (TokenKind::Parameter, self.word(start + 1))
            }
            b'@' if self.is_mysql() => return self.user_variable(start),
            b'0'..=b'9' => self.number_or_word(start),
            b'.' if next.is_ascii_digit() && !self.after_name => (TokenKind::Number, self.number(start)),
            b'.' if next == b'.' => (TokenKind::Punct, start + 2),
            first if is_word(first) && (first != b'$' || self.is_mysql()) => {
                return self.prefixed_or_word(start);
            }
            _ => (TokenKind::Punct, self.operator(start)),
        };
        Ok(token)
    }

    /// The byte at an offset, or NUL past the end; NUL itself is punctuation everywhere, so nothing confuses them.
    fn byte(&self, position: usize) -> u8 {
        match self.text.as_bytes().get(position) {
            Some(byte) => *byte,
            None => 0,
        }
    }

    fn is_mysql(&self) -> bool {
        self.dialect.is_mysql_family()
    }

    fn run(&self, start: usize, belongs: fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && belongs(bytes[end]) {
            end += 1;
        }
        end
    }

    fn space(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && matches!(bytes[end], b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) {
            end += 1;
        }
        end
    }

    /// The end of the client delimiter if it stands here. Like the command line client, it does not care whether it
    /// stands in the middle of a word: in `END$$` it must end the word.
    fn delimiter_at(&self, position: usize) -> Option<usize> {
        let delimiter = self.delimiter?;
        let rest = self.text.as_bytes().get(position..)?;
        rest.starts_with(delimiter.as_bytes())
            .then_some(position + delimiter.len())
    }

    fn word(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && IN_WORD[bytes[end] as usize] {
            if self.delimiter.is_some() && self.delimiter_at(end).is_some() {
                break;
            }
            end += 1;
        }
        end
    }

    /// A word, or a literal whose prefix looks like one.
    fn prefixed_or_word(&self, start: usize) -> Scanned {
        let postgres = self.dialect == Dialect::Postgres;
        let quote = self.byte(start + 1);
        if quote == b'\'' {
            match self.byte(start) {
                b'x' | b'X' => return self.string(start, start + 1, false),
                b'b' | b'B' if self.dialect != Dialect::Sqlite => {
                    return self.string(start, start + 1, false);
                }
                b'n' | b'N' if self.dialect != Dialect::Sqlite => {
                    return self.string(start, start + 1, self.is_mysql());
                }
                b'e' | b'E' if postgres => return self.string(start, start + 1, true),
                _ => {}
            }
        }
        if postgres && quote == b'&' && matches!(self.byte(start), b'u' | b'U') {
            match self.byte(start + 2) {
                b'\'' => return self.string(start, start + 2, false),
                b'"' => return self.quoted(start, start + 2),
                _ => {}
            }
        }
        Ok((TokenKind::Word, self.word(start)))
    }

    fn escapes_in_plain_string(&self) -> bool {
        self.is_mysql() || self.continuation == Continuation::NextLineAfterEscapeString
    }

    /// A string literal from its prefix at `start`, with the opening quote at `quote`.
    fn string(&self, start: usize, quote: usize, escapes: bool) -> Scanned {
        let mark = self.byte(quote);
        let mut position = quote + 1;
        while let Some(found) = self.find_quote(position, mark, escapes) {
            if self.byte(found) == mark && self.byte(found + 1) != mark {
                return Ok((TokenKind::String, found + 1));
            }
            position = found + 2;
        }
        Err(LexError {
            kind: LexErrorKind::UnterminatedString,
            start,
            end: quote + 1,
        })
    }

    /// The next quotation mark, or backslash where it escapes.
    fn find_quote(&self, from: usize, mark: u8, escapes: bool) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut position = from;
        while position < bytes.len() {
            let byte = bytes[position];
            if byte == mark || (escapes && byte == b'\\') {
                return Some(position);
            }
            position += 1;
        }
        None
    }

    fn quoted(&self, start: usize, quote: usize) -> Scanned {
        match self.string(start, quote, false) {
            Ok((_, end)) => Ok((TokenKind::Quoted, end)),
            Err(error) => Err(LexError {
                kind: LexErrorKind::UnterminatedQuotedIdentifier,
                ..error
            }),
        }
    }

    fn bracketed(&self, start: usize) -> Scanned {
        match self.find(start + 1, "]") {
            Some(found) => Ok((TokenKind::Quoted, found + 1)),
            None => Err(LexError {
                kind: LexErrorKind::UnterminatedQuotedIdentifier,
                start,
                end: start + 1,
            }),
        }
    }

    fn find(&self, from: usize, needle: &str) -> Option<usize> {
        Some(from + self.text.get(from..)?.find(needle)?)
    }

    /// MySQL wants white space, a control character or the end after the dashes: `5--3` is arithmetic.
    fn dashes_are_comment(&self, start: usize) -> bool {
        !self.is_mysql() || matches!(self.byte(start + 2), 0..=b' ' | 0x7f)
    }

    fn line_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'\n' {
            if bytes[end] == b'\r' && (self.dialect == Dialect::Postgres || self.byte(end + 1) == b'\n') {
                break;
            }
            end += 1;
        }
        end
    }

    fn comment(&self, start: usize) -> Scanned {
        let executable = self.is_mysql()
            && (self.byte(start + 2) == b'!'
                || self.dialect == Dialect::MariaDb && self.text[start + 2..].starts_with("M!"));
        let end = match self.dialect {
            Dialect::Postgres => self.nested_comment_end(start),
            _ if executable => self
                .executable_end(start)
                .or_else(|| self.find(start + 3, "*/").map(|end| end + 2)),
            _ => self.find(start + 2, "*/").map(|end| end + 2),
        };
        let kind = match executable {
            true => TokenKind::ExecutableComment,
            false => TokenKind::BlockComment,
        };
        let error = LexError {
            kind: LexErrorKind::UnterminatedComment,
            start,
            end: start + 2,
        };
        end.map(|end| (kind, end)).ok_or(error)
    }

    fn nested_comment_end(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut position = start + 2;
        let mut depth = 1_u32;
        while position < bytes.len() {
            match (bytes[position], self.byte(position + 1)) {
                (b'*', b'/') => {
                    position += 2;
                    depth -= 1;
                    if depth == 0 {
                        return Some(position);
                    }
                }
                (b'/', b'*') => {
                    position += 2;
                    depth += 1;
                }
                _ => position += 1,
            }
        }
        None
    }

    /// The end of `/*! … */` as the server finds it when it executes the content: strings and comments inside can
    /// hide a `*/`.
    fn executable_end(&self, start: usize) -> Option<usize> {
        let mut position = start + 3;
        while position < self.text.len() {
            let next = self.byte(position + 1);
            position = match self.byte(position) {
                b'*' if next == b'/' => return Some(position + 2),
                b'\'' | b'"' => self.string(position, position, true).ok()?.1,
                b'`' => self.quoted(position, position).ok()?.1,
                b'/' if next == b'*' => self.find(position + 2, "*/")? + 2,
                b'#' => self.line_end(position),
                b'-' if next == b'-' && self.dashes_are_comment(position) => self.line_end(position),
                _ => position + 1,
            };
        }
        None
    }

    /// PostgreSQL's `$`: a parameter `$1`, a dollar quote `$tag$`, or a character that nothing starts with.
    fn dollar(&self, start: usize) -> Scanned {
        let first = self.byte(start + 1);
        if first.is_ascii_digit() {
            return Ok((
                TokenKind::Parameter,
                self.run(start + 1, |byte| byte.is_ascii_digit()),
            ));
        }
        let tag_end = self.run(start + 1, |byte| is_word(byte) && byte != b'$');
        if self.byte(tag_end) != b'$' {
            return Ok((TokenKind::Punct, start + 1));
        }
        let open_end = tag_end + 1;
        match self.find(open_end, &self.text[start..open_end]) {
            Some(close) => Ok((TokenKind::String, close + open_end - start)),
            None => Err(LexError {
                kind: LexErrorKind::UnterminatedDollarQuote,
                start,
                end: open_end,
            }),
        }
    }

    /// MySQL's `@name`, `@'name'` and `@@name`; in an account name such as `` `root`@`%` `` only the `@`.
    fn user_variable(&self, start: usize) -> Scanned {
        let name = match self.byte(start + 1) {
            b'@' => start + 2,
            _ => start + 1,
        };
        let end = self.word(name);
        match end > name {
            true => Ok((TokenKind::Parameter, end)),
            false => Ok((TokenKind::Punct, start + 1)),
        }
    }

    /// In MySQL an identifier may start with a digit: `1st` is one.
    fn number_or_word(&self, start: usize) -> (TokenKind, usize) {
        let number = self.number(start);
        if self.is_mysql() {
            let word = self.word(start);
            if word > number {
                return (TokenKind::Word, word);
            }
        }
        (TokenKind::Number, number)
    }

    fn number(&self, start: usize) -> usize {
        let digits = |from| self.run(from, |byte| byte.is_ascii_digit() || byte == b'_');
        if self.byte(start) == b'0' && matches!(self.byte(start + 1), b'x' | b'X' | b'o' | b'O' | b'b' | b'B')
        {
            let end = self.run(start + 2, |byte| byte.is_ascii_hexdigit() || byte == b'_');
            if end > start + 2 {
                return end;
            }
        }
        let mut end = digits(start);
        if self.byte(end) == b'.' && self.byte(end + 1) != b'.' {
            end = digits(end + 1);
        }
        if matches!(self.byte(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
            if self.byte(end + 1 + sign).is_ascii_digit() {
                end = digits(end + 1 + sign);
            }
        }
        end
    }

    fn operator(&self, start: usize) -> usize {
        if self.dialect == Dialect::Postgres {
            return self.postgres_operator(start);
        }
        const LONGEST_FIRST: [&[u8]; 14] = [
            b"->>", b"<=>", b"->", b"<=", b">=", b"<>", b"!=", b"==", b"<<", b">>", b"||", b"&&", b":=",
            b"..",
        ];
        if !matches!(self.byte(start + 1), b'<' | b'=' | b'>' | b'|' | b'&' | b'.') {
            return start + 1;
        }
        let rest = &self.text.as_bytes()[start..];
        for operator in LONGEST_FIRST {
            if rest.starts_with(operator) {
                return start + operator.len();
            }
        }
        start + 1
    }

    /// PostgreSQL operators are any run of operator characters that contains no comment start; one of several
    /// characters ends in `+` or `-` only if it also has a character that SQL operators do not have, so that `a=-1`
    /// is three tokens.
    fn postgres_operator(&self, start: usize) -> usize {
        match (self.byte(start), self.byte(start + 1)) {
            (b':', b':' | b'=') => return start + 2,
            (first, _) if !is_postgres_operator(first) => return start + 1,
            _ => {}
        }
        let mut end = start;
        let mut special = false;
        loop {
            let byte = self.byte(end);
            let next = self.byte(end + 1);
            if !is_postgres_operator(byte) || (byte == b'-' && next == b'-') || (byte == b'/' && next == b'*')
            {
                break;
            }
            special |= matches!(
                byte,
                b'~' | b'!' | b'@' | b'#' | b'%' | b'^' | b'&' | b'|' | b'`' | b'?'
            );
            end += 1;
        }
        while !special && end > start + 1 && matches!(self.byte(end - 1), b'+' | b'-') {
            end -= 1;
        }
        end.max(start + 1)
    }
}

/// [`is_word`] as a table: words are most of a script, and unoptimised a look-up is several times faster.
static IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = is_word(byte as u8);
        byte += 1;
    }
    table
};

/// A byte that continues a word; `$` and digits do not start one.
const fn is_word(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | b'$' | 0x80..)
}

const fn is_postgres_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'+' | b'-'
            | b'*'
            | b'/'
            | b'<'
            | b'>'
            | b'='
            | b'~'
            | b'!'
            | b'@'
            | b'#'
            | b'%'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
    )
}
