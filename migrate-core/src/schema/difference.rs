//! What differs between two states of an object.

use super::{Column, ConstraintModel, Fired, Key, Object, TableIndex, TableModel};
use crate::model::Dialect;
use crate::sql::{Expr, ObjectKind, Part, Signature, canonical, canonical_query};

/// The differences of an object that should be what it was, one per line.
///
/// What was not known before is not missed after: only what was there, and what was not.
pub fn difference(
    key: &Key,
    before: Option<&Object>,
    after: Option<&Object>,
    dialect: Dialect,
) -> Vec<String> {
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(Object::Table(table))) if table.origin == super::Origin::Unknown => leftovers(key, table),
        // It may have been there before, and others may use it.
        (None, Some(Object::Extension { sure: false, .. })) => Vec::new(),
        (None, Some(after)) => vec![format!("the {} `{key}` is still there", after.kind().word())],
        (Some(before), None) => vec![format!("the {} `{key}` is gone", before.kind().word())],
        (Some(Object::Table(before)), Some(Object::Table(after))) => table(key, before, after, dialect),
        (Some(Object::Index { .. }), Some(Object::Index { .. })) => Vec::new(),
        (Some(Object::Enum { values: before, .. }), Some(Object::Enum { values: after, .. })) => {
            let mut lines = Vec::new();
            lines.extend(
                after
                    .iter()
                    .filter(|value| !before.contains(value))
                    .map(|value| format!("the enum `{key}` still has '{value}'")),
            );
            lines.extend(
                before
                    .iter()
                    .filter(|value| !after.contains(value))
                    .map(|value| format!("the enum `{key}` lacks '{value}'")),
            );
            if lines.is_empty() && before != after {
                lines.push(format!("the enum `{key}` has its values in another order"));
            }
            lines
        }
        (
            Some(Object::Type {
                attributes: Some(before),
                ..
            }),
            Some(Object::Type {
                attributes: Some(after),
                ..
            }),
        ) if before != after => vec![format!("the type `{key}` has other attributes")],
        (Some(Object::View { follows: true, .. }), Some(Object::View { .. }))
        | (Some(Object::View { .. }), Some(Object::View { follows: true, .. })) => Vec::new(),
        (Some(Object::View { query: before, .. }), Some(Object::View { query: after, .. })) => {
            if canonical_query(before).eq_ignore_ascii_case(&canonical_query(after)) {
                Vec::new()
            } else {
                vec![format!("the view `{key}` has another query")]
            }
        }
        (Some(Object::Trigger { body: before, .. }), Some(Object::Trigger { body: after, .. })) => {
            if canonical(before).eq_ignore_ascii_case(&canonical(after)) {
                Vec::new()
            } else {
                vec![format!("the trigger `{key}` is another one")]
            }
        }
        (
            Some(Object::Event {
                definition: before, ..
            }),
            Some(Object::Event {
                definition: after, ..
            }),
        ) => {
            let known = !before.is_empty() && !after.is_empty();
            match known && !canonical(before).eq_ignore_ascii_case(&canonical(after)) {
                true => vec![format!("the event `{key}` is another one")],
                false => Vec::new(),
            }
        }
        (
            Some(Object::Function {
                definition: Some(before),
                ..
            }),
            Some(Object::Function {
                definition: Some(after),
                ..
            }),
        ) => match canonical(before).eq_ignore_ascii_case(&canonical(after)) {
            true => Vec::new(),
            false => vec![format!("`{key}` does something else")],
        },
        (
            Some(Object::Function { overloads, rest, .. }),
            Some(Object::Function {
                overloads: others,
                rest: left,
                ..
            }),
        ) => {
            let lacks = |all: &[Signature], one: &Signature| !all.iter().any(|other| one.takes_same(other));
            let spelt = |one: &Signature| {
                let types: Vec<String> = one.takes.iter().map(|(_, ty)| ty.to_string()).collect();
                format!("`{key}({})`", types.join(", "))
            };
            let lost = overloads
                .iter()
                .filter(|one| left.is_none() && lacks(others, one));
            let left = others
                .iter()
                .filter(|one| rest.is_none() && lacks(overloads, one));
            let mut lines: Vec<String> = lost
                .map(|one| format!("the function {} is gone", spelt(one)))
                .collect();
            lines.extend(left.map(|one| format!("the function {} is still there", spelt(one))));
            lines
        }
        (
            Some(Object::Domain {
                base: before,
                default,
                constraints,
                ..
            }),
            Some(Object::Domain {
                base: after,
                default: now,
                constraints: others,
                ..
            }),
        ) => {
            let written =
                |value: &Option<std::rc::Rc<Expr>>| value.as_deref().map(|value| canonical(&value.text));
            let apart = [
                (before.name != after.name
                    || before.arguments != after.arguments
                    || before.array != after.array)
                    .then_some("is of another type"),
                (written(default) != written(now)).then_some("has another default"),
                (!constraints.keys().eq(others.keys())).then_some("has other constraints"),
            ];
            let apart = apart.into_iter().flatten();
            apart.map(|apart| format!("the domain `{key}` {apart}")).collect()
        }
        (Some(before), Some(after)) if before.kind() != after.kind() => {
            vec![format!(
                "`{key}` is a {} and was a {}",
                after.kind().word(),
                before.kind().word()
            )]
        }
        _ => Vec::new(),
    }
}

