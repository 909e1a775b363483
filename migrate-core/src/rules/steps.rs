//! The pieces that replacements are made of.

use crate::schema::Key;
use crate::sql::{Word, quote};

/// A name for something new: the parts joined, short enough for every server.
pub(super) fn made_name(parts: &[&str]) -> String {
    let mut name = parts.join("_");
    let mut end = name.len().min(60);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    quote(&name)
}

/// The update that fills a column, with the directive that runs it in batches.
pub(super) fn backfill(table: &Key, column: &Word, value: &str) -> String {
    format!("UPDATE {table} SET {column} = {value} WHERE {column} IS NULL;")
}

/// The four statements that make a column NOT NULL without a scan under a strong lock.
pub(super) fn not_null(table: &Key, column: &str) -> String {
    let check = made_name(&[&table.name, column, "not_null"]);
    let column = quote(column);
    format!(
        "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID;\n\
         ALTER TABLE {table} VALIDATE CONSTRAINT {check};\n\
         ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n\
         ALTER TABLE {table} DROP CONSTRAINT {check};"
    )
}

/// The identifiers as a list.
pub(super) fn list(columns: &[Word]) -> String {
    columns.iter().map(Word::to_string).collect::<Vec<_>>().join(", ")
}
