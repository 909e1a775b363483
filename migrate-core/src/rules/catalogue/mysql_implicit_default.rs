//! `mysql-implicit-default`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-implicit-default",
    "A column in use becomes NOT NULL, or a new one is without a default.",
    Severity::Error,
    Allowed::Contract,
    include_str!("mysql_implicit_default.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    // Where the table is copied whatever is done to it, nothing that is printed would run beside the writers.
    let online = judged(cx).iter().all(|one| one.cost < Cost::Shared);
    for (altered, column) in added_columns(cx) {
        let Some(span) = column.not_null else { continue };
        if has_value(column) || column.attributes.auto_increment || column.generated.is_some() {
            continue;
        }
        let table = &altered.key;
        let name = written_name(cx, &column.name);
        let finding = out.report(span, format!("the running build's inserts fail without a value for `{}`, and old rows get 0 or ''", column.name.text))
            .breaks(format!("the running build: INSERT INTO {table} without `{}` (error 1364 in strict mode)", column.name.text))
            .help("give it a default, which takes a moment too; or add it nullable, fill it, and make it NOT NULL in a contract");
        if !online {
            continue;
        }
        finding
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {name} {}, ALGORITHM=INSTANT;", column.ty))
            .file(Phase::Migrate, format!("UPDATE {table} SET {name} = … WHERE {name} IS NULL;"))
            .file(Phase::Contract, format!("ALTER TABLE {table} MODIFY {name} {} NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;", column.ty))
            .says("-- migrate:rollback data-loss=\"none\"")
            .down(format!("ALTER TABLE {table} MODIFY {name} {} NULL, ALGORITHM=INPLACE, LOCK=NONE;", column.ty));
    }
    let Some(altered) = cx.altered() else { return };
    for (column, span) in keyed(&altered) {
        let finding = out.report(span, format!("the key makes `{column}` NOT NULL: rows with NULL make this fail"))
            .breaks(format!("the running build, where it writes NULL into `{column}` or leaves it out"))
            .help("fill the column first; in a contract no old build writes NULL any more");
        if online {
            finding.file(Phase::Contract, with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"));
        }
    }
    for action in altered.actions {
        let Action::Redefine { column, definition: new, span, .. } = action else { continue };
        let known = altered.table.and_then(|table| table.column(&column.text)).filter(|old| old.ty.is_some());
        // Of a column that is not known nothing can be said.
        let Some(old) = known else { continue };
        let own = old.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index)));
        let required = altered.table.is_some_and(|table| table.is_not_null(&column.text));
        if own || required || new.not_null.is_none() || new.attributes.auto_increment {
            continue;
        }
        let finding = out.report(*span, format!("`{}` becomes NOT NULL: rows with NULL make this fail, or get 0 or '' without strict mode", column.text))
            .breaks(format!("the running build, where it writes NULL into `{}`", column.text))
            .help("fill the column first; in a contract no old build writes NULL any more");
        if online {
            finding.file(Phase::Contract, with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"));
        }
    }
}

/// The columns that may be NULL until a primary key over them comes, which makes them NOT NULL.
fn keyed(altered: &Altered<'_>) -> Vec<(String, Span)> {
    let Some(table) = altered.table.filter(|table| table.complete) else { return Vec::new() };
    let says = |name: &str| {
        altered.actions.iter().any(|action| match action {
            Action::AddColumn { column, .. } => column.name.text == name,
            Action::Redefine { definition, .. } => definition.name.text == name,
            _ => false,
        })
    };
    let mut found = Vec::new();
    for action in altered.actions {
        let Action::AddConstraint(added) = action else { continue };
        let ConstraintKind::PrimaryKey { columns, .. } = &added.kind else { continue };
        let nullable = columns.iter().find(|name| {
            let known = table.column(&name.text).is_some_and(|column| column.ty.is_some());
            known && !table.is_not_null(&name.text) && !says(&name.text)
        });
        found.extend(nullable.map(|name| (name.text.clone(), name.span)));
    }
    found
}
