//! SQLite trigger bodies, by the rule of `sqlite3_complete`: a trigger ends at `; END ;`.

use super::blocks::is_any;
use crate::script::lex::TokenKind;

/// Where in a statement we are.
#[derive(Clone, Copy, Default)]
pub(super) enum Trigger {
    #[default]
    Start,
    Explain,
    Create,
    Plain,
    Body,
    BodySemicolon,
    BodyEnd,
}

impl Trigger {
    pub(super) fn follow(&mut self, kind: TokenKind, text: &str) -> bool {
        let word = match kind {
            TokenKind::Word => text,
            _ => "",
        };
        let semicolon = kind == TokenKind::Semicolon;
        *self = match *self {
            Trigger::Start if is_any(word, &["explain"]) => Trigger::Explain,
            Trigger::Explain if is_any(word, &["query", "plan"]) => Trigger::Explain,
            Trigger::Start | Trigger::Explain if is_any(word, &["create"]) => Trigger::Create,
            Trigger::Create if is_any(word, &["temp", "temporary"]) => Trigger::Create,
            Trigger::Create if is_any(word, &["trigger"]) => Trigger::Body,
            Trigger::Start | Trigger::Explain | Trigger::Create | Trigger::Plain => {
                *self = Trigger::Plain;
                return semicolon;
            }
            Trigger::BodyEnd if semicolon => return true,
            Trigger::BodySemicolon if is_any(word, &["end"]) => Trigger::BodyEnd,
            Trigger::Body | Trigger::BodySemicolon | Trigger::BodyEnd if semicolon => Trigger::BodySemicolon,
            Trigger::Body | Trigger::BodySemicolon | Trigger::BodyEnd => Trigger::Body,
        };
        false
    }
}
