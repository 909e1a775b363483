//! Names of objects, folded as the server folds them, and quoted again where they are written.

use core::fmt;
use std::cell::Cell;

use super::Span;
use super::reserved::{is_reserved, is_reserved_in_mysql};
use crate::model::Dialect;

/// One identifier: a column, a constraint, a role.
#[derive(Clone, Debug, Default, Eq)]
pub struct Word {
    /// The identifier without quotes, folded.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Word {
    /// The first one that stands there before.
    #[cfg(any(feature = "analyze-postgres", feature = "analyze-mysql"))]
    pub(crate) fn twice(words: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut known: Vec<Self> = Vec::new();
        for word in words {
            if known.contains(&word) {
                return Some(word);
            }
            known.push(word);
        }
        None
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(&self.text))
    }
}

/// The name of an object, with its schema where one is written.
#[derive(Clone, Debug, Default, Eq)]
pub struct Name {
    /// The schema, without quotes, folded.
    pub schema: Option<String>,
    /// The name, without quotes, folded.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.schema == other.schema && self.name == other.name
    }
}

impl Name {
    /// A name without schema that stands nowhere.
    pub fn plain(name: impl Into<String>) -> Self {
        Self {
            schema: None,
            name: name.into(),
            span: Span::default(),
        }
    }

    /// Another name in the same schema.
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.into(),
            span: self.span,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", quote(schema))?;
        }
        f.write_str(&quote(&self.name))
    }
}

thread_local! {
    /// Whether names are written for MySQL and MariaDB. Names do not know their dialect, and an analysis is of one.
    static BACKTICKS: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, names on this thread are written as one dialect has them.
pub(crate) struct Quoting(bool);

impl Quoting {
    /// Names as the dialect has them.
    pub(crate) fn of(dialect: Dialect) -> Self {
        Self(BACKTICKS.replace(dialect.is_mysql_family()))
    }
}

impl Drop for Quoting {
    fn drop(&mut self) {
        BACKTICKS.set(self.0);
    }
}

/// The identifier as it has to be written: in quotes unless it is plain and no reserved word. Double quotes, or while
/// the migrations of MySQL or MariaDB are analysed, backticks.
pub fn quote(name: &str) -> String {
    if BACKTICKS.get() {
        return in_backticks(name);
    }
    let plain = name.bytes().enumerate().all(|(index, byte)| {
        matches!(byte, b'a'..=b'z' | b'_') || (index > 0 && (byte.is_ascii_digit() || byte == b'$'))
    });
    if plain && !name.is_empty() && !is_reserved(name) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

fn in_backticks(name: &str) -> String {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let lower = name.to_lowercase();
    if name.bytes().all(part)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && !is_reserved_in_mysql(&lower)
    {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        for (name, written) in [
            ("users", "users"),
            ("Users", "\"Users\""),
            ("a\"b", "\"a\"\"b\""),
            ("order", "\"order\""),
            ("", "\"\""),
            ("1a", "\"1a\""),
        ] {
            assert_eq!(quote(name), written);
        }
        let _names = Quoting::of(Dialect::Mysql);
        for (name, written) in [
            ("Users", "Users"),
            ("a`b", "`a``b`"),
            ("Order", "`Order`"),
            ("rank", "`rank`"),
            ("1a", "`1a`"),
        ] {
            assert_eq!(quote(name), written);
        }
    }
}
