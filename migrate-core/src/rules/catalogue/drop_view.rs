//! `drop-view`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-view",
    "A view in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_view.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    dropped(cx, out, &[ObjectKind::View, ObjectKind::MaterializedView], Class::Relation);
    // The other servers refuse it, or have no way to write it.
    if let Operation::CreateView(view) = cx.operation
        && view.or_replace
        && cx.dialect.is_mysql_family()
        && cx.object_exists(Class::Relation, &view.name)
        && let Some(column) = lost_column(cx, &view.name, view)
    {
        out.report(view.name.span, format!("the view `{}` no longer shows `{column}`", view.name))
            .breaks(format!("the running build: every query that reads `{column}` of the view"))
            .help("deploy a build that does not read it; then replace the view in a contract, whose gate waits for the last old instance");
    }
}
