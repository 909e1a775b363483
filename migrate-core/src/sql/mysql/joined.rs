//! What the joins of an UPDATE or a DELETE leave of its rows.

use super::data::Source;
use super::expression::only_joins;
use super::tokens::Cursor;

/// Tables in parentheses nested deeper than this are taken to leave rows out.
const DEEPEST: u32 = 16;

/// The words behind which another table or its condition begins.
const JOINS: &[&str] = &[
    "join",
    "inner",
    "cross",
    "natural",
    "straight_join",
    "left",
    "right",
];

/// Whether the joins leave rows out by themselves: a condition beside that of which rows go together, or a query that
/// has a WHERE or a LIMIT of its own. An outer join leaves out nothing.
pub(super) fn narrows(list: Cursor<'_, '_>) -> bool {
    narrows_within(list, DEEPEST)
}

fn narrows_within(mut c: Cursor<'_, '_>, depth: u32) -> bool {
    if depth == 0 {
        return true;
    }
    let mut outer = false;
    while !c.done() {
        if c.eat_any(&["left", "right"]) {
            c.eat("outer");
            c.eat("join");
            outer = true;
        } else if c.eat_any(JOINS) || c.eat_punct(",") {
            outer = false;
        } else if c.eat("on") {
            let condition = condition(&mut c);
            if !outer && !only_joins(condition.rest) {
                return true;
            }
        } else if c.at_punct("(") {
            let Some(inner) = c.group() else { return false };
            let query = inner.at_any(&["select", "with", "values"]);
            let few = match query {
                true => gives_few(inner),
                false => narrows_within(inner, depth - 1),
            };
            if !outer && few {
                return true;
            }
        } else {
            c.skip();
        }
    }
    false
}

/// Whether a query may give fewer rows than its tables have.
fn gives_few(query: Cursor<'_, '_>) -> bool {
    let few = ["where", "limit", "having", "values"];
    query.rest.iter().any(|token| token.is_any(&few))
}

/// The condition of a join, which the next table ends; LEFT and RIGHT are functions as well.
fn condition<'a, 's>(c: &mut Cursor<'a, 's>) -> Cursor<'a, 's> {
    let from = *c;
    while !c.done() && !c.at_punct(",") {
        let called = c.rest.get(1).is_some_and(|next| next.punct("("));
        if c.at_any(JOINS) && !called {
            break;
        }
        c.skip();
    }
    Cursor {
        rest: &from.rest[..from.rest.len() - c.rest.len()],
        ..from
    }
}

/// Moves past `WITH name AS (…), …`, and names the queries that leave rows out.
pub(super) fn with(c: &mut Cursor<'_, '_>) -> Vec<String> {
    let mut named = Vec::new();
    if !c.eat("with") {
        return named;
    }
    c.eat("recursive");
    while let Some(word) = c.word() {
        c.group();
        c.eat("as");
        if c.group().is_some_and(gives_few) {
            named.push(word.text.to_lowercase());
        }
        if !c.eat_punct(",") {
            break;
        }
    }
    named
}

/// Whether one of the tables is a query of WITH that leaves rows out.
pub(super) fn of_with(tables: &[Source], named: &[String]) -> bool {
    tables
        .iter()
        .any(|source| source.name.schema.is_none() && named.contains(&source.name.name.to_lowercase()))
}
