//! What is known of a table, as blocks.

use super::{heading, plain};
use crate::document::blocks::{Block, Cell};
use crate::document::estimate::{grouped, shown};
use crate::document::{Assessment, Known, StatementUse};

fn rows_and_size(table: &Assessment) -> String {
    let rows = match (&table.sample, &table.rows) {
        (Known::Is(sample), _) if sample.whole => format!("{} rows (counted)", grouped(sample.rows)),
        (_, Known::Is(rows)) => format!("about {} rows ({})", grouped(rows.count), rows.source),
        (_, Known::Not(why)) => format!("rows not known: {why}"),
    };
    let size = match &table.size {
        Known::Is(size) => format!("{} and {} of indexes", bytes(size.table), bytes(size.indexes)),
        Known::Not(why) => format!("size not known: {why}"),
    };
    format!("{rows}; {size}")
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{} bytes", grouped(bytes)),
        10_000..10_000_000 => format!("{} kB", grouped(bytes / 1000)),
        10_000_000..10_000_000_000 => format!("{} MB", grouped(bytes / 1_000_000)),
        _ => format!("{} GB", grouped(bytes / 1_000_000_000)),
    }
}

pub(super) fn brief(table: &Assessment) -> String {
    match table.exists {
        true => format!("Table `{}`: {}.", table.table, rows_and_size(table)),
        false => format!("Table `{}` is not there yet.", table.table),
    }
}

pub(super) fn assessment(table: &Assessment, blocks: &mut Vec<Block>) {
    blocks.push(heading(3, format!("Table `{}`", table.table)));
    if !table.exists {
        blocks.push(plain("It is not there yet."));
        return;
    }
    let read = match &table.sample {
        Known::Is(sample) if sample.whole => format!("all of it was read in {}", shown(sample.took)),
        Known::Is(sample) => format!(
            "{} rows of it were read in {}",
            grouped(sample.rows),
            shown(sample.took)
        ),
        Known::Not(why) => format!("how fast it is read is not known: {why}"),
    };
    blocks.push(plain(format!("{}; {read}.", rows_and_size(table))));
    let rows = table.indexes.iter().map(|index| {
        let size = index.bytes.map_or_else(|| "not known".to_owned(), bytes);
        let name = if index.valid {
            index.name.clone()
        } else {
            format!("{} (INVALID)", index.name)
        };
        vec![Cell::code(&name), Cell::code(&index.definition), Cell::text(size)]
    });
    table_or(blocks, "Indexes", vec!["index", "over", "size"], rows.collect());
    let rows = table.foreign_keys.iter().map(|key| {
        let side = |table: &str, columns: &str| match columns {
            "" => table.to_owned(),
            columns => format!("{table} ({columns})"),
        };
        let checked = if key.valid { "" } else { ", NOT VALID" };
        vec![
            Cell::code(&side(&key.from, &key.columns)),
            Cell::code(&side(&key.to, &key.to_columns)),
            Cell::text(format!("{}{checked}", key.on_delete)),
            Cell::text(&*key.on_update),
        ]
    });
    table_or(
        blocks,
        "Foreign keys",
        vec!["from", "to", "on delete", "on update"],
        rows.collect(),
    );
    let rows = table.dependents.iter().map(|one| {
        vec![
            Cell::text(&*one.kind),
            Cell::code(&one.name),
            Cell::code(&one.detail),
        ]
    });
    table_or(
        blocks,
        "What depends on it",
        vec!["kind", "name", ""],
        rows.collect(),
    );
    match &table.statements {
        Known::Not(why) => blocks.push(plain(format!(
            "Statements that touch it, and their latency: not known, {why}."
        ))),
        Known::Is(statements) if statements.is_empty() => {
            blocks.push(plain("Statements that touch it: none was counted."));
        }
        Known::Is(statements) => {
            blocks.push(plain("Statements that touch it, by the time they take in all:"));
            blocks.push(Block::Table(
                vec!["statement", "calls", "mean", "p50", "p99"],
                statements.iter().map(statement).collect(),
            ));
        }
    }
}

fn table_or(blocks: &mut Vec<Block>, what: &str, head: Vec<&'static str>, rows: Vec<Vec<Cell>>) {
    match rows.is_empty() {
        true => blocks.push(plain(format!("{what}: none."))),
        false => {
            blocks.push(plain(format!("{what}:")));
            blocks.push(Block::Table(head, rows));
        }
    }
}

fn statement(one: &StatementUse) -> Vec<Cell> {
    let time = |ms: Option<f64>| ms.map_or_else(|| "not known".to_owned(), |ms| format!("{ms:.2} ms"));
    vec![
        Cell::code(&one.sql),
        Cell::text(grouped(one.calls)),
        Cell::text(time(Some(one.mean_ms))),
        Cell::text(time(one.p50_ms)),
        Cell::text(time(one.p99_ms)),
    ]
}
