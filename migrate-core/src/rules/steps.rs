//! The pieces that replacements are made of.

use super::context::Context;
use super::finding::Finding;
use crate::model::Phase;
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

/// The contracts that make a column NOT NULL without a scan under a strong lock: a constraint that is not validated yet,
/// and, once it holds for whatever is written, its validation and what follows from it.
///
/// They are two files, so that a row with NULL in it fails the second one and leaves a way back from the first.
pub(super) fn not_null(cx: &Context<'_>, finding: &mut Finding, table: &Key, column: &str) {
    let known = cx.schema.table_at(table);
    let taken = |name: &str| known.is_some_and(|known| known.constraint(name.trim_matches('"')).is_some());
    let words = ["not_null", "is_there", "is_given"];
    let names = words.map(|word| made_name(&[&table.name, column, word]));
    let free = names.iter().find(|name| !taken(name));
    let check = free.unwrap_or(&names[0]);
    let column = quote(column);
    let add = match cx.at_least(18) {
        true => format!("ADD CONSTRAINT {check} NOT NULL {column} NOT VALID"),
        false => format!("ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"),
    };
    finding.file(Phase::Contract, format!("ALTER TABLE {table} {add};"));
    let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};");
    // From 18 on the constraint is the NOT NULL; before 12 nothing spares the scan that SET NOT NULL does.
    if cx.at_least(18) || !cx.at_least(12) {
        finding.file(Phase::Contract, validate);
        return;
    }
    finding
        .file(
            Phase::Contract,
            format!(
                "{validate}\n\
                 ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n\
                 ALTER TABLE {table} DROP CONSTRAINT {check};"
            ),
        )
        .down(format!(
            "ALTER TABLE {table} {add};\nALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;"
        ));
}

/// The identifiers as a list.
pub(super) fn list(columns: &[Word]) -> String {
    columns.iter().map(Word::to_string).collect::<Vec<_>>().join(", ")
}
