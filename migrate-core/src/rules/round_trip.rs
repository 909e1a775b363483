//! Whether `down` brings back what `up` found.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::analysis::told;
use super::catalogue::undroppable;
use crate::diagnostic::{Diagnostic, codes, slip};
use crate::model::{Dialect, Migration, Section};
use crate::schema::{Class, Fault, FaultKind, Key, Object, Origin, Schema, TableModel, difference};
use crate::script::section::at_statement;
use crate::sql::{self, Action, Operation, Parsed};

/// What the two sections of a file do.
#[derive(Clone, Copy)]
pub(super) struct Ways<'a> {
    pub(super) up: &'a [Operation],
    pub(super) down: &'a [Parsed],
    /// What `up` drops that no file made.
    pub(super) unmade: &'a BTreeSet<Key>,
    /// Whether the model found something wrong with `up`, so that `down` meets what is not meant.
    pub(super) is_faulty: bool,
}

/// Leaves out of a table that nothing was known of what `up` took from it: `down` only brings that back.
fn known<'a>(was: Option<&Object>, now: Option<&'a Object>, up: &[Operation]) -> Option<Cow<'a, Object>> {
    let Some(Object::Table(table)) = now.filter(|_| was.is_none()) else {
        return now.map(Cow::Borrowed);
    };
    let mut dropped = Vec::new();
    for operation in up {
        match operation {
            Operation::Alter { actions, .. } => {
                dropped.extend(actions.iter().filter_map(|action| match action {
                    Action::DropConstraint { name, .. } | Action::DropIndex { name, .. } => Some(&name.text),
                    _ => None,
                }))
            }
            Operation::Drop { names, .. } => dropped.extend(names.iter().map(|name| &name.name)),
            _ => {}
        }
    }
    let mut table = TableModel::clone(table);
    table.constraints.retain(|one| !dropped.contains(&&one.name));
    table.indexes.retain(|one| !dropped.contains(&&one.name));
    table.triggers.retain(|one, _| !dropped.contains(&one));
    Some(Cow::Owned(Object::Table(Rc::new(table))))
}

/// What `up` may have put in the place of something that no file made.
fn replaced(schema: &Schema, up: &[Operation]) -> BTreeSet<Key> {
    let made = |operation: &Operation| match operation {
        Operation::CreateView(view) if view.or_replace => Some(schema.creation(Class::Relation, &view.name)),
        Operation::CreateFunction {
            name,
            or_replace: true,
            ..
        } => Some(schema.creation(Class::Function, name)),
        _ => None,
    };
    up.iter().filter_map(made).collect()
}

/// Whether the model knows all that a statement does to the schema.
fn is_plain(operation: &Operation) -> bool {
    match operation {
        // What a function does that a query calls is its own affair.
        Operation::Data { calls, .. } => calls.is_empty(),
        Operation::Opaque { .. }
        | Operation::Do { .. }
        | Operation::Call { .. }
        | Operation::CreateExtension { .. }
        | Operation::Set { .. }
        | Operation::MoveAll { .. } => false,
        _ => true,
    }
}

/// Whether a query of `down` calls a function that `down` itself makes and that puts its statements together when it runs.
fn calls_what_it_makes(down: &Section, operations: &[Parsed], dialect: Dialect) -> bool {
    let called = |name: &sql::Name| {
        operations.iter().any(|parsed| {
            matches!(&parsed.operation, Operation::Data { calls, .. } if calls.iter().any(|call| call.name == name.name))
        })
    };
    let mut all = operations.iter().zip(down.statements.iter());
    all.any(|(parsed, statement)| match &parsed.operation {
        Operation::CreateFunction { name, .. } if called(name) => matches!(
            sql::function_body(down.sql(statement), dialect),
            Some(Operation::Do { dynamic: Some(_), .. })
        ),
        _ => false,
    })
}

