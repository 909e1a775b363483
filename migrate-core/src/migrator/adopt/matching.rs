//! Which migrations of a set another tool applied, by what its table says.

use std::collections::HashMap;

use super::checksum::is_of;
use super::{Adoption, Tool};
use crate::database::ToolRow;
use crate::error::{Error, Kind};
use crate::history::{History, State};
use crate::model::directives::Squashed;
use crate::model::{Layout, Migration, MigrationSet, Version};
use crate::plan::partly;

/// What follows from another tool's table.
#[derive(Debug, Default)]
pub(super) struct Matched<'a> {
    /// What the tool applied and our history does not have.
    pub(super) record: Vec<&'a Migration>,
    /// What the tool applied and our history has already.
    pub(super) known: usize,
    /// What neither has.
    pub(super) pending: Vec<&'a Migration>,
    pub(super) notes: Vec<String>,
}

pub(super) fn matched<'a>(
    set: &'a MigrationSet,
    adoption: &Adoption,
    rows: &[ToolRow],
    history: &History,
) -> Result<Matched<'a>, Error> {
    let tool = adoption.tool;
    refuse_failed(tool, rows)?;
    let found = Finder::new(set, tool).find(rows);
    refuse_unknown(set, adoption, &found.unknown)?;
    let mut notes = Vec::new();
    compare_texts(set, tool, &found.matched, &mut notes)?;
    note_names(tool, &found.matched, &mut notes);

    let mut result = Matched::default();
    let newest = found.matched.iter().map(|(migration, _)| migration.version).max();
    let mut taken_back = Vec::new();
    for migration in set.migrations.iter() {
        let (squashed, missing): (Vec<&Squashed>, Vec<&Squashed>) =
            migration.squash.iter().partition(|member| {
                let is_member = |row: &ToolRow| numbers(tool, &row.version).any(|one| one == member.version);
                rows.iter().any(is_member)
            });
        if !squashed.is_empty() && !missing.is_empty() {
            return Err(partly(migration, &squashed, &missing, history));
        }
        let is_theirs = !squashed.is_empty()
            || found
                .matched
                .iter()
                .any(|(theirs, _)| theirs.version == migration.version)
            || adoption
                .baseline
                .is_some_and(|baseline| migration.version <= baseline);
        let was_taken_back = history
            .reverted
            .iter()
            .any(|(version, _)| *version == migration.version);
        match history.get(migration.version) {
            Some(row) if row.state == State::Applied => result.known += usize::from(is_theirs),
            Some(row) if is_theirs => {
                let message = format!("migration {migration} is {} in our own history", row.state);
                return Err(Error::new(Kind::Dirty, message)
                    .migration(migration)
                    .help("finish it first: `run` (`migrate up`) goes on where it was interrupted"));
            }
            // Our history knows better than a table that nobody writes to any more.
            None if is_theirs && was_taken_back => taken_back.push(migration),
            None if is_theirs => result.record.push(migration),
            _ => result.pending.push(migration),
        }
    }
    let late = result
        .pending
        .iter()
        .filter(|migration| Some(migration.version) < newest);
    let late: Vec<String> = late.map(|migration| migration.to_string()).collect();
    if !late.is_empty() {
        notes.push(format!(
            "older than what {tool} applied last, and not applied by it: {}; the next run applies them out of order",
            late.join(", ")
        ));
    }
    for migration in taken_back {
        notes.push(format!(
            "{migration} was taken back since it was adopted, and stays so"
        ));
    }
    result.notes = notes;
    Ok(result)
}

/// What a tool applied of a set, or what of it stands for what the tool applied.
pub(super) fn applied_by<'a>(set: &'a MigrationSet, tool: Tool, rows: &[ToolRow]) -> Vec<&'a Migration> {
    let found = Finder::new(set, tool).find(rows);
    let is_theirs = |migration: &&Migration| {
        let is_member = |row: &ToolRow| {
            let mut members = migration.squash.iter();
            members.any(|member| numbers(tool, &row.version).any(|one| one == member.version))
        };
        let mut matched = found.matched.iter();
        matched.any(|(theirs, _)| theirs.version == migration.version) || rows.iter().any(is_member)
    };
    set.migrations.iter().filter(is_theirs).collect()
}

