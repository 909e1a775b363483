//! `add-column-serial`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-serial",
    "A serial column is added to a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_serial.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx).filter(|(_, column)| column.ty.is_serial()) {
        let table = &altered.key;
        let name = &column.name;
        let base = match &*column.ty.name {
            "serial" => "integer",
            "smallserial" => "smallint",
            _ => "bigint",
        };
        let sequence = made_name(&[&table.name, &name.text, "seq"]);
        let finding = out.report(column.ty.span, format!("adding the {} column `{}` rewrites all of `{table}`", column.ty, name.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row gets its number: nobody reads or writes it"))
            .file(Phase::Expand, format!(
                "CREATE SEQUENCE {sequence} AS {base};\n\
                 ALTER TABLE {table} ADD COLUMN {name} {base};\n\
                 ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval('{sequence}');\n\
                 ALTER SEQUENCE {sequence} OWNED BY {table}.{name};"
            ))
            .down(format!("ALTER TABLE {table} DROP COLUMN {name};"))
            .file(Phase::Migrate, backfill(table, name, &format!("nextval('{sequence}')")));
        not_null(cx, finding, table, &name.text);
    }
}
