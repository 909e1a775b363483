//! The names that a statement writes.

use super::{Action, Operation, Span};

/// Where the names of columns and of new tables stand, which are words as they are written.
pub(super) fn written(operation: &Operation) -> Vec<Span> {
    match operation {
        Operation::CreateTable(table) => {
            let columns = table.columns.iter().map(|column| column.name.span);
            columns.chain([table.name.span]).collect()
        }
        Operation::Alter { actions, .. } => actions.iter().flat_map(of_action).collect(),
        Operation::Data { writes, .. } => {
            let columns = writes.iter().flat_map(|write| &write.columns);
            columns.map(|column| column.span).collect()
        }
        _ => Vec::new(),
    }
}

fn of_action(action: &Action) -> Vec<Span> {
    match action {
        Action::AddColumn { column, .. } => vec![column.name.span],
        Action::Redefine {
            column, definition, ..
        } => vec![column.span, definition.name.span],
        Action::DropColumn { column, .. } => vec![column.span],
        Action::RenameColumn(from, to, _) => vec![from.span, to.span],
        _ => Vec::new(),
    }
}
