//! The values that a write gives, and what it asks of the table that it writes.

use super::data::{condition, sources, until, until_duplicate};
use super::expression::single_quoted;
use super::tokens::Cursor;
use crate::script::lex::TokenKind;
use crate::sql::{Filter, Literal, Name, Span, Word};

/// So many values of a list are looked at.
const MOST: usize = 2_000;

/// Whether a value is DEFAULT, also behind `column =`.
pub(super) fn is_default(item: &Cursor<'_, '_>) -> bool {
    match item.rest {
        [one] => one.is("default"),
        [.., equal, one] => equal.text.ends_with('=') && one.is("default"),
        [] => false,
    }
}

/// The literals of the rows behind VALUES.
pub(super) fn listed_values(mut c: Cursor<'_, '_>) -> Vec<Literal> {
    let mut found = Vec::new();
    if !c.eat_any(&["values", "value"]) {
        return found;
    }
    while found.len() < MOST {
        c.eat("row");
        let Some(row) = c.group() else { break };
        let row = row.items().into_iter().enumerate();
        found.extend(row.filter_map(|(at, item)| literal(item, None, at)));
        if !c.eat_punct(",") {
            break;
        }
    }
    found
}

/// The literal of `column = literal`.
pub(super) fn assigned_value(mut item: Cursor<'_, '_>) -> Option<Literal> {
    let column = item.column()?;
    item.eat_punct("=").then_some(())?;
    literal(item, Some(column), 0)
}

fn literal(item: Cursor<'_, '_>, column: Option<Word>, at: usize) -> Option<Literal> {
    let plain = match item.rest {
        [one] => {
            one.is_any(&["null", "true", "false"])
                || matches!(one.kind, TokenKind::String | TokenKind::Number)
        }
        [sign, one] => (sign.punct("-") || sign.punct("+")) && one.kind == TokenKind::Number,
        _ => false,
    };
    plain.then(|| Literal {
        column,
        at,
        text: single_quoted(item),
        span: item.span(),
    })
}

/// The columns of the table that ON DUPLICATE KEY UPDATE sets.
pub(super) fn on_duplicate(c: Cursor<'_, '_>) -> Vec<Word> {
    let before = until_duplicate(c);
    let mut rest = Cursor {
        rest: &c.rest[before.rest.len()..],
        ..c
    };
    if !rest.eat_all(&["on", "duplicate", "key", "update"]) {
        return Vec::new();
    }
    let assignments = until(&mut rest, &["returning"]).items();
    assignments
        .into_iter()
        .filter_map(|mut item| item.column().filter(|_| item.at_punct("=")))
        .collect()
}

/// The one table that a query reads, and which of its rows.
pub(super) fn only_source(mut query: Cursor<'_, '_>) -> Option<(Name, Filter)> {
    if !query.eat("select") {
        return None;
    }
    let narrows = ["group", "having", "union", "except", "intersect"];
    let few = query.rest.iter().any(|token| token.is_any(&narrows));
    until(&mut query, &["from"]);
    if !query.eat("from") {
        return None;
    }
    let list = until(&mut query, &["where", "order", "limit", "for", "lock", "group"]);
    let tables = sources(list);
    let [one] = &*tables else { return None };
    let filter = condition(&mut query);
    Some((one.name.clone(), if few { Filter::Some } else { filter }))
}

/// A clause that only other databases have, in a write: what it is and where it stands.
pub(super) fn foreign(c: Cursor<'_, '_>) -> Option<(&'static str, u32)> {
    let (update, insert) = (c.at("update"), c.at_any(&["insert", "replace"]));
    let (mut rest, mut set) = (c, false);
    while (update || insert) && !rest.done() {
        set |= rest.at("set");
        let start = rest.start();
        if update && set && rest.at("from") {
            return Some(("UPDATE has no FROM; join the tables before SET", start));
        }
        if insert && rest.clone().eat_all(&["on", "conflict"]) {
            return Some(("INSERT has no ON CONFLICT; write ON DUPLICATE KEY UPDATE", start));
        }
        rest.skip();
    }
    None
}

/// Where a query among these tokens reads the table, other than from within a table of its own FROM.
pub(super) fn asks(mut c: Cursor<'_, '_>, table: &Name) -> Option<Span> {
    while !c.done() {
        if !c.at_punct("(") {
            c.next();
            continue;
        }
        let inner = c.group()?;
        let found = match inner.at("select") {
            true => reads(inner, table),
            false => asks(inner, table),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn reads(mut c: Cursor<'_, '_>, table: &Name) -> Option<Span> {
    until(&mut c, &["from"]);
    if !c.eat("from") {
        return None;
    }
    let clauses = ["where", "group", "having", "order", "limit", "union"];
    let tables = until(&mut c, &clauses);
    let own = sources(tables)
        .into_iter()
        .find(|source| source.name.name == table.name && source.name.schema == table.schema);
    own.map_or_else(|| asks(c, table), |source| Some(source.name.span))
}
