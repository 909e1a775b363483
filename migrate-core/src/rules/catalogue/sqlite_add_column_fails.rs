//! `sqlite-add-column-fails`.

use super::prelude::*;
use crate::schema::apply::fitting::takes_strictly;

pub(super) static RULE: Rule = Rule::new(
    "sqlite-add-column-fails",
    "A column is added that SQLite cannot add to a table.",
    Severity::Error,
    Allowed::Never,
    include_str!("sqlite_add_column_fails.md"),
    check,
)
.on(SQLITE);

/// The types that a column of a STRICT table can have.
const STRICT: [&str; 6] = ["int", "integer", "real", "text", "blob", "any"];

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Alter { kind: ObjectKind::Table, name, actions, .. } = cx.operation else { return };
    let key = cx.schema.resolve(Class::Relation, name);
    let known = cx.schema.table_at(&key).map(|table| &**table);
    // What needs a value for the rows that are there works on a table without any.
    let has_rows = cx.exists(&key) || is_filled_here(cx, &key);
    for action in actions {
        let Action::AddColumn { column, .. } = action else { continue };
        if matches!(cx.schema.get(&key), Some(Object::View { .. })) {
            report(out, column.span, column, "a view takes no columns");
        } else if known.is_some_and(|table| table.kind == TableKind::Virtual) {
            report(out, column.span, column, "a virtual table cannot be altered");
        } else if known.is_some_and(|table| table.strict) && !STRICT.contains(&&*column.ty.name) {
            report(out, column.span, column, "the table is STRICT and knows INT, INTEGER, REAL, TEXT, BLOB and ANY only");
        } else if let Some(value) = column.default.as_ref().filter(|value| known.is_some_and(|table| table.strict) && !fits(&column.ty, value)) {
            report(out, value.span, column, &format!("the table is STRICT, and its default is no {}", column.ty.name.to_uppercase()));
        } else if !keys(cx, out, &key, column) && (has_rows || names_a_column(column)) {
            values(cx, out, &key, column);
        }
    }
}

/// Whether a column of a STRICT table takes its default.
fn fits(ty: &Type, value: &Expr) -> bool {
    let text = value.text.trim_matches(['(', ')', ' ']);
    let truth = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    value.shape != Shape::Literal || takes_strictly(&ty.name, if truth { "1" } else { text })
}

/// Whether the default is computed from another column, which no table takes.
fn names_a_column(column: &ColumnDef) -> bool {
    let named = |value: &Expr| value.text.starts_with('(') && !value.columns.is_empty() && !value.text.contains('"');
    column.generated.is_none() && column.default.as_ref().is_some_and(named)
}

/// Whether the file itself writes rows into a table that it made.
fn is_filled_here(cx: &Context<'_>, key: &Key) -> bool {
    let before = cx.all.get(..cx.at).unwrap_or_default();
    before.iter().any(|operation| match operation {
        Operation::Data { writes, .. } => writes
            .iter()
            .any(|write| write.kind == WriteKind::Insert && !write.bulk && cx.schema.resolve(Class::Relation, &write.table) == *key),
        _ => false,
    })
}

fn report<'a>(
    out: &'a mut Findings<'_>,
    span: Span,
    column: &ColumnDef,
    why: &str,
) -> &'a mut Finding {
    out.report(span, format!("adding `{}` fails: {why}", column.name.text))
        .breaks("the migration: SQLite refuses the statement")
}

/// The constraints SQLite never adds, with rows or without. Whether there was one.
fn keys(cx: &Context<'_>, out: &mut Findings<'_>, key: &Key, column: &ColumnDef) -> bool {
    for constraint in &column.constraints {
        let table = key.to_name();
        let name = &column.name;
        match &constraint.kind {
            ConstraintKind::Unique { .. } => {
                let index = made_name(&[&key.name, &name.text, "key"]);
                let plain = without(cx, column, constraint);
                report(out, constraint.span, column, "ALTER TABLE adds no UNIQUE column")
                    .help("add the column, then a unique index, which keeps the same promise")
                    .file(Phase::Expand, format!(
                        "ALTER TABLE {table} ADD COLUMN {plain};\nCREATE UNIQUE INDEX {index} ON {table} ({name});"
                    ));
                return true;
            }
            ConstraintKind::PrimaryKey { .. } => {
                let finding = report(out, constraint.span, column, "ALTER TABLE adds no PRIMARY KEY column");
                finding.help("rebuild the table with the new key");
                let added = ColumnDef { constraints: Vec::new(), ..column.clone() };
                let sql = rebuild_sql(cx, key, |table| {
                    let has_key = |one: &TableConstraint| matches!(one.kind, ConstraintModel::PrimaryKey(_));
                    table.constraints.retain(|one| !has_key(one));
                    table.columns.insert(0, Column {
                        name: added.name.text.clone(),
                        ty: Some(added.ty.clone()),
                        collation: added.collation.clone(),
                        says_not_null: false,
                        not_null: false,
                        default: None,
                        generated: added.generated.clone(),
                        attributes: Attributes::default(),
                        added_by: None,
                    });
                    table.constraints.push(TableConstraint {
                        name: String::new(),
                        generated_name: true,
                        kind: ConstraintModel::PrimaryKey(vec![added.name.text.clone()]),
                        valid: true,
                        behaviour: String::new(),
                        written_at: Some(added.name.text.clone()),
                    });
                });
                if let Some(sql) = sql.filter(|_| column.ty.name == "integer") {
                    finding.file(Phase::Contract, sql);
                }
                return true;
            }
            _ => {}
        }
    }
    false
}

