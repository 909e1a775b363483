//! The statements inside a procedural body, found by their tokens.
//!
//! Bodies have no grammar in the dialects' parsers that can be relied on. What can be told from the tokens alone: where
//! a statement starts, whether it stands under a condition or in a loop, and where SQL is put together at run time.

use super::{Nested, Operation, Reads, Span};
use crate::model::Dialect;
use crate::script::lex::{Lexer, TokenKind};

/// The words a statement of a body can start with that are SQL and not control flow.
const SQL: &[&str] = &[
    "update", "delete", "insert", "merge", "with", "alter", "create", "drop", "truncate", "lock", "select",
    "reindex", "cluster", "refresh", "copy", "revoke", "perform",
];

/// More of them in PostgreSQL, whose bodies can end the transaction that they run in.
const POSTGRES: &[&str] = &["call", "commit", "rollback"];

/// Words after which a statement starts.
const STARTERS: &[&str] = &["begin", "then", "else", "loop", "do"];

/// The words of control flow that may stand before an equals sign.
const CONTROL: &[&str] = &[
    "if", "elsif", "while", "for", "foreach", "return", "raise", "assert", "case", "when", "exit",
    "continue", "declare", "execute", "open", "fetch", "get",
];

/// How many words a variable that is assigned to has at most, with its fields, and the sign behind it.
const ASSIGNED: usize = 8;

/// The operations of the body at `offset` of a statement.
pub(super) fn read(body: &str, offset: u32, dialect: Dialect, depth: u32) -> Operation {
    let mut found = Found {
        body,
        offset,
        dialect,
        depth,
        nested: Vec::new(),
        dynamic: None,
    };
    found.scan();
    Operation::Do {
        body: found.nested,
        dynamic: found.dynamic,
    }
}

struct Found<'a> {
    body: &'a str,
    offset: u32,
    dialect: Dialect,
    depth: u32,
    nested: Vec<Nested>,
    dynamic: Option<Span>,
}

