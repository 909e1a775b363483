//! The way back of a proposed file, as far as its statements tell it.

use std::cell::OnceCell;

use super::super::context::Context;
use super::super::placeholder::{LOSS, WAY_BACK};
use super::operations;
use crate::diagnostic::ProposedFile;
use crate::model::{Dialect, Phase};
use crate::schema::{Class, ConstraintModel};
use crate::sql::{
    Action, ColumnChange, Constraint, ConstraintKind, DomainChange, Expr, Name, ObjectKind, Operation, Shape,
    TypeChange, quote,
};

/// What stands before a file and was made there, as written, by name.
pub(super) struct Known<'a> {
    /// In the proposed files.
    near: Written,
    /// In the file before the statement, or in the model. A long file has many statements, and few are asked for it.
    before: OnceCell<Written>,
    cx: &'a Context<'a>,
}

#[derive(Default)]
struct Written {
    constraints: Vec<(String, String)>,
    indexes: Vec<(String, String)>,
}

impl<'a> Known<'a> {
    pub(super) fn of(files: &[ProposedFile], cx: &'a Context<'a>) -> Self {
        let mut near = Written::default();
        for file in files {
            for (text, operation) in operations(file, cx) {
                near.gather(&text, &operation);
            }
        }
        let before = OnceCell::new();
        Self { near, before, cx }
    }

    fn before(&self) -> &Written {
        self.before.get_or_init(|| {
            let mut before = Written::default();
            for (text, operation) in self.cx.texts.iter().zip(self.cx.all) {
                before.gather(text, operation);
            }
            if let Some(model) = self.cx.altered().and_then(|altered| altered.table) {
                for one in &model.constraints {
                    if let ConstraintModel::Check(check) = &one.kind {
                        let text = format!("CONSTRAINT {} CHECK ({})", quote(&one.name), check.text);
                        before.constraints.push((one.name.clone(), text));
                    }
                }
            }
            before
        })
    }

    /// The constraint as it was before it was validated.
    fn not_valid(&self, name: &str) -> Option<String> {
        let near = self.near.constraint(name);
        let text = near.or_else(|| self.before().constraint(name))?;
        Some(match text.to_ascii_lowercase().ends_with("not valid") {
            true => text.to_owned(),
            false => format!("{text} NOT VALID"),
        })
    }

    fn index(&self, name: &str) -> Option<&str> {
        let near = self.near.index(name);
        near.or_else(|| self.before().index(name))
    }
}

impl Written {
    fn gather(&mut self, text: &str, operation: &Operation) {
        let mut add = |constraint: &Constraint| {
            if let Some(name) = &constraint.name {
                let written = constraint.span.of(text).trim().to_owned();
                self.constraints.push((name.text.clone(), written));
            }
        };
        match operation {
            Operation::Alter { actions, .. } => {
                for action in actions {
                    if let Action::AddConstraint(constraint) = action {
                        add(constraint);
                    }
                }
            }
            Operation::AlterDomain {
                change: DomainChange::AddConstraint(constraint),
                ..
            } => add(constraint),
            Operation::CreateIndex(index) => {
                if let Some(name) = &index.name {
                    self.indexes.push((name.name.clone(), text.to_owned()));
                }
            }
            _ => {}
        }
    }

    fn constraint(&self, name: &str) -> Option<&str> {
        let (_, text) = self.constraints.iter().find(|(known, _)| known == name)?;
        Some(text)
    }

    fn index(&self, name: &str) -> Option<&str> {
        let (_, text) = self.indexes.iter().find(|(known, _)| known == name)?;
        Some(text)
    }
}

