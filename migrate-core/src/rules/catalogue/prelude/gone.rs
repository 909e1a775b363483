//! What goes by its name: dropped, or called something else.

use super::{Action, Class, Context, Findings, Key, Name, Object, ObjectKind, Operation, TableModel, View};

/// Reports what is dropped and in use, unless the same transaction makes it again.
pub(in super::super) fn dropped(
    cx: &Context<'_>,
    out: &mut Findings<'_>,
    kinds: &[ObjectKind],
    class: Class,
) {
    let Operation::Drop {
        kind, names, takes, ..
    } = cx.operation
    else {
        return;
    };
    if !kinds.contains(kind) {
        return;
    }
    let cascade = matches!(cx.operation, Operation::Drop { cascade: true, .. });
    let if_exists = matches!(cx.operation, Operation::Drop { if_exists: true, .. });
    let takes_triggers = |cx: &Context<'_>, key: &Key| {
        let calls = |table: &TableModel| table.triggers.values().any(|called| called.as_ref() == Some(key));
        cascade
            && cx
                .schema
                .tables()
                .any(|(of, table)| cx.exists(of) && calls(table))
    };
    for (at, name) in names.iter().enumerate() {
        let takes = takes.get(at).and_then(Option::as_deref);
        // There is another function of that name, which stays. The one that is meant may be older than the files.
        let known = || if_exists || cx.schema.knows_overloads(&cx.schema.resolve(class, name));
        if takes.is_some_and(|takes| cx.schema.lacks_function(name, takes)) && known() {
            continue;
        }
        // MySQL cannot replace a routine: it is dropped and made again, and nothing holds the two together.
        let later = match class {
            Class::Function if cx.dialect.is_mysql_family() => cx.all.get(cx.at + 1..).unwrap_or_default(),
            _ => cx.later_in_transaction(),
        };
        let key = cx.schema.resolve(class, name);
        let is_it = |made: &Name| made == name || cx.schema.creation(class, made) == key;
        let again = later.iter().any(|operation| match operation {
            Operation::CreateView(view) => {
                class == Class::Relation && is_it(&view.name) && !loses_columns(cx, name, view)
            }
            Operation::CreateFunction { name: made, .. } => class == Class::Function && is_it(made),
            Operation::CreateType { name: made, .. } => class == Class::Type && is_it(made),
            Operation::CreateSequence { name: made, .. } => *kind == ObjectKind::Sequence && is_it(made),
            // Without CASCADE only an empty one can be dropped.
            Operation::CreateSchema { name: made, .. } => {
                class == Class::Schema && !cascade && made.text == name.name
            }
            operation => class == Class::Type && renames_to(operation, &name.name),
        });
        // No build knows a name that this file gave it, and none calls what only triggers can call.
        let made_here = cx
            .all
            .get(..cx.at)
            .is_some_and(|before| before.iter().any(|operation| renames_to(operation, &name.name)));
        let of_trigger = matches!(
            cx.schema.get(&key),
            Some(Object::Function { of_trigger: true, .. })
        );
        if again
            || made_here
            || (of_trigger && !takes_triggers(cx, &key))
            || !cx.object_exists(class, name)
            || cx.schema.was_dropped(&key)
            || cx.schema.is_absent(&key)
        {
            continue;
        }
        out.report(name.span, format!("the running build still uses the {} `{name}`", kind.word()))
            .breaks(format!("the running build: every query that names the {}", kind.word()))
            .help("deploy a build that does not use it; then drop it in a contract, whose gate waits for the last old instance");
    }
}

/// Whether a view takes the name that another one loses and shows all of that.
fn shows_all(cx: &Context<'_>, old: &Key, actions: &[Action], view: &View) -> bool {
    let all = view.targets.iter().any(|(shown, _)| shown.is_empty());
    let of_it = |from: &Name| {
        let new = |action: &Action| matches!(action, Action::RenameTo(to) if to.text == from.name);
        actions.iter().any(new)
    };
    cx.schema.creation(Class::Relation, &view.name) == *old
        && !view.temporary
        && !view.materialized
        && all
        && view.updatable.as_ref().is_some_and(of_it)
}

/// Whether a view that is made again does not show what it showed before.
fn loses_columns(cx: &Context<'_>, name: &Name, again: &View) -> bool {
    lost_column(cx, name, again).is_some()
}

/// A column that a view showed and that the one made again in its place does not.
pub(in super::super) fn lost_column<'a>(cx: &Context<'a>, name: &Name, again: &View) -> Option<&'a str> {
    let key = cx.schema.resolve(Class::Relation, name);
    let Some(Object::View {
        columns: Some(before),
        ..
    }) = cx.schema.get(&key)
    else {
        return None;
    };
    let after = again.shown()?;
    // What is computed and has no name is called as it is written.
    let plain = |column: &&String| {
        column
            .chars()
            .all(|character| character.is_alphanumeric() || character == '_')
    };
    let lost = |column: &&String| !after.iter().any(|kept| kept.eq_ignore_ascii_case(column));
    before.iter().filter(plain).find(lost).map(String::as_str)
}

/// Whether something gets that name.
fn renames_to(operation: &Operation, name: &str) -> bool {
    match operation {
        Operation::Alter { actions, .. } => actions
            .iter()
            .any(|action| matches!(action, Action::RenameTo(to) if to.text == name)),
        _ => false,
    }
}

/// Reports what gets another name and is in use.
pub(in super::super) fn renamed(
    cx: &Context<'_>,
    out: &mut Findings<'_>,
    kinds: &[ObjectKind],
    class: Class,
) {
    let Operation::Alter {
        kind, name, actions, ..
    } = cx.operation
    else {
        return;
    };
    let key = cx.schema.resolve(class, name);
    // ALTER TABLE renames views and sequences too.
    let kind = match (kind, cx.schema.get(&key)) {
        (ObjectKind::Table, Some(object)) => object.kind(),
        (kind, _) => *kind,
    };
    if !kinds.contains(&kind) || !cx.object_exists(class, name) {
        return;
    }
    // Another one of the old name takes its place before anybody sees that it was gone.
    let again = cx.later_in_transaction().iter().any(|operation| match operation {
        Operation::CreateType { name: made, .. } => class == Class::Type && made == name,
        Operation::CreateFunction { name: made, .. } => class == Class::Function && made == name,
        Operation::CreateView(view) => kind == ObjectKind::View && shows_all(cx, &key, actions, view),
        Operation::Alter { kind: other, .. } => *other == kind && renames_to(operation, &name.name),
        _ => false,
    });
    let of_trigger = matches!(
        cx.schema.get(&key),
        Some(Object::Function { of_trigger: true, .. })
    );
    if again || of_trigger {
        return;
    }
    for action in actions {
        if let Action::RenameTo(to) = action {
            out.report(
                name.span,
                format!(
                    "the running build calls this {} `{name}`, not `{}`",
                    kind.word(),
                    to.text
                ),
            )
            .breaks("the running build: every query that names it")
            .help(format!(
                "make a second {} of the new name, and drop the old one in a contract",
                kind.word()
            ));
        }
    }
}
