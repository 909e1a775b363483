//! The MySQL family: compound statements, in the bodies of triggers, routines and events, and on MariaDB on their own.
//!
//! What opens a block is told by position: `IF`, `REPEAT`, `FOR` and the others open one only where a statement
//! starts, elsewhere they are functions and clauses; `END` closes a block only where a statement starts, elsewhere it
//! closes a `CASE` expression or is a name.

use super::blocks::is_any;
use crate::script::lex::TokenKind;

/// Follows a statement of the MySQL family.
#[derive(Default)]
pub(super) struct Compound {
    state: State,
    frames: Vec<Frame>,
    /// Parentheses open in the head of a routine or event.
    parentheses: u32,
    /// The next token starts a statement.
    at_start: bool,
    /// The token before started a statement: a colon now makes it a label.
    after_first: bool,
    /// The next word is a name whatever it looks like: after a dot.
    before_name: bool,
    /// The token before was an operator, so that an operand must follow and `END` is one.
    before_operand: bool,
    handler: Handler,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    /// After a first `BEGIN`: a transaction, or MariaDB's `BEGIN NOT ATOMIC`.
    Begin,
    Create,
    /// After the `=` of `DEFINER = …`.
    Definer,
    Alter,
    /// Before `FOR EACH ROW`.
    TriggerHead,
    TriggerEach,
    /// After `FOR EACH ROW`, where `FOLLOWS` or `PRECEDES` may come.
    TriggerOrder,
    TriggerOrderName,
    /// Before the `DO` of an event.
    EventHead,
    /// Before the end of the parameter list.
    RoutineParameters,
    /// Among return type and characteristics.
    RoutineHead,
    /// After `CHARACTER` or `RETURNS`, where `SET` is part of a type.
    RoutineType,
    Body,
    Plain,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Begin,
    If,
    CaseStatement,
    CaseExpression,
    Loop,
    /// `WHILE` and `FOR`, before and in their body.
    DoLoop,
    Repeat,
    /// `REPEAT` after its `UNTIL`: its `END` follows an expression.
    Until,
}

/// Where in `DECLARE … HANDLER FOR <conditions> <statement>` we are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Handler {
    #[default]
    No,
    Keyword,
    Condition,
    AfterCondition,
}

impl Compound {
    pub(super) fn reset(&mut self) {
        let mut frames = core::mem::take(&mut self.frames);
        frames.clear();
        *self = Compound {
            frames,
            ..Compound::default()
        };
    }

    pub(super) fn in_body(&self) -> bool {
        !matches!(
            self.state,
            State::Start | State::Begin | State::Create | State::Definer | State::Alter | State::Plain
        )
    }

    pub(super) fn follow(&mut self, kind: TokenKind, text: &str) -> bool {
        if kind == TokenKind::ExecutableComment {
            return false;
        }
        if kind == TokenKind::Semicolon {
            return self.semicolon();
        }
        let is_name = core::mem::take(&mut self.before_name);
        let keyword = match kind {
            TokenKind::Word if !is_name => text,
            _ => "",
        };
        if self.state == State::Body {
            self.body(kind, text, keyword);
        } else {
            self.head(kind, text, keyword);
        }
        if kind == TokenKind::Punct {
            self.before_name = text == ".";
            self.before_operand = text != ")";
        } else {
            self.before_operand = false;
        }
        false
    }

    /// No expression goes on over a semicolon, so a `CASE` expression still open was something else.
    fn semicolon(&mut self) -> bool {
        while matches!(self.frames.last(), Some(Frame::CaseExpression | Frame::Until)) {
            self.frames.pop();
        }
        self.at_start = true;
        self.after_first = false;
        self.before_name = false;
        self.before_operand = false;
        self.handler = Handler::No;
        self.frames.is_empty()
    }

    fn head(&mut self, kind: TokenKind, text: &str, keyword: &str) {
        if kind == TokenKind::Punct {
            return self.head_punctuation(text);
        }
        self.state = match self.state {
            State::Start if is_any(keyword, &["create"]) => State::Create,
            State::Start if is_any(keyword, &["alter"]) => State::Alter,
            State::Start if is_any(keyword, &["begin"]) => State::Begin,
            State::Start if is_any(keyword, OPENERS) => return self.enter_body(kind, text, keyword),
            State::Begin if is_any(keyword, &["not"]) => {
                self.frames.push(Frame::Begin);
                self.at_start = true;
                return self.enter_body(kind, text, keyword);
            }
            State::Definer => State::Create,
            State::Create | State::Alter if is_any(keyword, &["or", "replace", "aggregate", "definer"]) => {
                self.state
            }
            State::Create | State::Alter if is_any(keyword, &["event"]) => State::EventHead,
            State::Create if is_any(keyword, &["trigger"]) => State::TriggerHead,
            State::Create if is_any(keyword, &["procedure", "function"]) => State::RoutineParameters,
            // The host of `DEFINER = user@'host'`.
            State::Create | State::Alter if kind != TokenKind::Word => self.state,
            State::TriggerHead if is_any(keyword, &["each"]) => State::TriggerEach,
            State::TriggerEach if is_any(keyword, &["row"]) => State::TriggerOrder,
            State::TriggerEach => State::TriggerHead,
            State::TriggerOrder if is_any(keyword, &["follows", "precedes"]) => State::TriggerOrderName,
            State::TriggerOrder => return self.enter_body(kind, text, keyword),
            State::TriggerOrderName => {
                self.at_start = true;
                State::Body
            }
            State::EventHead if self.parentheses == 0 && is_any(keyword, &["do"]) => {
                self.at_start = true;
                State::Body
            }
            State::RoutineHead | State::RoutineType if self.parentheses > 0 => self.state,
            State::RoutineHead if is_any(keyword, &["character", "returns"]) => State::RoutineType,
            State::RoutineHead if is_any(keyword, OPENERS) || is_any(keyword, VERBS) => {
                return self.enter_body(kind, text, keyword);
            }
            State::RoutineType => State::RoutineHead,
            State::TriggerHead | State::EventHead | State::RoutineParameters | State::RoutineHead => {
                self.state
            }
            _ => State::Plain,
        };
    }

