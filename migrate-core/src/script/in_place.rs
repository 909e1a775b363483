//! What the UPDATE of a backfill does to the columns that it assigns: whether it reads one of them itself, so that doing
//! it twice is not the same as doing it once.

use super::backfill::Reader;
use super::lex::{Lexer, TokenKind};
use super::words::Words;
use crate::model::Dialect;
use crate::model::directives::Batched;
use crate::sql::{Expr, Span, Type};

/// Functions of one value that leave alone what they made.
const SETTLED: &[&str] = &[
    "abs", "btrim", "ceil", "ceiling", "floor", "initcap", "lcase", "lower", "ltrim", "round", "rtrim",
    "trim", "trunc", "ucase", "upper",
];

/// Functions that put their arguments together.
const JOINS: &[&str] = &["concat", "concat_ws"];

/// Operators that make another value each time.
const OPERATORS: &[&str] = &["||", "+", "-", "*", "/"];

/// A column that an UPDATE computes from itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InPlace {
    /// The column, as written.
    pub(crate) column: String,
    /// What it is assigned, as written.
    pub(crate) expression: String,
    /// Whether it is sure to be another value each time, as far as the text says it.
    pub(crate) grows: bool,
    /// Whether it takes keys away, if the column is a document.
    takes_keys: bool,
    /// Whether it takes keys away or sets them, if the column is a document whose top is no list.
    edits: bool,
    /// Whether it takes elements away, if the column is an array.
    removes: bool,
}

/// What a column is the second time that it is computed from itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// What it is the first time.
    Same,
    /// That or another value.
    Unsure,
    /// Another value.
    Other,
}

impl InPlace {
    /// What the column is the second time, where its type and its default are known or are not.
    pub(crate) fn again(&self, ty: Option<&Type>, default: Option<&Expr>) -> Again {
        let of = |names: &[&str]| ty.is_some_and(|ty| !ty.array && names.contains(&&*ty.name));
        let document = of(&["jsonb", "hstore"]);
        // To a list `||` appends what it would set in an object. Nobody says what a document is but by its default.
        let object = default.is_some_and(|value| {
            value
                .normal()
                .trim_start_matches(['(', '\'', ' '])
                .starts_with('{')
        });
        if document && (self.takes_keys || self.edits && object)
            || self.removes && ty.is_some_and(|ty| ty.array)
        {
            return Again::Same;
        }
        match self.grows && !(self.edits && (ty.is_none() || document)) {
            true => Again::Other,
            false => Again::Unsure,
        }
    }
}

/// The first column that is computed from itself so that a second time would make another value of it.
pub(crate) fn in_place(batched: &Batched, dialect: Dialect) -> Option<InPlace> {
    all_in_place(batched, dialect).into_iter().next()
}

/// The columns that are computed from themselves so that a second time would make another value of them, as far as that
/// can be said: `lower(a)` does not, and neither does a statement whose condition reads what it assigns, to leave out
/// rows that are done.
pub(crate) fn all_in_place(batched: &Batched, dialect: Dialect) -> Vec<InPlace> {
    let assigned: Vec<String> = batched
        .assignments
        .iter()
        .map(|assignment| name_of(&assignment.column, dialect))
        .collect();
    let leaves_out = |condition: &str| assigned.iter().any(|column| names(condition, column, dialect));
    if batched.condition.as_deref().is_some_and(leaves_out) {
        return Vec::new();
    }
    let found = batched
        .assignments
        .iter()
        .zip(&assigned)
        .filter(|(assignment, column)| {
            names(&assignment.expression, column, dialect)
                && !is_settled(&assignment.expression, column, dialect)
        });
    let found = found.map(|(assignment, column)| InPlace {
        column: assignment.column.to_string(),
        expression: assignment.expression.to_string(),
        grows: grows(&assignment.expression, column, dialect),
        takes_keys: edits(&assignment.expression, column, dialect, &["-"]),
        edits: edits(&assignment.expression, column, dialect, &["-", "||"]),
        removes: removes(&assignment.expression, column, dialect),
    });
    found.collect()
}

/// The columns that an UPDATE assigns, by the names of the database, whatever it assigns to them, each with the place
/// of its assignment.
pub(crate) fn assigned(sql: &str, table: &str, dialect: Dialect) -> Vec<(String, Span)> {
    let reader = Reader::new(sql, table, dialect);
    if !reader.is(0, "update") {
        return Vec::new();
    }
    let set = reader.find(0, &["set"]);
    let end = reader.find(set, &["from", "where", "returning", "order", "limit"]);
    let mut found = Vec::new();
    let mut start = set + 1;
    while start < end {
        let comma = reader.comma(start, end);
        let equals = (start..comma).find(|index| reader.text(*index) == "=");
        let target = reader.between(start, equals.unwrap_or(start));
        let target = target.trim();
        let place = Span {
            start: reader.start(start) as u32,
            end: reader.end(comma) as u32,
        };
        // `(a, b) = (SELECT …)`, `a[1] = …`.
        let columns = target.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        for column in columns.unwrap_or(target).split(',') {
            let column = column.split('[').next().unwrap_or_default();
            found.push((name_of(column, dialect), place));
        }
        start = comma + 1;
    }
    found
}

