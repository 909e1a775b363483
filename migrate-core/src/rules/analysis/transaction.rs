//! What a transaction has done by the time of the next statement.

use super::{Judge, Place};
use crate::rules::catalogue::new_parents;
use crate::rules::context::Transaction;
use crate::rules::effect::effects;
use crate::schema::{Class, Key, Origin, Schema};
use crate::sql::{self, Action, Operation, TypeChange};
impl Judge<'_> {
    /// Notes what the statement did, where it shares a transaction with those behind it.
    pub(super) fn remember(
        &self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &mut Transaction,
    ) {
        if !transaction.open {
            return;
        }
        if let Operation::Do { body, .. } = operation {
            for nested in body {
                let text = nested.span.of(sql);
                self.remember(schema, place, &nested.operation, text, transaction);
            }
            return;
        }
        let context = self.context(schema, place, operation, sql, transaction, false);
        let effects = effects(&context);
        let mut not_valid = Vec::new();
        let mut parents = Vec::new();
        if let Operation::Alter { name, actions, .. } = operation {
            let key = schema.resolve(Class::Relation, name);
            for action in actions {
                if let Action::AddConstraint(constraint) = action
                    && constraint.not_valid
                {
                    let name = constraint.name.as_ref().map(|name| name.text.clone());
                    not_valid.push((key.clone(), name.unwrap_or_default()));
                }
            }
        }
        parents.extend(new_parents(&context).into_iter().map(|(_, parent)| parent));
        if let Operation::AlterDomain {
            name,
            change: sql::DomainChange::AddConstraint(constraint),
        } = operation
            && constraint.not_valid
            && let Some(constraint) = &constraint.name
        {
            not_valid.push((schema.resolve(Class::Type, name), constraint.text.clone()));
        }
        for effect in effects {
            // A long file does the same to the same tables again and again.
            let mut lately = transaction.effects.iter().rev().take(8);
            if !lately.any(|(_, before)| *before == effect) {
                transaction.effects.push((place.at, effect));
            }
        }
        if let Operation::Alter {
            kind: sql::ObjectKind::Table,
            name,
            actions,
            ..
        } = operation
        {
            // A table that gets another name stays the same one.
            let from = schema.resolve(Class::Relation, name);
            for action in actions {
                let to = match action {
                    Action::RenameTo(to) => Key::new(Class::Relation, &from.schema, &to.text),
                    Action::SetSchema(to) => Key::new(Class::Relation, &to.text, &from.name),
                    _ => continue,
                };
                for (_, effect) in transaction
                    .effects
                    .iter_mut()
                    .filter(|(_, effect)| effect.table == from)
                {
                    effect.table = to.clone();
                }
            }
        }
        transaction.not_valid.extend(not_valid);
        transaction.parents.extend(parents);
        if let Operation::AlterType {
            name,
            change: TypeChange::AddValue { value, .. },
        } = operation
            && context_type_exists(schema, name, self.index)
        {
            transaction.enum_values.push(value.clone());
        }
    }
}

/// Whether an enum was there before the file.
fn context_type_exists(schema: &Schema, name: &sql::Name, index: usize) -> bool {
    let key = schema.resolve(Class::Type, name);
    schema
        .get(&key)
        .is_none_or(|object| object.origin() != Origin::Draft(index))
}
