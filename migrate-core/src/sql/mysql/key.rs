//! Constraints and indexes, as CREATE TABLE and ALTER TABLE have them.

use super::column::{Read, Refusal, known};
use super::expression::{expr, single_quoted};
use super::tokens::{Cursor, Token};
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::sql::behaviour::behaviour;
use crate::sql::{Constraint, ConstraintKind, ForeignKey, HIDDEN, Index, IndexKind, Name, Online, Word};

/// The columns of a key in parentheses; a prefix length and a direction are passed over, an expression is empty.
pub(super) fn key_columns(c: &mut Cursor<'_, '_>) -> Option<Vec<Word>> {
    let inner = c.group()?;
    let parts = inner.items().into_iter().map(|mut item| {
        let span = item.span();
        // A period WITHOUT OVERLAPS is no column.
        let period =
            matches!(item.rest, [.., without, overlaps] if without.is("without") && overlaps.is("overlaps"));
        match item.at_punct("(") || period {
            true => Word {
                text: String::new(),
                span,
            },
            false => item.word().unwrap_or_default(),
        }
    });
    Some(parts.collect())
}

/// Refuses an expression in a primary key.
fn no_expressions(c: &Cursor<'_, '_>) -> Read<()> {
    let items = c.clone().group().map(Cursor::items).unwrap_or_default();
    match items.iter().find(|item| item.at_punct("(")) {
        Some(item) => {
            let message = "a primary key is over columns, not over an expression".to_owned();
            Err(Refusal::Fault(message, item.start()))
        }
        None => Ok(()),
    }
}

/// Refuses an index over an expression that is a column.
fn no_lone_column(c: &Cursor<'_, '_>) -> Read<()> {
    let items = c.clone().group().map(Cursor::items).unwrap_or_default();
    let lone = |item: &&Cursor<'_, '_>| {
        let inner = (*item).clone().group();
        inner.is_some_and(|inner| matches!(inner.rest, [one] if one.is_name()))
    };
    match items.iter().find(lone) {
        Some(item) => {
            let message =
                "a column in parentheses is no expression for an index; write it without".to_owned();
            Err(Refusal::Fault(message, item.start()))
        }
        None => Ok(()),
    }
}

/// The columns of a key as written, where one has a length.
fn cut_columns(c: &Cursor<'_, '_>) -> Option<String> {
    let inner = c.clone().group()?;
    let cut =
        |item: &Cursor<'_, '_>| matches!(item.rest, [name, open, ..] if name.is_name() && open.punct("("));
    let written = format!("({})", crate::sql::normal(&single_quoted(inner)).to_lowercase());
    inner.items().iter().any(cut).then_some(written)
}

/// A constraint of a table or at a column; none where something else stands here.
pub(super) fn constraint(c: &mut Cursor<'_, '_>, column: Option<&Word>) -> Read<Option<Constraint>> {
    let start = c.start();
    let mut name = None;
    let mut not_enforced = false;
    let mut cut = None;
    let mut if_not_exists = false;
    if c.eat("constraint") {
        if_not_exists = c.if_not_exists();
        if !c.at_any(&["primary", "unique", "foreign", "check", "references"]) {
            name = c.word();
        }
    }
    let kind = if c.eat("check") {
        let inner = known(c.group())?;
        let check = ConstraintKind::Check(expr(inner));
        not_enforced = c.eat_all(&["not", "enforced"]);
        c.eat("enforced");
        check
    } else if c.eat_all(&["primary", "key"]) {
        index_type(c);
        if !c.at_punct("(") {
            c.word();
        }
        index_type(c);
        cut = cut_columns(c);
        no_expressions(c)?;
        let columns = known(key_columns(c))?;
        ConstraintKind::PrimaryKey {
            columns,
            using_index: None,
        }
    } else if c.at("unique") {
        c.next();
        c.eat_any(&["key", "index"]);
        if_not_exists |= c.if_not_exists();
        if !c.at_punct("(") && !c.at("using") {
            name = c.word().or(name);
        }
        index_type(c);
        cut = cut_columns(c);
        let columns = known(key_columns(c))?;
        ConstraintKind::Unique {
            columns,
            using_index: None,
        }
    } else if c.eat_all(&["foreign", "key"]) {
        if_not_exists |= c.if_not_exists();
        if !c.at_punct("(") {
            let index = c.word();
            name = name.or(index);
        }
        let columns = known(key_columns(c))?;
        references(c, columns)?
    } else if c.at("references") {
        references(c, column.cloned().into_iter().collect())?
    } else {
        return match name {
            Some(_) => Err(Refusal::Unknown),
            None => Ok(None),
        };
    };
    if matches!(kind, ConstraintKind::PrimaryKey { .. }) && c.at("invisible") {
        let message = "a primary key cannot be invisible".to_owned();
        return Err(Refusal::Fault(message, c.start()));
    }
    if matches!(
        kind,
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. }
    ) {
        index_options(c, &mut Online::default());
    }
    let behaviour = match kind {
        ConstraintKind::ForeignKey(_) => behaviour(c.since(start).of(c.text), Dialect::Mysql),
        _ => String::new(),
    };
    Ok(Some(Constraint {
        name,
        kind,
        not_valid: not_enforced,
        if_not_exists,
        cut,
        behaviour,
        span: c.since(start),
    }))
}

