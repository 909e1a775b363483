//! Whether a text in quotes is a value of a type, as far as that is sure.

use super::super::{Object, Schema};
use super::kinds::Kind;

/// Times that are words.
const TIMES: &[&str] = &[
    "-infinity",
    "allballs",
    "epoch",
    "infinity",
    "now",
    "today",
    "tomorrow",
    "yesterday",
];

/// The beginnings of true and false that the server takes.
const TRUTHS: &[&str] = &["true", "false", "yes", "no", "on", "off", "1", "0"];

impl Schema {
    /// Whether the server may read the text as a value of that kind.
    pub(super) fn may_be(&self, text: &str, kind: &Kind) -> bool {
        match kind {
            Kind::Base(name) => may_be(text.trim(), name),
            Kind::Enum(key) => match self.get(key) {
                Some(Object::Enum { values, .. }) => values.iter().any(|value| value == text),
                _ => true,
            },
            Kind::Array(_) => text.trim_start().starts_with(['{', '[']),
            Kind::Text(_) | Kind::Null => true,
        }
    }
}

fn may_be(text: &str, name: &str) -> bool {
    let lower = text.to_lowercase();
    let digits = text.contains(|digit: char| digit.is_ascii_digit());
    match name {
        "smallint" | "integer" | "bigint" => is_integer(&lower),
        "numeric" | "real" | "double precision" => {
            let plain = lower.replace('_', "");
            ["nan", "infinity", "-infinity", "+infinity", "inf", "-inf", "+inf"].contains(&&*plain)
                || plain.starts_with("0x")
                || plain.starts_with("0o")
                || plain.starts_with("0b")
                || plain.parse::<f64>().is_ok()
        }
        "boolean" => {
            !lower.is_empty() && lower != "o" && TRUTHS.iter().any(|truth| truth.starts_with(&*lower))
        }
        "uuid" => {
            let inner = lower
                .trim_start_matches('{')
                .trim_end_matches('}')
                .replace('-', "");
            inner.len() == 32 && inner.chars().all(|digit| digit.is_ascii_hexdigit())
        }
        "json" | "jsonb" => is_json(text),
        "date" | "timestamp" | "timestamptz" => {
            digits
                || TIMES
                    .iter()
                    .any(|time| lower.split_whitespace().next() == Some(time))
        }
        "time" | "timetz" => digits || ["now", "allballs"].contains(&&*lower),
        "interval" => digits || lower.ends_with("infinity"),
        "inet" | "cidr" => digits || text.contains(':'),
        _ => true,
    }
}

fn is_integer(text: &str) -> bool {
    let plain = text.strip_prefix(['-', '+']).unwrap_or(text).replace('_', "");
    // PostgreSQL 16 reads other bases too.
    plain.starts_with("0x")
        || plain.starts_with("0o")
        || plain.starts_with("0b")
        || (!plain.is_empty() && plain.chars().all(|digit| digit.is_ascii_digit()))
}

/// Whether a text begins and ends like JSON; what is within is not read.
fn is_json(text: &str) -> bool {
    let ends = |close: char| text.ends_with(close) && text.len() > 1;
    match text.chars().next() {
        Some('{') => {
            let first = text[1..].trim_start().chars().next();
            ends('}') && matches!(first, Some('"' | '}'))
        }
        Some('[') => ends(']'),
        Some('"') => ends('"'),
        Some('-' | '0'..='9') => text.parse::<f64>().is_ok(),
        _ => matches!(text, "true" | "false" | "null"),
    }
}
