//! Whether a constant fulfils a CHECK: SQLite reads the rows that are there when it adds a column with one.

use core::cmp::Ordering;

use sqlite3_parser::ast::{Expr as Tree, LikeOperator, Literal, Operator, UnaryOperator};

use super::cursor::unquoted;
use super::expression::{bare, with_tree};
use super::pattern::{glob, like};
use crate::sql::{ColumnDef, Shape};

/// Deeper trees are not computed: the walk recurses.
const DEEPEST: u32 = 100;

/// What SQLite converts a value to when it stores or compares it.
#[derive(Clone, Copy, PartialEq)]
enum Affinity {
    Integer,
    Numeric,
    Real,
    Text,
    None,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// Whether the default of a column is sure to be refused by that CHECK. A NULL is not: it fulfils every CHECK that
/// says nothing of it.
pub(super) fn refuses(column: &ColumnDef, check: &str) -> bool {
    let Some(default) = column
        .default
        .as_ref()
        .filter(|default| default.shape == Shape::Literal)
    else {
        return false;
    };
    let affinity = affinity(&column.ty.name);
    let mut stored = None;
    with_tree(&default.text, |tree| {
        let nothing = Row {
            column: "",
            value: Value::Null,
            affinity: Affinity::None,
            binary: true,
        };
        let value = match bare(tree) {
            // A name that stands for a text.
            Tree::Id(id)
                if !["true", "false"]
                    .iter()
                    .any(|word| id.0.eq_ignore_ascii_case(word)) =>
            {
                Some(Value::Text(unquoted(id.0)))
            }
            tree => nothing.value(tree, 0),
        };
        stored = value.and_then(|value| converted(value, affinity));
    });
    let Some(value) = stored else { return false };
    let row = Row {
        column: &column.name.text,
        value,
        affinity,
        binary: column.collation.is_none(),
    };
    let mut refused = false;
    with_tree(check, |tree| refused = row.truth(tree, 0) == Some(Some(false)));
    refused
}

/// By the rules of SQLite's documentation, in their order.
fn affinity(ty: &str) -> Affinity {
    let ty = ty.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| ty.contains(word));
    match () {
        () if has(&["int"]) => Affinity::Integer,
        () if has(&["char", "clob", "text"]) => Affinity::Text,
        () if ty.is_empty() || has(&["blob"]) => Affinity::None,
        () if has(&["real", "floa", "doub"]) => Affinity::Real,
        () => Affinity::Numeric,
    }
}

fn converted(value: Value, affinity: Affinity) -> Option<Value> {
    Some(match (affinity, value) {
        (Affinity::Integer | Affinity::Numeric, Value::Text(text)) => {
            number(text.trim()).unwrap_or(Value::Text(text))
        }
        (Affinity::Integer | Affinity::Numeric, Value::Real(real)) => match whole(real) {
            Some(integer) => Value::Integer(integer),
            None => Value::Real(real),
        },
        (Affinity::Real, Value::Text(text)) => match number(text.trim()) {
            Some(value) => converted(value, Affinity::Real)?,
            None => Value::Text(text),
        },
        (Affinity::Real, Value::Integer(integer)) => Value::Real(integer as f64),
        (Affinity::Text, Value::Integer(integer)) => Value::Text(integer.to_string()),
        // How a real is written out is not worth knowing here.
        (Affinity::Text, Value::Real(_)) => return None,
        (_, value) => value,
    })
}

/// The integer that a real is, where it is small enough to be exactly that.
fn whole(real: f64) -> Option<i64> {
    (real.fract() == 0.0 && real.abs() < 9e15).then_some(real as i64)
}

/// A number as SQLite writes one, which is less than Rust reads.
fn number(text: &str) -> Option<Value> {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if text.is_empty() || !text.chars().all(plain) {
        return None;
    }
    match text.parse() {
        Ok(integer) => Some(Value::Integer(integer)),
        Err(_) => text.parse().ok().map(Value::Real),
    }
}

/// The one column whose value is known.
struct Row<'a> {
    column: &'a str,
    value: Value,
    affinity: Affinity,
    /// Whether texts are compared byte by byte.
    binary: bool,
}

