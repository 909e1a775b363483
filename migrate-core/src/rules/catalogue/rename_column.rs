//! `rename-column`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "rename-column",
    "A column in use gets another name.",
    Severity::Error,
    Allowed::Never,
    include_str!("rename_column.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::AlterType { name, change: TypeChange::Attributes(changes) } = cx.operation
        && cx.object_exists(Class::Type, name)
    {
        for change in changes {
            if let AttributeChange::Rename(from, to) = change {
                out.report(from.span, format!("the running build calls this attribute of `{name}` `{}`, not `{}`", from.text, to.text))
                    .breaks(format!("the running build: every query that names `{}`", from.text))
                    .help("keep the name, or make a second type and move to a new column of it");
            }
        }
    }
    if let Operation::Alter { kind, name, actions, .. } = cx.operation
        && is_view(cx, *kind, name)
    {
        if cx.existing(name).is_none() {
            return;
        }
        for action in actions {
            if let Action::RenameColumn(from, to, _) = action {
                out.report(from.span, format!("the running build calls this column of `{name}` `{}`, not `{}`", from.text, to.text))
                    .breaks(format!("the running build: every query that names `{}`", from.text))
                    .help("CREATE OR REPLACE VIEW with the new column behind the old ones");
            }
        }
        return;
    }
    if let Some(rebuild) = rebuild(cx) {
        for (from, to) in &rebuild.renames {
            out.report(rebuild.span, format!("the running build calls this column of `{}` `{from}`, not `{to}`", rebuild.key))
                .breaks(format!("the running build: every query that names `{from}`"))
                .help("add the new column, keep both equal with `-- migrate:sync`, and drop the old one in a contract");
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let (from, to, ty, if_exists) = match action {
            Action::RenameColumn(from, to, if_exists) if from.text != to.text || cx.dialect == Dialect::Postgres => (from, to, None, if_exists),
            Action::Redefine { column, definition, if_exists, .. } if *column != definition.name => {
                (column, &definition.name, Some(&definition.ty), if_exists)
            }
            _ => continue,
        };
        // Nothing happens then.
        if *if_exists && altered.table.is_some_and(|table| table.complete && table.column(&from.text).is_none()) {
            continue;
        }
        let model = altered.table.and_then(|table| table.column(&from.text));
        let new = model.is_some_and(|model| model.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index))));
        if new || view_keeps(cx, altered.name, &[(from.text.clone(), to.text.clone())]) {
            continue;
        }
        let table = &altered.key;
        if matches!(cx.schema.get(&altered.key), Some(Object::View { .. })) {
            out.report(from.span, format!("the running build calls this column of `{table}` `{}`, not `{}`", from.text, to.text))
                .lock(brief_lock(cx, table))
                .breaks(format!("the running build: every query that names `{}`", from.text))
                .help("CREATE OR REPLACE VIEW with the new column behind the old ones");
            continue;
        }
        let known = model.filter(|column| column.ty.is_some());
        let ty = ty.or(known.and_then(|column| column.ty.as_ref())).map_or_else(|| "…".to_owned(), |ty| ty.text.clone());
        let (old, new) = (written_name(cx, from), written_name(cx, to));
        let finding = out.report(from.span, format!("the running build calls this column `{}`, not `{}`", from.text, to.text));
        finding.lock(brief_lock(cx, table)).breaks(format!("the running build: every query that names `{}`", from.text));
        let view = match cx.dialect {
            Dialect::Postgres => "rename the table as well, and put a view with the old names in its place, in the same transaction",
            Dialect::Sqlite => "keep the name: let a view, or `AS` in the queries, call it what it is to be called",
            Dialect::Mysql | Dialect::MariaDb => "keep the name, and give the new build a view that calls it what it is to be called",
        };
        if let Some(why) = held(cx, altered.table, &from.text) {
            finding.help(format!("`{}` {why}, so no sync can keep a second column equal to it: {view}", from.text));
            continue;
        }
        let moved = Moved {
            table,
            model: altered.table,
            old: (&from.text, old.clone()),
            new: (&to.text, new),
            ty,
            collation: known.and_then(|column| column.collation.clone()),
            using: None,
        };
        let told = moved.tell(cx, finding);
        finding.help = Some(match told {
            true => with(format!("a second column, kept equal by the `sync` while both builds run; the contract drops `{old}` with the next release, once no build reads it"), finding.help.take()),
            false => format!("add the new column, keep both equal with `-- migrate:sync`, and drop the old one in a contract; as all of this table is not known here: {view}"),
        });
    }
}

/// A sentence, and what else was said.
fn with(first: String, rest: Option<String>) -> String {
    match rest {
        Some(rest) => format!("{first}\n{rest}"),
        None => first,
    }
}

/// Whether a view is altered; ALTER TABLE does it too.
fn is_view(cx: &Context<'_>, kind: ObjectKind, name: &Name) -> bool {
    let view = |kind| matches!(kind, ObjectKind::View | ObjectKind::MaterializedView);
    let known = || cx.schema.get(&cx.schema.resolve(Class::Relation, name)).map(Object::kind);
    view(kind) || kind == ObjectKind::Table && cx.dialect == Dialect::Postgres && known().is_some_and(view)
}
