//! CREATE FUNCTION and PROCEDURE, and ALTER where it changes what they promise.

use std::rc::Rc;

use super::super::{Class, Fault, FaultKind, Key, Object, Origin, Schema};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Action, Name, Operation, Signature, Span, Type, Volatility};

impl Schema {
    pub(super) fn create_function(&mut self, operation: &Operation, origin: Origin, faults: &mut Vec<Fault>) {
        let Operation::CreateFunction {
            name,
            or_replace,
            alters,
            volatility,
            of_trigger,
            drops,
            signature,
            of,
            definition,
            ..
        } = operation
        else {
            return;
        };
        let key = self.creation(Class::Function, name);
        let definition = self.routine(&key, name, definition.as_deref(), *or_replace, faults);
        if let Some(signature) = signature {
            self.expect_replaceable(&key, name, *or_replace, signature, faults);
        }
        let made = signature.as_deref().cloned();
        let (mut overloads, mut rest, only, before, many, origin) = match self.get(&key) {
            Some(Object::Function {
                overloads,
                rest,
                of_trigger,
                drops,
                several,
                origin: there,
                ..
            }) => {
                // What is replaced or altered is as old as it was.
                let anew = made
                    .as_ref()
                    .is_some_and(|made| !overloads.iter().any(|other| other.takes_same(made)));
                let origin = if anew { origin } else { *there };
                (overloads.to_vec(), *rest, *of_trigger, *drops, *several, origin)
            }
            _ => (Vec::new(), None, false, false, false, origin),
        };
        match (made, of) {
            (Some(made), _) => {
                overloads.retain(|other| !other.takes_same(&made));
                overloads.push(made);
            }
            (None, Some(types)) => {
                let meant = overloads.iter_mut().find(|one| is_meant(one, types));
                match meant {
                    Some(one) => one.volatility = *volatility,
                    None => rest = Some(*volatility),
                }
            }
            (None, None) => match &mut *overloads {
                [one] if rest.is_none() && *alters => one.volatility = *volatility,
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
            several: many || overloads.len() > 1,
            definition,
            overloads: Rc::new(overloads),
            origin,
        };
        self.put(key, object);
    }

    /// What a routine of MySQL or MariaDB is from here on; reports one that is there already.
    fn routine(
        &self,
        key: &Key,
        name: &Name,
        definition: Option<&str>,
        or_replace: bool,
        faults: &mut Vec<Fault>,
    ) -> Option<String> {
        let made = definition?;
        let Some(there) = self.certain(key) else {
            return Some(made.to_owned());
        };
        let Object::Function {
            definition: Some(known),
            ..
        } = there
        else {
            return None;
        };
        let kind = |text: &str| text.split(' ').next().map(str::to_owned);
        // A function and a procedure may share a name.
        if kind(known) != kind(made) {
            return None;
        }
        if !or_replace {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: name.span,
                message: format!("the {} `{key}` exists already", kind(made).unwrap_or_default()),
                nearest: None,
            });
        }
        Some(made.to_owned())
    }

    /// Drops one of several functions of a name, and says where none of them is meant; whether that is all that goes, so
    /// that the name stays.
    pub(super) fn drop_overload(
        &mut self,
        name: &Name,
        takes: &[Type],
        if_exists: bool,
        faults: &mut Vec<Fault>,
    ) -> bool {
        let key = self.resolve(Class::Function, name);
        let Some(Object::Function { overloads, rest, .. }) = self.get(&key) else {
            return false;
        };
        let left: Vec<Signature> = overloads
            .iter()
            .filter(|one| !is_meant(one, takes))
            .cloned()
            .collect();
        if left.len() == overloads.len() {
            if !if_exists && self.knows_overloads(&key) && self.lacks_function(name, takes) {
                faults.push(lacking(&key, takes, name.span));
            }
            return true;
        }
        if left.is_empty() && rest.is_none() {
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

    /// Gives one of several functions of a name another name or schema, where that is what the action does; whether it did.
    pub(super) fn move_overload(
        &mut self,
        from: &Key,
        action: &Action,
        actions: &[Action],
        faults: &mut Vec<Fault>,
    ) -> bool {
        let takes = actions.iter().find_map(|action| match action {
            Action::Takes(takes) => Some(takes),
            _ => None,
        });
        let (to, at) = match action {
            Action::RenameTo(to) => (Key::new(Class::Function, &from.schema, &to.text), to),
            Action::SetSchema(schema) => (Key::new(Class::Function, &schema.text, &from.name), schema),
            _ => return false,
        };
        let (Some(takes), Some(Object::Function { .. })) = (takes, self.get(from)) else {
            return false;
        };
        if to == *from {
            return true;
        }
        let name = Name {
            schema: Some(from.schema.clone()),
            name: from.name.clone(),
            span: at.span,
        };
        if self.lacks_function(&name, takes) {
            if self.knows_overloads(from) {
                faults.push(lacking(from, takes, at.span));
            }
            return true;
        }
        let Some(object) = self.get(from).cloned() else {
            return false;
        };
        let Object::Function {
            overloads,
            rest,
            of_trigger,
            drops,
            several,
            origin,
            ..
        } = &object
        else {
            return false;
        };
        let Some(moved) = overloads.iter().find(|one| is_meant(one, takes)) else {
            // It may be any of them, so that each name may have each.
            if self.get(&to).is_none() {
                self.put(to.clone(), object);
            }
            self.doubted.insert(to);
            self.doubted.insert(from.clone());
            return true;
        };
        let left: Vec<Signature> = overloads
            .iter()
            .filter(|one| !is_meant(one, takes))
            .cloned()
            .collect();
        let alone = left.is_empty() && rest.is_none();
        let mut there = match self.get(&to) {
            Some(Object::Function { overloads, rest, .. }) => (overloads.to_vec(), *rest),
            _ if alone => return false,
            _ => (Vec::new(), None),
        };
        if there.0.iter().any(|one| one.takes_same(moved)) && self.certain(&to).is_some() {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: at.span,
                message: format!("the function `{to}` that takes the same exists already"),
                nearest: None,
            });
        }
        there.0.retain(|one| !one.takes_same(moved));
        there.0.push(moved.clone());
        let doubted = self.doubted.contains(&to);
        let made = |(overloads, rest): (Vec<Signature>, Option<Volatility>)| Object::Function {
            volatility: overloads
                .iter()
                .map(|one| one.volatility)
                .chain(rest)
                .max()
                .unwrap_or(moved.volatility),
            rest,
            of_trigger: *of_trigger,
            drops: *drops,
            several: *several || overloads.len() > 1,
            definition: None,
            overloads: Rc::new(overloads),
            origin: *origin,
        };
        self.put(to.clone(), made(there));
        if doubted {
            self.doubted.insert(to.clone());
        }
        if alone {
            self.take(from);
        } else {
            let doubted = self.doubted.contains(from);
            self.put(from.clone(), made((left, *rest)));
            if doubted {
                self.doubted.insert(from.clone());
            }
        }
        // Triggers call what takes nothing.
        if moved.takes.is_empty() {
            self.recall(from, &to);
        }
        true
    }

    /// Whether nobody would expect a function of that name to be older than the files: where they start from nothing, or
    /// have made several of it themselves.
    pub(crate) fn knows_overloads(&self, key: &Key) -> bool {
        self.strict || matches!(self.get(key), Some(Object::Function { several: true, .. }))
    }

    /// Whether the model knows what all functions of a name take, and none takes that.
    pub(crate) fn lacks_function(&self, name: &Name, takes: &[Type]) -> bool {
        match self.certain(&self.resolve(Class::Function, name)) {
            Some(Object::Function {
                overloads,
                rest: None,
                ..
            }) => !overloads.is_empty() && !overloads.iter().any(|one| may_be_meant(one, takes)),
            _ => false,
        }
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

fn lacking(key: &Key, takes: &[Type], span: Span) -> Fault {
    let types: Vec<&str> = takes.iter().map(|ty| &*ty.text).collect();
    Fault {
        kind: FaultKind::Missing,
        span,
        message: format!("no function `{key}` takes ({})", types.join(", ")),
        nearest: None,
    }
}

/// Whether a function is the one of its name that takes these types.
fn is_meant(one: &Signature, takes: &[Type]) -> bool {
    let mut pairs = one.takes.iter().zip(takes);
    one.takes.len() == takes.len() && pairs.all(|((_, one), other)| one.is_spelt(other))
}

/// The same where a type may be another's column, or is of a schema that only one of the two names.
fn may_be_meant(one: &Signature, takes: &[Type]) -> bool {
    let may_be = |one: &Type, other: &Type| {
        let unread = |ty: &Type| ty.name.is_empty() || ty.text.contains('%');
        let anywhere = one.schema.is_none() || other.schema.is_none() || one.schema == other.schema;
        unread(one) || unread(other) || (one.name == other.name && one.array == other.array && anywhere)
    };
    let mut pairs = one.takes.iter().zip(takes);
    one.takes.len() == takes.len() && pairs.all(|((_, one), other)| may_be(one, other))
}
