//! `set-schema`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "set-schema",
    "Something in use moves to another schema.",
    Severity::Error,
    Allowed::Never,
    include_str!("set_schema.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Alter { kind, name, actions, .. } = cx.operation else { return };
    let exists = match kind {
        ObjectKind::Table | ObjectKind::ForeignTable => cx.existing(name).is_some(),
        ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Sequence => cx.object_exists(Class::Relation, name),
        ObjectKind::Type | ObjectKind::Domain => cx.object_exists(Class::Type, name),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => cx.object_exists(Class::Function, name),
        _ => false,
    };
    for action in actions {
        let Action::SetSchema(schema) = action else { continue };
        let class = match kind {
            ObjectKind::Type | ObjectKind::Domain => Class::Type,
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate => Class::Function,
            _ => Class::Relation,
        };
        let key = cx.schema.resolve(class, name);
        let stays = key.schema == schema.text && cx.schema.get(&key).is_some();
        if !exists || stays || (*kind == ObjectKind::Table && moved_view_keeps(cx, name, &schema.text)) {
            continue;
        }
        let finding = out.report(schema.span, format!("the running build looks for the {} `{name}` where it is now", kind.word()));
        finding.breaks("the running build: every query that names it");
        if *kind == ObjectKind::Table {
            finding
                .help("with the view in the same transaction both names work; a contract drops it")
                .file(Phase::Expand, format!(
                    "{};\nCREATE VIEW {name} AS SELECT * FROM {schema}.{};",
                    cx.sql,
                    quote(&name.name)
                ))
                .down(format!(
                    "DROP VIEW {name};\nALTER TABLE {schema}.{} SET SCHEMA {};",
                    quote(&name.name),
                    quote(&cx.schema.resolve(Class::Relation, name).schema)
                ))
                .file(Phase::Contract, format!("DROP VIEW {name};"))
                .down(format!("CREATE VIEW {name} AS SELECT * FROM {schema}.{};", quote(&name.name)));
        }
    }
}
