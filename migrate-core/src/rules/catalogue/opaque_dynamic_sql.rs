//! `opaque-dynamic-sql`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "opaque-dynamic-sql",
    "SQL is put together at run time.",
    Severity::Error,
    Allowed::Never,
    include_str!("opaque_dynamic_sql.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::Do { dynamic: Some(span), .. } = cx.operation {
        out.report(*span, "what this EXECUTE runs cannot be judged")
            .help("write the statements out; or say why they are safe:\n-- migrate:allow opaque-dynamic-sql \"…\"");
    }
}