/// The name that the database knows of a written one.
pub(crate) fn name_of(written: &str, dialect: Dialect) -> String {
    let parts = Words::new(written.trim(), dialect).qualified_name();
    let name = parts.and_then(|mut parts| parts.pop());
    let name = name.unwrap_or_else(|| written.trim().to_owned());
    match dialect {
        Dialect::Postgres => name,
        _ => name.to_lowercase(),
    }
}

/// Whether an expression reads a column, by the name that the database knows. A name before a point or a parenthesis is
/// none of a column.
fn names(expression: &str, column: &str, dialect: Dialect) -> bool {
    let tokens = tokens(expression, dialect);
    tokens.iter().enumerate().any(|(at, (kind, text))| {
        let next = tokens.get(at + 1).map_or("", |(_, text)| text);
        matches!(kind, TokenKind::Word | TokenKind::Quoted)
            && !matches!(next, "." | "(")
            && name_of(text, dialect) == column
    })
}

fn tokens(text: &str, dialect: Dialect) -> Vec<(TokenKind, &str)> {
    Lexer::new(text, dialect)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .map(|token| (token.kind, token.text(text)))
        .collect()
}

/// The arguments of a call that is all of an expression, and what is called.
fn call(expression: &str, dialect: Dialect) -> Option<(&str, Vec<&str>)> {
    let found: Vec<_> = Lexer::new(expression, dialect)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let [name, open, .., close] = &found[..] else {
        return None;
    };
    let is = |token: &super::lex::Token, text: &str| token.text(expression) == text;
    if name.kind != TokenKind::Word || !is(open, "(") || !is(close, ")") {
        return None;
    }
    let (mut depth, mut start, mut arguments) = (0_u32, open.end, Vec::new());
    for token in &found[1..] {
        match token.text(expression) {
            "(" => depth += 1,
            ")" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && token != close {
                    return None;
                }
            }
            "," if depth == 1 => {
                arguments.push(&expression[start..token.start]);
                start = token.end;
            }
            _ => {}
        }
    }
    arguments.push(&expression[start..close.start]);
    Some((name.text(expression), arguments))
}

/// Whether a second time changes nothing, as far as the text says it.
fn is_settled(expression: &str, column: &str, dialect: Dialect) -> bool {
    let found = tokens(expression, dialect);
    // The column itself, with its table perhaps.
    if found
        .iter()
        .all(|(kind, text)| matches!(kind, TokenKind::Word | TokenKind::Quoted) || *text == ".")
    {
        return true;
    }
    let Some((name, arguments)) = call(expression, dialect) else {
        return false;
    };
    let is_any = |of: &[&str]| of.iter().any(|other| name.eq_ignore_ascii_case(other));
    match &arguments[..] {
        [one] => is_any(SETTLED) && is_settled(one, column, dialect),
        [first, rest @ ..] => {
            // What stands for NULL is not computed from it.
            is_any(&["coalesce", "ifnull", "nvl"])
                && is_settled(first, column, dialect)
                && names(first, column, dialect)
                && !rest.iter().any(|one| names(one, column, dialect))
        }
        [] => false,
    }
}

/// Whether the column is put together with something else, outside of any function that may undo it.
fn grows(expression: &str, column: &str, dialect: Dialect) -> bool {
    if let Some((name, arguments)) = call(expression, dialect) {
        let joins = JOINS.iter().any(|other| name.eq_ignore_ascii_case(other));
        return joins && arguments.len() > 1;
    }
    let mut depth = 0_u32;
    let (mut operates, mut reads) = (false, false);
    for (kind, text) in tokens(expression, dialect) {
        match text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            text if OPERATORS.contains(&text) => operates = true,
            // What a CASE makes depends on its conditions.
            text if text.eq_ignore_ascii_case("case") => return false,
            text => {
                reads |=
                    matches!(kind, TokenKind::Word | TokenKind::Quoted) && name_of(text, dialect) == column;
            }
        }
    }
    operates && reads
}

type Tokens<'a> = Vec<(TokenKind, &'a str)>;

/// What stands between the operators `||` and `-` of an expression, each with the operator before it.
fn operands(expression: &str, dialect: Dialect) -> Vec<(&str, Tokens<'_>)> {
    let mut depth = 0_u32;
    let mut found = vec![("", Vec::new())];
    for token in tokens(expression, dialect) {
        match token.1 {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            operator @ ("||" | "-") if depth == 0 => {
                found.push((operator, Vec::new()));
                continue;
            }
            _ => {}
        }
        if let Some((_, operand)) = found.last_mut() {
            operand.push(token);
        }
    }
    found
}

fn is_column(operand: &Tokens<'_>, column: &str, dialect: Dialect) -> bool {
    let plain = |(kind, text): &(TokenKind, &str)| {
        matches!(kind, TokenKind::Word | TokenKind::Quoted) || *text == "."
    };
    operand.iter().all(plain)
        && operand
            .last()
            .is_some_and(|(_, text)| name_of(text, dialect) == column)
}

