//! CREATE FUNCTION and PROCEDURE, and ALTER where it changes what they promise.

use std::rc::Rc;

use super::super::{Class, Fault, FaultKind, Key, Object, Origin, Schema};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Name, Operation, Signature, Type};

impl Schema {
    pub(super) fn create_function(&mut self, operation: &Operation, origin: Origin, faults: &mut Vec<Fault>) {
        let Operation::CreateFunction {
            name,
            or_replace,
            volatility,
            of_trigger,
            drops,
            signature,
            of,
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
        let (mut overloads, mut rest, only, before, origin) = match self.get(&key) {
            Some(Object::Function {
                overloads,
                rest,
                of_trigger,
                drops,
                origin: there,
                ..
            }) => {
                // What is replaced or altered is as old as it was.
                let anew = made
                    .as_ref()
                    .is_some_and(|made| !overloads.iter().any(|other| other.takes_same(made)));
                let origin = if anew { origin } else { *there };
                (overloads.to_vec(), *rest, *of_trigger, *drops, origin)
            }
            _ => (Vec::new(), None, false, false, origin),
        };
        match (made, of) {
            (Some(made), _) => {
                overloads.retain(|other| !other.takes_same(&made));
                overloads.push(made);
            }
            (None, Some(types)) => {
                let meant = overloads.iter_mut().find(|one| {
                    one.takes.len() == types.len()
                        && one
                            .takes
                            .iter()
                            .zip(types)
                            .all(|((_, one), other)| one.is_spelt(other))
                });
                match meant {
                    Some(one) => one.volatility = *volatility,
                    None => rest = Some(*volatility),
                }
            }
            (None, None) => match &mut *overloads {
                [one] if rest.is_none() => one.volatility = *volatility,
                _ if *or_replace => rest = Some(*volatility),
                _ => rest = rest.max(Some(*volatility)),
            },
        }
        let promised = overloads.iter().map(|one| one.volatility);
        let object = Object::Function {
            volatility: promised.chain(rest).max().unwrap_or(*volatility),
            rest,
            // ALTER FUNCTION does not say what it returns.
            of_trigger: only || *of_trigger,
            drops: *drops || before,
            overloads: Rc::new(overloads),
            origin,
        };
        self.put(key, object);
    }

    /// Drops one of several functions of a name; whether it did.
    pub(super) fn drop_overload(&mut self, name: &Name, takes: &[Type]) -> bool {
        let key = self.resolve(Class::Function, name);
        let Some(Object::Function { overloads, rest, .. }) = self.get(&key) else {
            return false;
        };
        let is_it = |one: &Signature| {
            let mut pairs = one.takes.iter().zip(takes);
            one.takes.len() == takes.len() && pairs.all(|((_, one), other)| one.is_spelt(other))
        };
        let left: Vec<Signature> = overloads.iter().filter(|one| !is_it(one)).cloned().collect();
        if left.len() == overloads.len() || left.is_empty() && rest.is_none() {
            return false;
        }
        if let Some(Object::Function {
            volatility,
            rest,
            overloads,
            ..
        }) = self.changed_object(&key)
        {
            let promised = left.iter().map(|one| one.volatility);
            *volatility = promised.chain(*rest).max().unwrap_or(*volatility);
            *overloads = Rc::new(left);
        }
        true
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
        let Some(there) = overloads.iter().find(|other| other.takes_same(made)) else {
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