impl Found<'_> {
    fn scan(&mut self) {
        let tokens: Vec<_> = Lexer::new(self.body, self.dialect)
            .map_while(Result::ok)
            .filter(|token| !token.kind.is_trivia())
            .collect();
        let body = self.body;
        let text = |index: usize| tokens.get(index).map_or("", |token| token.text(body));
        let is = |index: usize, words: &[&str]| {
            tokens
                .get(index)
                .is_some_and(|token| token.kind == TokenKind::Word)
                && words.iter().any(|word| text(index).eq_ignore_ascii_case(word))
        };
        let mut starts = true;
        let mut nesting = 0_u32;
        let mut index = 0;
        while index < tokens.len() {
            if is(index, &["execute", "immediate"])
                && !is(index + 1, &["function", "procedure", "on", "immediate"])
            {
                self.dynamic.get_or_insert(Span {
                    start: self.offset + tokens[index].start as u32,
                    end: self.offset + tokens[index].end as u32,
                });
            }
            let own = self.dialect == Dialect::Postgres && is(index, POSTGRES);
            // What is assigned is computed as a SELECT computes it. Only `:=` cannot stand in SQL.
            // A plain `=` stands right behind the variable.
            let begun = starts && self.dialect == Dialect::Postgres;
            let sign = (index + 1..index + ASSIGNED)
                .filter(|_| begun && !is(index, CONTROL) && !is(index, STARTERS))
                .take_while(|at| !matches!(text(*at), ";" | "("))
                .find(|at| match text(*at) {
                    "=" => *at == index + 1 || text(*at - 1) == ":",
                    sign => sign == ":=",
                });
            if begun
                && let Some(value) = sign
                && value + 1 < tokens.len()
            {
                let end = (value..tokens.len())
                    .find(|at| tokens[*at].kind == TokenKind::Semicolon)
                    .unwrap_or(tokens.len());
                self.assigned(tokens[value + 1].start, tokens[end - 1].end, nesting > 0);
                index = end;
                continue;
            }
            if starts && (is(index, SQL) || own) {
                let end = (index..tokens.len())
                    .find(|at| tokens[*at].kind == TokenKind::Semicolon)
                    .unwrap_or(tokens.len());
                if (index..end)
                    .any(|at| is(at, &["execute"]) && !is(at + 1, &["function", "procedure", "on"]))
                    && self.dynamic.is_none()
                {
                    self.dynamic = Some(Span {
                        start: self.offset + tokens[index].start as u32,
                        end: self.offset + tokens[end - 1].end as u32,
                    });
                }
                self.statement(tokens[index].start, tokens[end - 1].end, nesting > 0);
                index = end;
                continue;
            }
            // `END IF` and `END LOOP` close, everything else that opens is counted by its own word.
            if is(index, &["end"]) && is(index + 1, &["if", "loop", "case"]) {
                nesting = nesting.saturating_sub(1);
                index += 2;
                starts = false;
                continue;
            }
            if starts
                && is(
                    index,
                    &["if", "for", "while", "loop", "foreach", "case", "exception"],
                )
                || is(index, &["exception"])
            {
                nesting += 1;
            }
            starts = is(index, STARTERS) || matches!(text(index), ";" | ">>");
            index += 1;
        }
    }

    /// Only the calls of a value that is assigned count.
    fn assigned(&mut self, start: usize, end: usize, conditional: bool) {
        let Some(sql) = self.body.get(start..end).filter(|sql| sql.contains('(')) else {
            return;
        };
        if self.depth > 0 {
            return;
        }
        let operation = called(super::parse(&format!("SELECT {sql}"), self.dialect).operation);
        if matches!(operation, Operation::Data { .. }) {
            let start = self.offset + start as u32;
            self.nested.push(Nested {
                operation,
                span: Span {
                    start,
                    end: start + sql.len() as u32,
                },
                conditional,
            });
        }
    }

    fn statement(&mut self, start: usize, end: usize, conditional: bool) {
        let Some(sql) = self.body.get(start..end) else {
            return;
        };
        // PERFORM is a SELECT whose rows nobody wants.
        let performed = sql
            .get(..7)
            .filter(|word| word.eq_ignore_ascii_case("perform"))
            .map(|_| format!("SELECT {}", &sql[7..]));
        if self.depth > 0 {
            return;
        }
        let mut parsed = super::parse(performed.as_deref().unwrap_or(sql), self.dialect);
        if matches!(parsed.operation, Operation::Opaque { .. })
            && let Some(plain) = without_targets(sql, self.dialect)
        {
            parsed = super::parse(&plain, self.dialect);
            if is_query(sql) && !matches!(parsed.operation, Operation::Opaque { .. }) {
                parsed.operation = called(parsed.operation);
            }
        }
        // There, SELECT … INTO fills variables.
        if is_query(sql) && matches!(parsed.operation, Operation::CreateTable(_)) {
            let plain = without_targets(sql, self.dialect).unwrap_or_default();
            parsed.operation = called(super::parse(&plain, self.dialect).operation);
        }
        let start = self.offset + start as u32;
        self.nested.push(Nested {
            operation: parsed.operation,
            span: Span {
                start,
                end: start + sql.len() as u32,
            },
            conditional,
        });
    }
}

/// What is left of a query whose rows stay in the body: the functions that it calls.
fn called(query: Operation) -> Operation {
    match query {
        Operation::Data { calls, .. } if !calls.is_empty() => Operation::Data {
            writes: Vec::new(),
            calls,
            literals: Vec::new(),
            reads: Reads::default(),
        },
        _ => Operation::Harmless,
    }
}

/// Whether a statement starts as a query does.
fn is_query(sql: &str) -> bool {
    ["select", "with"].iter().any(|word| {
        sql.get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    })
}

/// The statement with spaces where it names the variables that take its rows, `INTO a, b.c`: no SQL outside of a body.
fn without_targets(sql: &str, dialect: Dialect) -> Option<String> {
    let tokens: Vec<_> = Lexer::new(sql, dialect)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text(sql));
    let is = |at: usize, word: &str| text(at).eq_ignore_ascii_case(word);
    let mut depth = 0_u32;
    let into = (1..tokens.len()).find(|at| {
        match text(*at) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && is(*at, "into") && !is(*at - 1, "insert") && !is(*at - 1, "merge")
    })?;
    let mut at = into + 1 + usize::from(is(into + 1, "strict"));
    loop {
        at += 1;
        while text(at) == "." {
            at += 2;
        }
        if text(at) != "," {
            break;
        }
        at += 1;
    }
    let (start, end) = (tokens[into].start, tokens.get(at.min(tokens.len()) - 1)?.end);
    let spaces = " ".repeat(end - start);
    Some([sql.get(..start)?, &spaces, sql.get(end..)?].concat())
}
