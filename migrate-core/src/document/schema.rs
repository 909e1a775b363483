//! The schema of a database as a page: an entity diagram, and every table with what is under way in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::blocks::{Block, Cell};
use super::{ForeignKeyAssessment, TableName, markdown};
use crate::facts::{Fact, Facts};
use crate::history::History;
use crate::model::{MigrationSet, Phase};
use crate::sql::{self, Action, ObjectKind, Operation};

/// Something that a change has added, or that its contract will remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    table: String,
    /// The column; `None` is the whole table.
    column: Option<String>,
    change: String,
    waits: bool,
}

/// What the changes that are under way did and will do to tables: those of which a file is applied and a file is not.
pub(crate) fn marks(set: &MigrationSet, history: &History) -> Vec<Mark> {
    let changes: BTreeSet<&str> = set
        .migrations
        .iter()
        .filter_map(|one| one.change.as_deref())
        .collect();
    let mut found = Vec::new();
    for change in changes {
        let named = || {
            set.migrations
                .iter()
                .filter(|one| one.change.as_deref() == Some(change))
        };
        if named().all(|one| history.is_applied(one.version)) {
            continue;
        }
        for migration in named() {
            let waits = match (migration.phase, history.is_applied(migration.version)) {
                (Phase::Expand, true) => false,
                (Phase::Contract, false) => true,
                _ => continue,
            };
            for (_, text) in migration.up.iter() {
                let mut mark = |table: &str, column: Option<&str>| {
                    found.push(Mark {
                        table: table.to_owned(),
                        column: column.map(str::to_owned),
                        change: change.to_owned(),
                        waits,
                    });
                };
                of_operation(&sql::parse(text, set.dialect).operation, waits, &mut mark);
            }
        }
    }
    found
}

