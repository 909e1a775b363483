//! What the statement of a backfill does to the rows, as far as its text says it.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Dialect, Migration};
use crate::schema::{Class, Schema};
use crate::script::in_place::{Again, InPlace, all_in_place, assigned, name_of};
use crate::script::is_compared;
use crate::script::words::Words;
use crate::sql::{Name, Span};

use super::analysis::position;

/// Judges the UPDATE of a backfill.
pub(super) fn check(schema: &Schema, migration: &Migration, dialect: Dialect) -> Vec<Diagnostic> {
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
    let whole = Span {
        start: 0,
        end: statement.end - statement.start,
    };
    let sql = migration.up.sql(statement);
    let written = assigned(sql, &backfill.table, dialect);
    let place_of = |column: &str| {
        let name = name_of(column, dialect);
        let one = written.iter().find(|(one, _)| *one == name);
        one.map(|(_, place)| *place)
    };
    for column in backfill.key.iter() {
        let Some(place) = place_of(column) else { continue };
        let message = format!("the statement assigns `{column}`, by which its rows are visited");
        let told = Diagnostic::error(&codes::BACKFILL_WRITES_KEY, &*migration.path, message)
            .note("a row that moves to another place of the key is visited twice, or not at all");
        found.push(told.at(position(&migration.up, statement, place)));
    }
    let of_key = |one: &InPlace| {
        let name = name_of(&one.column, dialect);
        backfill.key.iter().any(|column| name_of(column, dialect) == name)
    };
    let table = Words::new(&backfill.table, dialect)
        .qualified_name()
        .and_then(|mut parts| {
            let name = Name::plain(parts.pop()?);
            Some(Name {
                schema: parts.pop(),
                ..name
            })
        });
    let model = table.and_then(|table| schema.table_at(&schema.resolve(Class::Relation, &table)));
    let of_table = |column: &str| model?.column(&name_of(column, dialect));
    for one in all_in_place(batched, dialect) {
        if of_key(&one) {
            continue;
        }
        let message = format!("`{}` is computed from itself", one.column);
        let known = of_table(&one.column);
        let (ty, default) = (
            known.and_then(|known| known.ty.as_ref()),
            known.and_then(|known| known.default.as_ref()),
        );
        let told = match one.again(ty, default) {
            Again::Same => continue,
            Again::Other => Diagnostic::error(&codes::BACKFILL_IN_PLACE, &*migration.path, message)
                .note("no comparison can tell a row that is done from one that is not, and a rerun would do it twice"),
            Again::Unsure => Diagnostic::warning(&codes::BACKFILL_IN_PLACE, &*migration.path, message)
                .note("it is compared as if a second time changed nothing, and a rerun does it twice"),
        };
        let place = place_of(&one.column).unwrap_or(whole);
        found.push(told.at(position(&migration.up, statement, place)));
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
        let told = Diagnostic::warning(&codes::BACKFILL_UNCHECKED, &*migration.path, message)
            .note("the backfill would count as verified with whatever it wrote");
        found.push(told.at(position(&migration.up, statement, whole)));
    }
    found
}
