//! Looking at a statement's words without parsing it.

use super::lex::{Lexer, Token, TokenKind};
use crate::model::Dialect;

/// A significant token of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'a> {
    /// What it is; never white space or a comment.
    pub kind: TokenKind,
    /// Its text as written.
    pub text: &'a str,
}

impl Word<'_> {
    /// Whether it is this keyword, whatever its case. A quoted identifier is no keyword.
    pub fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is one of these keywords.
    pub fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }
}

/// A cursor over the significant tokens of a statement: white space and comments are left out, and the content of an
/// executable comment is read as the code that it is. Ends early where the text ends within a token.
///
/// Cloning is cheap and is how to look ahead.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    text: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    /// The content of the executable comment that the cursor is in, if it is in one.
    inner: Option<(&'a str, Lexer<'a>)>,
}

impl<'a> Words<'a> {
    /// A cursor at the start of a statement.
    pub fn new(statement: &'a str, dialect: Dialect) -> Self {
        Words {
            text: statement,
            dialect,
            lexer: Lexer::new(statement, dialect),
            inner: None,
        }
    }

    /// The token at the cursor, which stays where it is.
    pub fn peek(&self) -> Option<Word<'a>> {
        self.clone().next()
    }

    /// Moves past the token at the cursor if it is this keyword.
    pub fn eat(&mut self, keyword: &str) -> bool {
        self.eat_if(|word| word.is(keyword))
    }

    /// Moves past the token at the cursor if it is one of these keywords.
    pub fn eat_any(&mut self, keywords: &[&str]) -> bool {
        self.eat_if(|word| word.is_any(keywords))
    }

    /// Moves past these keywords if all of them follow, else not at all.
    pub fn eat_all(&mut self, keywords: &[&str]) -> bool {
        let mut ahead = self.clone();
        let all = keywords.iter().all(|keyword| ahead.eat(keyword));
        if all {
            *self = ahead;
        }
        all
    }

    /// Moves past the token at the cursor if it is this punctuation.
    pub fn eat_punct(&mut self, punct: &str) -> bool {
        self.eat_if(|word| word.kind == TokenKind::Punct && word.text == punct)
    }

    /// Whether these keywords follow, in this order: `starts_with(&["create", "index"])`.
    pub fn starts_with(&self, keywords: &[&str]) -> bool {
        self.clone().eat_all(keywords)
    }

    /// Whether these keywords follow one another somewhere from the cursor on, outside parentheses.
    pub fn contains(&self, keywords: &[&str]) -> bool {
        self.clone().skip_past(keywords)
    }

    /// Moves past the first place, outside parentheses, where these keywords follow one another; to the end if there
    /// is none.
    pub fn skip_past(&mut self, keywords: &[&str]) -> bool {
        let mut depth = 0_u32;
        loop {
            if depth == 0 && self.eat_all(keywords) {
                return true;
            }
            match self.next() {
                None => return false,
                Some(word) if word.kind == TokenKind::Punct && word.text == "(" => depth += 1,
                Some(word) if word.kind == TokenKind::Punct && word.text == ")" => {
                    depth = depth.saturating_sub(1)
                }
                Some(_) => {}
            }
        }
    }

    /// Reads a name with its qualifiers, such as `public."Order"`: its parts, unquoted and folded as the dialect
    /// folds. None, and the cursor stays, if there is no name or it has `U&` escapes.
    pub fn qualified_name(&mut self) -> Option<Vec<String>> {
        let mut ahead = self.clone();
        let mut parts = vec![ahead.name_part()?];
        while ahead.eat_punct(".") {
            parts.push(ahead.name_part()?);
        }
        *self = ahead;
        Some(parts)
    }

    /// Reads a name as schema, if it is qualified, and name. On MySQL and MariaDB the schema is the database.
    pub fn schema_and_name(&mut self) -> Option<(Option<String>, String)> {
        let mut parts = self.qualified_name()?;
        let name = parts.pop()?;
        Some((parts.pop(), name))
    }

    /// What follows the cursor, from its next token on.
    pub fn rest(&self) -> &'a str {
        let next = self.peek().map(|word| word.text.as_ptr() as usize);
        let at = next.and_then(|next| next.checked_sub(self.text.as_ptr() as usize));
        at.and_then(|at| self.text.get(at..)).unwrap_or("")
    }

    fn name_part(&mut self) -> Option<String> {
        let word = self.next()?;
        match word.kind {
            TokenKind::Word if self.dialect == Dialect::Postgres => Some(word.text.to_ascii_lowercase()),
            TokenKind::Word | TokenKind::Number => Some(word.text.to_owned()),
            TokenKind::Quoted => unquote(word.text),
            // SQLite takes a string where only a name can stand.
            TokenKind::String if self.dialect == Dialect::Sqlite => unquote(word.text),
            _ => None,
        }
    }

    fn eat_if(&mut self, wanted: impl FnOnce(Word<'a>) -> bool) -> bool {
        let mut ahead = self.clone();
        let found = ahead.next().is_some_and(wanted);
        if found {
            *self = ahead;
        }
        found
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        if let Some((text, lexer)) = &mut self.inner {
            if let Some(token) = significant(lexer) {
                return Some(Word {
                    kind: token.kind,
                    text: token.text(text),
                });
            }
            self.inner = None;
        }
        let token = significant(&mut self.lexer)?;
        let text = token.text(self.text);
        if token.kind == TokenKind::ExecutableComment {
            let content = executable_content(text);
            self.inner = Some((content, Lexer::new(content, self.dialect)));
            return self.next();
        }
        Some(Word {
            kind: token.kind,
            text,
        })
    }
}

