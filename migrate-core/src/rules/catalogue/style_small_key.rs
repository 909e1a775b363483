//! `style-small-key`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-small-key",
    "A key is too small to last.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_small_key.md"),
    check,
)
.on(SERVERS)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    // A key of several columns lasts as long as all of them together.
    let alone = match cx.operation {
        Operation::CreateTable(table) => table.constraints.iter().find_map(|one| match &one.kind {
            ConstraintKind::PrimaryKey { columns, .. } => match &**columns {
                [only] => Some(&only.text),
                _ => None,
            },
            _ => None,
        }),
        _ => None,
    };
    for column in new_columns(cx) {
        let inline = column.constraints.iter().any(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }));
        let key = inline || alone == Some(&column.name.text);
        if key && matches!(&*column.ty.name, "integer" | "int" | "mediumint" | "smallint" | "serial" | "smallserial") {
            out.report(column.ty.span, format!("the key `{}` ends at 2,147,483,647 or before", column.name.text))
                .help("use bigint: changing it later rewrites the table and every table that refers to it");
        }
    }
}
