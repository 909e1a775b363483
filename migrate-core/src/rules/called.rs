//! Functions of PostgreSQL that a statement calls: what they do, they do there.

use std::collections::HashSet;

use super::file::File;
use crate::model::{Dialect, MigrationSet};
use crate::schema::{Class, Key, Object, Schema};
use crate::sql::{self, Operation};

/// What the functions do that a statement calls and that a file up to its own makes, with the text that it is written
/// in. Each function once: `judged` keeps which.
pub(super) fn functions<'a>(
    set: &'a MigrationSet,
    files: &[File],
    schema: &Schema,
    operation: &Operation,
    judged: &mut HashSet<Key>,
) -> Vec<(Operation, &'a str)> {
    let Operation::Data { calls, .. } = operation else {
        return Vec::new();
    };
    if set.dialect != Dialect::Postgres {
        return Vec::new();
    }
    let made = calls.iter().filter_map(|name| {
        let key = schema.resolve(Class::Function, name);
        let known = matches!(schema.get(&key), Some(Object::Function { .. }));
        (known && judged.insert(key.clone())).then_some(key)
    });
    made.filter_map(|key| body(set, files, schema, &key)).collect()
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
