//! Functions of PostgreSQL that a statement calls: what they do, they do there.

use std::collections::HashSet;

use super::file::File;
use crate::model::{Dialect, MigrationSet};
use crate::schema::{Class, Key, Object, Schema};
use crate::sql::{self, Name, Operation};

/// What the functions do that a statement calls, or one of its body, or what they call in turn, and that a file up to its own
/// makes, with the text that it is written in. Each function once: `judged` keeps which.
pub(super) fn functions<'a>(
    set: &'a MigrationSet,
    files: &[File],
    schema: &Schema,
    operation: &Operation,
    judged: &mut HashSet<Key>,
) -> Vec<(Operation, &'a str)> {
    let mut found = Vec::new();
    if set.dialect != Dialect::Postgres {
        return found;
    }
    let mut called = calls(operation);
    while let Some(name) = called.pop() {
        let key = schema.resolve(Class::Function, &name);
        let known = matches!(schema.get(&key), Some(Object::Function { .. }));
        if known
            && judged.insert(key.clone())
            && let Some((body, text)) = body(set, files, schema, &key)
        {
            called.extend(calls(&body));
            found.push((body, text));
        }
    }
    found
}

/// The functions that a statement calls; the first one comes last.
fn calls(operation: &Operation) -> Vec<Name> {
    match operation {
        Operation::Data { calls, .. } => calls.iter().rev().cloned().collect(),
        Operation::Do { body, .. } => {
            let nested = body.iter().rev();
            nested.flat_map(|nested| calls(&nested.operation)).collect()
        }
        _ => Vec::new(),
    }
}

fn body<'a>(
    set: &'a MigrationSet,
    files: &[File],
    schema: &Schema,
    key: &Key,
) -> Option<(Operation, &'a str)> {
    let makes = |operation: &Operation| {
        matches!(operation, Operation::CreateFunction { name, signature: Some(_), .. }
            if schema.creation(Class::Function, name) == *key)
    };
    let (index, at) = files.iter().enumerate().rev().find_map(|(index, file)| {
        let at = file.up.iter().rposition(makes)?;
        Some((index, at))
    })?;
    let section = &set.migrations.get(index)?.up;
    let text = section.sql(section.statements.get(at)?);
    Some((sql::function_body(text, set.dialect)?, text))
}
