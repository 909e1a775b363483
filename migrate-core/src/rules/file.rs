//! The statements of a migration, read once for everything that judges them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::{ansi, prepared};
use crate::model::{Dialect, Migration, Section, ServerVersion, Statement};
use crate::parallel;
use crate::schema::{Fault, Origin, Schema};
use crate::script::words::Words;
use crate::sql::{self, Action, Check, Name, ObjectKind, Operation, Parsed, SyntaxFault};

/// The operations of a migration.
pub(super) struct File {
    /// The statements of `up` that are read in another way than they are written, by where they start.
    requoted: BTreeMap<u32, String>,
    /// What the statements of `up` do; one that cannot be read does nothing in a draft.
    pub(super) up: Vec<Operation>,
    /// What the statements of `up` take for granted beside that, for drafts.
    checks: Vec<Vec<Check>>,
    /// The statements of `up` that cannot be read.
    pub(super) faults: Vec<(usize, SyntaxFault)>,
    /// The statements of `down`, for drafts.
    pub(super) down: Option<Vec<Parsed>>,
    /// Calls of procedures that the file makes itself, with the statement that makes them; each procedure once.
    called: BTreeMap<usize, usize>,
    /// What many of its statements look for in those behind them.
    pub(super) landmarks: Landmarks,
}

/// Where the statements stand that others look for: a file of thousands would else be read anew for each of them.
#[derive(Debug, Default)]
pub(crate) struct Landmarks {
    /// Where a transaction ends.
    ends: Vec<usize>,
    /// Where a view is made.
    views: Vec<usize>,
    /// Where a table gets a name, by being made or renamed.
    named: HashMap<String, Vec<usize>>,
}

impl Landmarks {
    pub(super) fn of(operations: &[Operation]) -> Self {
        let all = |wanted: fn(&Operation) -> bool| {
            let places = operations.iter().enumerate();
            places
                .filter(|(_, operation)| wanted(operation))
                .map(|(at, _)| at)
                .collect()
        };
        let mut named: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, operation) in operations.iter().enumerate() {
            let mut note = |name: &str| named.entry(name.to_owned()).or_default().push(at);
            match operation {
                Operation::CreateTable(table) => note(&table.name.name),
                Operation::Alter {
                    kind: ObjectKind::Table,
                    actions,
                    ..
                } => actions
                    .iter()
                    .filter_map(|action| match action {
                        Action::RenameTo(target) => Some(&*target.text),
                        _ => None,
                    })
                    .for_each(note),
                _ => {}
            }
        }
        Self {
            named,
            ends: all(|operation| matches!(operation, Operation::Commit { .. } | Operation::Rollback { .. })),
            views: all(|operation| matches!(operation, Operation::CreateView(_))),
        }
    }

    /// Where the transaction ends that a statement stands in, if it does in the file.
    pub(super) fn end_after(&self, at: usize) -> Option<usize> {
        self.ends
            .get(self.ends.partition_point(|end| *end <= at))
            .copied()
    }

    /// Where the transaction begins that a statement stands in, as far as an end before it tells.
    pub(super) fn end_before(&self, at: usize) -> usize {
        match self.ends.partition_point(|end| *end < at) {
            0 => 0,
            before => self.ends[before - 1] + 1,
        }
    }

    /// Where views are made in a stretch of the file.
    pub(super) fn views_in(&self, range: Range<usize>) -> &[usize] {
        within(&self.views, range)
    }

    /// Where a table gets that name in a stretch of the file.
    pub(super) fn naming(&self, name: &str, range: Range<usize>) -> &[usize] {
        self.named.get(name).map_or(&[], |places| within(places, range))
    }
}

fn within(places: &[usize], range: Range<usize>) -> &[usize] {
    let from = places.partition_point(|at| *at < range.start);
    let to = places.partition_point(|at| *at < range.end);
    places.get(from..to).unwrap_or_default()
}

