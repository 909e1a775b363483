//! `sqlite-drop-column-fails`.

use super::prelude::*;
use crate::schema::Schema;
use crate::script::lex::{Lexer, Token};

pub(super) static RULE: Rule = Rule::new(
    "sqlite-drop-column-fails",
    "A column is dropped that something else of the schema needs.",
    Severity::Error,
    Allowed::Never,
    include_str!("sqlite_drop_column_fails.md"),
    check,
)
.on(SQLITE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Alter { kind: ObjectKind::Table, name, actions, .. } = cx.operation else { return };
    let key = cx.schema.resolve(Class::Relation, name);
    let Some(table) = cx.schema.table_at(&key) else { return };
    for action in actions {
        let Action::DropColumn { column, .. } = action else { continue };
        let Some((why, first)) = obstacle(cx.schema, &key, table, &column.text) else {
            broken(cx, &key, column, out);
            continue;
        };
        let finding = out.report(column.span, format!("dropping `{}` fails: {why}", column.text));
        finding.breaks("the migration: SQLite refuses the statement");
        let dropped = key.to_name();
        // The running build uses the columns and the views of a table in use.
        let phase = if cx.existing(name).is_some() { Phase::Contract } else { cx.phase() };
        match first {
            Some(first) => _ = finding.file(phase, format!("{first}\nALTER TABLE {dropped} DROP COLUMN {column};")),
            None if table.columns.len() < 2 => _ = finding.help("drop the table, or rebuild it with another column"),
            None => {
                let gone = column.text.clone();
                let sql = rebuild_sql(cx, &key, |table| {
                    table.columns.retain(|column| column.name != gone);
                    table.indexes.retain(|index| !index.columns.contains(&gone));
                    table.constraints.retain(|one| !over(&one.kind, &gone));
                });
                finding.help("rebuild the table without the column");
                if let Some(sql) = sql {
                    finding.file(phase, sql);
                }
            }
        }
    }
}

/// A trigger that writes the column: SQLite looks at what its statements read, and not at what they write.
fn broken(cx: &Context<'_>, key: &Key, column: &Word, out: &mut Findings<'_>) {
    let later = cx.all.get(cx.at + 1..).unwrap_or_default();
    let dropped = |trigger: &Key| {
        let names = |operation: &Operation| matches!(operation, Operation::Drop { kind: ObjectKind::Trigger, names, .. } if names.iter().any(|name| name.name == trigger.name));
        later.iter().any(names)
    };
    let mut triggers = cx.schema.triggers();
    let Some((trigger, table, _)) = triggers.find(|(trigger, _, body)| writes_to(body, key, &column.text) && !dropped(trigger)) else { return };
    let message = format!("the trigger `{trigger}` writes `{}`, and fails once it is gone", column.text);
    out.report(column.span, message)
        .breaks(format!("every write to `{table}` that fires the trigger; SQLite drops the column all the same"))
        .file(cx.phase(), format!("DROP TRIGGER {trigger};\nALTER TABLE {} DROP COLUMN {column};", key.to_name()));
}

/// Whether a statement of a trigger writes the column of that table.
fn writes_to(body: &str, table: &Key, column: &str) -> bool {
    targets(body).iter().any(|target| {
        target.table.is_none_or(|name| unquoted(name).eq_ignore_ascii_case(&table.name)) && unquoted(target.column).eq_ignore_ascii_case(column)
    })
}

fn unquoted(name: &str) -> &str {
    name.trim_matches(|one| matches!(one, '"' | '`' | '[' | ']'))
}

/// A column that a statement of a trigger writes, and where it stands.
struct Target<'a> {
    table: Option<&'a str>,
    column: &'a str,
    start: usize,
    end: usize,
}

/// What the statements of a trigger write: the columns that INSERT lists and UPDATE sets.
fn targets(body: &str) -> Vec<Target<'_>> {
    let lexed = Lexer::new(body, Dialect::Sqlite).map_while(Result::ok);
    let tokens: Vec<Token> = lexed.filter(|token| !token.kind.is_trivia()).collect();
    let text = |at: usize| tokens.get(at).map_or("", |token: &Token| token.text(body));
    let is = |at: usize, word: &str| text(at).eq_ignore_ascii_case(word);
    let mut found = Vec::new();
    let mut table = None;
    let mut at = (0..tokens.len()).find(|at| is(*at, "begin")).unwrap_or(tokens.len());
    let name = |at: usize| if text(at + 1) == "." { at + 2 } else { at };
    while at < tokens.len() {
        let named = match () {
            () if is(at, "into") => Some(name(at + 1)),
            () if is(at, "update") && is(at + 1, "or") => Some(name(at + 3)),
            () if is(at, "update") && !is(at.wrapping_sub(1), "do") => Some(name(at + 1)),
            () => None,
        };
        let mut list = None;
        if let Some(named) = named {
            table = Some(text(named));
            let behind = if is(named + 1, "as") { named + 3 } else { named + 1 };
            list = (is(at, "into") && text(behind) == "(").then_some(behind);
            at = named;
        } else if is(at, "set") {
            list = Some(at);
        }
        let Some(from) = list else {
            at += 1;
            continue;
        };
        let inserts = text(from) == "(";
        let (mut depth, mut expected) = (0_i32, true);
        at = from;
        while at + 1 < tokens.len() {
            at += 1;
            let ends = ["where", "from", ";", "on", "returning", "order", "limit"];
            match text(at) {
                "(" => depth += 1,
                ")" if inserts && depth == 0 => break,
                ")" => depth -= 1,
                "," => expected |= depth == 0,
                "=" if depth == 0 => expected = false,
                word if !inserts && depth == 0 && ends.iter().any(|end| word.eq_ignore_ascii_case(end)) => {
                    at -= 1;
                    break;
                }
                column if expected => {
                    found.push(Target { table, column, start: tokens[at].start, end: tokens[at].end });
                    expected = !inserts && depth > 0;
                }
                _ => {}
            }
        }
        at += 1;
    }
    found
}

