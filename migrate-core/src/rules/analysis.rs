//! The whole analysis: the model over all files, the rules over the drafts.

mod as_written;
mod body;
mod broken;
mod places;
mod statement;
mod transaction;
mod way_back;

use std::collections::{BTreeSet, HashSet};

pub(crate) use self::places::{DirectivePlaces, Places};
use super::allow::Allows;
use super::called;
use super::change::{Change, changes};
use super::config::Config;
use super::context::Transaction;
use super::file::File;
use super::order::{Order, Told};
use super::{chained, round_trip, synced};
use crate::diagnostic::{Diagnostic, Position, codes};
use crate::model::{
    Dialect, Layout, Migration, MigrationSet, Section, ServerVersion, Statement, TransactionMode,
};
use crate::parallel;
use crate::schema::{Fault, FaultKind, Key, Origin, Schema};
use crate::script::semicolon;
use crate::sql::{self, Operation, Span, SyntaxFault};

/// Judges the drafts of a set; released files only tell what the schema is.
///
/// Pure, and says nothing about dialects whose feature is not enabled. Findings come in the order of the files.
pub fn analyse(set: &MigrationSet, config: &Config) -> Vec<Diagnostic> {
    super::behind::analyse_at(set, config, &Places::new(), None)
}

/// The same in the order of the set; see [`super::behind::analyse_at`].
pub(super) fn in_order(
    set: &MigrationSet,
    config: &Config,
    places: &Places,
    mut spared: Option<&mut Spared>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if !sql::supports(set.dialect) {
        return diagnostics;
    }
    let _names = sql::Quoting::of(set.dialect);
    let since = set.since.unwrap_or_else(|| oldest(set.dialect));
    let files = parallel::map(&set.migrations, |migration| {
        // Each thread writes names by itself.
        let _names = sql::Quoting::of(set.dialect);
        File::read(migration, set.dialect, since)
    });
    let changes = changes(set, &files);
    let in_use = Config {
        new_in_same_file_only: true,
        ..config.clone()
    };
    let mut passed = HashSet::new();
    let mut order = Order::new(set, config, &files);
    let mut schema = Schema::new(config.strict)
        .speaking(set.dialect)
        .meant_for(set.since);
    for (index, migration) in set.migrations.iter().enumerate() {
        schema.reset_session();
        order.before(index, &schema);
        let mut judge = Judge {
            set,
            config,
            since,
            migration,
            change: migration.change.as_deref().and_then(|name| changes.get(name)),
            file: &files[index],
            files: &files[..=index],
            all: &files,
            index,
            told: Told::default(),
            passed: &mut passed,
            diagnostics: &mut diagnostics,
            in_use: &in_use,
            spared: spared.as_deref_mut(),
        };
        if migration.released {
            judge.released(&mut schema, order.is_waiting());
        } else {
            let nowhere = DirectivePlaces::default();
            let places = places.get(&migration.version).unwrap_or(&nowhere);
            super::placeholder::check(migration, set.dialect, places, judge.diagnostics);
            super::parameter::check(migration, set.dialect, judge.diagnostics);
            judge.draft(&mut schema);
            judge.syncs(&schema, &places.syncs);
            judge.visits(&schema, places);
        }
        let told = judge.told;
        order.after(index, told, &mut diagnostics);
    }
    order.finish(&schema, &mut diagnostics);
    if config.one_shot {
        std::mem::forget((files, schema));
    }
    diagnostics
}

/// Statements, each by the index of its migration and its own.
pub(crate) type Spared = BTreeSet<(usize, usize)>;

/// The oldest server the library supports, where the set names none.
fn oldest(dialect: Dialect) -> ServerVersion {
    match dialect {
        Dialect::Postgres => ServerVersion::new(13, 0, 0),
        Dialect::Sqlite => ServerVersion::new(3, 35, 0),
        Dialect::Mysql => ServerVersion::new(8, 0, 0),
        Dialect::MariaDb => ServerVersion::new(10, 6, 0),
    }
}

/// Where in its section a statement stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    operations: &'a [Operation],
    texts: &'a [&'a str],
    at: usize,
    statement: &'a Statement,
    /// Whether what is judged is written elsewhere and only runs here.
    elsewhere: bool,
}

