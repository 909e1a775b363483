//! CREATE and DROP of what is no table, and the statements about a database.

use super::cursor::Cursor;
use super::expression::expr;
use super::table;
use crate::sql::{Index, ObjectKind, Operation, View};

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
    cursor.group();
    cursor.eat("as");
    Some(Operation::CreateView(Box::new(View {
        computes: false,
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
    cursor.skip(on + 1);
    let table = crate::sql::Name {
        schema: name.schema.clone(),
        ..cursor.name()?
    };
    if temporary {
        name.schema = Some("temp".to_owned());
    }
    Some(Operation::CreateNamedTrigger {
        name,
        table,
        if_not_exists,
        body: whole.source().to_owned(),
    })
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
