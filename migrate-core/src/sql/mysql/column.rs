//! Types, columns, constraints and indexes, as CREATE TABLE and ALTER TABLE have them.

use super::expression::{expr, single_quoted};
use super::reserved::is_reserved;
use super::tokens::Cursor;
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::sql::behaviour::behaviour;
use crate::sql::{
    ColumnDef, Constraint, ConstraintKind, Expr, ForeignKey, Generated, Index, IndexKind, Name, Online,
    Shape, Span, Type, Word,
};

/// Why a piece could not be read.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The server would not read it either.
    Fault(String, u32),
    /// Nothing is known about it.
    Unknown,
}

pub(super) type Read<T> = Result<T, Refusal>;

/// The piece, or a shrug.
pub(super) fn known<T>(found: Option<T>) -> Read<T> {
    found.ok_or(Refusal::Unknown)
}

/// A type; the character set and the collation that can stand in the middle of it.
fn column_type(c: &mut Cursor<'_, '_>, column: &mut ColumnDef) -> Read<()> {
    let start = c.start();
    let from = *c;
    let Some(first) = c.next().filter(|token| token.kind == TokenKind::Word) else {
        return Err(Refusal::Unknown);
    };
    let mut name = first.text.to_lowercase();
    let mut arguments = Vec::new();
    if name == "national" {
        name = known(c.next())?.text.to_lowercase();
    }
    match name.as_str() {
        "char" | "character" | "nchar" if c.eat("varying") => name = "varchar".to_owned(),
        "double" => _ = c.eat("precision"),
        "long" => {
            name = if c.eat("varbinary") {
                "mediumblob"
            } else {
                "mediumtext"
            }
            .to_owned();
            _ = c.eat("varchar") || c.eat_all(&["char", "varying"]);
        }
        _ => {}
    }
    if let Some(inner) = c.group() {
        arguments = inner.items().iter().map(|item| single_quoted(*item)).collect();
        if matches!(&*name, "enum" | "set") {
            arguments = inner
                .items()
                .iter()
                .filter_map(|item| item.peek())
                .map(|value| value.value())
                .collect();
        }
    }
    let mut unsigned = false;
    let mut end = c.last;
    loop {
        if c.eat("unsigned") || c.eat("zerofill") {
            unsigned = true;
        } else if c.eat_any(&["signed", "binary", "byte"]) {
        } else if c.eat("ascii") {
            column.attributes.charset = Some("latin1".to_owned());
        } else if c.eat("unicode") {
            column.attributes.charset = Some("ucs2".to_owned());
        } else if character_set(c) {
            column.attributes.charset = c.setting().map(|name| charset(&name));
        } else {
            break;
        }
        end = c.last;
    }
    let integer = match &*name {
        "int" | "integer" | "int4" => Some("int"),
        "bigint" | "int8" => Some("bigint"),
        "smallint" | "int2" => Some("smallint"),
        "mediumint" | "int3" | "middleint" => Some("mediumint"),
        "tinyint" | "bool" | "boolean" | "int1" => Some("tinyint"),
        "serial" => Some("bigint"),
        _ => None,
    };
    if name == "serial" {
        unsigned = true;
        let span = c.since(start);
        column.attributes.auto_increment = true;
        column.not_null = Some(span);
        column.constraints.push(Constraint {
            name: None,
            kind: ConstraintKind::Unique {
                columns: vec![column.name.clone()],
                using_index: None,
            },
            not_valid: false,
            behaviour: String::new(),
            span,
        });
    }
    let shared = match &*name {
        "character" | "nchar" => "char",
        "varcharacter" | "nvarchar" => "varchar",
        "dec" | "numeric" | "fixed" => "decimal",
        "real" | "float8" => "double",
        "float4" => "float",
        other => integer.unwrap_or(other),
    };
    name = shared.to_owned();
    if integer.is_some() {
        // The width is for showing only, and newer servers forget it; that of a flag is a habit.
        arguments.clear();
    }
    if name == "decimal" {
        if arguments.is_empty() {
            arguments.push("10".to_owned());
        }
        if arguments.len() == 1 {
            arguments.push("0".to_owned());
        }
    }
    if matches!(&*name, "char" | "binary") && arguments.is_empty() {
        arguments.push("1".to_owned());
    }
    if matches!(&*name, "datetime" | "timestamp" | "time")
        && arguments.first().is_some_and(|digits| digits == "0")
    {
        arguments.clear();
    }
    if unsigned {
        name.push_str(" unsigned");
    }
    let mut written = from;
    written.rest = &from.rest[..from.rest.len() - c.rest.len()];
    column.ty = Type {
        text: single_quoted(written),
        schema: None,
        name,
        arguments,
        array: false,
        span: Span { start, end },
    };
    Ok(())
}

