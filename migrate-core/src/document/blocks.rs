//! What a document is made of, before it is Markdown or text. Both say the same.

use super::Answer;

/// One cell of a table, or one line.
#[derive(Clone, Debug)]
pub(in crate::document) enum Cell {
    /// Words.
    Text(String),
    /// SQL, or a name.
    Code(String),
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Cell::Text(text.into())
    }

    /// SQL on one line.
    pub(super) fn code(text: &str) -> Self {
        Cell::Code(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// One block.
#[derive(Clone, Debug)]
pub(in crate::document) enum Block {
    /// A heading of that level, from 1.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// A table.
    Table(Vec<&'static str>, Vec<Vec<Cell>>),
    /// SQL.
    Sql(String),
    /// A picture, as the source of it.
    Diagram(String),
    /// Lines that are ticked or not, with the fact behind each.
    Checks(Vec<(Answer, String, String)>),
}