struct Judge<'a> {
    set: &'a MigrationSet,
    config: &'a Config,
    since: ServerVersion,
    migration: &'a Migration,
    change: Option<&'a Change<'a>>,
    file: &'a File,
    /// Those up to it.
    files: &'a [File],
    /// All of them.
    all: &'a [File],
    index: usize,
    /// What the model has said of the file.
    told: Told,
    /// The tables that no file makes and whose names are near to no other.
    passed: &'a mut HashSet<Key>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// The configuration by which only what a file makes itself is new.
    in_use: &'a Config,
    /// The statements that other findings are kept from by what is new, where somebody asks.
    spared: Option<&'a mut Spared>,
}

impl<'a> Judge<'a> {
    /// Applies a file that nobody may edit any more. Only reminders are told of it. `watched` asks what it changes.
    fn released(&mut self, schema: &mut Schema, watched: bool) {
        let file = self.file;
        if let (Some(operation), Some((statement, sql))) = (file.up.first(), self.migration.up.iter().next())
        {
            let place = Place {
                operations: &file.up,
                texts: &[],
                at: 0,
                statement,
                elsewhere: false,
            };
            let mut allows = Allows::of(self.migration);
            let reminders = super::ALL.iter().copied().filter(|rule| rule.reminds);
            let transaction = Transaction::default();
            self.run(
                reminders,
                schema,
                &place,
                operation,
                sql,
                &transaction,
                None,
                &mut allows,
            );
        }
        if watched {
            schema.begin();
        }
        for at in 0..file.up.len() {
            if !file.apply(at, schema, Origin::History).is_empty() {
                self.told.faults.push((at, None));
            }
        }
        self.told.changed = schema.changed();
    }

    fn draft(&mut self, schema: &mut Schema) {
        let (migration, file) = (self.migration, self.file);
        self.syntax(&migration.up, file.faults.iter().map(|(at, fault)| (*at, fault)));
        if let (Some(section), Some(down)) = (&migration.down, &file.down) {
            let faults = down.iter().enumerate();
            self.syntax(
                section,
                faults.filter_map(|(at, parsed)| Some((at, parsed.fault.as_ref()?))),
            );
        }
        let mut allows = Allows::of(migration);
        schema.begin();
        self.up(schema, &mut allows);
        let (changed, unmade) = (schema.changed(), schema.unmade());
        // That an own `down` says nothing is told of the file already.
        let is_told = |section: &Section| self.set.layout == Layout::Native && section.statements.is_empty();
        let section = migration.down.as_ref().filter(|section| !is_told(section));
        if let (Some(section), Some(down), true) = (section, &file.down, file.is_readable()) {
            self.way_back(schema, section, down, &mut allows);
            let ways = round_trip::Ways {
                up: &file.up,
                down,
                unmade: &unmade,
                is_faulty: !self.told.faults.is_empty(),
            };
            round_trip::check(schema, migration, section, ways, &changed, self.diagnostics);
        }
        self.told.changed = changed;
        allows.finish(self.config, self.diagnostics);
    }

    /// What the model knows of the key of a backfill, and of what is asked once it is over.
    fn visits(&mut self, schema: &Schema, places: &DirectivePlaces) {
        let found = super::visited::check(schema, self.migration, self.set.dialect, places);
        self.diagnostics.extend(found);
        let found = super::answers::check(schema, self.migration, self.set.dialect);
        self.diagnostics.extend(found);
        let found = super::moved::check(schema, self.migration, self.set.dialect);
        self.diagnostics.extend(found);
        let found = super::copied::check(self.migration, self.set);
        self.diagnostics.extend(found);
    }

    /// What the model knows of what the triggers need, once the file has run.
    fn syncs(&mut self, schema: &Schema, places: &[Position]) {
        for (index, sync) in self.migration.sync.iter().enumerate() {
            let position = places.get(index);
            let found = synced::check(schema, self.migration, sync, self.set, position);
            self.diagnostics.extend(found);
            let found = chained::check(self.set, self.migration, sync, position);
            self.diagnostics.extend(found);
        }
    }