/// The down section, where each statement has one, or the line that stands for it.
pub(super) fn way_back(file: &mut ProposedFile, several: bool, cx: &Context<'_>, known: &Known<'_>) {
    if file.behind.is_some() || file.irreversible.is_some() {
        return;
    }
    let mut statements: Vec<(String, Operation)> = operations(file, cx).collect();
    statements.reverse();
    let mut steps = Vec::new();
    let mut sure = true;
    for (_, operation) in &statements {
        match inverse(operation, cx, known) {
            Some(step) => steps.extend(step),
            None => sure = false,
        }
    }
    // The way back of the statement is that of one file alone, which may be one of another phase.
    let moved =
        file.phase == cx.migration.phase || file.sql.trim_end_matches(';') == cx.sql.trim_end_matches(';');
    let alone = !several && cx.all.len() == 1 && moved;
    let own = cx.migration.down.as_ref().filter(|_| alone);
    match (sure, own) {
        // An own way back that does more than ours is not left out for it.
        (_, Some(down)) if !sure || steps.len() < down.statements.len() => {
            let steps: Vec<&str> = down.iter().map(|(_, sql)| sql).collect();
            file.behind = Some(format!("-- migrate:down\n{};", steps.join(";\n")));
            for loss in removed(&statements) {
                if !file.says("rollback") && file.phase == Phase::Contract {
                    file.say(&format!("-- migrate:rollback data-loss=\"the values of {loss}\""));
                }
            }
        }
        (true, _) if steps.is_empty() => {
            file.behind =
                Some("-- migrate:down\n-- nothing of it has to be taken back\nSELECT 1;".to_owned());
        }
        (true, _) => {
            // The index that a constraint took over is built again without keeping writers away.
            file.per_statement |= steps
                .iter()
                .any(|step| step.contains("CREATE UNIQUE INDEX CONCURRENTLY"));
            file.behind = Some(format!("-- migrate:down\n{};", steps.join(";\n")));
        }
        // A file that says itself why there is no way back says it of the statement as well.
        (false, _) if alone && cx.migration.irreversible.is_some() => {
            file.irreversible = cx.migration.irreversible.as_deref().map(str::to_owned);
        }
        (false, _) => {
            let adds_value = |(_, operation): &(String, Operation)| {
                matches!(
                    operation,
                    Operation::AlterType {
                        change: TypeChange::AddValue { .. },
                        ..
                    }
                )
            };
            let why = match file.phase {
                _ if statements.iter().all(adds_value) => {
                    "an enum keeps its values; one that nobody writes does no harm"
                }
                Phase::Contract => LOSS,
                _ => WAY_BACK,
            };
            file.irreversible = Some(why.to_owned());
        }
    }
}

/// The columns and tables that go with what is in them.
fn removed(statements: &[(String, Operation)]) -> Vec<String> {
    let mut found = Vec::new();
    for (_, operation) in statements {
        match operation {
            Operation::Drop {
                kind: ObjectKind::Table,
                names,
                ..
            } => found.extend(names.iter().map(|name| name.name.clone())),
            Operation::Alter { name, actions, .. } => {
                for action in actions {
                    if let Action::DropColumn { column, .. } = action {
                        found.push(format!("{}.{}", name.name, column.text));
                    }
                }
            }
            _ => {}
        }
    }
    match found.is_empty() {
        true => found,
        false => vec![found.join(", ")],
    }
}

/// What takes a statement back; no statement where nothing has to be, none where that is not known.
fn inverse(operation: &Operation, cx: &Context<'_>, known: &Known<'_>) -> Option<Vec<String>> {
    let one = |sql: String| Some(vec![sql]);
    match operation {
        Operation::Set { .. }
        | Operation::Harmless
        | Operation::Reindex { .. }
        | Operation::Refresh { .. } => Some(Vec::new()),
        Operation::CreateRule { name, table } => one(format!("DROP RULE {name} ON {}", written(table))),
        Operation::CreateTable(table) if !table.if_not_exists && !table.temporary => {
            one(format!("DROP TABLE {}", written(&table.name)))
        }
        Operation::CreateIndex(index) if !index.if_not_exists => {
            let name = index.name.as_ref()?;
            let table = written(&index.table);
            one(match cx.dialect {
                Dialect::Mysql | Dialect::MariaDb => format!("DROP INDEX {} ON {table}", quote(&name.name)),
                _ => {
                    let concurrently = if index.concurrently { "CONCURRENTLY " } else { "" };
                    let name = Name {
                        schema: name.schema.clone().or_else(|| index.table.schema.clone()),
                        ..name.clone()
                    };
                    format!("DROP INDEX {concurrently}{}", written(&name))
                }
            })
        }
        Operation::CreateSequence {
            name,
            if_not_exists: false,
        } => one(format!("DROP SEQUENCE {}", written(name))),
        Operation::CreateEvent {
            name,
            if_not_exists: false,
            or_replace: false,
            ..
        } => one(format!("DROP EVENT {}", written(name))),
        Operation::CreateView(view) if !view.or_replace && !view.if_not_exists && !view.materialized => {
            one(format!("DROP VIEW {}", written(&view.name)))
        }
        Operation::Alter {
            kind: ObjectKind::Table,
            name: name_of,
            if_exists: false,
            actions,
        } => {
            if let [Action::AddConstraint(constraint)] = actions.as_slice()
                && let Some(index) = taken_over(constraint)
            {
                // The index that it took over goes with it.
                let name = quote(&constraint.name.as_ref()?.text);
                let drop = format!("ALTER TABLE {} DROP CONSTRAINT {name}", written(name_of));
                return Some(vec![drop, known.index(index)?.to_owned()]);
            }
            let mut back = Vec::new();
            for action in actions.iter().rev() {
                match action {
                    Action::Online(_) | Action::Harmless => {}
                    Action::ValidateConstraint(name) => {
                        if let Some(before) = known.not_valid(&name.text) {
                            back.push(format!("DROP CONSTRAINT {name}, ADD {before}"));
                        }
                    }
                    other => back.push(inverse_action(other, name_of, cx)?),
                }
            }
            match back.is_empty() {
                true => Some(Vec::new()),
                false => one(format!("ALTER TABLE {} {}", written(name_of), back.join(", "))),
            }
        }
        Operation::AlterDomain { name, change } => match change {
            DomainChange::AddConstraint(constraint) => one(format!(
                "ALTER DOMAIN {name} DROP CONSTRAINT {}",
                constraint.name.as_ref()?
            )),
            DomainChange::Validate(constraint) => match known.not_valid(&constraint.text) {
                Some(before) => Some(vec![
                    format!("ALTER DOMAIN {name} DROP CONSTRAINT {constraint}"),
                    format!("ALTER DOMAIN {name} ADD {before}"),
                ]),
                None => Some(Vec::new()),
            },
            _ => None,
        },
        _ => None,
    }
}

