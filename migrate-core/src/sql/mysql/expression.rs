//! Expressions, as far as a rule asks about them, and the rows a condition leaves.

use super::named::names;
use super::tokens::{Cursor, Token};
use crate::script::lex::TokenKind;
use crate::sql::{Expr, Filter, Name, Shape};

/// Conditions nested deeper than this are taken to leave some rows out.
const DEEPEST: u32 = 24;

/// The tokens as an expression.
pub(super) fn expr(cursor: Cursor<'_, '_>) -> Expr {
    let span = cursor.span();
    let tokens = bare(cursor.rest);
    let mut found = Expr {
        text: single_quoted(cursor),
        span,
        shape: shape(tokens),
        ..Expr::default()
    };
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1);
        let called = next.is_some_and(|next| next.punct("("))
            && next.is_some_and(|next| next.span.start == token.span.end);
        if token.kind == TokenKind::Word
            && called
            && !token.is_any(&["and", "or", "not", "in", "values", "interval"])
        {
            found.calls.push(Name {
                name: token.text.to_lowercase(),
                span: token.span,
                schema: None,
            });
        } else if token.is("select") {
            found.query = true;
        }
    }
    let named = names(tokens).columns.into_iter();
    found.columns = named.map(|named| named.column.text).collect();
    found
}

/// The words of expressions that are no columns, the commonest of them.
pub(super) const OPERATORS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "null",
    "like",
    "between",
    "regexp",
    "rlike",
    "xor",
    "div",
    "mod",
    "case",
    "when",
    "then",
    "else",
    "end",
    "true",
    "false",
    "interval",
    "into",
    "outfile",
    "as",
    "binary",
    "collate",
    "escape",
    "exists",
    "char",
    "current_timestamp",
    "current_date",
    "current_time",
    "day",
    "hour",
    "minute",
    "second",
    "month",
    "year",
    "using",
    "signed",
    "unsigned",
    "json",
    "decimal",
    "datetime",
    "date",
    "time",
    "distinct",
];

/// The text with strings in single quotes, which every mode reads as strings.
pub(super) fn single_quoted(cursor: Cursor<'_, '_>) -> String {
    let mut out = String::new();
    let mut last = cursor.start();
    for token in cursor.rest {
        let between = cursor
            .text
            .get(last as usize..token.span.start as usize)
            .unwrap_or("");
        // Opened comments leave their frames between the tokens.
        if !between.is_empty() {
            out.push_str(if between.trim().is_empty() { between } else { " " });
        }
        if token.kind == TokenKind::String && token.text.starts_with('"') {
            out.push_str(&format!(
                "'{}'",
                token.value().replace('\\', "\\\\").replace('\'', "''")
            ));
        } else {
            out.push_str(token.text);
        }
        last = token.span.end;
    }
    out
}

fn shape(tokens: &[Token<'_>]) -> Shape {
    let literal = |token: &Token<'_>| {
        matches!(token.kind, TokenKind::String | TokenKind::Number) || token.is_any(&["true", "false"])
    };
    match tokens {
        [one] if one.is("null") => Shape::Null,
        [one] if literal(one) => Shape::Literal,
        [sign, one] if (sign.punct("-") || sign.punct("+")) && literal(one) => Shape::Literal,
        [introducer, one] if introducer.text.starts_with('_') && one.kind == TokenKind::String => {
            Shape::Literal
        }
        [one] if one.is_name() && !one.is_any(OPERATORS) => Shape::Column(one.value().to_lowercase()),
        _ => Shape::Other,
    }
}

/// The tokens without parentheses around all of them.
fn bare<'a, 's>(mut tokens: &'a [Token<'s>]) -> &'a [Token<'s>] {
    // Each layer is looked through once more, so there is an end to it.
    for _ in 0..DEEPEST {
        let [first, inner @ .., last] = tokens else {
            return tokens;
        };
        if !(first.punct("(") && last.punct(")")) {
            return tokens;
        }
        let mut depth = 0_i32;
        for token in inner {
            if token.punct("(") {
                depth += 1;
            } else if token.punct(")") {
                depth -= 1;
                if depth < 0 {
                    return tokens;
                }
            }
        }
        tokens = inner;
    }
    tokens
}

