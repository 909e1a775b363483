//! A document as text for a terminal.

use std::fmt::Write as _;

use super::Answer;
use super::blocks::{Block, Cell};

/// The widest column that others are lined up behind.
const WIDEST: usize = 48;

pub(super) fn text(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        let heading = matches!(block, Block::Heading(..));
        if !text.is_empty() && (heading || !text.ends_with(":\n")) {
            text.push('\n');
        }
        // Writing into a string does not fail.
        let _ = match block {
            Block::Heading(level @ 1..=2, words) => {
                let words = plain(words);
                let line = if *level == 1 { "=" } else { "-" };
                writeln!(text, "{words}\n{}", line.repeat(words.chars().count()))
            }
            Block::Heading(_, words) => writeln!(text, "{}:", plain(words)),
            Block::Text(words) => writeln!(text, "{}", plain(words)),
            Block::List(items) => items
                .iter()
                .try_for_each(|item| writeln!(text, "  - {}", plain(item))),
            Block::Sql(sql) => sql.lines().try_for_each(|line| writeln!(text, "  | {line}")),
            Block::Diagram(source) => source.lines().try_for_each(|line| writeln!(text, "  {line}")),
            Block::Table(head, rows) => table(&mut text, head, rows),
            Block::Checks(checks) => checks.iter().try_for_each(|(answer, item, fact)| {
                let mark = match answer {
                    Answer::Yes => "yes",
                    Answer::No => "NO",
                    Answer::Unknown => "?",
                    Answer::NotNeeded => "-",
                };
                writeln!(text, "  {mark:3} {}: {}", plain(item), plain(fact))
            }),
        };
    }
    text
}

fn table(text: &mut String, head: &[&str], rows: &[Vec<Cell>]) -> std::fmt::Result {
    let cells: Vec<Vec<String>> = std::iter::once(head.iter().map(|name| (*name).to_owned()).collect())
        .chain(rows.iter().map(|row| row.iter().map(cell).collect()))
        .collect();
    let width = |column: usize| {
        let widths = cells
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    for row in &cells {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "  {cell:width$}");
        }
        writeln!(text, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) => plain(words).replace('\n', " "),
        Cell::Code(code) => code.clone(),
    }
}

/// Names stand in backticks for Markdown only.
fn plain(words: &str) -> String {
    words.replace('`', "")
}
