//! The whole analysis: the model over all files, the rules over the drafts.

use std::collections::{HashMap, HashSet};

use super::allow::Allows;
use super::called;
use super::change::{Change, changes};
use super::config::Config;
use super::context::{Context, Transaction};
use super::effect::effects;
use super::file::File;
use super::finding::{Finding, Findings};
use super::order::{Order, Told};
use super::{Allowed, Rule, round_trip, synced};
use crate::diagnostic::{Code, Diagnostic, Position, Severity, codes};
use crate::model::{
    Dialect, Layout, Migration, MigrationSet, Phase, Section, ServerVersion, Statement, TransactionMode,
    Version,
};
use crate::parallel;
use crate::schema::{Class, Fault, FaultKind, Key, Origin, Schema};
use crate::sql::{self, Action, Operation, Span, SyntaxFault, TypeChange};

/// Judges the drafts of a set; released files only tell what the schema is.
///
/// Pure, and says nothing about dialects whose feature is not enabled. Findings come in the order of the files.
pub fn analyse(set: &MigrationSet, config: &Config) -> Vec<Diagnostic> {
    analyse_at(set, config, &SyncPlaces::new())
}

/// The same, by somebody who knows where the syncs of each file stand.
pub(crate) fn analyse_at(set: &MigrationSet, config: &Config, places: &SyncPlaces) -> Vec<Diagnostic> {
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
    let mut order = Order::new(set, config, &files);
    let mut schema = Schema::new(config.strict).speaking(set.dialect);
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
            index,
            told: Told::default(),
            diagnostics: &mut diagnostics,
        };
        if migration.released {
            judge.released(&mut schema, order.is_waiting());
        } else {
            judge.draft(&mut schema);
            let places = places.get(&migration.version).map_or(&[][..], Vec::as_slice);
            judge.syncs(&schema, places);
        }
        let told = judge.told;
        order.after(index, told, &mut diagnostics);
    }
    order.finish(&schema, &mut diagnostics);
    diagnostics
}