fn refuse_failed(tool: Tool, rows: &[ToolRow]) -> Result<(), Error> {
    let failed: Vec<String> = rows.iter().filter(|row| row.failed).map(shown).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let error = Error::new(
        Kind::Dirty,
        format!(
            "{tool} began a migration and did not end it: {}",
            failed.join(", ")
        ),
    );
    Err(error.help(format!(
        "look at how far it came, finish or undo it by hand, and correct its row in {tool}'s table"
    )))
}

/// What the tool applied that the set does not have, unless that is declared to be history.
fn refuse_unknown(set: &MigrationSet, adoption: &Adoption, unknown: &[&ToolRow]) -> Result<(), Error> {
    let tool = adoption.tool;
    let unexplained = unknown.iter().filter(|row| {
        let explained = |version: Version| {
            set.tombstones.contains(&version) || adoption.baseline.is_some_and(|baseline| version <= baseline)
        };
        !numbers(tool, &row.version).any(explained)
    });
    let names: Vec<String> = unexplained.map(|row| shown(row)).collect();
    if names.is_empty() {
        return Ok(());
    }
    let error = Error::new(
        Kind::UnknownVersion,
        format!(
            "{tool} applied migrations that the set `{}` does not have: {}",
            set.name,
            names.join(", ")
        ),
    );
    let error = match tool.layout() {
        Some(layout) if layout != set.layout => error.note(format!(
            "the set has the {} layout; `layout = \"{layout}\"` embeds {tool}'s files as they are",
            set.layout
        )),
        _ => error,
    };
    Err(error.help(
        "add their files; or a tombstone in migrations.lock for each that was withdrawn; or `Adoption::baseline` with \
         the version up to which the set's files stand for all that was applied",
    ))
}

/// Compares the checksums with the texts. A set of another layout holds its SQL in files that the tool never saw, so
/// there a difference says nothing.
fn compare_texts(
    set: &MigrationSet,
    tool: Tool,
    matched: &[(&Migration, &ToolRow)],
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    let differing = matched
        .iter()
        .filter(|(migration, row)| is_of(tool, &migration.up.text, row) == Some(false));
    let differing: Vec<&Migration> = differing.map(|(migration, _)| *migration).collect();
    let Some(first) = differing.first() else {
        return Ok(());
    };
    if tool.layout() != Some(set.layout) {
        let names: Vec<String> = differing.iter().map(|migration| migration.to_string()).collect();
        notes.push(format!(
            "the text is not the file that {tool} applied, which says little in the {} layout: {}",
            set.layout,
            names.join(", ")
        ));
        return Ok(());
    }
    let message = match differing.len() {
        1 => format!("migration {first} is not what {tool} applied"),
        count => format!("{count} migrations are not what {tool} applied"),
    };
    let mut error = Error::new(Kind::DigestMismatch, message);
    if differing.len() == 1 {
        error = error.migration(first);
    } else {
        for migration in &differing {
            error = error.note(format!("{migration}: {}", migration.path));
        }
    }
    Err(error.help(
        "restore the files as they were applied, and put what has to change into a new one.\n\
         Where the database is right all the same, `baseline` records them without comparing",
    ))
}

/// The same version under another name may be another migration, which nothing else shows where there is no checksum.
fn note_names(tool: Tool, matched: &[(&Migration, &ToolRow)], notes: &mut Vec<String>) {
    for (migration, row) in matched {
        let name = match tool {
            Tool::SeaOrm => sea_orm(&row.version).1,
            _ => row.name.as_deref().unwrap_or_default(),
        };
        let plain = |name: &str| name.replace([' ', '-'], "_").to_lowercase();
        if !name.is_empty() && plain(name) != plain(&migration.name) {
            notes.push(format!("{tool} called {migration} `{name}`"));
        }
    }
}

