//! Values of columns on their way between a database and Rust.

use std::any::TypeId;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A value of a column on its way between the database and Rust. The database makes a text of what it reads, and of a
/// text what its column holds: no type of a column has to be known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// NULL.
    Null,
    /// Anything that is written as text.
    Text(String),
    /// A number, as it is written: SQLite keeps numbers and texts apart.
    Number(String),
    /// Bytes: `bytea`, `BLOB`, `VARBINARY`.
    Bytes(Vec<u8>),
}

/// Why a value does not fit its field.
type Fault = Box<dyn Error + Send + Sync>;

/// The types that are numbers to SQLite.
fn is_number<T: 'static>() -> bool {
    macro_rules! any {
        ($($number:ty),*) => {
            $(TypeId::of::<T>() == TypeId::of::<$number>())||*
        };
    }
    any!(
        i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool
    )
}

fn is_bool<T: 'static>() -> bool {
    TypeId::of::<T>() == TypeId::of::<bool>()
}

/// The value of a field of that type.
pub fn parse<T>(cell: Cell) -> Result<T, Fault>
where
    T: FromStr<Err: fmt::Display> + 'static,
{
    let text = match cell {
        Cell::Null => return Err("it is NULL: make the field an `Option`".into()),
        Cell::Text(text) | Cell::Number(text) => text,
        Cell::Bytes(bytes) => String::from_utf8(bytes)
            .map_err(|_| "it is bytes and no text: make the field a `Vec<u8>`".to_owned())?,
    };
    // MySQL, MariaDB and SQLite have no truth values, only 1 and 0.
    let read = match &*text {
        "1" if is_bool::<T>() => "true",
        "0" if is_bool::<T>() => "false",
        text => text,
    };
    read.parse()
        .map_err(|error: T::Err| format!("`{}` does not fit the field: {error}", shortened(&text)).into())
}

/// The value of a field of that type, or of none.
pub fn parse_option<T>(cell: Cell) -> Result<Option<T>, Fault>
where
    T: FromStr<Err: fmt::Display> + 'static,
{
    match cell {
        Cell::Null => Ok(None),
        cell => parse(cell).map(Some),
    }
}

/// The bytes of a field.
pub fn parse_bytes(cell: Cell) -> Result<Vec<u8>, Fault> {
    match cell {
        Cell::Null => Err("it is NULL: make the field an `Option`".into()),
        Cell::Text(text) | Cell::Number(text) => Ok(text.into_bytes()),
        Cell::Bytes(bytes) => Ok(bytes),
    }
}

/// The bytes of a field, or none.
pub fn parse_bytes_option(cell: Cell) -> Result<Option<Vec<u8>>, Fault> {
    match cell {
        Cell::Null => Ok(None),
        cell => parse_bytes(cell).map(Some),
    }
}

/// What the field of that type is to the database.
pub fn show<T: fmt::Display + 'static>(value: &T) -> Cell {
    let text = value.to_string();
    if is_bool::<T>() {
        // Every database takes the number for a truth value; only some take the word.
        return Cell::Number(u8::from(text == "true").to_string());
    }
    match is_number::<T>() {
        true => Cell::Number(text),
        false => Cell::Text(text),
    }
}

/// As [`show`], of a field that may have no value.
pub fn show_option<T: fmt::Display + 'static>(value: &Option<T>) -> Cell {
    value.as_ref().map_or(Cell::Null, show)
}

/// As [`show`], of bytes.
pub fn show_bytes(value: &[u8]) -> Cell {
    Cell::Bytes(value.to_vec())
}

/// As [`show`], of bytes that may not be there.
pub fn show_bytes_option(value: &Option<Vec<u8>>) -> Cell {
    value.as_deref().map_or(Cell::Null, show_bytes)
}

/// As much of a value as fits into a message.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn truth_values_are_read_however_they_are_written() {
        for (written, read) in [("1", true), ("0", false), ("true", true), ("false", false)] {
            assert_eq!(parse::<bool>(text(written)).ok(), Some(read), "{written}");
        }
        assert_eq!(show(&true), Cell::Number("1".to_owned()));
        // What is no truth value keeps its digits.
        assert_eq!(parse::<String>(text("1")).ok().as_deref(), Some("1"));
    }

    #[test]
    fn what_does_not_fit_says_why() {
        let said = |cell| parse::<i32>(cell).map_err(|fault| fault.to_string());
        assert_eq!(
            said(text("many")),
            Err("`many` does not fit the field: invalid digit found in string".to_owned())
        );
        assert_eq!(
            said(Cell::Null),
            Err("it is NULL: make the field an `Option`".to_owned())
        );
        assert_eq!(parse_option::<i32>(Cell::Null).ok(), Some(None));
        assert_eq!(
            said(Cell::Bytes(vec![0xff])),
            Err("it is bytes and no text: make the field a `Vec<u8>`".to_owned())
        );
    }
}
