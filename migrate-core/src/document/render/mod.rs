//! A plan document as blocks.

mod phase;
mod table;

use self::phase::phase;
use self::table::{assessment, brief};
use super::blocks::{Block, Cell};
use super::{Document, Known, Part};
use crate::plan::Mode;
use crate::time;

fn heading(level: u8, words: impl Into<String>) -> Block {
    Block::Heading(level, words.into())
}

fn plain(words: impl Into<String>) -> Block {
    Block::Text(words.into())
}

pub(in crate::document) fn blocks(document: &Document) -> Vec<Block> {
    let what = match document.mode {
        Mode::Completion => "Plan",
        Mode::StartUp => "What a start-up does now",
    };
    let mut blocks = vec![heading(1, format!("{what}: set `{}`", document.set))];
    let fresh = if document.fresh {
        ", which nobody uses yet"
    } else {
        ""
    };
    blocks.push(plain(format!(
        "Seen at {} on {}{fresh}. Making this document changed nothing. Sizes and numbers of rows are the catalog's \
         estimates unless they say otherwise; what is not known says so.",
        time::shown(document.at_ms),
        document.server
    )));
    if document.parts.is_empty() {
        blocks.push(plain(match document.mode {
            Mode::Completion => "Nothing is pending.",
            Mode::StartUp => "There is nothing to do now.",
        }));
    }
    for note in &document.notes {
        blocks.push(plain(format!("Note: {note}.")));
    }
    connected(document, &mut blocks);
    for part in &document.parts {
        self::part(part, &mut blocks);
    }
    blocks
}

fn connected(document: &Document, blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Who uses the database"));
    blocks.push(plain(
        "Beside the connection that asks; others of its own pool are among them:",
    ));
    let mut items = Vec::new();
    match &document.applications {
        Known::Not(why) => items.push(format!("connected applications: not known, {why}")),
        Known::Is(applications) if applications.is_empty() => {
            items.push("nobody else is connected".to_owned())
        }
        Known::Is(applications) => items.extend(applications.iter().map(|application| {
            format!(
                "`{}` (connections: {})",
                application.name, application.connections
            )
        })),
    }
    match document.instances.len() {
        0 => items.push("no instance of this set is registered".to_owned()),
        _ => items.extend(
            document
                .instances
                .iter()
                .map(|name| format!("registered: {name}")),
        ),
    }
    items.extend(
        document
            .blind
            .iter()
            .map(|why| format!("not everything can be seen: {why}")),
    );
    blocks.push(Block::List(items));
}

fn part(part: &Part, blocks: &mut Vec<Block>) {
    match part.named {
        true => blocks.push(heading(2, format!("Change `{}`", part.name))),
        false => {
            let names = part.phases.iter().flat_map(|phase| &phase.migrations);
            let names: Vec<&str> = names.map(|migration| &*migration.name).collect();
            blocks.push(heading(
                2,
                format!("Migration {} {}", part.name, names.join(", ")),
            ));
        }
    }
    if let Some(state) = part.state {
        let since = part
            .since_ms
            .map_or(String::new(), |ms| format!(" since {}", time::shown(ms)));
        let blocked = part
            .blocked
            .as_ref()
            .map_or(String::new(), |why| format!("; blocked: {why}"));
        blocks.push(plain(format!("State: {state}{since}{blocked}.")));
    }
    for table in &part.tables {
        match part.named {
            true => assessment(table, blocks),
            false => blocks.push(plain(brief(table))),
        }
    }
    for phase in &part.phases {
        self::phase(part, phase, blocks);
    }
    blocks.push(plain(match &part.no_return {
        Some(one) => format!(
            "Point of no return: {} {}. {}.",
            one.version,
            one.name,
            sentence(&one.why)
        ),
        None => "Point of no return: none, every step can be taken back.".to_owned(),
    }));
    if !part.triggers.is_empty() {
        blocks.push(heading(3, "What stops it"));
        let rows = part.triggers.iter().map(|one| {
            let by = if one.watched { "the library" } else { "a person" };
            [&*one.what, &*one.threshold, &*one.then, by]
                .map(Cell::text)
                .to_vec()
        });
        blocks.push(Block::Table(
            vec!["trigger", "threshold", "then", "watched by"],
            rows.collect(),
        ));
    }
    if !part.scenarios.is_empty() {
        blocks.push(heading(3, "Rollback plan"));
        let rows = part
            .scenarios
            .iter()
            .map(|one| [&*one.happened, &*one.then].map(Cell::text).to_vec());
        blocks.push(Block::Table(vec!["what happened", "what to do"], rows.collect()));
    }
    if !part.checklist.is_empty() {
        blocks.push(heading(3, "Checklist"));
        let checks = part
            .checklist
            .iter()
            .map(|one| (one.answer, one.item.clone(), one.fact.clone()));
        blocks.push(Block::Checks(checks.collect()));
        blocks.push(plain("Reviewed by: ____________________  Date: ____________"));
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
