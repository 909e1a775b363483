//! PostgreSQL: parentheses, and the `BEGIN ATOMIC … END` bodies of SQL functions and procedures.

use super::blocks::is_any;
use crate::script::lex::TokenKind;

/// Follows a PostgreSQL statement.
#[derive(Default)]
pub(super) struct Atomic {
    state: State,
    parentheses: u32,
    /// `CASE` expressions open in the body: their `END` is not the body's.
    cases: u32,
    /// The next token starts a statement of the body; only there can `END` close it.
    at_start: bool,
    /// The next word is a name whatever it looks like: after a dot or `AS`.
    before_name: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Create,
    Routine,
    Begin,
    Body,
    Plain,
}

impl Atomic {
    pub(super) fn follow(&mut self, kind: TokenKind, text: &str) -> bool {
        let is_name = core::mem::take(&mut self.before_name);
        let starts = core::mem::take(&mut self.at_start);
        match kind {
            TokenKind::Semicolon => {
                if self.parentheses > 0 {
                    return false;
                }
                self.cases = 0;
                self.at_start = true;
                return self.state != State::Body;
            }
            TokenKind::Punct => match text {
                "(" => self.parentheses += 1,
                ")" => self.parentheses = self.parentheses.saturating_sub(1),
                "." => self.before_name = true,
                _ => {}
            },
            TokenKind::Word if !is_name => {
                self.before_name = is_any(text, &["as"]);
                self.word(text, starts);
                return false;
            }
            _ => {}
        }
        self.state = match self.state {
            State::Start | State::Create => State::Plain,
            State::Begin => State::Routine,
            state => state,
        };
        false
    }

    fn word(&mut self, word: &str, starts: bool) {
        self.state = match self.state {
            State::Start if is_any(word, &["create"]) => State::Create,
            State::Create if is_any(word, &["or", "replace"]) => State::Create,
            State::Create if is_any(word, &["function", "procedure"]) => State::Routine,
            State::Start | State::Create | State::Plain => State::Plain,
            State::Routine | State::Begin if self.parentheses > 0 => State::Routine,
            State::Begin if is_any(word, &["atomic"]) => {
                self.at_start = true;
                State::Body
            }
            State::Routine | State::Begin if is_any(word, &["begin"]) => State::Begin,
            State::Routine | State::Begin => State::Routine,
            State::Body if is_any(word, &["case"]) => {
                self.cases += 1;
                State::Body
            }
            State::Body if is_any(word, &["end"]) => match self.cases {
                0 if starts => State::Plain,
                0 => State::Body,
                _ => {
                    self.cases -= 1;
                    State::Body
                }
            },
            State::Body => State::Body,
        };
    }
}
