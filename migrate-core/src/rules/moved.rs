//! What the statement of a backfill does to the rows, as far as its text says it.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Dialect, Migration};
use crate::script::in_place::{assigned, in_place};
use crate::script::is_compared;
use crate::script::words::Words;
use crate::sql::Span;

use super::analysis::position;

/// Judges the UPDATE of a backfill.
pub(super) fn check(migration: &Migration, dialect: Dialect) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(backfill) = &migration.backfill else {
        return found;
    };
    let (Some(batched), Some(statement)) = (&backfill.batched, migration.up.statements.first()) else {
        return found;
    };
    if batched.inserts {
        return found;
    }
    let name = |written: &str| {
        let parts = Words::new(written, dialect).qualified_name();
        parts.and_then(|mut parts| parts.pop()).unwrap_or_default()
    };
    let written = assigned(migration.up.sql(statement), &backfill.table, dialect);
    let is_written = |column: &&crate::model::directives::Text| {
        let name = name(column);
        written.iter().any(|one| match dialect {
            Dialect::Postgres => *one == name,
            _ => one.eq_ignore_ascii_case(&name),
        })
    };
    if let Some(column) = backfill.key.iter().find(is_written) {
        let message = format!("the statement assigns `{column}`, by which its rows are visited");
        found.push(
            Diagnostic::error(&codes::BACKFILL_WRITES_KEY, &*migration.path, message)
                .note("a row that moves to another place of the key is visited twice, or not at all"),
        );
    }
    if found.is_empty()
        && let Some(one) = in_place(batched, dialect)
    {
        let (column, expression) = (&one.column, one.expression.trim());
        let message = format!("`{column}` is computed from itself: `{column} = {expression}`");
        let told = match one.grows {
            true => Diagnostic::error(&codes::BACKFILL_IN_PLACE, &*migration.path, message)
                .note("no comparison can tell a row that is done from one that is not, and a rerun would do it twice"),
            false => Diagnostic::warning(&codes::BACKFILL_IN_PLACE, &*migration.path, message)
                .note("it is compared as if a second time changed nothing, and a rerun does it twice"),
        };
        found.push(told);
    }
    if !is_compared(batched, dialect) && migration.verify.is_empty() {
        let why = if batched.joined {
            "it reads several tables"
        } else if batched.assignments.is_empty() {
            "it does not assign one expression to one column each"
        } else {
            "what it assigns may be another value each time"
        };
        let message = format!(
            "nothing tells afterwards whether the rows are right: {why}, so that they are not compared"
        );
        found.push(
            Diagnostic::warning(&codes::BACKFILL_UNCHECKED, &*migration.path, message)
                .note("the backfill would count as verified with whatever it wrote"),
        );
    }
    let whole = Span {
        start: 0,
        end: statement.end - statement.start,
    };
    for diagnostic in &mut found {
        diagnostic.position = Some(position(&migration.up, statement, whole));
    }
    found
}
