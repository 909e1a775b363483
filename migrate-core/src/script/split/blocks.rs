//! What each dialect lets stand around a semicolon that does not end the statement.

use super::{atomic::Atomic, compound::Compound, trigger::Trigger};
use crate::model::Dialect;
use crate::script::lex::TokenKind;

/// Follows one statement token by token and knows whether a semicolon would end it.
pub(super) enum Blocks {
    Postgres(Atomic),
    Sqlite(Trigger),
    Mysql(Compound),
}

impl Blocks {
    pub(super) fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Postgres => Blocks::Postgres(Atomic::default()),
            Dialect::Sqlite => Blocks::Sqlite(Trigger::default()),
            Dialect::Mysql | Dialect::MariaDb => Blocks::Mysql(Compound::default()),
        }
    }

    /// Takes the next significant token. True if it is a semicolon that ends the statement.
    pub(super) fn follow(&mut self, kind: TokenKind, text: &str) -> bool {
        match self {
            Blocks::Postgres(atomic) => atomic.follow(kind, text),
            Blocks::Sqlite(trigger) => trigger.follow(kind, text),
            Blocks::Mysql(compound) => compound.follow(kind, text),
        }
    }

    /// Whether the statement is one that can have a body, so that only a client delimiter surely ends it.
    pub(super) fn in_body(&self) -> bool {
        matches!(self, Blocks::Mysql(compound) if compound.in_body())
    }

    /// Gets ready for the next statement.
    pub(super) fn reset(&mut self) {
        match self {
            Blocks::Postgres(atomic) => *atomic = Atomic::default(),
            Blocks::Sqlite(trigger) => *trigger = Trigger::default(),
            Blocks::Mysql(compound) => compound.reset(),
        }
    }
}

/// Whether a word is one of these keywords, whatever its case.
pub(super) fn is_any(word: &str, keywords: &[&str]) -> bool {
    for keyword in keywords {
        if word.eq_ignore_ascii_case(keyword) {
            return true;
        }
    }
    false
}
