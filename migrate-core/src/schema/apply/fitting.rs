//! Whether a literal is a value of a type, as far as that is sure.

use std::net::Ipv4Addr;

use crate::model::Dialect;
use crate::sql::Type;

/// Whether MySQL and MariaDB take a literal for a column in strict mode. A default is held to its length more strictly.
pub(super) fn takes(ty: &Type, literal: &str, default: bool, dialect: Dialect) -> bool {
    let quoted = literal
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''))
        .filter(|text| !text.replace("''", "").contains(['\'', '\\']))
        .map(|text| text.replace("''", "'"));
    let quoted = quoted.as_deref();
    let base = ty.name.trim_end_matches(" unsigned");
    let unsigned = base != ty.name;
    match (base, quoted) {
        ("enum", Some(text)) => is_member(ty, text) || text.parse().is_ok_and(|place| is_place(ty, place)),
        ("enum", None) => literal.parse().map_or(true, |place| is_place(ty, place)),
        ("set", Some(text)) => {
            text.is_empty() || text.parse::<u64>().is_ok() || text.split(',').all(|one| is_member(ty, one))
        }
        ("varchar" | "char", Some(text)) => {
            let text = if default { text } else { text.trim_end_matches(' ') };
            ty.number(0)
                .is_none_or(|most| text.chars().count() <= most as usize)
        }
        ("varbinary" | "binary", Some(text)) => ty.number(0).is_none_or(|most| text.len() <= most as usize),
        ("varbinary" | "binary", None) => {
            let digits = literal.strip_prefix("0x").or_else(|| {
                let inside = literal.strip_prefix(['x', 'X'])?;
                inside.strip_prefix('\'')?.strip_suffix('\'')
            });
            let most = ty.number(0).map_or(u64::MAX, u64::from);
            digits.is_none_or(|digits| (digits.len() as u64).div_ceil(2) <= most)
        }
        ("date" | "datetime" | "timestamp", Some(text)) => {
            text.starts_with(|first: char| first.is_ascii_digit()) && is_moment(text, dialect)
        }
        ("float" | "double", Some(text)) => number(text).is_some(),
        ("decimal", _) => match number(quoted.unwrap_or(literal)) {
            Some(value) => fits(ty, value, unsigned),
            None => quoted.is_none(),
        },
        ("tinyint" | "smallint" | "mediumint" | "int" | "bigint", _) => {
            let text = quoted.unwrap_or(literal).trim();
            match (text.parse::<i128>(), number(text)) {
                (Ok(whole), _) => range(base, unsigned).contains(&whole),
                (_, Some(value)) => range(base, unsigned).contains(&(value.round() as i128)),
                _ => quoted.is_none(),
            }
        }
        ("bit", None) => {
            let bits = ty.number(0).unwrap_or(1);
            literal
                .parse::<u128>()
                .map_or(true, |value| bits > 64 || value >> bits == 0)
        }
        ("year", _) => {
            let year = quoted.unwrap_or(literal).parse::<u32>();
            year.map_or(true, |year| year < 100 || (1901..=2155).contains(&year))
        }
        // A default that is none is refused only with the row that gets it.
        ("json", Some(text)) => default || is_json(text),
        ("uuid", Some(text)) => {
            let hex = text.chars().filter(|character| *character != '-');
            hex.clone().count() == 32 && hex.clone().all(|character| character.is_ascii_hexdigit())
        }
        ("inet4", Some(text)) => text.parse::<Ipv4Addr>().is_ok(),
        _ => true,
    }
}

/// Whether a column of a STRICT table takes a literal, and a row number of any table does.
pub(crate) fn takes_strictly(ty: &str, literal: &str) -> bool {
    let quoted = literal.starts_with('\'');
    let blob = literal.starts_with(['x', 'X']);
    let value = number(literal.trim_matches('\''));
    match &*ty.to_ascii_lowercase() {
        "int" | "integer" if blob => false,
        "int" | "integer" if literal.contains(['x', 'X', '_']) && !quoted => true,
        "int" | "integer" => value.is_some_and(|value| value.fract() == 0.0),
        "real" if blob => false,
        "real" if literal.contains(['x', 'X', '_']) && !quoted => true,
        "real" => value.is_some(),
        "text" => !blob,
        "blob" => blob,
        _ => true,
    }
}

fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = |character: char| character.is_ascii_digit() || matches!(character, '+' | '-' | '.');
    text.parse::<f64>()
        .ok()
        .filter(|value| value.is_finite() && text.starts_with(digits))
}

/// Whether a decimal has room for what stands before the point.
fn fits(ty: &Type, value: f64, unsigned: bool) -> bool {
    let (Some(digits), Some(scale)) = (ty.number(0), ty.number(1)) else {
        return true;
    };
    let most = 10_f64.powi(digits.saturating_sub(scale) as i32);
    value.trunc().abs() < most && !(unsigned && value < 0.0)
}

fn is_member(ty: &Type, text: &str) -> bool {
    let text = text.trim_end().to_lowercase();
    ty.arguments
        .iter()
        .any(|one| one.trim_end().to_lowercase() == text)
}