/// `CHARACTER SET` and its other spellings.
pub(super) fn character_set(c: &mut Cursor<'_, '_>) -> bool {
    c.eat_all(&["character", "set"]) || c.eat_all(&["char", "set"]) || c.eat("charset")
}

/// A character set by the one name that both servers understand.
pub(super) fn charset(name: &str) -> String {
    match name.to_lowercase().as_str() {
        "utf8" => "utf8mb3".to_owned(),
        other => other.to_owned(),
    }
}

/// The character set of a collation.
pub(super) fn of_collation(collation: &str) -> String {
    charset(collation.split('_').next().unwrap_or(collation))
}

/// A column with everything that is written at it.
pub(super) fn column(c: &mut Cursor<'_, '_>) -> Read<ColumnDef> {
    let start = c.start();
    let bare = c.peek().is_some_and(|token| token.kind == TokenKind::Word);
    let name = known(c.word())?;
    if bare && is_reserved(&name.text) {
        let message = format!("`{}` is a reserved word, and a name in backticks only", name.text);
        return Err(Refusal::Fault(message, name.span.start));
    }
    let mut column = ColumnDef {
        name,
        ..ColumnDef::default()
    };
    if c.done() {
        return Err(Refusal::Fault(
            "expected the column's type".to_owned(),
            c.last.saturating_sub(1),
        ));
    }
    if c.peek().is_some_and(|token| !token.is_name()) {
        return Err(Refusal::Unknown);
    }
    column_type(c, &mut column)?;
    while !c.done() {
        attribute(c, &mut column)?;
    }
    if column.attributes.auto_increment && column.not_null.is_none() {
        column.not_null = Some(c.since(start));
    }
    if column
        .default
        .as_ref()
        .is_some_and(|value| value.shape == Shape::Null)
    {
        column.default = None;
    }
    column.span = c.since(start);
    Ok(column)
}

fn attribute(c: &mut Cursor<'_, '_>, column: &mut ColumnDef) -> Read<()> {
    let start = c.start();
    let own = vec![column.name.clone()];
    let mut key = |kind: ConstraintKind, span: Span| {
        column.constraints.push(Constraint {
            name: None,
            kind,
            not_valid: false,
            behaviour: String::new(),
            span,
        });
    };
    if c.eat_all(&["not", "null"]) {
        column.not_null = Some(c.since(start));
        c.eat("enable");
    } else if c.eat("null") {
        column.attributes.null = true;
    } else if c.eat_all(&["serial", "default", "value"]) {
        column.attributes.auto_increment = true;
    } else if c.eat("default") {
        column.default = Some(value(c)?);
    } else if c.eat_all(&["on", "update"]) {
        let from = *c;
        c.next();
        c.group();
        let mut written = from;
        written.rest = &from.rest[..from.rest.len() - c.rest.len()];
        column.attributes.on_update = Some(single_quoted(written).to_lowercase());
    } else if c.eat("auto_increment") {
        column.attributes.auto_increment = true;
    } else if c.eat("unique") {
        c.eat_any(&["key", "index"]);
        key(
            ConstraintKind::Unique {
                columns: own,
                using_index: None,
            },
            c.since(start),
        );
    } else if c.eat_all(&["primary", "key"]) || c.eat("key") {
        key(
            ConstraintKind::PrimaryKey {
                columns: own,
                using_index: None,
            },
            c.since(start),
        );
    } else if c.eat("comment") {
        column.attributes.comment = c.setting();
    } else if c.eat("collate") {
        column.collation = c.setting().map(|name| name.to_lowercase());
    } else if character_set(c) {
        column.attributes.charset = c.setting().map(|name| charset(&name));
    } else if c.at("references") || c.at("constraint") || c.at("check") {
        let one = constraint(c, Some(&column.name))?;
        column.constraints.push(known(one)?);
    } else if c.eat_all(&["generated", "always", "as"]) || c.eat("as") {
        if c.eat_all(&["row", "start"]) || c.eat_all(&["row", "end"]) {
            return Ok(());
        }
        if c.at_any(&["identity"]) {
            return Err(Refusal::Unknown);
        }
        let inner = known(c.group())?;
        let computed = expr(inner);
        column.generated = Some(if c.eat_any(&["stored", "persistent"]) {
            Generated::Stored(computed)
        } else {
            c.eat("virtual");
            Generated::Virtual(computed)
        });
    } else if c.eat("invisible") {
        column.attributes.invisible = true;
    } else if c.eat_any(&["visible", "compressed", "binary", "unsigned", "zerofill"]) {
        if c.eat_punct("=") {
            c.next();
        }
    } else if c.eat_all(&["with", "system", "versioning"])
        || c.eat_all(&["without", "system", "versioning"])
        || c.eat_all(&["not", "secondary"])
    {
    } else if c.eat_any(&[
        "column_format",
        "storage",
        "srid",
        "ref_system_id",
        "engine_attribute",
        "secondary_engine_attribute",
    ]) {
        c.setting();
    } else if c.eat("first") {
        column.placed = true;
    } else if c.eat("after") {
        column.after = Some(known(c.word())?);
        column.placed = true;
    } else {
        return Err(Refusal::Unknown);
    }
    Ok(())
}

