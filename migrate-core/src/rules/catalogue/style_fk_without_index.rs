//! `style-fk-without-index`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "style-fk-without-index",
    "A foreign key has no index.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("style_fk_without_index.md"),
    check,
)
.on(TRANSACTIONAL)
.opt_in();

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let (name, constraints): (_, Vec<&Constraint>) = match cx.operation {
        Operation::CreateTable(table) => {
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            (&table.name, inline.chain(&table.constraints).collect())
        }
        Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => (name, actions.iter().flat_map(added).collect()),
        _ => return,
    };
    let known = cx.schema.table(name).filter(|_| matches!(cx.operation, Operation::Alter { .. }));
    for constraint in &constraints {
        let ConstraintKind::ForeignKey(foreign) = &constraint.kind else { continue };
        let first = foreign.columns.first().map(|column| column.text.as_str());
        let in_key = constraints.iter().any(|other| match &other.kind {
            ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => {
                columns.first().map(|column| column.text.as_str()) == first
            }
            _ => false,
        });
        let there = known.is_some_and(|table| {
            let begins = |columns: &[String]| columns.first().map(String::as_str) == first;
            let keys = table.constraints.iter().any(|one| {
                matches!(&one.kind, ConstraintModel::PrimaryKey(columns) | ConstraintModel::Unique(columns) if begins(columns))
            });
            keys || table.indexes.iter().any(|index| index.predicate.is_none() && begins(&index.columns))
        });
        let indexed = cx.all.iter().any(|operation| {
            matches!(operation, Operation::CreateIndex(index)
                if index.table == *name && index.predicate.is_none() && index.columns.first().map(String::as_str) == first)
        });
        if !in_key && !there && !indexed {
            let columns = list(&foreign.columns);
            out.report(constraint.span, format!("a DELETE in `{}` reads all of `{name}`: there is no index over ({columns})", foreign.parent))
                .file(Phase::Expand, match cx.dialect {
                    Dialect::Postgres => format!("CREATE INDEX CONCURRENTLY ON {name} ({columns});"),
                    _ => format!("CREATE INDEX {} ON {name} ({columns});", made_name(&[&name.name, first.unwrap_or("fk"), "idx"])),
                });
        }
    }
}

/// The constraints that an action of ALTER TABLE adds.
fn added(action: &Action) -> &[Constraint] {
    match action {
        Action::AddColumn { column, .. } => &column.constraints,
        Action::AddConstraint(constraint) => std::slice::from_ref(&**constraint),
        _ => &[],
    }
}
