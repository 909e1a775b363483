//! `fk-locks-parent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "fk-locks-parent",
    "A foreign key is made that stops writes to its parent for a moment.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("fk_locks_parent.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut report = |constraint: &Constraint, child: &Key| {
        let ConstraintKind::ForeignKey(foreign) = &constraint.kind else { return };
        let Some(parent) = cx.existing(&foreign.parent).filter(|parent| parent != child) else { return };
        out.report(constraint.span, format!("the foreign key locks `{parent}` until the transaction ends"))
            .lock(format!("SHARE ROW EXCLUSIVE on {parent} until the file commits: nobody writes it; no row is read"))
            .help("put the foreign key into a file of its own, so that the lock is held for a moment only");
    };
    if let Operation::Alter { kind: ObjectKind::Table, name, .. } = cx.operation {
        let key = cx.schema.resolve(Class::Relation, name);
        let in_use = cx.exists(&key);
        for column in new_columns(cx).filter(|column| !in_use || !has_value(column) && column.default.is_none()) {
            column.constraints.iter().for_each(|constraint| report(constraint, &key));
        }
        // What is added to a table in use, `add-fk-validated` tells; a new table has nothing that it would have to read.
        if let (false, Operation::Alter { actions, .. }) = (in_use, cx.operation) {
            for action in actions {
                if let Action::AddConstraint(constraint) = action {
                    report(constraint, &key);
                }
            }
        }
    }
    if let Operation::CreateTable(table) = cx.operation {
        let key = cx.schema.creation(Class::Relation, &table.name);
        if !table.temporary && !cx.schema.get(&key).is_some_and(|_| table.if_not_exists) {
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            inline.chain(&table.constraints).for_each(|constraint| report(constraint, &key));
        }
    }
}
