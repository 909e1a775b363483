//! `whole-table-write`.

use super::prelude::*;
use crate::script::backfill;
use crate::script::in_place::{Again, in_place, name_of};
use crate::script::lex::Lexer;

pub(super) static RULE: Rule = Rule::new(
    "whole-table-write",
    "Every row of a table in use is written by one statement.",
    Severity::Error,
    Allowed::Backfill,
    include_str!("whole_table_write.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::Data { writes, .. } = cx.operation else { return };
    let batched = !cx.back && cx.migration.backfill.is_some() && cx.phase() == Phase::Migrate;
    for write in writes {
        let Some(table) = cx.existing(&write.table).filter(|_| !batched) else { continue };
        // The tables that SQLite keeps for itself have a row for each table.
        if cx.dialect == Dialect::Sqlite && table.name.starts_with("sqlite_") {
            continue;
        }
        let model = cx.schema.table_at(&table);
        // Rows that are put over those they are made from.
        let itself = |(from, _): &&(Name, Filter)| cx.schema.resolve(Class::Relation, from) == table;
        let again = write.again.as_ref().filter(itself);
        let why = match again.map_or(&write.filter, |(_, filter)| filter) {
            // What goes with the rows of a table that nobody else has filled is no more than these.
            Filter::Joined { tables, .. } if tables.iter().any(|one| cx.existing(one).is_none()) => continue,
            Filter::Joined { by_where: true, .. } => "its WHERE only says which rows of the tables go together",
            Filter::Missing | Filter::Joined { .. } => "there is no WHERE",
            Filter::Always => "its WHERE holds for every row",
            Filter::NotNull(columns)
                if columns.iter().all(|column| model.is_some_and(|model| model.is_not_null(column) || is_row_number(cx, model, column))) =>
            {
                "its WHERE holds for every row"
            }
            Filter::Null(columns) if columns.iter().all(|column| is_fresh(cx, write, model.map(|model| &**model), column)) => {
                "the column that its WHERE asks for is NULL in every row, as this file adds it"
            }
            _ => continue,
        };
        let word = match write.kind {
            WriteKind::Delete => "DELETE",
            WriteKind::Insert => "INSERT",
            _ => "UPDATE",
        };
        let finding = out.report(write.span, format!("this {word} writes every row of `{table}` at once: {why}"));
        finding
            .lock(match cx.dialect {
                Dialect::Sqlite => "the database, until the file commits: nobody else writes it".to_owned(),
                _ => format!("a lock on every row of {table} until the file commits: whoever writes one of them waits"),
            })
            .breaks(match cx.dialect {
                Dialect::Sqlite => "the running build, whose writes wait or fail with SQLITE_BUSY",
                _ => "the running build, whose writes wait; and the table, which doubles in size",
            });
        let key = model.and_then(|model| primary_key(model));
        let shown = table.to_string();
        let grows = backfill::batched(cx.sql, &shown, cx.dialect)
            .is_ok_and(|batched| in_place(&batched, cx.dialect).is_some_and(|one| {
                let column = model.and_then(|model| model.column(&name_of(&one.column, cx.dialect)));
                let (ty, default) = (column.and_then(|column| column.ty.as_ref()), column.and_then(|column| column.default.as_ref()));
                one.again(ty, default) == Again::Other
            }));
        if grows {
            finding.help(
                "do it in batches into a new column: of a column that is computed from itself nobody could tell which rows \
                 are done; or with a condition on what the statement assigns, which leaves these rows out",
            );
            continue;
        }
        match &key {
            Some(key) if !cx.nested && writes.len() == 1 && is_plain_update(cx) && is_bare(&table, key) => {
                finding.help("do it in batches").backfill(&table, key, format!("{};", cx.sql));
            }
            _ => {
                finding.help(format!(
                    "do it in batches: a migrate file with\n-- migrate:change …\n-- migrate:phase migrate\n-- migrate:backfill table={table} key={}\nin its header and this statement in its up section",
                    key.unwrap_or_else(|| "id".to_owned())
                ));
            }
        }
    }
}

/// Whether this file has added the column and not given it values yet, so that it is NULL in every row.
fn is_fresh(cx: &Context<'_>, write: &Write, model: Option<&TableModel>, column: &str) -> bool {
    let column = model.and_then(|model| model.column(column));
    let added = column.is_some_and(|column| {
        let empty = column.default.is_none() && column.generated.is_none();
        empty && column.added_by == Some(cx.index) && column.ty.as_ref().is_none_or(|ty| !ty.is_serial())
    });
    let key = |name: &Name| cx.schema.resolve(Class::Relation, name);
    let same = |other: &Write| other.table.name == write.table.name && key(&other.table) == key(&write.table);
    let filled = |operation: &Operation| match operation {
        Operation::Data { writes, calls, .. } => !calls.is_empty() || writes.iter().any(same),
        Operation::Do { .. } | Operation::Call { .. } | Operation::Opaque { .. } => true,
        _ => false,
    };
    added && !cx.nested && !cx.all.iter().take(cx.at).any(filled)
}

/// Whether it is SQLite's number of the row, which every row has.
fn is_row_number(cx: &Context<'_>, model: &TableModel, column: &str) -> bool {
    cx.dialect == Dialect::Sqlite && matches!(column, "rowid" | "_rowid_" | "oid") && model.column(column).is_none()
}

/// Whether the statement is `UPDATE table SET …` and nothing but a WHERE behind it, so that a batch can be cut out of it.
fn is_plain_update(cx: &Context<'_>) -> bool {
    let tokens: Vec<&str> = Lexer::new(cx.sql, cx.dialect)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .map(|token| token.text(cx.sql))
        .collect();
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.eq_ignore_ascii_case(word));
    let set = if is(2, ".") { 4 } else { 2 };
    let mut depth = 0_i32;
    let mut rest = tokens.iter().skip(set);
    let plain = rest.all(|token| {
        depth += i32::from(*token == "(") - i32::from(*token == ")");
        let other = ["from", "returning", "order", "limit"];
        depth > 0 || !other.iter().any(|word| token.eq_ignore_ascii_case(word))
    });
    is(0, "update") && is(set, "set") && plain
}

/// Whether a directive can name them as they are.
fn is_bare(table: &Key, key: &str) -> bool {
    let bare = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | ',');
    table.to_string().chars().all(bare) && key.chars().all(bare)
}

fn primary_key(model: &TableModel) -> Option<String> {
    model.constraints.iter().find_map(|one| match &one.kind {
        ConstraintModel::PrimaryKey(columns) => Some(columns.join(",")),
        _ => None,
    })
}
