//! A document as Markdown.

use std::fmt::Write as _;

use super::Answer;
use super::blocks::{Block, Cell};

pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        if !text.is_empty() {
            text.push('\n');
        }
        // Writing into a string does not fail.
        let _ = match block {
            Block::Heading(level, words) => {
                writeln!(text, "{} {}", "#".repeat(usize::from(*level)), escaped(words))
            }
            Block::Text(words) => writeln!(text, "{}", escaped(words)),
            Block::List(items) => items
                .iter()
                .try_for_each(|item| writeln!(text, "- {}", escaped(item))),
            Block::Sql(sql) => fenced(&mut text, "sql", sql),
            Block::Diagram(source) => fenced(&mut text, "mermaid", source),
            Block::Table(head, rows) => table(&mut text, head, rows),
            Block::Checks(checks) => checks.iter().try_for_each(|(answer, item, fact)| {
                let (mark, word) = match answer {
                    Answer::Yes => ("[x]", ""),
                    Answer::No => ("[ ]", "**no**, "),
                    Answer::Unknown => ("[ ]", "*not known*, "),
                    Answer::NotNeeded => ("[x]", "not needed, "),
                };
                writeln!(text, "- {mark} {}: {word}{}", escaped(item), escaped(fact))
            }),
        };
    }
    text
}

fn fenced(text: &mut String, language: &str, source: &str) -> std::fmt::Result {
    // A fence has to be longer than any within.
    let mut fence = "```".to_owned();
    while source.contains(&fence) {
        fence.push('`');
    }
    writeln!(text, "{fence}{language}\n{}\n{fence}", source.trim_end())
}

fn table(text: &mut String, head: &[&str], rows: &[Vec<Cell>]) -> std::fmt::Result {
    writeln!(text, "| {} |", head.join(" | "))?;
    writeln!(text, "|{}", "---|".repeat(head.len()))?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(cell).collect();
        writeln!(text, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) => escaped(words).replace('|', "\\|").replace('\n', " "),
        Cell::Code(code) if code.is_empty() => String::new(),
        Cell::Code(code) => {
            let fence = if code.contains('`') { "``" } else { "`" };
            let space = if code.contains('`') { " " } else { "" };
            format!("{fence}{space}{}{space}{fence}", code.replace('|', "\\|"))
        }
    }
}

/// Words that a renderer would take for HTML or for emphasis, outside of what is in backticks.
fn escaped(words: &str) -> String {
    let mut text = String::new();
    for (index, piece) in words.split('`').enumerate() {
        if index > 0 {
            text.push('`');
        }
        match index % 2 {
            0 => text.push_str(&piece.replace('<', "&lt;").replace('*', "\\*")),
            _ => text.push_str(piece),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_read_as_markup() {
        let rows = vec![vec![
            Cell::text("a|b <i> *c* `*`"),
            Cell::code("SELECT `a`\n  | 1"),
        ]];
        let shown = markdown(&[
            Block::Table(vec!["one", "two"], rows),
            Block::Sql("-- ```\nSELECT 1".to_owned()),
        ]);
        assert_eq!(
            shown,
            "| one | two |\n|---|---|\n| a\\|b &lt;i> \\*c\\* `*` | `` SELECT `a` \\| 1 `` |\n\n\
             ````sql\n-- ```\nSELECT 1\n````\n"
        );
    }
}
