//! MySQL and MariaDB, read by our own descent over the lexer's tokens.
//!
//! `docs/design.md` says why no general SQL parser does this. What is read is what rules and model ask about; the rest
//! of a statement is passed over, so that a clause of a newer server makes nothing opaque that it does not touch.

mod alter;
mod column;
mod create;
mod data;
mod expression;
mod joined;
mod key;
mod named;
mod options;
mod other;
mod partition;
mod quoted;
mod reads;
mod table;
mod tokens;
mod values;
mod versions;

pub(super) use versions::peculiar;

use super::{Action, Operation, Parsed, SyntaxFault, body};
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::script::semicolon;
use column::{Read, Refusal, known};
use tokens::{Cursor, Token};

/// What is longer holds data, not structure, and its beginning tells all.
const LONGEST: usize = 1 << 18;

/// The words a statement can start with, of both servers.
const VERBS: &[&str] = &[
    "alter",
    "analyze",
    "backup",
    "begin",
    "binlog",
    "cache",
    "call",
    "case",
    "change",
    "check",
    "checksum",
    "clone",
    "close",
    "commit",
    "create",
    "deallocate",
    "declare",
    "delete",
    "desc",
    "describe",
    "do",
    "drop",
    "execute",
    "explain",
    "fetch",
    "flush",
    "for",
    "get",
    "grant",
    "handler",
    "help",
    "if",
    "import",
    "insert",
    "install",
    "iterate",
    "kill",
    "leave",
    "load",
    "lock",
    "loop",
    "open",
    "optimize",
    "prepare",
    "purge",
    "release",
    "rename",
    "repair",
    "repeat",
    "replace",
    "reset",
    "resignal",
    "restart",
    "return",
    "revoke",
    "rollback",
    "savepoint",
    "select",
    "set",
    "show",
    "shutdown",
    "signal",
    "start",
    "stop",
    "table",
    "truncate",
    "uninstall",
    "unlock",
    "update",
    "use",
    "values",
    "while",
    "with",
    "xa",
];

/// Reads one statement. `depth` counts the statements that it stands in.
pub(super) fn parse(statement: &str, dialect: Dialect, depth: u32) -> Parsed {
    let opaque = |fault| Parsed {
        operation: super::opaque(statement, dialect),
        fault,
        checks: Vec::new(),
    };
    let short = shortened(statement);
    let Some(mut tokens) = tokens::tokens(short, dialect) else {
        return opaque(None);
    };
    // Nothing of an executable comment is left where the server leaves it out.
    if tokens.is_empty() {
        return Parsed {
            operation: Operation::Harmless,
            fault: None,
            checks: Vec::new(),
        };
    }
    while tokens
        .last()
        .is_some_and(|token| token.kind == TokenKind::Semicolon)
    {
        tokens.pop();
    }
    let mut cursor = Cursor::new(short, &tokens);
    let whole = short.len() == statement.len();
    let balance = balance(&tokens).filter(|_| whole && !has_body(&tokens));
    if let Some(fault) = balance {
        return opaque(Some(fault));
    }
    // What stands behind the part that is read is passed over, so a second statement would be too.
    let second = semicolon::forgotten(short, dialect).filter(|_| whole && depth == 0);
    if let Some(at) = second {
        let message = super::SECOND.to_owned();
        return opaque(Some(SyntaxFault { message, at }));
    }
    if let Some(at) = quoted::misquoted(&tokens).filter(|_| whole && depth == 0) {
        let message = "quotes hold a text here; a name stands in backticks".to_owned();
        return opaque(Some(SyntaxFault { message, at }));
    }
    match statement_of(&mut cursor, dialect, depth) {
        Ok(operation) => Parsed {
            operation,
            fault: None,
            checks: Vec::new(),
        },
        Err(Refusal::Fault(message, at)) if whole && depth == 0 => opaque(Some(SyntaxFault { message, at })),
        Err(_) => opaque(None),
    }
}

/// The statement, or the beginning of one that is only long.
fn shortened(statement: &str) -> &str {
    if statement.len() <= LONGEST {
        return statement;
    }
    let mut end = LONGEST;
    while !statement.is_char_boundary(end) {
        end -= 1;
    }
    // The cut may fall into a string; up to the last line end of the data the tokens are whole in a dump.
    let head = &statement[..end];
    head.rfind("),").map_or(head, |at| &head[..=at])
}

/// Whether control flow may stand in it, whose semicolons and words nothing here follows.
fn has_body(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|token| token.kind == TokenKind::Semicolon)
}

