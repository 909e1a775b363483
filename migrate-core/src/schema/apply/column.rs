//! A column as the model keeps it, and what a change makes of it.

use super::super::{Column, Key, TableModel};
use crate::sql::{Attributes, ColumnChange, ColumnDef, ConstraintKind, Generated, Shape};

pub(super) fn set_not_null(table: &mut TableModel, column: &str) {
    if let Some(column) = table.columns.iter_mut().find(|known| known.name == column) {
        column.not_null = true;
    } else if !table.complete {
        table.columns.push(Column {
            not_null: true,
            ..unknown_column(column)
        });
    }
}

/// A column of which only the name is known.
pub(in super::super) fn unknown_column(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        ty: None,
        collation: None,
        not_null: false,
        says_not_null: false,
        default: None,
        generated: None,
        attributes: Attributes::default(),
        added_by: None,
    }
}

/// The column as the model keeps it.
pub(super) fn column_model(column: &ColumnDef, added_by: Option<usize>) -> Column {
    let identity = matches!(column.generated, Some(Generated::Identity { .. }));
    let key = column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }));
    Column {
        name: column.name.text.clone(),
        ty: Some(column.ty.clone()),
        collation: column.collation.clone(),
        says_not_null: column.not_null.is_some(),
        not_null: column.not_null.is_some() || identity || key || column.ty.is_serial(),
        default: column.default.clone(),
        generated: column.generated.clone(),
        attributes: column.attributes.clone(),
        added_by,
    }
}

/// Whether a column, or what its array holds, is of that type.
pub(super) fn is_of_type(column: &Column, key: &Key) -> bool {
    column.ty.as_ref().is_some_and(|ty| {
        ty.name == key.name && ty.schema.as_ref().is_none_or(|schema| *schema == key.schema)
    })
}

/// What ALTER COLUMN makes of a column.
pub(super) fn change_column(column: &mut Column, change: &ColumnChange) {
    match change {
        ColumnChange::Type { ty, collation, .. } => {
            column.ty = Some(ty.clone());
            column.collation.clone_from(collation);
        }
        // No default is the same, where the column may be NULL.
        ColumnChange::SetDefault(value) if value.shape == Shape::Null && !column.not_null => {
            column.default = None
        }
        ColumnChange::SetDefault(value) => column.default = Some(value.clone()),
        ColumnChange::DropDefault => {
            column.default = None;
            without_sequence(column);
        }
        ColumnChange::SetNotNull => column.not_null = true,
        ColumnChange::DropNotNull => column.not_null = false,
        ColumnChange::AddIdentity { always } => {
            column.generated = Some(Generated::Identity { always: *always });
            column.not_null = true;
        }
        ColumnChange::DropIdentity { .. } | ColumnChange::DropExpression { .. } => column.generated = None,
        ColumnChange::SetExpression(value) => {
            if let Some(Generated::Stored(old) | Generated::Virtual(old)) = &mut column.generated {
                *old = value.clone();
            }
        }
        ColumnChange::SetIdentity | ColumnChange::Harmless => {}
    }
}

/// A serial column that counts no longer is an integer.
fn without_sequence(column: &mut Column) {
    if let Some(ty) = column.ty.as_mut().filter(|ty| ty.is_serial()) {
        ty.name = match &*ty.name {
            "serial" => "integer",
            "bigserial" => "bigint",
            _ => "smallint",
        }
        .to_owned();
        ty.text.clone_from(&ty.name);
    }
}
