//! Enums, domains and other types.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::{Class, Fault, FaultKind, Key, Object, Origin, Schema};
use super::column::is_of_type;
use super::refused::refused;
use crate::diagnostic::nearest;
use crate::sql::{AttributeChange, DomainChange, Expr, Name, Span, Type, TypeChange, TypeKind, Word};

impl Schema {
    pub(super) fn create_type(
        &mut self,
        name: &Name,
        kind: &TypeKind,
        origin: Origin,
        faults: &mut Vec<Fault>,
    ) {
        let key = self.creation(Class::Type, name);
        if !self.may_create(&key, name.span, false, faults) {
            return;
        }
        self.expect_free_type(&key, name.span, faults);
        let object = match kind {
            TypeKind::Enum(values) => Object::Enum {
                values: Rc::new(values.clone()),
                origin,
            },
            TypeKind::Domain {
                base,
                checks,
                not_null,
                default,
            } => self.new_domain(&key, base, checks, *not_null, default.as_deref(), origin),
            TypeKind::Composite(attributes) => {
                let named = attributes.iter().map(|one| one.text.clone());
                Object::Type {
                    attributes: Some(Rc::new(named.collect())),
                    origin,
                }
            }
            TypeKind::Other => Object::Type {
                attributes: None,
                origin,
            },
        };
        self.put(key, object);
    }

    /// A domain is bound by what the domain under it demands, and has its default unless it says otherwise.
    fn new_domain(
        &self,
        key: &Key,
        base: &Type,
        checks: &[Option<Word>],
        not_null: bool,
        default: Option<&Expr>,
        origin: Origin,
    ) -> Object {
        let under = Name {
            schema: base.schema.clone(),
            ..Name::plain(&*base.name)
        };
        let (bound, inherited) = match self.get(&self.resolve(Class::Type, &under)) {
            Some(Object::Domain {
                constrained, default, ..
            }) => (*constrained, default.clone()),
            _ => (false, None),
        };
        let mut constraints = BTreeMap::new();
        for check in checks {
            let name = check.as_ref().map_or_else(
                || free_name(&format!("{}_check", key.name), &constraints),
                |check| check.text.clone(),
            );
            constraints.insert(name, true);
        }
        let always_constrained = bound || not_null;
        Object::Domain {
            base: base.clone(),
            constrained: always_constrained || !constraints.is_empty(),
            always_constrained,
            default: default.cloned().map(Rc::new).or(inherited),
            constraints,
            origin,
        }
    }