/// Whether it is a text, with the type that it is cast to perhaps, and begins with that.
fn is_text(operand: &Tokens<'_>, begins: &str) -> bool {
    let Some(((TokenKind::String, text), cast)) = operand.split_first() else {
        return false;
    };
    let inside = text.split_once(['\'', '"']).map_or("", |(_, inside)| inside);
    let casts = |(kind, text): &(TokenKind, &str)| {
        matches!(kind, TokenKind::Word | TokenKind::Quoted) || matches!(*text, ":" | "::" | "." | "[" | "]")
    };
    inside.trim_start().starts_with(begins)
        && (cast.is_empty()
            || cast.first().is_some_and(|(_, text)| text.starts_with(':')) && cast.iter().all(casts))
}

/// Whether an expression takes named keys away from the column or sets them, with no other operators than these: `-`
/// and `||` of PostgreSQL's documents. Elsewhere they are of numbers and texts.
fn edits(expression: &str, column: &str, dialect: Dialect, by: &[&str]) -> bool {
    if dialect != Dialect::Postgres {
        return false;
    }
    let operands = operands(expression, dialect);
    let listed = |operand: &Tokens<'_>| {
        let strings =
            |(kind, text): &(TokenKind, &str)| *kind == TokenKind::String || matches!(*text, "[" | "]" | ",");
        operand
            .split_first()
            .is_some_and(|((_, first), rest)| first.eq_ignore_ascii_case("array") && rest.iter().all(strings))
    };
    let edits = |(operator, operand): &(&str, Tokens<'_>)| match *operator {
        other if !by.contains(&other) => false,
        "-" => is_text(operand, "") || listed(operand),
        _ => is_text(operand, "{"),
    };
    match &operands[..] {
        [(_, first), ("||", last)] if is_text(first, "{") && by.contains(&"||") => {
            is_column(last, column, dialect)
        }
        [(_, first), rest @ ..] => {
            !rest.is_empty() && is_column(first, column, dialect) && rest.iter().all(edits)
        }
        [] => false,
    }
}

/// Whether an expression takes from the column what is not computed from it.
fn removes(expression: &str, column: &str, dialect: Dialect) -> bool {
    let operands = operands(expression, dialect);
    let takes = |(operator, operand): &(&str, Tokens<'_>)| {
        *operator == "-"
            && !operand
                .iter()
                .any(|(_, text)| OPERATORS.contains(text) || name_of(text, dialect) == column)
    };
    match &operands[..] {
        [(_, first), rest @ ..] => {
            !rest.is_empty() && is_column(first, column, dialect) && rest.iter().all(takes)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::backfill::batched;

    #[test]
    fn what_is_done_twice_is_told() {
        for (sql, expected) in [
            ("UPDATE users SET name = name || '!'", Some(("name", true))),
            (
                "UPDATE users u SET b = 1, cents = u.cents * 100",
                Some(("cents", true)),
            ),
            (
                "UPDATE users SET a = b, Name = concat(name, '!')",
                Some(("Name", true)),
            ),
            (
                "UPDATE users SET \"name\" = 'x' || name",
                Some(("\"name\"", true)),
            ),
            (
                "UPDATE users SET name = replace(name, 'a', 'aa')",
                Some(("name", false)),
            ),
            (
                "UPDATE users SET name = CASE WHEN a THEN name || 'x' END",
                Some(("name", false)),
            ),
            (
                "UPDATE users SET name = coalesce(name, name || 'x')",
                Some(("name", false)),
            ),
            ("UPDATE users SET name = lower(trim(users.name))", None),
            ("UPDATE users SET name = coalesce(name, nick)", None),
            ("UPDATE users SET name = name", None),
            ("UPDATE users SET nick = name || '!'", None),
            ("UPDATE users SET nick = name(a.b)", None),
            ("UPDATE users SET n = n + 1, moved = true WHERE NOT moved", None),
            ("UPDATE users SET n = n + 1 WHERE id > 5", Some(("n", true))),
        ] {
            let batched = batched(sql, "users", Dialect::Postgres).expect("a statement");
            let found = in_place(&batched, Dialect::Postgres);
            let found = found.as_ref().map(|found| (&*found.column, found.grows));
            assert_eq!(found, expected, "{sql}");
        }
    }

    #[test]
    fn every_column_that_is_assigned_is_found() {
        for (sql, expected) in [
            (
                "UPDATE users SET id = id + 1, a = 2 WHERE b = 3",
                &["id", "a"][..],
            ),
            (
                "UPDATE users u SET (a, \"Id\") = (SELECT 1, 2), u.c[1] = 2",
                &["a", "Id", "c"],
            ),
            ("INSERT INTO users (id) SELECT id FROM users", &[]),
        ] {
            let found = assigned(sql, "users", Dialect::Postgres);
            let found: Vec<&str> = found.iter().map(|(name, _)| &**name).collect();
            assert_eq!(found, expected, "{sql}");
        }
    }
}
