//! Reading and writing rows.

use super::copy::source;
use super::cursor::Cursor;
use super::expression::{expr, filter};
use super::given::given;
use super::reads::{of_query, returned, updated, upsert};
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::sql::{Filter, Literal, Name, Operation, Word, Write, WriteKind, counted, uncounted};

/// So many values of a list are looked at.
const MOST: usize = 2_000;

pub(super) fn data(mut cursor: Cursor<'_>) -> Operation {
    let plain = !cursor.is("with");
    skip_with(&mut cursor);
    let write = write(cursor).map(|write| match plain {
        true => write,
        false => Write {
            all: Vec::new(),
            ..write
        },
    });
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
        reads: match plain {
            true => read(cursor),
            false => crate::sql::Reads::default(),
        },
    }
}

/// What a query reads, and the one that an INSERT takes its rows from.
fn read(mut cursor: Cursor<'_>) -> crate::sql::Reads {
    if cursor.is("insert") || cursor.is("replace") {
        let query = |cursor: &Cursor<'_>, index: usize| {
            ["select", "values", "with"]
                .iter()
                .any(|word| cursor.is_at(index, word))
        };
        let at = cursor.find(query).unwrap_or(cursor.len());
        cursor.skip(at);
    }
    of_query(cursor)
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

pub(super) fn write(mut cursor: Cursor<'_>) -> Option<Write> {
    let span = cursor.span();
    let whole = cursor;
    let kind = match () {
        () if cursor.eat("insert") || cursor.eat("replace") => WriteKind::Insert,
        () if cursor.eat("update") => WriteKind::Update,
        () if cursor.eat("delete") => WriteKind::Delete,
        () => return None,
    };
    let mut lenient = whole.is("replace");
    let mut overwrites = lenient || !updated(whole).is_empty();
    if cursor.eat("or") {
        lenient |= cursor.is("ignore") || cursor.is("replace");
        overwrites |= cursor.is("replace");
        cursor.skip(1);
    }
    _ = cursor.eat("into") || cursor.eat("from");
    let table = cursor.name()?;
    if cursor.eat("as") {
        cursor.skip(1);
    }
    let (mut widths, mut all, mut bare) = (Vec::new(), Vec::new(), false);
    let (mut values, mut again) = (Vec::new(), None);
    let (columns, bulk, (filter, read)) = match kind {
        WriteKind::Insert => {
            let columns = match cursor.text_at(0) {
                "(" => cursor.words()?,
                _ => Vec::new(),
            };
            let plain = !cursor.is("with");
            skip_with(&mut cursor);
            bare = cursor.is("default") && cursor.is_at(1, "values");
            widths = listed(cursor);
            // Columns that a query gives one by one are counted like values.
            let query = cursor.take(upsert(&cursor).unwrap_or(cursor.len()));
            widths.extend(counted(given(query)).filter(|_| widths.is_empty()));
            again = source(query).filter(|_| plain && overwrites);
            // What WITH names may have the name of a table.
            all = uncounted(given(query).filter(|_| plain));
            values = listed_values(cursor);
            (columns, cursor.is("select"), (Filter::Some, Vec::new()))
        }
        WriteKind::Update => {
            let assignments = assignments(cursor);
            values = assignments.into_iter().filter_map(assigned_value).collect();
            (assigned(cursor), true, rows(cursor, &table))
        }
        _ => (Vec::new(), true, rows(cursor, &table)),
    };
    let mut read = read;
    read.extend(returned(cursor, &table));
    read.extend(updated(cursor));
    Some(Write {
        table,
        kind,
        filter,
        bulk,
        given: columns.clone(),
        columns,
        widths,
        all,
        bare,
        read,
        conflict: conflict(cursor),
        values,
        lenient,
        again,
        span,
        ..Write::default()
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

/// What stands between SET and the condition of an UPDATE, cut at its commas.
fn assignments(mut cursor: Cursor<'_>) -> Vec<Cursor<'_>> {
    let Some(set) = cursor.find(|cursor, index| cursor.is_at(index, "set")) else {
        return Vec::new();
    };
    cursor.skip(set + 1);
    let ends = ["from", "where", "order", "limit", "returning"];
    if let Some(end) = cursor.find(|cursor, index| ends.iter().any(|word| cursor.is_at(index, word))) {
        cursor = cursor.take(end);
    }
    cursor.split_commas()
}

/// The columns that an UPDATE sets.
fn assigned(cursor: Cursor<'_>) -> Vec<Word> {
    let mut columns = Vec::new();
    for mut part in assignments(cursor) {
        match part.text_at(0) {
            "(" => columns.extend(part.words().unwrap_or_default()),
            _ => columns.extend(part.word()),
        }
    }
    columns
}

/// The literal of `column = literal`.
fn assigned_value(mut part: Cursor<'_>) -> Option<Literal> {
    let column = part.word()?;
    part.eat_text("=").then_some(())?;
    literal(part, Some(column), 0)
}

/// The literals of the rows behind VALUES.
fn listed_values(mut cursor: Cursor<'_>) -> Vec<Literal> {
    let mut found = Vec::new();
    if !cursor.eat("values") {
        return found;
    }
    while let Some(row) = cursor.group().filter(|_| found.len() < MOST) {
        let row = row.split_commas().into_iter().enumerate();
        found.extend(row.filter_map(|(at, part)| literal(part, None, at)));
        if !cursor.eat_text(",") {
            break;
        }
    }
    found
}

fn literal(part: Cursor<'_>, column: Option<Word>, at: usize) -> Option<Literal> {
    let plain = |index: usize| matches!(part.kind_at(index), Some(TokenKind::String | TokenKind::Number));
    let literal = match part.len() {
        1 => part.is("null") || plain(0),
        2 => matches!(part.text_at(0), "-" | "+") && part.kind_at(1) == Some(TokenKind::Number),
        _ => false,
    };
    literal.then(|| Literal {
        column,
        at,
        text: part.source().to_owned(),
        span: part.span(),
    })
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
fn rows(mut cursor: Cursor<'_>, table: &Name) -> (Filter, Vec<Word>) {
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
    if let Some(column) = of_itself(cursor, table) {
        return (Filter::NotNull(vec![column]), Vec::new());
    }
    let condition = expr(cursor);
    // A name in double quotes that no column has is a text.
    let told = !joins && !condition.query && !condition.text.contains('"');
    let named = condition.columns.into_iter().filter(|_| told);
    let span = condition.span;
    let read = named.map(|text| Word { text, span }).collect();
    (filter(cursor), read)
}

/// The column of `id IN (SELECT id FROM t)` over the very table that is written.
fn of_itself(mut condition: Cursor<'_>, table: &Name) -> Option<String> {
    let column = condition.word()?;
    let mut query = condition.eat("in").then(|| condition.group())??;
    let same = query.eat("select") && query.word().is_some_and(|word| word.text == column.text);
    let whole = query.eat("from") && query.name().is_some_and(|name| name.name == table.name);
    (condition.is_empty() && same && whole && query.is_empty()).then_some(column.text)
}
