//! `set-not-null-scan`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "set-not-null-scan",
    "A column is made NOT NULL without a valid constraint that proves it.",
    Severity::Error,
    Allowed::Never,
    include_str!("set_not_null_scan.md"),
    check,
)
.on(TRANSACTIONAL)
.otherwise(SQLITE, Allowed::Contract);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.dialect == Dialect::Sqlite {
        return sqlite(cx, out);
    }
    as_constraint(cx, out);
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::AlterColumn { column, change: ColumnChange::SetNotNull, span } = action else { continue };
        if altered.table.is_some_and(|table| table.is_not_null(&column.text)) {
            continue;
        }
        let added = altered.actions.iter().find_map(|action| match action {
            Action::AddColumn { column: added, .. } if added.name.text == column.text => Some(added),
            _ => None,
        });
        if added.is_some_and(|added| added.not_null.is_some()) {
            continue;
        }
        let proof = altered.table.and_then(|table| table.not_null_proof(&column.text)).filter(|_| cx.at_least(12));
        // The tables that inherit become NOT NULL too, and such a CHECK says nothing of them.
        let has_heirs = || cx.schema.tables().any(|(_, table)| table.inherits.contains(&altered.key));
        let proof = proof.filter(|proof| proof.behaviour != "no inherit" || !has_heirs());
        let dropped = proof.filter(|proof| {
            altered.actions.iter().any(|action| matches!(action, Action::DropConstraint { name, .. } if name.text == proof.name))
        });
        if proof.is_some() && dropped.is_none() {
            continue;
        }
        let table = &altered.key;
        let unknown = altered.table.and_then(|table| table.validated.as_ref()).filter(|name| cx.at_least(12) && proof.is_none() && name.contains(&column.text));
        let finding = out.report(*span, format!("SET NOT NULL on `{}` reads all of `{table}`", column.text));
        finding.lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"));
        if let Some(constraint) = unknown {
            finding.warning().help(format!(
                "no scan is needed if `{constraint}`, which is validated here and made by none of these files, is CHECK ({column} IS NOT NULL)"
            ));
            continue;
        }
        if let Some(added) = added {
            finding.file(Phase::Expand, format!("ALTER TABLE {table} {};", cx.text(added.span)));
        }
        match dropped {
            Some(proof) => {
                let name = quote(&proof.name);
                finding
                    .help(format!("the constraint `{}` would prove it, but DROP CONSTRAINT runs first in one ALTER TABLE", proof.name))
                    .file(cx.phase(), format!(
                        "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\nALTER TABLE {table} DROP CONSTRAINT {name};"
                    ));
            }
            None => {
                if !cx.at_least(12) {
                    finding.help("before PostgreSQL 12 no constraint spares the scan: keep the CHECK instead of NOT NULL");
                }
                // Rows may hold NULL, unless the change fills them; then the constraint would fail on the first.
                let filled = added.is_some_and(|added| has_value(added))
                    || cx.change.is_some_and(|change| change.may_fill(&table.name, &column.text))
                    || cx.all.get(..cx.at).unwrap_or_default().iter().any(|before| writes(before, altered.name, &column.text));
                if !filled {
                    finding.file(Phase::Migrate, backfill(table, column, "…"));
                }
                not_null(cx, finding, table, &column.text);
            }
        }
    }
}

/// What PostgreSQL 18 writes as ADD CONSTRAINT … NOT NULL.
fn as_constraint(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, constraint) in added_constraints(cx) {
        let ConstraintKind::NotNull(column) = &constraint.kind else { continue };
        let proven = altered
            .table
            .is_some_and(|model| model.is_not_null(&column.text) || model.not_null_proof(&column.text).is_some());
        if constraint.not_valid || proven {
            continue;
        }
        let table = &altered.key;
        let name = constraint_name(constraint, &[&table.name, &column.text, "not_null"]);
        out.report(constraint.span, format!("NOT NULL on `{}` reads all of `{table}`", column.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row is read: nobody reads or writes it"))
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD CONSTRAINT {name} NOT NULL {column} NOT VALID;"))
            .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};"));
    }
}

/// Whether the statement puts values into the column.
fn writes(operation: &Operation, table: &Name, column: &str) -> bool {
    match operation {
        Operation::Data { writes, .. } => writes.iter().any(|write| {
            write.kind == WriteKind::Update && write.table.name == table.name && write.columns.iter().any(|one| one.text == column)
        }),
        _ => false,
    }
}

/// SQLite reads the table either way; what counts is that the running build may still write NULL.
fn sqlite(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.phase() == Phase::Contract {
        return;
    }
    let mut report = |span: Span, table: &Key, column: &str| {
        out.report(span, format!("`{table}.{column}` takes no NULL from here on"))
            .breaks(format!("the running build, whose INSERT INTO {table} leaves `{column}` NULL, and the migration, where a row has none"))
            .help("in a contract, after a backfill");
    };
    if let Some(rebuild) = rebuild(cx) {
        for (old, new) in rebuild.kept() {
            if !old.not_null && old.ty.is_some() && rebuild.is_required(new) && !has_value(new) {
                report(rebuild.span, &rebuild.key, &old.name);
            }
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        if let Action::AlterColumn { column, change: ColumnChange::SetNotNull, span } = action
            && !altered.table.is_some_and(|table| table.is_not_null(&column.text))
        {
            report(*span, &altered.key, &column.text);
        }
    }
}
