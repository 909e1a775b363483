//! `drop-unique`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-unique",
    "A unique constraint or index in use is dropped.",
    Severity::Error,
    Allowed::Contract,
    include_str!("drop_unique.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.dialect.is_mysql_family() {
        return of_mysql(cx, out);
    }
    if let Some(rebuild) = rebuild(cx) {
        for name in rebuild.lost_unique(cx) {
            report(out, rebuild.span, &name, &rebuild.key.to_string());
        }
    }
    if let Some(altered) = cx.altered() {
        for action in altered.actions {
            let Action::DropConstraint { name, .. } = action else { continue };
            let known = altered.table.and_then(|table| table.constraint(&name.text));
            let columns = match known.map(|known| &known.kind) {
                Some(ConstraintModel::Unique(columns) | ConstraintModel::PrimaryKey(columns)) => Some(columns.clone()),
                Some(_) => continue,
                None if looks_unique(&name.text) => None,
                None => continue,
            };
            let again = altered.actions.iter().any(|action| match action {
                Action::AddConstraint(added) => match &added.kind {
                    ConstraintKind::Unique { columns: new, using_index } | ConstraintKind::PrimaryKey { columns: new, using_index } => {
                        let taken = using_index.as_ref().and_then(|index| cx.schema.index(index)).map(|(_, index)| index.columns.clone());
                        let new = taken.unwrap_or_else(|| new.iter().map(|column| column.text.clone()).collect());
                        columns.as_ref().is_some_and(|old| same_set(old, &new))
                    }
                    _ => false,
                },
                _ => false,
            });
            let kept = columns.as_ref().is_some_and(|columns| is_kept(cx, &altered.key, columns, &name.text));
            if !again && !kept && !is_made_here(cx, &altered.key, &name.text) {
                report(out, name.span, &name.text, &altered.key.to_string());
            }
        }
    }
    if let Operation::Drop { kind: ObjectKind::Index, names, .. } = cx.operation {
        for name in names {
            let Some((table, index)) = cx.schema.index(name) else { continue };
            let covered = cx.schema.table_at(table).is_some_and(|table| {
                table.indexes.iter().any(|other| {
                    let same = TableIndex { name: index.name.clone(), constraint: index.constraint, part_of: None, ..other.clone() };
                    other.unique && other.name != index.name && same == *index
                })
            });
            let covered = covered || is_made_here(cx, table, &index.name) || (index.predicate.is_none() && is_kept(cx, table, &index.columns, &index.name));
            let again = cx.dialect == Dialect::Sqlite && is_demanded_later(cx, &index.columns);
            if index.constraint && cx.dialect == Dialect::Postgres && cx.exists(table) {
                out.report(name.span, format!("`{}` belongs to a constraint of `{table}`: the server does not drop it", index.name))
                    .breaks("the migration: the constraint has to be dropped, and the index goes with it")
                    .file(Phase::Contract, format!("ALTER TABLE {table} DROP CONSTRAINT {};", quote(&index.name)));
            } else if index.unique && cx.exists(table) && !covered && !again {
                report(out, name.span, &index.name, &table.to_string());
            }
        }
    }
}

/// Whether two keys are over the same columns; ON CONFLICT does not ask for their order.
fn same_set(one: &[String], other: &[String]) -> bool {
    let named = |columns: &[String]| columns.iter().all(|column| !column.is_empty());
    one.len() == other.len() && named(one) && one.iter().all(|column| other.contains(column))
}

/// Whether something else keeps those columns unique, or does so before the transaction ends.
fn is_kept(cx: &Context<'_>, key: &Key, columns: &[String], name: &str) -> bool {
    let now = cx.schema.table_at(key).is_some_and(|table| {
        table.indexes.iter().any(|other| {
            other.unique && other.name != name && other.predicate.is_none() && same_set(&other.columns, columns)
        })
    });
    let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
    now || cx.later_in_transaction().iter().any(|operation| match operation {
        Operation::CreateIndex(index) => {
            let here = cx.schema.resolve(Class::Relation, &index.table) == *key;
            here && index.unique && index.predicate.is_none() && same_set(&index.columns, columns)
        }
        Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => {
            cx.schema.resolve(Class::Relation, name) == *key
                && actions.iter().any(|action| match action {
                    Action::AddConstraint(added) => match &added.kind {
                        ConstraintKind::Unique { columns: new, .. } | ConstraintKind::PrimaryKey { columns: new, .. } => {
                            same_set(&texts(new), columns)
                        }
                        _ => false,
                    },
                    _ => false,
                })
        }
        _ => false,
    })
}

