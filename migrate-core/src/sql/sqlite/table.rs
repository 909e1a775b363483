//! CREATE TABLE and what a column is.

use super::cursor::Cursor;
use super::expression::expr;
use super::given::given;
use super::reads::of_query;
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::sql::behaviour::behaviour;
use crate::sql::{
    ColumnDef, Constraint, ConstraintKind, ForeignKey, Generated, Operation, Shape, Span, Table, TableSource,
    Type, Word,
};

/// CREATE TABLE, from behind the word TABLE on.
pub(super) fn create(mut cursor: Cursor<'_>, temporary: bool) -> Option<Operation> {
    let if_not_exists = cursor.eat_all(&["if", "not", "exists"]);
    let name = cursor.name()?;
    let mut table = Table {
        temporary: temporary || name.schema.as_deref() == Some("temp"),
        name,
        if_not_exists,
        ..Table::default()
    };
    if cursor.eat("as") {
        table.source = TableSource::Query;
        table.given = given(cursor);
        table.reads = of_query(cursor);
        return Some(Operation::CreateTable(Box::new(table)));
    }
    let elements = cursor.group()?.split_commas();
    let is_constraint =
        |part: &Cursor<'_>| part.is_any(&["constraint", "primary", "unique", "check", "foreign"]);
    for mut element in elements {
        if is_constraint(&element) {
            // Commas between table constraints may be left out.
            while let Some(constraint) = table_constraint(&mut element) {
                table.constraints.push(constraint);
            }
        } else {
            table.columns.push(column(&mut element)?);
        }
    }
    for mut option in cursor.split_commas() {
        if option.is("strict") {
            table.strict = Some(option.span_at(0));
        }
        table.without_rowid |= option.eat_all(&["without", "rowid"]);
    }
    Some(Operation::CreateTable(Box::new(table)))
}

/// CREATE VIRTUAL TABLE, from behind the word TABLE on.
pub(super) fn create_virtual(mut cursor: Cursor<'_>) -> Option<Operation> {
    let if_not_exists = cursor.eat_all(&["if", "not", "exists"]);
    let name = cursor.name()?;
    cursor.eat("using");
    let module = cursor.word()?.text;
    Some(Operation::CreateTable(Box::new(Table {
        name,
        if_not_exists,
        source: TableSource::Module(module),
        ..Table::default()
    })))
}

/// Whether a word of a column's definition can no longer belong to its type.
fn ends_type(cursor: &Cursor<'_>, index: usize) -> bool {
    let words = [
        "constraint",
        "primary",
        "not",
        "null",
        "unique",
        "check",
        "default",
        "collate",
        "references",
        "as",
        "deferrable",
    ];
    words.iter().any(|word| cursor.is_at(index, word))
        || (cursor.is_at(index, "generated") && cursor.is_at(index + 1, "always"))
}

/// A column with its constraints; moves behind it.
pub(super) fn column(cursor: &mut Cursor<'_>) -> Option<ColumnDef> {
    let whole = *cursor;
    let name = cursor.word()?;
    let mut column = ColumnDef {
        ty: column_type(cursor),
        name,
        ..ColumnDef::default()
    };
    let mut named: Option<(Word, Span)> = None;
    while !cursor.is_empty() {
        if cursor.is("constraint") {
            let start = cursor.span_at(0);
            cursor.skip(1);
            named = cursor.word().map(|name| (name, start));
            continue;
        }
        let (name, start) = match named.take() {
            Some((name, start)) => (Some(name), start),
            None => (None, cursor.span_at(0)),
        };
        let before = *cursor;
        let kind = column_constraint(cursor, &mut column);
        let end = before.until(cursor).span().end;
        let span = Span {
            start: start.start,
            end,
        };
        if let Some(kind) = kind {
            let behaviour = match kind {
                ConstraintKind::Check(_) => String::new(),
                _ => behaviour(before.until(cursor).source(), Dialect::Sqlite),
            };
            column.constraints.push(Constraint {
                name,
                kind,
                not_valid: false,
                if_not_exists: false,
                cut: None,
                behaviour,
                span,
            });
        }
        if cursor.len() == before.len() {
            return None;
        }
    }
    column.span = whole.span();
    Some(column)
}

fn column_type(cursor: &mut Cursor<'_>) -> Type {
    let start = *cursor;
    let mut words: Vec<String> = Vec::new();
    while matches!(
        cursor.kind_at(0),
        Some(TokenKind::Word | TokenKind::Quoted | TokenKind::String)
    ) && !ends_type(cursor, 0)
    {
        words.extend(cursor.word().map(|word| word.text));
    }
    let mut ty = Type {
        name: words.join(" "),
        ..Type::default()
    };
    if !words.is_empty()
        && let Some(inside) = cursor.group()
    {
        ty.arguments = inside
            .split_commas()
            .iter()
            .map(|part| part.source().to_owned())
            .collect();
    }
    let written = start.until(cursor);
    ty.text = written.source().split_whitespace().collect::<Vec<_>>().join(" ");
    ty.span = written.span();
    ty
}

