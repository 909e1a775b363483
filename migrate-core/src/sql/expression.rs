//! Types and expressions, as far as a rule or the model asks about them.

use core::fmt;

use super::canonical::{canonical, quoted};
use super::{Arguments, Name, Span};

/// A column type. Two are equal however they are written and wherever they stand.
#[derive(Clone, Debug, Default, Eq)]
pub struct Type {
    /// As written, white space collapsed.
    pub text: String,
    /// The schema, where one is written.
    pub schema: Option<String>,
    /// The name every spelling of it shares: `integer` for `int4`, `varchar` for `character varying`.
    pub name: String,
    /// The arguments: length, precision, scale.
    pub arguments: Vec<String>,
    /// Whether it is an array.
    pub array: bool,
    /// Where it stands.
    pub span: Span,
}

impl Type {
    /// Whether it is that one of a function, where lengths do not count.
    pub fn is_spelt(&self, other: &Self) -> bool {
        self.name == other.name && self.array == other.array && self.schema == other.schema
    }

    /// The number in an argument.
    pub fn number(&self, index: usize) -> Option<u32> {
        self.arguments
            .get(index)
            .and_then(|argument| argument.trim().parse().ok())
    }

    /// Whether it is this type and no array.
    pub fn is(&self, name: &str) -> bool {
        self.name == name && !self.array
    }

    /// Whether it is one of the types that bring their own sequence.
    pub fn is_serial(&self) -> bool {
        !self.array && matches!(&*self.name, "serial" | "bigserial" | "smallserial")
    }

    /// Whether its values may be long, and then stand elsewhere, in MySQL and MariaDB.
    pub fn is_long(&self) -> bool {
        self.name.ends_with("text") || self.name.ends_with("blob") || self.name == "json"
    }

    /// Whether it is one of points, and of what is made of them.
    pub fn is_shape(&self) -> bool {
        let name = self.name.trim_start_matches("multi");
        matches!(
            name,
            "point" | "linestring" | "polygon" | "geometry" | "geometrycollection" | "geomcollection"
        )
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.arguments == other.arguments && self.array == other.array
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The outermost form of an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// `NULL`, parentheses and casts around it included.
    Null,
    /// A literal, its sign, parentheses and casts included.
    Literal,
    /// A column.
    Column(String),
    /// A column cast to a type.
    Cast(String, Box<Type>),
    /// Anything else.
    #[default]
    Other,
}

/// An expression. Two are equal if their texts are, however each is spelt and cast.
#[derive(Clone, Debug, Default)]
pub struct Expr {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Its outermost form.
    pub shape: Shape,
    /// The functions called anywhere in it.
    pub calls: Vec<Name>,
    /// What each of them is given, where PostgreSQL tells functions of one name apart by it.
    pub given: Vec<Arguments>,
    /// The columns named anywhere in it.
    pub columns: Vec<String>,
    /// The parts that are joined by AND.
    pub conjuncts: Vec<Conjunct>,
    /// Whether there is a query in it.
    pub query: bool,
}

impl Eq for Expr {}

impl Expr {
    /// Whether a row that fulfils it has a value in that column, whatever else.
    ///
    /// For a CHECK only an explicit test counts: one that is NULL for a NULL is fulfilled by it.
    pub fn proves_not_null(&self, column: &str) -> bool {
        self.conjuncts
            .iter()
            .any(|part| matches!(part, Conjunct::NotNull(name) if name == column))
    }

    /// The text with single spaces and without parentheses around it, for comparing two expressions.
    pub fn normal(&self) -> String {
        normal(&self.text)
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || canonical(&self.text) == canonical(&other.text)
    }
}

/// A text with white space collapsed, and without comments: on one line, they would take the rest with them.
pub(crate) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut spaced = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' | '`' => quoted(rest, first),
            '-' if rest.starts_with("--") => {
                (spaced, rest) = (true, rest.split_once('\n').map_or("", |(_, after)| after));
                continue;
            }
            '/' if rest.starts_with("/*") => {
                (spaced, rest) = (true, rest.split_once("*/").map_or("", |(_, after)| after));
                continue;
            }
            _ => first.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        if first.is_whitespace() {
            spaced = true;
            continue;
        }
        if std::mem::take(&mut spaced) && !out.is_empty() && !out.ends_with('(') && first != ')' {
            out.push(' ');
        }
        out.push_str(piece);
    }
    out
}

/// A part of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conjunct {
    /// The column is not null.
    NotNull(String),
    /// The column compared with a literal, the column on the left.
    Compare {
        /// The column.
        column: String,
        /// The operator: `=`, `<`, `<=`, `>`, `>=`.
        operator: String,
        /// The literal as written.
        literal: String,
    },
    /// The column is one of these literals.
    In {
        /// The column.
        column: String,
        /// The literals as written.
        literals: Vec<String>,
    },
    /// Anything else.
    Other,
}
