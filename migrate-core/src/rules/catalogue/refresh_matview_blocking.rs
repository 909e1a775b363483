//! `refresh-matview-blocking`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "refresh-matview-blocking",
    "A materialized view is refreshed while nobody can read it.",
    Severity::Error,
    Allowed::Never,
    include_str!("refresh_matview_blocking.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Refresh { name, concurrently: false } = cx.operation else { return };
    if let Some(view) = cx.existing(name) {
        out.report(name.span, format!("refreshing `{view}` stops everybody who reads it"))
            .lock(format!("ACCESS EXCLUSIVE on {view} while its query runs"))
            .help("CONCURRENTLY needs a unique index on the view, without WHERE")
            .file(cx.phase(), format!("REFRESH MATERIALIZED VIEW CONCURRENTLY {view};"));
    }
}
