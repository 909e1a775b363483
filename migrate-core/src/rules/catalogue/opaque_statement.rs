//! `opaque-statement`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "opaque-statement",
    "A statement is not understood.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("opaque_statement.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Operation::Opaque { what } = cx.operation {
        out.report(cx.whole(), format!("{what} is not understood here, so no other rule looks at it"));
    }
    if let Operation::Alter { actions, .. } = cx.operation {
        for action in actions {
            if let Action::Unknown(span) = action {
                out.report(*span, "this action is not understood here, so no other rule looks at it");
            }
        }
    }
}
