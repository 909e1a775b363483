//! The columns that a query gives to the table or the view that it makes.

use super::cursor::Cursor;
use crate::script::lex::TokenKind;
use crate::sql::{Given, Name};

/// What the query gives, where its text tells.
pub(super) fn given(mut cursor: Cursor<'_>) -> Option<Vec<Given>> {
    let sets = ["union", "intersect", "except"];
    if !cursor.eat("select") || sets.iter().any(|word| cursor.mentions(word)) {
        return None;
    }
    _ = cursor.eat("distinct") || cursor.eat("all");
    let from = cursor.find(|cursor, index| cursor.is_at(index, "from"));
    let list = cursor.take(from.unwrap_or(cursor.len()));
    let mut rest = cursor;
    rest.skip(list.len() + 1);
    let source = from.and_then(|_| only(rest));
    let items = list.split_commas();
    items.into_iter().map(|item| one(item, source.as_ref())).collect()
}

/// The one table that a query is over, and what it is called there.
fn only(mut cursor: Cursor<'_>) -> Option<(Name, String)> {
    let end = |cursor: &Cursor<'_>, index: usize| {
        ["where", "group", "having", "order", "limit", "window"]
            .iter()
            .any(|word| cursor.is_at(index, word))
    };
    let end = cursor.find(end).unwrap_or(cursor.len());
    cursor = cursor.take(end);
    let table = cursor.name()?;
    cursor.eat("as");
    let alias = cursor.word().map_or_else(|| table.name.clone(), |word| word.text);
    cursor.is_empty().then_some((table, alias))
}

fn one(item: Cursor<'_>, source: Option<&(Name, String)>) -> Option<Given> {
    let is_name = |index: usize| matches!(item.kind_at(index), Some(TokenKind::Word | TokenKind::Quoted));
    let len = item.len();
    let dot = len > 1 && item.text_at(1) == ".";
    if item.text_at(len - 1) == "*" && (len == 1 || (len == 3 && dot)) {
        return source.map(|(table, _)| Given::All(table.clone()));
    }
    let ends_value = |index: usize| {
        is_name(index)
            || item.text_at(index) == ")"
            || matches!(item.kind_at(index), Some(TokenKind::Number | TokenKind::String))
    };
    let before_alias = len > 1 && ends_value(len - 2);
    let mut ahead = item;
    ahead.skip(len - 1);
    let last = ahead.word();
    let alias = last.clone().filter(|_| before_alias);
    // The value, without the name that it gets.
    let value = match (&alias, len > 2 && item.is_at(len - 2, "as")) {
        (None, _) => item,
        (Some(_), true) => item.take(len - 2),
        (Some(_), false) => item.take(len - 1),
    };
    let column = match value.len() {
        1 if is_name(0) => Some(0),
        3 if dot && is_name(0) && is_name(2) => Some(2),
        _ => None,
    };
    let column = column.and_then(|at| {
        let mut value = value;
        value.skip(at);
        value.word()
    });
    let qualifies = |(_, alias): &&(Name, String)| {
        let mut first = value;
        value.len() == 1 || first.word().is_some_and(|word| word.text == *alias)
    };
    let of = column.as_ref().and_then(|column| {
        let (table, _) = source.filter(qualifies)?;
        Some((table.clone(), column.text.clone()))
    });
    let name = match (alias, column) {
        (Some(alias), _) => alias.text,
        (None, Some(column)) => column.text,
        // An expression without a name is called as it is written.
        (None, None) => item.source().to_lowercase(),
    };
    Some(Given::One { name, of })
}
