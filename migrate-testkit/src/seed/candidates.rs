//! Values worth trying in a column.

use migrate_core::Dialect;

use super::Level;
use crate::link::Value;
use crate::structure::{Column, Kind, Table};

/// Longer texts than this show nothing that this one does not.
const LONGEST: usize = 300;

/// The values for a column, and how many of the first are named by its checks.
///
/// Those worth most come first: what its checks name, NULL where it may be, what applications write and what they write
/// one day, in turn.
pub(super) fn of(column: &Column, table: &Table, dialect: Dialect, level: Level) -> (Vec<Value>, usize) {
    if level == Level::Sparse && column.nullable {
        return (vec![Value::Null], 0);
    }
    let mut values = named_in_checks(column, table);
    let named = values.len();
    let mut plain = plain(&column.kind, dialect).into_iter();
    if level != Level::Edges {
        values.extend(plain);
    } else {
        let null = column.nullable.then_some(Value::Null);
        let mut edges = null.into_iter().chain(edges(&column.kind, dialect));
        values.extend(plain.next());
        loop {
            let before = values.len();
            values.extend(edges.by_ref().take(2));
            values.extend(plain.next());
            if values.len() == before {
                break;
            }
        }
    }
    if values.is_empty() {
        values.push(Value::Null);
    }
    (values, named)
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<Value> {
    texts
        .into_iter()
        .map(|text| Value::Text(text.to_owned()))
        .collect()
}

/// A number that has a digit in each of its places, so that none can be lost unseen.
fn with_places(whole: &str, scale: u32) -> Value {
    let fraction: String = "2345678".chars().cycle().take(scale as usize).collect();
    Value::Text(match fraction.is_empty() {
        true => whole.to_owned(),
        false => format!("{whole}.{fraction}"),
    })
}

/// Values that every application writes.
fn plain(kind: &Kind, dialect: Dialect) -> Vec<Value> {
    match kind {
        Kind::Integer { .. } => [1, 2, 7, 42, 100].map(Value::Integer).into(),
        Kind::Decimal { scale, digits } => match (digits, scale) {
            (_, 0) => texts(["1", "7", "42"]),
            (digits, scale) if digits <= scale => texts(["0"]),
            _ => ["1", "7", "9"].map(|whole| with_places(whole, *scale)).into(),
        },
        Kind::Float => [1.5, 0.25, 7.0].map(Value::Float).into(),
        // PostgreSQL reads the words; the others have numbers.
        Kind::Boolean if dialect == Dialect::Postgres => texts(["true", "false"]),
        Kind::Boolean => [1, 0].map(Value::Integer).into(),
        Kind::Text { longest } => {
            let longest = longest.map_or(LONGEST, |longest| longest as usize);
            let words = ["ada", "grace", "alan", "edsger", "barbara"];
            words
                .map(|word| Value::Text(word.chars().take(longest).collect()))
                .into()
        }
        Kind::Bytes { longest: Some(16) } => (1..4).map(|byte| Value::Bytes(vec![byte; 16])).collect(),
        Kind::Bytes { .. } => vec![
            Value::Bytes(vec![1]),
            Value::Bytes(vec![2]),
            Value::Bytes(vec![3]),
        ],
        Kind::Bits(width) if dialect == Dialect::Postgres => {
            let bits = |bit: &str| Value::Text(bit.repeat(*width as usize));
            vec![bits("1"), bits("0")]
        }
        Kind::Bits(_) => [1, 0].map(Value::Integer).into(),
        Kind::Date => texts(["2024-02-29", "2023-07-01", "1999-12-31"]),
        Kind::Time => texts(["12:34:56", "00:00:00", "23:59:59"]),
        Kind::Timestamp => texts([
            "2024-02-29 12:34:56",
            "2023-07-01 00:00:00",
            "1999-12-31 23:59:59",
        ]),
        Kind::Interval => texts(["1 day", "02:03:04", "3 mons"]),
        Kind::Uuid => texts([
            "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
            "00000000-0000-4000-8000-000000000001",
        ]),
        Kind::Json => texts(["{\"a\": 1}", "[]", "{}"]),
        Kind::Address => texts(["192.0.2.1", "127.0.0.1"]),
        Kind::Enumeration(labels) | Kind::Choices(labels) => {
            labels.iter().map(|label| Value::Text(label.clone())).collect()
        }
        Kind::Array => texts(["{}", "{1,2}"]),
        Kind::Range => texts(["empty", "[1,5)", "[2024-01-01,2024-02-01)"]),
        Kind::Year => [2024, 1999].map(Value::Integer).into(),
        Kind::Other(name) => match name.as_str() {
            "point" => texts(["(1,2)"]),
            "box" | "lseg" => texts(["((0,0),(1,1))"]),
            "path" | "polygon" => texts(["((0,0),(1,1),(1,0))"]),
            "circle" => texts(["<(0,0),1>"]),
            "line" => texts(["{1,2,3}"]),
            "macaddr" | "macaddr8" => texts(["08:00:2b:01:02:03"]),
            "xml" => texts(["<a/>"]),
            "money" | "oid" => texts(["1", "7"]),
            "tsvector" | "tsquery" => texts(["ada"]),
            _ => texts(["", "0", "{}", "()"]),
        },
    }
}

/// Values that somebody writes one day.
fn edges(kind: &Kind, dialect: Dialect) -> Vec<Value> {
    match kind {
        Kind::Integer { bits, unsigned } => {
            let most = if *unsigned {
                // Of 64 bits the upper half does not fit a signed number, which is what drivers bind.
                if *bits == 64 { i64::MAX } else { (1 << bits) - 1 }
            } else {
                i64::MAX >> (64 - bits)
            };
            let least = if *unsigned { 0 } else { -most - 1 };
            [0, -1, most, least]
                .map(|number| Value::Integer(number.max(least)))
                .into()
        }
        Kind::Decimal { digits, scale } => {
            let whole = "9".repeat((digits.saturating_sub(*scale)).min(15) as usize);
            let empty = scale.saturating_sub(*digits) as usize;
            let fraction = "0".repeat(empty) + &"9".repeat(*scale as usize - empty);
            let (most, least) = match scale {
                0 => (whole, "1".to_owned()),
                _ => (
                    format!("{whole}.{fraction}"),
                    format!("0.{:0>1$}", 1, *scale as usize),
                ),
            };
            vec![
                Value::Text(least),
                Value::Text(format!("-{most}")),
                Value::Text(most),
                Value::Text("0".to_owned()),
            ]
        }
        Kind::Float => [0.0, -1.0e-7, 1.0e30].map(Value::Float).into(),
        Kind::Text { longest } => {
            let longest = longest.map_or(LONGEST, |longest| (longest as usize).min(LONGEST));
            let cut = |text: &str| Value::Text(text.chars().take(longest).collect());
            vec![
                cut(""),
                cut("Zoë – 日本語 🦀"),
                cut("O'Brien \"quoted\""),
                cut("  spaces  "),
                cut("NULL"),
                cut(&"long ".repeat(LONGEST / 5)),
            ]
        }
        Kind::Bytes { .. } => vec![Value::Bytes(Vec::new()), Value::Bytes(vec![0, 0xff, 0x27, 0x5c])],
        Kind::Date => texts(["1970-01-01", "9999-12-31"]),
        Kind::Timestamp if dialect.is_mysql_family() => texts(["1970-01-02 00:00:01", "2037-12-31 23:59:59"]),
        Kind::Timestamp => texts(["1970-01-01 00:00:00", "9999-12-31 23:59:59.999"]),
        Kind::Json => texts(["null", "\"Zoë 🦀\"", "[1, {\"deep\": [null]}]"]),
        Kind::Address => texts(["::1"]),
        _ => Vec::new(),
    }
}

/// The literals of checks that name the column, and the numbers beside them.
fn named_in_checks(column: &Column, table: &Table) -> Vec<Value> {
    let mut values = Vec::new();
    let name = column.name.to_lowercase();
    let named = |check: &&String| {
        let in_word = |c: char| c.is_alphanumeric() || c == '_';
        check
            .to_lowercase()
            .split(|c| !in_word(c))
            .any(|word| word == name)
    };
    for check in table.checks.iter().filter(named) {
        // The whole text of an SQLite table is one check; the part behind the first one is what matters.
        let start = check.to_lowercase().find("check").unwrap_or(0);
        literals(&check[start..], &mut values);
    }
    let fits = |value: &Value| match column.kind {
        Kind::Integer { .. } | Kind::Decimal { .. } | Kind::Float => !matches!(value, Value::Text(_)),
        Kind::Text { .. } => matches!(value, Value::Text(_)),
        _ => false,
    };
    values.retain(fits);
    values
}

fn literals(text: &str, values: &mut Vec<Value>) {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '\'' || c.is_ascii_digit()) {
        let starts_word = rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let tail = &rest[at..];
        if let Some(inside) = tail.strip_prefix('\'') {
            let Some(end) = inside.find('\'') else { return };
            values.push(Value::Text(inside[..end].to_owned()));
            rest = &inside[end + 1..];
            continue;
        }
        let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        if let (false, Ok(number)) = (starts_word, tail[..end].parse::<i64>()) {
            let beside = [Some(number), number.checked_add(1), number.checked_sub(1)];
            values.extend(beside.into_iter().flatten().map(Value::Integer));
        }
        rest = &tail[end..];
    }
}

