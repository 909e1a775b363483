//! The files that a rule proposes, made whole: the change, the backfill, the way back or the check that each needs to be
//! read as a file of the set.

mod inverse;

use self::inverse::{Known, way_back};
use super::context::Context;
use super::finding::Finding;
use crate::diagnostic::ProposedFile;
use crate::model::{Dialect, Layout, Phase};
use crate::schema::{ConstraintModel, TableModel};
use crate::script::backfill::batched;
use crate::script::in_place::assigned;
use crate::script::split::split;
use crate::script::words::Words;
use crate::script::{is_compared, varies};
use crate::sql::{Action, Name, Operation, parse};

/// Adds what the files lack.
pub(super) fn complete(files: &mut [ProposedFile], cx: &Context<'_>) {
    if files.is_empty() {
        return;
    }
    let several = files.len() > 1;
    let known = Known::of(files, cx);
    let lost = lost(files, cx);
    for (file, lost) in files.iter_mut().zip(lost) {
        if several || file.phase != Phase::Expand || cx.migration.change.is_some() {
            file.change.get_or_insert_with(|| change(cx));
        }
        match file.phase {
            Phase::Migrate => visits(file, cx),
            _ => way_back(file, several, cx, &known),
        }
        // What cannot be taken back is not lost by that.
        if let Some(lost) = lost.filter(|_| file.irreversible.is_none() && !file.says("rollback")) {
            file.say(&format!("-- migrate:rollback data-loss={lost:?}"));
        }
    }
}

/// What is said of files that stand for one statement among others.
const ALONE: &str = "these files stand for this statement alone: the others stay in this file, with their part of its `down`; what needs the new files goes behind them";
/// How what is said to a folder of another tool begins.
const NATIVE: &str = "these are files of the native layout, ";

/// Whether the line of a help is about proposed files at large, so that a report needs it only once.
#[cfg(feature = "cli")]
pub(crate) fn is_at_large(line: &str) -> bool {
    line == ALONE || line.starts_with(NATIVE)
}

/// Says what the files do not stand for: the rest of their file, and a folder of another tool.
pub(super) fn beside(finding: &mut Finding, cx: &Context<'_>) {
    if finding.replacement.is_empty() {
        return;
    }
    let others = cx
        .all
        .iter()
        .filter(|operation| !matches!(operation, Operation::Begin | Operation::Commit { .. }))
        .take(2)
        .count();
    if others > 1 && !cx.nested {
        finding.advise(ALONE);
    }
    if cx.layout != Layout::Native {
        finding.advise(&format!(
            "{NATIVE}whose directives `{}` does not know: write the SQL of each into a file of its own, in this order, move rows in batches by a job of yours, \
             and release what is of phase contract later; or read the folder as native files (docs/file-format.md)",
            cx.layout.name()
        ));
    }
}

/// What builds write to the columns that a file adds and a later one fills: it goes when the file is taken back, unless
/// a sync carries it to the old side.
fn lost(files: &[ProposedFile], cx: &Context<'_>) -> Vec<Option<String>> {
    let filled = |table: &Name, column: &str| {
        files
            .iter()
            .filter(|file| file.phase == Phase::Migrate)
            .any(|file| {
                operations(file, cx).any(|(_, operation)| match operation {
                    Operation::Data { writes, .. } => writes.iter().any(|write| {
                        write.table == *table && write.columns.iter().any(|written| written.text == column)
                    }),
                    _ => false,
                })
            })
    };
    let lost = |file: &ProposedFile| {
        let mut columns = Vec::new();
        for (_, operation) in operations(file, cx) {
            if let Operation::Alter { name, actions, .. } = &operation {
                let added = actions.iter().filter_map(|action| match action {
                    Action::AddColumn { column, .. } => Some(&*column.name.text),
                    _ => None,
                });
                let added = added.filter(|column| filled(name, column));
                columns.extend(added.map(|column| format!("{}.{column}", name.name)));
            }
        }
        let told = file.phase == Phase::Expand && !columns.is_empty() && !file.says("sync");
        told.then(|| format!("what builds write to {}", columns.join(", ")))
    };
    files.iter().map(lost).collect()
}

/// The statements of a file, each with its text.
fn operations(file: &ProposedFile, cx: &Context<'_>) -> impl Iterator<Item = (String, Operation)> {
    let spans = split(&file.sql, cx.dialect).unwrap_or_default();
    let texts = spans.iter().map(|span| span.text(&file.sql).to_owned());
    let read = |text: String| {
        let operation = parse(&text, cx.dialect).operation;
        (text, operation)
    };
    texts.map(read).collect::<Vec<_>>().into_iter()
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
    if !file.says("backfill") {
        // What is filled only now is no key to visit the rows by.
        let filled: Vec<String> = assigned(&sql, &table, cx.dialect)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let key = match model.and_then(|model| key_of(cx, model, &filled)) {
            Some(key) => argument(&key),
            None if model.is_some_and(|model| model.complete) || filled.iter().any(|one| one == "id") => {
                "…".to_owned()
            }
            None => "id".to_owned(),
        };
        file.say(&format!(
            "-- migrate:backfill table={} key={key}",
            argument(&table)
        ));
    }
    let read = batched(&sql, &table, cx.dialect);
    // Every row is compared in the end with what the statement makes of it.
    let compared = read
        .as_ref()
        .is_ok_and(|statement| is_compared(statement, cx.dialect));
    let rows = match read {
        Ok(statement) => statement
            .assignments
            .iter()
            .map(|one| left(&one.column, &one.expression, model, cx.dialect))
            .collect::<Option<Vec<String>>>()
            .filter(|rows| !rows.is_empty()),
        Err(_) => None,
    };
    if file.behind.is_some() {
        return;
    }
    file.behind = match rows {
        Some(rows) => Some(format!(
            "-- migrate:verify zero\nSELECT count(*) FROM {table} WHERE {};",
            rows.join(" OR ")
        )),
        None if compared => None,
        None => Some(format!(
            "-- migrate:verify zero\n-- count the rows that are not as they have to be\n\
             SELECT count(*) FROM {table} WHERE …;"
        )),
    };
}

/// Columns that tell the rows of a table apart and hold no NULL, as far as the model knows them.
fn key_of(cx: &Context<'_>, model: &TableModel, filled: &[String]) -> Option<String> {
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
    let stays = |columns: &&Vec<String>| !columns.iter().any(|column| filled.contains(column));
    keys.find(|columns| never_null(columns) && stays(columns))
        .map(|columns| columns.join(","))
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
        // Asked once more, it is another value.
        value if named.iter().any(is_column) && !varies(value, dialect) => {
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
