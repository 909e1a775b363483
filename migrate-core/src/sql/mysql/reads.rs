//! Which tables and columns a query reads, as far as its text tells for sure.

use super::data::{MODIFIERS, Source, sources, until};
use super::named::{QUERIES, group, names};
use super::tokens::{Cursor, Token};
use crate::script::lex::TokenKind;
use crate::sql::{Given, Name, Reads};

/// Queries nested deeper than this are not read.
const DEEPEST: u32 = 8;

/// The words that begin a further query.
const SETS: &[&str] = &["union", "intersect", "except", "minus"];

/// The words that end a FROM.
const CLAUSES: &[&str] = &[
    "where",
    "group",
    "having",
    "window",
    "order",
    "limit",
    "procedure",
    "into",
    "lock",
    "returning",
];

/// What a query reads. What WITH names hides tables, so nothing is sure of a query with one.
pub(super) fn of_query(c: Cursor<'_, '_>) -> Reads {
    let mut found = Reads::default();
    query(c, &mut found, DEEPEST);
    found
}

/// What an UPDATE reads.
pub(super) fn of_update(c: Cursor<'_, '_>) -> Reads {
    let mut found = Reads::default();
    let mut ahead = c;
    ahead.eat("update");
    while ahead.eat_any(MODIFIERS) {}
    let tables = until(&mut ahead, &["set", "for"]);
    scope(c, tables, &mut found, DEEPEST);
    found
}

/// What a DELETE reads.
pub(super) fn of_delete(c: Cursor<'_, '_>) -> Reads {
    let mut found = Reads::default();
    let mut ahead = c;
    let ends = ["where", "order", "limit", "returning"];
    until(&mut ahead, &["from"]);
    ahead.eat("from");
    let mut list = ahead;
    let first = until(
        &mut list,
        &["using", "join", "where", "order", "limit", "returning"],
    );
    // `DELETE FROM a USING a JOIN b`; a join may have a USING as well.
    let tables = match list.eat("using") {
        true if first.rest.len() < 8 => until(&mut list, &ends),
        _ => until(&mut ahead, &ends),
    };
    scope(c, tables, &mut found, DEEPEST);
    found
}

fn query(c: Cursor<'_, '_>, found: &mut Reads, depth: u32) {
    if depth == 0 {
        return;
    }
    let mut from = 0;
    let mut at = 0;
    let whole = c.rest;
    loop {
        let end = at >= whole.len();
        if end || whole[at].is_any(SETS) {
            let mut part = Cursor {
                rest: &whole[from..at.min(whole.len())],
                ..c
            };
            _ = part.eat("all") || part.eat("distinct");
            if part.eat("select") {
                select(part, found, depth);
            } else if let Some(inner) = part.group() {
                query(inner, found, depth - 1);
            }
            from = at + 1;
        }
        if end {
            return;
        }
        at += if whole[at].punct("(") {
            group(&whole[at..])
        } else {
            1
        };
    }
}

/// A query from behind SELECT on.
fn select(c: Cursor<'_, '_>, found: &mut Reads, depth: u32) {
    let mut ahead = c;
    until(&mut ahead, &["from"]);
    let tables = match ahead.eat("from") {
        true => until(&mut ahead, CLAUSES),
        false => Cursor {
            rest: &c.rest[..0],
            ..c
        },
    };
    scope(c, tables, found, depth);
}

/// What tokens read that stand over these tables, queries in parentheses included.
fn scope(c: Cursor<'_, '_>, tables: Cursor<'_, '_>, found: &mut Reads, depth: u32) {
    let sources = sources(tables);
    let opaque = has_other(tables);
    if !opaque {
        found
            .tables
            .extend(sources.iter().map(|source| source.name.clone()));
    }
    let names = names(c.rest);
    for named in names.columns {
        let of = match &named.table {
            Some(table) => {
                let mut called = sources.iter().filter(|source| source.alias == *table);
                called.next().filter(|_| called.next().is_none())
            }
            // In a query within another it may be a column of that one.
            None if depth < DEEPEST || opaque || names.aliases.contains(&named.column.text) => None,
            None => only(&sources),
        };
        if let Some(source) = of {
            found.columns.push((source.name.clone(), named.column));
        }
    }
    let mut at = 0;
    while at < c.rest.len() {
        let inner = c.rest[at].punct("(") && c.rest.get(at + 1).is_some_and(|next| next.is("select"));
        if inner {
            let mut nested = Cursor {
                rest: &c.rest[at..],
                ..c
            };
            if let Some(nested) = nested.group() {
                query(nested, found, depth - 1);
            }
            at += group(&c.rest[at..]);
        } else {
            at += 1;
        }
    }
}

