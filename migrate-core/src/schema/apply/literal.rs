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
            Kind::Array(of) => {
                let text = text.trim();
                let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
                match inner {
                    // Quotes and arrays within are not taken apart.
                    Some(inner) if !inner.contains(['{', '"', '\\']) && !inner.trim().is_empty() => inner
                        .split(',')
                        .all(|item| item.trim().eq_ignore_ascii_case("null") || self.may_be(item.trim(), of)),
                    Some(_) => true,
                    // The bounds of an array may stand before it.
                    None => text.starts_with('[') && text.contains('='),
                }
            }
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
            (digits && is_day(text))
                || TIMES
                    .iter()
                    .any(|time| lower.split_whitespace().next() == Some(time))
        }
        "time" | "timetz" => digits || ["now", "allballs"].contains(&&*lower),
        "interval" => digits || lower.ends_with("infinity"),
        "inet" | "cidr" => text.contains(':') || is_address(text),
        _ => true,
    }
}

/// Whether it is an address of four numbers, or the first of them, with or without the length of a network.
fn is_address(text: &str) -> bool {
    let (address, length) = text.split_once('/').unwrap_or((text, "0"));
    let number = |text: &str, most: u32| text.parse::<u32>().is_ok_and(|number| number <= most);
    let parts = address.split('.').count();
    (1..=4).contains(&parts) && address.split('.').all(|part| number(part, 255)) && number(length, 32)
}

fn is_integer(text: &str) -> bool {
    let plain = text.strip_prefix(['-', '+']).unwrap_or(text).replace('_', "");
    // PostgreSQL 16 reads other bases too.
    plain.starts_with("0x")
        || plain.starts_with("0o")
        || plain.starts_with("0b")
        || (!plain.is_empty() && plain.chars().all(|digit| digit.is_ascii_digit()))
}

/// Whether a day that is written with its year first is one.
fn is_day(text: &str) -> bool {
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let dashed = text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let behind = text
        .get(10..11)
        .is_some_and(|next| next.chars().all(|next| next.is_ascii_digit()));
    let (Some(year), Some(month), Some(day), true, false) =
        (part(0..4), part(5..7), part(8..10), dashed, behind)
    else {
        return true;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Whether a text is JSON.
fn is_json(text: &str) -> bool {
    // What is nested deep is taken for granted.
    if text.matches(['{', '[']).count() > 40 {
        return true;
    }
    let mut rest = text.trim_start();
    json_value(&mut rest, 0) && rest.trim_start().is_empty()
}

fn took(rest: &mut &str, word: &str) -> bool {
    match rest.trim_start().strip_prefix(word) {
        Some(behind) => {
            *rest = behind.trim_start();
            true
        }
        None => false,
    }
}

/// Takes a value from the beginning of a text.
fn json_value(rest: &mut &str, depth: usize) -> bool {
    if depth > 40 {
        return false;
    }
    if took(rest, "{") {
        if took(rest, "}") {
            return true;
        }
        loop {
            if !json_text(rest) || !took(rest, ":") || !json_value(rest, depth + 1) {
                return false;
            }
            if !took(rest, ",") {
                return took(rest, "}");
            }
        }
    }
    if took(rest, "[") {
        if took(rest, "]") {
            return true;
        }
        loop {
            if !json_value(rest, depth + 1) {
                return false;
            }
            if !took(rest, ",") {
                return took(rest, "]");
            }
        }
    }
    *rest = rest.trim_start();
    match rest.chars().next() {
        Some('"') => json_text(rest),
        Some('-' | '0'..='9') => {
            let part = |next: char| !(next.is_ascii_digit() || "+-.eE".contains(next));
            let (number, behind) = rest.split_at(rest.find(part).unwrap_or(rest.len()));
            *rest = behind;
            number.parse::<f64>().is_ok()
        }
        _ => ["true", "false", "null"].iter().any(|word| took(rest, word)),
    }
}

fn json_text(rest: &mut &str) -> bool {
    let Some(inner) = rest.trim_start().strip_prefix('"') else {
        return false;
    };
    let mut escaped = false;
    for (at, next) in inner.char_indices() {
        match next {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => {
                *rest = inner.get(at + 1..).unwrap_or("").trim_start();
                return true;
            }
            _ => {}
        }
    }
    false
}