impl Row<'_> {
    fn is_column(&self, tree: &Tree<'_>) -> bool {
        let name = match bare(tree) {
            Tree::Id(id) => id.0,
            Tree::Name(name) | Tree::Qualified(_, name) | Tree::DoublyQualified(_, _, name) => name.0,
            _ => return false,
        };
        !self.column.is_empty() && unquoted(name).eq_ignore_ascii_case(self.column)
    }

    fn affinity_of(&self, tree: &Tree<'_>) -> Affinity {
        match self.is_column(tree) {
            true => self.affinity,
            false => Affinity::None,
        }
    }

    /// None where it cannot be told; else true, false or NULL.
    fn truth(&self, tree: &Tree<'_>, depth: u32) -> Option<Option<bool>> {
        if depth > DEEPEST {
            return None;
        }
        let both = |left, right| (self.truth(left, depth + 1), self.truth(right, depth + 1));
        match bare(tree) {
            Tree::Binary(left, Operator::And, right) => match both(left, right) {
                (Some(Some(false)), _) | (_, Some(Some(false))) => Some(Some(false)),
                (Some(Some(true)), Some(other)) | (Some(other), Some(Some(true))) => Some(other),
                (Some(_), Some(_)) => Some(None),
                _ => None,
            },
            Tree::Binary(left, Operator::Or, right) => match both(left, right) {
                (Some(Some(true)), _) | (_, Some(Some(true))) => Some(Some(true)),
                (Some(Some(false)), Some(other)) | (Some(other), Some(Some(false))) => Some(other),
                (Some(_), Some(_)) => Some(None),
                _ => None,
            },
            Tree::Unary(UnaryOperator::Not, inner) => Some(self.truth(inner, depth + 1)?.map(|truth| !truth)),
            Tree::Binary(left, operator, right) if compares(*operator) => {
                self.comparison(left, *operator, right, depth)
            }
            Tree::Between { lhs, not, start, end } => {
                let from = self.comparison(lhs, Operator::GreaterEquals, start, depth)?;
                let to = self.comparison(lhs, Operator::LessEquals, end, depth)?;
                let within = match (from, to) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
                Some(within.map(|within| within != *not))
            }
            Tree::InList { lhs, not, rhs } => {
                let mut found = Some(false);
                for one in rhs.unwrap_or_default() {
                    match self.comparison(lhs, Operator::Equals, one, depth)? {
                        Some(true) => return Some(Some(!not)),
                        Some(false) => {}
                        None => found = None,
                    }
                }
                Some(found.map(|found| found != *not))
            }
            Tree::Like {
                lhs,
                not,
                op,
                rhs,
                escape: None,
            } => match (self.value(lhs, depth + 1)?, self.value(rhs, depth + 1)?) {
                (Value::Null, _) | (_, Value::Null) => Some(None),
                (Value::Text(text), Value::Text(pattern)) => {
                    let found = match op {
                        LikeOperator::Like => like(&text, &pattern)?,
                        LikeOperator::Glob => glob(&text, &pattern)?,
                        _ => return None,
                    };
                    Some(Some(found != *not))
                }
                _ => None,
            },
            Tree::IsNull(inner) => Some(Some(self.value(inner, depth + 1)? == Value::Null)),
            Tree::NotNull(inner) => Some(Some(self.value(inner, depth + 1)? != Value::Null)),
            other => match self.value(other, depth + 1)? {
                Value::Null => Some(None),
                Value::Integer(integer) => Some(Some(integer != 0)),
                Value::Real(real) => Some(Some(real != 0.0)),
                Value::Text(_) => None,
            },
        }
    }

    fn comparison(
        &self,
        left: &Tree<'_>,
        operator: Operator,
        right: &Tree<'_>,
        depth: u32,
    ) -> Option<Option<bool>> {
        let (mut one, mut two) = (self.value(left, depth + 1)?, self.value(right, depth + 1)?);
        let numeric = |affinity| matches!(affinity, Affinity::Integer | Affinity::Numeric | Affinity::Real);
        match (self.affinity_of(left), self.affinity_of(right)) {
            (from, to) if numeric(from) && !numeric(to) => two = converted(two, Affinity::Numeric)?,
            (from, to) if numeric(to) && !numeric(from) => one = converted(one, Affinity::Numeric)?,
            (Affinity::Text, Affinity::None) => two = converted(two, Affinity::Text)?,
            (Affinity::None, Affinity::Text) => one = converted(one, Affinity::Text)?,
            _ => {}
        }
        let nulls = (one == Value::Null, two == Value::Null);
        match operator {
            Operator::Is if nulls.0 || nulls.1 => return Some(Some(nulls.0 == nulls.1)),
            Operator::IsNot if nulls.0 || nulls.1 => return Some(Some(nulls.0 != nulls.1)),
            _ if nulls.0 || nulls.1 => return Some(None),
            _ => {}
        }
        let order = match (&one, &two) {
            (Value::Text(one), Value::Text(two)) if self.binary => one.cmp(two),
            (Value::Text(_), Value::Text(_)) => return None,
            (Value::Text(_), _) => Ordering::Greater,
            (_, Value::Text(_)) => Ordering::Less,
            (Value::Integer(one), Value::Integer(two)) => one.cmp(two),
            (one, two) => real(one)?.partial_cmp(&real(two)?)?,
        };
        Some(Some(match operator {
            Operator::Equals | Operator::Is => order.is_eq(),
            Operator::NotEquals | Operator::IsNot => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::LessEquals => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterEquals => order.is_ge(),
            _ => return None,
        }))
    }

    fn value(&self, tree: &Tree<'_>, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let tree = bare(tree);
        if self.is_column(tree) {
            return Some(self.value.clone());
        }
        match tree {
            Tree::Literal(Literal::Null) => Some(Value::Null),
            Tree::Literal(Literal::Numeric(text)) => number(text),
            Tree::Literal(Literal::String(text)) => Some(Value::Text(text_of(text)?)),
            Tree::Id(id) if id.0.eq_ignore_ascii_case("true") => Some(Value::Integer(1)),
            Tree::Id(id) if id.0.eq_ignore_ascii_case("false") => Some(Value::Integer(0)),
            Tree::Unary(UnaryOperator::Positive, inner) => self.value(inner, depth + 1),
            Tree::Unary(UnaryOperator::Negative, inner) => match self.value(inner, depth + 1)? {
                Value::Integer(integer) => integer.checked_neg().map(Value::Integer),
                Value::Real(real) => Some(Value::Real(-real)),
                Value::Null => Some(Value::Null),
                Value::Text(_) => None,
            },
            Tree::Binary(left, operator, right) if !compares(*operator) => {
                let (one, two) = (self.value(left, depth + 1)?, self.value(right, depth + 1)?);
                let (Value::Integer(one), Value::Integer(two)) = (one, two) else {
                    return None;
                };
                match operator {
                    Operator::Add => one.checked_add(two),
                    Operator::Subtract => one.checked_sub(two),
                    Operator::Multiply => one.checked_mul(two),
                    Operator::Divide => one.checked_div(two),
                    Operator::Modulus => one.checked_rem(two),
                    _ => None,
                }
                .map(Value::Integer)
            }
            Tree::FunctionCall {
                name,
                args: Some([argument]),
                distinctness: None,
                filter_over: None,
                ..
            } => call(&name.0.to_ascii_lowercase(), self.value(argument, depth + 1)?),
            _ => None,
        }
    }
}