    fn syntax<'f>(&mut self, section: &Section, faults: impl Iterator<Item = (usize, &'f SyntaxFault)>) {
        for (at, fault) in faults {
            let Some(statement) = section.statements.get(at) else {
                continue;
            };
            let start = fault.at.min(section.sql(statement).len() as u32);
            let span = Span {
                start,
                end: start + 1,
            };
            let message = format!("this is not {} SQL: {}", self.set.dialect, fault.message);
            let mut diagnostic = Diagnostic::error(&codes::SYNTAX_ERROR, &*section.path, message);
            let seen = (fault.message == crate::sql::SECOND).then_some(fault.at);
            let next = seen.or_else(|| semicolon::forgotten(section.sql(statement), self.set.dialect));
            if let Some(next) = next {
                let at = Span {
                    start: next,
                    end: next + 1,
                };
                let line = position(section, statement, at).line;
                diagnostic = diagnostic.help(format!(
                    "a new statement seems to begin on line {line}: end the one before with `;`"
                ));
            }
            self.diagnostics
                .push(diagnostic.at(position(section, statement, span)));
        }
    }

    fn up(&mut self, schema: &mut Schema, allows: &mut Allows<'_>) {
        let section = &self.migration.up;
        let operations = &self.file.up;
        let file = self.file;
        let texts: Vec<&str> = section
            .statements
            .iter()
            .map(|statement| file.sql(section, statement))
            .collect();
        let one = section.transaction == TransactionMode::One;
        let mut transaction = Transaction {
            open: one,
            ..Transaction::default()
        };
        for (statement, operation) in taken_over(section, self.set) {
            let sql = section.sql(&statement);
            let place = Place {
                operations,
                texts: &texts,
                at: 0,
                statement: &statement,
                elsewhere: false,
            };
            self.rules(schema, &place, &operation, sql, &transaction, None, allows);
        }
        let mut judged = HashSet::new();
        // What a transaction of the file began with, where one of them is taken back.
        let takes_back = self.set.dialect.has_transactional_ddl()
            && operations
                .iter()
                .any(|operation| matches!(operation, Operation::Rollback { .. }));
        let mut began: Option<Schema> = None;
        for (at, statement) in section.statements.iter().enumerate() {
            let (operation, sql) = (&operations[at], texts[at]);
            let place = Place {
                operations,
                texts: &texts,
                at,
                statement,
                elsewhere: false,
            };
            match operation {
                Operation::Begin => {
                    let twice = transaction.begins_twice(self.set.dialect);
                    self.diagnostics
                        .extend(twice.map(|fault| told(section, statement, &fault)));
                    began = takes_back.then(|| schema.clone());
                    transaction = Transaction {
                        open: true,
                        explicit: true,
                        ..Transaction::default()
                    }
                }
                Operation::Commit { chain } | Operation::Rollback { chain } => {
                    self.rules(schema, &place, operation, sql, &transaction, None, allows);
                    transaction = Transaction {
                        open: one || *chain,
                        explicit: *chain,
                        ..Transaction::default()
                    };
                    match began
                        .take()
                        .filter(|_| matches!(operation, Operation::Rollback { .. }))
                    {
                        Some(before) => *schema = before,
                        None => _ = self.file.apply(at, schema, Origin::Draft(self.index)),
                    }
                    began = (*chain && takes_back).then(|| schema.clone());
                    continue;
                }
                _ => {}
            }
            // A statement that cannot be read has its error already.
            if !self.file.faults.iter().any(|(fault, _)| *fault == at) {
                self.rules(schema, &place, operation, sql, &transaction, None, allows);
            }
            self.body(schema, &place, operation, sql, &transaction, allows);
            // A procedure of the same file is judged by what it does, where it is written.
            if let Some((at, body)) = self.file.called(at)
                && let Some(statement) = section.statements.get(at)
            {
                let sql = texts[at];
                let place = Place {
                    operations,
                    texts: &texts,
                    at,
                    statement,
                    elsewhere: false,
                };
                self.rules(schema, &place, body, sql, &transaction, None, allows);
                self.body(schema, &place, body, sql, &transaction, allows);
            }
            let functions = called::functions(self.set, self.files, schema, operation, &mut judged);
            for (body, sql) in &functions {
                let place = Place {
                    elsewhere: true,
                    ..place
                };
                self.rules(schema, &place, body, sql, &transaction, None, allows);
                self.body(schema, &place, body, sql, &transaction, allows);
            }
            self.remember(schema, &place, operation, sql, &mut transaction);
            // Without a transaction SET LOCAL only warns.
            let idle = !transaction.open && self.set.dialect == Dialect::Postgres;
            if idle && matches!(operation, Operation::Set { local: true, .. }) {
                continue;
            }
            for (body, _) in &functions {
                schema.apply(body, Origin::Draft(self.index));
            }
            let orphaned = broken::broken(schema, operations, at);
            let early = super::early::needed_early(schema, operations, &self.file.landmarks, at);
            if early.is_none() && self.stands_before(schema, statement, operation, at) {
                continue;
            }
            let faults = self.file.apply(at, schema, Origin::Draft(self.index));
            let barred = transaction.refuses(operation, sql, !one, self.set.dialect);
            let unread = body::missing(schema, operations, at, sql);
            let later = self.all.get(self.index + 1..).unwrap_or_default();
            for fault in faults
                .into_iter()
                .chain(orphaned)
                .chain(early)
                .chain(barred)
                .chain(unread)
                .chain(broken::mismatched(schema, operations, at, later))
            {
                self.told.faults.push((at, Some(self.diagnostics.len())));
                self.diagnostics.push(told(section, statement, &fault));
            }
        }
    }

    /// Tells of a table that a statement needs and that a later file makes; whether it did. Also of one whose name is
    /// nearly that of another.
    fn stands_before(
        &mut self,
        schema: &Schema,
        statement: &Statement,
        operation: &Operation,
        at: usize,
    ) -> bool {
        let section = &self.migration.up;
        if let Some((mut fault, later)) = super::early::needed_before(schema, self.all, self.index, operation)
        {
            let Some(other) = self.set.migrations.get(later) else {
                return false;
            };
            fault.message = format!("{}, in `{}`", fault.message, other.path);
            let help = format!("give this file a later version than {}", other.version);
            self.told.faults.push((at, Some(self.diagnostics.len())));
            self.diagnostics.push(told(section, statement, &fault).help(help));
            return true;
        }
        if let Some((span, name, near)) =
            super::early::slipped(schema, operation, self.passed).filter(|_| !self.config.strict)
        {
            let message = format!("no file makes a table `{name}`");
            let help = format!(
                "did you mean `{near}`? Where the database has `{name}` from elsewhere, nothing has to change"
            );
            let diagnostic = Diagnostic::warning(&codes::NEARLY_A_TABLE, &*section.path, message).help(help);
            self.diagnostics
                .push(diagnostic.at(position(section, statement, span)));
        }
        false
    }
}

