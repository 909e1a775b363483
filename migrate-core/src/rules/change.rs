//! What the files of a change do together.

use std::collections::{HashMap, HashSet};

use super::file::File;
use crate::model::directives::Sync;
use crate::model::{Migration, MigrationSet, Phase};
use crate::schema::Key;
use crate::sql::{
    Action, ColumnDef, Name, ObjectKind, Operation, Parsed, Shape, TableSource, Write, WriteKind,
};

/// The files of one change, and what they move where.
///
/// Tables go by their last name here: whether a column was ever filled is asked leniently, because a finding that is
/// wrong costs more than one that is missing.
pub(crate) struct Change<'a> {
    pub(crate) name: &'a str,
    /// Its files by their index in the set, in order.
    pub(crate) files: Vec<(usize, &'a Migration)>,
    /// Columns that it adds to tables, by table and column.
    added: HashMap<(String, String), Added>,
    fills: HashMap<String, Vec<Fill>>,
    /// Tables with a trigger that the change makes: a write to a row may fill any of its columns.
    triggered: HashSet<String>,
    /// Whether it does what cannot be looked into.
    opaque: bool,
}

/// A column that a change adds.
pub(crate) struct Added {
    /// The index of the file.
    pub(crate) file: usize,
    /// Whether the rows that exist get a value.
    pub(crate) filled: bool,
}

struct Fill {
    file: usize,
    /// The columns written; none where that is not known.
    columns: Vec<String>,
    /// Whether it writes rows that are there, so that triggers see them.
    touches: bool,
}

/// Every change of the set that has a name.
pub(super) fn changes<'a>(set: &'a MigrationSet, files: &[File]) -> HashMap<&'a str, Change<'a>> {
    let mut changes = HashMap::new();
    for (index, (migration, file)) in set.migrations.iter().zip(files).enumerate() {
        let Some(name) = migration.change.as_deref() else {
            continue;
        };
        let change = changes.entry(name).or_insert_with(|| Change::new(name));
        change.files.push((index, migration));
        change.opaque |= migration.rust.is_some();
        for operation in &file.up {
            change.gather(operation, index);
        }
    }
    changes
}

