//! What a statement does to tables that are in use.

use super::Context;
use crate::schema::Key;
use crate::sql::{
    Action, Constraint, ConstraintKind, LockMode, ObjectKind, Operation, TableSource, WriteKind,
};

/// How long a statement works while it holds its locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Work {
    /// A moment.
    None,
    /// As long as it takes to write rows.
    Write,
    /// As long as it takes to read the table.
    Scan,
}

/// One lock of a statement on an existing table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Effect {
    pub(crate) table: Key,
    pub(crate) lock: LockMode,
    pub(crate) work: Work,
}

/// The locks of a statement on existing tables, without those a reader takes.
pub(crate) fn effects(cx: &Context<'_>) -> Vec<Effect> {
    let mut found = Vec::new();
    let mut lock = |name: &crate::sql::Name, lock: LockMode, work: Work| {
        if let Some(table) = cx.existing(name) {
            found.push(Effect { table, lock, work });
        }
    };
    match cx.operation {
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            actions,
            ..
        } => {
            for action in actions {
                let (mode, work) = action_lock(action);
                lock(name, mode, work);
                // A partition counts as part of its table: the two are locked together on purpose.
                if let Some(parent) = added_parent(action) {
                    lock(parent, LockMode::ShareRowExclusive, Work::None);
                }
            }
        }
        Operation::CreateTable(table) => {
            if let TableSource::PartitionOf(parent, _) = &table.source {
                lock(parent, LockMode::AccessExclusive, Work::None);
            }
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            for constraint in inline.chain(&table.constraints) {
                if let ConstraintKind::ForeignKey(foreign) = &constraint.kind {
                    lock(&foreign.parent, LockMode::ShareRowExclusive, Work::None);
                }
            }
        }
        Operation::Drop {
            kind: ObjectKind::Table | ObjectKind::MaterializedView,
            names,
            ..
        } => {
            for name in names {
                lock(name, LockMode::AccessExclusive, Work::None);
            }
        }
        Operation::Drop {
            kind: ObjectKind::Index,
            names,
            concurrently: false,
            ..
        } => {
            for name in names {
                if let Some((table, _)) = cx.schema.index(name)
                    && cx.exists(table)
                {
                    found.push(Effect {
                        table: table.clone(),
                        lock: LockMode::AccessExclusive,
                        work: Work::None,
                    });
                }
            }
        }
        Operation::Drop {
            kind: ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy,
            on: Some(table),
            ..
        } => {
            lock(table, LockMode::AccessExclusive, Work::None);
        }
        Operation::CreateIndex(index) if index.concurrently => {
            lock(&index.table, LockMode::ShareUpdateExclusive, Work::Scan);
        }
        Operation::CreateIndex(index) => lock(&index.table, LockMode::Share, Work::Scan),
        Operation::CreateTrigger { table, .. } => lock(table, LockMode::ShareRowExclusive, Work::None),
        Operation::CreateRule { table, .. } | Operation::CreatePolicy { table, .. } => {
            lock(table, LockMode::AccessExclusive, Work::None);
        }
        Operation::Truncate { tables, .. } => {
            for table in tables {
                lock(table, LockMode::AccessExclusive, Work::None);
            }
        }
        Operation::Lock { tables, mode } => {
            for table in tables {
                lock(table, *mode, Work::None);
            }
        }
        Operation::Cluster { table: Some(table) } => lock(table, LockMode::AccessExclusive, Work::Scan),
        Operation::Refresh { name, concurrently } => {
            let mode = if *concurrently {
                LockMode::Exclusive
            } else {
                LockMode::AccessExclusive
            };
            lock(name, mode, Work::Scan);
        }
        Operation::Data { writes, .. } => {
            for write in writes {
                let work = match write.kind {
                    WriteKind::Insert if !write.bulk => Work::None,
                    _ => Work::Write,
                };
                lock(&write.table, LockMode::RowExclusive, work);
            }
        }
        _ => {}
    }
    found
}

/// The table that a foreign key of the action refers to.
pub(crate) fn added_parent(action: &Action) -> Option<&crate::sql::Name> {
    let parent = |constraint: &Constraint| matches!(constraint.kind, ConstraintKind::ForeignKey(_));
    let constraint = match action {
        Action::AddConstraint(constraint) => Some(&**constraint),
        Action::AddColumn { column, .. } => column.constraints.iter().find(|one| parent(one)),
        _ => None,
    }?;
    match &constraint.kind {
        ConstraintKind::ForeignKey(foreign) => Some(&foreign.parent),
        _ => None,
    }
}

fn action_lock(action: &Action) -> (LockMode, Work) {
    match action {
        Action::ValidateConstraint(_) => (LockMode::ShareUpdateExclusive, Work::Scan),
        Action::AlterConstraint(..) => (LockMode::ShareRowExclusive, Work::None),
        Action::AddConstraint(constraint) if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) => {
            (LockMode::ShareRowExclusive, Work::None)
        }
        Action::AttachPartition(..)
        | Action::DetachPartition {
            concurrently: true, ..
        }
        | Action::Harmless => (LockMode::ShareUpdateExclusive, Work::None),
        Action::AlterColumn {
            change: crate::sql::ColumnChange::Harmless,
            ..
        } => (LockMode::ShareUpdateExclusive, Work::None),
        Action::Toggle(toggle) if toggle.trigger => (LockMode::ShareRowExclusive, Work::None),
        _ => (LockMode::AccessExclusive, Work::None),
    }
}
