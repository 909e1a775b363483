//! Reading and writing rows.

use super::cursor::Cursor;
use super::expression::{expr, filter};
use crate::model::Dialect;
use crate::sql::{Filter, Operation, Word, Write, WriteKind};

pub(super) fn data(mut cursor: Cursor<'_>) -> Operation {
    skip_with(&mut cursor);
    let write = write(cursor);
    if write
        .as_ref()
        .is_some_and(|write| matches!(&*write.table.name, "sqlite_master" | "sqlite_schema"))
    {
        // The schema changed behind the server's back is beyond any model.
        return crate::sql::opaque(cursor.source(), Dialect::Sqlite);
    }
    Operation::Data {
        writes: write.into_iter().collect(),
        calls: Vec::new(),
        literals: Vec::new(),
        reads: crate::sql::Reads::default(),
    }
}

/// Moves behind WITH and what it names.
pub(super) fn skip_with(cursor: &mut Cursor<'_>) {
    if !cursor.eat("with") {
        return;
    }
    cursor.eat("recursive");
    while cursor.word().is_some() {
        cursor.group();
        cursor.eat("as");
        cursor.eat("not");
        cursor.eat("materialized");
        cursor.group();
        if !cursor.eat_text(",") {
            return;
        }
    }
}

fn write(mut cursor: Cursor<'_>) -> Option<Write> {
    let span = cursor.span();
    let kind = match () {
        () if cursor.eat("insert") || cursor.eat("replace") => WriteKind::Insert,
        () if cursor.eat("update") => WriteKind::Update,
        () if cursor.eat("delete") => WriteKind::Delete,
        () => return None,
    };
    if cursor.eat("or") {
        cursor.skip(1);
    }
    _ = cursor.eat("into") || cursor.eat("from");
    let table = cursor.name()?;
    if cursor.eat("as") {
        cursor.skip(1);
    }
    let mut widths = Vec::new();
    let (columns, bulk, (filter, read)) = match kind {
        WriteKind::Insert => {
            let columns = match cursor.text_at(0) {
                "(" => cursor.words()?,
                _ => Vec::new(),
            };
            skip_with(&mut cursor);
            widths = listed(cursor);
            (columns, cursor.is("select"), (Filter::Some, Vec::new()))
        }
        WriteKind::Update => (assigned(cursor), true, rows(cursor)),
        _ => (Vec::new(), true, rows(cursor)),
    };
    Some(Write {
        table,
        kind,
        filter,
        bulk,
        given: columns.clone(),
        columns,
        widths,
        read,
        conflict: conflict(cursor),
        twice: None,
        span,
    })
}

/// The columns of the first ON CONFLICT, where it has no condition and they are columns only.
fn conflict(mut cursor: Cursor<'_>) -> Vec<Word> {
    let stands =
        |cursor: &Cursor<'_>, index: usize| cursor.is_at(index, "on") && cursor.is_at(index + 1, "conflict");
    let Some(at) = cursor.find(stands) else {
        return Vec::new();
    };
    cursor.skip(at + 2);
    let plain = |mut part: Cursor<'_>| part.word().filter(|_| part.is_empty());
    let columns = cursor
        .group()
        .and_then(|list| list.split_commas().into_iter().map(plain).collect());
    columns.filter(|_| cursor.is("do")).unwrap_or_default()
}

/// The columns that an UPDATE sets.
fn assigned(mut cursor: Cursor<'_>) -> Vec<Word> {
    let Some(set) = cursor.find(|cursor, index| cursor.is_at(index, "set")) else {
        return Vec::new();
    };
    cursor.skip(set + 1);
    let ends = ["from", "where", "order", "limit", "returning"];
    if let Some(end) = cursor.find(|cursor, index| ends.iter().any(|word| cursor.is_at(index, word))) {
        cursor = cursor.take(end);
    }
    let mut columns = Vec::new();
    for mut part in cursor.split_commas() {
        match part.text_at(0) {
            "(" => columns.extend(part.words().unwrap_or_default()),
            _ => columns.extend(part.word()),
        }
    }
    columns
}

/// How many values the rows behind VALUES have.
fn listed(mut cursor: Cursor<'_>) -> Vec<usize> {
    let mut widths = Vec::new();
    if !cursor.eat("values") {
        return widths;
    }
    while let Some(row) = cursor.group() {
        let width = row.split_commas().len();
        if !widths.contains(&width) {
            widths.push(width);
        }
        if !cursor.eat_text(",") {
            break;
        }
    }
    widths
}

/// Which rows an UPDATE or DELETE is about, and the columns that tell them where they can be of its table only.
fn rows(mut cursor: Cursor<'_>) -> (Filter, Vec<Word>) {
    let ends = |cursor: &Cursor<'_>, index: usize| {
        cursor.is_at(index, "returning")
            || cursor.is_at(index, "limit")
            || (cursor.is_at(index, "order") && cursor.is_at(index + 1, "by"))
    };
    if cursor
        .find(|cursor, index| cursor.is_at(index, "limit"))
        .is_some()
    {
        return (Filter::Some, Vec::new());
    }
    let joins = cursor.find(|cursor, index| cursor.is_at(index, "from")).is_some();
    let Some(at) = cursor.find(|cursor, index| cursor.is_at(index, "where")) else {
        return (Filter::Missing, Vec::new());
    };
    cursor.skip(at + 1);
    if let Some(end) = cursor.find(ends) {
        cursor = cursor.take(end);
    }
    let condition = expr(cursor);
    // A name in double quotes that no column has is a text.
    let told = !joins && !condition.query && !condition.text.contains('"');
    let named = condition.columns.into_iter().filter(|_| told);
    let span = condition.span;
    let read = named.map(|text| Word { text, span }).collect();
    (filter(cursor), read)
}
