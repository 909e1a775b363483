//! `alter-column-type-rewrite`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "alter-column-type-rewrite",
    "A column gets a type that its values have to be converted to.",
    Severity::Error,
    Allowed::Never,
    include_str!("alter_column_type_rewrite.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column, ty, using, span) in retyped(cx) {
        let table = &altered.key;
        let known = altered.table.and_then(|table| table.column(&column.text));
        let old = known.and_then(|column| column.ty.as_ref());
        if free_change(cx, &column.text, old, ty, using) {
            continue;
        }
        let from = old.map_or_else(String::new, |old| format!(" from {old}"));
        let new = made_name(&[&column.text, "new"]);
        let value = match using {
            Some(using) => using.text.clone(),
            None => format!("{column}::{ty}"),
        };
        let finding = out.report(span, format!("changing `{}`{from} to {ty} rewrites all of `{table}`", column.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row and index is written again: nobody reads or writes it"))
            .breaks("the running build, which reads and writes the old type, and holds prepared statements for it");
        if let Some((base, true)) = domain(cx, ty) {
            let check = made_name(&[&table.name, &column.text, "check"]);
            finding
                .help(format!("a column of the domain {ty} cannot be had without a rewrite: keep {base}, and write the condition of the domain into a CHECK, with the column for VALUE"))
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (…) NOT VALID;"))
                .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};"));
            continue;
        }
        finding
            .help("move to a new column: the contract drops the old one when no build uses it; adapt the two expressions of the sync")
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {new} {ty};"))
            .file(Phase::Migrate, format!("UPDATE {table} SET {new} = {value};"))
            .file(Phase::Contract, format!("ALTER TABLE {table} DROP COLUMN {column};"));
    }
}