fn references(c: &mut Cursor<'_, '_>, columns: Vec<Word>) -> Read<ConstraintKind> {
    if !c.eat("references") {
        return Err(Refusal::Unknown);
    }
    let parent = known(c.name())?;
    let parent_columns = key_columns(c).unwrap_or_default();
    loop {
        if c.eat("match") {
            c.next();
        } else if c.eat_all(&["on", "delete"]) || c.eat_all(&["on", "update"]) {
            _ = c.eat("cascade")
                || c.eat("restrict")
                || c.eat_all(&["set", "null"])
                || c.eat_all(&["set", "default"])
                || c.eat_all(&["no", "action"]);
        } else {
            break;
        }
    }
    Ok(ConstraintKind::ForeignKey(ForeignKey {
        columns,
        parent,
        parent_columns,
    }))
}

fn index_type(c: &mut Cursor<'_, '_>) {
    if c.eat_any(&["using", "type"]) {
        c.next();
    }
}

/// What stands behind the columns of an index. Whether all of it was understood.
pub(super) fn index_options(c: &mut Cursor<'_, '_>, online: &mut Online) -> bool {
    loop {
        if c.eat_any(&[
            "using",
            "type",
            "comment",
            "key_block_size",
            "engine_attribute",
            "secondary_engine_attribute",
        ]) {
            c.setting();
        } else if c.eat_all(&["with", "parser"]) {
            c.next();
        } else if c.eat_any(&["visible", "invisible", "ignored"]) || c.eat_all(&["not", "ignored"]) {
        } else if c.at_any(&["clustering", "distance", "m"]) {
            c.next();
            c.setting();
        } else if !super::options::online(c, online) {
            return c.done();
        }
    }
}

/// Whether the options of an index keep queries from using it.
pub(super) fn is_hidden(c: &Cursor<'_, '_>) -> bool {
    let mut before = None;
    c.rest.iter().any(|token| {
        let not = before
            .replace(token)
            .is_some_and(|word: &Token<'_>| word.is("not"));
        token.is("invisible") || token.is("ignored") && !not
    })
}

/// `INDEX`, `KEY` and their kinds; none where something else stands here.
pub(super) fn index(c: &mut Cursor<'_, '_>, table: &Name) -> Read<Option<Index>> {
    let start = c.start();
    let kind = if c.eat("fulltext") {
        IndexKind::FullText
    } else if c.eat("spatial") {
        IndexKind::Spatial
    } else if c.at("vector") {
        c.next();
        IndexKind::Vector
    } else {
        IndexKind::Plain
    };
    if !c.eat_any(&["index", "key"]) && kind == IndexKind::Plain {
        return Ok(None);
    }
    let mut index = Index {
        kind,
        table: table.clone(),
        ..Index::default()
    };
    index.if_not_exists = c.if_not_exists();
    if !c.at_punct("(") && !c.at_any(&["using", "type"]) {
        let word = known(c.word())?;
        index.name = Some(Name {
            schema: None,
            name: word.text,
            span: word.span,
        });
    }
    // `key varchar(20)` is meant for a column; no key is over a number.
    let number = c.clone().group().is_some_and(|inner| {
        let number = |item: &Cursor<'_, '_>| matches!(item.rest, [one] if one.kind == TokenKind::Number);
        inner.items().iter().all(number)
    });
    if number {
        let message = "this is a key over a number; a column of that name is written in backticks".to_owned();
        return Err(Refusal::Fault(message, start));
    }
    index_body(c, &mut index)?;
    index.span = c.since(start);
    Ok(Some(index))
}

/// The columns and options of an index.
pub(super) fn index_body(c: &mut Cursor<'_, '_>, index: &mut Index) -> Read<()> {
    index_type(c);
    let before = *c;
    no_lone_column(c)?;
    let columns = known(key_columns(c))?;
    let mut written = before;
    written.rest = &before.rest[..before.rest.len() - c.rest.len()];
    index.definition = crate::sql::normal(&single_quoted(written)).to_lowercase();
    index.columns = columns.into_iter().map(|column| column.text).collect();
    if is_hidden(c) {
        index.manner = HIDDEN.to_owned();
    }
    index_options(c, &mut index.online);
    Ok(())
}
