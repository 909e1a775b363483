//! `attach-partition-scan`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "attach-partition-scan",
    "A table is attached as a partition and every row is read for it.",
    Severity::Error,
    Allowed::Never,
    include_str!("attach_partition_scan.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::CreateTable(created) = cx.operation
        && let TableSource::PartitionOf(parent, bound) = &created.source
    {
        of_default(cx, out, &cx.schema.resolve(Class::Relation, parent), bound, parent.span, "creating");
    }
    let Operation::Alter { kind: ObjectKind::Table, name, actions, .. } = cx.operation else { return };
    let parent = cx.schema.resolve(Class::Relation, name);
    let model = cx.schema.table_at(&parent);
    for action in actions {
        let Action::AttachPartition(child_name, bound) = action else { continue };
        let child = cx.schema.resolve(Class::Relation, child_name);
        let columns = model.and_then(|model| model.partitioned.clone());
        let proven = cx.schema.table_at(&child).is_some_and(|child| implies_bound(child, columns.as_deref(), bound));
        if cx.existing(child_name).is_some() && !proven {
            let check = made_name(&[&child.name, "bound"]);
            let finding = out.report(child_name.span, format!("attaching `{child}` reads all of it, to see that its rows belong there"));
            finding.lock(format!("ACCESS EXCLUSIVE on {child} while every row is read: nobody reads or writes it"));
            match columns.as_deref().and_then(|columns| bound_condition(columns, bound)) {
                Some(condition) => _ = finding
                    .file(Phase::Expand, format!("ALTER TABLE {child} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID;"))
                    .file(Phase::Expand, format!("ALTER TABLE {child} VALIDATE CONSTRAINT {check};"))
                    .steps(Phase::Expand, format!("{};\nALTER TABLE {child} DROP CONSTRAINT {check};", cx.sql))
                    .down(format!(
                        "ALTER TABLE {parent} DETACH PARTITION {child};\n\
                         ALTER TABLE {child} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID;\n\
                         ALTER TABLE {child} VALIDATE CONSTRAINT {check};"
                    )),
                None => _ = finding.help("add a CHECK with the condition of the partition, NOT VALID; VALIDATE it in another file; then attach"),
            }
        }
        of_default(cx, out, &parent, bound, child_name.span, "attaching");
    }
}

/// The default partition is read for rows that belong to the new one, unless a CHECK of its own excludes them.
fn of_default(cx: &Context<'_>, out: &mut Findings<'_>, parent: &Key, bound: &Bound, at: Span, verb: &str) {
    let columns = cx.schema.table_at(parent).and_then(|model| model.partitioned.clone()).unwrap_or_default();
    let default = cx.schema.tables().find(|(key, table)| {
        matches!(&table.partition_of, Some((of, Bound::Default)) if of == parent) && cx.exists(key)
    });
    let Some((default, table)) = default.filter(|_| *bound != Bound::Default) else { return };
    let about_it = |check: &Expr| columns.iter().all(|column| column.is_empty() || check.columns.contains(column));
    let excluded = table.constraints.iter().any(|one| one.valid && matches!(&one.kind, ConstraintModel::Check(check) if about_it(check)));
    if !excluded {
        out.report(at, format!("{verb} a partition reads all of the default partition `{default}`"))
            .lock(format!("ACCESS EXCLUSIVE on {default} while every row is read: nobody reads or writes it"))
            .help(format!("first give {default} a CHECK that excludes the new range, NOT VALID, and VALIDATE it in another file"));
    }
}