/// Whether the rest of the transaction makes an index or a table that keeps the same columns unique, as the rebuild of
/// a table does after it has freed the name of the index.
fn is_demanded_later(cx: &Context<'_>, columns: &[String]) -> bool {
    cx.later_in_transaction().iter().any(|operation| match operation {
        Operation::CreateIndex(index) => index.unique && index.columns == columns,
        Operation::CreateTable(table) => {
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            inline.chain(&table.constraints).any(|one| match &one.kind {
                ConstraintKind::Unique { columns: unique, .. } => unique.iter().map(|column| &column.text).eq(columns),
                _ => false,
            })
        }
        _ => false,
    })
}

/// Whether the file made it itself, so that no build counts on it.
fn is_made_here(cx: &Context<'_>, key: &Key, name: &str) -> bool {
    let of_it = |table: &Name| cx.schema.resolve(Class::Relation, table) == *key;
    let before = cx.all.get(..cx.at).unwrap_or_default();
    before.iter().any(|operation| match operation {
        Operation::CreateIndex(index) => {
            of_it(&index.table) && index.unique && !index.if_not_exists && index.name.as_ref().is_some_and(|made| made.name == name)
        }
        Operation::Alter { kind: ObjectKind::Table, name: table, actions, .. } => {
            let makes = |action: &Action| match action {
                Action::AddConstraint(added) => {
                    let unique = matches!(added.kind, ConstraintKind::Unique { .. });
                    unique && added.name.as_ref().is_some_and(|made| made.text == name)
                }
                _ => false,
            };
            actions.iter().any(makes) && of_it(table)
        }
        _ => false,
    })
}

fn report(out: &mut Findings<'_>, span: Span, name: &str, table: &str) {
    out.report(span, format!("without `{name}` nothing keeps the rows of `{table}` unique"))
        .breaks("the running build: its INSERT … ON CONFLICT over these columns fails, and duplicates come in");
}

/// MySQL and MariaDB keep uniqueness by indexes, which belong to their tables.
fn of_mysql(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let (span, name) = match action {
            Action::DropIndex { name, .. } | Action::DropConstraint { name, .. } => (name.span, name.text.as_str()),
            Action::DropPrimaryKey(span) => (*span, "primary"),
            _ => continue,
        };
        let known = altered.table.and_then(|table| table.constraints.iter().find(|one| {
            one.name == name && matches!(one.kind, ConstraintModel::Unique(_) | ConstraintModel::PrimaryKey(_))
        }));
        let columns = match known.map(|one| &one.kind) {
            Some(ConstraintModel::Unique(columns) | ConstraintModel::PrimaryKey(columns)) => Some(columns),
            _ => None,
        };
        let is_known = altered.table.is_some_and(|table| {
            table.complete || table.constraint(name).is_some() || table.indexes.iter().any(|index| index.name == name)
        });
        let guess = !is_known && (name == "primary" || looks_unique(name));
        if columns.is_none() && !guess {
            continue;
        }
        let same = |other: &[String]| columns.is_some_and(|columns| same_set(columns, other));
        let texts = |words: &[Word]| words.iter().map(|word| word.text.clone()).collect::<Vec<_>>();
        let again = altered.actions.iter().any(|action| match action {
            Action::AddConstraint(added) => match &added.kind {
                ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => same(&texts(columns)),
                _ => false,
            },
            _ => false,
        });
        let covered = altered.table.is_some_and(|table| {
            table.constraints.iter().any(|other| match &other.kind {
                ConstraintModel::Unique(columns) | ConstraintModel::PrimaryKey(columns) => other.name != name && same(columns),
                _ => false,
            })
        });
        if !again && !covered && !is_made_here(cx, &altered.key, name) {
            let finding = out.report(span, format!("without `{name}` nothing keeps the rows of `{}` unique", altered.key));
            finding.breaks("the running build: its INSERT … ON DUPLICATE KEY UPDATE adds rows, and duplicates come in");
            // Another primary key takes its place, such as one with the column of the partitions behind the number of the row.
            if name == "primary" && altered.actions.iter().any(is_primary) {
                finding.severity = Severity::Warning;
            }
        }
    }
}

fn is_primary(action: &Action) -> bool {
    let key = |one: &Constraint| matches!(one.kind, ConstraintKind::PrimaryKey { .. });
    match action {
        Action::AddConstraint(added) => key(added),
        Action::AddColumn { column, .. } => column.constraints.iter().any(key),
        _ => false,
    }
}
