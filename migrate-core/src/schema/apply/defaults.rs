//! The defaults that MySQL and MariaDB refuse whatever rows there are.

use super::super::Column;
use super::drop::has_word;
use super::fitting::takes;
use crate::model::Dialect;
use crate::sql::{Expr, Shape, Type};

/// The names of the present moment, as which a column of a moment may start in MySQL.
const NOW: &[&str] = &["current_timestamp", "now", "localtime", "localtimestamp"];

/// Why the server does not take a column's default.
pub(super) fn refused_default(column: &Column, dialect: Dialect) -> Option<String> {
    let (ty, value) = (column.ty.as_ref()?, column.default.as_ref()?);
    let name = &column.name;
    if value.shape == Shape::Null {
        return column
            .not_null
            .then(|| format!("`{name}` is NOT NULL and has NULL as its default"));
    }
    if value.text.starts_with('(') {
        return None;
    }
    if value.shape == Shape::Literal {
        if dialect == Dialect::Mysql && (ty.is_long() || ty.is_shape()) {
            return Some(format!(
                "`{name}` is {ty}, whose default MySQL wants as an expression in parentheses"
            ));
        }
        return (!takes(ty, &value.text, true, dialect))
            .then(|| format!("`{name}` is {ty}, which takes no {}", value.text));
    }
    if dialect != Dialect::Mysql {
        return None;
    }
    let text = value.text.to_lowercase();
    if NOW.iter().any(|now| has_word(&text, now)) {
        let moment = matches!(&*ty.name, "datetime" | "timestamp");
        if !moment {
            return Some(format!(
                "`{name}` is {ty}, whose default MySQL does not take from the clock"
            ));
        }
        return (digits(ty) != digits_of(&text)).then(|| {
            format!(
                "`{name}` is {ty}, and its default {} has other digits",
                value.text
            )
        });
    }
    let moments = [
        "current_date",
        "current_time",
        "utc_date",
        "utc_time",
        "utc_timestamp",
    ];
    let call = called(value).or_else(|| {
        moments
            .iter()
            .find(|moment| has_word(&text, moment))
            .map(|moment| (*moment).to_owned())
    })?;
    Some(format!(
        "the default of `{name}` calls {call}, which MySQL wants in parentheses"
    ))
}

/// Why MySQL does not take this as the new default of a column that stands: of a long type only what is computed, which a
/// constant is not, in whatever parentheses. `MODIFY COLUMN` takes it.
pub(super) fn refused_new_default(name: &str, ty: &Type, value: &Expr) -> Option<String> {
    let long = ty.is_long() || ty.is_shape();
    (long && is_constant(value)).then(|| {
        format!("`{name}` is {ty}, for which MySQL takes no constant in SET DEFAULT, in parentheses neither: write MODIFY COLUMN with DEFAULT (…)")
    })
}

/// Whether nothing is computed for a value: a sign and a cast are.
fn is_constant(value: &Expr) -> bool {
    let text = value.text.trim_start_matches(['(', ' ', '\t', '\n', '\r']);
    let plain = matches!(value.shape, Shape::Literal | Shape::Null) && value.calls.is_empty();
    plain && !text.starts_with('-') && !has_word(&text.to_lowercase(), "cast")
}

fn called(value: &Expr) -> Option<String> {
    let call = value.calls.first()?;
    let first = value.text.to_lowercase().starts_with(&call.name);
    first.then(|| call.name.clone())
}

/// The digits of a second that a column keeps.
fn digits(ty: &Type) -> u32 {
    ty.number(0).unwrap_or(0)
}

/// The digits of a second that a moment has.
fn digits_of(moment: &str) -> u32 {
    let inside = moment.split_once('(').map_or("", |(_, inside)| inside);
    inside.trim_end_matches(')').trim().parse().unwrap_or(0)
}