/// What was added to a table of which nothing was known before.
fn leftovers(key: &Key, table: &TableModel) -> Vec<String> {
    let columns = table.columns.iter().filter(|column| column.added_by.is_some());
    let mut lines: Vec<String> = columns
        .map(|column| format!("the column `{key}.{}` is still there", column.name))
        .collect();
    lines.extend(
        table
            .indexes
            .iter()
            .map(|index| format!("the index `{}` is still there", index.name)),
    );
    lines.extend(
        table
            .constraints
            .iter()
            .map(|one| format!("the constraint `{}` is still there", one.name)),
    );
    lines.extend(
        table
            .triggers
            .keys()
            .map(|trigger| format!("the trigger `{trigger}` on `{key}` is still there")),
    );
    lines
}

fn table(key: &Key, before: &TableModel, after: &TableModel, dialect: Dialect) -> Vec<String> {
    let mut lines = Vec::new();
    let same_constraint = |table: &TableModel, wanted: &super::TableConstraint| {
        table
            .constraints
            .iter()
            .any(|one| stands_for(one, wanted, dialect))
    };
    let collated = |table: &TableModel, column: &Column| {
        let collation = table.collation_of(column.collation.as_deref(), column.attributes.charset.as_deref());
        Column {
            collation: collation.map(str::to_owned),
            ..column.clone()
        }
    };
    for column in &before.columns {
        match after.column(&column.name) {
            None => lines.push(format!(
                "the column `{key}.{}` is gone; it was {}",
                column.name,
                column.description()
            )),
            Some(now)
                if now.ty.is_some()
                    && column.ty.is_some()
                    && now != column
                    && collated(after, now) != collated(before, column) =>
            {
                lines.push(format!(
                    "the column `{key}.{}` is {} and was {}",
                    column.name,
                    now.description(),
                    column.description()
                ))
            }
            Some(now) if column.not_null && !now.not_null => {
                lines.push(format!(
                    "the column `{key}.{}` is no longer NOT NULL",
                    column.name
                ));
            }
            Some(_) => {}
        }
    }
    for column in after
        .columns
        .iter()
        .filter(|column| before.column(&column.name).is_none())
    {
        // A column that came back to a table that is not known whole was there before.
        if before.complete || (column.added_by.is_some() && !after_was_unknown(before, &column.name)) {
            lines.push(format!("the column `{key}.{}` is still there", column.name));
        }
    }
    // A NOT NULL with a name does what one without does, and the column tells it.
    let named =
        |one: &&super::TableConstraint| !(one.valid && matches!(one.kind, ConstraintModel::NotNull(_)));
    for one in before.constraints.iter().filter(named) {
        match after.constraint(&one.name) {
            None if !same_constraint(after, one) => {
                lines.push(format!("the constraint `{}` on `{key}` is gone", one.name))
            }
            Some(now) if one.valid && !now.valid => {
                lines.push(format!("the constraint `{}` on `{key}` is not valid", one.name));
            }
            Some(now) if !now.demands_same(one) => {
                lines.push(format!("the constraint `{}` on `{key}` is another one", one.name));
            }
            Some(now) if now.behaviour != one.behaviour => {
                let said = |text: &str| match text {
                    "" => "says nothing of the kind".to_owned(),
                    text => format!("says {}", text.to_uppercase()),
                };
                lines.push(format!(
                    "the constraint `{}` on `{key}` {} and {} before",
                    one.name,
                    said(&now.behaviour),
                    said(&one.behaviour).replacen("says", "said", 1)
                ));
            }
            _ => {}
        }
    }
    for one in after.constraints.iter().filter(named) {
        if before.constraint(&one.name).is_none() && !same_constraint(before, one) && (before.complete) {
            lines.push(format!("the constraint `{}` on `{key}` is still there", one.name));
        }
    }
    // What MySQL calls the index that a foreign key made for itself is a guess.
    let made = |table: &TableModel, other: &TableModel, index: &TableIndex| {
        let key = |one: &super::TableConstraint| matches!(&one.kind, ConstraintModel::ForeignKey(columns, ..) if *columns == index.columns);
        let lacks = |table: &TableModel, name: &str| table.indexes.iter().all(|one| one.name != name);
        let same = |one: &TableIndex| !one.unique && one.columns == index.columns && lacks(table, &one.name);
        let apart = !index.unique && lacks(other, &index.name);
        apart && table.constraints.iter().any(key) && other.indexes.iter().any(same)
    };
    for index in before
        .indexes
        .iter()
        .filter(|index| !index.constraint && !index.made && !made(before, after, index))
    {
        match after.indexes.iter().find(|other| other.name == index.name) {
            None => lines.push(format!("the index `{}` on `{key}` is gone", index.name)),
            Some(now) if now != index => {
                lines.push(format!("the index `{}` on `{key}` is another one", index.name))
            }
            Some(_) => {}
        }
    }
    for index in after
        .indexes
        .iter()
        .filter(|index| !index.constraint && !index.made && !made(after, before, index))
    {
        if before.complete && !before.indexes.iter().any(|other| other.name == index.name) {
            lines.push(format!("the index `{}` on `{key}` is still there", index.name));
        }
    }
    let lacks = |other: &TableModel| {
        let triggers = other.triggers.clone();
        move |trigger: &&String| !triggers.contains_key(*trigger)
    };
    for trigger in before.triggers.keys().filter(lacks(after)) {
        lines.push(format!("the trigger `{trigger}` on `{key}` is gone"));
    }
    for trigger in after
        .triggers
        .keys()
        .filter(lacks(before))
        .filter(|_| before.complete)
    {
        lines.push(format!("the trigger `{trigger}` on `{key}` is still there"));
    }
    if let (Some(was), Some(now), false) = (&before.query, &after.query, before.follows || after.follows)
        && !canonical_query(was).eq_ignore_ascii_case(&canonical_query(now))
    {
        lines.push(format!("the materialized view `{key}` has another query"));
    }
    for (trigger, function) in &before.triggers {
        let now = after.triggers.get(trigger);
        let other = matches!((function, now), (Some(was), Some(Some(now))) if was.name != now.name);
        if now.is_some() && (other || has_other_manner(ObjectKind::Trigger, trigger, before, after)) {
            lines.push(format!("the trigger `{trigger}` on `{key}` is another one"));
        }
    }
    let mut kept = before.policies.intersection(&after.policies);
    if let Some(policy) = kept.find(|policy| has_other_manner(ObjectKind::Policy, policy, before, after)) {
        lines.push(format!("the policy `{policy}` on `{key}` is another one"));
    }
    for (trigger, fired) in &before.fired {
        let now = after
            .fired
            .get(trigger)
            .filter(|_| after.triggers.contains_key(trigger));
        let same =
            |now: &Fired| canonical(&fired.definition).eq_ignore_ascii_case(&canonical(&now.definition));
        if now.is_some_and(|now| !same(now)) {
            lines.push(format!("the trigger `{trigger}` on `{key}` is another one"));
        }
    }
    for rule in before
        .rules
        .symmetric_difference(&after.rules)
        .filter(|_| before.complete)
    {
        lines.push(format!("the rule `{rule}` on `{key}` is not as it was"));
    }
    for policy in before
        .policies
        .symmetric_difference(&after.policies)
        .filter(|_| before.complete)
    {
        lines.push(format!("the policy `{policy}` on `{key}` is not as it was"));
    }
    if let (Some(was), Some(is)) = (&before.charset, &after.charset)
        && before.complete
        && was != is
    {
        lines.push(format!(
            "new columns of `{key}` are written in {is} and were in {was}"
        ));
    }
    if let (Some(was), Some(are)) = (&before.parts, &after.parts) {
        let lacks = |parts: &[Part], one: &&Part| parts.iter().all(|other| other.name.text != one.name.text);
        let lost = was.iter().filter(|one| lacks(are, one));
        lines.extend(lost.map(|one| format!("the partition `{}` of `{key}` is gone", one.name)));
        let left = are.iter().filter(|one| lacks(was, one));
        lines.extend(left.map(|one| format!("the partition `{}` of `{key}` is still there", one.name)));
    }
    if before.complete && after.complete && before.strict != after.strict {
        lines.push(format!("`{key}` is not STRICT as it was, or the other way round"));
    }
    if before.complete && after.complete && before.without_rowid != after.without_rowid {
        lines.push(format!(
            "`{key}` is not WITHOUT ROWID as it was, or the other way round"
        ));
    }
    if before.row_security != after.row_security && before.complete {
        lines.push(format!("row security of `{key}` is not as it was"));
    }
    lines
}

/// Whether a trigger or a policy is known to do something else than one of its name did.
fn has_other_manner(kind: ObjectKind, name: &str, before: &TableModel, after: &TableModel) -> bool {
    let user = TableModel::user(kind, name);
    let manners = before.manners.get(&user).zip(after.manners.get(&user));
    manners.is_some_and(|(was, now)| !was.eq_ignore_ascii_case(now))
}

fn after_was_unknown(before: &TableModel, column: &str) -> bool {
    !before.complete && before.column(column).is_none()
}

/// Whether a constraint is the same under another name: one that the server gave, or one that nothing can be said with, as
/// of a foreign key of SQLite.
fn stands_for(one: &super::TableConstraint, wanted: &super::TableConstraint, dialect: Dialect) -> bool {
    let idle = dialect == Dialect::Sqlite && matches!(wanted.kind, ConstraintModel::ForeignKey(..));
    (one.generated_name || wanted.generated_name || idle)
        && one.demands_same(wanted)
        && one.behaviour == wanted.behaviour
}