fn only(sources: &[Source]) -> Option<&Source> {
    match sources {
        [source] => Some(source),
        _ => None,
    }
}

/// Whether something stands among the tables that is none.
fn has_other(tables: Cursor<'_, '_>) -> bool {
    let query = tables
        .rest
        .windows(2)
        .any(|pair| pair[0].punct("(") && pair[1].is_any(QUERIES));
    query
        || tables
            .rest
            .iter()
            .any(|token| token.is_any(&["json_table", "lateral"]))
}

/// The columns that a query gives to the table it makes, where they can be told.
pub(super) fn given(mut c: Cursor<'_, '_>) -> Option<Vec<Given>> {
    c.eat_any(&["as", "ignore", "replace"]);
    let whole = c;
    if let Some(inner) = c.group() {
        return if c.done() { given(inner) } else { None };
    }
    c = whole;
    if !c.eat("select") || c.rest.iter().any(|token| token.is_any(SETS)) {
        return None;
    }
    c.eat_any(&["distinct", "all", "distinctrow"]);
    let list = until(&mut c, &["from"]);
    let tables = match c.eat("from") {
        true => until(&mut c, CLAUSES),
        false => c,
    };
    let opaque = has_other(tables);
    let sources = sources(tables);
    let mut columns = Vec::new();
    for item in list.items() {
        columns.push(one_given(item, &sources, opaque)?);
    }
    Some(columns)
}

fn one_given(item: Cursor<'_, '_>, sources: &[Source], opaque: bool) -> Option<Given> {
    let called = |table: &Token<'_>| {
        let alias = table.value().to_lowercase();
        let source = sources.iter().find(|source| source.alias == alias);
        source.map(|source| source.name.clone())
    };
    let column =
        |table: Option<Name>, name: &Token<'_>| table.map(|table| (table, name.value().to_lowercase()));
    let single = || {
        only(sources)
            .filter(|_| !opaque)
            .map(|source| source.name.clone())
    };
    let (value, name) = match item.rest {
        [value @ .., mark, name] if mark.is("as") && !value.is_empty() => (value, Some(name)),
        [.., last, name] if name.is_name() && ends_value(last) => {
            (&item.rest[..item.rest.len() - 1], Some(name))
        }
        all => (all, None),
    };
    let of = match value {
        [star] if star.punct("*") => return Some(Given::All(single()?)),
        [table, dot, star] if dot.punct(".") && star.punct("*") => return Some(Given::All(called(table)?)),
        [one] if one.is_name() => column(single(), one),
        [table, dot, one] if dot.punct(".") && one.is_name() => column(called(table), one),
        _ => None,
    };
    let name = match (name, &of, value) {
        (Some(name), _, _) if name.is_name() || name.kind == TokenKind::String => name.value().to_lowercase(),
        (None, Some((_, column)), _) => column.clone(),
        (None, None, [one]) if one.is_name() => one.value().to_lowercase(),
        (None, None, [.., dot, one]) if dot.punct(".") && one.is_name() => one.value().to_lowercase(),
        // An expression without a name is called as it is written.
        _ => item.span().of(item.text).to_lowercase(),
    };
    Some(Given::One { name, of })
}

/// Whether a value ends with the token, so that a name behind it is what the value is called.
fn ends_value(token: &Token<'_>) -> bool {
    token.is_name() || token.punct(")") || matches!(token.kind, TokenKind::Number | TokenKind::String)
}
