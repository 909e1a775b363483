//! Types and columns, as CREATE TABLE and ALTER TABLE have them.

use super::expression::{expr, single_quoted};
use super::key::constraint;
use super::tokens::Cursor;
use crate::script::lex::TokenKind;
use crate::sql::reserved::is_refused_by_mysql;
use crate::sql::{ColumnDef, Constraint, ConstraintKind, Expr, Generated, Shape, Span, Type, Word};

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
    let (mut unsigned, mut binary) = (false, false);
    let mut end = c.last;
    loop {
        if c.eat("unsigned") || c.eat("zerofill") {
            unsigned = true;
        } else if c.eat("binary") {
            binary = true;
        } else if c.eat_any(&["signed", "byte"]) {
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
    // The binary collation of its character set.
    if binary && let Some(set) = &column.attributes.charset {
        column.collation = Some(format!("{set}_bin"));
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
            if_not_exists: false,
            cut: None,
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
    if name == "year" && arguments == ["4"] {
        arguments.clear();
    }
    // One number says how exact it has to be, which decides between the two.
    if name == "float"
        && let [digits] = arguments.as_slice()
        && let Ok(digits) = digits.parse::<u32>()
    {
        name = if digits > 24 { "double" } else { "float" }.to_owned();
        arguments.clear();
    }
    if matches!(&*name, "char" | "binary" | "bit") && arguments.is_empty() {
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

/// The name of a column.
pub(super) fn name(c: &mut Cursor<'_, '_>) -> Read<Word> {
    let bare = c.peek().is_some_and(|token| token.kind == TokenKind::Word);
    let name = known(c.word())?;
    match bare && is_refused_by_mysql(&name.text) {
        true => {
            let message = format!("`{}` is a reserved word, and a name in backticks only", name.text);
            Err(Refusal::Fault(message, name.span.start))
        }
        false => Ok(name),
    }
}

/// A column with everything that is written at it.
pub(super) fn column(c: &mut Cursor<'_, '_>) -> Read<ColumnDef> {
    let start = c.start();
    let name = name(c)?;
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
    // A default of NULL goes without saying, or is refused.
    if column.not_null.is_none()
        && column
            .default
            .as_ref()
            .is_some_and(|value| value.shape == Shape::Null)
    {
        column.default = None;
        column.attributes.default_null = true;
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
            if_not_exists: false,
            cut: None,
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
            column.attributes.row_time = true;
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
    } else if c.eat("srid") {
        column.attributes.srid = c.setting();
    } else if c.eat_any(&[
        "column_format",
        "storage",
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
