//! `add-column-identity`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-identity",
    "An identity column is added to a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_identity.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        let Some(Generated::Identity { always }) = column.generated else { continue };
        let table = &altered.key;
        let name = &column.name;
        let sequence = made_name(&[&table.name, &name.text, "seq"]);
        let kind = if always { "ALWAYS" } else { "BY DEFAULT" };
        let finding = out.report(column.span, format!("adding the identity column `{}` rewrites all of `{table}`", name.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row gets its number: nobody reads or writes it"))
            .file(Phase::Expand, format!(
                "CREATE SEQUENCE {sequence};\n\
                 ALTER TABLE {table} ADD COLUMN {name} {ty};\n\
                 ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval('{sequence}');",
                ty = column.ty
            ))
            .file(Phase::Migrate, backfill(table, name, &format!("nextval('{sequence}')")));
        not_null(cx, finding, table, &name.text);
        finding
            .file(Phase::Contract, format!(
                "ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT;\n\
                 ALTER TABLE {table} ALTER COLUMN {name} ADD GENERATED {kind} AS IDENTITY;"
            ))
            .down(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY;\n\
                 ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT nextval('{sequence}');"
            ))
            .help("after the last file set the new sequence behind the numbers that are taken: SELECT setval(…, max(…))");
    }
}