/// Whether an enum has a value at that place.
fn is_place(ty: &Type, place: usize) -> bool {
    (1..=ty.arguments.len()).contains(&place)
}

fn range(integer: &str, unsigned: bool) -> std::ops::Range<i128> {
    let bits = match integer {
        "tinyint" => 8,
        "smallint" => 16,
        "mediumint" => 24,
        "int" => 32,
        _ => 64,
    };
    match unsigned {
        true => 0..1 << bits,
        false => -(1 << (bits - 1))..1 << (bits - 1),
    }
}

/// Whether a text may be a moment: what is written otherwise than `2020-01-31 10:00:00` is not judged.
fn is_moment(text: &str, dialect: Dialect) -> bool {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else {
        return true;
    };
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return true;
    };
    // MySQL comes with modes that refuse zeros.
    let zero = dialect == Dialect::Mysql && (month == 0 || day == 0);
    if zero || month > 12 || day > days(year, month) {
        return false;
    }
    let offset = time.find(['+', '-']);
    if time.ends_with('Z') || (offset.is_some() && dialect == Dialect::MariaDb) {
        return false;
    }
    let clock = time.get(..offset.unwrap_or(time.len())).unwrap_or("");
    let limits = [24, 60, 60];
    clock.trim().is_empty()
        || clock
            .split(':')
            .zip(limits)
            .all(|(part, limit)| part.parse::<f64>().map_or(true, |part| part < f64::from(limit)))
}

fn days(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a text is JSON.
fn is_json(text: &str) -> bool {
    let mut rest = text.trim_start_matches(SPACE);
    value(&mut rest, 0) && rest.trim_start_matches(SPACE).is_empty()
}

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Deeper documents are taken for JSON.
const DEEPEST: u32 = 60;

fn value(rest: &mut &str, depth: u32) -> bool {
    if depth > DEEPEST {
        *rest = "";
        return true;
    }
    *rest = rest.trim_start_matches(SPACE);
    match rest.chars().next() {
        Some('{') => list(rest, '}', |rest| {
            string(rest) && punct(rest, ':') && value(rest, depth + 1)
        }),
        Some('[') => list(rest, ']', |rest| value(rest, depth + 1)),
        Some('"') => string(rest),
        Some(_) => {
            let end = rest
                .find(|character: char| !(character.is_ascii_alphanumeric() || "+-.".contains(character)))
                .unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            *rest = behind;
            matches!(word, "true" | "false" | "null") || is_json_number(word)
        }
        None => false,
    }
}

fn is_json_number(word: &str) -> bool {
    let bare = word.strip_prefix('-').unwrap_or(word);
    let zero = bare.starts_with('0') && bare.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let ends = |character: char| character.is_ascii_digit();
    bare.starts_with(ends) && bare.ends_with(ends) && !zero && number(word).is_some()
}

fn list(rest: &mut &str, end: char, mut item: impl FnMut(&mut &str) -> bool) -> bool {
    *rest = rest.get(1..).unwrap_or("");
    if punct(rest, end) {
        return true;
    }
    loop {
        if !item(rest) {
            return false;
        }
        if punct(rest, end) {
            return true;
        }
        if !punct(rest, ',') {
            return false;
        }
    }
}

fn punct(rest: &mut &str, wanted: char) -> bool {
    let trimmed = rest.trim_start_matches(SPACE);
    match trimmed.strip_prefix(wanted) {
        Some(behind) => {
            *rest = behind;
            true
        }
        None => false,
    }
}

fn string(rest: &mut &str) -> bool {
    let trimmed = rest.trim_start_matches(SPACE);
    // Backslashes are left to the server, so none is in it.
    let Some((text, behind)) = trimmed.strip_prefix('"').and_then(|inner| inner.split_once('"')) else {
        return false;
    };
    *rest = behind;
    !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::{is_json, is_moment};
    use crate::model::Dialect;

    #[test]
    fn what_is_json() {
        for text in ["{}", " [1, -2.5e3, null, {\"a\": [true]}] ", "\"x\"", "0", "[]"] {
            assert!(is_json(text), "{text}");
        }
        for text in ["", "{a: 1}", "[1,]", "01", "1.", "nul", "{\"a\"}", "[1] 2", "+1"] {
            assert!(!is_json(text), "{text}");
        }
    }

    #[test]
    fn what_is_a_moment() {
        for text in [
            "2020-02-29",
            "2020-01-31 23:59:59.5",
            "20200131",
            "2020-00-00",
            "2020-1-5T1:2",
        ] {
            assert!(is_moment(text, Dialect::MariaDb), "{text}");
        }
        for text in [
            "2021-02-29",
            "2020-13-01",
            "2020-01-01 24:00:00",
            "2020-01-01T10:00:00Z",
        ] {
            assert!(!is_moment(text, Dialect::MariaDb), "{text}");
        }
        assert!(is_moment("2020-01-01 10:00:00+02:00", Dialect::Mysql));
        for text in ["0000-00-00", "2020-00-00", "2020-01-00 00:00:00"] {
            assert!(!is_moment(text, Dialect::Mysql), "{text}");
        }
    }
}
