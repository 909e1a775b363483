//! `validate-same-transaction`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "validate-same-transaction",
    "A constraint is validated in the transaction that added it.",
    Severity::Error,
    Allowed::Never,
    include_str!("validate_same_transaction.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(altered) = cx.altered() {
        for action in altered.actions {
            let Action::ValidateConstraint(name) = action else { continue };
            let here = altered.actions.iter().find_map(|action| match action {
                Action::AddConstraint(added) if added.not_valid => {
                    added.name.as_ref().is_some_and(|added| added.text == name.text).then_some(added)
                }
                _ => None,
            });
            let generated = altered.table.and_then(|table| table.constraint(&name.text)).is_some_and(|known| known.generated_name && !known.valid);
            let before = cx.transaction.not_valid.iter().any(|(key, added)| {
                *key == altered.key && (*added == name.text || added.is_empty() && generated)
            });
            if here.is_some() || before {
                let table = &altered.key;
                let finding = out.report(name.span, format!("`{}` is validated under the lock that adding it took", name.text))
                    .lock(format!("the strong lock on {table} is held while every row is read: NOT VALID has won nothing"));
                // Both are written in the body of a statement.
                if cx.nested {
                    finding.help("let this statement add the constraint, and validate it in the next file");
                    continue;
                }
                // What else the statement does stays in it; where there is nothing else, both halves can be told.
                match here {
                    Some(added) if altered.actions.len() == 2 => {
                        let added = cx.text(added.span);
                        finding.file(Phase::Expand, format!("ALTER TABLE {table} ADD {added};"));
                    }
                    _ => _ = finding.help("leave the ADD CONSTRAINT … NOT VALID here, and move this statement to the next file"),
                }
                finding.file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
            }
        }
    }
    if let Operation::AlterDomain { name: domain, change: DomainChange::Validate(name) } = cx.operation {
        let key = cx.schema.resolve(Class::Type, domain);
        if cx.transaction.not_valid.iter().any(|(known, added)| *known == key && *added == name.text) {
            out.report(name.span, format!("`{}` is validated in the transaction that added it", name.text))
                .lock("the locks of both statements are held while every table that uses the domain is read")
                .file(Phase::Expand, format!("ALTER DOMAIN {domain} VALIDATE CONSTRAINT {name};"));
        }
    }
}
