//! What the catalog says, and the digest of what a statement names in it.

use super::attempts::Failure;
use super::connection_error;
use super::session::SqlSession;
use crate::error::Error;
use crate::facts::{Facts, Scope};
use crate::model::{Dialect, Digest};
use crate::script::lex::{Lexer, TokenKind};

/// How the catalog is read for digests. To be raised when the same catalog gives other facts: a digest taken before
/// that tells nothing.
const FACTS: &str = "1";

impl SqlSession {
    /// The digest of what the statement names in the catalog. Narrow on purpose: what others change meanwhile does
    /// not count.
    pub(super) async fn catalog_digest(&mut self, sql: &str) -> Result<String, Failure> {
        let names = names(sql, self.backend.dialect());
        let scope = Scope {
            exclude_prefix: &self.namespace.prefix,
            names: Some(&names),
        };
        let facts = self.backend.facts(&scope).await;
        let facts = facts.map_err(|error| connection_error("the catalog cannot be read", error))?;
        Ok(format!("{FACTS} {}", Digest(facts.digest())))
    }

    /// What the catalog says of everything but our tables.
    pub(super) async fn all_facts(&mut self) -> Result<Facts, Error> {
        let scope = Scope {
            exclude_prefix: &self.namespace.prefix,
            names: None,
        };
        let facts = self.backend.facts(&scope).await;
        facts.map_err(|error| connection_error("the catalog cannot be read", error))
    }
}

/// Whether a digest can be compared with one taken now.
pub(super) fn is_comparable(digest: &str) -> bool {
    digest.split_once(' ').is_some_and(|(how, _)| how == FACTS)
}

/// Every name in a statement, as written and as the dialect folds it.
fn names(sql: &str, dialect: Dialect) -> Vec<String> {
    let mut names = Vec::new();
    for token in Lexer::new(sql, dialect).map_while(Result::ok) {
        let text = token.text(sql);
        match token.kind {
            TokenKind::Word => {
                names.push(text.to_lowercase());
                names.push(text.to_owned());
            }
            TokenKind::Quoted if text.len() >= 2 => {
                let close = &text[text.len() - 1..];
                let inner = &text[1..text.len() - 1];
                names.push(inner.replace(&close.repeat(2), close));
            }
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}
