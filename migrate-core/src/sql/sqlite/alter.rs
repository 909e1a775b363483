//! ALTER TABLE.

use super::cursor::Cursor;
use super::evaluate::refuses;
use super::table::{column, table_constraint};
use crate::sql::{Action, ColumnChange, ConstraintKind, ObjectKind, Operation};

pub(super) fn alter(mut cursor: Cursor<'_>) -> Option<Operation> {
    if !cursor.eat_all(&["alter", "table"]) {
        return None;
    }
    let name = cursor.name()?;
    let action = action(cursor)?;
    Some(Operation::Alter {
        kind: ObjectKind::Table,
        name,
        if_exists: false,
        actions: vec![action],
    })
}

fn action(mut cursor: Cursor<'_>) -> Option<Action> {
    let whole = cursor.span();
    if cursor.eat("rename") {
        if cursor.eat("to") {
            return cursor.word().map(Action::RenameTo);
        }
        column_keyword(&mut cursor);
        let from = cursor.word()?;
        cursor.eat("to");
        return Some(Action::RenameColumn(from, cursor.word()?, false));
    }
    if cursor.eat("add") {
        if cursor.is("constraint") || cursor.is("check") {
            return table_constraint(&mut cursor).map(|added| Action::AddConstraint(Box::new(added)));
        }
        column_keyword(&mut cursor);
        let mut column = column(&mut cursor)?;
        let refusing = column
            .constraints
            .iter()
            .find(|one| matches!(&one.kind, ConstraintKind::Check(check) if refuses(&column, &check.text)));
        column.refused = refusing.map(|one| one.span);
        return Some(Action::AddColumn {
            column: Box::new(column),
            if_not_exists: false,
        });
    }
    if cursor.eat("drop") {
        if cursor.eat("constraint") {
            return Some(Action::DropConstraint {
                name: cursor.word()?,
                if_exists: false,
                cascade: false,
            });
        }
        column_keyword(&mut cursor);
        return Some(Action::DropColumn {
            column: cursor.word()?,
            if_exists: false,
            cascade: false,
        });
    }
    if cursor.eat("alter") {
        column_keyword(&mut cursor);
        let column = cursor.word()?;
        let change = if cursor.starts_with(&["set", "not", "null"]) {
            ColumnChange::SetNotNull
        } else if cursor.starts_with(&["drop", "not", "null"]) {
            ColumnChange::DropNotNull
        } else {
            return None;
        };
        return Some(Action::AlterColumn {
            column,
            change,
            span: whole,
        });
    }
    None
}

/// The word COLUMN may be left out, and may be the name of a column.
fn column_keyword(cursor: &mut Cursor<'_>) {
    if cursor.is("column") && cursor.len() > 1 && !cursor.is_at(1, "to") {
        cursor.skip(1);
    }
}
