//! What a backfill needs of its key, as far as the model tells it before any database is asked.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Dialect, Migration};
use crate::schema::Schema;
use crate::script::words::Words;

use super::analysis::DirectivePlaces;

/// Judges the key by the schema that its file finds.
pub(super) fn check(
    schema: &Schema,
    migration: &Migration,
    dialect: Dialect,
    places: &DirectivePlaces,
) -> Vec<Diagnostic> {
    let Some(backfill) = &migration.backfill else {
        return Vec::new();
    };
    let Some(mut table) = Words::new(&backfill.table, dialect).qualified_name() else {
        return Vec::new();
    };
    let Some(name) = table.pop() else {
        return Vec::new();
    };
    let named = |written: &str| {
        let name = Words::new(written, dialect)
            .qualified_name()
            .and_then(|mut parts| parts.pop());
        name.unwrap_or_else(|| written.to_owned())
    };
    let key: Vec<String> = backfill.key.iter().map(|column| named(column)).collect();
    let side = schema.side(table.pop().as_deref(), &name, &key);
    let mut found: Vec<Diagnostic> = Vec::new();
    // Where the table is not there, nothing is said of its columns.
    let place = places.of(if side.table.is_none() { "table=" } else { "key=" });
    for fault in side.missing {
        let diagnostic = Diagnostic::error(&codes::MISSING_OBJECT, &*migration.path, fault.message);
        found.push(match fault.nearest {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        });
    }
    let nullable = side
        .columns
        .iter()
        .find(|column| !schema.is_never_null(side.table.as_deref(), column));
    if let Some(column) = nullable.filter(|_| side.sure) {
        let message = format!("the key column `{}` of `{name}` may be NULL", column.name);
        let mut diagnostic = Diagnostic::error(&codes::BACKFILL_KEY, &*migration.path, message)
            .note("no start begins a backfill by it: rows without a value would be left out");
        let ty = column.ty.as_ref().map(ToString::to_string).unwrap_or_default();
        if dialect == Dialect::Sqlite && column.not_null {
            diagnostic = diagnostic.note(format!(
                "a primary key of SQLite takes NULL unless it is `INTEGER PRIMARY KEY`, says NOT NULL, or is of a table that is STRICT or WITHOUT ROWID; this one is `{ty}`"
            ));
        }
        found.push(diagnostic);
    }
    if found.is_empty()
        && side.sure
        && let Some(Err(uniques)) = side
            .table
            .as_deref()
            .and_then(|table| schema.has_unique(table, &key))
    {
        let message = format!("`{}` is no unique key of `{name}`", key.join(","));
        let help = match uniques.is_empty() {
            true => "rows are visited by a unique key that is never NULL: add one".to_owned(),
            false => format!("its unique keys are `{}`", uniques.join("`, `")),
        };
        found.push(
            Diagnostic::error(&codes::BACKFILL_NOT_UNIQUE, &*migration.path, message)
                .note("no start begins a backfill by it")
                .help(help),
        );
    }
    for diagnostic in &mut found {
        diagnostic.position = place.cloned();
    }
    found
}