/// Where the syncs of each file stand, in their order.
pub(crate) type SyncPlaces = HashMap<Version, Vec<Position>>;

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
    index: usize,
    /// What the model has said of the file.
    told: Told,
    diagnostics: &'a mut Vec<Diagnostic>,
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
        let changed = schema.changed();
        // That an own `down` says nothing is told of the file already.
        let is_told = |section: &Section| self.set.layout == Layout::Native && section.statements.is_empty();
        let section = migration.down.as_ref().filter(|section| !is_told(section));
        if let (Some(section), Some(down), true) = (section, &file.down, file.is_readable()) {
            let ways = round_trip::Ways { up: &file.up, down };
            round_trip::check(schema, migration, section, ways, &changed, self.diagnostics);
        }
        self.told.changed = changed;
        allows.finish(self.config, self.diagnostics);
    }

    /// What the model knows of what the triggers need, once the file has run.
    fn syncs(&mut self, schema: &Schema, places: &[Position]) {
        for (index, sync) in self.migration.sync.iter().enumerate() {
            let position = places.get(index);
            let found = synced::check(schema, self.migration, sync, self.set, position);
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
            let diagnostic = Diagnostic::error(&codes::SYNTAX_ERROR, &*section.path, message);
            self.diagnostics
                .push(diagnostic.at(position(section, statement, span)));
        }
    }

    fn up(&mut self, schema: &mut Schema, allows: &mut Allows<'_>) {
        let section = &self.migration.up;
        let operations = &self.file.up;
        let texts: Vec<&str> = section.iter().map(|(_, sql)| sql).collect();
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
        for (at, (statement, sql)) in section.iter().enumerate() {
            let operation = &operations[at];
            let place = Place {
                operations,
                texts: &texts,
                at,
                statement,
                elsewhere: false,
            };
            match operation {
                Operation::Begin => {
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
                    self.file.apply(at, schema, Origin::Draft(self.index));
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
                let sql = section.sql(statement);
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
            let orphaned = super::catalogue::orphaned(schema, operations, at);
            let early = super::early::needed_early(schema, operations, &self.file.landmarks, at);
            let faults = self.file.apply(at, schema, Origin::Draft(self.index));
            let barred = transaction.refuses(operation, self.set.dialect);
            for fault in faults.into_iter().chain(orphaned).chain(early).chain(barred) {
                self.told.faults.push((at, Some(self.diagnostics.len())));
                self.diagnostics.push(told(section, statement, &fault));
            }
        }
    }

    /// Judges the statements in the body of one.
    fn body(
        &mut self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        allows: &mut Allows<'_>,
    ) {
        let Operation::Do { body, .. } = operation else {
            return;
        };
        for nested in body {
            let sql = nested.span.of(sql);
            let inner = &nested.operation;
            self.rules(schema, place, inner, sql, transaction, Some(nested.span), allows);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn rules(
        &mut self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        nested: Option<Span>,
        allows: &mut Allows<'_>,
    ) {
        let all = super::ALL.iter().copied();
        self.run(all, schema, place, operation, sql, transaction, nested, allows);
    }

    #[allow(clippy::too_many_arguments)]
    fn run(
        &mut self,
        rules: impl Iterator<Item = &'static Rule>,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        nested: Option<Span>,
        allows: &mut Allows<'_>,
    ) {
        let Place {
            at,
            statement,
            elsewhere,
            ..
        } = *place;
        let context = self.context(schema, place, operation, sql, transaction, nested.is_some());
        let mut found = Vec::new();
        for rule in rules {
            let contract = rule.allowed == Allowed::Contract && self.migration.phase == Phase::Contract;
            if contract || !rule.dialects.contains(&self.set.dialect) {
                continue;
            }
            (rule.check)(
                &context,
                &mut Findings {
                    rule,
                    found: &mut found,
                },
            );
        }
        let offset = nested.map_or(0, |span| span.start);
        // A statement that is right in a contract can be moved there as it is; in SQLite it may be one of a rebuild.
        let right = |finding: &Finding| {
            finding.rule.allowed == Allowed::Contract || finding.severity != Severity::Error
        };
        let movable = nested.is_none() && self.set.dialect != Dialect::Sqlite && found.iter().all(right);
        let refused = found.iter().any(|finding| finding.severity == Severity::Error);
        for mut finding in found {
            // What a warning proposes would have the same errors.
            if refused && finding.severity != Severity::Error {
                finding.replacement.clear();
            }
            if movable && finding.rule.allowed == Allowed::Contract && finding.replacement.is_empty() {
                finding.file(Phase::Contract, format!("{sql};"));
            }
            let Some(severity) = self.config.severity(finding.rule, finding.severity) else {
                continue;
            };
            if allows.accept(finding.rule.name(), at) {
                continue;
            }
            if elsewhere {
                finding
                    .notes
                    .push("it stands in a function that is called here".to_owned());
            }
            let span = match elsewhere {
                true => Span {
                    start: 0,
                    end: statement.end - statement.start,
                },
                false => Span {
                    start: finding.span.start + offset,
                    end: finding.span.end + offset,
                },
            };
            let position = position(&self.migration.up, statement, span);
            let mut diagnostic = self.diagnostic(finding, position);
            diagnostic.severity = severity;
            self.diagnostics.push(diagnostic);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn context<'c>(
        &self,
        schema: &'c Schema,
        place: &Place<'c>,
        operation: &'c Operation,
        sql: &'c str,
        transaction: &'c Transaction,
        nested: bool,
    ) -> Context<'c>
    where
        'a: 'c,
    {
        Context {
            schema,
            operation,
            migration: self.migration,
            change: self.change,
            set: self.set,
            down: self.file.down.as_deref(),
            index: self.index,
            dialect: self.set.dialect,
            since: self.since,
            layout: self.set.layout,
            config: self.config,
            transaction,
            all: place.operations,
            at: place.at,
            landmarks: &self.file.landmarks,
            texts: place.texts,
            sql,
            nested,
            altered: std::cell::OnceCell::new(),
        }
    }

    fn diagnostic(&self, finding: Finding, position: Position) -> Diagnostic {
        let code: &'static Code = &finding.rule.code;
        let mut diagnostic = Diagnostic::error(code, &*self.migration.up.path, finding.message).at(position);
        diagnostic.notes = finding.notes;
        if finding.rule.allowed == Allowed::Contract {
            diagnostic
                .notes
                .push("allowed: in a contract file, once no running build needs the old shape".to_owned());
        }
        diagnostic
            .notes
            .push(format!("explain: migrate explain {}", code.name));
        diagnostic.help = finding.help;
        diagnostic.replacement = finding.replacement;
        diagnostic
    }

    fn remember(
        &self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &mut Transaction,
    ) {
        if !transaction.open {
            return;
        }
        let context = self.context(schema, place, operation, sql, transaction, false);
        let effects = effects(&context);
        let mut not_valid = Vec::new();
        let mut parents = Vec::new();
        if let Operation::Alter { name, actions, .. } = operation {
            let key = schema.resolve(Class::Relation, name);
            for action in actions {
                if let Action::AddConstraint(constraint) = action
                    && constraint.not_valid
                    && let Some(constraint) = &constraint.name
                {
                    not_valid.push((key.clone(), constraint.text.clone()));
                }
            }
        }
        parents.extend(
            super::catalogue::new_parents(&context)
                .into_iter()
                .map(|(_, parent)| parent),
        );
        if let Operation::AlterDomain {
            name,
            change: sql::DomainChange::AddConstraint(constraint),
        } = operation
            && constraint.not_valid
            && let Some(constraint) = &constraint.name
        {
            not_valid.push((schema.resolve(Class::Type, name), constraint.text.clone()));
        }
        for effect in effects {
            // A long file does the same to the same tables again and again.
            let mut lately = transaction.effects.iter().rev().take(8);
            if !lately.any(|(_, before)| *before == effect) {
                transaction.effects.push((place.at, effect));
            }
        }
        if let Operation::Alter {
            kind: sql::ObjectKind::Table,
            name,
            actions,
            ..
        } = operation
        {
            // A table that gets another name stays the same one.
            let from = schema.resolve(Class::Relation, name);
            for action in actions {
                let to = match action {
                    Action::RenameTo(to) => Key::new(Class::Relation, &from.schema, &to.text),
                    Action::SetSchema(to) => Key::new(Class::Relation, &to.text, &from.name),
                    _ => continue,
                };
                for (_, effect) in transaction
                    .effects
                    .iter_mut()
                    .filter(|(_, effect)| effect.table == from)
                {
                    effect.table = to.clone();
                }
            }
        }
        transaction.not_valid.extend(not_valid);
        transaction.parents.extend(parents);
        if let Operation::AlterType {
            name,
            change: TypeChange::AddValue { value, .. },
        } = operation
            && context_type_exists(schema, name, self.index)
        {
            transaction.enum_values.push(value.clone());
        }
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

/// Whether an enum was there before the file.
fn context_type_exists(schema: &Schema, name: &sql::Name, index: usize) -> bool {
    let key = schema.resolve(Class::Type, name);
    schema
        .get(&key)
        .is_none_or(|object| object.origin() != Origin::Draft(index))
}

/// The place of a span of a statement in its file. Counts lines from the statement on: files may be long.
pub(super) fn position(section: &Section, statement: &Statement, span: Span) -> Position {
    let from = statement.start as usize;
    let line_start = section.text[..from].rfind('\n').map_or(0, |at| at + 1);
    let start = from + span.start as usize;
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
