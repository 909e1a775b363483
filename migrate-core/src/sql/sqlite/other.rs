//! CREATE and DROP of what is no table, and the statements about a database.

use super::cursor::Cursor;
use super::data::write;
use super::expression::expr;
use super::given::given;
use super::reads::of_query;
use super::table;
use crate::sql::{
    Expr, Index, ObjectKind, Operation, Reads, Span, TriggerBody, View, Write, counted, single,
};

pub(super) fn create(mut cursor: Cursor<'_>) -> Option<Operation> {
    cursor.skip(1);
    let temporary = cursor.eat("temp") || cursor.eat("temporary");
    if cursor.eat("table") {
        return table::create(cursor, temporary);
    }
    if cursor.eat_all(&["virtual", "table"]) {
        return table::create_virtual(cursor);
    }
    if cursor.eat("view") {
        return view(cursor, temporary);
    }
    if cursor.eat("trigger") {
        return trigger(cursor, temporary);
    }
    let unique = cursor.eat("unique");
    match cursor.eat("index") {
        true => index(cursor, unique),
        false => None,
    }
}

fn index(mut cursor: Cursor<'_>, unique: bool) -> Option<Operation> {
    let if_not_exists = cursor.eat_all(&["if", "not", "exists"]);
    let name = cursor.name()?;
    cursor.eat("on");
    // An index is in the schema of its table, which is written at the index.
    let table = crate::sql::Name {
        schema: name.schema.clone(),
        ..cursor.name()?
    };
    let inside = cursor.group()?;
    let columns = inside.split_commas().into_iter().map(indexed).collect();
    let predicate = cursor.eat("where").then(|| expr(cursor));
    Some(Operation::CreateIndex(Box::new(Index {
        name: Some(name),
        table,
        unique,
        if_not_exists,
        columns,
        definition: format!("({})", inside.source()),
        expressions: inside.split_commas().into_iter().filter_map(computed).collect(),
        predicate,
        ..Index::default()
    })))
}

/// The expression an index is over, where it is one.
fn computed(part: Cursor<'_>) -> Option<Expr> {
    if !indexed(part).is_empty() {
        return None;
    }
    let ends = ["collate", "asc", "desc"];
    let end = part.find(|cursor, index| ends.iter().any(|word| cursor.is_at(index, word)));
    Some(expr(part.take(end.unwrap_or(part.len()))))
}

/// The column an index is over; empty for an expression.
fn indexed(mut part: Cursor<'_>) -> String {
    let Some(word) = part.word() else {
        return String::new();
    };
    if part.eat("collate") {
        part.skip(1);
    }
    _ = part.eat("asc") || part.eat("desc");
    match part.is_empty() {
        true => word.text,
        false => String::new(),
    }
}

fn view(mut cursor: Cursor<'_>, temporary: bool) -> Option<Operation> {
    let if_not_exists = cursor.eat_all(&["if", "not", "exists"]);
    let name = cursor.name()?;
    let temporary = temporary || name.schema.as_deref() == Some("temp");
    let list = cursor.words();
    let named = list.as_ref().map(Vec::len);
    cursor.eat("as");
    Some(Operation::CreateView(Box::new(View {
        computes: false,
        counts: named.zip(counted(given(cursor))),
        gives: match list {
            Some(list) => list.into_iter().map(|word| word.text).collect(),
            None => single(given(cursor)),
        },
        // Its tables may be made behind it.
        reads: Reads {
            tables: Vec::new(),
            ..of_query(cursor)
        },
        name,
        temporary,
        if_not_exists,
        query: cursor.source().to_owned(),
        ..View::default()
    })))
}

fn trigger(mut cursor: Cursor<'_>, temporary: bool) -> Option<Operation> {
    let whole = cursor;
    let if_not_exists = cursor.eat_all(&["if", "not", "exists"]);
    let mut name = cursor.name()?;
    let on = cursor.find(|cursor, index| cursor.is_at(index, "on"))?;
    let head = cursor.take(on);
    cursor.skip(on + 1);
    let table = crate::sql::Name {
        schema: name.schema.clone(),
        ..cursor.name()?
    };
    let rows = rows(head, cursor);
    if temporary {
        name.schema = Some("temp".to_owned());
    }
    Some(Operation::CreateNamedTrigger {
        name,
        table,
        if_not_exists,
        body: whole.source().to_owned(),
        rows,
    })
}

