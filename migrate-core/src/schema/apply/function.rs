//! CREATE FUNCTION and PROCEDURE, and ALTER where it changes what they promise.

use std::rc::Rc;

use super::super::{Class, Fault, FaultKind, Key, Object, Origin, Schema};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Name, Operation, Signature};

impl Schema {
    pub(super) fn create_function(&mut self, operation: &Operation, origin: Origin, faults: &mut Vec<Fault>) {
        let Operation::CreateFunction {
            name,
            or_replace,
            volatility,
            of_trigger,
            drops,
            signature,
            ..
        } = operation
        else {
            return;
        };
        let key = self.creation(Class::Function, name);
        if let Some(signature) = signature {
            self.expect_replaceable(&key, name, *or_replace, signature, faults);
        }
        let made = signature.as_deref().cloned();
        let object = match self.get(&key) {
            Some(Object::Function {
                volatility: known,
                of_trigger: only,
                drops: before,
                overloads,
                ..
            }) => Object::Function {
                volatility: if *or_replace {
                    *volatility
                } else {
                    (*known).max(*volatility)
                },
                // ALTER FUNCTION does not say what it returns.
                of_trigger: *only || *of_trigger,
                drops: *drops || *before,
                overloads: match made {
                    Some(made) => {
                        let others = overloads.iter().filter(|other| !takes_same(other, &made));
                        Rc::new(others.cloned().chain([made.clone()]).collect())
                    }
                    None => Rc::clone(overloads),
                },
                origin,
            },
            _ => Object::Function {
                volatility: *volatility,
                of_trigger: *of_trigger,
                drops: *drops,
                overloads: Rc::new(made.into_iter().collect()),
                origin,
            },
        };
        self.put(key, object);
    }

    /// One that takes the same is there only once, and is replaced by one that returns the same under the same names.
    fn expect_replaceable(
        &self,
        key: &Key,
        name: &Name,
        or_replace: bool,
        made: &Signature,
        faults: &mut Vec<Fault>,
    ) {
        let Some(Object::Function { overloads, .. }) =
            self.certain(key).filter(|_| self.dialect == Dialect::Postgres)
        else {
            return;
        };
        let Some(there) = overloads.iter().find(|other| takes_same(other, made)) else {
            return;
        };
        let word = match there.procedure {
            true => "procedure",
            false => "function",
        };
        if !or_replace {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: name.span,
                message: format!("the {word} `{key}` that takes the same exists already"),
                nearest: None,
            });
            return;
        }
        let renamed = there.takes.iter().zip(&made.takes).find_map(|(old, new)| {
            let old = old.0.as_ref()?;
            (new.0.as_ref() != Some(old)).then_some(old)
        });
        let why = match (&there.returns, &made.returns) {
            _ if there.procedure != made.procedure => format!("is a {word}"),
            (Some(old), Some(new)) if old != new => format!("returns {old}, not {new}"),
            _ => match renamed {
                Some(old) => format!("calls a parameter `{old}`"),
                None => return,
            },
        };
        let message = format!("`{key}` {why}, which OR REPLACE cannot change");
        faults.push(refused(name.span, message));
    }
}

/// Whether two functions of one name take the same, so that there can be one of them only.
fn takes_same(one: &Signature, other: &Signature) -> bool {
    let same = |one: &crate::sql::Type, other: &crate::sql::Type| {
        one.name == other.name && one.array == other.array && one.schema == other.schema
    };
    one.takes.len() == other.takes.len()
        && one
            .takes
            .iter()
            .zip(&other.takes)
            .all(|((_, one), (_, other))| same(one, other))
}