fn significant(lexer: &mut Lexer<'_>) -> Option<Token> {
    loop {
        let token = lexer.next()?.ok()?;
        if !token.kind.is_trivia() {
            return Some(token);
        }
    }
}

/// What stands in `/*!50100 … */` after the version.
fn executable_content(comment: &str) -> &str {
    let content = comment.trim_start_matches(['/', '*', 'M', '!']);
    let content = content.trim_start_matches(|c: char| c.is_ascii_digit());
    content.strip_suffix("*/").unwrap_or(content)
}

/// The name in a quoted identifier, with doubled quotes undone.
fn unquote(quoted: &str) -> Option<String> {
    let mark = quoted.chars().next()?;
    let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
    match mark {
        '[' => Some(inner.to_owned()),
        '"' => Some(inner.replace("\"\"", "\"")),
        '`' => Some(inner.replace("``", "`")),
        '\'' => Some(inner.replace("''", "'")),
        _ => None,
    }
}

/// The name of the table that a statement creates, without schema and quotes, folded as the dialect folds: PostgreSQL
/// lower-cases unquoted names, the others keep them. None if it creates no table or a temporary one.
pub fn created_tables(statement: &str, dialect: Dialect) -> Option<String> {
    created_table(statement, dialect).map(|(_, name)| name)
}

/// The same with the schema, where one is written.
pub(crate) fn created_table(statement: &str, dialect: Dialect) -> Option<(Option<String>, String)> {
    let mut words = Words::new(statement, dialect);
    if !words.eat("create") {
        return None;
    }
    words.eat_all(&["or", "replace"]);
    words.eat_any(&["global", "local"]);
    if words.eat_any(&["temp", "temporary"]) {
        return None;
    }
    words.eat_any(&["unlogged", "virtual", "foreign"]);
    if !words.eat("table") {
        return None;
    }
    words.eat_all(&["if", "not", "exists"]);
    let (schema, name) = words.schema_and_name()?;
    let temporary = match dialect {
        Dialect::Postgres => schema.as_deref() == Some("pg_temp"),
        Dialect::Sqlite => schema
            .as_ref()
            .is_some_and(|schema| schema.eq_ignore_ascii_case("temp")),
        Dialect::Mysql | Dialect::MariaDb => false,
    };
    (!temporary).then_some((schema, name))
}
