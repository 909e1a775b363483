//! The arguments of directives: words, `key=value` pairs, quoted text, durations.

use std::time::Duration;

/// One argument, with its place in the file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    pub(crate) key: Option<String>,
    pub(crate) value: String,
    pub(crate) quoted: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What is wrong with an argument, and where in the file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArgumentFault {
    pub(crate) message: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl ArgumentFault {
    pub(crate) fn new(message: impl Into<String>, start: usize, end: usize) -> Self {
        Self {
            message: message.into(),
            start,
            end,
        }
    }

    pub(crate) fn of(argument: &Argument, message: impl Into<String>) -> Self {
        Self::new(message, argument.start, argument.end)
    }
}

impl From<ArgumentFault> for Vec<ArgumentFault> {
    fn from(fault: ArgumentFault) -> Self {
        vec![fault]
    }
}

/// Splits arguments at white space. `offset` is the place of `text` in the file.
pub(crate) fn split(text: &str, offset: usize) -> Result<Vec<Argument>, ArgumentFault> {
    let mut arguments = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next_if(|_| true) {
        if first.is_whitespace() {
            continue;
        }
        let mut argument = Argument {
            key: None,
            value: String::new(),
            quoted: false,
            start: offset + start,
            end: offset + start,
        };
        let mut character = first;
        let mut at = start;
        loop {
            argument.end = offset + at + character.len_utf8();
            if character == '"' && argument.value.is_empty() && !argument.quoted {
                argument.quoted = true;
                argument.end = quoted(&mut rest, &mut argument.value, offset).ok_or_else(|| {
                    ArgumentFault::new("this quote is not closed", offset + at, offset + text.len())
                })?;
            } else if character == '=' && argument.key.is_none() && !argument.quoted {
                argument.key = Some(std::mem::take(&mut argument.value));
            } else {
                argument.value.push(character);
            }
            match rest.next_if(|(_, next)| !next.is_whitespace()) {
                Some((index, next)) => (at, character) = (index, next),
                None => break,
            }
        }
        arguments.push(argument);
    }
    Ok(arguments)
}

/// Reads up to the closing quote; `\"` and `\\` stand for themselves. Gives the offset behind the quote.
fn quoted(
    rest: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    value: &mut String,
    offset: usize,
) -> Option<usize> {
    while let Some((index, character)) = rest.next() {
        match character {
            '"' => return Some(offset + index + 1),
            '\\' => match rest.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    None
}

/// A span of time: `100ms`, `90s`, `15m`, `24h`, `7d`, or several of them in a row, such as `1h30m`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = text;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..]
            .find(|character: char| !character.is_ascii_alphabetic())
            .map_or(rest.len(), |length| digits + length);
        let unit = match &rest[digits..unit_end] {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" | "min" => Duration::from_secs(60),
            "h" => Duration::from_secs(3600),
            "d" => Duration::from_secs(86_400),
            "w" => Duration::from_secs(604_800),
            _ => return None,
        };
        total = total.checked_add(unit.checked_mul(u32::try_from(number).ok()?)?)?;
        rest = &rest[unit_end..];
    }
    Some(total)
}

/// How durations are written, for messages.
pub(crate) const DURATION_FORM: &str = "is written like `100ms`, `90s`, `15m`, `24h`, `7d` or `1h30m`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let arguments = split(r#"a  k=v data-loss="two words" "q \" \\ \n" x="#, 100).unwrap();
        let seen: Vec<_> = arguments
            .iter()
            .map(|argument| (argument.key.as_deref(), &*argument.value, argument.quoted))
            .collect();
        assert_eq!(
            seen,
            [
                (None, "a", false),
                (Some("k"), "v", false),
                (Some("data-loss"), "two words", true),
                (None, r#"q " \ \n"#, true),
                (Some("x"), "", false),
            ]
        );
        assert_eq!((arguments[1].start, arguments[1].end), (103, 106));
        assert_eq!((arguments[2].start, arguments[2].end), (107, 128));
        assert_eq!(split(r#"x "open"#, 0).unwrap_err().start, 2);
    }

    #[test]
    fn durations() {
        for (text, millis) in [
            ("100ms", Some(100)),
            ("1h30m", Some(5_400_000)),
            ("0s", Some(0)),
            ("2d", Some(172_800_000)),
            ("", None),
            ("5", None),
            ("5 s", None),
            ("-5s", None),
            ("5years", None),
            ("s", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(duration(text), millis.map(Duration::from_millis), "{text:?}");
        }
    }
}
