//! A table that a statement needs and that only a later one of the file makes.
//!
//! The model takes a table that no file made for one that was there before. If the file goes on to make it, without
//! IF NOT EXISTS and without taking an older one away first, it was not.

use crate::model::Dialect;
use crate::schema::{Class, Fault, FaultKind, Key, Schema};
use crate::sql::{Action, Constraint, ConstraintKind, Name, ObjectKind, Operation};

use super::file::Landmarks;

/// What a statement needs that is made behind it.
pub(super) fn needed_early(
    schema: &Schema,
    operations: &[Operation],
    landmarks: &Landmarks,
    at: usize,
) -> Option<Fault> {
    if schema.dialect() != Dialect::Postgres {
        return None;
    }
    let operation = operations.get(at)?;
    let made_later = |name: &&Name| {
        let key = schema.resolve(Class::Relation, name);
        let places = landmarks.naming(&name.name, at + 1..operations.len());
        let made = places
            .iter()
            .copied()
            .find(|place| makes(schema, operations, *place, &key));
        schema.get(&key).is_none()
            && !schema.was_dropped(&key)
            && made.is_some_and(|made| {
                let between = operations.get(at..made).unwrap_or_default();
                !between.iter().any(|one| may_remove(one, &name.name))
            })
    };
    let name = needs(operation).into_iter().find(made_later)?;
    let key = schema.resolve(Class::Relation, name);
    Some(Fault {
        kind: FaultKind::Missing,
        span: name.span,
        message: format!("the table `{key}` is made further down only"),
        nearest: None,
    })
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
fn needs(operation: &Operation) -> Vec<&Name> {
    match operation {
        Operation::CreateTable(table) => {
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            let parents = inline.chain(&table.constraints).filter_map(parent);
            parents.filter(|parent| parent.name != table.name.name).collect()
        }
        Operation::CreateIndex(index) => vec![&index.table],
        Operation::CreateTrigger { table, .. } => vec![table],
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
