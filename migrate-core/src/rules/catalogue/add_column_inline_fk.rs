//! `add-column-inline-fk`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "add-column-inline-fk",
    "A column with a default is added together with a foreign key.",
    Severity::Error,
    Allowed::Never,
    include_str!("add_column_inline_fk.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column) in added_columns(cx) {
        // A default that is written is looked up, even where it is NULL.
        if !has_value(column) && column.default.is_none() {
            continue;
        }
        for constraint in &column.constraints {
            let ConstraintKind::ForeignKey(foreign) = &constraint.kind else { continue };
            let table = &altered.key;
            let name = &column.name;
            let key = constraint_name(constraint, &[&table.name, &name.text, "fkey"]);
            let rest = without(cx, column, constraint);
            let references = from_word(cx, constraint, "references");
            out.report(constraint.span, format!("the foreign key on `{}` looks up every row of `{table}` in `{}`", name.text, foreign.parent))
                .lock(format!("ACCESS EXCLUSIVE on {table} and SHARE ROW EXCLUSIVE on {} while both are read: nobody uses the one or writes the other", foreign.parent))
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {rest};"))
                .file(Phase::Expand, format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {key} FOREIGN KEY ({name}) {references} NOT VALID;"
                ))
                .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {key};"));
        }
    }
}