/// Finds the migration of a row.
struct Finder<'a> {
    set: &'a MigrationSet,
    tool: Tool,
    /// By the version of diesel, which is a text.
    texts: HashMap<String, &'a Migration>,
}

struct Found<'a, 'r> {
    matched: Vec<(&'a Migration, &'r ToolRow)>,
    unknown: Vec<&'r ToolRow>,
}

impl<'a> Finder<'a> {
    fn new(set: &'a MigrationSet, tool: Tool) -> Self {
        let texts = match (tool, set.layout) {
            (Tool::Diesel, Layout::Diesel) => set
                .migrations
                .iter()
                .filter_map(|migration| Some((diesel_version(migration)?, migration)))
                .collect(),
            _ => HashMap::new(),
        };
        Self { set, tool, texts }
    }

    fn find<'r>(&self, rows: &'r [ToolRow]) -> Found<'a, 'r> {
        let mut found = Found {
            matched: Vec::with_capacity(rows.len()),
            unknown: Vec::new(),
        };
        for row in rows {
            match self.migration(row) {
                // Two of its versions that are one here: which of them the file is cannot be told.
                Some(migration)
                    if !found
                        .matched
                        .iter()
                        .any(|(other, _)| other.version == migration.version) =>
                {
                    found.matched.push((migration, row));
                }
                _ => found.unknown.push(row),
            }
        }
        found
    }

    fn migration(&self, row: &ToolRow) -> Option<&'a Migration> {
        if let Some(migration) = self.texts.get(&row.version) {
            return Some(*migration);
        }
        if !self.texts.is_empty() {
            return None;
        }
        let mut numbers = numbers(self.tool, &row.version);
        if let Some(migration) = numbers.find_map(|version| self.set.get(version)) {
            return Some(migration);
        }
        // Names of sea-orm need not begin with a time.
        let is_named = self.tool == Tool::SeaOrm && sea_orm(&row.version).0.is_none();
        let mut called = self
            .set
            .migrations
            .iter()
            .filter(|migration| is_named && *migration.name == *row.version);
        called.next().filter(|_| called.next().is_none())
    }
}

/// diesel's version of a migration: the name of its folder up to the first underscore, without hyphens.
fn diesel_version(migration: &Migration) -> Option<String> {
    let folder = migration.path.rsplit('/').nth(1)?;
    Some(folder.split('_').next()?.replace('-', ""))
}

/// The versions that a set may give what the tool calls so, the likeliest first.
fn numbers(tool: Tool, text: &str) -> impl Iterator<Item = Version> {
    let exact = match tool {
        Tool::SeaOrm => sea_orm(text).0,
        _ => text.parse().ok(),
    };
    // What the diesel layout makes of a day, and of a time with a counter.
    let time = match (tool, text.len()) {
        (Tool::Diesel, 8) => format!("{text}000000").parse().ok(),
        (Tool::Diesel, 18) => text.get(..14).and_then(|time| time.parse().ok()),
        _ => None,
    };
    [exact, time].into_iter().flatten()
}

/// The version in a name of sea-orm, `m<day>_<six digits>_<words>`, and its words.
fn sea_orm(name: &str) -> (Option<Version>, &str) {
    let rest = name.strip_prefix('m').unwrap_or(name);
    let mut parts = rest.splitn(3, '_');
    let (day, time, words) = (parts.next(), parts.next(), parts.next());
    match (day, time) {
        (Some(day), Some(time)) if day.len() == 8 && time.len() == 6 => {
            (format!("{day}{time}").parse().ok(), words.unwrap_or_default())
        }
        _ => (None, ""),
    }
}

fn shown(row: &ToolRow) -> String {
    match row.name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => format!("{} {name}", row.version),
        None => row.version.clone(),
    }
}