    fn head_punctuation(&mut self, text: &str) {
        match text {
            "(" => self.parentheses += 1,
            ")" => self.parentheses = self.parentheses.saturating_sub(1),
            _ => {}
        }
        let label = text == ":" && self.parentheses == 0;
        self.state = match self.state {
            State::RoutineHead if label => {
                self.at_start = true;
                State::Body
            }
            State::RoutineParameters if text == ")" && self.parentheses == 0 => State::RoutineHead,
            State::Create | State::Alter if text == "=" => State::Definer,
            State::Start | State::Begin => State::Plain,
            state => state,
        };
    }

    fn enter_body(&mut self, kind: TokenKind, text: &str, keyword: &str) {
        self.state = State::Body;
        self.at_start = true;
        self.body(kind, text, keyword);
    }

    fn body(&mut self, kind: TokenKind, text: &str, keyword: &str) {
        self.follow_handler(text, keyword);
        let starts = core::mem::take(&mut self.at_start);
        let after_first = core::mem::replace(&mut self.after_first, starts);
        if kind == TokenKind::Punct && text == ":" && after_first {
            self.at_start = true;
        }
        if keyword.is_empty() {
            return;
        }
        if is_any(keyword, &["end"]) {
            return self.end(starts);
        }
        if is_any(keyword, &["case"]) {
            self.frames.push(match starts {
                true => Frame::CaseStatement,
                false => Frame::CaseExpression,
            });
            return;
        }
        if starts {
            return self.statement_start(keyword);
        }
        let top = self.frames.last();
        self.at_start = match top {
            Some(Frame::If | Frame::CaseStatement) => is_any(keyword, &["then", "else"]),
            Some(Frame::DoLoop) => is_any(keyword, &["do"]),
            _ => false,
        };
        if is_any(keyword, &["handler"]) {
            self.handler = Handler::Keyword;
        }
    }

    fn statement_start(&mut self, keyword: &str) {
        let top = self.frames.last().copied();
        let (frame, body_follows) = match () {
            () if is_any(keyword, &["begin"]) => (Frame::Begin, true),
            () if is_any(keyword, &["loop"]) => (Frame::Loop, true),
            () if is_any(keyword, &["repeat"]) => (Frame::Repeat, true),
            () if is_any(keyword, &["if"]) => (Frame::If, false),
            () if is_any(keyword, &["while", "for"]) => (Frame::DoLoop, false),
            () if is_any(keyword, &["until"]) && top == Some(Frame::Repeat) => {
                self.frames.pop();
                (Frame::Until, false)
            }
            () => {
                // `ELSE` can follow a semicolon, and so can the rest of `BEGIN NOT ATOMIC` follow its `BEGIN`.
                let in_branches = matches!(top, Some(Frame::If | Frame::CaseStatement));
                self.at_start = in_branches && is_any(keyword, &["else"])
                    || top == Some(Frame::Begin) && is_any(keyword, &["not", "atomic"]);
                return;
            }
        };
        self.frames.push(frame);
        self.at_start = body_follows;
    }

    fn end(&mut self, starts: bool) {
        let closes = match self.frames.last() {
            Some(Frame::CaseExpression | Frame::Until) => !self.before_operand,
            Some(_) => starts,
            None => false,
        };
        if closes {
            self.frames.pop();
        }
    }

    /// The statement of a handler starts after its conditions, with nothing to announce it.
    fn follow_handler(&mut self, text: &str, keyword: &str) {
        self.handler = match self.handler {
            Handler::No => return,
            Handler::Keyword if is_any(keyword, &["for"]) => Handler::Condition,
            Handler::Keyword => Handler::No,
            Handler::Condition if is_any(keyword, &["not", "sqlstate", "value"]) => Handler::Condition,
            Handler::Condition => Handler::AfterCondition,
            Handler::AfterCondition if text == "," => Handler::Condition,
            Handler::AfterCondition => {
                self.at_start = true;
                Handler::No
            }
        };
    }
}

/// The words that open a block where a statement starts.
const OPENERS: &[&str] = &["begin", "if", "case", "loop", "repeat", "while", "for"];

/// The words that the only statement of a routine can start with, besides [`OPENERS`].
const VERBS: &[&str] = &[
    "return",
    "select",
    "insert",
    "update",
    "delete",
    "replace",
    "set",
    "call",
    "with",
    "do",
    "execute",
    "prepare",
    "deallocate",
    "signal",
    "resignal",
    "get",
    "truncate",
    "create",
    "alter",
    "drop",
    "rename",
    "analyze",
    "optimize",
    "start",
    "commit",
    "rollback",
    "savepoint",
    "lock",
    "unlock",
    "grant",
    "revoke",
    "load",
    "show",
    "use",
    "values",
    "flush",
    "kill",
    "handler",
];