/// The value behind DEFAULT: a literal, a call, or an expression in parentheses.
pub(super) fn value(c: &mut Cursor<'_, '_>) -> Read<Expr> {
    let from = *c;
    if c.group().is_none() {
        c.eat_punct("-");
        c.eat_punct("+");
        let token = *known(c.next())?;
        if token.kind == TokenKind::Word {
            let introduced =
                token.text.starts_with('_') && c.peek().is_some_and(|next| next.kind == TokenKind::String);
            let typed = token.is_any(&["date", "time", "timestamp", "interval"])
                && c.peek().is_some_and(|next| next.kind == TokenKind::String);
            if introduced || typed {
                c.next();
            }
            if token.is_any(&["next", "nextval"]) && c.eat("value") {
                c.eat("for");
                known(c.name())?;
            }
            c.group();
        } else if token.kind == TokenKind::String {
            while c.peek().is_some_and(|next| next.kind == TokenKind::String) {
                c.next();
            }
        }
    }
    let mut written = from;
    written.rest = &from.rest[..from.rest.len() - c.rest.len()];
    Ok(expr(written))
}

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

/// A constraint of a table or at a column; none where something else stands here.
pub(super) fn constraint(c: &mut Cursor<'_, '_>, column: Option<&Word>) -> Read<Option<Constraint>> {
    let start = c.start();
    let mut name = None;
    let mut not_enforced = false;
    if c.eat("constraint") {
        c.if_not_exists();
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
        let columns = known(key_columns(c))?;
        ConstraintKind::PrimaryKey {
            columns,
            using_index: None,
        }
    } else if c.at("unique") {
        c.next();
        c.eat_any(&["key", "index"]);
        c.if_not_exists();
        if !c.at_punct("(") && !c.at("using") {
            name = c.word().or(name);
        }
        index_type(c);
        let columns = known(key_columns(c))?;
        ConstraintKind::Unique {
            columns,
            using_index: None,
        }
    } else if c.eat_all(&["foreign", "key"]) {
        c.if_not_exists();
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
        } else if !super::alter::online(c, online) {
            return c.done();
        }
    }
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
    index_body(c, &mut index)?;
    index.span = c.since(start);
    Ok(Some(index))
}

/// The columns and options of an index.
pub(super) fn index_body(c: &mut Cursor<'_, '_>, index: &mut Index) -> Read<()> {
    index_type(c);
    let before = *c;
    let columns = known(key_columns(c))?;
    let mut written = before;
    written.rest = &before.rest[..before.rest.len() - c.rest.len()];
    index.definition = crate::sql::normal(&single_quoted(written)).to_lowercase();
    index.columns = columns.into_iter().map(|column| column.text).collect();
    index_options(c, &mut index.online);
    Ok(())
}