/// What one constraint of a column demands, where it is one that has a name of its own; the rest changes the column.
fn column_constraint(cursor: &mut Cursor<'_>, column: &mut ColumnDef) -> Option<ConstraintKind> {
    let start = cursor.span_at(0);
    let own = vec![column.name.clone()];
    if cursor.eat_all(&["primary", "key"]) {
        _ = cursor.eat("asc") || cursor.eat("desc");
        on_conflict(cursor);
        if cursor.eat("autoincrement") {
            column.generated = Some(Generated::Identity { always: false });
        }
        return Some(ConstraintKind::PrimaryKey {
            columns: own,
            using_index: None,
        });
    }
    if cursor.starts_with(&["not", "null"]) {
        let end = cursor.span_at(1).end;
        cursor.skip(2);
        on_conflict(cursor);
        column.not_null = Some(Span {
            start: start.start,
            end,
        });
        return None;
    }
    if cursor.eat("null") {
        on_conflict(cursor);
        return None;
    }
    if cursor.eat("unique") {
        on_conflict(cursor);
        return Some(ConstraintKind::Unique {
            columns: own,
            using_index: None,
        });
    }
    if cursor.eat("check") {
        return cursor.group().map(|check| ConstraintKind::Check(expr(check)));
    }
    if cursor.eat("default") {
        column.default = Some(default(cursor));
        return None;
    }
    if cursor.eat("collate") {
        column.collation = cursor.word().map(|word| word.text);
        return None;
    }
    if cursor.eat("references") {
        return references(cursor, own).map(ConstraintKind::ForeignKey);
    }
    if cursor.eat_all(&["generated", "always"]) || cursor.is("as") {
        cursor.eat("as");
        let value = expr(cursor.group()?);
        let stored = cursor.eat("stored");
        _ = stored || cursor.eat("virtual");
        column.generated = Some(match stored {
            true => Generated::Stored(value),
            false => Generated::Virtual(value),
        });
        return None;
    }
    deferrable(cursor);
    None
}

fn default(cursor: &mut Cursor<'_>) -> crate::sql::Expr {
    let start = *cursor;
    let bare = cursor.group().is_none();
    if bare {
        _ = cursor.eat_text("+") || cursor.eat_text("-");
        cursor.skip(1);
    }
    let mut value = expr(start.until(cursor));
    // A name is a string here.
    if bare && matches!(value.shape, Shape::Column(_)) {
        value.shape = Shape::Literal;
    }
    value
}

fn on_conflict(cursor: &mut Cursor<'_>) {
    if cursor.eat_all(&["on", "conflict"]) {
        cursor.skip(1);
    }
}

fn deferrable(cursor: &mut Cursor<'_>) {
    if cursor.is("deferrable") || cursor.starts_with(&["not", "deferrable"]) {
        cursor.eat("not");
        cursor.eat("deferrable");
        if cursor.eat("initially") {
            cursor.skip(1);
        }
    }
}

/// What follows REFERENCES.
fn references(cursor: &mut Cursor<'_>, columns: Vec<Word>) -> Option<ForeignKey> {
    let parent = crate::sql::Name {
        schema: None,
        ..cursor.name()?
    };
    let parent_columns = match cursor.text_at(0) {
        "(" => cursor.words()?,
        _ => Vec::new(),
    };
    loop {
        if cursor.eat("match") {
            cursor.skip(1);
        } else if cursor.is("on") && !cursor.is_at(1, "conflict") {
            cursor.skip(2);
            let two = cursor.is("set") || cursor.is("no");
            cursor.skip(if two { 2 } else { 1 });
        } else {
            break;
        }
    }
    deferrable(cursor);
    Some(ForeignKey {
        columns,
        parent,
        parent_columns,
    })
}

/// A table constraint; moves behind it.
pub(super) fn table_constraint(cursor: &mut Cursor<'_>) -> Option<Constraint> {
    let whole = *cursor;
    let name = match cursor.eat("constraint") {
        true => Some(cursor.word()?),
        false => None,
    };
    let kind = if cursor.eat_all(&["primary", "key"]) {
        let mut inside = cursor.group()?;
        let columns = key_columns(&mut inside);
        on_conflict(cursor);
        ConstraintKind::PrimaryKey {
            columns,
            using_index: None,
        }
    } else if cursor.eat("unique") {
        let mut inside = cursor.group()?;
        let columns = key_columns(&mut inside);
        on_conflict(cursor);
        ConstraintKind::Unique {
            columns,
            using_index: None,
        }
    } else if cursor.eat("check") {
        let check = expr(cursor.group()?);
        on_conflict(cursor);
        ConstraintKind::Check(check)
    } else if cursor.eat_all(&["foreign", "key"]) {
        let columns = cursor.words()?;
        if !cursor.eat("references") {
            return None;
        }
        ConstraintKind::ForeignKey(references(cursor, columns)?)
    } else {
        return None;
    };
    let text = whole.until(cursor).source();
    let behaviour = match kind {
        ConstraintKind::Check(_) => String::new(),
        _ => behaviour(text, Dialect::Sqlite),
    };
    Some(Constraint {
        name,
        kind,
        behaviour,
        not_valid: false,
        if_not_exists: false,
        cut: None,
        span: whole.until(cursor).span(),
    })
}

fn key_columns(inside: &mut Cursor<'_>) -> Vec<Word> {
    inside
        .split_commas()
        .into_iter()
        .filter_map(|mut part| part.word())
        .collect()
}
