//! `add-column-constrained-domain`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-constrained-domain",
    "A column of a domain with a constraint is added to a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_constrained_domain.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        let Some((base, true)) = domain(cx, &column.ty) else { continue };
        let table = &altered.key;
        let name = &column.name;
        let check = made_name(&[&table.name, &name.text, "check"]);
        out.report(column.ty.span, format!("adding `{}` of the domain `{}` rewrites all of `{table}`: the domain has a constraint", name.text, column.ty))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is written again: nobody reads or writes it"))
            .help("write the condition of the domain into the CHECK, with the column for VALUE")
            .file(Phase::Expand, format!(
                "ALTER TABLE {table} ADD COLUMN {name} {base}, ADD CONSTRAINT {check} CHECK (…) NOT VALID;"
            ))
            .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};"));
    }
}
