//! `mysql-enum-reorder`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-enum-reorder",
    "Values of an ENUM or SET are not only appended, which copies the table.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_enum_reorder.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx).filter(|_| !asks_for_copy(cx)) else { return };
    for one in copied(cx, &[Why::Values]) {
        let Some((old, new)) = redefined(&one) else { continue };
        let message = format!("the values of `{}` change their numbers, which copies every row of `{table}`", old.text);
        let before = altered_column(cx, &old.text);
        let lost = before.is_some_and(|before| before.iter().any(|value| !new.ty.arguments.contains(value)));
        let mut appended = before.cloned().unwrap_or_default();
        let more: Vec<String> = new.ty.arguments.iter().filter(|value| !appended.contains(value)).cloned().collect();
        appended.extend(more);
        let Some(finding) = report(cx, out, &one, message) else { continue };
        if lost {
            finding.breaks("the running build, which may write a value that is gone");
            beside(cx, finding, &table, old, new);
        } else {
            let values: Vec<String> = appended.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
            let arguments = cx.text(new.ty.span);
            let keyword = arguments.split('(').next().unwrap_or("enum");
            let rest = cx.text(Span { start: new.ty.span.end, end: one.span.end });
            let name = written_name(cx, old);
            let verb = if *old == new.name { format!("MODIFY {name}") } else { format!("CHANGE {name} {}", written_name(cx, &new.name)) };
            finding
                .help("append new values at the end")
                .file(Phase::Expand, format!("ALTER TABLE {table} {verb} {keyword}({}){rest}, ALGORITHM=INSTANT;", values.join(", ")));
        }
    }
}

/// The values that the column has so far.
fn altered_column<'a>(cx: &Context<'a>, column: &str) -> Option<&'a Vec<String>> {
    let ty = cx.altered()?.table?.column(column)?.ty.as_ref()?;
    Some(&ty.arguments)
}