/// What fails because rows are there.
fn values(cx: &Context<'_>, out: &mut Findings<'_>, key: &Key, column: &ColumnDef) {
    let (table, name) = (key.to_name(), &column.name);
    let default = column.default.as_ref().filter(|value| value.shape != Shape::Null);
    match &column.generated {
        Some(Generated::Stored(value)) => {
            let plain = format!("{name} {} GENERATED ALWAYS AS ({}) VIRTUAL", column.ty, value.text);
            report(out, value.span, column, "ALTER TABLE adds no STORED column to a table with rows")
                .help("VIRTUAL computes it when it is read, and an index over it keeps it")
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {plain};"));
            return;
        }
        Some(_) => return,
        None => {}
    }
    let foreign = column.constraints.iter().find(|one| matches!(one.kind, ConstraintKind::ForeignKey(_)));
    let switched_off = (cx.migration.rebuild && !cx.config.run_by_tool) || switched_off(cx);
    if let (Some(foreign), Some(_)) = (foreign, default)
        && !switched_off
    {
        let plain = without_default(cx, column);
        report(out, foreign.span, column, "while foreign keys are on, a column with REFERENCES must have the default NULL")
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {plain};"))
            .file(Phase::Migrate, backfill(key, name, &default.map_or_else(String::new, |value| value.text.clone())));
    } else if let Some(span) = column.not_null.filter(|_| default.is_none()) {
        let ty = &column.ty;
        let finding = report(out, span, column, &format!("the rows of `{table}` have no value for it"));
        finding
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {name} {ty};"))
            .file(Phase::Migrate, backfill(key, name, "…"));
        match cx.since >= ServerVersion::new(3, 53, 0) {
            true => _ = finding.file(Phase::Contract, format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL;")),
            false => {
                let Some(before) = cx.schema.table_at(key).filter(|table| table.complete) else { return };
                let mut between = (**before).clone();
                between.columns.push(Column {
                    name: name.text.clone(),
                    ty: Some(ty.clone()),
                    collation: column.collation.clone(),
                    says_not_null: false,
                    not_null: false,
                    default: None,
                    generated: None,
                    attributes: Attributes::default(),
                    added_by: None,
                });
                let mut after = between.clone();
                if let Some(last) = after.columns.last_mut() {
                    (last.says_not_null, last.not_null) = (true, true);
                }
                for constraint in &column.constraints {
                    if let ConstraintKind::Check(check) = &constraint.kind {
                        after.constraints.push(TableConstraint {
                            name: String::new(),
                            generated_name: true,
                            kind: ConstraintModel::Check(check.clone()),
                            valid: true,
                            behaviour: String::new(),
                            written_at: None,
                        });
                    }
                }
                let ways = (rebuild_from(cx, key, &between, &after), rebuild_from(cx, key, &after, &between));
                if let (Some(there), Some(back)) = ways {
                    finding
                        .file(Phase::Contract, there)
                        .says("-- migrate:rollback data-loss=\"none\"")
                        .down(back);
                }
            }
        }
    } else if let Some(value) = default.filter(|value| value.shape != Shape::Literal) {
        let plain = without_default(cx, column);
        report(out, value.span, column, "its default is not a constant")
            .help("a constant works; CURRENT_TIMESTAMP or an expression only as the default of a table that is made or rebuilt")
            .file(Phase::Expand, format!("ALTER TABLE {table} ADD COLUMN {};", nullable(&plain)))
            .file(Phase::Migrate, backfill(key, name, &value.text));
    } else if default.is_none()
        && let Some(check) = column.constraints.iter().find(|one| match &one.kind {
            ConstraintKind::Check(check) => check.proves_not_null(&name.text),
            _ => false,
        })
    {
        report(out, check.span, column, &format!("the rows of `{table}` have NULL in it, which the CHECK forbids"))
            .help("add it without the CHECK, fill it, and rebuild the table with the CHECK in a contract");
    } else if let Some(span) = column.refused {
        report(out, span, column, &format!("the rows of `{table}` get its default, which the CHECK forbids"))
            .help("give it a default that the CHECK allows; or add it without the CHECK, fill it, and rebuild the table with the CHECK in a contract");
    }
}

/// Whether a PRAGMA before the statement has switched foreign keys off; inside a transaction it does nothing.
fn switched_off(cx: &Context<'_>) -> bool {
    let one = cx.migration.up.transaction == TransactionMode::One;
    let (mut open, mut off) = (one, false);
    for operation in cx.all.get(..cx.at).unwrap_or_default() {
        match operation {
            Operation::Begin => open = true,
            Operation::Commit { .. } | Operation::Rollback { .. } => open = one,
            Operation::Set { name, values, .. } if name == "foreign_keys" && !values.is_empty() && !open => {
                off = operation.switches_off(name);
            }
            _ => {}
        }
    }
    off
}

fn without_default(cx: &Context<'_>, column: &ColumnDef) -> String {
    let Some(value) = &column.default else {
        return cx.text(column.span).to_owned();
    };
    let head = cx.text(Span { start: column.span.start, end: value.span.start });
    let head = head.trim_end();
    let keyword = head.len().saturating_sub("default".len());
    let head = head.get(..keyword).unwrap_or(head).trim_end();
    let tail = cx.text(Span { start: value.span.end, end: column.span.end }).trim();
    nullable(&format!("{head} {tail}")).trim().to_owned()
}

/// The definition without NOT NULL.
fn nullable(definition: &str) -> String {
    match find_word(definition, "not") {
        Some(at) if find_word(&definition[at..], "null").is_some_and(|null| definition[at + 3..at + null].trim().is_empty()) => {
            let end = at + find_word(&definition[at..], "null").unwrap_or(0) + 4;
            format!("{}{}", definition[..at].trim_end(), &definition[end..])
        }
        _ => definition.to_owned(),
    }
}