fn compares(operator: Operator) -> bool {
    use Operator::{Equals, Greater, GreaterEquals, Is, IsNot, Less, LessEquals, NotEquals};
    matches!(
        operator,
        Equals | NotEquals | Is | IsNot | Less | LessEquals | Greater | GreaterEquals
    )
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(integer) => Some(*integer as f64),
        Value::Real(real) => Some(*real),
        Value::Null | Value::Text(_) => None,
    }
}

fn text_of(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'"))
}

fn call(name: &str, value: Value) -> Option<Value> {
    match (name, value) {
        ("typeof", value) => Some(Value::Text(
            match value {
                Value::Null => "null",
                Value::Integer(_) => "integer",
                Value::Real(_) => "real",
                Value::Text(_) => "text",
            }
            .to_owned(),
        )),
        (_, Value::Null) => None,
        ("length", Value::Text(text)) => i64::try_from(text.chars().count()).ok().map(Value::Integer),
        ("lower", Value::Text(text)) => Some(Value::Text(text.to_ascii_lowercase())),
        ("upper", Value::Text(text)) => Some(Value::Text(text.to_ascii_uppercase())),
        ("trim", Value::Text(text)) => Some(Value::Text(text.trim_matches(' ').to_owned())),
        // What begins like one may be one.
        ("json_valid", Value::Text(text)) => {
            let first = text.trim_start_matches([' ', '\t', '\n', '\r']).chars().next();
            let may_be = first.is_some_and(|first| "{[\"-tfn".contains(first) || first.is_ascii_digit());
            (!may_be).then_some(Value::Integer(0))
        }
        ("abs", Value::Integer(integer)) => integer.checked_abs().map(Value::Integer),
        _ => None,
    }
}
