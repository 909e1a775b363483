//! The part of a text that means something to the server, for digests that a comment edit does not change.

use super::lex::Lexer;
use crate::model::Dialect;

/// The texts of the tokens that are neither white space nor comments, in order.
///
/// Comments, indentation and line ends between tokens do not change the sequence; line ends inside a string literal
/// are content and do. Executable comments of the MySQL family are tokens. From a token that is never closed on, the
/// rest of the text is one item.
pub fn semantic_tokens(text: &str, dialect: Dialect) -> impl Iterator<Item = &str> {
    Lexer::new(text, dialect).filter_map(move |token| match token {
        Ok(token) if token.kind.is_trivia() => None,
        Ok(token) => Some(token.text(text)),
        Err(error) => text.get(error.start..),
    })
}
