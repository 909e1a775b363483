//! The files that a rule proposes, made whole: the change, the backfill, the way back or the check that each needs to be
//! read as a file of the set.

use super::context::Context;
use crate::diagnostic::ProposedFile;
use crate::model::{Dialect, Layout, Phase};
use crate::schema::{Class, ConstraintModel, TableModel};
use crate::script::backfill::batched;
use crate::script::split::split;
use crate::script::words::Words;
use crate::sql::{
    Action, ColumnChange, Constraint, ConstraintKind, Expr, Name, ObjectKind, Operation, Shape, parse, quote,
};

/// Adds what the files lack. Other layouts have no header.
pub(super) fn complete(files: &mut [ProposedFile], cx: &Context<'_>) {
    if cx.layout != Layout::Native {
        return;
    }
    let several = files.len() > 1;
    for file in files {
        if several || file.phase != Phase::Expand || cx.migration.change.is_some() {
            file.change.get_or_insert_with(|| change(cx));
        }
        match file.phase {
            Phase::Migrate => visits(file, cx),
            _ => way_back(file, several, cx),
        }
    }
}

/// The change of the file, or one that is called like it.
fn change(cx: &Context<'_>) -> String {
    let own = cx.migration.change.as_deref().unwrap_or(&cx.migration.name);
    let plain = |character: char| match character.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9' | '_') => letter,
        _ => '_',
    };
    match cx.migration.change {
        Some(_) => own.to_owned(),
        None => own.chars().map(plain).collect(),
    }
}

/// The key by which a migrate file visits its table, and the rows that may not be left.
fn visits(file: &mut ProposedFile, cx: &Context<'_>) {
    let sql = file.sql.trim_end().trim_end_matches(';').to_owned();
    let mut words = Words::new(&sql, cx.dialect);
    let table = match words.eat("update") {
        true => sql.split_whitespace().nth(1).unwrap_or_default().to_owned(),
        false => return,
    };
    let Some(mut parts) = words.qualified_name() else {
        return;
    };
    let name = Name {
        name: parts.pop().unwrap_or_default(),
        schema: parts.pop(),
        ..Name::default()
    };
    let model = cx.schema.table(&name).map(|table| &**table);
    if file.directive.is_none() {
        let key = match model.and_then(|model| key_of(cx, model)) {
            Some(key) => argument(&key),
            None if model.is_some_and(|model| model.complete) => "…".to_owned(),
            None => "id".to_owned(),
        };
        file.directive = Some(format!(
            "-- migrate:backfill table={} key={key}",
            argument(&table)
        ));
    }
    let rows = match batched(&sql, &table, cx.dialect) {
        Ok(statement) => statement
            .assignments
            .iter()
            .map(|one| left(&one.column, &one.expression, model, cx.dialect))
            .collect::<Option<Vec<String>>>()
            .filter(|rows| !rows.is_empty()),
        Err(_) => None,
    };
    file.behind = Some(match rows {
        Some(rows) => format!(
            "-- migrate:verify zero\nSELECT count(*) FROM {table} WHERE {};",
            rows.join(" OR ")
        ),
        None => "-- migrate:verify zero\n-- count the rows that are not yet as they have to be\nSELECT 0;"
            .to_owned(),
    });
}

/// Columns that tell the rows of a table apart and hold no NULL, as far as the model knows them.
fn key_of(cx: &Context<'_>, model: &TableModel) -> Option<String> {
    let never_null = |columns: &&Vec<String>| {
        columns.iter().all(|name| {
            model
                .column(name)
                .is_some_and(|column| cx.schema.is_never_null(Some(model), column))
        })
    };
    let mut keys = model.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintModel::PrimaryKey(columns) | ConstraintModel::Unique(columns) => Some(columns),
        _ => None,
    });
    keys.find(never_null).map(|columns| columns.join(","))
}

/// A value of a directive; in quotes where it is more than a word.
fn argument(text: &str) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ',');
    match text.chars().all(bare) {
        true => text.to_owned(),
        false => format!("{text:?}"),
    }
}