    pub(super) fn alter_type(&mut self, name: &Name, change: &TypeChange, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Type, name);
        self.expect(&key, name.span, "type", faults);
        self.expect_type_change(&key, name.span, change, faults);
        if let TypeChange::Attributes(changes) = change {
            self.lose_attributes(&key);
            return self.change_attributes(&key, changes, faults);
        }
        let Some(Object::Enum { values, origin }) = self.get(&key).cloned() else {
            return;
        };
        let mut changed = (*values).clone();
        match change {
            TypeChange::AddValue {
                value,
                beside,
                before,
                if_not_exists,
            } => {
                if let Some(beside) = beside.as_ref().filter(|beside| !changed.contains(beside)) {
                    faults.push(no_value(&key, beside, &values, name.span));
                    return;
                }
                if changed.contains(value) {
                    if !if_not_exists {
                        let message = format!("the enum `{key}` has the value '{value}' already");
                        faults.push(Fault {
                            kind: FaultKind::Exists,
                            span: name.span,
                            message,
                            nearest: None,
                        });
                    }
                    return;
                }
                let there = |beside: &String| changed.iter().position(|one| one == beside);
                let at = match beside.as_ref().and_then(there) {
                    Some(at) if *before => at,
                    Some(at) => at + 1,
                    None => changed.len(),
                };
                changed.insert(at, value.clone());
            }
            TypeChange::RenameValue(from, to) => match changed.iter_mut().find(|value| *value == from) {
                Some(value) => {
                    if values.contains(to) {
                        faults.push(Fault {
                            kind: FaultKind::Exists,
                            span: name.span,
                            message: format!("the enum `{key}` has the value '{to}' already"),
                            nearest: None,
                        });
                    }
                    value.clone_from(to);
                    self.rename_in_defaults(&key, from, to);
                }
                None => {
                    faults.push(no_value(&key, from, &values, name.span));
                }
            },
            TypeChange::Attributes(_) => {}
        }
        self.put(
            key,
            Object::Enum {
                values: Rc::new(changed),
                origin,
            },
        );
    }

    /// Changes the attributes of a composite type, and reports those that are missing or there already.
    fn change_attributes(&mut self, key: &Key, changes: &[AttributeChange], faults: &mut Vec<Fault>) {
        let certain = !self.doubted.contains(key);
        let Some(Object::Type {
            attributes: Some(attributes),
            ..
        }) = self.changed_object(key)
        else {
            return;
        };
        let attributes = Rc::make_mut(attributes);
        for change in changes {
            let (from, to) = match change {
                AttributeChange::Rename(from, to) => (Some(from), Some(to)),
                AttributeChange::Drop(from, false) => (Some(from), None),
                AttributeChange::Drop(from, true) => {
                    attributes.retain(|one| *one != from.text);
                    continue;
                }
                AttributeChange::Add(to) => (None, Some(to)),
                AttributeChange::Other => continue,
            };
            let place = |word: &Word| attributes.iter().position(|one| *one == word.text);
            let at = from.and_then(place);
            if let (Some(from), None, true) = (from, at, certain) {
                faults.push(Fault {
                    kind: FaultKind::Missing,
                    span: from.span,
                    message: format!("the type `{key}` has no attribute `{from}`"),
                    nearest: nearest(&from.text, attributes.iter().map(String::as_str)).map(str::to_owned),
                });
                continue;
            }
            if let Some(to) = to.filter(|to| certain && place(to).is_some()) {
                faults.push(Fault {
                    kind: FaultKind::Exists,
                    span: to.span,
                    message: format!("the type `{key}` has an attribute `{to}` already"),
                    nearest: None,
                });
                continue;
            }
            match (at, to) {
                (Some(at), Some(to)) => attributes[at].clone_from(&to.text),
                (Some(at), None) => _ = attributes.remove(at),
                (None, Some(to)) => attributes.push(to.text.clone()),
                (None, None) => {}
            }
        }
    }

    /// Reports a change that the type is not made for.
    fn expect_type_change(&self, key: &Key, span: Span, change: &TypeChange, faults: &mut Vec<Fault>) {
        let why = match (self.certain(key), change) {
            (Some(Object::Enum { .. }), TypeChange::Attributes(_)) => "is an enum and has no attributes",
            (Some(Object::Domain { .. }), _) => "is a domain",
            (Some(Object::Type { .. }), TypeChange::AddValue { .. } | TypeChange::RenameValue(..)) => {
                "is no enum"
            }
            _ => return,
        };
        faults.push(refused(span, format!("`{key}` {why}")));
    }

    /// Reports a change that is not for a domain, and a constraint of one that is there already or is not there.
    fn expect_domain_change(&self, key: &Key, name: &Name, change: &DomainChange, faults: &mut Vec<Fault>) {
        let constraints = match self.certain(key) {
            Some(Object::Domain { constraints, .. }) => constraints,
            Some(other) => {
                let message = format!("`{key}` is a {} and no domain", other.kind().word());
                return faults.push(refused(name.span, message));
            }
            None => return,
        };
        // The server's names for what has none are guessed.
        let guessed = |name: &Word| name.text.contains("_check") || name.text.contains("not_null");
        match change {
            DomainChange::AddConstraint(added) => {
                let taken = added
                    .name
                    .as_ref()
                    .filter(|name| constraints.contains_key(&name.text));
                faults.extend(taken.map(|name| Fault {
                    kind: FaultKind::Exists,
                    span: name.span,
                    message: format!("the domain `{key}` has a constraint `{name}` already"),
                    nearest: None,
                }));
            }
            DomainChange::Validate(name) | DomainChange::DropConstraint(name, false)
                if !constraints.contains_key(&name.text) && !guessed(name) =>
            {
                faults.push(Fault {
                    kind: FaultKind::Missing,
                    span: name.span,
                    message: format!("the domain `{key}` has no constraint `{name}`"),
                    nearest: nearest(&name.text, constraints.keys().map(String::as_str)).map(str::to_owned),
                });
            }
            _ => {}
        }
    }

    /// Lets the defaults of columns of an enum follow one of its values to its new name.
    fn rename_in_defaults(&mut self, key: &Key, from: &str, to: &str) {
        let literal = |value: &str| format!("'{}'", value.replace('\'', "''"));
        let (from, to) = (literal(from), literal(to));
        for table in self.tables_with(|column| is_of_type(column, key)) {
            self.change_table_at(&table, |table| {
                for column in &mut table.columns {
                    let of_it = is_of_type(column, key);
                    if let Some(default) = column.default.as_mut().filter(|_| of_it) {
                        default.text = default.text.replace(&from, &to);
                    }
                }
            });
        }
    }

    pub(super) fn alter_domain(&mut self, name: &Name, change: &DomainChange, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Type, name);
        self.expect(&key, name.span, "domain", faults);
        self.expect_domain_change(&key, name, change, faults);
        let Some(Object::Domain {
            base,
            constrained,
            mut always_constrained,
            default,
            mut constraints,
            origin,
        }) = self.get(&key).cloned()
        else {
            return;
        };
        let constrained = match change {
            DomainChange::AddConstraint(constraint) => {
                let name = match &constraint.name {
                    Some(name) => name.text.clone(),
                    None => free_name(&format!("{}_check", key.name), &constraints),
                };
                constraints.insert(name, !constraint.not_valid);
                true
            }
            DomainChange::Validate(name) => {
                constraints.insert(name.text.clone(), true);
                constrained
            }
            DomainChange::DropConstraint(name, _) => {
                // One that is not known may be one of several.
                let known = constraints.remove(&name.text).is_some();
                always_constrained || !known || !constraints.is_empty()
            }
            DomainChange::SetNotNull => {
                always_constrained = true;
                true
            }
            DomainChange::Harmless => constrained,
        };
        self.put(
            key,
            Object::Domain {
                base,
                constrained,
                always_constrained,
                default,
                constraints,
                origin,
            },
        );
    }
}

/// An enum is known not to have a value.
pub(super) fn no_value(key: &Key, value: &str, values: &[String], span: Span) -> Fault {
    Fault {
        kind: FaultKind::Missing,
        span,
        message: format!("the enum `{key}` has no value '{value}'"),
        nearest: nearest(value, values.iter().map(String::as_str)).map(str::to_owned),
    }
}

/// The name the server gives: the wanted one, or the first with a number behind it that is free.
fn free_name(wanted: &str, taken: &BTreeMap<String, bool>) -> String {
    if !taken.contains_key(wanted) {
        return wanted.to_owned();
    }
    (1..)
        .map(|number| format!("{wanted}{number}"))
        .find(|name| !taken.contains_key(name))
        .unwrap_or_default()
}
