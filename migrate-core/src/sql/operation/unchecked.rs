//! Operations as servers take them that read CHECK and make nothing of it.

use super::{Action, Constraint, ConstraintKind, Operation};

impl Operation {
    /// Leaves out every CHECK of a statement.
    pub(crate) fn forget_checks(&mut self, text: &str) {
        match self {
            Operation::CreateTable(table) => {
                forget(&mut table.constraints);
                for column in &mut table.columns {
                    forget(&mut column.constraints);
                }
            }
            Operation::Alter { actions, .. } => {
                for action in actions {
                    match action {
                        Action::AddColumn { column, .. } => forget(&mut column.constraints),
                        Action::Redefine { definition, .. } => forget(&mut definition.constraints),
                        // Such a server has no DROP CHECK either, which is told of its version.
                        Action::DropConstraint { name, if_exists, .. } => {
                            let before = text.get(..name.span.start as usize).unwrap_or_default();
                            let word = before.split_whitespace().next_back().unwrap_or_default();
                            *if_exists |= ["check", "constraint"]
                                .iter()
                                .any(|kind| word.eq_ignore_ascii_case(kind));
                        }
                        Action::AddConstraint(one) if is_check(one) => *action = Action::Harmless,
                        _ => {}
                    }
                }
            }
            Operation::Do { body, .. } => {
                for nested in body {
                    nested.operation.forget_checks(nested.span.of(text));
                }
            }
            _ => {}
        }
    }
}

fn forget(constraints: &mut Vec<Constraint>) {
    constraints.retain(|one| !is_check(one));
}

fn is_check(one: &Constraint) -> bool {
    matches!(one.kind, ConstraintKind::Check(_))
}
