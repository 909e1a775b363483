//! `table-rewrite-option`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "table-rewrite-option",
    "A table in use gets another storage, and is written again.",
    Severity::Error,
    Allowed::Never,
    include_str!("table_rewrite_option.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::MoveAll { kind, from, to } = cx.operation
        && from != to
    {
        let what = match kind {
            ObjectKind::Index => "index",
            ObjectKind::MaterializedView => "materialized view",
            _ => "table",
        };
        out.report(cx.whole(), format!("this writes every {what} of the tablespace `{}` again", from.text))
            .lock(format!("ACCESS EXCLUSIVE on each {what} in it until all are written: nobody reads or writes them"))
            .help("move them one by one, each with a new object on the other tablespace that takes its place");
    }
    let Operation::Alter { kind, name, actions, .. } = cx.operation else { return };
    let exists = match kind {
        ObjectKind::Table | ObjectKind::MaterializedView => cx.existing(name).is_some(),
        ObjectKind::Index => cx.schema.index(name).is_none_or(|(table, _)| cx.exists(table)),
        _ => false,
    };
    if !exists {
        return;
    }
    let logged = cx.schema.table(name).is_some_and(|table| table.logged);
    let unlogged = cx.schema.table(name).is_some_and(|table| !table.logged && table.origin != Origin::Unknown);
    for action in actions {
        let what = match action {
            Action::SetLogged(true) if logged => continue,
            Action::SetLogged(false) if unlogged => continue,
            Action::SetLogged(true) => "SET LOGGED".to_owned(),
            Action::SetLogged(false) => "SET UNLOGGED".to_owned(),
            Action::SetTablespace(space) if space.text != "pg_default" => format!("the tablespace `{}`", space.text),
            Action::SetAccessMethod(method) if method.text != "heap" && method.text != "default" => {
                format!("the access method `{}`", method.text)
            }
            _ => continue,
        };
        out.report(cx.whole(), format!("{what} writes all of `{name}` again"))
            .lock(format!("ACCESS EXCLUSIVE on {name} while it is written: nobody reads or writes it"))
            .help("make a new table with that storage, keep it right with a sync, backfill it and move over");
    }
}
