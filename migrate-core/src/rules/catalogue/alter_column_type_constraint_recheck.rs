//! `alter-column-type-constraint-recheck`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "alter-column-type-constraint-recheck",
    "A change of type that is free reads the table for a CHECK.",
    Severity::Error,
    Allowed::Never,
    include_str!("alter_column_type_constraint_recheck.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column, ty, using, span) in retyped(cx) {
        let Some(model) = altered.table else { continue };
        let Some(known) = model.column(&column.text) else { continue };
        let same = known.ty.as_ref() == Some(ty);
        if same || !free_change(cx, &column.text, known.ty.as_ref(), ty, using) {
            continue;
        }
        let dropped = |name: &str| {
            altered.actions.iter().any(|action| matches!(action, Action::DropConstraint { name: gone, .. } if gone.text == name))
        };
        let checked = model.constraints.iter().find(|one| {
            // One that is not valid stays so.
            matches!(&one.kind, ConstraintModel::Check(check) if one.valid && check.columns.contains(&column.text)) && !dropped(&one.name)
        });
        let Some(constraint) = checked else { continue };
        let ConstraintModel::Check(condition) = &constraint.kind else { continue };
        let table = &altered.key;
        let name = quote(&constraint.name);
        out.report(span, format!("the new type of `{}` has every row of `{table}` checked again for `{}`", column.text, constraint.name))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"))
            .file(Phase::Expand, format!(
                "ALTER TABLE {table} DROP CONSTRAINT {name};\n\
                 ALTER TABLE {table} ALTER COLUMN {column} TYPE {ty};\n\
                 ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({}) NOT VALID;",
                condition.text
            ))
            .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
    }
}