/// The index that a constraint takes over.
fn taken_over(constraint: &Constraint) -> Option<&str> {
    match &constraint.kind {
        ConstraintKind::Unique {
            using_index: Some(index),
            ..
        }
        | ConstraintKind::PrimaryKey {
            using_index: Some(index),
            ..
        } => Some(&index.name),
        _ => None,
    }
}

fn inverse_action(action: &Action, table: &Name, cx: &Context<'_>) -> Option<String> {
    match action {
        Action::AddColumn {
            column,
            if_not_exists: false,
        } => {
            // There a foreign key does not go with its column.
            let refers = |one: &Constraint| matches!(one.kind, ConstraintKind::ForeignKey(_));
            let held = cx.dialect.is_mysql_family() && column.constraints.iter().any(refers);
            (!held).then(|| format!("DROP COLUMN {}", quote(&column.name.text)))
        }
        Action::AddConstraint(constraint) => inverse_constraint(constraint, cx),
        Action::AttachPartition(child, _) => Some(format!("DETACH PARTITION {}", written(child))),
        Action::AddIndex(index) if !index.if_not_exists => {
            Some(format!("DROP INDEX {}", quote(&index.name.as_ref()?.name)))
        }
        Action::AlterColumn { column, change, .. } => {
            let model = cx.schema.table_at(&cx.schema.resolve(Class::Relation, table));
            let known = model.and_then(|model| model.column(&column.text));
            let name = quote(&column.text);
            match change {
                ColumnChange::SetNotNull if known.is_some_and(|known| !known.not_null) => {
                    Some(format!("ALTER COLUMN {name} DROP NOT NULL"))
                }
                ColumnChange::SetDefault(_) => match known {
                    // It is added by a file before this one, without a default.
                    None => Some(format!("ALTER COLUMN {name} DROP DEFAULT")),
                    Some(known) => Some(match &known.default {
                        Some(Expr { text, shape, .. }) if *shape != Shape::Null => {
                            format!("ALTER COLUMN {name} SET DEFAULT {text}")
                        }
                        _ => format!("ALTER COLUMN {name} DROP DEFAULT"),
                    }),
                },
                _ => None,
            }
        }
        _ => None,
    }
}

fn inverse_constraint(constraint: &Constraint, cx: &Context<'_>) -> Option<String> {
    let name = quote(&constraint.name.as_ref()?.text);
    // The index that it took over would go with it.
    if taken_over(constraint).is_some() {
        return None;
    }
    Some(match (&constraint.kind, cx.dialect.is_mysql_family()) {
        (ConstraintKind::ForeignKey(_), true) => format!("DROP FOREIGN KEY {name}"),
        (ConstraintKind::Unique { .. }, true) => format!("DROP INDEX {name}"),
        (ConstraintKind::PrimaryKey { .. }, true) => "DROP PRIMARY KEY".to_owned(),
        _ => format!("DROP CONSTRAINT {name}"),
    })
}

fn written(name: &Name) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", quote(schema), quote(&name.name)),
        None => quote(&name.name),
    }
}
