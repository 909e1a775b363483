//! `create-partition-locks-parent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "create-partition-locks-parent",
    "A partition is created under a lock on the whole table.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("create_partition_locks_parent.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::CreateTable(created) = cx.operation else { return };
    let TableSource::PartitionOf(parent_name, _) = &created.source else { return };
    let Some(parent) = cx.existing(parent_name) else { return };
    let child = cx.schema.creation(Class::Relation, &created.name);
    let bound = cx.sql.get(parent_name.span.end as usize..).unwrap_or("").trim();
    let finding = out.report(parent_name.span, format!("creating a partition stops every query on `{parent}` for a moment"));
    finding.lock(format!("ACCESS EXCLUSIVE on {parent}: behind one long reader every new query queues"));
    if !bound.contains("PARTITION BY") && !bound.starts_with('(') {
        finding
            .file(Phase::Expand, format!("CREATE TABLE {child} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);"))
            .file(Phase::Expand, format!("ALTER TABLE {parent} ATTACH PARTITION {child} {bound};"));
    }
}