/// The text of a trigger without the columns that its statements only write.
fn without_targets(body: &str) -> String {
    let mut rest = String::with_capacity(body.len());
    let mut last = 0;
    for target in targets(body) {
        rest.push_str(&body[last..target.start]);
        last = target.end;
    }
    rest.push_str(&body[last..]);
    rest
}

fn over(kind: &ConstraintModel, column: &str) -> bool {
    let has = |columns: &[String]| columns.iter().any(|name| name == column);
    match kind {
        ConstraintModel::Unique(columns) | ConstraintModel::PrimaryKey(columns) | ConstraintModel::ForeignKey(columns, _, _) => has(columns),
        ConstraintModel::Check(check) => has(&check.columns),
        _ => false,
    }
}

/// Why SQLite does not drop a column that a statement names, and where it names it.
pub(in super::super) fn undroppable(schema: &Schema, operation: &Operation) -> Option<(Span, String)> {
    let Operation::Alter { kind: ObjectKind::Table, name, actions, .. } = operation else { return None };
    let key = schema.resolve(Class::Relation, name);
    let table = schema.table_at(&key)?;
    actions.iter().find_map(|action| match action {
        Action::DropColumn { column, .. } => {
            let (why, _) = obstacle(schema, &key, table, &column.text)?;
            Some((column.span, format!("dropping `{}` fails: {why}", column.text)))
        }
        _ => None,
    })
}

/// Why the column cannot be dropped, and the statement after which it can, where one will do.
fn obstacle(schema: &Schema, key: &Key, table: &TableModel, column: &str) -> Option<(String, Option<String>)> {
    if table.kind == TableKind::Virtual {
        return Some(("a virtual table cannot be altered".to_owned(), None));
    }
    if table.complete && table.columns.len() == 1 && table.column(column).is_some() {
        return Some((format!("`{key}` has no other column"), None));
    }
    for constraint in &table.constraints {
        if !over(&constraint.kind, column) {
            continue;
        }
        match &constraint.kind {
            ConstraintModel::PrimaryKey(_) => return Some(("it belongs to the primary key".to_owned(), None)),
            ConstraintModel::Unique(_) => return Some(("it is UNIQUE".to_owned(), None)),
            // What is written at the column goes with it.
            _ if constraint.written_at.as_deref() == Some(column) => {}
            ConstraintModel::ForeignKey(..) => return Some(("it belongs to a foreign key of the table".to_owned(), None)),
            _ => return Some(("a CHECK names it".to_owned(), None)),
        }
    }
    for index in table.indexes.iter().filter(|index| !index.constraint) {
        let named = index.columns.iter().any(|name| name == column)
            || (index.columns.iter().any(String::is_empty) && contains_word(&index.definition, column))
            || index.predicate.as_ref().is_some_and(|predicate| contains_word(predicate, column));
        if named {
            return Some((format!("the index `{}` is over it", index.name), Some(format!("DROP INDEX {};", quote(&index.name)))));
        }
    }
    let computed = table.columns.iter().find(|other| match &other.generated {
        Some(Generated::Stored(value) | Generated::Virtual(value)) => value.columns.iter().any(|name| name == column),
        _ => false,
    });
    if let Some(other) = computed {
        let first = format!("ALTER TABLE {} DROP COLUMN {};", key.to_name(), quote(&other.name));
        return Some((format!("`{}` is computed from it", other.name), Some(first)));
    }
    let view = schema.views().find(|(_, query)| reads(schema, query, key, column));
    if let Some((view, _)) = view {
        return Some((format!("the view `{view}` shows it"), Some(format!("DROP VIEW {view};"))));
    }
    let trigger = schema.triggers().find(|(_, of, body)| {
        contains_word(body, column) && {
            let body = without_targets(body);
            match *of == key {
                true => names(&body, column),
                false => reads(schema, &body, key, column),
            }
        }
    });
    let (trigger, _, _) = trigger?;
    Some((format!("the trigger `{trigger}` names it"), Some(format!("DROP TRIGGER {trigger};"))))
}

/// Whether the condition or the statements of a trigger of the table name the column. SQLite does not mind one that
/// is gone among those that the trigger fires on.
fn names(body: &str, column: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    let word = |word: &str| {
        let found = lower.match_indices(word).map(|(at, _)| at);
        let bound = |at: &usize| {
            let part = |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() || one == '_');
            !part(lower[..*at].chars().next_back()) && !part(lower[at + word.len()..].chars().next())
        };
        found.into_iter().find(bound)
    };
    let from = [word("when"), word("begin")].into_iter().flatten().min();
    let rest = body.get(from.unwrap_or(0)..).unwrap_or(body);
    // A text is no name.
    rest.split('\'').step_by(2).any(|piece| contains_word(piece, column))
}

/// Whether a query over other tables as well reads the column of this one.
pub(super) fn reads(schema: &Schema, query: &str, table: &Key, column: &str) -> bool {
    if !contains_word(query, &table.name) || !contains_word(query, column) {
        return false;
    }
    let elsewhere = schema.tables().any(|(other, model)| {
        other != table && contains_word(query, &other.name) && (model.column(column).is_some() || !model.complete)
    });
    // Where another table of the query has such a column too, only a qualified name tells.
    !elsewhere || query.to_ascii_lowercase().contains(&format!("{}.{column}", table.name))
}
