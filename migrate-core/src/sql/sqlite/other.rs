//! CREATE and DROP of what is no table, and the statements about a database.

use super::cursor::Cursor;
use super::expression::expr;
use super::given::given;
use super::table;
use crate::sql::{Index, ObjectKind, Operation, Span, TriggerBody, View, counted};

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
        predicate,
        ..Index::default()
    })))
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
    let named = cursor.group().map(|list| list.split_commas().len());
    cursor.eat("as");
    Some(Operation::CreateView(Box::new(View {
        computes: false,
        counts: named.zip(counted(given(cursor))),
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
    let mut found = TriggerBody::default();
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
