//! Whether `down` brings back what `up` found.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Migration, Section};
use crate::schema::{Key, Object, Origin, Schema, difference};
use crate::script::section::at_statement;

/// Applies `down` to a model in which `up` has just run and `before` was other than it is; leaves the model as it was
/// given.
pub(super) fn check(
    schema: &mut Schema,
    migration: &Migration,
    down: &Section,
    operations: &[crate::sql::Parsed],
    before: &BTreeMap<Key, Option<Object>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let opaque =
        |parsed: &crate::sql::Parsed| matches!(parsed.operation, crate::sql::Operation::Opaque { .. });
    if operations.iter().any(opaque) {
        return;
    }
    let run = |schema: &mut Schema| {
        schema.reset_session();
        for parsed in operations {
            // Faults are told by the difference; a DROP of what is not there yet is one of them.
            schema.apply(&parsed.operation, Origin::History);
        }
    };
    let mut lines = schema.rehearse(run, |schema, changed| {
        let mut lines = Vec::new();
        for (key, was) in before {
            lines.extend(difference(key, was.as_ref(), schema.get(key)));
        }
        for (key, was) in changed.iter().filter(|(key, _)| !before.contains_key(key)) {
            lines.extend(difference(key, was.as_ref(), schema.get(key)));
        }
        lines
    });
    lines.dedup();
    let Some(first) = lines.first() else { return };
    let message = match lines.len() {
        1 => format!("after `down`, {first}"),
        count => format!("`down` leaves {count} things other than `up` found them"),
    };
    let diagnostic = match down.statements.last() {
        Some(statement) => at_statement(&codes::DOWN_NOT_INVERSE, down, statement, &message),
        None => Diagnostic::error(&codes::DOWN_NOT_INVERSE, &*migration.path, message),
    };
    let notes = if lines.len() > 1 { lines } else { Vec::new() };
    diagnostics.push(notes.into_iter().fold(diagnostic, Diagnostic::note));
}