fn of_operation(operation: &Operation, waits: bool, mark: &mut dyn FnMut(&str, Option<&str>)) {
    match operation {
        Operation::CreateTable(table) if !waits => mark(&table.name.name, None),
        Operation::Drop {
            kind: ObjectKind::Table,
            names,
            ..
        } if waits => names.iter().for_each(|name| mark(&name.name, None)),
        Operation::Alter { name, actions, .. } => {
            for action in actions {
                match action {
                    Action::AddColumn { column, .. } if !waits => mark(&name.name, Some(&column.name.text)),
                    Action::DropColumn { column, .. } if waits => mark(&name.name, Some(&column.text)),
                    Action::AlterColumn { column, .. } | Action::Redefine { column, .. } if waits => {
                        mark(&name.name, Some(&column.text));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The schema of a database, to be read by people. Where nothing changed, it is the same text again, so that it can stand
/// in a repository.
#[derive(Clone, Debug)]
pub struct SchemaDocument {
    pub(crate) set: String,
    pub(crate) server: String,
    pub(crate) facts: Facts,
    pub(crate) foreign_keys: Vec<ForeignKeyAssessment>,
    pub(crate) marks: Vec<Mark>,
}

impl SchemaDocument {
    /// As Markdown, with a Mermaid diagram of the tables and their foreign keys.
    pub fn to_markdown(&self) -> String {
        let mut blocks = vec![
            Block::Heading(1, format!("Schema of set `{}`", self.set)),
            Block::Text(format!(
                "As {} has it, without the tables of the migrations.",
                self.server
            )),
        ];
        let objects = self.objects();
        let tables: Vec<(&str, &[&Fact])> = objects
            .iter()
            .filter(|(_, facts)| facts.iter().any(|fact| is_table(fact)))
            .map(|(name, facts)| (*name, &facts[..]))
            .collect();
        if !tables.is_empty() {
            blocks.push(Block::Diagram(self.diagram(&tables)));
        }
        self.under_way(&mut blocks);
        for (name, facts) in tables {
            self.table(name, facts, &mut blocks);
        }
        let others = objects
            .iter()
            .filter(|(_, facts)| !facts.iter().any(|fact| is_table(fact)));
        for (name, facts) in others {
            if !is_shown(facts) {
                continue;
            }
            blocks.push(Block::Heading(2, format!("`{name}`")));
            facts_of(name, facts, &mut blocks);
        }
        markdown::markdown(&blocks)
    }

    fn objects(&self) -> BTreeMap<&str, Vec<&Fact>> {
        let mut objects: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        for fact in self
            .facts
            .iter()
            .filter(|fact| !fact.kind().ends_with("privileges"))
        {
            objects.entry(fact.object()).or_default().push(fact);
        }
        for facts in objects.values_mut() {
            facts.sort_by_key(|fact| (fact.position().is_none(), fact.position()));
        }
        objects
    }

    /// What is said of a table, or of a column of it.
    fn mark(&self, table: &str, column: Option<&str>) -> Option<String> {
        let table = TableName::written(table).name;
        let mut words: Vec<String> = Vec::new();
        for mark in &self.marks {
            let same = mark.column.as_deref().map(plain) == column.map(plain);
            if plain(&mark.table) == plain(&table) && same {
                words.push(match mark.waits {
                    true => format!("waits for the contract of `{}`", mark.change),
                    false => format!("added by `{}`", mark.change),
                });
            }
        }
        (!words.is_empty()).then(|| words.join("; "))
    }

    fn under_way(&self, blocks: &mut Vec<Block>) {
        if self.marks.is_empty() {
            return;
        }
        blocks.push(Block::Heading(2, "Under way".to_owned()));
        let rows = self.marks.iter().map(|mark| {
            let what = match &mark.column {
                Some(column) => format!("{}.{column}", mark.table),
                None => mark.table.clone(),
            };
            let how = if mark.waits { "waits for contract" } else { "added" };
            vec![Cell::code(&mark.change), Cell::code(&what), Cell::text(how)]
        });
        blocks.push(Block::Table(vec!["change", "what", "how far"], rows.collect()));
    }

    fn table(&self, name: &str, facts: &[&Fact], blocks: &mut Vec<Block>) {
        blocks.push(Block::Heading(2, format!("`{name}`")));
        if let Some(mark) = self.mark(name, None) {
            blocks.push(Block::Text(format!("The table is {mark}.")));
        }
        let (columns, rest): (Vec<&Fact>, Vec<&Fact>) =
            facts.iter().partition(|fact| fact.kind() == "column");
        let rows = columns.iter().map(|fact| {
            let column = local(name, fact.identity());
            let mark = self.mark(name, Some(column)).unwrap_or_default();
            vec![
                Cell::code(column),
                Cell::code(fact.definition()),
                Cell::text(mark),
            ]
        });
        blocks.push(Block::Table(
            vec!["column", "definition", "under way"],
            rows.collect(),
        ));
        if !rest.is_empty() {
            facts_of(name, &rest, blocks);
        }
    }

    fn diagram(&self, tables: &[(&str, &[&Fact])]) -> String {
        let mut source = "erDiagram\n".to_owned();
        for (name, facts) in tables {
            let _ = writeln!(source, "    {} {{", entity(name));
            for fact in facts.iter().filter(|fact| fact.kind() == "column") {
                let column = local(name, fact.identity());
                let refers = self.foreign_keys.iter().any(|key| {
                    same(&key.from, name) && key.columns.split(", ").any(|one| plain(one) == plain(column))
                });
                let is_key = facts.iter().any(|fact| is_key_of(fact, column));
                let key = match (is_key, refers) {
                    (true, true) => " PK, FK",
                    (true, false) => " PK",
                    (false, true) => " FK",
                    (false, false) => "",
                };
                let mark = self.mark(name, Some(column));
                let mark = mark.map_or(String::new(), |mark| {
                    format!(" \"{}\"", mark.replace(['`', '"'], ""))
                });
                let _ = writeln!(
                    source,
                    "        {} {}{key}{mark}",
                    kind(fact.definition()),
                    word(column)
                );
            }
            let _ = writeln!(source, "    }}");
        }
        for key in &self.foreign_keys {
            let is_there = |table: &str| tables.iter().any(|(name, _)| same(table, name));
            if is_there(&key.from) && is_there(&key.to) {
                let action = match &*key.on_delete {
                    "NO ACTION" | "RESTRICT" => String::new(),
                    action => format!(", on delete {}", action.to_lowercase()),
                };
                let (from, to) = (entity(&key.from), entity(&key.to));
                let _ = writeln!(
                    source,
                    "    {to} ||--o{{ {from} : \"{}{action}\"",
                    key.columns.replace('"', "")
                );
            }
        }
        source
    }
}

fn is_table(fact: &Fact) -> bool {
    fact.kind() == "table" && fact.identity() == fact.object()
}

/// Whether a fact is the primary key, and has that column.
fn is_key_of(fact: &Fact, column: &str) -> bool {
    let definition = fact.definition();
    let is_key = fact.kind() == "primary key"
        || definition
            .get(..11)
            .is_some_and(|start| start.eq_ignore_ascii_case("primary key"));
    let columns = definition
        .split_once('(')
        .and_then(|(_, behind)| behind.split_once(')'));
    is_key
        && columns
            .is_some_and(|(columns, _)| columns.split(',').any(|one| plain(one.trim()) == plain(column)))
}

/// Schemas and databases are only places.
fn is_shown(facts: &[&Fact]) -> bool {
    !facts
        .iter()
        .any(|fact| ["schema", "database", "setting", "extension"].contains(&fact.kind()))
}

fn facts_of(name: &str, facts: &[&Fact], blocks: &mut Vec<Block>) {
    // The body of a function, or of a trigger, is no line of a table.
    let is_long = |fact: &&&Fact| fact.definition().trim().lines().count() > 2;
    let rows = facts.iter().map(|fact| {
        vec![
            Cell::text(fact.kind()),
            Cell::code(local(name, fact.identity())),
            match is_long(&fact) {
                true => Cell::text("below"),
                false => Cell::code(fact.definition()),
            },
        ]
    });
    blocks.push(Block::Table(vec!["kind", "name", "definition"], rows.collect()));
    for fact in facts.iter().filter(is_long) {
        let local = local(name, fact.identity());
        blocks.push(Block::Text(format!("The {} `{local}`:", fact.kind())));
        blocks.push(Block::Sql(fact.definition().trim().to_owned()));
    }
}

/// The name of a part of an object, without the object.
fn local<'a>(object: &str, identity: &'a str) -> &'a str {
    let rest = identity
        .strip_prefix(object)
        .and_then(|rest| rest.strip_prefix('.'));
    rest.unwrap_or(identity)
}

fn plain(name: &str) -> &str {
    name.trim_matches(['"', '`', '[', ']'])
}

/// Whether two names are of one table, where one of them may leave out the schema.
fn same(one: &str, other: &str) -> bool {
    TableName::written(one).name == TableName::written(other).name
}

/// A name as Mermaid takes it.
fn entity(name: &str) -> String {
    format!("\"{}\"", TableName::written(name).name.replace('"', ""))
}

fn word(name: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || letter == '_';
    let word: String = plain(name)
        .chars()
        .map(|letter| if fits(letter) { letter } else { '_' })
        .collect();
    match word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        true => word,
        false => format!("_{word}"),
    }
}

/// The type in front of what else a definition says.
fn kind(definition: &str) -> String {
    let lower = definition.to_lowercase();
    let ends = [
        " not null",
        " default",
        " generated",
        " collate",
        " null",
        " auto_increment",
        ",",
        ";",
        "\n",
        " character set",
    ];
    let end = ends
        .iter()
        .filter_map(|end| lower.find(end))
        .min()
        .unwrap_or(lower.len());
    match lower.get(..end).map(str::trim) {
        None | Some("") => "any".to_owned(),
        Some(ty) => word(ty).trim_matches('_').to_owned(),
    }
}
