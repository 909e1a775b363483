//! `revoke-privilege`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "revoke-privilege",
    "A privilege is taken from somebody.",
    Severity::Error,
    Allowed::Contract,
    include_str!("revoke_privilege.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Revoke { objects, .. } = cx.operation else { return };
    let new = |name: &Name| {
        let relation = cx.schema.resolve(Class::Relation, name);
        let function = cx.schema.resolve(Class::Function, name);
        let schema = Key::new(Class::Schema, "", &name.name);
        let known = cx.schema.get(&relation).or_else(|| cx.schema.get(&function)).or_else(|| cx.schema.get(&schema));
        known.is_some_and(|object| cx.is_new(object.origin()))
    };
    if !objects.is_empty() && objects.iter().all(new) {
        return;
    }
    out.report(cx.whole(), "the running build may use this privilege")
        .breaks("the running build: permission denied");
}