impl File {
    pub(super) fn read(migration: &Migration, dialect: Dialect, since: ServerVersion) -> Self {
        let parse = |section: &Section| -> Vec<Parsed> {
            let rows = rows_of_a_client(section, dialect);
            let requoted = reread(section, dialect);
            parallel::map(&section.statements, |statement| {
                // Each thread writes names by itself.
                let _names = sql::Quoting::of(dialect);
                let text = requoted
                    .get(&statement.start)
                    .map_or_else(|| section.sql(statement), String::as_str);
                let mut parsed = sql::parse(text, dialect);
                // Until then MySQL read CHECK and made nothing of it.
                if dialect == Dialect::Mysql && !since.has(ServerVersion::new(8, 0, 16), dialect) {
                    parsed.operation.forget_checks(text);
                }
                if parsed.fault.is_none() {
                    parsed.fault = sql::reserved_name(&parsed.operation, text, dialect, since);
                }
                let opaque = matches!(parsed.operation, Operation::Opaque { .. });
                if opaque && parsed.fault.is_none() && rows.is_none_or(|rows| statement.start < rows) {
                    parsed.fault = sql::unheard(text, dialect);
                }
                parsed
            })
        };
        let (mut faults, mut checks) = (Vec::new(), Vec::new());
        let up = parse(&migration.up)
            .into_iter()
            .enumerate()
            .map(|(at, mut parsed)| {
                if migration.released {
                    // What ran was accepted.
                    parsed.checks.retain(|check| matches!(check, Check::Widens));
                }
                checks.push(parsed.checks);
                match parsed.fault {
                    // It has its error, so nothing else is said of it.
                    Some(fault) if !migration.released => {
                        faults.push((at, fault));
                        Operation::Harmless
                    }
                    _ => parsed.operation,
                }
            });
        let up: Vec<Operation> = up.collect();
        let called = called(&up);
        let landmarks = Landmarks::of(&up);
        let down = migration.down.as_ref().filter(|_| !migration.released).map(parse);
        let down = down.map(|down| down.into_iter().map(with_refusal).collect());
        Self {
            requoted: reread(&migration.up, dialect),
            up,
            checks,
            faults,
            down,
            called,
            landmarks,
        }
    }

    /// Whether every statement could be read.
    pub(super) fn is_readable(&self) -> bool {
        self.faults.is_empty() && self.down.iter().flatten().all(|parsed| parsed.fault.is_none())
    }

    /// The text of a statement of `up` as it is read.
    pub(super) fn sql<'a>(&'a self, section: &'a Section, statement: &Statement) -> &'a str {
        self.requoted
            .get(&statement.start)
            .map_or_else(|| section.sql(statement), String::as_str)
    }

    /// What the procedure does that a statement calls, and the statement that makes it.
    pub(super) fn called(&self, at: usize) -> Option<(usize, &Operation)> {
        let made = *self.called.get(&at)?;
        Some((made, body(self.up.get(made)?)?.1))
    }

    /// Applies a statement of `up` to a model, and says what of it cannot work.
    pub(super) fn apply(&self, at: usize, schema: &mut Schema, origin: Origin) -> Vec<Fault> {
        if let Some((_, body)) = self.called(at) {
            schema.apply(body, origin);
        }
        match (self.up.get(at), self.checks.get(at)) {
            (Some(operation), Some(checks)) if !checks.is_empty() => {
                schema.apply_checked(operation, checks, origin)
            }
            (Some(operation), _) => schema.apply(operation, origin),
            _ => Vec::new(),
        }
    }
}

/// The statements that other quotes or other statements give a meaning, as they would be written without those.
fn reread(section: &Section, dialect: Dialect) -> BTreeMap<u32, String> {
    match dialect {
        Dialect::Postgres => prepared::executed(section, dialect),
        _ => ansi::requoted(section, dialect),
    }
}

/// A statement of a way back that the server refuses whatever there is: nothing else asks for that there.
fn with_refusal(mut parsed: Parsed) -> Parsed {
    let refusal = parsed.checks.iter().find_map(|check| match check {
        Check::Refused(span, message) => Some(SyntaxFault {
            message: message.clone(),
            at: span.start,
        }),
        _ => None,
    });
    parsed.fault = parsed.fault.or(refusal);
    parsed
}

/// Where rows begin that only a client sends: behind `COPY … FROM stdin` the text is no SQL any more.
fn rows_of_a_client(section: &Section, dialect: Dialect) -> Option<u32> {
    let copies = |sql: &str| {
        let words = Words::new(sql, dialect);
        dialect == Dialect::Postgres && words.starts_with(&["copy"]) && words.contains(&["from", "stdin"])
    };
    let mut statements = section.iter();
    statements.find_map(|(statement, sql)| copies(sql).then_some(statement.end))
}

fn body(operation: &Operation) -> Option<(&Name, &Operation)> {
    match operation {
        Operation::CreateFunction {
            name,
            body: Some(body),
            ..
        } => Some((name, body)),
        _ => None,
    }
}

fn called(operations: &[Operation]) -> BTreeMap<usize, usize> {
    let mut made: HashMap<String, usize> = HashMap::new();
    let mut calls: HashMap<String, usize> = HashMap::new();
    let mut found = BTreeMap::new();
    for (at, operation) in operations.iter().enumerate() {
        if let Some((name, _)) = body(operation) {
            made.insert(name.to_string(), at);
        }
        if let Operation::Call { name } = operation
            && let Some(made) = made.get(&name.to_string())
            && calls.insert(name.to_string(), at).is_none()
        {
            found.insert(at, *made);
        }
    }
    found
}
