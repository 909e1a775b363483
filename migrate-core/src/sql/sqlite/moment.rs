//! Expressions of SQLite that are another one at another moment or in another place.

use super::cursor::{self, Cursor};

/// Functions of dates and times, which take the present moment where they are given none.
const FUNCTIONS: &[&str] = &[
    "date",
    "time",
    "datetime",
    "julianday",
    "strftime",
    "timediff",
    "unixepoch",
];

/// What SQLite takes in no index, generated column or CHECK: a date of the present moment, or one of this place.
pub(super) fn dates_now(text: &str) -> bool {
    let Some(tokens) = cursor::tokens(text) else {
        return false;
    };
    let cursor = Cursor::new(text, &tokens);
    let called =
        |at: &usize| FUNCTIONS.iter().any(|name| cursor.is_at(*at, name)) && cursor.text_at(at + 1) == "(";
    (0..cursor.len()).filter(called).any(|at| is_now(cursor, at))
}

/// What SQLite takes in no index and no generated column besides.
pub(super) fn names_now(text: &str) -> bool {
    let Some(tokens) = cursor::tokens(text) else {
        return false;
    };
    let cursor = Cursor::new(text, &tokens);
    let words = ["current_timestamp", "current_date", "current_time"];
    (0..cursor.len()).any(|at| words.iter().any(|word| cursor.is_at(at, word)))
}

fn is_now(cursor: Cursor<'_>, at: usize) -> bool {
    let (mut depth, mut arguments) = (0_u32, 0_u32);
    for index in at + 1..cursor.len() {
        let text = cursor.text_at(index);
        match text {
            "(" => depth += 1,
            ")" if depth == 1 => break,
            ")" => depth -= 1,
            "," if depth == 1 => arguments += 1,
            _ => {}
        }
        arguments += u32::from(arguments == 0 && index > at + 1);
        let literal = text.trim_matches('\'').to_ascii_lowercase();
        if depth == 1 && text.starts_with('\'') && matches!(&*literal, "now" | "localtime" | "utc") {
            return true;
        }
    }
    let told = if cursor.is_at(at, "strftime") { 2 } else { 1 };
    arguments < told
}
