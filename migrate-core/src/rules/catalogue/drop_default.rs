//! `drop-default`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-default",
    "A default in use is dropped.",
    Severity::Warning,
    Allowed::Contract,
    include_str!("drop_default.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(rebuild) = rebuild(cx) {
        for (old, new) in rebuild.kept() {
            if old.default.as_ref().is_some_and(|value| value.shape != Shape::Null) && !has_value(new) {
                let table = &rebuild.key;
                let finding = out.report(rebuild.span, format!("the rebuilt `{table}` has no default for `{}`", old.name));
                finding.breaks(format!("the running build: INSERT INTO {table} without `{}`", old.name));
                if rebuild.is_required(new) {
                    finding.error();
                }
            }
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        // MODIFY that says so, of MySQL and MariaDB. Where it does not say so, another rule tells.
        if let Action::Redefine { column, definition, span, .. } = action
            && definition.attributes.default_null
            && column.text == definition.name.text
            && let Some(old) = altered.table.and_then(|table| table.column(&column.text))
            && old.default.as_ref().is_some_and(|value| value.shape != Shape::Null)
            && !old.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index)))
        {
            out.report(*span, format!("the running build's inserts leave `{}` NULL without its default", column.text))
                .breaks(format!("the running build: INSERT INTO {} without `{}`, where somebody relies on it", altered.key, column.text))
                .file(Phase::Contract, format!("ALTER TABLE {} {};", altered.key, cx.text(*span)));
            continue;
        }
        let Action::AlterColumn { column, change, span } = action else { continue };
        let drops = match change {
            ColumnChange::DropDefault | ColumnChange::DropIdentity { .. } => true,
            ColumnChange::SetDefault(value) => value.shape == Shape::Null,
            _ => false,
        };
        if !drops {
            continue;
        }
        let model = altered.table.and_then(|table| table.column(&column.text));
        // The server refuses it: an identity is dropped as such.
        let counted = model.is_some_and(|model| matches!(model.generated, Some(Generated::Identity { .. })));
        if counted && matches!(change, ColumnChange::DropDefault) && cx.dialect == Dialect::Postgres {
            continue;
        }
        // Then it notes that there is none.
        let none = model.is_some_and(|model| model.generated.is_none() && model.ty.is_some());
        if none && matches!(change, ColumnChange::DropIdentity { if_exists: true }) {
            continue;
        }
        let table = &altered.key;
        let beside = altered.actions.iter().find_map(|other| match other {
            Action::AddColumn { column: added, .. } if added.name == *column => Some(&**added),
            _ => None,
        });
        // MySQL refuses it.
        let is_long = model.and_then(|model| model.ty.as_ref()).is_some_and(|ty| ty.is_long() || ty.is_shape());
        if is_long && cx.dialect == Dialect::Mysql && matches!(change, ColumnChange::SetDefault(_)) {
            continue;
        }
        // An identity column is NOT NULL.
        let required = matches!(change, ColumnChange::DropIdentity { .. })
            || beside.is_some_and(|added| added.not_null.is_some())
            || altered.table.is_some_and(|table| table.is_not_null(&column.text));
        // The running build does not know a column that is new; its inserts leave it NULL where that may be.
        let is_new = beside.is_some()
            || model.is_some_and(|model| model.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index))));
        if is_new && !required {
            continue;
        }
        // What has no default loses none.
        // In MySQL and MariaDB a column that may be NULL has the default NULL, which goes too.
        let loses = matches!(change, ColumnChange::DropDefault) && !cx.dialect.is_mysql_family();
        let counts = matches!(change, ColumnChange::DropIdentity { .. });
        let has_none = (loses || counts || matches!(change, ColumnChange::SetDefault(_)))
            && model.is_some_and(|model| model.generated.is_none() && !model.ty.as_ref().is_some_and(Type::is_serial))
            && altered.table.is_some_and(|table| table.complete)
            && model.is_some_and(|model| model.default.is_none());
        if has_none {
            continue;
        }
        let identity = altered.actions.iter().any(|other| {
            matches!(other, Action::AlterColumn { column: also, change: ColumnChange::AddIdentity { .. } | ColumnChange::SetDefault(_), span: place, .. } if also == column && place != span)
        });
        if identity || comes_back(cx, &altered.key, &column.text) {
            continue;
        }
        if required {
            out.report(*span, format!("the running build's inserts fail without the default of `{}`, which is NOT NULL", column.text))
                .error()
                .breaks(format!("the running build: INSERT INTO {table} without `{}`", column.text))
                .file(Phase::Contract, format!("ALTER TABLE {table} {};", cx.text(*span)));
        } else {
            out.report(*span, format!("the running build's inserts leave `{}` NULL without its default", column.text))
                .breaks(format!("the running build: INSERT INTO {table} without `{}`, where it is NOT NULL or somebody relies on it", column.text))
                .file(Phase::Contract, format!("ALTER TABLE {table} {};", cx.text(*span)));
        }
    }
}

/// Whether a later statement of the transaction gives the column a default again.
fn comes_back(cx: &Context<'_>, table: &Key, column: &str) -> bool {
    cx.later_in_transaction().iter().any(|operation| {
        let Operation::Alter { kind: ObjectKind::Table, name, actions, .. } = operation else { return false };
        let gives = |action: &Action| match action {
            Action::AlterColumn { column: of, change, .. } if of.text == column => match change {
                ColumnChange::AddIdentity { .. } => true,
                ColumnChange::SetDefault(value) => value.shape != Shape::Null,
                _ => false,
            },
            _ => false,
        };
        cx.schema.resolve(Class::Relation, name) == *table && actions.iter().any(gives)
    })
}