/// What a trigger says of the rows OLD and NEW; the head says when it fires.
fn rows(head: Cursor<'_>, body: Cursor<'_>) -> TriggerBody {
    let mut found = TriggerBody {
        writes: writes(body),
        misused: qualified(body),
        ..TriggerBody::default()
    };
    if let Some(of) =
        head.find(|cursor, index| cursor.is_at(index, "update") && cursor.is_at(index + 1, "of"))
    {
        let mut list = head;
        list.skip(of + 2);
        found.columns = list
            .split_commas()
            .into_iter()
            .filter_map(|mut part| part.word())
            .collect();
    }
    for at in 0..body.len() {
        let old = body.is_at(at, "old");
        let row = (old || body.is_at(at, "new")) && body.text_at(at + 1) == ".";
        if !row || (at > 0 && body.text_at(at - 1) == ".") {
            continue;
        }
        let mut column = body;
        column.skip(at + 2);
        let Some(column) = column.word() else { continue };
        let why = match old {
            true if head.mentions("insert") => "a trigger on INSERT has no row OLD",
            false if head.mentions("delete") => "a trigger on DELETE has no row NEW",
            _ => {
                found.columns.push(column);
                continue;
            }
        };
        let span = Span {
            start: body.span_at(at).start,
            end: column.span.end,
        };
        found.misused.get_or_insert((why.to_owned(), span));
    }
    found
}

/// A table that the body of a trigger writes under the name of its database, which SQLite does not take.
fn qualified(mut body: Cursor<'_>) -> Option<(String, Span)> {
    body.skip(body.find(|cursor, index| cursor.is_at(index, "begin"))? + 1);
    while let Some(end) = body.find(|cursor, index| cursor.text_at(index) == ";") {
        let mut part = body.take(end);
        let verb = part.eat("insert") || part.eat("replace") || part.eat("update") || part.eat("delete");
        if verb && part.eat("or") {
            part.skip(1);
        }
        _ = part.eat("into") || part.eat("from");
        if verb && part.text_at(1) == "." {
            let span = part.span_at(0);
            return Some(("a trigger writes tables by their bare names".to_owned(), span));
        }
        body.skip(end + 1);
    }
    None
}

/// The rows that a trigger's body writes.
fn writes(mut body: Cursor<'_>) -> Vec<Write> {
    let mut found = Vec::new();
    let Some(begin) = body.find(|cursor, index| cursor.is_at(index, "begin")) else {
        return found;
    };
    body.skip(begin + 1);
    while let Some(end) = body.find(|cursor, index| cursor.text_at(index) == ";") {
        found.extend(write(body.take(end)));
        body.skip(end + 1);
    }
    found
}

pub(super) fn drop(mut cursor: Cursor<'_>) -> Option<Operation> {
    cursor.skip(1);
    let kind = match cursor.word_at(0)?.to_ascii_lowercase().as_str() {
        "table" => ObjectKind::Table,
        "index" => ObjectKind::Index,
        "view" => ObjectKind::View,
        "trigger" => ObjectKind::Trigger,
        _ => return None,
    };
    cursor.skip(1);
    let if_exists = cursor.eat_all(&["if", "exists"]);
    Some(Operation::Drop {
        kind,
        takes: Vec::new(),
        names: vec![cursor.name()?],
        on: None,
        if_exists,
        cascade: false,
        concurrently: false,
    })
}

pub(super) fn pragma(mut cursor: Cursor<'_>) -> Option<Operation> {
    cursor.skip(1);
    let name = cursor.name()?.name;
    let mut value = match cursor.group() {
        Some(inside) => inside,
        None => {
            cursor.eat_text("=");
            cursor
        }
    };
    _ = value.eat_text("+") || value.eat_text("-");
    let values = match value.word() {
        Some(word) => vec![word.text],
        None if value.is_empty() => Vec::new(),
        None => vec![value.source().to_owned()],
    };
    Some(Operation::Set {
        name,
        values,
        local: false,
    })
}

pub(super) fn vacuum(cursor: Cursor<'_>) -> Operation {
    match cursor.mentions("into") {
        true => Operation::Harmless,
        false => Operation::Vacuum {
            tables: Vec::new(),
            full: true,
        },
    }
}

pub(super) fn reindex(mut cursor: Cursor<'_>) -> Operation {
    cursor.skip(1);
    Operation::Reindex {
        target: cursor.name().map(|name| (ObjectKind::Other, name)),
        concurrently: false,
    }
}