/// What the model says of a statement, as a diagnostic.
pub(super) fn told(section: &Section, statement: &Statement, fault: &Fault) -> Diagnostic {
    let code = match fault.kind {
        FaultKind::Missing => &codes::MISSING_OBJECT,
        FaultKind::Exists => &codes::OBJECT_EXISTS,
        FaultKind::Mismatch => &codes::TYPE_MISMATCH,
        FaultKind::Needed => &codes::NEEDED_OBJECT,
        FaultKind::Refused => &codes::REFUSED_STATEMENT,
    };
    let position = position(section, statement, fault.span);
    let diagnostic = Diagnostic::error(code, &*section.path, &*fault.message).at(position);
    match &fault.nearest {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

/// Pragmas that the library takes out of the transaction of another tool's file; that tool runs them in it.
fn taken_over(section: &Section, set: &MigrationSet) -> Vec<(Statement, Operation)> {
    if set.layout == Layout::Native
        || set.dialect != Dialect::Sqlite
        || section.transaction != TransactionMode::One
    {
        return Vec::new();
    }
    let removed = crate::script::section::taken_over(section, set.dialect);
    removed
        .into_iter()
        .take(1)
        .map(|statement| {
            (
                statement,
                sql::parse(section.sql(&statement), set.dialect).operation,
            )
        })
        .collect()
}

/// The place of a span of a statement in its file. Counts lines from the statement on: files may be long.
pub(super) fn position(section: &Section, statement: &Statement, span: Span) -> Position {
    let from = statement.start as usize;
    let line_start = section.text[..from].rfind('\n').map_or(0, |at| at + 1);
    // What a statement executes may be longer than itself.
    let start =
        (from + span.start as usize).min(statement.end.saturating_sub(1).max(statement.start) as usize);
    let end = from + span.end as usize;
    let end = end.max(start + 1).min(statement.end as usize);
    let mut at = Position::of(
        &section.text[line_start..],
        start - line_start,
        end.saturating_sub(line_start),
    );
    at.line = (at.line + statement.line).saturating_sub(1);
    at
}