/// Applies `down` to a model in which `up` has just run and `before` was other than it is; leaves the model as it was
/// given.
pub(super) fn check(
    schema: &mut Schema,
    migration: &Migration,
    down: &Section,
    ways: Ways<'_>,
    before: &BTreeMap<Key, Option<Object>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Ways {
        up,
        down: operations,
        unmade,
        is_faulty,
    } = ways;
    let opaque = |parsed: &Parsed| matches!(parsed.operation, Operation::Opaque { .. });
    if operations.iter().any(opaque) || calls_what_it_makes(down, operations, schema.dialect()) {
        return;
    }
    let (mut strangers, mut refused, mut astray) = (Vec::new(), Vec::new(), Vec::new());
    let dialect = schema.dialect();
    let is_sqlite = dialect == Dialect::Sqlite;
    let run = |schema: &mut Schema| {
        schema.reset_session();
        for (at, parsed) in operations.iter().enumerate() {
            strangers.extend(
                schema
                    .strangers(&parsed.operation)
                    .into_iter()
                    .map(|key| (at, key)),
            );
            let refusal = is_sqlite
                .then(|| undroppable(schema, &parsed.operation))
                .flatten();
            if let Some((span, message)) = refusal {
                let fault = Fault {
                    kind: FaultKind::Needed,
                    span,
                    message,
                    nearest: None,
                };
                refused.push((at, fault));
            }
            let faults = schema.apply(&parsed.operation, Origin::History);
            let is_refused = |fault: &Fault| matches!(fault.kind, FaultKind::Needed | FaultKind::Refused);
            let (here, others): (Vec<_>, Vec<_>) = faults.into_iter().partition(is_refused);
            refused.extend(here.into_iter().map(|fault| (at, fault)));
            astray.extend(others.into_iter().map(|fault| (at, fault)));
        }
    };
    let mut left = Vec::new();
    let replaced = replaced(schema, up);
    let mut lines = schema.rehearse(run, |schema, changed| {
        let mut lines = Vec::new();
        // An index goes and comes with its table.
        let with_table = |was: Option<&Object>, now: Option<&Object>| match was.or(now) {
            Some(Object::Index { table }) => {
                let was = before.get(table).or_else(|| changed.get(table));
                was.is_some_and(|was| was.is_some() != schema.get(table).is_some())
            }
            _ => false,
        };
        // So does a sequence that counts one of its columns, and nothing is told of what goes with the session.
        let touched = || before.iter().chain(changed.iter()).map(|(key, _)| key);
        let own = |key: &Key| {
            let counts = |table: &Key| {
                let column = key
                    .name
                    .strip_prefix(&*table.name)
                    .filter(|_| key.schema == table.schema);
                column.is_some_and(|rest| rest.starts_with('_') && rest.ends_with("_seq"))
            };
            key.schema == schema.temporary() || touched().any(counts)
        };
        for (key, was) in before {
            if own(key) || with_table(was.as_ref(), schema.get(key)) {
                continue;
            }
            // How it was nobody knows; `down` says it, unless it leaves what `up` made.
            let is_back = schema.get(key).is_none() || changed.contains_key(key);
            if was.is_none() && is_back && (unmade.contains(key) || replaced.contains(key)) {
                continue;
            }
            let now = known(was.as_ref(), schema.get(key), up);
            if was.is_none() && now.is_some() {
                left.push(key.clone());
            }
            lines.extend(difference(key, was.as_ref(), now.as_deref(), dialect));
        }
        let seen = |key: &Key| before.contains_key(key) || unmade.contains(key);
        for (key, was) in changed.iter().filter(|(key, _)| !seen(key)) {
            if own(key) || with_table(was.as_ref(), schema.get(key)) {
                continue;
            }
            let now = known(was.as_ref(), schema.get(key), up);
            lines.extend(difference(key, was.as_ref(), now.as_deref(), dialect));
        }
        lines
    });
    // Of what is missing or there already the difference tells, where there is one: a name with a slip leaves what it was
    // meant for.
    if lines.is_empty()
        && !is_faulty
        && up.iter().all(is_plain)
        && operations.iter().all(|parsed| is_plain(&parsed.operation))
    {
        refused.append(&mut astray);
    }
    for (at, fault) in &refused {
        if let Some(statement) = down.statements.get(*at) {
            diagnostics.push(told(down, statement, fault));
        }
    }
    lines.dedup();
    // What the table tells of an index, the index need not tell again.
    let by_table: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            line.split_once("` on `")
                .map(|(index, _)| format!("{index}` is "))
        })
        .collect();
    lines.retain(|line| !by_table.iter().any(|index| line.starts_with(index)));
    let Some(first) = lines.first() else { return };
    let message = match lines.len() {
        1 => format!("after `down`, {first}"),
        count => format!("`down` leaves {count} things other than `up` found them"),
    };
    let slipped = strangers.iter().find_map(|(at, stranger)| {
        let names = left
            .iter()
            .filter(|key| key.class == stranger.class)
            .map(|key| key.name.as_str());
        slip(&stranger.name, names).map(|near| (*at, stranger, near))
    });
    let place = slipped.as_ref().and_then(|(at, ..)| down.statements.get(*at));
    let mut diagnostic = match place.or(down.statements.last()) {
        Some(statement) => at_statement(&codes::DOWN_NOT_INVERSE, down, statement, &message),
        None => Diagnostic::error(&codes::DOWN_NOT_INVERSE, &*migration.path, message),
    };
    if let Some((_, stranger, near)) = slipped {
        diagnostic = diagnostic.help(format!(
            "no file makes `{}`, which `down` drops; did you mean `{near}`?",
            stranger.name
        ));
    }
    let notes = if lines.len() > 1 { lines } else { Vec::new() };
    diagnostics.push(notes.into_iter().fold(diagnostic, Diagnostic::note));
}