/// Whether a condition only says which rows of two tables go together: `a.x = b.y AND …`.
pub(super) fn only_joins(tokens: &[Token<'_>]) -> bool {
    let column = |side: &[Token<'_>]| {
        side.iter()
            .any(|token| token.is_name() && !token.is_any(OPERATORS))
    };
    let joins = |part: &[Token<'_>]| {
        let part = bare(part);
        let equals = part
            .iter()
            .position(|token| token.punct("=") || token.punct("<=>"));
        equals.is_some_and(|at| column(&part[..at]) && column(&part[at + 1..]))
    };
    split(bare(tokens), &["and", "&&"]).into_iter().all(joins)
}

/// Whether a condition only sets columns of two tables equal, which are both named: `a.x = b.y AND …`.
pub(super) fn only_joins_tables(tokens: &[Token<'_>]) -> bool {
    let column = |side: &[Token<'_>]| match bare(side) {
        [table, dot, name] if dot.punct(".") && name.is_name() => Some(table.value().to_lowercase()),
        _ => None,
    };
    let joins = |part: &[Token<'_>]| {
        let part = bare(part);
        let equals = part.iter().position(|token| token.punct("="));
        equals
            .and_then(|at| column(&part[..at]).zip(column(&part[at + 1..])))
            .is_some_and(|(one, other)| one != other)
    };
    split(bare(tokens), &["and", "&&"]).into_iter().all(joins)
}

/// Which rows a condition leaves.
pub(super) fn filter(tokens: &[Token<'_>]) -> Filter {
    let mut columns = Vec::new();
    if !holds(tokens, &mut columns, DEEPEST) {
        Filter::Some
    } else if columns.is_empty() {
        Filter::Always
    } else {
        Filter::NotNull(columns)
    }
}

/// Whether the condition holds for every row that has values in the columns gathered.
fn holds(tokens: &[Token<'_>], columns: &mut Vec<String>, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let tokens = bare(tokens);
    let either = split(tokens, &["or", "||"]);
    if either.len() > 1 {
        // A column is null or it is not.
        let nulls: Vec<_> = either.iter().filter_map(|part| null(part)).collect();
        let opposite = |part: &&[Token<'_>]| {
            let mut named = Vec::new();
            null(part).is_none()
                && holds(part, &mut named, depth - 1)
                && named.len() == 1
                && nulls.contains(&named[0])
        };
        if !nulls.is_empty() && either.iter().any(opposite) {
            return true;
        }
        return either.iter().any(|part| {
            let before = columns.len();
            let found = holds(part, columns, depth - 1);
            if !found {
                columns.truncate(before);
            }
            found
        });
    }
    let both = split(tokens, &["and", "&&"]);
    if both.len() > 1 {
        return both.iter().all(|part| holds(part, columns, depth - 1));
    }
    match tokens {
        [one] => truth(one) == Some(true),
        [not, one] if not.is("not") || not.punct("!") => truth(one) == Some(false),
        // The first one is what it is, if it is not NULL.
        [name, open, inner @ .., close]
            if (name.is("coalesce") || name.is("ifnull")) && open.punct("(") && close.punct(")") =>
        {
            let comma = inner.iter().position(|token| token.punct(","));
            matches!(&inner[..comma.unwrap_or(inner.len())], [one] if truth(one) == Some(true))
        }
        [column @ .., is, not, null] if is.is("is") && not.is("not") && null.is("null") => match column {
            [.., name] if name.is_name() => {
                columns.push(name.value().to_lowercase());
                true
            }
            _ => false,
        },
        _ => compares(tokens, columns),
    }
}

/// The column of which the condition says that it is null.
fn null(tokens: &[Token<'_>]) -> Option<String> {
    match bare(tokens) {
        [.., name, is, null] if name.is_name() && is.is("is") && null.is("null") => {
            Some(name.value().to_lowercase())
        }
        _ => None,
    }
}

fn truth(token: &Token<'_>) -> Option<bool> {
    match token.kind {
        TokenKind::Number => token.text.parse::<f64>().ok().map(|number| number != 0.0),
        TokenKind::Word if token.is("true") => Some(true),
        TokenKind::Word if token.is("false") => Some(false),
        _ => None,
    }
}

/// Whether both sides of a comparison are the same: two literals, or one column.
fn compares(tokens: &[Token<'_>], columns: &mut Vec<String>) -> bool {
    let Some(at) = tokens.iter().position(|token| {
        token.kind == TokenKind::Punct
            && matches!(token.text, "=" | "<=>" | "<>" | "!=" | "<" | ">" | "<=" | ">=")
    }) else {
        return false;
    };
    let (left, right) = (bare(&tokens[..at]), bare(&tokens[at + 1..]));
    let same = left.len() == right.len()
        && !left.is_empty()
        && left
            .iter()
            .zip(right)
            .all(|(one, two)| one.text.eq_ignore_ascii_case(two.text));
    let literals = shape(left) == Shape::Literal && shape(right) == Shape::Literal;
    let number = |side: &[Token<'_>]| match side {
        [one] => one.text.parse::<f64>().ok(),
        _ => None,
    };
    match tokens[at].text {
        "=" | "<=>" | "<=" | ">=" if same => {
            if let (Shape::Column(name), "=" | "<=" | ">=") = (shape(left), tokens[at].text) {
                columns.push(name);
                return true;
            }
            literals || matches!(shape(left), Shape::Column(_))
        }
        "<>" | "!=" => literals && !same,
        operator => match (number(left), number(right)) {
            (Some(one), Some(two)) => match operator {
                "<" => one < two,
                ">" => one > two,
                "<=" => one <= two,
                ">=" => one >= two,
                _ => one == two,
            },
            _ => false,
        },
    }
}

/// The parts between these words outside parentheses; the AND of a BETWEEN joins nothing.
fn split<'a, 's>(tokens: &'a [Token<'s>], words: &[&str]) -> Vec<&'a [Token<'s>]> {
    let mut parts = Vec::new();
    let (mut depth, mut from, mut between, mut cases) = (0_u32, 0, false, 0_u32);
    for (index, token) in tokens.iter().enumerate() {
        if token.punct("(") {
            depth += 1;
        } else if token.punct(")") {
            depth = depth.saturating_sub(1);
        } else if token.is("case") {
            cases += 1;
        } else if token.is("end") {
            cases = cases.saturating_sub(1);
        } else if depth == 0 && token.is("between") {
            between = true;
        } else if depth == 0 && cases == 0 && words.iter().any(|word| token.is(word) || token.punct(word)) {
            if between && token.is("and") {
                between = false;
                continue;
            }
            parts.push(&tokens[from..index]);
            from = index + 1;
        }
    }
    parts.push(&tokens[from..]);
    parts
}