impl<'a> Change<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            files: Vec::new(),
            added: HashMap::new(),
            fills: HashMap::new(),
            triggered: HashSet::new(),
            opaque: false,
        }
    }

    fn gather(&mut self, operation: &Operation, file: usize) {
        match operation {
            Operation::Alter {
                kind: ObjectKind::Table,
                name,
                actions,
                ..
            } => {
                for action in actions {
                    self.altered(name, action, file);
                }
            }
            Operation::CreateTable(table) if matches!(table.source, TableSource::Query) => {
                self.fill(&table.name, Vec::new(), false, file);
            }
            Operation::CreateTrigger { table, .. } | Operation::CreateNamedTrigger { table, .. } => {
                self.triggered.insert(key_of(table));
            }
            Operation::Data { writes, calls, .. } => {
                for write in writes {
                    self.write(write, file);
                }
                // A query may call a function that writes.
                self.opaque |= writes.is_empty() && !calls.is_empty();
            }
            Operation::Do { body, dynamic } => {
                self.opaque |= dynamic.is_some();
                for nested in body {
                    self.gather(&nested.operation, file);
                }
            }
            Operation::Opaque { .. } | Operation::Call { .. } => self.opaque = true,
            _ => {}
        }
    }

    fn altered(&mut self, table: &Name, action: &Action, file: usize) {
        match action {
            Action::AddColumn { column, .. } => {
                let filled = gives_value(column);
                let place = (key_of(table), column.name.text.to_lowercase());
                self.added.entry(place).or_insert(Added { file, filled });
            }
            // What was copied into a table that then takes the place of another one.
            Action::RenameTo(to) => {
                for fill in self.fills.remove(&key_of(table)).unwrap_or_default() {
                    self.fills.entry(to.text.to_lowercase()).or_default().push(fill);
                }
            }
            Action::Unknown(_) => self.opaque = true,
            _ => {}
        }
    }

    fn write(&mut self, write: &Write, file: usize) {
        let columns = write
            .columns
            .iter()
            .map(|column| column.text.to_lowercase())
            .collect();
        match write.kind {
            WriteKind::Delete => {}
            kind => self.fill(&write.table, columns, kind == WriteKind::Update, file),
        }
    }

    fn fill(&mut self, table: &Name, columns: Vec<String>, touches: bool, file: usize) {
        let fill = Fill {
            file,
            columns,
            touches,
        };
        self.fills.entry(key_of(table)).or_default().push(fill);
    }

    /// The syncs that it starts, with the index of their file.
    pub(crate) fn syncs(&self) -> impl Iterator<Item = (usize, &'a Sync)> {
        let files = self.files.iter();
        files.flat_map(|(index, migration)| migration.sync.iter().map(move |sync| (*index, sync)))
    }

    /// The syncs that it ends, with the index of their file.
    pub(crate) fn unsyncs(&self) -> impl Iterator<Item = (usize, &'a Sync)> {
        let files = self.files.iter();
        files.flat_map(|(index, migration)| migration.unsync.iter().map(move |sync| (*index, sync)))
    }

    /// Its last file of a phase.
    pub(crate) fn last(&self, phase: Phase) -> Option<(usize, &'a Migration)> {
        self.files
            .iter()
            .rev()
            .find(|(_, migration)| migration.phase == phase)
            .copied()
    }

    /// The column, if the change adds it to its table.
    pub(crate) fn added(&self, table: &Key, column: &str) -> Option<&Added> {
        self.added
            .get(&(table.name.to_lowercase(), column.to_lowercase()))
    }

    /// The columns that it adds to a table, by name.
    pub(crate) fn added_to(&self, table: &Key) -> Vec<(&str, &Added)> {
        let table = table.name.to_lowercase();
        let mut columns: Vec<_> = self
            .added
            .iter()
            .filter(|((of, _), _)| *of == table)
            .map(|((_, column), added)| (column.as_str(), added))
            .collect();
        columns.sort_by_key(|(column, added)| (added.file, *column));
        columns
    }

    /// Whether some file may put values into the column.
    pub(crate) fn may_fill(&self, table: &str, column: &str) -> bool {
        self.opaque || self.filling(table, column).next().is_some()
    }

    /// The first file that is known to put values into the column.
    pub(crate) fn filled_by(&self, table: &str, column: &str) -> Option<(usize, &'a Migration)> {
        let first = self.filling(table, column).map(|fill| fill.file).min()?;
        self.files.iter().find(|(index, _)| *index == first).copied()
    }

    /// The files that write to a table at all.
    pub(crate) fn writes_to(&self, table: &str) -> Option<(usize, &'a Migration)> {
        let first = self.fills.get(&base(table))?.iter().map(|fill| fill.file).min()?;
        self.files.iter().find(|(index, _)| *index == first).copied()
    }

    fn filling(&self, table: &str, column: &str) -> impl Iterator<Item = &Fill> {
        let (table, column) = (base(table), column.to_lowercase());
        let synced = || {
            self.syncs()
                .any(|(_, sync)| base(&sync.old.table) == table || base(&sync.new.table) == table)
        };
        let seen = self.triggered.contains(&table) || synced();
        let fills = self.fills.get(&table).map(Vec::as_slice).unwrap_or_default();
        fills.iter().filter(move |fill| {
            fill.columns.is_empty() || fill.columns.contains(&column) || (seen && fill.touches)
        })
    }
}

/// Whether statements put values into a column of a table, or may do so.
pub(crate) fn may_write(statements: &[Parsed], table: &str, column: Option<&str>) -> bool {
    let mut change = Change::new("");
    for parsed in statements {
        change.gather(&parsed.operation, 0);
    }
    match column {
        Some(column) => change.may_fill(table, column),
        None => change.opaque || change.writes_to(table).is_some(),
    }
}

/// The last part of the name of a table as a directive writes it, without quotes.
pub(crate) fn base(table: &str) -> String {
    let last = match table.strip_suffix(['"', '`', ']']) {
        Some(quoted) => quoted.rsplit(['"', '`', '[']).next(),
        None => table.rsplit('.').next(),
    };
    last.unwrap_or(table).to_lowercase()
}

fn key_of(table: &Name) -> String {
    table.name.to_lowercase()
}

fn gives_value(column: &ColumnDef) -> bool {
    let value = column
        .default
        .as_ref()
        .is_some_and(|value| value.shape != Shape::Null);
    value || column.generated.is_some() || column.ty.is_serial()
}