/// A parenthesis without its partner.
fn balance(tokens: &[Token<'_>]) -> Option<SyntaxFault> {
    let mut open = Vec::new();
    for token in tokens {
        if token.punct("(") {
            open.push(token.span.start);
        } else if token.punct(")") && open.pop().is_none() {
            return Some(SyntaxFault {
                message: "this parenthesis closes nothing".to_owned(),
                at: token.span.start,
            });
        }
    }
    open.pop().map(|at| SyntaxFault {
        message: "this parenthesis is never closed".to_owned(),
        at,
    })
}

fn statement_of(c: &mut Cursor<'_, '_>, dialect: Dialect, depth: u32) -> Read<Operation> {
    if let Some((message, at)) = values::foreign(*c) {
        return Err(Refusal::Fault(message.to_owned(), at));
    }
    if let Some(operation) = data::data(&mut c.clone()) {
        return Ok(operation);
    }
    let Some(first) = c.next() else {
        return Ok(Operation::Harmless);
    };
    let word = first.text.to_lowercase();
    Ok(match word.as_str() {
        _ if first.kind != TokenKind::Word => return Err(Refusal::Unknown),
        "create" => create::create(c, dialect, depth)?,
        "alter" => other::alter(c)?,
        "drop" => other::drop(c)?,
        "rename" => other::rename(c)?,
        "lock" => other::lock(c)?,
        "truncate" => other::truncate(c)?,
        "flush" => other::flush(c)?,
        "optimize" => other::optimize(c)?,
        "revoke" => other::revoke(c),
        "set" if c.eat("statement") => {
            let mut settings = *c;
            while !c.done() && !c.at("for") {
                c.skip();
            }
            settings.rest = &settings.rest[..settings.rest.len() - c.rest.len()];
            c.eat("for");
            let mut operation = statement_of(c, dialect, depth)?;
            if let Operation::Alter { actions, .. } = &mut operation {
                if other::set(&mut settings.clone()).switches_off("foreign_key_checks") {
                    actions.push(Action::Unchecked);
                }
                if settings.rest.windows(3).any(keeps_history) {
                    actions.push(Action::KeepHistory);
                }
            }
            operation
        }
        "set" => other::set(c),
        "use" => Operation::Set {
            name: "search_path".to_owned(),
            values: vec![known(c.name())?.name],
            local: false,
        },
        "start" if c.at("transaction") => Operation::Begin,
        "begin" if c.eat_all(&["not", "atomic"]) => block(c, dialect, depth),
        "begin" if c.done() || c.at("work") => Operation::Begin,
        "if" | "while" | "loop" | "repeat" | "for" | "case" => block(c, dialect, depth),
        "commit" => Operation::Commit { chain: chains(c) },
        "rollback" if c.rest.iter().any(|token| token.is("to")) => Operation::Harmless,
        "rollback" => Operation::Rollback { chain: chains(c) },
        "execute" => execute(c, dialect, depth),
        // What a procedure does is known to the database alone.
        "call" => {
            let name = known(c.name())?;
            Operation::Call {
                name: crate::sql::Name {
                    name: name.name.to_lowercase(),
                    ..name
                },
            }
        }
        "savepoint" | "release" | "grant" | "analyze" | "check" | "checksum" | "repair" | "show"
        | "describe" | "desc" | "explain" | "help" | "unlock" | "prepare" | "deallocate" | "reset"
        | "signal" | "get" | "handler" | "cache" | "kill" | "install" | "uninstall" | "purge" | "start"
        | "stop" => Operation::Harmless,
        _ => return Err(misspelt(first)),
    })
}

fn keeps_history(tokens: &[Token<'_>]) -> bool {
    let keeps = |value: &str| value == "1" || value.eq_ignore_ascii_case("keep");
    matches!(tokens, [name, equals, value] if name.is("system_versioning_alter_history")
        && equals.punct("=")
        && keeps(&value.value()))
}

/// Whether a transaction begins where one ends: `[WORK] AND CHAIN`.
fn chains(c: &mut Cursor<'_, '_>) -> bool {
    c.eat("work");
    c.eat_all(&["and", "chain"])
}

/// A first word that is none and nearly is one.
fn misspelt(first: &Token<'_>) -> Refusal {
    let word = first.text.to_lowercase();
    let near = VERBS
        .iter()
        .find(|verb| verb.len() > 3 && strsim::osa_distance(verb, &word) == 1);
    match near {
        Some(verb) if !VERBS.contains(&word.as_str()) => Refusal::Fault(
            format!(
                "no statement starts with `{}`; one does with `{}`",
                first.text,
                verb.to_uppercase()
            ),
            first.span.start,
        ),
        _ => Refusal::Unknown,
    }
}

/// Control flow that MariaDB takes outside routines.
fn block(c: &Cursor<'_, '_>, dialect: Dialect, depth: u32) -> Operation {
    let start = c.last;
    let end = c.rest.last().map_or(start, |token| token.span.end);
    let text = c.text.get(start as usize..end as usize).unwrap_or("");
    body::read(text, start, dialect, depth)
}

/// EXECUTE of a prepared statement, or of a text at once.
fn execute(c: &mut Cursor<'_, '_>, dialect: Dialect, depth: u32) -> Operation {
    let span = Cursor { last: 0, ..*c }.span();
    if c.eat("immediate")
        && depth == 0
        && let [text] = c.rest
        && text.kind == TokenKind::String
    {
        return parse(&text.value(), dialect, depth + 1).operation;
    }
    Operation::Do {
        body: Vec::new(),
        dynamic: Some(span),
    }
}
