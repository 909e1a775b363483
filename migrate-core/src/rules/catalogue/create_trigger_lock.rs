//! `create-trigger-lock`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "create-trigger-lock",
    "A trigger of a table in use is created or dropped.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("create_trigger_lock.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.dialect.is_mysql_family() {
        return of_mysql(cx, out);
    }
    let (table, word, lock) = match cx.operation {
        Operation::CreateTrigger { table, .. } => (table, "creating", "SHARE ROW EXCLUSIVE"),
        // One that is not there is not looked for behind a lock either.
        Operation::Drop { kind: kind @ ObjectKind::Trigger, names, on: Some(table), .. }
            if names.iter().all(|name| cx.schema.lacks_attached(*kind, table, &name.name)) =>
        {
            return;
        }
        Operation::Drop { kind: ObjectKind::Trigger, on: Some(table), .. } => (table, "dropping", "ACCESS EXCLUSIVE"),
        _ => return,
    };
    if let Some(key) = cx.existing(table) {
        out.report(table.span, format!("{word} a trigger changes what the running build's writes to `{key}` do"))
            .lock(format!("{lock} on {key} until the file commits"));
    }
}

/// There a trigger is dropped by its own name, and its table is not always known.
fn of_mysql(cx: &Context<'_>, out: &mut Findings<'_>) {
    let found = match cx.operation {
        Operation::CreateTrigger { table, .. } => cx.existing(table).map(|key| (table.span, "creating", Some(key))),
        Operation::Drop { kind: ObjectKind::Trigger, names, .. } => names.first().and_then(|name| {
            let key = cx.schema.table_of_trigger(&name.name).cloned();
            let new = key.as_ref().is_some_and(|key| !cx.exists(key));
            // A trigger that the next statement makes again is told there.
            let again = cx.all.get(cx.at + 1..).unwrap_or_default().iter().any(|operation| {
                matches!(operation, Operation::CreateTrigger { name: made, .. } if made.text == name.name)
            });
            (!new && !again).then_some((name.span, "dropping", key))
        }),
        _ => return,
    };
    if let Some((span, word, key)) = found {
        let table = key.map_or_else(|| "its table".to_owned(), |key| format!("`{key}`"));
        out.report(span, format!("{word} a trigger changes what the running build's writes to {table} do"))
            .lock("an exclusive metadata lock on the table, for a moment");
    }
}