/// A value like this one that no other row has, as `number` is used once.
pub(super) fn distinct(value: &Value, kind: &Kind, number: u32) -> Value {
    match (kind, value) {
        (_, Value::Null) => Value::Null,
        (Kind::Integer { bits, .. }, _) => {
            let most = i64::MAX >> (64 - u32::from(*bits));
            Value::Integer(i64::from(number) % most.max(1))
        }
        (Kind::Decimal { scale, .. }, _) => with_places(&number.to_string(), *scale),
        (Kind::Float, _) => Value::Integer(i64::from(number)),
        (Kind::Text { longest }, Value::Text(text)) => {
            let digits = number.to_string();
            let room = longest
                .map_or(LONGEST, |longest| longest as usize)
                .saturating_sub(digits.len());
            let kept: String = text.chars().take(room).collect();
            Value::Text(kept + &digits)
        }
        (Kind::Uuid, _) => Value::Text(format!("00000000-0000-4000-8000-{number:012x}")),
        (Kind::Bytes { longest: Some(16) }, _) => {
            let mut bytes = vec![0; 12];
            bytes.extend(number.to_be_bytes());
            Value::Bytes(bytes)
        }
        (Kind::Bytes { .. }, _) => Value::Bytes(number.to_be_bytes().to_vec()),
        (Kind::Date, _) => Value::Text(format!(
            "{:04}-01-{:02}",
            1980 + number / 28 % 8000,
            1 + number % 28
        )),
        (Kind::Timestamp, _) => Value::Text(format!(
            "2001-02-{:02} {:02}:{:02}:{:02}",
            1 + number / 86_400 % 28,
            number / 3600 % 24,
            number / 60 % 60,
            number % 60
        )),
        (Kind::Address, _) => {
            let [_, b, c, d] = number.to_be_bytes();
            Value::Text(format!("10.{b}.{c}.{d}"))
        }
        (_, value) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_checks_are_found() {
        let mut values = Vec::new();
        literals(
            "CHECK (((age2 >= 18) AND (kind = ANY (ARRAY['a'::text, 'b'::text]))))",
            &mut values,
        );
        let text = |text: &str| Value::Text(text.to_owned());
        let number = Value::Integer;
        assert_eq!(values, [number(18), number(19), number(17), text("a"), text("b")]);
    }

    #[test]
    fn extremes_fit_their_type() {
        let kind = |bits, unsigned| Kind::Integer { bits, unsigned };
        let of = |bits, unsigned| edges(&kind(bits, unsigned), Dialect::MariaDb);
        assert!(of(8, false).contains(&Value::Integer(127)) && of(8, false).contains(&Value::Integer(-128)));
        assert!(of(8, true).contains(&Value::Integer(255)) && !of(8, true).contains(&Value::Integer(-1)));
        assert!(of(64, false).contains(&Value::Integer(i64::MIN)));
    }

    #[test]
    fn decimals_have_a_digit_in_each_place() {
        let kind = |digits, scale| Kind::Decimal { digits, scale };
        let text = |text: &str| Value::Text(text.to_owned());
        let money = kind(10, 4);
        assert_eq!(plain(&money, Dialect::Postgres)[0], text("1.2345"));
        assert_eq!(distinct(&Value::Null, &kind(9, 8), 7), Value::Null);
        assert_eq!(distinct(&text("0"), &money, 7001), text("7001.2345"));
        let extremes = ["0.0001", "-999999.9999", "999999.9999", "0"].map(text);
        assert_eq!(edges(&money, Dialect::Postgres), extremes);
        assert_eq!(edges(&kind(3, 0), Dialect::Postgres)[0], text("1"));
        assert_eq!(edges(&kind(2, 4), Dialect::Postgres)[2], text(".0099"));
    }

    #[test]
    fn distinct_texts_keep_to_their_length() {
        let kind = Kind::Text { longest: Some(5) };
        let value = distinct(&Value::Text("abcdefgh".to_owned()), &kind, 7001);
        assert_eq!(value, Value::Text("a7001".to_owned()));
    }
}
