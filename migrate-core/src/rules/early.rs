//! A table that a statement needs and that only a later one of the file makes.
//!
//! The model takes a table that no file made for one that was there before. If the file goes on to make it, without
//! IF NOT EXISTS and without taking an older one away first, it was not.

use std::collections::HashSet;

use super::file::{File, Landmarks};
use crate::diagnostic::slip;
use crate::model::Dialect;
use crate::schema::{Class, Fault, FaultKind, Key, Object, Origin, Schema};
use crate::sql::{Action, Constraint, ConstraintKind, Name, ObjectKind, Operation, Span};

/// What a statement needs that is made behind it, in the same file.
pub(super) fn needed_early(
    schema: &Schema,
    operations: &[Operation],
    landmarks: &Landmarks,
    at: usize,
) -> Option<Fault> {
    let operation = operations.get(at)?;
    let made_later = |name: &&Name| {
        let key = schema.resolve(Class::Relation, name);
        let places = landmarks.naming(&name.name, at + 1..operations.len());
        let made = places
            .iter()
            .copied()
            .find(|place| makes(schema, operations, *place, &key));
        is_unseen(schema, &key)
            && made.is_some_and(|made| {
                let between = operations.get(at..made).unwrap_or_default();
                !between.iter().any(|one| may_remove(one, &name.name))
            })
    };
    let name = needs(operation, schema).into_iter().find(made_later)?;
    let key = schema.resolve(Class::Relation, name);
    Some(Fault {
        kind: FaultKind::Missing,
        span: name.span,
        message: format!("the table `{key}` is made further down only"),
        nearest: None,
    })
}

/// A table that a statement needs and that only a later file makes: the fault, and which file that is.
pub(super) fn needed_before(
    schema: &Schema,
    files: &[File],
    index: usize,
    operation: &Operation,
) -> Option<(Fault, usize)> {
    let unseen = |name: &&Name| is_unseen(schema, &schema.resolve(Class::Relation, name));
    for name in needs(operation, schema).into_iter().filter(unseen) {
        let key = schema.resolve(Class::Relation, name);
        for (later, file) in files.iter().enumerate().skip(index + 1) {
            let places = file.landmarks.naming(&name.name, 0..file.up.len());
            let Some(at) = places
                .iter()
                .copied()
                .find(|place| makes(schema, &file.up, *place, &key))
            else {
                continue;
            };
            let between = files.get(index..later).unwrap_or_default();
            let before = between
                .iter()
                .flat_map(|file| &file.up)
                .chain(file.up.iter().take(at));
            if before.into_iter().any(|one| may_remove(one, &name.name)) {
                break;
            }
            let fault = Fault {
                kind: FaultKind::Missing,
                span: name.span,
                message: format!("the table `{key}` is created later"),
                nearest: None,
            };
            return Some((fault, later));
        }
    }
    None
}

/// A table that no file makes and whose name nearly is that of one that a file makes, where nothing else says that the
/// files started on a database with tables of its own: the place, the name, and the near one. `passed` keeps the names
/// that were near to none, which is not asked again.
pub(super) fn slipped<'a>(
    schema: &'a Schema,
    operation: &Operation,
    passed: &mut HashSet<Key>,
) -> Option<(Span, String, &'a str)> {
    let stranger =
        |key: &Key| matches!(schema.get(key), Some(Object::Table(table)) if table.origin == Origin::Unknown);
    for name in needs(operation, schema) {
        let key = schema.resolve(Class::Relation, name);
        let temporary = key.schema == schema.temporary();
        if temporary || name.schema.is_some() || passed.contains(&key) || !is_unseen(schema, &key) {
            continue;
        }
        // A database that was there before has more than one table that no file makes.
        if schema.tables().any(|(other, _)| stranger(other)) {
            return None;
        }
        let made = schema.tables().filter(|(other, _)| other.schema == key.schema);
        let names = made.map(|(other, _)| other.name.as_str());
        if let Some(near) = slip(&key.name, names) {
            return Some((name.span, key.name.clone(), near));
        }
        passed.insert(key);
    }
    None
}

/// Whether no file before has made the table or spoken of it.
fn is_unseen(schema: &Schema, key: &Key) -> bool {
    schema.get(key).is_none() && !schema.was_dropped(key)
}

fn makes(schema: &Schema, operations: &[Operation], at: usize, key: &Key) -> bool {
    matches!(
        operations.get(at),
        Some(Operation::CreateTable(table))
            if !table.if_not_exists && !table.temporary && schema.creation(Class::Relation, &table.name) == *key
    )
}

/// Whether a statement may take away a table of that name, or nobody can tell.
fn may_remove(operation: &Operation, name: &str) -> bool {
    match operation {
        Operation::Drop { kind, names, .. } => {
            *kind == ObjectKind::Schema || names.iter().any(|other| other.name == name)
        }
        Operation::Alter {
            name: of, actions, ..
        } => {
            let moves = |action: &Action| matches!(action, Action::RenameTo(_) | Action::SetSchema(_));
            of.name == name && actions.iter().any(moves)
        }
        Operation::Set { name, .. } => name == "search_path",
        Operation::Do { .. }
        | Operation::Call { .. }
        | Operation::Opaque { .. }
        | Operation::Rollback { .. }
        | Operation::RollbackTo => true,
        _ => false,
    }
}

/// The tables without which a statement fails.
fn needs<'a>(operation: &'a Operation, schema: &Schema) -> Vec<&'a Name> {
    // SQLite looks for what foreign keys and views name when they are used, and MySQL not while it is told not to.
    let sqlite = schema.dialect() == Dialect::Sqlite;
    let parents_needed = !sqlite && schema.checks_foreign_keys();
    let parent = |constraint: &'a Constraint| parent(constraint).filter(|_| parents_needed);
    match operation {
        Operation::CreateTable(table) => {
            // MySQL made nothing of REFERENCES at a column for long.
            let ignored = schema.dialect() == Dialect::Mysql;
            let columns = table.columns.iter().filter(|_| !ignored);
            let inline = columns.flat_map(|column| &column.constraints);
            let parents = inline.chain(&table.constraints).filter_map(parent);
            parents.filter(|parent| parent.name != table.name.name).collect()
        }
        Operation::CreateIndex(index) => vec![&index.table],
        Operation::CreateTrigger { table, .. } | Operation::CreateNamedTrigger { table, .. } => vec![table],
        Operation::CreateView(view) => view.reads.tables.iter().collect(),
        Operation::Data { writes, .. } => writes.iter().map(|write| &write.table).collect(),
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            if_exists: false,
            actions,
        } => {
            let added = actions.iter().flat_map(|action| match action {
                Action::AddConstraint(constraint) => std::slice::from_ref(&**constraint),
                Action::AddColumn { column, .. } => &column.constraints,
                _ => &[],
            });
            std::iter::once(name).chain(added.filter_map(parent)).collect()
        }
        _ => Vec::new(),
    }
}

fn parent(constraint: &Constraint) -> Option<&Name> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(foreign) => Some(&foreign.parent),
        _ => None,
    }
}
