//! INSERT … SELECT, as the step of a table rebuild that says which column becomes which.

use super::cursor::{self, Cursor};
use super::data::skip_with;
use super::expression::expr;
use crate::sql::Expr;
use crate::sql::particular::Copied;

/// Reads an INSERT … SELECT from one table; `None` for anything else.
pub(in super::super) fn copied(statement: &str) -> Option<Copied> {
    let tokens = cursor::tokens(statement)?;
    let mut cursor = Cursor::new(statement, &tokens);
    skip_with(&mut cursor);
    if !(cursor.eat("insert") || cursor.eat("replace")) {
        return None;
    }
    if cursor.eat("or") {
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
    let star = list.len() == 1 && list.text_at(0) == "*";
    let values = (!star).then(|| list.split_commas().into_iter().map(value).collect());
    Some(Copied {
        into,
        columns,
        values,
    })
}

fn value(part: Cursor<'_>) -> Expr {
    match part.find(|cursor, index| cursor.is_at(index, "as")) {
        Some(at) if at > 0 => expr(part.take(at)),
        _ => expr(part),
    }
}
