//! `reindex-not-concurrent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "reindex-not-concurrent",
    "Indexes in use are built again while nobody can write.",
    Severity::Error,
    Allowed::Never,
    include_str!("reindex_not_concurrent.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Reindex { target, concurrently: false } = cx.operation else { return };
    let name = match target {
        Some((ObjectKind::Table, name)) if cx.existing(name).is_none() => return,
        Some((ObjectKind::Index, name)) if cx.schema.index(name).is_some_and(|(table, _)| !cx.exists(table)) => return,
        Some((_, name)) => name.to_string(),
        None => "the database".to_owned(),
    };
    let finding = out.report(cx.whole(), format!("REINDEX of `{name}` stops writes, and reads through the index"));
    finding.lock("SHARE on the table and ACCESS EXCLUSIVE on the index while it is built");
    if let (Some((kind, name)), true) = (target, cx.at_least(12)) {
        finding.file(cx.phase(), format!("REINDEX {} CONCURRENTLY {name};", kind.word().to_uppercase()));
    }
}
