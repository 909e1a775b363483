//! INSERT … SELECT, as the step of a table rebuild that says which column becomes which.

use super::cursor::{self, Cursor};
use super::data::skip_with;
use super::expression::{expr, filter};
use crate::sql::particular::Copied;
use crate::sql::{Expr, Filter, Name};

/// Reads an INSERT … SELECT from one table; `None` for anything else.
pub(in super::super) fn copied(statement: &str) -> Option<Copied> {
    let tokens = cursor::tokens(statement)?;
    let mut cursor = Cursor::new(statement, &tokens);
    skip_with(&mut cursor);
    let mut lenient = cursor.is("replace");
    if !(cursor.eat("insert") || cursor.eat("replace")) {
        return None;
    }
    if cursor.eat("or") {
        lenient |= cursor.is_any(&["ignore", "replace"]);
        cursor.skip(1);
    }
    cursor.eat("into");
    let into = cursor.name()?;
    let columns = match cursor.text_at(0) {
        "(" => Some(cursor.words()?.into_iter().map(|word| word.text).collect()),
        _ => None,
    };
    if !cursor.eat("select") {
        return None;
    }
    _ = cursor.eat("distinct") || cursor.eat("all");
    let from = cursor.find(|cursor, index| cursor.is_at(index, "from"))?;
    let list = cursor.take(from);
    cursor.skip(from + 1);
    let star = match list.len() {
        1 => list.text_at(0) == "*",
        // `t.*` of the one table that is read.
        3 => list.text_at(1) == "." && list.text_at(2) == "*" && one_table(cursor),
        _ => false,
    };
    let values = (!star).then(|| list.split_commas().into_iter().map(value).collect());
    let (filter, limit) = rows(cursor);
    Some(Copied {
        into,
        columns,
        values,
        from: cursor.name(),
        filter,
        limit,
        lenient,
    })
}

/// The one table that a query reads, and which of its rows.
pub(super) fn source(mut cursor: Cursor<'_>) -> Option<(Name, Filter)> {
    if !cursor.eat("select") {
        return None;
    }
    let from = cursor.find(|cursor, index| cursor.is_at(index, "from"))?;
    cursor.skip(from + 1);
    let (filter, limit) = rows(cursor);
    let table = cursor.name().filter(|_| one_table(cursor))?;
    Some((table, if limit.is_some() { Filter::Some } else { filter }))
}

/// Whether nothing but one table stands behind FROM.
fn one_table(cursor: Cursor<'_>) -> bool {
    let more =
        |cursor: &Cursor<'_>, index: usize| cursor.text_at(index) == "," || cursor.is_at(index, "join");
    cursor.find(more).is_none()
}

/// Which rows are read, and what behind FROM may leave rows out beside the condition. Of several queries put together, one
/// may give what another leaves out.
fn rows(cursor: Cursor<'_>) -> (Filter, Option<&'static str>) {
    let at = |word: &str| cursor.find(|cursor, index| cursor.is_at(index, word));
    if ["union", "except", "intersect"]
        .iter()
        .any(|word| at(word).is_some())
    {
        return (Filter::Missing, None);
    }
    let condition = at("where").map(|start| {
        let mut condition = cursor;
        condition.skip(start + 1);
        let ends = ["group", "order", "limit", "having", "window", "on"];
        let end = condition.find(|condition, index| ends.iter().any(|word| condition.is_at(index, word)));
        filter(condition.take(end.unwrap_or(condition.len())))
    });
    // A LIMIT below zero is none.
    let limits = |start: usize| cursor.text_at(start + 1) != "-";
    let limit = match () {
        () if at("group").is_some() => Some("GROUP BY"),
        () if at("limit").is_some_and(limits) => Some("LIMIT"),
        () => None,
    };
    (condition.unwrap_or_default(), limit)
}

fn value(part: Cursor<'_>) -> Expr {
    match part.find(|cursor, index| cursor.is_at(index, "as")) {
        Some(at) if at > 0 => expr(part.take(at)),
        _ => expr(part),
    }
}
