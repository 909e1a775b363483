//! `alter-domain-add-constraint`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "alter-domain-add-constraint",
    "A domain in use gets a constraint that every row is read for.",
    Severity::Error,
    Allowed::Never,
    include_str!("alter_domain_add_constraint.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::AlterDomain { name, change } = cx.operation else { return };
    if !cx.object_exists(Class::Type, name) {
        return;
    }
    match change {
        DomainChange::AddConstraint(constraint) if !constraint.not_valid => {
            let ConstraintKind::Check(condition) = &constraint.kind else { return };
            let given = constraint_name(constraint, &[&name.name, "check"]);
            out.report(constraint.span, format!("the constraint reads every table with a column of the domain `{name}`"))
                .lock("SHARE on each of these tables while its rows are read: nobody writes them")
                .file(Phase::Expand, format!("ALTER DOMAIN {name} ADD CONSTRAINT {given} CHECK ({}) NOT VALID;", condition.text))
                .file(Phase::Expand, format!("ALTER DOMAIN {name} VALIDATE CONSTRAINT {given};"));
        }
        DomainChange::SetNotNull => {
            let given = made_name(&[&name.name, "not_null"]);
            out.report(cx.whole(), format!("SET NOT NULL reads every table with a column of the domain `{name}`"))
                .lock("SHARE on each of these tables while its rows are read: nobody writes them")
                .file(Phase::Expand, format!("ALTER DOMAIN {name} ADD CONSTRAINT {given} CHECK (VALUE IS NOT NULL) NOT VALID;"))
                .file(Phase::Expand, format!("ALTER DOMAIN {name} VALIDATE CONSTRAINT {given};"));
        }
        DomainChange::Validate(constraint) if !cx.at_least(18) => {
            let finding = out.report(constraint.span, format!("before PostgreSQL 18 this stops the writes to every table with a column of the domain `{name}`"));
            finding
                .lock("SHARE on each of these tables while its rows are read: nobody writes them")
                .help("run it when there is little traffic, or leave the constraint NOT VALID: it holds for every new value");
            finding.severity = Severity::Warning;
        }
        _ => {}
    }
}
