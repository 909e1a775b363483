//! `drop-fk-locks-parent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-fk-locks-parent",
    "A foreign key goes, and its parent is locked for it.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("drop_fk_locks_parent.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut report = |span: Span, child: &Key, parent: &str| {
        out.report(span, format!("dropping the foreign key also locks {parent}"))
            .lock(format!("ACCESS EXCLUSIVE on {child} and on {}: nobody reads or writes either", parent.replace('`', "")));
    };
    let parents = |key: &Key, name: Option<&str>| -> Vec<Key> {
        let constraints = cx.schema.table_at(key).map(|table| table.constraints.clone()).unwrap_or_default();
        constraints
            .into_iter()
            .filter(|one| name.is_none_or(|name| one.name == name))
            .filter_map(|one| match one.kind {
                ConstraintModel::ForeignKey(_, parent, _) if parent != *key && cx.exists(&parent) => Some(parent),
                _ => None,
            })
            .collect()
    };
    if let Some(altered) = cx.altered() {
        for action in altered.actions {
            // The constraint goes with its column.
            if let Action::DropColumn { column, .. } = action
                && let Some(known) = altered.table.and_then(|table| table.constraints.iter().find(|one| {
                    matches!(&one.kind, ConstraintModel::ForeignKey(columns, ..) if columns.contains(&column.text))
                }))
                && let Some(parent) = parents(&altered.key, Some(&known.name)).first()
            {
                report(column.span, &altered.key, &format!("`{parent}`"));
            }
            let Action::DropConstraint { name, .. } = action else { continue };
            let known = altered.table.is_some_and(|table| table.constraint(&name.text).is_some());
            match parents(&altered.key, Some(&name.text)).first() {
                Some(parent) => report(name.span, &altered.key, &format!("`{parent}`")),
                None if !known && looks_like_foreign_key(&name.text) => {
                    report(name.span, &altered.key, "the table it refers to");
                }
                None => {}
            }
        }
    }
    if let Operation::Drop { kind: ObjectKind::Table, names, .. } = cx.operation {
        for name in names {
            let Some(key) = cx.existing(name) else { continue };
            let dropped = |parent: &Key| names.iter().any(|name| cx.schema.resolve(Class::Relation, name) == *parent);
            if let Some(parent) = parents(&key, None).iter().find(|parent| !dropped(parent)) {
                report(name.span, &key, &format!("`{parent}`"));
            }
        }
    }
}