/// The condition of rows whose column has not got its value; none where the text does not tell.
fn left(column: &str, expression: &str, model: Option<&TableModel>, dialect: Dialect) -> Option<String> {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    let words = |text: &str| -> Vec<String> {
        let words = text
            .split(|character| !part(character))
            .filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    // What stands in quotes is a text, but for names in the quotes of names.
    let outside: String = expression.split('\'').step_by(2).collect();
    let named = words(&outside);
    let bare = column.trim_matches(['"', '`']);
    if named.iter().any(|word| word.eq_ignore_ascii_case(bare)) {
        return None;
    }
    let is_column = |word: &String| match model {
        Some(model) => model.column(word).is_some() || model.column(&word.to_lowercase()).is_some(),
        None => named.len() == 1 && !expression.contains(['(', '\'']) && word.parse::<f64>().is_err(),
    };
    match expression.trim() {
        "…" => Some(format!("{column} IS NULL")),
        value if value.eq_ignore_ascii_case("null") => Some(format!("{column} IS NOT NULL")),
        value if named.iter().any(is_column) => {
            let plain = value
                .chars()
                .all(|character| part(character) || "\"`.".contains(character));
            let value = if plain {
                value.to_owned()
            } else {
                format!("({value})")
            };
            Some(match dialect {
                Dialect::Postgres => format!("{column} IS DISTINCT FROM {value}"),
                Dialect::Sqlite => format!("{column} IS NOT {value}"),
                Dialect::Mysql | Dialect::MariaDb => format!("NOT ({column} <=> {value})"),
            })
        }
        // A row may get another value later.
        _ => Some(format!("{column} IS NULL")),
    }
}

/// The down section, where each statement has one, or the line that stands for it.
fn way_back(file: &mut ProposedFile, several: bool, cx: &Context<'_>) {
    let Ok(spans) = split(&file.sql, cx.dialect) else {
        return;
    };
    let texts: Vec<&str> = spans.iter().map(|span| span.text(&file.sql)).collect();
    let mut steps = Vec::new();
    let mut sure = true;
    for sql in texts.iter().rev() {
        match inverse(&parse(sql, cx.dialect).operation, cx) {
            Some(step) => steps.extend(step),
            None => sure = false,
        }
    }
    // The way back of the statement is that of one file alone.
    let alone = !several && cx.all.len() == 1 && file.phase == cx.migration.phase;
    let own = cx.migration.down.as_ref().filter(|_| alone);
    match (sure && !steps.is_empty(), own) {
        (true, _) => file.behind = Some(format!("-- migrate:down\n{};", steps.join(";\n"))),
        (false, Some(down)) => {
            let steps: Vec<&str> = down.iter().map(|(_, sql)| sql).collect();
            file.behind = Some(format!("-- migrate:down\n{};", steps.join(";\n")));
        }
        (false, None) => {
            let why = match file.phase {
                _ if sure => "nothing of it has to be taken back",
                Phase::Contract => "say what is lost, or write a down section instead of this line",
                _ => "say why there is no way back, or write a down section instead of this line",
            };
            file.irreversible = Some(why.to_owned());
        }
    }
}

/// What takes a statement back; no statement where nothing has to be, none where that is not known.
fn inverse(operation: &Operation, cx: &Context<'_>) -> Option<Option<String>> {
    let one = |sql: String| Some(Some(sql));
    match operation {
        Operation::Set { .. } | Operation::Harmless => Some(None),
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
        Operation::CreateView(view) if !view.or_replace && !view.if_not_exists && !view.materialized => {
            one(format!("DROP VIEW {}", written(&view.name)))
        }
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            if_exists: false,
            actions,
        } => {
            let mut back = Vec::new();
            for action in actions.iter().rev() {
                match action {
                    Action::Online(_) | Action::Harmless | Action::ValidateConstraint(_) => {}
                    other => back.push(inverse_action(other, name, cx)?),
                }
            }
            match back.is_empty() {
                true => Some(None),
                false => one(format!("ALTER TABLE {} {}", written(name), back.join(", "))),
            }
        }
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
    let takes_over = matches!(
        constraint.kind,
        ConstraintKind::Unique {
            using_index: Some(_),
            ..
        } | ConstraintKind::PrimaryKey {
            using_index: Some(_),
            ..
        }
    );
    // The index that it took over would go with it.
    if takes_over {
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
